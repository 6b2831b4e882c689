"""What the name of a sheet, or the title above its rows, says of everybody in it, where no column says it.

« CHV-ST titulaires » is a function and a rank, « CH de Valvert » an establishment.
"""

import re

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, field_of
from schemas.nomenclatures import label_of, region_of
from schemas.people.identifiers import classify_finess
from schemas.people.role_words import role_said
from schemas.words import label_key

_FEWEST_UNTITLED = 2  # rows above the first title, which say that titles are no establishments
_FEWEST_CELLS = 3  # of a row that is no title
_MOST_BLANK = 2  # rows between a title and the header
_REGION_DIGITS = 2
_TABLE = "workbook_columns"
_SEARCHED = 1000  # rows below a header in which the first title stands
_FORM_ROWS = 15  # above a header
_NO_NAME = re.compile(r"^(?:feuil(?:le)?|sheet|tabelle|onglet|liste|classeur|data|export|tableau|page)?\s*\d*$")
_OF_REGIONS = "CRH_ST"
ROLE, PLACE = ("function", "rank"), ("structure_code", "structure_name", "legal_entity")


def names_something(sheet: str) -> bool:
    """Tell whether « CH de Valvert », or a FINESS number, may be an establishment; « Feuil1 » is none."""
    return not _NO_NAME.fullmatch(label_key(sheet)) or bool(classify_finess(sheet)[0] or _is_a_region(sheet))


def _is_a_region(sheet: str) -> bool:
    return len(sheet.strip()) == _REGION_DIGITS and bool(region_of(sheet.strip()))


def places_in_titles(grid: Grid, header: Header) -> int:
    """Return how many titles, each a cell alone in its row, stand above rows; 0 where rows stand above them all.

    One row right below the header may be of hints.
    """
    titles, untitled, alone = 0, 0, bool(title_above(grid, header))
    for row in range(header.last_row + 1, len(grid.rows)):
        written = sum(1 for at in range(len(grid.rows[row])) if grid.cell(row, at))
        if written == 1:
            alone = True
        elif written >= _FEWEST_CELLS:
            titles += alone
            untitled += not titles
            alone = False
    return titles if untitled < _FEWEST_UNTITLED else 0


def roles_in_titles(grid: Grid, header: Header) -> bool:
    """Tell whether every row of the table stands below a cell alone in its row that says a function."""
    for row in range(header.last_row + 1, min(len(grid.rows), header.last_row + _SEARCHED)):
        written = [text for at in range(len(grid.rows[row])) if (text := grid.cell(row, at))]
        if len(written) == 1 and any(role_said(written[0])):
            return True
        if len(written) >= _FEWEST_CELLS:
            return False
    return False


def title_above(grid: Grid, header: Header) -> str:
    """Return what stands alone in its row above the header, blank rows between or not."""
    row = header.first_row - 1
    for _ in range(_MOST_BLANK):
        row -= row >= 0 and not any(grid.cell(row, at) for at in range(len(grid.rows[row])))
    written = [text for at in range(len(grid.rows[row])) if (text := grid.cell(row, at))] if row >= 0 else []
    return written[0] if len(written) == 1 else ""


def labelled(grid: Grid, header: Header) -> dict[str, str]:
    """Return what a form above the table says of the establishment: « FINESS : | 010007771 », « Établissement : X »."""
    found: dict[str, str] = {}
    for row in range(max(0, header.first_row - _FORM_ROWS), header.first_row):
        cells = [text for at in range(len(grid.rows[row])) if (text := grid.cell(row, at))]
        label, _, beside = cells[0].partition(":") if cells else ("", "", "")
        name = field_of(label, _TABLE, {})
        value = beside.strip() or (cells[1] if len(cells) > 1 else "")
        if name in PLACE and value and not field_of(value, _TABLE, {}):
            found.setdefault(name, value)
    return found


def of_a_region(header: Header, sheet: str, title: str) -> bool:
    """Tell whether « CRH-ST » stands above a table with a column of régions: these are where its people work."""
    return "region" in header.fields and role_said(title, sheet)[0] == label_of("functions", _OF_REGIONS)


def implied(header: Header, sheet: str, title: str) -> dict[str, str]:
    """Return field → text for the rows of a sheet whose columns do not say their role, or their establishment."""
    found: dict[str, str] = {}
    if "function" not in header.fields:
        function, rank = role_said(title, sheet)
        found |= {"function": function} if "rank" in header.fields else {"function": function, "rank": rank}
    twice = len(header.columns.get(("", "last_name"), ())) > 1  # « Nom » of the establishment, « Nom » of the person
    if header.fields.intersection(PLACE) or twice or of_a_region(header, sheet, title):
        return {name: text for name, text in found.items() if text}
    if names_something(sheet):
        found["structure_name"] = sheet
    return {name: text for name, text in found.items() if text}
