"""What a day, an exception, a comment or a name beside an answer takes from it: asked back, and never taken wrongly.

Each wording was invented by somebody who did not look at the tables. `?`: asked back; `reported:DAY`: until that day.
"""

from datetime import date

import pytest

from pipelines.answer_choices import offer_said
from pipelines.lifecycle.decisions.understood import understood
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.glyphs import typeset
from tests.invented_changes import DAY, Builder

MADE = Builder()
TWO: list[tuple[str, str | None, str | None, str]] = [
    ("candidate", None, "EF0160 EXEMPLE Anne, assistant", "annuaire"),
    ("candidate", None, "EF0170 EXEMPLA Ana, assistant", "annuaire"),
]
HERE: tuple[str, str | None, str | None, str] = ("line", "a", "Feuille!3", "workbook:x")
BOTH: list[tuple[str, str | None, str | None, str]] = [
    ("candidate", None, "EF0120 MODÈLE Damien", "annuaire"),
    ("candidate", None, "EF0129 ESSAI Ana", "annuaire"),
]
ASKED: dict[str, Change] = {
    "créer": MADE.add("create_account", "missing_account", "access", "DUPONT Anne"),
    "modifier": MADE.add("update_account", "contact_changed", "info", "DUPONT Anne"),
    "numéro": MADE.add(
        "update_account", "card_number_differs", "access", "DUPONT Anne", fields=[("cpx_number", "1", "2", "register")]
    ),
    "retirer": MADE.add("end_assignment", "absent_from_workbook", "important", "DUPONT Anne"),
    "carte": MADE.add("card_alert", "card_expired", "access", "DUPONT Anne"),
    "lequel": MADE.add("review", "ambiguous_match", "important", "EXEMPLE Anne", fields=[HERE, *TWO]),
    "un seul": MADE.add("review", "ambiguous_match", "important", "EXEMPLE Anne", fields=[HERE, TWO[0]]),
    "inconnu": MADE.add("review", "not_in_register", "important", "DUPONT Anne"),
    "deux comptes": MADE.add("review", "duplicate_account", "important", "DUPONT Anne", fields=TWO),
    "titulaires": MADE.add("review", "two_titulaires", "important", fields=BOTH),
    "fermé": MADE.add("review", "structure_closed", "important"),
    "muet": MADE.add("review", "structure_not_mentioned", "important"),
    "ligne": MADE.add("review", "line_not_understood", "important", "DUPONT Anne"),
    "rôle": MADE.add("review", "role_incompatible", "important", "DUPONT Anne"),
    "sans titulaire": MADE.add("review", "no_titulaire", "access"),
}

