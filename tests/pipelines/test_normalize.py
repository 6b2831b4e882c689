"""Dates as people type them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize import FIRST_YEAR, LAST_YEAR, parse_date

a_day = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


@given(a_day)
def test_a_date_is_read_from_each_of_its_four_spellings(day: date):
    iso, compact, french = f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%d/%m/%Y}"
    assert parse_date(iso) == (day, ())
    for spelling in (compact, french, f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}"):
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
