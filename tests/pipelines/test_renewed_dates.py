"""Of two days of a card in one cell, the one that plainly took the other's place; masked numbers are told once."""

from datetime import date

import pytest

from pipelines.dates import days_in, renewed_to
from pipelines.sources.workbook.told_once import told_once
from schemas.reading.issue import issue

RENEWED = [
    "30/06/2028 → 30/06/2031", "30/06/2028 -> 30/06/2031", "ancienne 30/06/2028, nouvelle 30/06/2031",
    "30/06/2028 renouvellement fait, nouvelle carte 30/06/2031",
]  # fmt: skip
NOT_RENEWED = [
    "30/06/2028", "30/06/2028 ou 30/06/2031", "30/06/2028, nouvelle demandée 30/06/2031", "du 30/06/2028 au 30/06/2031",
    "30/06/2028 nouvelle carte en cours (30/06/2031)",
]  # fmt: skip


@pytest.mark.parametrize("text", RENEWED)
def test_the_day_behind_the_arrow_is_meant(text: str) -> None:
    assert renewed_to(text) == "30/06/2031"


@pytest.mark.parametrize("text", NOT_RENEWED)
def test_no_other_text_is_altered(text: str) -> None:
    assert renewed_to(text) == text


def test_every_day_of_a_sentence_is_found_in_its_order() -> None:
    assert days_in("du 1er juillet 2026 au 31/08/2026") == [date(2026, 7, 1), date(2026, 8, 31)]


def test_masked_numbers_are_one_line_and_others_one_each() -> None:
    masked = [issue("workbook:a", f"A!H{at}", "cpx_number", "CPX_FORMAT", found=f"8997XXXX00{at}") for at in (11, 12)]
    wrong = [issue("workbook:a", f"A!H{at}", "cpx_number", "CPX_FORMAT", found=f"8{at}") for at in (11, 12)]
    assert [len(told_once(one)) for one in (masked, wrong)] == [1, 2]
