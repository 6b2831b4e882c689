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
from pipelines.validate.checks import CHECKS, set_aside
from pipelines.validate.judged import records
from pipelines.validate.place import Place, Surroundings, place_of
from schemas.assignment import Assignment
from schemas.identifiers import CpxReading, classify_cpx
from schemas.issue import Issue, issue
from schemas.nomenclatures import code_of, rows, say
from schemas.source import WorkbookScope
from schemas.words import clean, label_key
from schemas.workbook import Convention, UnreadRow, WorkbookLine, WorkbookRow


@dataclass(slots=True)
class JudgedWorkbook:
    """The lines of one workbook, the rows left out, the conventions it tells of, and what was wrong."""

    scope: WorkbookScope
    lines: list[WorkbookLine] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)
    conventions: list[Convention] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: int = 0

    @property
    def present(self) -> list[WorkbookLine]:
        """The lines of those who are there, without those who left."""
        return [line for line in self.lines if not line.left]

    def for_presence(self) -> "JudgedWorkbook":
        """Of a workbook that is not whole: who stands in it is there; it ends nobody, not even by saying so."""
        return replace(self, scope=replace(self.scope, whole=False), lines=self.present)


@dataclass(slots=True)
class _Cells:
    """The issues of one row, each with its cell."""

    source: str
    row: WorkbookRow
    columns: Mapping[str, str]
    number: str
    issues: list[Issue] = field(default_factory=list)

    def add(self, field_name: str, code: str, **values: object) -> None:
        column = self.columns.get(field_name)
        where = f"{column}{self.number}" if column else self.row.location
        self.issues.append(issue(self.source, where, field_name, code, **values))


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
    judged = JudgedWorkbook(scope)
    mentioned: set[str] = set()
    for record in records(frame):
        row = WorkbookRow.model_validate({**_seen(record), "location": record["_location"]})
        columns = places.get(record["_place"], {})
        cells = _Cells(scope.source, row, columns, record["_row"])
        mentioned.add(_judge(row, cells, judged, scope, around, day, card_validity_years))
        judged.issues.extend(cells.issues)
    judged.scope = replace(scope, mentioned=frozenset(mentioned - {""}))
    return judged


def _seen(record: Mapping[str, str]) -> dict[str, str]:
    """The cells as one sees them; a number keeps its invisible marks, which its reading tells of."""
    return {name: text if name in _AS_WRITTEN else clean(text) for name, text in record.items()}


_AS_WRITTEN = ("cpx_number", "email", "phone", "_row", "_place", "_location")


def _judge(
    row: WorkbookRow,
    cells: _Cells,
    judged: JudgedWorkbook,
    scope: WorkbookScope,
    around: Surroundings,
    day: date,
    years: int,
) -> str:
    """Into `judged`; the code of the structure that the row is about, "" where it cannot be told."""
    title, last, first = split_name(row.last_name, row.first_name, one_cell="first_name" not in cells.columns)
    place, place_code, found = place_of(row, scope, around)
    convention = yes_or_no(row.efs_convention) is True
    if place and convention:
        judged.conventions.append(Convention(scope.source, place.structure_code))
    if not (last or first or row.cpx_number) and (convention or not row.function):
        if place is None:
            cells.add(*_PLACE_FIELD[place_code], found=found)
            judged.rejected += 1
        return place.structure_code if place else ""
    function, rank = role_of(row.function, row.rank, place.structure_type if place else "")
    if place:
        _tell_place(row, place, cells)
    number = _number(row, cells, place)
    reject = _reject(place, place_code, function, last, number)
    if reject:
        cells.add(reject[0], reject[1], found=found if reject[1] == place_code else row.function)
        numbers = (number.number,) if number.usable else ()
        code = place.structure_code if place else ""
        judged.rejected += 1
        judged.unread.append(
            UnreadRow(
                scope.source,
                row.location,
                code,
                (last, first),
                numbers,
                number.raw,
                row.function if reject[1] == "FUNCTION_UNKNOWN" else "",
            )
        )
        return code
    assert place is not None  # _reject said so
    if not last:
        cells.issues.append(Issue(scope.source, row.location, "last_name", "NAME_MISSING", say("row.name_known")))
    judged.lines.append(_line(row, cells, place, (function, rank), (title, last, first), number, day, years))
    return place.structure_code


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


def _line(
    row: WorkbookRow,
    cells: _Cells,
    place: Place,
    role: tuple[str, str],
    name: tuple[str, str, str],
    number: CpxReading,
    day: date,
    years: int,
) -> WorkbookLine:
    title, last, first = name
    ended_on = _date(row.ended_on, "ended_on", cells)
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
        number=number,
        card_type=code_of("card_types", row.card_type),
        card_expires_on=_card_end(row, cells, years),
        emails=_emails(row, cells),
        phones=_phones(row, cells),
        bills=yes_or_no(row.bills),
        left=code_of("statuses", row.status) == "LEFT" or (ended_on is not None and ended_on <= day),
        comment=row.comment,
        ended_on=ended_on,
    )
    return _checked(row, line, cells)


def _checked(row: WorkbookRow, line: WorkbookLine, cells: _Cells) -> WorkbookLine:
    """The line without what the checks set aside."""
    for check in CHECKS:
        if check.wrong(row, line):
            cells.add(check.field, check.code, found=getattr(row, check.field), expected=check.expected(line))
            line = set_aside(line, check)
    return line


_MOST_WORDS = 12  # of a function and its rank; more is no function, and each costs a search


def role_of(function: str, rank: str, structure_type: str) -> tuple[str, str]:
    """(function, rank) codes of what two cells say; « CHV suppléant » says both, « Suppléant » alone a CHV-ST's rank.

    The function is "" when unknown. A rank in its own cell goes before one in the function's words.
    """
    known, said_rank = code_of("functions", function), code_of("ranks", rank)
    if known or not function:
        return known, said_rank
    words = label_key(function).split()
    if len(words) > _MOST_WORDS:
        return "", said_rank
    for at in range(len(words)):
        for part, rest in ((words[at:], words[:at]), (words[: at + 1], words[at + 1 :])):
            found = code_of("ranks", " ".join(part))
            if not found:
                continue
            role = code_of("functions", " ".join(rest)) if rest else _role_of_a_rank(structure_type)
            if role:
                return role, said_rank or found
    return "", said_rank


def _role_of_a_rank(structure_type: str) -> str:
    """Whose rank it is where nothing else is said: only one function with ranks goes with each type (roles.csv)."""
    found = {r["function"] for r in rows("roles") if r["structure_type"] == structure_type and r["rank"]}
    return found.pop() if len(found) == 1 else ""


def _number(row: WorkbookRow, cells: _Cells, place: Place | None) -> CpxReading:
    reading = classify_cpx(row.cpx_number, not_a_person=place.structure_code if place else "")
    for code in reading.codes:
        cells.add("cpx_number", code, found=row.cpx_number, repaired=reading.number)
    return reading


def _date(text: str, field_name: str, cells: _Cells) -> date | None:
    value, codes = parse_date(text)
    for code in codes:
        cells.add(field_name, code, found=text, repaired=f"{value:%d/%m/%Y}" if value else "")
    return value


def _card_end(row: WorkbookRow, cells: _Cells, years: int) -> date | None:
    """End of validity; from the issue date where nothing else is known (procedure §2)."""
    end = _date(row.card_expires_on, "card_expires_on", cells)
    issued = _date(row.card_issued_on, "card_issued_on", cells)
    if end or issued is None:
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
