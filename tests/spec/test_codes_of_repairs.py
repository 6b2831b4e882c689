"""Contract §8, the repairs: the row stays, the right value is used, and the reader is told."""

import pytest

from schemas.reading.issue import Issue
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, Line, account, adeli, card, finess, registered, row


def read(line: Line) -> Night:
    """A night where this row of the workbook is Anne's, whom the annuaire knows at the same place."""
    return play([account(ANNE)], [line])


def only_issue(found: Night, code: str) -> Issue:
    """The one issue of the night, which must have this code and a French sentence."""
    assert found.codes() == [code]
    assert found.issues[0].message.endswith((".", ")"))
    return found.issues[0]


def kept(found: Night) -> bool:
    """The row was read as Anne's: nobody is ended or created for it."""
    return found.table() == [] and len([one for one in found.snapshot.lines if one.last_name == ANNE.last_name]) == 1


# ── repairs: the row stays and the right value is used ───────────────────────────────────────────


def repaired(line: Line, code: str) -> Night:
    """Anne's row is repaired, says so, and is read as hers."""
    found = read(line)
    assert (only_issue(found, code).effect, kept(found)) == ("repair", True)
    return found


def test_serial_resolved_reads_the_serial_of_a_card_as_its_only_holder():
    found = repaired(row(ANNE, cpx_number=ANNE.card_serial), "SERIAL_RESOLVED")
    assert found.snapshot.lines[0].number.number == ANNE.rpps
    assert ANNE.rpps in found.issues[0].message


@pytest.mark.parametrize("lost", [1, 2])
def test_leading_zero_restored_reads_an_adeli_number_without_its_zeros(lost: int):
    from_01 = "0" + finess("01", 8)
    old = from_01 if lost == 2 else adeli(1)
    line = row(ANNE, cpx_number=old[lost:])
    found = play(
        [account(ANNE, cpx_number=old)],
        [line],
        register=[registered(ANNE, national_id=old)],
        cards=[card(ANNE, holder=old)],
    )
    assert (found.codes(), found.table()) == (["LEADING_ZERO_RESTORED"], [])


def test_leading_zero_restored_reads_a_finess_without_its_zero():
    short = finess("01", 9)
    line = row(ANNE, role=("CHV-ST", "Titulaire"), structure_code=short[1:], structure_type="ES")
    found = play([], [line])
    assert "LEADING_ZERO_RESTORED" in found.codes()
    assert found.one("missing_account").assignment.structure_code == short


def test_leading_zero_restored_reads_a_telephone_without_its_zero():
    repaired(row(ANNE, phone="199001234"), "LEADING_ZERO_RESTORED")


def test_type_digit_added_reads_an_rpps_number_without_its_8():
    found = repaired(row(ANNE, cpx_number=ANNE.rpps[1:]), "TYPE_DIGIT_ADDED")
    assert found.snapshot.lines[0].number.number == ANNE.rpps


@pytest.mark.parametrize("spelling", ["8 99700000013", "8.997.000.000.13", "899700000013.0", "8\u00a09970 0000 013"])
def test_number_reformatted_reads_what_excel_and_people_do_to_a_number(spelling: str):
    found = repaired(row(ANNE, cpx_number=spelling), "NUMBER_REFORMATTED")
    assert found.snapshot.lines[0].number.number == ANNE.rpps


@pytest.mark.parametrize(
    "spelling", ["31.05.28", "31 mai 2028", "mai 2028", "31/05/2028 23:59", "05/31/2028", "20280531", "46904"]
)
def test_date_reformatted_reads_other_spellings_of_a_date(spelling: str):
    found = repaired(row(ANNE, card_expires_on=spelling), "DATE_REFORMATTED")
    assert str(found.snapshot.lines[0].card_expires_on) == "2028-05-31"


def test_end_date_from_issue_adds_the_validity_of_a_card():
    found = repaired(row(ANNE, card_expires_on="", card_issued_on="2025-05-31"), "END_DATE_FROM_ISSUE")
    assert str(found.snapshot.lines[0].card_expires_on) == "2028-05-31"


def test_a_date_read_exactly_as_written_is_not_said():
    found = read(row(ANNE, card_expires_on="31/05/2028"))
    assert (found.codes(), kept(found), str(found.snapshot.lines[0].card_expires_on)) == ([], True, "2028-05-31")
