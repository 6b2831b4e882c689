"""What differs between two values, marked inside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reports.highlight import mark_difference
from schemas.reports.report import plain


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("899700000100", "899700000154", "899700000154".removesuffix("54") + "[54]"),
        ("ÉPURE", "ÉPURE-MIRAGE", "ÉPURE[-MIRAGE]"),
        ("s.epure@example.org", "s.epure-mirage@example.org", "s.epure[-mirage]@example.org"),
        ("99700000013", "899700000013", "[8]99700000013"),
        ("noel@example.org", "nouveau.noel@example.org", "[nouveau.]noel@example.org"),
        ("aa", "aaa", "[a]aa"),
        ("même", "même", "même"),
        ("0189990011", "899700000047", "[899700000047]"),
        ("", "x", "[x]"),
        ("23/07/2025", "22/07/2028", "[22/07/2028]"),
        ("23/07/2025", "23/07/2025", "23/07/2025"),
    ],
)
def test_the_letters_that_changed_are_marked(before: str, after: str, marked: str) -> None:
    old, new = mark_difference(before, after)
    assert "".join(f"[{text}]" if differs else text for text, differs in new) == marked
    assert (plain(old), plain(new)) == (before, after)


@given(st.text(alphabet="ab.@é1 ", max_size=12), st.text(alphabet="ab.@é1 ", max_size=12))
def test_marks_neither_lose_nor_add_a_letter(before: str, after: str) -> None:
    old, new = mark_difference(before, after)
    assert (plain(old), plain(new)) == (before, after)
    assert any(differs for _, differs in (*old, *new)) == (before != after)
    assert all(text for text, _ in (*old, *new))
