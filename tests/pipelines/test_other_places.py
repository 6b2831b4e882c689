"""A comment beside « Fait » that names another establishment than its line's asks the answer back."""

import pytest

from pipelines.lifecycle.decisions.facts.other_places import at_its_place
from schemas.changes.change import AssignmentRef
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.people.structure import Structure
from tests.invented_changes import DAY
from tests.pipelines.test_spoken_in_doubt import ASKED, read

HERE, THERE = "750000001", "750000002"
KNOWN = {
    HERE: Structure(HERE, "ES", "CH fictif de Aubemont", "11"),
    THERE: Structure(THERE, "ES", "CH fictif de Clairvaux-Test", "11"),
}
OTHER = ["au CH de Clairvaux-Test", "sur le site de Grisolac", "site de Mirelande", "à la clinique des Lilas"]
OWN = [
    "au CH d’Aubemont",
    "sur le site de Aubemont",
    "vient du CH de Clairvaux-Test",
    "vu avec le Dr Martin",
    "à l’hôpital",
]


def judged(line: str, comment: str, place: str = HERE, said: str = "Fait") -> ReturnedLine:
    change = ASKED[line].model_copy(update={"assignment": AssignmentRef(structure_code=place, structure_type="ES")})
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    found = read(line, "Fait")
    beside = ReturnedLine(**{**{name: getattr(found, name) for name in found.__slots__}, "comment": comment})
    written = ReturnedLine(found.lot, found.sheet, found.row, found.token, "unknown", said, None, "", comment)
    return at_its_place(beside, written, {change.id: state}, KNOWN)


@pytest.mark.parametrize("comment", OTHER)
def test_another_place_beside_an_answer_asks_it_back(comment: str) -> None:
    assert judged("créer", comment).decision == "unknown"
    assert judged("retirer", comment).decision == "unknown"
    assert judged("créer", comment, said="Fait, confirmé").decision == "accepted"


@pytest.mark.parametrize("comment", OWN)
def test_the_place_of_the_line_and_where_somebody_comes_from_leave_the_answer(comment: str) -> None:
    assert judged("créer", comment).decision == "accepted"


@pytest.mark.parametrize("comment", ["mutée au CH de Clairvaux-Test", "partie à la clinique des Lilas"])
def test_where_somebody_went_to_leaves_the_answer_to_an_end(comment: str) -> None:
    assert judged("retirer", comment).decision == "accepted"


def test_of_a_line_whose_place_nobody_knows_only_a_known_other_place_asks_back() -> None:
    assert judged("créer", "au CH de Clairvaux-Test", place="").decision == "unknown"
    assert judged("créer", "à la clinique des Lilas", place="").decision == "accepted"
