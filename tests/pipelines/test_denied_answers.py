"""What stands beside an answer that gives or costs an access is compared with it: what denies it is asked back."""

import pytest

from schemas.glyphs import typeset
from tests.invented_changes import Builder
from tests.pipelines.test_spoken_in_doubt import ASKED, read, taken_for

ASKED.setdefault("sans titulaire", Builder().add("review", "no_titulaire", "access"))

# line → answer → comments that deny it, comments that do not
DENIED: dict[tuple[str, str], list[str]] = {
    ("sans titulaire", "Convention avec l’EFS"): [
        *("la convention est dénoncée depuis juin", "en cours de signature", "résiliée", "pas encore signée"),
    ],
    ("inconnu", "Le numéro est bon, lu sur la carte"): [
        *("elle n’a pas sa carte sur elle", "enfin je crois", "à confirmer", "je n'ai pas vu la carte"),
    ],
    ("inconnu", "Numéro corrigé d’après la carte"): [
        *("carte pas encore reçue", "elle arrive le 15/12", "899700001408999", "il me semble"),
    ],
    ("deux comptes", "Deux personnes"): [
        *("c’est le même, faute de frappe", "non une seule", "la même personne", "je crois"),
    ],
    ("modifier", "Fait"): [
        *("merci de le faire pour moi", "erreur, ce n’était pas elle", "demain", "effectif au 31/12", "faites-le svp"),
        *("à annuler, mauvaise dame", "je ne vois pas cette ligne", "je pense", "refait le 2/12", "suppression faite"),
        *("compte refusé par e-FIT", "par erreur sur une autre", "à mon retour", "en janvier", "quand elle aura signé"),
    ],
    ("modifier", "oui"): ["demain", "dès le 1er décembre", "?", "à la rentrée"],
    ("retirer", "Fait"): ["elle est toujours là jusqu’en février", "on me dit qu’il revient", "création faite"],
    ("retirer", "Refusé"): ["elle a bien changé d’hôpital", "pas avant janvier", "oui mais en mars", "elle est partie"],
    ("carte", "Partie"): [
        *("en arrêt maladie jusqu’en mars", "revient en avril", "à mi-temps seulement", "je plaisante, elle est là !"),
    ],
    ("carte", "Nouvelle carte reçue"): ["toujours en attente", "elle arrive le 15/12", "commandée", "pas encore"],
    ("carte", "Personne prévenue"): ["je n’ai pas réussi à la joindre", "je la vois le 10/12", "on l'appelle demain"],
    ("titulaires", "Reste titulaire : MODÈLE Damien – EF0120"): ["à partir du 1er janvier", "c'est Ana", "à confirmer"],
}
FITTING: dict[tuple[str, str], list[str]] = {
    ("modifier", "Fait"): [
        "fait le 20/11",
        "vu avec la secrétaire",
        "par Mme Petit",
        "ok",
        "merci",
        "adresse reçue hier",
    ],
    ("retirer", "Refusé"): [
        "toujours en poste",
        "contrat renouvelé jusqu’en mars",
        "elle n’est pas partie",
        "elle reste",
    ],
    ("retirer", "Fait"): ["elle est partie", "mutée à Lyon", "retraite"],
    ("carte", "Partie"): ["mutée à Lyon", "depuis mai", "n’est plus là", "retraite"],
    ("carte", "Personne prévenue"): ["pas encore reçue", "en cours", "par téléphone"],
    ("carte", "Nouvelle carte reçue"): ["hier", "le 20/11", "vue sur place"],
    ("deux comptes", "Deux personnes"): ["homonymes", "pas la même personne", "l’une est à Lyon"],
    ("inconnu", "Le numéro est bon, lu sur la carte"): ["carte vue hier", "photo reçue"],
}


@pytest.mark.parametrize(
    ("line", "said", "comment"), [(*key, one) for key, comments in DENIED.items() for one in comments]
)
def test_a_comment_that_denies_doubts_or_puts_off_its_answer_is_asked_back(line: str, said: str, comment: str) -> None:
    found = read(line, said, comment)
    assert taken_for(line, found) == "?"
    assert found.asked


@pytest.mark.parametrize(
    ("line", "said", "comment"), [(*key, one) for key, comments in FITTING.items() for one in comments]
)
def test_a_comment_that_says_the_same_or_nothing_of_it_leaves_the_answer(line: str, said: str, comment: str) -> None:
    assert taken_for(line, read(line, said, comment)) == taken_for(line, read(line, said))


@pytest.mark.parametrize(("line", "said"), [("créer", "suppression faite"), ("modifier", "désactivation faite")])
def test_the_noun_of_another_deed_does_not_answer_the_line(line: str, said: str) -> None:
    assert taken_for(line, read(line, said)) == "?"


@pytest.mark.parametrize(("line", "said"), [("carte", "Personne prévenue"), ("retirer", "Refusé"), ("carte", "ok")])
def test_whoever_adds_a_day_is_told_to_write_what_the_list_of_the_line_has(line: str, said: str) -> None:
    asked = typeset(read(line, said, day_said="20/12/2026").asked)
    assert asked
    assert "Écrire Fait" not in asked
