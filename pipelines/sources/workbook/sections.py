"""Sections of a sheet: below « Départs » stand those who left, as on a sheet of that name (contract §3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.presence import PRESENT, UNKNOWN, presence_of
from pipelines.sources.workbook.sheets import IN_DOUBT, UNDER_TITLE
from schemas.nomenclatures import label_of
from schemas.reading.sheet_meaning import LEAVERS, may_mean_leavers, means_leavers, orders_leaving


@dataclass(slots=True)
class LeaversSection:
    """A title of leavers, where it stands, and the rows below it, to the next title or blank row."""

    title: str
    location: str
    rows: list[Record]


def mark_leavers(records: list[Record], day: date) -> list[LeaversSection]:
    """Read those below a title of leavers as gone; none where nobody would be left, for such a file is of today.

    Needs the titles marked (`nobody.py`). « Actif » below such a title is a question, and so is whoever stands below «
    À retirer de l'annuaire », « Comptes à désactiver »: what is to be done tells of no departure.
    """
    found = [one for one in list(_sections(records)) if one.rows]
    below = sum(len(one.rows) for one in found)
    if not found or below == sum("_alone" not in record for record in records):
        return []
    plain = [one for one in found if means_leavers(one.title) and not orders_leaving(one.title)]
    for one in found:
        if one not in plain:
            for record in one.rows:
                record[UNDER_TITLE] = one.title
    for record in (record for one in plain for record in one.rows):
        if presence_of(record["status"], day) in (PRESENT, UNKNOWN):
            record[IN_DOUBT] = record["status"]
        else:
            record["_leavers"] = LEAVERS
            record["status"] = label_of("statuses", "LEFT")
    return plain


def _sections(records: Iterable[Record]) -> Iterator[LeaversSection]:
    """The titles of leavers with their rows, sheet by sheet: a row of one cell, or the title merged above a row."""
    now: LeaversSection | None = None
    last, place, title = 0, "", ""
    for record in records:
        row, above = int(record.get("_row") or 0), record.get("_title", "")
        if record["_place"] != place:
            now, place, title = None, record["_place"], above  # the title of the whole sheet is `sheets.py`'s
        if alone := record.get("_alone"):
            if now := _opened(record[alone], record):
                record[alone] = ""  # no establishment that the rows below would continue
                yield now
        elif above != title and (now is None or above != now.title):
            if now := _opened(above, record):
                yield now
        elif now and now.rows and row > last + 1:
            now = None
        if now and not alone:
            now.rows.append(record)
        last, title = row, above or title


def _opened(title: str, record: Record) -> LeaversSection | None:
    return LeaversSection(title, record["_location"], []) if may_mean_leavers(title) else None
