"""What the columns of a sheet hold, where its headers do not say: a list without a header row, « UF » over FINESS
numbers, « Vous êtes : » over functions.

A column is taken for what nearly all its cells are, and for nothing where two columns could be it.
"""

import re
from collections.abc import Callable, Sequence

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header
from schemas.nomenclatures import code_of, ets_of, region_of, rows
from schemas.people.identifiers import classify_cpx, classify_finess
from schemas.people.role_words import role_said
from schemas.reading.cell import letters
from schemas.table_words import words_where
from schemas.words import clean, label_key

_SEARCHED = 300  # rows of a sheet
_FEWEST = 3  # rows, or cells of a column
_FEWEST_CELLS = 3  # of a row of a table
_NEARLY = 0.9  # of the cells of a column
_VALUES = 2  # cells that nobody would write as a header: a number, an address
_CPE = re.compile(r"3\d{9}/\d+")
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_PHONE = re.compile(r"(?:\+33\s?|0)?[1-9](?:[ .\-]?\d{2}){4}")
_DAY = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}(?: 00:00:00)?")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’\-.][^\W\d_]+)*\.?")


def by_content(grid: Grid, header: Header) -> Header | None:
    """Return the header with the needed fields that it lacks, by what its other columns hold; of a sheet without any
    header all that is found. None where nothing is added.
    """
    bare = not header.columns or _holds_values(grid, header.last_row)
    first = _first_row(grid) if bare else header.last_row + 1
    if first is None:
        return None
    if bare and not _holds_values(grid, first):
        header, first = Header(first, first, {}, texts=tuple(grid.rows[first])), first + 1
    elif bare:
        header = Header(first - 1, first - 1, {})
    cells = _columns(grid, first, {at for own in header.columns.values() for at in own})
    found = {at: kind for at, texts in cells.items() if (kind := _kind_of(texts))}
    if "last_name" not in header.fields:
        found |= _names({at: texts for at, texts in cells.items() if at not in found})
    several = {kind for kind in found.values() if list(found.values()).count(kind) > 1}
    told = {kind: at for at, kind in found.items() if kind not in several and kind not in header.fields}
    if not bare:
        told = {kind: at for kind, at in told.items() if kind in _NEEDED}
    if not told:
        return None
    columns = {**header.columns, **{("", kind): [at] for kind, at in told.items()}}
    unread = tuple(
        text for text in header.unread if text not in {header.texts[at] for at in told.values() if header.texts}
    )
    return Header(header.first_row, header.last_row, columns, unread, header.texts, header.dates, header.titled)


_NEEDED = ("structure_code", "structure_name", "function", "cpx_number", "last_name", "first_name")


def lacks_functions(header: Header) -> bool:
    """Tell whether a header has ranks and no functions: that is enough, and another column may hold them all the
    same.
    """
    return "rank" in header.fields and "function" not in header.fields


def said_of(header: Header, before: Header, labels: dict[str, str]) -> str:
    """Return which columns were so understood: « A (FINESS), D (Fonction) »."""
    new = sorted((at[0], name) for key, at in header.columns.items() if key not in before.columns for name in key[1:])
    return ", ".join(f"{letters(at)} ({labels.get(name, name)})" for at, name in new)


def _first_row(grid: Grid) -> int | None:
    return next((at for at, row in enumerate(grid.rows) if sum(map(bool, map(clean, row))) >= _FEWEST_CELLS), None)


def _holds_values(grid: Grid, row: int) -> bool:
    texts = [clean(text) for text in grid.rows[row]]
    return sum(bool(text) and any(is_one(text) for is_one in _PLAIN) for text in texts) >= _VALUES


def _columns(grid: Grid, first: int, taken: set[int]) -> dict[int, list[str]]:
    """Column → what is written in it, of the rows of the table; only columns that most rows fill."""
    table = [row for row in grid.rows[first : first + _SEARCHED] if sum(map(bool, row)) >= _FEWEST_CELLS]
    found: dict[int, list[str]] = {}
    for at in range(max(map(len, table), default=0)):
        texts = [text for row in table if at < len(row) and (text := clean(row[at]))]
        if at not in taken and len(texts) >= _FEWEST:
            found[at] = texts
    return found


# ── kinds ────────────────────────────────────────────────────────────────────────────────────────


def _is_number(text: str) -> bool:
    return bool(_CPE.fullmatch(text)) or (len(text) > _FINESS_SIGNS and classify_cpx(text).usable)


_FINESS_SIGNS = 9


def _is_place(text: str) -> bool:
    return bool(classify_finess(text)[0] or (not text.isalpha() and region_of(text)) or ets_of(text))


def _coded(table: str) -> Callable[[str], bool]:
    return lambda text: bool(code_of(table, text))


def _is_function(text: str) -> bool:
    return bool(role_said(text)[0])


_PLAIN = (_is_number, _is_place, _EMAIL.fullmatch)
_KINDS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("cpx_number", _is_number),
    ("structure_code", _is_place),
    ("email", _EMAIL.fullmatch),
    ("phone", _PHONE.fullmatch),
    ("function", _is_function),
    ("rank", _coded("ranks")),
    ("civility", _coded("civilities")),
    ("profession", _coded("professions")),
    ("card_type", _coded("card_types")),
    ("structure_type", _coded("structure_types")),
    ("status", _coded("statuses")),
    ("card_expires_on", _DAY.fullmatch),
)


def _kind_of(texts: Sequence[str]) -> str:
    return next(
        (kind for kind, holds in _KINDS if sum(bool(holds(text)) for text in texts) >= _NEARLY * len(texts)), ""
    )


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _names(cells: dict[int, list[str]]) -> dict[int, str]:
    """Column → establishment, last or first name: words alone, those of hospitals first; capitals are last names."""
    words = {at: texts for at, texts in cells.items() if sum(map(_is_name, texts)) >= _NEARLY * len(texts)}
    places = [at for at, texts in words.items() if 2 * sum(map(_is_hospital, texts)) > len(texts)]
    people = [at for at in words if at not in places]
    found = {places[0]: "structure_name"} if len(places) == 1 else {}
    if len(people) == 1:
        found[people[0]] = "last_name"
    elif len(people) == 2 and people[1] == people[0] + 1:
        shouted = [sum(map(str.isupper, words[at])) for at in people]
        last, first = (people[1], people[0]) if shouted[1] > shouted[0] else people
        found |= {last: "last_name", first: "first_name"}
    return found


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def _is_hospital(text: str) -> bool:
    return not _hospital_words().isdisjoint(label_key(text).split())


def _hospital_words() -> frozenset[str]:
    kinds = {*words_where("place_words", kind="kind")}
    return frozenset(kinds | {row["written"] for row in rows("structure_words") if row["means"]})
