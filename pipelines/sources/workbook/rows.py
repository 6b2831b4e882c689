"""Rows of a regional workbook become lines about a person at a structure, or clues about a row left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from sys import intern

import pandas as pd

from pipelines.normalize import (
    add_years,
    civility_code,
    parse_date,
    parse_emails,
    parse_phones,
    split_name,
    yes_or_no,
)
from pipelines.sources.cells.bare_number import Typed, read_number
from pipelines.sources.cells.departure import departure_of
from pipelines.sources.cells.further import further_of, seen_cells
from pipelines.sources.cells.known import Record, values_of
from pipelines.sources.cells.place import Place, Surroundings, place_of
from pipelines.sources.cells.presence import LEFT, left_on, presence_of, says_left
from pipelines.sources.cells.role import role_of, role_of_a_rank
from pipelines.sources.cells.several import strangers
from pipelines.sources.judged import records
from pipelines.sources.lost_columns import filled_of
from pipelines.sources.workbook.belongs import figures_of
from pipelines.sources.workbook.checks import CHECKS, set_aside
from pipelines.sources.workbook.doubtful import SAID_IN, unclear_of
from pipelines.sources.workbook.nobody import TITLE, names_nobody
from pipelines.sources.workbook.told import told_once
from pipelines.sources.workbook.understood import row_of, understand
from schemas.nomenclatures import code_of, say
from schemas.people.assignment import Assignment
from schemas.people.identifiers import CpxReading
from schemas.people.workbook import Convention, Further, UnreadRow, WorkbookLine, WorkbookRow, WrittenRow
from schemas.reading.cell import cell_at
from schemas.reading.filled import Filled
from schemas.reading.issue import Issue, issue, quoted
from schemas.reading.source import WorkbookScope
from schemas.words import label_key

TWO_PLACES = "two_places"  # the number says one establishment, the name another


@dataclass(slots=True)
class JudgedWorkbook:
    """The lines of one workbook, the rows left out, the conventions it tells of, and what was wrong.

    `mentioned`: the structures that any of its rows names, vacancies too; `notes`: how its columns were read;
    `figures`: how far its columns are filled, how many rows are about its own places, and about people one knows;
    `written`: its rows as they stand, whatever was read of them.
    """

    scope: WorkbookScope
    lines: list[WorkbookLine] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)
    conventions: list[Convention] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: int = 0
    mentioned: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    figures: Mapping[str, Filled] = field(default_factory=dict)
    written: tuple[WrittenRow, ...] = ()

    @property
    def present(self) -> list[WorkbookLine]:
        """The lines of those who are there, without those who left."""
        return [line for line in self.lines if not line.left]

    def for_presence(self) -> "JudgedWorkbook":
        """Return of a workbook that is not whole: who stands in it is there; it ends nobody, not even by saying so."""
        return replace(self, scope=replace(self.scope, whole=False), lines=self.present)


@dataclass(slots=True)
class _Cells:
    """The issues of one row, each with its cell; `texts`: every column of the row, twins included."""

    source: str
    row: WorkbookRow
    columns: Mapping[str, str]
    texts: Record
    issues: list[Issue] = field(default_factory=list)

    def add(self, field_name: str, code: str, **values: object) -> None:
        self.issues.append(issue(self.source, self.place(field_name), field_name, code, **values))

    def add_reject(self, field_name: str, code: str, found: str) -> None:
        """What the row is left out for; of two places at once the sentence is its own."""
        if field_name != TWO_PLACES:
            self.add(field_name, code, found=found)
            return
        where, told = self.place("structure_code"), say("row.which_place", found=quoted(found))
        self.issues.append(Issue(self.source, where, "structure_code", code, told))

    def place(self, field_name: str) -> str:
        column = self.columns.get(field_name)
        return cell_at(column, self.texts["_row"]) if column else self.row.location


@dataclass(frozen=True, slots=True)
class _Night:
    """What every row is judged against."""

    scope: WorkbookScope
    around: Surroundings
    day: date
    years: int


def workbook_of(
    frame: pd.DataFrame,
    places: Mapping[str, Mapping[str, str]],
    scope: WorkbookScope,
    around: Surroundings,
    *,
    day: date,
    card_validity_years: int,
) -> JudgedWorkbook:
    """Judge every row. A row stays when only a field is wrong; it is left out when it cannot be placed (rules.md).

    `places`: for each `_place` of the frame, field → « feuille!colonne ».
    """
    seen = [seen_cells(record) for record in records(frame)]
    understood = understand(seen, places, scope, around, day)
    seen_all = understood.whole  # else somebody may stand in it whom nobody saw
    scope = replace(scope, complete=scope.complete and seen_all, whole=scope.whole and seen_all)
    judged = JudgedWorkbook(scope, issues=understood.issues, notes=understood.notes)
    night = _Night(scope, around, day, card_validity_years)
    for record in understood.records:
        cells = _Cells(scope.source, row_of(record), understood.columns.get(record["_place"], {}), record)
        _judge(cells, judged, night)
        judged.issues.extend(cells.issues)
    judged.scope = replace(scope, mentioned=frozenset(judged.mentioned))
    judged.issues = told_once(judged.issues)
    headers = {name for place in places.values() for name in place}
    columns = filled_of(frame, "workbook", headers)
    judged.figures = {**columns, **figures_of(scope, judged.lines, around.people)}
    return judged


def _judge(cells: _Cells, judged: JudgedWorkbook, night: _Night) -> None:
    row = cells.row
    place, place_code, found = _place(cells, night)
    if place:
        judged.mentioned.add(place.structure_code)
    convention = yes_or_no(row.efs_convention) is True
    if place and convention:
        judged.conventions.append(Convention(night.scope.source, place.structure_code))
    name = split_name(row.last_name, row.first_name, one_cell="first_name" not in cells.columns)
    if names_nobody(cells.texts):
        _nobody(cells, judged)
        return
    if not (name[1] or name[2] or row.cpx_number) and (convention or not row.function):
        if place is None:
            cells.add(*_PLACE_FIELD[place_code], found=found)
            judged.rejected += 1
        return
    if place:
        _tell_place(row, place, cells)
    typed = _number(cells, place)
    role = _role(cells, place)
    who = _Who(name, typed, place.structure_code if place else "", _further(cells, place, night))
    reject = _reject(place, place_code, role[0], name[1], typed.reading)
    if reject:
        code = reject[1]
        words = found if place is None else row.function
        cells.add_reject(*reject, words)
        judged.rejected += 1
        judged.unread.append(who.unread(cells, "" if code == "NAME_MISSING" else reject[0], words))
        return
    assert place is not None  # _reject said so
    unclear = unclear_of(cells.texts, row, night.day)
    if unclear:
        judged.unread.append(who.unread(cells, unclear, getattr(row, SAID_IN.get(unclear, unclear), "")))
        return
    judged.unread.extend(strangers(cells.texts, row, cells.source, who.structure_code, night.around.people))
    if not name[1]:
        cells.issues.append(Issue(cells.source, row.location, "last_name", "NAME_MISSING", say("row.name_known")))
    judged.lines.append(_line(cells, place, role, who, night))


def _place(cells: _Cells, night: _Night) -> tuple[Place | None, str, str]:
    """As `place_of`; a legal entity of several sites of which none is named, or two places at once, are no place."""
    if "_doubted" in cells.texts:
        return None, "FINESS_FORMAT", cells.row.structure_code
    if "_two_places" in cells.texts:
        return None, TWO_PLACES, cells.texts["_two_places"]
    return place_of(cells.row, night.scope, night.around)


def _further(cells: _Cells, place: Place | None, night: _Night) -> Further:
    code = place.structure_code if place else ""
    known = night.around.structures.get(code)
    return further_of(cells.texts, known.name if known else "", code)


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom a row is about, as far as it can be told: title and names, numbers, structure; and what it has beside."""

    name: tuple[str, str, str]
    typed: Typed
    structure_code: str
    further: Further

    def unread(self, cells: _Cells, field_name: str, wording: str) -> UnreadRow:
        """The row as a clue; `field_name`: what of it was not understood, "" where a value was wrong."""
        reading = self.typed.reading
        numbers = dict.fromkeys((*((reading.number,) if reading.usable else ()), *self.typed.numbers))
        row = cells.row
        return UnreadRow(
            cells.source,
            row.location,
            self.structure_code,
            self.name[1:],
            tuple(numbers),
            reading.raw,
            field_name if self.name[1] or numbers else "",
            wording,
            self.further,
        )


