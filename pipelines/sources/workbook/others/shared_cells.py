"""Cells that are no single person's: behind all groups of a wide sheet, or merged over the rows of several people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.names import bag
from pipelines.normalize import parse_date
from pipelines.sources.cells.departure import departure_of
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.presence import LEFT, presence_of
from pipelines.sources.workbook.others.of_whom import told_of
from schemas.people.workbook_line import BETWEEN_CELLS
from schemas.words import clean


@dataclass(frozen=True, slots=True)
class SharedCell:
    """A text that is nobody's own: the record it stands in first, its field, what it says."""

    record: Record
    name: str
    text: str


def shared_departures(records: Sequence[Record], day: date) -> list[SharedCell]:
    """Return the departures in such cells; none of their records has them any more."""
    return [*_of_wide_rows(records, day), *_merged(records, day)]


def _of_wide_rows(records: Sequence[Record], day: date) -> Iterator[SharedCell]:
    for at, record in enumerate(records):
        for name, text in _pairs(record.get("_of_row", "")):
            if _tells(name, text, day):
                for other in _of_the_row(records, at):
                    if clean(other.get(name, "")) == text:
                        other[name] = ""
                yield SharedCell(record, name, text)


def _of_the_row(records: Sequence[Record], at: int) -> Iterator[Record]:
    """The people of one row of a wide sheet: they follow the first of them."""
    where = records[at]["_location"]
    for record in records[at:]:
        if record["_location"] != where:
            return
        yield record


def _merged(records: Sequence[Record], day: date) -> Iterator[SharedCell]:
    over: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        for name, first in _pairs(record.get("_merged", "")):
            over[record["_place"], name, first].append(record)
    for (_, name, _), theirs in over.items():
        text = clean(theirs[0].get(name, ""))
        people = {bag((record["last_name"], record["first_name"])) for record in theirs} - {""}
        if len(people) > 1 and _tells(name, text, day):
            for record in theirs:
                record[name] = ""
            yield SharedCell(theirs[0], name, text)


def _pairs(told: str) -> Iterator[tuple[str, str]]:
    for one in told.split(BETWEEN_CELLS) if told else ():
        name, _, text = one.partition("=")
        yield name, clean(text)


def _tells(name: str, text: str, day: date) -> bool:
    """A departure that has come is told, of whomever."""
    if not text:
        return False
    if name == "ended_on" and (ended := parse_date(text)[0]) is not None:
        return ended <= day
    if name in ("ended_on", "gone") and departure_of(text, day) == LEFT:
        return True
    return presence_of(text, day) == LEFT or any(one.posts or one.title or one.before for one in told_of(text, day))
