"""Where the day of an end of function is expected, what says that there is none ends nobody and asks nothing."""

import pytest

from tests.spec.night import play
from tests.spec.tables import ANNE, account, row

NO_END = [
    *("0", "0.0", "00/00/0000", "00:00:00", "00/01/1900", "1899-12-30 00:00:00", "31/12/9999", "9999-12-31"),
    *("N/A", "#N/A", "na", "n.c.", "NC", "indéterminée", "Indéterminé", "durée indéterminée", "à définir", "A DÉFINIR"),
    *(
        "date à déterminer",
        "non renseigné",
        "illimitée",
        "pas de date de fin",
        "aucune",
        "néant",
        "sans objet",
        "CDI",
        "-",
    ),
]
AN_END = {"31/12/2025": "left", "partie": "left", "le 3 mars 2026": "left", "bientôt ?": "line_not_understood"}


@pytest.mark.parametrize("said", NO_END)
def test_no_end_is_no_question(said: str) -> None:
    assert play([account(ANNE)], [row(ANNE, ended_on=said)]).reasons() == []


@pytest.mark.parametrize("said", AN_END)
def test_an_end_is_one_all_the_same(said: str) -> None:
    assert AN_END[said] in play([account(ANNE)], [row(ANNE, ended_on=said)]).reasons()


@pytest.mark.parametrize("said", NO_END[:4])
def test_who_is_said_to_have_left_has_left_without_a_day(said: str) -> None:
    assert "left" in play([account(ANNE)], [row(ANNE, ended_on=said, status="Parti")]).reasons()