def _nobody(cells: _Cells, judged: JudgedWorkbook) -> None:
    """A vacancy, a total, a title: counted as read, said once, never a person. A title protects whom it may name."""
    kind = names_nobody(cells.texts)
    if kind != TITLE:
        cells.issues.append(issue(cells.source, cells.row.location, "", kind))
    elif cells.row.last_name:
        _, last, first = split_name(cells.row.last_name, "", one_cell=True)
        judged.unread.append(UnreadRow(cells.source, cells.row.location, "", (last, first), ()))


def _role(cells: _Cells, place: Place | None) -> tuple[str, str]:
    """Function and rank; under « Titulaire » in a wide layout stands whoever has that rank at such a structure."""
    row, kind = cells.row, place.structure_type if place else ""
    function, rank = role_of(row.function, row.rank, kind)
    if "|" in cells.texts["_place"] and rank and kind:
        return role_of_a_rank(kind) or function, rank
    return function, rank


def _tell_place(row: WorkbookRow, place: Place, cells: _Cells) -> None:
    for code in place.codes:
        field_name = "structure_type" if code == "STRUCTURE_TYPE_UNKNOWN" else "structure_code"
        found = row.structure_type if code == "STRUCTURE_TYPE_UNKNOWN" else row.structure_code
        cells.add(field_name, code, found=found, repaired=place.structure_code)


_PLACE_FIELD = {
    "FINESS_FORMAT": ("structure_code", "FINESS_FORMAT"),
    "FINESS_KEY": ("structure_code", "FINESS_KEY"),
    "REGION_UNKNOWN": ("structure_code", "REGION_UNKNOWN"),
    "STRUCTURE_TYPE_UNKNOWN": ("structure_type", "STRUCTURE_TYPE_UNKNOWN"),
    TWO_PLACES: (TWO_PLACES, "FINESS_FORMAT"),
}


