"""Cells of a name that could not be read: « #N/A », « #REF! », « Chargement… » of a sheet that is linked elsewhere.

Nobody is invented by them, and nobody ended: whoever the place has is kept, and somebody is asked (contract §6a).
"""

from collections.abc import Iterable

from pipelines.sources.cells.known_people import Record
from pipelines.sources.workbook.row.unnamed import UNNAMED
from schemas.people.workbook_line import NAME_FIELDS
from schemas.reading.mark import is_not_loaded

_PLACE = ("structure_code", "structure_name")


def mark_not_loaded(records: Iterable[Record]) -> bool:
    """Mark the rows whose names were not loaded; return whether of one of them even the place is unknown."""
    lost = False
    for record in records:
        names = [record[name] for name in NAME_FIELDS if record[name]]
        if "_alone" in record or not names or not any(map(is_not_loaded, names)):
            continue
        record[UNNAMED] = " ".join(names)
        for name in _PLACE:
            record[name] = "" if is_not_loaded(record[name]) else record[name]
        lost = lost or not any(record[name] for name in _PLACE)
    return lost
