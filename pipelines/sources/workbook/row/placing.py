"""Where a row of a workbook belongs, and for what it is left out."""

from pipelines.sources.cells.place import Place, place_of
from pipelines.sources.workbook.row.cells import TWO_PLACES, RowCells, RowNight
from schemas.people.identifiers import CpxReading
from schemas.people.workbook_line import WorkbookRow


def placed(cells: RowCells, night: RowNight) -> tuple[Place | None, str, str]:
    """Return what `place_of` does; a legal entity of several sites of which none is named, or two places at once, are
    no place.
    """
    if "_doubted" in cells.texts:
        return None, "FINESS_FORMAT", cells.row.structure_code
    if "_two_places" in cells.texts:
        return None, TWO_PLACES, cells.texts["_two_places"]
    return place_of(cells.row, night.scope, night.around)


def tell_place(row: WorkbookRow, place: Place, cells: RowCells) -> None:
    """Note how the place of a row was read."""
    for code in place.codes:
        field_name = "structure_type" if code == "STRUCTURE_TYPE_UNKNOWN" else "structure_code"
        found = row.structure_type if code == "STRUCTURE_TYPE_UNKNOWN" else row.structure_code
        cells.add(field_name, code, found=found, repaired=place.structure_code)


PLACE_FIELD = {
    "FINESS_FORMAT": ("structure_code", "FINESS_FORMAT"),
    "FINESS_KEY": ("structure_code", "FINESS_KEY"),
    "REGION_UNKNOWN": ("structure_code", "REGION_UNKNOWN"),
    "STRUCTURE_TYPE_UNKNOWN": ("structure_type", "STRUCTURE_TYPE_UNKNOWN"),
    TWO_PLACES: (TWO_PLACES, "FINESS_FORMAT"),
}


def rejected_for(
    place: Place | None, place_code: str, function: str, last_name: str, number: CpxReading
) -> tuple[str, str] | None:
    """Return (field, code) for which a row is left out; None when it stays."""
    if place is None:
        return PLACE_FIELD[place_code]
    if not function:
        return "function", "FUNCTION_UNKNOWN"
    if not last_name and not number.usable:
        return "last_name", "NAME_MISSING"
    return None
