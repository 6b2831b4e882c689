"""Columns « Titulaire », « Remplaçant », « Assistant » that hold ticks: a rank or a function, one a column."""

from functools import lru_cache

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, HeaderKey
from connectors.sources.sheet.wide import function_and_rank, title_group
from schemas.nomenclatures import code_of, label_of
from schemas.words import clean

_TICKED = {"✓", "✔", "☑", "☒", "✗", "✘"}
_ONLY = "TITULAIRE"  # of this column alone « Non » says something: the other rank
_REGIONAL = "CRH_ST"
_RANKED = ("CHV_ST", _REGIONAL)
_MOST_TICKS = 4  # ways to tick in one column


@lru_cache(maxsize=1024)
def _answer(text: str) -> str:
    return "OUI" if clean(text) in _TICKED else code_of("yes_no", text)


def ticked_columns(grid: Grid, header: Header) -> dict[int, str]:
    """Return column → group of those that no field is read from and that hold nothing but ticks; {} where a rank is
    read.
    """
    taken = {at for columns in header.columns.values() for at in columns}
    if "rank" in header.fields:
        return {}
    found = {}
    for at, text in enumerate(header.texts):
        title = text.replace("?", " ")
        group = (title_group(title) or _of_a_region(title)) if text and at not in taken else ""
        if group and not any(sign.isdigit() for sign in group) and _holds_ticks(grid, header, at):
            found[at] = group
    return found


def _of_a_region(title: str) -> str:
    """« CRH », « CRH-ST »: a function without a group in a wide layout."""
    return _REGIONAL if code_of("functions", clean(title)) == _REGIONAL else ""


def _holds_ticks(grid: Grid, header: Header, column: int) -> bool:
    cells: set[str] = set()
    for row in range(header.last_row + 1, len(grid.rows)):
        if (text := grid.cell(row, column)) and text not in cells:
            cells.add(text)
            if len(cells) > _MOST_TICKS or not _answer(text):  # nearly always the first that is written
                return False
    return bool(cells)


def read_ticks(grid: Grid, row: int, ticked: dict[int, str], values: dict[HeaderKey, str]) -> dict[HeaderKey, str]:
    """Read the function and rank that the ticks of a row say; what its other cells say stays."""
    said: dict[HeaderKey, str] = {}
    function_code = code_of("functions", values.get(("", "function"), ""))
    for at, group in ticked.items():
        answer = _answer(grid.cell(row, at)) if grid.cell(row, at) else ""
        function, rank = (label_of("functions", group), "") if group == _REGIONAL else function_and_rank(group)
        if answer == "OUI":
            said |= {("", "rank"): rank} if rank else {("", "function"): function}
        elif answer == "NON" and list(ticked.values()) == [_ONLY] and function_code in _RANKED:
            said["", "rank"] = label_of("ranks", "REMPLACANT")
    return {key: text for key, text in said.items() if not values.get(key)}
