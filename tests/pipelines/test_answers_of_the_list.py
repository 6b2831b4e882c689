"""An answer named by its rank, by its label without its value, or in the words of whoever has another case."""

from dataclasses import replace

import pytest

from pipelines.answer_choices import offers_of
from pipelines.lifecycle.decisions.given import effect_of
from pipelines.lifecycle.decisions.remarks import remarks_of
from pipelines.lifecycle.decisions.said.offered_words import offer_written
from schemas.changes.remark import ELSEWHERE
from schemas.glyphs import typeset
from schemas.nomenclatures import say
from tests.invented_changes import ADMIN, DAY, Builder
from tests.pipelines.test_decide import change, judged, line, state
from tests.pipelines.test_spoken_in_doubt import ASKED, read, taken_for

# line → what it is taken for → the wordings
BY_LINE = {
    "lequel": {
        "same:EF0160": ["la 1ère", "c'est le premier", "1", "n° 1", "choix 1", "oui la 1re"],
        "same:EF0170": ["le 2e", "la deuxième", "n° 2", "le 2", "deuxième réponse de la liste"],
        "?": [
            "le dernier",
            "2",
            "les 2",
            "5",
            "12",
            "le premier ou le deuxième",
            "pas le premier",
            "1 ?",
            "1/2",
            "1er décembre",
        ],
    },
    "inconnu": {
        "right": ["première réponse de la liste", "carte vue", "ok numéro vérifié"],
        "?": ["1", "le premier", "carte vue demain", "carte vue, numéro différent"],
        "left": ["partie", "Partie (à la retraite)", "elle a démissionné"],
        "reported:None": ["elle n'a pas encore sa carte", "carte demandée"],
    },
    "sans titulaire": {
        "convention": ["c'est l'EFS qui déclare", "l'EFS déclare"],
        "reported:None": ["poste vacant, recrutement en cours", "nomination en cours"],
    },
    "fermé": {
        "closed": ["oui, fermé", "fermé", "fermé depuis longtemps", "le site est fermé"],
        "?": ["oui", "fermé pour travaux", "fermé ?", "ferme en mars", "pas fermé partout"],
    },
    "créer": {
        "accepted": ["fait lundi", "saisi mardi dernier", "créé samedi matin", "fait depuis jeudi"],
        "?": ["ok lundi", "à faire lundi", "fait pour lundi", "fait lundi prochain", "lundi"],
    },
    "retirer": {
        "refused": ["NON - elle reste", "non, reste en poste", "non : encore en poste", "NON ! toujours là"],
        "?": ["non en poste", "non présente", "non"],
    },
    "carte": {
        "?": ["ok", "oui", "x", "✓", "vu", "d'accord"],
        "accepted": ["Fait"],
        "told": ["prévenue"],
        "refused": ["Refusé"],
    },
}
SAID = [(line, said, means) for line, found in BY_LINE.items() for means, ways in found.items() for said in ways]


@pytest.mark.parametrize(("asked", "said", "means"), SAID)
def test_an_answer_is_taken_for_the_one_of_the_list_that_it_can_only_be(asked: str, said: str, means: str) -> None:
    found = read(asked, said)
    assert taken_for(asked, found) == means
    assert bool(found.asked) == (means == "?")


def test_a_rank_is_nobody_where_the_candidates_stand_in_another_order_than_the_list() -> None:
    """The first candidate holds the number, and the first answer of the list corrects it to the second's."""
    holder, right = "810000000016", "810000000024"
    two = [(f"{holder} INVENTÉE Paule", "register.persons"), (f"{right} DUPONT Anne", "register.persons")]
    fields: list[tuple[str, str | None, str | None, str]] = [("candidate", None, who, source) for who, source in two]
    asked = Builder().add("review", "number_of_another", "access", "DUPONT Anne", fields=fields, national_id=holder)
    turned = asked.model_copy(update={"fields": tuple(reversed(asked.fields))})
    assert offers_of(asked)[0].code == "number"
    first = offer_written(asked, "première réponse", DAY)
    assert (offer_written(asked, "le premier", DAY), first and first.key) == (None, right)
    assert offer_written(turned, "le premier", DAY) == first
    assert offer_written(asked, "numéro à corriger", DAY) == first


@pytest.mark.parametrize("said", ["pas ma région", "pas de mon ressort", "hors périmètre", "Pas de mon ressort"])
@pytest.mark.parametrize("asked", ["créer", "modifier", "retirer", "carte", "inconnu", "fermé"])
def test_a_line_that_is_somebody_elses_is_put_off_and_told_to_the_administrator(asked: str, said: str) -> None:
    found = read(asked, said)
    assert taken_for(asked, found) == "elsewhere" or found.decision == "postponed"
    assert found.postponed_to is not None
    assert (found.postponed_to - DAY).days == 14


def test_the_administrator_reads_whose_line_it_is_not_and_the_updater_what_becomes_of_it() -> None:
    asked = change()
    comment = "voir le CRH d'Île-de-France"
    written = replace(line(asked, "unknown", said="pas ma région", comment=comment), postponed_said="")
    found = judged([written], state(asked))
    [told] = remarks_of([written], (), found, {asked.id: state(asked)})
    assert (told.code, told.text) == (ELSEWHERE, comment)
    [given] = found.given
    assert given.text == typeset("Pas de mon ressort")
    assert "06/12/2026" in given.effect


def test_the_administrator_passes_no_line_on() -> None:
    asked = Builder().add("card_alert", "card_expired", "access", "DUPONT Anne", to=ADMIN)
    assert say("offer.elsewhere") not in [one.text for one in offers_of(asked)]


def test_a_refusal_of_a_card_says_what_comes_of_it() -> None:
    assert "se connecter" in effect_of(ASKED["carte"], "refused")
    assert effect_of(ASKED["créer"], "refused") == ""


@pytest.mark.parametrize(
    ("day_said", "proposed"),
    [
        ("mi-janvier", "15/01/2027"),
        ("fin janvier", "31/01/2027"),
        ("début février 2027", "01/02/2027"),
        ("31/11/2026", "30/11/2026"),
        ("12/15/2026", "15/12/2026"),
        ("fin février", "28/02/2027"),
    ],
)
def test_a_day_that_cannot_be_read_is_asked_back_with_the_one_that_it_may_be(day_said: str, proposed: str) -> None:
    asked = change()
    written = replace(line(asked, "postponed", said="Reporté"), postponed_said=day_said, postponed_to=None)
    [refusal] = judged([written], state(asked)).refusals
    assert refusal.code == "date"
    assert proposed in refusal.why


@pytest.mark.parametrize("day_said", ["15/01/2027 au plus tard", "15/01 maximum", "avant le 15/01/2027"])
def test_a_day_and_how_firm_it_is_are_a_day(day_said: str) -> None:
    assert str(read("créer", "Reporté", day_said=day_said).postponed_to) == "2027-01-15"
