"""Contract §8, the rejects that arise in judging rows: what each costs, and that the rest of the row stays.

The codes of whole files and of their lines (COLUMN_MISSING, ENCODING, ROW_WIDTH, DUPLICATE_ROW, FILE_…) arise at
the doors: tests/connectors and tests/night.
"""

import pytest

from schemas.reading.issue import Issue
from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ANNE,
    ES,
    LUC,
    OTHER_ES,
    PAUL,
    Line,
    account,
    card,
    ets,
    finess,
    national,
    region,
    registered,
    row,
)

WRONG_KEY = ANNE.rpps[:-1] + str((int(ANNE.rpps[-1]) + 1) % 10)


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


def left_out(found: Night) -> bool:
    """The row was quarantined, the person it points at was left alone, and its keeper is asked."""
    asked = [("review", "line_not_understood", f"{ANNE.last_name} {ANNE.first_name}")]
    return found.table() == asked and len(found.snapshot.unread) == 1 and len(found.snapshot.lines) < 4


# ── the number: the row stays, its number is set aside ───────────────────────────────────────────


def test_cpx_missing_keeps_the_row():
    found = read(row(ANNE, cpx_number=""))
    assert (only_issue(found, "CPX_MISSING").field, kept(found)) == ("cpx_number", True)


@pytest.mark.parametrize("typed", ["en cours", "123", "n/a/b", "8997000000131"])
def test_cpx_format_keeps_the_row(typed: str):
    found = read(row(ANNE, cpx_number=typed))
    assert (only_issue(found, "CPX_FORMAT").effect, kept(found)) == ("field", True)


def test_cpx_serial_keeps_the_row_of_a_serial_that_nobody_holds():
    found = read(row(ANNE, cpx_number="9999999999"))
    assert (only_issue(found, "CPX_SERIAL").effect, kept(found)) == ("field", True)


def test_cpx_serial_is_not_guessed_between_two_holders():
    found = play(
        [account(ANNE)],
        [row(ANNE, cpx_number="9990000042")],
        cards=[card(who, serial="9990000042") for who in (ANNE, LUC)],
    )
    assert (found.codes(), kept(found)) == (["CPX_SERIAL"], True)


def test_cpx_serial_is_not_said_while_the_card_file_could_not_be_read():
    assert play([account(ANNE)], [row(ANNE, cpx_number="9999999999")], cards_read=False).codes() == []


def test_cpx_key_keeps_the_row_and_never_guesses_the_digit():
    found = read(row(ANNE, cpx_number=WRONG_KEY))
    assert (only_issue(found, "CPX_KEY").effect, kept(found)) == ("field", True)
    assert found.snapshot.lines[0].number.number == ""


def test_cpx_key_of_the_annuaire_is_told_and_the_account_stays():
    found = play([account(ANNE, cpx_number=WRONG_KEY)], [row(ANNE)])
    assert (only_issue(found, "CPX_KEY").source, found.reasons()) == ("annuaire", ["card_number_differs"])


def test_cpx_key_of_a_registered_number_is_an_anomaly_and_the_person_stays():
    odd = "899700000010"
    found = play([], register=[registered(ANNE, national_id=odd)])
    assert (only_issue(found, "CPX_KEY").source, odd in found.snapshot.register.persons) == ("register.persons", True)


def test_cpx_type_mismatch_keeps_the_number_and_drops_the_type():
    found = read(row(ANNE, card_type="CPE"))
    assert (only_issue(found, "CPX_TYPE_MISMATCH").field, kept(found)) == ("card_type", True)
    assert (found.snapshot.lines[0].card_type, found.snapshot.lines[0].number.number) == ("", ANNE.rpps)


def test_cpx_type_mismatch_of_a_cps_with_a_cpe_number():
    found = play([account(PAUL)], [row(PAUL, card_type="CPS")])
    assert (found.codes(), found.table()) == (["CPX_TYPE_MISMATCH"], [])


@pytest.mark.parametrize("typed", ["2750000001/0001", "299700000013", "9750000001/12", "999700000013"])
def test_cpx_obsolete_type_keeps_the_row(typed: str):
    found = read(row(ANNE, cpx_number=typed))
    assert (only_issue(found, "CPX_OBSOLETE_TYPE").effect, kept(found)) == ("field", True)


# ── other fields: the row stays, the field is set aside ──────────────────────────────────────────


@pytest.mark.parametrize("typed", ["31/02/2027", "bientôt", "2027", "2027-13-01", "31/12/1890", "13/2027"])
def test_card_date_invalid_keeps_the_row(typed: str):
    found = read(row(ANNE, card_expires_on=typed))
    assert (only_issue(found, "CARD_DATE_INVALID").field, kept(found)) == ("card_expires_on", True)


def test_card_date_invalid_of_the_annuaire_counts_as_no_date():
    found = play([account(ANNE, card_expires_on="31/02/2028")])
    assert found.codes() == ["CARD_DATE_INVALID"]
    assert fields_of(found.one("card_renewed"))["card_expires_on"][1] == "2028-05-31"


def test_profession_unknown_keeps_the_row():
    found = read(row(ANNE, profession="Devin"))
    assert (only_issue(found, "PROFESSION_UNKNOWN").field, kept(found)) == ("profession", True)


@pytest.mark.parametrize("typed", ["anne(chez)example.org", "anne", "anne@"])
def test_email_format_keeps_the_row(typed: str):
    found = read(row(ANNE, email=typed))
    assert (only_issue(found, "EMAIL_FORMAT").field, kept(found)) == ("email", True)


