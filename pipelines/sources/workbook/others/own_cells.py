"""The departures that the cells of rows tell of others (contract §6a): taken out of them, so that they are never their
own person's, and asked of whom they mean, if it can be told; else of whom the place has.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.normalize import civility_code, parse_date
from pipelines.sources.cells.known_people import People, Record
from pipelines.sources.cells.presence import LEFT, presence_of
from pipelines.sources.cells.role import role_of
from pipelines.sources.workbook.others.crowd import NOBODY, Crowd, Meant, Somebody
from pipelines.sources.workbook.others.of_whom import told_of
from pipelines.sources.workbook.others.shared_cells import SharedCell, shared_departures
from schemas.nomenclatures import code_of, rows
from schemas.people.workbook_line import NAME_FIELDS, UnreadRow
from schemas.words import clean

FORMER = "_former"  # « Ancien titulaire parti » of a titulaire: of whom was there before, or of the person
_CELLS = ("status", "ended_on", "comment")
_SIDE = " ,;.-–—"


@dataclass(frozen=True, slots=True)
class _File:
    source: str
    place_of: Callable[[Record], str]
    day: date

    def somebody(self, record: Record) -> Somebody:
        function, rank = role_of(record["function"], record["rank"], record["structure_type"])
        posts = (function, rank, code_of("professions", record["profession"]))
        ended = parse_date(record["ended_on"])[0] if record["ended_on"] else None
        gone = presence_of(record["status"], self.day) == LEFT or (ended is not None and ended <= self.day)
        name = (record["last_name"], record["first_name"])
        civility = civility_code(record["civility"])
        return Somebody(name, civility, frozenset(filter(None, posts)), self.place_of(record), gone)

    def asked(self, record: Record, meant: Sequence[Somebody], wording: str) -> Iterator[UnreadRow]:
        """The question about the one who is meant, else about the place."""
        where = record["_location"]
        if len(meant) == 1:
            one = meant[0]
            yield UnreadRow(self.source, where, one.place, one.name, (), "", "of_another", wording)
        else:
            yield UnreadRow(self.source, where, self.place_of(record), ("", ""), (), "", "of_whom", wording)


def told_of_others(
    records: Sequence[Record], source: str, place_of: Callable[[Record], str], people: People, day: date
) -> list[UnreadRow]:
    """Return the questions; the cells no longer say what is asked."""
    file = _File(source, place_of, day)
    shared = shared_departures(records, day)
    telling = [record for record in records if _may_tell(record, day)]
    if not shared and not telling:
        return []
    crowd = Crowd([file.somebody(one) for one in records if any(one[name] for name in NAME_FIELDS)], people)
    found = [row for one in shared for row in _of_shared(one, file, crowd)]
    found += [row for record in telling for row in _of_record(record, file, crowd)]
    return list(dict.fromkeys(found))


def _may_tell(record: Record, day: date) -> bool:
    if "_alone" in record or "_leavers" in record or not any(record[name] for name in NAME_FIELDS):
        return False
    return any(record.get(name) and told_of(record[name], day) for name in _CELLS)


def _of_shared(cell: SharedCell, file: _File, crowd: Crowd) -> Iterator[UnreadRow]:
    place = file.place_of(cell.record)
    found = [crowd.meant(one, NOBODY, place) for one in told_of(cell.text, file.day)]
    told = [one for one in found if one is not None]
    shown = cell.text if cell.name == "comment" else f"{_label(cell.name)} : {cell.text}"
    if any(one.known and not one.people for one in told):  # their own row says so
        return
    named = [one.people for one in told if len(one.people) == 1]
    for people in named:
        yield from file.asked(cell.record, people, shown)
    of_nobody = cell.name == "comment" and not told and presence_of(cell.text, file.day) != LEFT
    if not named and not of_nobody:
        yield from file.asked(cell.record, (), shown)


def _of_record(record: Record, file: _File, crowd: Crowd) -> Iterator[UnreadRow]:
    own = file.somebody(record)
    for name in _CELLS:
        text = clean(record.get(name, ""))
        for one in told_of(record.get(name, ""), file.day):
            meant = crowd.meant(one, own, own.place)
            if meant is None:
                if one.former and name != "comment":
                    record[FORMER] = text
                continue
            record[name] = clean(record[name]).replace(one.part, "", 1).strip(_SIDE)
            if _is_asked(meant, name):
                yield from file.asked(record, meant.people, text)


def _is_asked(meant: Meant, name: str) -> bool:
    """A remark about somebody whom no row has is about the past; who is gone by their own row needs no question."""
    return bool(meant.people) if meant.known else name != "comment"


def _label(name: str) -> str:
    return next(row["label"] for row in rows("workbook_columns") if row["field"] == name)
