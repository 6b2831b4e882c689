"""What somebody typed is evidence wherever it stands (contract §8): against a candidate it makes a question."""

import pytest

from pipelines.sources.cells.bare_number import read_number
from schemas.people.identifiers import with_luhn_key
from tests.spec.night import fields_of, play
from tests.spec.tables import ES, Line, Person, registered, row

NEW = Person(500, "QUERMANDE", "Inès")
OWN, ANOTHERS = NEW.rpps, f"8{with_luhn_key('9970000999')}"
CELLS = {
    "a remark": {"comment": "RPPS {}"},
    "the telephone": {"phone": "{}"},
    "the day of the card's end": {"card_expires_on": "{}"},
    "the rank": {"rank": "{}"},
    "the kind of structure": {"structure_type": "ES {}"},
    "the establishment": {"structure_name": "CH DE LA LISTE - {}"},
}


def _line(cells: dict[str, str]) -> Line:
    one = row(NEW, cpx_number="")
    return Line(NEW, {**one.cells, **cells})


@pytest.mark.parametrize("where", CELLS)
def test_a_number_in_another_cell_that_is_not_the_namesakes_makes_a_question(where: str) -> None:
    cells = {name: text.format(ANOTHERS[1:]) for name, text in CELLS[where].items()}
    found = play([], [_line(cells)], register=[registered(NEW)])
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "ambiguous_match")]


@pytest.mark.parametrize("where", CELLS)
def test_the_persons_own_number_in_another_cell_speaks_for_them(where: str) -> None:
    cells = {name: text.format(OWN[1:]) for name, text in CELLS[where].items()}
    found = play([], [_line(cells)], register=[registered(NEW)])
    assert found.one("missing_account").person.national_id == OWN


@pytest.mark.parametrize("name", ["QUERMANDE ({})", "QUERMANDE RPPS : {}", "QUERMANDE n° {}", "QUERMANDE - {}"])
def test_a_number_beside_the_name_is_read_as_the_number_and_said(name: str) -> None:
    found = play([], [row(NEW, cpx_number="", last_name=name.format(OWN[1:]))], register=[registered(NEW)])
    created = found.one("missing_account")
    assert fields_of(created)["last_name"][1] == "QUERMANDE"
    assert (created.person.national_id, "NUMBER_UNDRESSED" in found.codes()) == (OWN, True)
    other = play([], [row(NEW, cpx_number="", last_name=name.format(ANOTHERS[1:]))], register=[registered(NEW)])
    assert not [one for one in other.changes if one.person.national_id == OWN and one.kind == "create_account"]


@pytest.mark.parametrize("between", [" remplacée par ", " -> ", " ; ", " puis "])
def test_of_two_cpe_numbers_none_is_chosen_for_its_key_and_both_are_evidence(between: str) -> None:
    one, other = f"3{ES}/12345", f"3{ES}/99999"
    typed = read_number([f"{one}{between}{other}"])
    assert (typed.reading.usable, typed.numbers, typed.reading.codes) == (False, (one, other), ("CPX_FORMAT",))


@pytest.mark.parametrize("cell", ["RPPS={} ADELI=néant", "RPPS: {} ; ADELI: aucun", "{} A vérifier"])
def test_letters_behind_a_number_are_none_of_it(cell: str) -> None:
    assert read_number([cell.format(OWN[1:])]).reading.number == OWN


def test_two_numbers_of_one_cell_are_not_called_of_a_closed_kind() -> None:
    typed = read_number([f"{OWN[1:]} / {ANOTHERS[1:]}"])
    assert (typed.numbers, typed.reading.codes) == ((OWN, ANOTHERS), ("CPX_FORMAT",))


@pytest.mark.parametrize("between", [" ou ", " / ", " - "])
def test_of_two_numbers_that_may_both_be_a_newcomers_none_is_taken(between: str) -> None:
    both = between.join(sorted((OWN[1:], ANOTHERS[1:])))
    found = play([], [row(NEW, cpx_number=both)], register=[registered(NEW)])
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "ambiguous_match")]