def _reject(
    place: Place | None, place_code: str, function: str, last_name: str, number: CpxReading
) -> tuple[str, str] | None:
    """(field, code) for which the row is left out; None when it stays."""
    if place is None:
        return _PLACE_FIELD[place_code]
    if not function:
        return "function", "FUNCTION_UNKNOWN"
    if not last_name and not number.usable:
        return "last_name", "NAME_MISSING"
    return None


def _line(cells: _Cells, place: Place, role: tuple[str, str], who: _Who, night: _Night) -> WorkbookLine:
    row, (title, last, first) = cells.row, who.name
    ended_on = _ended_on(cells, night.day)
    line = WorkbookLine(
        source=cells.source,
        location=row.location,
        assignment=Assignment(place.structure_code, *role),
        structure_type=place.structure_type,
        structure_name=row.structure_name,
        region_code=place.region_code,
        parent_code=place.parent_code,
        civility=civility_code(row.civility or title),
        last_name=intern(last),
        first_name=intern(first),
        profession=code_of("professions", row.profession),
        profession_text=row.profession,
        number=who.typed.reading,
        card_type=code_of("card_types", row.card_type),
        card_expires_on=_card_end(row, cells, night),
        emails=_emails(row, cells),
        phones=_phones(row, cells),
        bills=yes_or_no(row.bills),
        left=_left(cells, ended_on, night.day),
        comment=row.comment,
        ended_on=ended_on,
        typed_numbers=who.typed.numbers,
        further=who.further,
    )
    return _checked(row, line, cells)


def _ended_on(cells: _Cells, day: date) -> date | None:
    """The day of the end, of its own cell or within the status; « parti » where a day is expected means: come."""
    said = cells.row.ended_on
    if said and (departure_of(said, day) == LEFT or label_key(said) == "non"):
        return left_on(said)
    return _date(said, "ended_on", cells) or left_on(cells.row.status)


def _left(cells: _Cells, ended_on: date | None, day: date) -> bool:
    """The status says so, or a day that has come, or a remark where no status speaks; a day to come says: not yet."""
    row = cells.row
    if (ended_on is not None and ended_on <= day) or (row.ended_on and departure_of(row.ended_on, day) == LEFT):
        return True
    state = presence_of(row.status, day)
    if state == LEFT:
        return ended_on is None or "_leavers" not in cells.texts
    return state == "" and says_left(row.comment, day)


def _checked(row: WorkbookRow, line: WorkbookLine, cells: _Cells) -> WorkbookLine:
    """The line without what the checks set aside."""
    for check in CHECKS:
        if check.wrong(row, line):
            cells.add(check.field, check.code, found=getattr(row, check.field), expected=check.expected(line))
            line = set_aside(line, check)
    return line


def _number(cells: _Cells, place: Place | None) -> Typed:
    typed = read_number(values_of(cells.texts, "cpx_number"), place.structure_code if place else "")
    for code in typed.reading.codes:
        cells.add("cpx_number", code, found=typed.cell, repaired=typed.reading.number)
    return typed


def _date(text: str, field_name: str, cells: _Cells) -> date | None:
    value, codes = parse_date(text)
    for code in codes:
        cells.add(field_name, code, found=text, repaired=f"{value:%d/%m/%Y}" if value else "")
    return value


_LIVES = 2  # of a card: whoever may renew early, or have one of another kind, is within


def _card_end(row: WorkbookRow, cells: _Cells, night: _Night) -> date | None:
    """End of validity; from the issue date where nothing else is known (procedure §2). Not a day that no card of
    tonight can last to: 2099 is a slip of the finger for 2029.
    """
    years = night.years
    end = _date(row.card_expires_on, "card_expires_on", cells)
    if end and end > add_years(night.day, _LIVES * years):
        cells.add("card_expires_on", "CARD_DATE_INVALID", found=row.card_expires_on)
        return None
    issued = _date(row.card_issued_on, "card_issued_on", cells)
    if end or issued is None or issued > add_years(night.day, years):
        return end
    computed = add_years(issued, years)
    cells.add(
        "card_issued_on",
        "END_DATE_FROM_ISSUE",
        found=f"{issued:%d/%m/%Y}",
        years=years,
        repaired=f"{computed:%d/%m/%Y}",
    )
    return computed


def _emails(row: WorkbookRow, cells: _Cells) -> tuple[str, ...]:
    good, bad = parse_emails(row.email)
    for part in bad:
        cells.add("email", "EMAIL_FORMAT", found=part)
    return tuple(map(intern, good))


def _phones(row: WorkbookRow, cells: _Cells) -> tuple[str, ...]:
    good, bad, restored = parse_phones(row.phone)
    for part in bad:
        cells.add("phone", "PHONE_FORMAT", found=part)
    if restored:
        cells.add("phone", "LEADING_ZERO_RESTORED", found=row.phone, repaired="0" + row.phone)
    return good