# line → what it is taken for → the wordings
SAID: dict[str, dict[str, list[str]]] = {
    "modifier": {
        "?": [
            *("oui sauf", "oui sauf le téléphone", "oui, sauf pour Martin", "fait pour Dupont, pas pour Martin"),
            *("ok mais", "ok si elle est d'accord", "oui à condition que", "oui quand elle aura sa carte"),
            *("je ne suis plus concerné", "c'est mon collègue", "ma collègue s'en charge", "à voir", "on verra"),
            *("oui à partir du 1er janvier", "oui au 15/12", "ok le 15/12", "ok pour le 15/12", "oui le 2 janvier"),
            *("fait pour le 15/12", "fait au 15/12", "fait avant le 15/12", "créé le 02/01/2027", "je le fais le 3/12"),
            *("ok ce soir", "oui cette semaine", "oui maintenant", "oui aujourd'hui", "ok lundi"),
            *(
                "faites",
                "faites-le",
                "faites le svp",
                "faîtes la modification",
                "merci de le faire",
                "il faut le faire",
            ),
            *("ok suppression", "oui suppression", "ok pour suppression", "oui à supprimer", "ok par la DRH"),
            *("oui par Mme Martin", "oui pour moi", "fait 1/2", "fait 2/3", "fait à 50 %", "2/3", "1/2"),
            *("création refusée", "refusé par le logiciel", "rejeté par e-FIT", "refusé par l'application"),
            *("compte supprimé", "désactivé", "supprimé", "compte créé", "accès retiré", "ajouté"),
            *("refusé, sauf Martin", "Refusé : pas encore", "refusé : en cours", "refusé, ok pour Martin"),
            *("ne pas refuser", "pas refusé", "pas reporté", "ne pas modifier avant le 15/12", "refusé jusqu'au 15/12"),
            *(
                "peut-être",
                "je crois que oui",
                "normalement fait",
                "sauf erreur fait",
                "il me semble",
                "en principe oui",
            ),
            *(
                "numéro corrigé",
                "ne pas désactiver",
                "oui créé",
                "remise le 20/11",
                "remettre",
                "valide dans e-FIT",
                "non c'est fait",
                "oui et non",
                "oui/non",
                "ok/ko",
            ),
            *("reporté sine die", "reporté à 2027", "reporté au 31/11", "reporté au 15/12 ou plus tard", "elle refuse"),
            *(
                "fait le 23 12 2026",
                "n'est pas fait",
                "c'est pas fait",
                "rien n'est fait",
                "jamais fait",
                "fait en 2025",
            ),
        ],
        "accepted": [
            *("fait le 15/12", "fait le 20/11", "FAIT LE 20 11 2026", "ok le 20/11", "oui pour les deux", "Fait/ok"),
            *(
                "fait pour les deux",
                "fait vendredi dernier",
                "déja fait",
                "- fait",
                "→ fait",
                "« fait »",
                "(fait)",
                "[x]",
            ),
            *("fait depuis le 15/10", "les modifications sont faites", "fait cette semaine", "nom corrigé", "ok..."),
        ],
        "refused": ["pas d accord", "désaccord", "refusé par la DRH", "Refusé : elle est partie", "refusé le 20/11"],
        "reported:2026-12-15": ["reporté après le 15/12", "attendre le 15/12", "reporté au 15/12 - carte demandée"],
        "reported:2027-01-03": ["reporter au 3 janvier"],
    },
    "numéro": {"accepted": ["numéro changé", "n° corrigé"], "?": ["retiré l'ancien"]},
    "créer": {
        "?": [
            *("compte désactivé", "supprimé", "oui le 15/12", "retirée", "corrigé", "modifié", "ne pas désactiver"),
            *("ne pas retirer", "ne pas modifier"),
        ],
        "refused": ["ne pas créer", "pas de compte à créer"],
        "accepted": ["compte créé", "réactivé le 20/11"],
    },
    "retirer": {
        "?": [
            *("toujours en poste jusqu'au 31/12", "à garder jusqu'au 31/12", "laisser jusqu'au 15/12", "compte créé"),
            *(
                "ne pas désactiver avant le 15/12",
                "elle part le 31 décembre",
                "départ le 31/12",
                "Refusé, elle est partie",
            ),
            *(
                "réactivé",
                "corrigé",
                "modifié",
                "ne pas créer",
                "c'est elle",
                "toujours",
                "encore",
                "elle ne reste pas",
                "ne pas conserver",
                "à ne pas garder",
                "mutation",
            ),
        ],
        "accepted": ["compte supprimé", "accès retiré", "désactivée hier"],
        "refused": [
            "non non et non, elle est toujours là",
            "elle n'est pas partie",
            "elle exerce toujours",
            "ok je garde",
            "à garder",
        ],
    },
    "carte": {
        "?": [
            *(
                "non partie",
                "partie en congé",
                "nouvelle carte",
                "nouvelle carte le 15/12",
                "carte reçue le 15/01",
                "plus",
            ),
            *("prévenue le 02/12", "prévenue demain", "pas prévenue", "prévenez-la", "prévenue, pas joignable"),
            *("prévenue, elle part le 31/12", "prévenue mais pas joignable", "compte désactivé", "ok le 10/12"),
            *(
                "carte reçue mais pas activée",
                "carte pas reçue",
                "Refusé : elle est partie",
                "carte perdue",
                "retirée",
                "supprimé",
                "créé",
                "modifié",
                "ne pas désactiver",
                "en commande",
                "injoignable",
            ),
        ],
        "told": [
            "oui elle le sait",
            "prévenue, carte demandée",
            "prévenue (par téléphone)",
            "prévenue le 20/11",
            "elle est au courant",
        ],
        "received": ["carte reçue le 15/10", "carte bien reçue, merci", "CPS reçue hier"],
        "left": [
            "partie hier",
            "a changé d'hôpital",
            "DCD",
            "Partie (à la retraite)",
            "mutée",
            "elle est partie",
            "partie depuis le 3/9",
        ],
        "reported:2026-12-31": ["elle part le 31/12", "départ prévu le 31/12/2026", "quitte le service le 31/12"],
        "reported:2027-03-31": ["partira le 31 mars"],
    },
    "lequel": {
        "?": [
            *("pas EF0160", "ce n'est pas EF0160", "EF0160 non", "EF0160 ou EF0170", "EF0160 à confirmer"),
            *("EF0160 je crois", "sans doute EF0160", "EF0160, pas l'autre", "supprimer EF0160", "Anne est partie"),
            *("aucun changement", "aucune idée", "aucun problème", "les deux", "le dernier", "pas Anne", "Anne et Ana"),
        ],
        "same:EF0160": ["c'est EF0160", "le compte EF0160, merci", "Anne", "c'est Anne EXEMPLE", "la bonne est EF0160"],
        "none": ["aucune des deux", "aucun, merci", "ce n'est pas elle"],
        "two": ["ce sont 2 personnes", "c'est pas la même personne"],
    },
    "un seul": {"?": ["EF0160 et EF0170", "c'est EF0160 et pas EF0170", "oui", "ok"], "same:EF0160": ["c'est elle"]},
    "inconnu": {
        "?": [
            "carte vue demain",
            "carte vue, numéro différent",
            "numéro à vérifier",
            "numéro non vérifié",
        ],
        "right": ["numéro vérifié sur la carte : bon", "bon numéro", "lu sur la carte", "numéro exact"],
    },
    "deux comptes": {
        "one": ["une seule personne, garder EF0161", "même personne"],
        "two": ["deux personnes"],
        "?": ["oui"],
    },
    "titulaires": {
        "?": [
            *(
                "retirer EF0120",
                "EF0120 remplaçant",
                "EF0120 est parti",
                "désactiver EF0120",
                "Damien part",
                "les deux",
            ),
            *(
                "EF0120 n'est plus titulaire",
                "Damien jusqu'au 31/12",
                "Damien le 15/12",
                "Damien et Ana",
                "plus Damien",
            ),
        ],
        "stays:EF0120": ["c'est Damien qui reste", "Damien titulaire, Ana remplaçante", "titulaire : Damien", "EF0120"],
    },
    "fermé": {
        "?": [
            "toujours ouvert jusqu'au 31/12",
            "fusion prévue avec 759990252",
            "fusion en cours",
            "pas ouvert",
        ],
        "open": ["toujours ouvert", "encore ouvert"],
        "merged": ["fusionné avec 759990252", "a fusionné"],
    },
    "muet": {"?": ["toujours là sauf Martin", "parties en vacances", "oubli de ma part"], "gone": ["plus personne"]},
    "ligne": {
        "?": ["classeur à corriger", "classeur corrigé demain", "faute de frappe", "ligne incorrecte"],
        "accepted": ["corrigé dans mon tableau, je vous le renvoie", "classeur corrigé"],
        "refused": ["ligne correcte"],
    },
    "rôle": {
        "?": ["numéro changé", "c'est normal", "elle est médecin"],
        "accepted": ["corrigé en CPS", "rang corrigé"],
    },
}
WORDINGS = [(line, means, said) for line, found in SAID.items() for means, those in found.items() for said in those]

