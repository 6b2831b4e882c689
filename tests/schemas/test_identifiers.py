"""Numbers as people type them: every row of formats.md « What people type », then what always holds."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import siren, siret

from schemas.people.identifiers import (
    NumberKind,
    adeli_is_valid,
    classify_cpx,
    classify_finess,
    finess_key_is_right,
    kind_of,
    rpps_is_valid,
    with_luhn_key,
)

RPPS = "99700000013"
ADELI = "459990018"
FINESS = "459990016"

# ── examples reckoned by hand ────────────────────────────────────────────────────────────────────


def by_hand(digits: str) -> str:
    """The Luhn key, the long way: every second digit from the right is doubled and its digits are added."""
    doubled = [2 * int(d) if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


@pytest.mark.parametrize("digits", ["9970000001", "45999001", "18999001", "999000001", "1234567", "0", "5"])
def test_python_stdnum_reckons_the_key_as_we_do_by_hand(digits: str):
    assert luhn.calc_check_digit(digits) == by_hand(digits)
    assert with_luhn_key(digits) == digits + by_hand(digits)


@pytest.mark.parametrize(("number", "valid"), [("732829320", True), ("732829321", False), ("73282932", False)])
def test_python_stdnum_knows_a_siren(number: str, valid: bool):
    assert siren.is_valid(number) is valid


@pytest.mark.parametrize(("number", "valid"), [("73282932000074", True), ("73282932000075", False)])
def test_python_stdnum_knows_a_siret(number: str, valid: bool):
    assert siret.is_valid(number) is valid


def test_an_rpps_number_has_eleven_digits_and_its_key():
    assert rpps_is_valid(RPPS)
    assert not any(
        map(rpps_is_valid, (RPPS[:-1] + "4", RPPS[:-1], "8" + RPPS, "", "9970000001A", "９９７０００００00１３"))
    )


def test_an_adeli_number_has_nine_characters_and_its_key():
    assert adeli_is_valid(with_luhn_key("45999001"))
    assert not any(map(adeli_is_valid, (with_luhn_key("45999001")[:-1], "45999001X", "")))


def test_the_key_of_a_corsican_adeli_number_is_not_judged():
    assert adeli_is_valid("2A1234567")
    assert adeli_is_valid("2B1234560")


def test_a_corsican_finess_number_is_kept_whatever_its_key():
    assert classify_finess("2A9990010") == ("2A9990010", ())


# ── formats.md « What people type » ──────────────────────────────────────────────────────────────


def reading(typed: str) -> tuple[str, NumberKind, tuple[str, ...]]:
    found = classify_cpx(typed)
    return found.number, found.kind, found.codes


def test_twelve_digits_beginning_with_8_are_right():
    assert reading("8" + RPPS) == ("8" + RPPS, NumberKind.RPPS, ())


def test_eleven_digits_passing_luhn_are_an_rpps_number_without_its_8():
    assert reading(RPPS) == ("8" + RPPS, NumberKind.RPPS, ("TYPE_DIGIT_ADDED",))


def test_ten_characters_beginning_with_0_are_an_adeli_number():
    adeli = with_luhn_key("45999001")
    assert reading("0" + adeli) == ("0" + adeli, NumberKind.ADELI, ())


def test_nine_characters_passing_luhn_are_an_adeli_number_without_its_0():
    adeli = with_luhn_key("45999001")
    assert reading(adeli) == ("0" + adeli, NumberKind.ADELI, ("LEADING_ZERO_RESTORED",))


def test_nine_characters_that_are_the_structures_own_finess_are_no_number():
    found = classify_cpx(FINESS, not_a_person=FINESS)
    assert (found.number, found.kind) == ("", NumberKind.NONE)


@pytest.mark.parametrize(
    "number", [f"3{FINESS}/067L-06067983", "4732829320/HV-1", "573282932000074/SECRETARIAT", "699700000013001/A"]
)
def test_a_slash_makes_a_number_of_an_establishment(number: str):
    assert reading(number) == (number, NumberKind.ESTABLISHMENT, ())


def test_ten_digits_otherwise_are_the_serial_of_a_card():
    assert reading("9990000001") == ("9990000001", NumberKind.SERIAL, ())
    assert not classify_cpx("9990000001").usable


@pytest.mark.parametrize(
    "typed",
    [
        "899700000013.0",
        "8 99700000013",
        "8.99700000013",
        "8\u00a0997\u00a00000\u00a00013",
        "8,99700000013E+11",
        " 8997-0000-0013 ",
    ],
)
def test_what_excel_does_to_a_number_is_undone(typed: str):
    assert reading(typed) == ("8" + RPPS, NumberKind.RPPS, ("NUMBER_REFORMATTED",))


@pytest.mark.parametrize("typed", ["9.97E+10", "8.997E+11", "8,99700E+11"])
def test_digits_that_excel_cut_off_are_never_invented(typed: str):
    found = classify_cpx(typed)
    assert (found.number, found.usable) == ("", False)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "CPX_MISSING"),
        (" \u00a0", "CPX_MISSING"),
        ("en cours", "CPX_FORMAT"),
        ("8" + RPPS[:-1] + "4", "CPX_KEY"),
        (RPPS[:-1] + "4", "CPX_KEY"),
        (f"3{FINESS[:-1]}0/HV-1", "CPX_KEY"),
        ("3123/HV", "CPX_FORMAT"),
        ("2750000001", "SERIAL"),
        ("2750000001/12", "CPX_OBSOLETE_TYPE"),
        ("9750000001/12", "CPX_OBSOLETE_TYPE"),
    ],
)
def test_what_cannot_be_read_says_why(typed: str, code: str):
    found = classify_cpx(typed)
    assert found.codes == ((code,) if code.startswith("CPX") else ())
    assert found.usable is False


def test_the_kind_of_a_national_identification_is_in_its_first_digit():
    assert [kind_of(number) for number in ("8" + RPPS, "0" + ADELI, f"3{FINESS}/A", "7123")] == [
        NumberKind.RPPS,
        NumberKind.ADELI,
        NumberKind.ESTABLISHMENT,
        NumberKind.NONE,
    ]


# ── what always holds ────────────────────────────────────────────────────────────────────────────


def with_key(prefix: str, length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length).map(lambda tail: with_luhn_key(prefix + tail))


a_rpps = with_key("9970", 6)
an_adeli = with_key("45", 6)
a_finess = with_key("45", 6)
a_slip = st.tuples(st.integers(0, 30), st.integers(1, 9))


def with_slip(number: str, slip: tuple[int, int], *, skip: int = 0) -> str:
    """The number with one digit mistyped, not among the first `skip`."""
    at = skip + slip[0] % (len(number) - skip)
    return number[:at] + str((int(number[at]) + slip[1]) % 10) + number[at + 1 :]


@given(a_rpps, an_adeli)
def test_a_repair_never_changes_a_valid_number(rpps: str, adeli: str):
    for number in ("8" + rpps, "0" + adeli, f"3{FINESS}/{adeli}"):
        assert reading(number) == (number, kind_of(number), ())


@given(a_rpps, an_adeli)
def test_reading_what_was_read_changes_nothing(rpps: str, adeli: str):
    for typed in (rpps, adeli, f" 8{rpps}.0"):
        once = classify_cpx(typed).number
        assert reading(once) == (once, kind_of(once), ())


@given(st.text())
def test_no_text_whatever_makes_the_reading_of_a_number_fail(text: str):
    for found in (classify_cpx(text), classify_cpx(text, not_a_person=text)):
        assert found.usable == (kind_of(found.number) is not NumberKind.NONE and found.kind is not NumberKind.SERIAL)
    assert isinstance(classify_finess(text)[0], str)


@given(st.text("0123456789/.,E+- AB\u00a0x", max_size=20))
def test_no_text_like_a_number_makes_its_reading_fail(text: str):
    found = classify_cpx(text)
    assert found.raw or "CPX_MISSING" in found.codes
    assert classify_finess(text)[1] is not None


@given(a_rpps, a_slip)
def test_one_wrong_digit_of_an_rpps_number_is_never_accepted(rpps: str, slip: tuple[int, int]):
    wrong = with_slip(rpps, slip)
    assert not rpps_is_valid(wrong)
    assert reading(wrong) == reading("8" + wrong) == ("", NumberKind.NONE, ("CPX_KEY",))


@given(an_adeli, a_slip)
def test_one_wrong_digit_of_an_adeli_number_is_never_accepted(adeli: str, slip: tuple[int, int]):
    wrong = with_slip(adeli, slip)
    assert not adeli_is_valid(wrong)
    assert classify_cpx(wrong).kind is not NumberKind.ADELI
    assert classify_cpx("0" + wrong).kind is not NumberKind.ADELI


@given(a_finess, a_slip)
def test_one_wrong_digit_of_a_finess_number_is_never_accepted(finess: str, slip: tuple[int, int]):
    wrong = with_slip(finess, slip)
    assert not finess_key_is_right(wrong)
    assert classify_finess(wrong) == ("", ("FINESS_KEY",))


@given(a_rpps, st.lists(st.tuples(st.integers(1, 11), st.sampled_from(" .-\u00a0\u202f")), max_size=4))
def test_spaces_dots_and_dashes_lead_back_to_the_same_number(rpps: str, noise: list[tuple[int, str]]):
    number = typed = "8" + rpps
    for at, sign in noise:
        typed = typed[:at] + sign + typed[at:]
    assume(typed.count(".") != 1)  # one dot alone is a decimal point, of which Excel leaves « .0 » only
    assert classify_cpx(typed).number == number


@given(a_rpps)
def test_a_decimal_point_leads_back_to_the_same_number(rpps: str):
    assert classify_cpx(f"8{rpps}.0").number == classify_cpx(f"{rpps},0").number == "8" + rpps


@given(a_rpps)
def test_a_power_of_ten_with_every_digit_leads_back_to_the_same_number(rpps: str):
    number = "8" + rpps
    assert classify_cpx(f"{number[0]}.{number[1:]}E+11").number == number
    assert classify_cpx(f"{number[0]},{number[1:]}e11").number == number


@given(a_finess)
def test_a_finess_number_is_read_through_excels_noise(finess: str):
    for typed in (finess, f"{finess}.0", f" {finess[:2]} {finess[2:]}", f"{finess[:5]}\u00a0{finess[5:]}"):
        assert classify_finess(typed)[0] == finess