def test_email_format_of_one_of_two_addresses_keeps_the_other():
    found = read(row(ANNE, email="anne@ ; p1@example.org"))
    assert (found.codes(), found.snapshot.lines[0].emails) == (["EMAIL_FORMAT"], ("p1@example.org",))


@pytest.mark.parametrize("typed", ["poste 12", "12 34", "0199", "01 55 87 32 3", "01 55 87 32 333"])
def test_phone_format_keeps_the_row(typed: str):
    found = read(row(ANNE, phone=typed))
    assert (only_issue(found, "PHONE_FORMAT").field, kept(found)) == ("phone", True)


# ── the place, the function, the name: the row is left out, and its person with it ───────────────


@pytest.mark.parametrize("typed", ["CH d'Ailleurs", "12345", "45999001X"])
def test_finess_format_leaves_the_row_out(typed: str):
    found = read(row(ANNE, structure_code=typed))
    assert (only_issue(found, "FINESS_FORMAT").effect, left_out(found)) == ("row", True)


def test_finess_key_leaves_the_row_out():
    found = read(row(ANNE, structure_code=ES[:-1] + str((int(ES[-1]) + 1) % 10)))
    assert (only_issue(found, "FINESS_KEY").effect, left_out(found)) == ("row", True)


def test_finess_unknown_keeps_the_row_with_a_warning():
    unknown = finess("45", 77)
    line = row(ANNE, role=("CHV-ST", "Titulaire"), structure_code=unknown, structure_type="ES")
    found = play([], [line])
    assert (only_issue(found, "FINESS_UNKNOWN").effect, found.one("missing_account").assignment.structure_code) == (
        "warning",
        unknown,
    )


def test_finess_unknown_is_not_said_of_an_establishment_of_the_stock():
    line = row(ANNE, OTHER_ES, ("CHV-ST", "Titulaire"))
    assert play([], [line], closed=[]).codes() == []


def test_region_unknown_leaves_the_row_out():
    found = read(row(ANNE, structure_code="Atlantide", structure_type="Région sanitaire"))
    assert (only_issue(found, "REGION_UNKNOWN").effect, left_out(found)) == ("row", True)


def test_region_unknown_of_an_ets_leaves_the_row_out():
    line = row(ANNE, structure_code="ETS-ATLANTIDE", structure_type="ETS régional")
    found = play([account(ANNE)], books=[ets("ETS-CPDL", line)])
    assert (found.codes(), found.reasons()) == (["REGION_UNKNOWN"], ["line_not_understood"])


@pytest.mark.parametrize(("old", "code"), [("Centre", "24"), ("ARS Centre-Val de Loire", "24"), ("Picardie", "32")])
def test_region_unknown_is_not_said_of_an_old_name(old: str, code: str):
    found = play([], [row(ANNE, structure_code=old, structure_type="Région sanitaire")])
    assert (found.codes(), found.one("missing_account").assignment.structure_code) == ([], code)


def test_function_unknown_leaves_the_row_out():
    found = read(row(ANNE, role=("Chef d'orchestre", "")))
    assert (only_issue(found, "FUNCTION_UNKNOWN").effect, len(found.snapshot.unread)) == ("row", 1)


def test_function_unknown_goes_to_who_keeps_the_workbook():
    """Contract §6a: who wrote the word knows what it means; nothing is ever left unrouted (procedure §4)."""
    change = play([], [row(ANNE, role=("Chef d'orchestre", ""))]).one("line_not_understood")
    assert (change.updater.post, change.updater.scope, change.account_id) == ("CRH_ST", "24", None)
    assert ("Chef d'orchestre" in (change.fields[0].after or ""), change.person.last_name) == (True, ANNE.last_name)


def test_function_unknown_of_the_annuaire_keeps_the_account():
    found = play([account(ANNE, role=("Chef d'orchestre", ""))])
    assert (found.codes(), found.table()) == (["FUNCTION_UNKNOWN"], [])


def test_structure_type_unknown_leaves_out_a_row_that_nothing_else_places():
    line = row(ANNE, structure_code="Ailleurs", structure_type="Vaisseau")
    found = play([account(ANNE, "ANSM", ("Hémovigilant", ""))], books=[national(line)])
    assert (found.codes(), found.reasons()) == (["STRUCTURE_TYPE_UNKNOWN"], ["line_not_understood"])


def test_name_missing_leaves_out_a_row_that_names_nobody():
    found = read(row(ANNE, last_name="", first_name="", cpx_number=""))
    assert (found.codes(), found.table()) == (["CPX_MISSING", "NAME_MISSING"], [])


def test_name_missing_keeps_a_row_whose_number_names_the_person():
    found = read(row(ANNE, last_name="", first_name=""))
    assert (found.codes(), found.table()) == (["NAME_MISSING"], [])
    assert "reconnue à son numéro" in found.issues[0].message


def test_a_row_left_out_ends_nobody_and_the_others_of_the_workbook_are_read():
    found = play([account(ANNE), account(LUC)], [row(ANNE, role=("?", "")), row(LUC, status="Parti")])
    assert [reason for reason in found.reasons() if reason != "line_not_understood"] == ["left", "no_assignment_left"]


def test_every_issue_says_its_source_and_its_cell():
    found = play([account(ANNE)], books=[region("24", row(ANNE, cpx_number="en cours", email="x"))])
    assert [(one.source, one.field) for one in found.issues] == [
        ("workbook:24", "cpx_number"),
        ("workbook:24", "email"),
    ]
    assert all(one.location.startswith("Feuil1!") and one.location.endswith("2") for one in found.issues)
