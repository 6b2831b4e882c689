"""The row below somebody's, with nothing but their address and telephone in the columns of the names: it is theirs."""

import re
from collections.abc import Iterator

from pipelines.sources.cells.known_people import Record
from schemas.people.workbook_line import NAME_FIELDS
from schemas.words import clean

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+|00)?\d(?:[ .\-/()]{0,2}\d){8,13}")


def contacts_taken_up(records: list[Record]) -> Iterator[Record]:
    """Yield the rows without those of contacts, « Nom / Mail » and « Prénom / Tél » one below the other; the row above
    has them, where it names somebody and has none of its own.
    """
    above: Record | None = None
    for record in records:
        found = _contacts(record)
        if found and above is not None and _is_below(record, above) and not any(above.get(name) for name in found):
            above.update(found)
            above = None
            continue
        above = record if any(record[name] for name in NAME_FIELDS) else None
        yield record


def _contacts(record: Record) -> dict[str, str]:
    """Field → address or telephone, where the row has nothing else and none elsewhere."""
    if not any("@" in record[name] or record[name][:1].isdigit() or record[name][:1] == "+" for name in NAME_FIELDS):
        return {}  # nearly always
    cells = {name: clean(text) for name, text in record.items() if not name.startswith("_") and clean(text)}
    if not cells or not cells.keys() <= set(NAME_FIELDS):
        return {}
    found: dict[str, str] = {}
    for text in cells.values():
        name = "email" if _EMAIL.fullmatch(text) else "phone" if _PHONE.fullmatch(text) else ""
        if not name or name in found:
            return {}
        found[name] = text
    return found


def _is_below(record: Record, above: Record) -> bool:
    return record["_place"] == above["_place"] and int(record["_row"]) == int(above["_row"]) + 1