# line, what is in « Décision », what is beside it in « Commentaire », what it is taken for
BESIDE = [
    *(("modifier", "Fait", beside, "?") for beside in ("pas encore", "non, pas encore en fait", "en cours", "non")),
    *(("modifier", "Fait", beside, "?") for beside in ("tout sauf le mail", "pas le téléphone", "refusé", "plus tard")),
    ("modifier", "Fait", "je n'ai pas pu le saisir, e-FIT plante", "?"),
    ("modifier", "Fait", "reporté au 15/12", "?"),
    ("modifier", "OK", "sauf le mail", "?"),
    ("modifier", "OK", "je le ferai le 15/12", "?"),
    ("modifier", "oui", "le 15/12", "?"),
    ("modifier", "oui", "le 20/11", "accepted"),
    ("modifier", "Fait", "sera fait le 15/12", "?"),
    ("modifier", "Reporté", "15 décembre svp", "reported:2026-12-15"),
    ("carte", "Partie", "depuis le 1er septembre", "left"),
    ("carte", "Partie", "le 31/10", "left"),
    ("carte", "Partie", "le 31/12", "reported:2026-12-31"),
    ("modifier", "Reporté au 15/12", "fait", "?"),
    *(("modifier", "Refusé", beside, "?") for beside in ("pas encore", "fait", "plus tard", "le 15/12", "sauf Martin")),
    *(("modifier", "Fait", beside, "accepted") for beside in ("merci", "par Paul le 20/11", "vu avec elle", "ok")),
    *(("modifier", "Refusé", beside, "refused") for beside in ("pas concernée", "elle est partie", "non", "pas fait")),
    *(("retirer", "Refusé", beside, "refused") for beside in ("toujours en poste", "elle revient le 15/12")),
    *(("retirer", "Refusé", beside, "?") for beside in ("elle est partie", "départ confirmé", "en cours")),
    ("retirer", "Fait", "toujours en poste", "?"),
    *(("carte", "Partie", beside, "?") for beside in ("non, elle est en arrêt", "non", "carte reçue")),
    ("carte", "Partie", "à la retraite", "left"),
    *(("carte", "Nouvelle carte reçue", beside, "?") for beside in ("pas encore en fait", "elle est partie")),
    *(("carte", "Personne prévenue", beside, "?") for beside in ("elle est partie", "carte reçue", "part le 31/12")),
    *(("carte", "Personne prévenue", beside, "told") for beside in ("en cours", "pas encore reçue", "par mail")),
    ("lequel", "C'est : EXEMPLE Anne, assistant – EF0160", "EF0170", "?"),
    ("lequel", "Aucun de ceux-là", "c'est Anne", "?"),
    ("titulaires", "Reste titulaire : MODÈLE Damien – EF0120", "Ana", "?"),
    ("fermé", "Toujours ouvert", "fusionné", "?"),
]
# line, what is in « Décision », what is in « Reporté au », what it is taken for
DAYS = [
    *(("modifier", said, "15/12/2026", "?") for said in ("OK", "Fait", "c'est fait", "Refusé", "Reporté au 20/12")),
    ("carte", "Personne prévenue", "15/12/2026", "?"),
    ("modifier", "Fait", "20/11/2026", "accepted"),
    ("modifier", "Reporté", "15/12", "reported:2026-12-15"),
    ("carte", "Partie", "31/12/2026", "reported:2026-12-31"),
    ("carte", "Partie", "31/10", "left"),
    ("carte", "Partie", "1er nov", "left"),
]


