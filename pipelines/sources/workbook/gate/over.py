"""What a row says of a time that is over: « 2019-2024 », « avant 2024 », « juillet-août 2026 », « Année » 2024.

Whom the annuaire does not have, and of whom that is said, was there once: nobody is created by it (contract §6a).
"""

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache

from pipelines.dates import date_in, days_in, months
from pipelines.sources.cells.bare_number import dress_words, numbers_typed
from pipelines.sources.workbook.beside.sentences import few_cells
from pipelines.sources.workbook.row.cells import RowCells
from schemas.people.workbook_line import WorkbookLine, WrittenRow
from schemas.table_words import arrival_words
from schemas.words import clean, fold, label_key

_PERIOD = re.compile(r"(?<!\d)(?:19|20)\d\d\s*(?:[-–/]|à|a|au)\s*((?:19|20)\d\d)(?!\d)")
_UNTIL_YEAR = re.compile(
    r"\b(?:avant|jusqu['’ ]?\s?(?:en|a|au)|until|before)\s*(?:fin\s+|l['’]annee\s+)?((?:19|20)\d\d)\b"
)
_BEFORE = re.compile(r"\b(?:avant|jusqu|until|before)\b")
_DIGITS = re.compile(r"\d[\d ./\-]*")
_A_YEAR = re.compile(r"(?:19|20)\d\d(?:[.,]0+)?")
_BETWEEN = re.compile(r"\b(?:au|a|jusqu|to)\b|[-–→>]")
_SAID_OF_A_PLACE_OR_NAME = (
    "structure_name",
    "function",
    "rank",
    "last_name",
    "first_name",
    "profession",
    "cpx_number",
    "email",
    "phone",
)


def is_over(text: str, day: date) -> bool:
    """Tell whether a cell holds a time that has ended: years, months, a season, or days from one to another."""
    if not any(map(str.isdigit, text)):
        return False
    found = _PERIOD.search(text)
    if found is not None and int(found[1]) < day.year:
        return True
    raw = fold(clean(text))
    until = _UNTIL_YEAR.search(raw)
    if until is not None and int(until[1]) <= day.year:
        return True
    if not arrival_words("over_not").isdisjoint(label_key(text).split()):
        return False
    ends = [_end_of(one) for one in _seasons().finditer(raw)] + [_end_of(one) for one in _of_months().finditer(raw)]
    ends += _last_of_two(raw) + _until(raw)
    return any(end <= (day.year, day.month, day.day) for end in ends)


def is_of_a_past_year(head: str, text: str, day: date) -> bool:
    """Tell whether a year that is over stands below a header that asks for the year of the row: « Année »."""
    if _A_YEAR.fullmatch(text) is None or int(text[:4]) >= day.year:
        return False
    return label_key(head) in arrival_words("year")


def past_titles(written: Iterable[WrittenRow], people: Collection[str], day: date) -> dict[str, str]:
    """Return sheet → its name, or the title above its people, where that is of a year that is over: « Année 2024 ».

    `people`: the rows of somebody. A year is over for a list three months after its end.
    """
    found: dict[str, str] = {}
    begun: set[str] = set()
    for row in written:
        if row.note or row.sheet in begun:
            continue
        if row.line in people:
            begun.add(row.sheet)
            if _is_of_a_year_over(row.sheet, day):
                found.setdefault(row.sheet, row.sheet)
            continue
        title = few_cells(row, 1)
        if title and _is_of_a_year_over(title[0], day):
            found[row.sheet] = title[0]
    return {sheet: text for sheet, text in found.items() if sheet in begun}


def _is_of_a_year_over(title: str, day: date) -> bool:
    """« Année 2024 », « Annuaire 2023-2024 », and no day, no month, no sentence."""
    words = label_key(title).split()
    years = [int(word) for word in words if _A_YEAR.fullmatch(word)]
    others = [word for word in words if any(map(str.isdigit, word)) and not _A_YEAR.fullmatch(word)]
    if not years or others or len(words) > _MOST_WORDS or not months().keys().isdisjoint(words):
        return False
    return max(years) < (day.year if day.month > _GRACE else day.year - 1)


_MOST_WORDS = 6  # of a title
_GRACE = 3  # months in which last year's list is today's


def told_over(cells: RowCells, day: date) -> str:
    """Return the cell of a newcomer's place, role, name or number by which they were there once; "" where none is."""
    told = (clean(getattr(cells.row, name)) for name in _SAID_OF_A_PLACE_OR_NAME)
    return next((text for text in told if is_over(text, day)), "")


def beside_number(line: WorkbookLine, cells: RowCells) -> str:
    """Return the words beside a number that is none of the line for them: « carte rendue : 8997… »; those of its header
    aside.
    """
    cell = cells.row.cpx_number
    set_aside = not line.number.usable and len(line.typed_numbers) == 1 and "CPX_FORMAT" in line.number.codes
    words = _DIGITS.sub(" ", cell).split() if set_aside and numbers_typed(cell) else []
    return " ".join(word for word in words if not dress_words().issuperset(label_key(word).split()))


def _last_of_two(raw: str) -> list[tuple[int, int, int]]:
    """The second of two days, « du 01/07/2026 au 31/08/2026 »."""
    found = days_in(raw)
    if len(found) <= 1 or not _BETWEEN.search(raw):
        return []
    last = found[-1]
    return [(last.year, last.month, last.day)]


def _until(raw: str) -> list[tuple[int, int, int]]:
    """The one day before which it was: « jusqu'au 31/08/2026 », « avant juin 2026 »."""
    when, _ = date_in(raw)
    return [(when.year, when.month, when.day)] if when and _BEFORE.search(raw) else []


def _end_of(found: re.Match[str]) -> tuple[int, int, int]:
    """The last day of a season or a month of a year, or one after it that no month has."""
    month, year = found["last"], int(found["year"])
    return year, _season_ends().get(month) or months()[month], _LAST_DAY


_LAST_DAY = 31


@cache
def _seasons() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<last>{'|'.join(_season_ends())})\s+(?P<year>20\d\d)\b(?!\s*[-/])")


@cache
def _of_months() -> re.Pattern[str]:
    names = "|".join(sorted(months(), key=len, reverse=True))
    return re.compile(
        rf"\b(?:{names})\.?\s*(?:[-–/&]|a|au|et)\s*(?:fin\s+|\d\d?(?:er)?\s+)?(?P<last>{names})\.?\s+(?P<year>20\d\d)\b"
    )


@cache
def _season_ends() -> dict[str, int]:
    """Season → the month in which it ends."""
    return {word: month for month in range(1, 13) for word in arrival_words(f"season_{month}")}
