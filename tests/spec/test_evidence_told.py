"""What is told of candidates is true of them as they stand there (README « no line that is not true »)."""

import pytest

from tests.spec.night import play
from tests.spec.tables import ES, ES_11, Person, account, registered, row

HOLDER = Person(400, "QUERMANDE", "Camille")
OWN = Person(401, "TESSANDIER", "Camille")
CLERK = Person(402, "VILLEMOT", "Sacha", "SEC", f"3{ES}/51")
OTHER_CLERK = Person(403, "WALTHER", "Rémi", "SEC", f"3{ES}/52")


@pytest.mark.parametrize("last_name", ["TESSANDIER", "QUERMONT", "DE QUERAY", "TESSANDIER-BOIS"])
def test_another_last_name_is_not_called_the_same_because_of_the_number(last_name: str) -> None:
    """The account has somebody else's number: nobody is of one name with them but by that number."""
    held = account(HOLDER, last_name=last_name, email="autre@example.org")
    asked = play([held], [], register=[registered(HOLDER, finess_site=ES_11), registered(OWN, finess_site=ES_11)])
    told = [change.guidance for change in asked.changes if "QUERMANDE Camille (" in change.guidance]
    assert told or last_name != "TESSANDIER", asked.table()
    assert not any("même nom" in text.partition("QUERMANDE Camille (")[2].partition(")")[0] for text in told)


def test_of_whom_no_register_knows_it_is_not_said_that_one_does() -> None:
    people = [CLERK, OTHER_CLERK]
    found = play([account(who) for who in people], [row(CLERK, cpx_number=OTHER_CLERK.cpe), row(OTHER_CLERK)])
    text = found.one("ambiguous_match").guidance
    assert "aucun inscrit de ce nom au registre" in text
    assert "personne de ce nom" not in text


def test_the_number_of_an_account_is_not_called_that_of_a_line() -> None:
    found = play([account(HOLDER, last_name="TESSANDIER")], [], register=[registered(HOLDER), registered(OWN)])
    text = found.one("number_of_another").guidance
    assert f"{HOLDER.rpps} ici, {OWN.rpps} pour ce candidat" in text, text


def test_an_account_renamed_to_the_successor_is_asked_about_once() -> None:
    held = account(HOLDER, last_name="TESSANDIER", first_name="Lise")
    new = Person(404, "TESSANDIER", "Lise")
    found = play([held], [row(new)], register=[registered(HOLDER, finess_site=ES_11), registered(new)])
    assert found.reasons() == ["number_of_another"], found.table()
    assert new.rpps in found.one("number_of_another").guidance