def read(line: str, said: str, comment: str = "", day_said: str = "") -> ReturnedLine:
    change = ASKED[line]
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    written = ReturnedLine(
        "20261122-AAAAAAAA", "Feuille", 4, f"{change.id}:x", "unknown", said, None, day_said, comment
    )
    return understood(written, {change.id: state}, DAY)


def taken_for(line: str, found: ReturnedLine) -> str:
    if found.decision in ("", "unknown"):
        return "?"
    if found.decision == "postponed":
        return f"reported:{found.postponed_to}"
    offer = offer_said(ASKED[line], found.said)
    named = offer is not None and offer.code not in ("accepted", "refused", "postponed")
    return (f"{offer.code}:{offer.key}" if offer.key else offer.code) if offer and named else found.decision


@pytest.mark.parametrize(("line", "means", "said"), WORDINGS)
def test_a_wording_is_taken_for_what_it_means_on_its_line_or_asked_back(line: str, means: str, said: str) -> None:
    found = read(line, said)
    assert taken_for(line, found) == means
    assert bool(found.asked) == (means == "?")


@pytest.mark.parametrize(("line", "said", "comment", "means"), BESIDE)
def test_an_answer_and_a_comment_that_says_otherwise_are_asked_back_together(
    line: str, said: str, comment: str, means: str
) -> None:
    """Nobody loses an access because of the one, or keeps it because of the other."""
    found = read(line, said, comment)
    assert taken_for(line, found) == means
    assert comment in found.comment
    if means == "?":
        assert typeset(comment) in typeset(found.asked) or "Reporté" in found.asked


@pytest.mark.parametrize(("line", "said", "day_said", "means"), DAYS)
def test_a_day_to_come_beside_an_answer_that_has_none_is_asked_back(
    line: str, said: str, day_said: str, means: str
) -> None:
    assert taken_for(line, read(line, said, day_said=day_said)) == means


def test_what_to_write_says_what_each_answer_means_on_its_line() -> None:
    assert "Personne prévenue (elle le sait" in read("carte", "en cours de renouvellement").asked
    assert "Refusé (la personne reste en poste)" in read("retirer", "vu avec la cheffe de service").asked
    assert "Fait (le classeur est corrigé et renvoyé)" in read("ligne", "faute de frappe").asked
    assert "Reporté, et 31/12/2026" in read("retirer", "elle part le 31 décembre").asked


def test_a_merged_establishment_keeps_its_number_as_the_comment_that_it_needs() -> None:
    assert "759990252" in read("fermé", "fusionné avec 759990252").comment


def test_the_wordings_of_this_page_are_told_apart() -> None:
    assert len(WORDINGS) + len(BESIDE) + len(DAYS) >= 250
    assert len({(line, said) for line, _, said in WORDINGS}) == len(WORDINGS)
    assert date(2026, 11, 22) == DAY
