"""What stands beside an answer that gives or costs an access is compared with it: what denies it is asked back."""

import pytest

from schemas.glyphs import typeset
from tests.pipelines.test_spoken_in_doubt import read, taken_for

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
# Of somebody who invented them without the tables: refusals of a sentence, and words beside an answer that say nothing.
MORE_DENIED: dict[tuple[str, str], list[str]] = {
    ("créer", "Fait"): [
        *("enfin, ce sera effectif lundi", "en tout cas j’ai essayé", "elle ne souhaite pas de compte", "à finir"),
        *("je laisse ma collègue finir", "le logiciel n’accepte pas son numéro", "euh non, désolée", "vérifiez svp"),
        *("le compte existe mais sans fonction", "brouillon enregistré seulement", "enfin pas tout à fait"),
        *("on s’y mettra après les congés", "elle doit me rappeler avant", "pas réussi à valider la page"),
        *("c’est le service informatique qui s’en occupe", "mot de passe refusé", "Corvigny, pas Valmolle"),
        *("ce sera vu en réunion", "ou presque", "elle n’en veut pas", "c’était pour sa sœur", "à voir avec la cadre"),
        *("impossible sans le CPx", "je ne sais pas si c’est bon", "demande envoyée au support", "pas Anne"),
    ],
    ("numéro", "Fait"): ["899700001177", "ça n’a pas marché", "il me manque la date", "numéro illisible sur sa carte"],
    ("retirer", "Fait"): [
        *("son départ est repoussé", "elle a encore des gardes chez nous", "finalement elle reste", "il conteste"),
        *("il prolonge de trois mois", "elle se connecte encore", "attendez ma confirmation"),
        *("elle travaille toujours à mi-temps", "mais elle garde ses accès", "au 31 décembre"),
    ],
    ("retirer", "Refusé"): ["vous avez raison, je corrige", "elle a pris sa retraite", "elle nous quitte en janvier"],
    ("modifier", "Refusé"): ["corrigé quand même", "saisi quand même par prudence"],
    ("modifier", "Reporté au 15/12"): ["jamais", "non, laisser comme ça"],
    ("carte", "Partie"): [
        *("partie en formation", "en réunion", "partie déjeuner ;-)", "chez le dentiste", "pour deux semaines"),
        *("en voyage de noces", "elle rentre lundi", "c’est faux, elle est devant moi", "un mois"),
    ],
    ("carte", "Personne prévenue"): [
        *("je l’appellerai jeudi", "je vais l’appeler", "elle dit qu’elle ne travaille plus ici", "à prévenir"),
        *("elle dit être en retraite", "pas eu le temps de l’appeler", "numéro non attribué"),
    ],
    ("carte", "Nouvelle carte reçue"): [
        *("rectification : c’est sa collègue qui l’a reçue", "elle l’aura jeudi", "non reçue", "expédiée hier"),
        *("CPE, mais code faux", "enfin presque, à récupérer à l’accueil", "prévue pour mercredi"),
    ],
    ("titulaires", "Reste titulaire : MODÈLE Damien – EF0120"): [
        *("jusqu’à Noël, ensuite Ana", "c’est Ana la titulaire", "pour l’instant", "pas Damien"),
    ],
    ("fermé", "Toujours ouvert"): ["il a fermé en juin", "plus personne n’y va depuis juin", "démoli"],
    ("deux comptes", "Une seule personne : garder un compte, désactiver l’autre"): [
        "la mère et la fille",
        "deux cousines",
    ],
    ("inconnu", "Le numéro est bon, lu sur la carte"): ["il manque un chiffre", "je l’ai deviné", "d’après elle"],
    ("inconnu", "Numéro corrigé d’après la carte"): ["c’était une faute de frappe de ma part, à reprendre"],
    ("sans titulaire", "Convention avec l’EFS"): ["c’est un projet", "elle a pris fin", "l’EFS n’a pas encore répondu"],
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
MORE_FITTING: dict[tuple[str, str], list[str]] = {
    ("créer", "Fait"): [
        *("et vérifié à l’écran", "désolé, j’avais zappé", "même si le site est lent", "sauf erreur de ma part"),
        *("pas de souci", "quand même long à saisir", "mais quel mal pour trouver le menu !", "sans problème", "RAS"),
        *("Bonjour, c’est réactivé. Pas simple ! Merci à vous, bonne journée", "j’ai aussi corrigé son téléphone"),
        *("compte créé le 20/11, la personne n’a pas encore reçu son code", "je n’ai eu aucun message d’erreur"),
        *("désolée du retard, j’étais en congés jusqu’au 20", "pas trop tôt !", "vu avec sa cheffe, pas d’opposition"),
    ],
    ("modifier", "Fait"): [
        *("l’ancienne adresse n’est plus valable", "ancienne adresse supprimée", "c’était Mme par erreur"),
        *(
            "c’est un CH, pas un garage",
            "elle n’avait plus accès depuis lundi",
            "comme demandé",
            "merci pour le rappel",
        ),
    ],
    ("retirer", "Refusé"): ["elle a repris le 2 novembre après son congé", "jamais partie", "il revient en janvier"],
    ("retirer", "Fait"): ["je n’ai pas désactivé le compte, comme demandé", "elle ne fait plus partie du service"],
    ("carte", "Partie"): [
        *("ne fait plus de vacations", "à la retraite depuis octobre", "nommé ailleurs"),
        *("elle n’est plus dans le service depuis juin", "remplacé par le Dr Sarrazin, qui n’a pas encore de carte"),
        *(
            "fin de mission",
            "a pris un poste à Bordeaux",
            "CDD non renouvelé",
            "partie à Toulouse",
            "décision du 3/10, CHU",
        ),
    ],
    ("carte", "Personne prévenue"): [
        "n’avait pas vu que sa carte était finie",
        "elle fera la demande lundi",
        "râle, mais le sait",
    ],
    ("carte", "Nouvelle carte reçue"): [
        *("l’ancienne ne marchait plus", "l’ancienne était valable jusqu’au 21/01/2027", "enfin !", "par la poste"),
    ],
    ("titulaires", "Reste titulaire : MODÈLE Damien – EF0120"): [
        *("Ana est remplaçante, pas titulaire", "nommé en septembre", "Ana a démissionné"),
    ],
    ("fermé", "Toujours ouvert"): ["24 h sur 24", "il n’a jamais fermé"],
    ("deux comptes", "Deux personnes"): ["même nom mais pas la même date de naissance"],
    ("inconnu", "Le numéro est bon, lu sur la carte"): [
        "je ne comprends pas pourquoi le registre ne le connaît pas",
        "carte en main",
    ],
    ("inconnu", "Numéro corrigé d’après la carte"): ["il manquait un chiffre", "deux chiffres inversés"],
    ("sans titulaire", "Convention avec l’EFS"): ["signée en 2024", "renouvelée chaque année"],
}


@pytest.mark.parametrize(
    ("line", "said", "comment"),
    [(*key, one) for key, comments in (*DENIED.items(), *MORE_DENIED.items()) for one in comments],
)
def test_a_comment_that_denies_doubts_or_puts_off_its_answer_is_asked_back(line: str, said: str, comment: str) -> None:
    found = read(line, said, comment)
    assert taken_for(line, found) == "?"
    assert found.asked


@pytest.mark.parametrize(
    ("line", "said", "comment"),
    [(*key, one) for key, comments in (*FITTING.items(), *MORE_FITTING.items()) for one in comments],
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


@pytest.mark.parametrize(
    ("line", "said", "means", "comment"),
    [
        ("créer", "Fait, confirmé", "accepted", "son poste sonne dans le vide"),
        ("carte", "Personne prévenue, confirmé", "told", "son poste sonne dans le vide"),
        ("retirer", "Refusé (confirmé)", "refused", "elle part le 31/12"),
    ],
)
def test_a_confirmed_answer_stands_whatever_is_written_beside_it(
    line: str, said: str, means: str, comment: str
) -> None:
    """The receipt that asks back says to write so: a remark is not to be deleted for the answer to be heard."""
    assert taken_for(line, read(line, said.split(",")[0].split(" (")[0], comment)) == "?"
    assert taken_for(line, read(line, said, comment)) == means


def test_what_is_not_confirmed_is_no_confirmed_answer() -> None:
    assert taken_for("créer", read("créer", "Fait, non confirmé")) == "?"
    assert taken_for("retirer", read("retirer", "départ confirmé")) == "?"
