"""Dates, addresses and telephone numbers as people type them."""

from datetime import date

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import FIRST_YEAR, LAST_YEAR
from pipelines.normalize import parse_date, parse_emails, parse_phones, show_phone

a_day = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


@given(a_day)
def test_a_date_is_read_from_each_of_its_four_spellings(day: date):
    for spelling in (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}"):
        assert parse_date(spelling) == (day, ())
    for spelling in (f"{day:%Y%m%d}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}"):
        assert parse_date(spelling) == (day, ("DATE_REFORMATTED",))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_year_of_two_digits_is_of_this_century(day: date):
    assert parse_date(f"{day:%d.%m.%y}") == (day, ("DATE_REFORMATTED",))


@given(st.text() | st.text("0123456789/.- ", max_size=12))
def test_no_text_whatever_makes_the_reading_of_a_date_fail(text: str):
    value, codes = parse_date(text)
    assert codes in ((), ("DATE_REFORMATTED",), ("CARD_DATE_INVALID",))
    assert (value is None) == (codes == ("CARD_DATE_INVALID",) or (not codes and value is None))
    assert value is None or FIRST_YEAR <= value.year <= LAST_YEAR


def address_by_the_library(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return ""


@given(
    st.from_regex(r"[A-Za-z0-9.+_-]{0,70}@[A-Za-z0-9.-]{0,70}", fullmatch=True)
    | st.from_regex(
        r"[a-z]{1,64}\.[A-Z0-9]{1,3}@(xn--[a-z0-9]{3,5}|[a-zA-Z]{1,63}|test|local)\.[a-z0-9]{1,4}", fullmatch=True
    )
)
def test_an_address_is_judged_as_the_library_judges_it(text: str):
    found, bad = parse_emails(text)
    expected = address_by_the_library(text)
    assert (found, bad) == (((expected,), ()) if expected else ((), (text,)))


@given(st.from_regex(r"[0-9]{1,2}([ .-]?[0-9]{2}){3,5}", fullmatch=True))
def test_a_number_as_the_french_write_it_is_read_as_the_library_reads_it(text: str):
    number = phonenumbers.parse(text, "FR")
    significant = phonenumbers.national_significant_number(number)  # nine figures behind the zero, which the library
    right = len(significant) == 9 and not significant.startswith("0")  # takes as a local number where they are fewer
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert parse_phones(text)[:2] == (((expected,), ()) if right else ((), (text,)))


@given(st.from_regex(r"\+33[1-9][0-9]{8}", fullmatch=True))
def test_a_number_is_shown_as_the_library_shows_it(text: str):
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    assert show_phone(text) == phonenumbers.format_number(phonenumbers.parse(text, None), national)


@pytest.mark.parametrize(
    ("abroad", "here"),
    [
        ("+590 590 12 34 56", "0590 12 34 56"),
        ("+596 696 12 34 56", "06 96 12 34 56"),
        ("00262 262 12 34 56", "0262123456"),
        ("+594 594 12 34 56", "05 94 12 34 56"),
        ("+33 1 55 87 32 33", "01 55 87 32 33"),
    ],
)
def test_a_number_of_overseas_is_the_same_dialled_from_abroad(abroad: str, here: str):
    assert parse_phones(abroad) == parse_phones(here)
    assert parse_phones(here)[0]
