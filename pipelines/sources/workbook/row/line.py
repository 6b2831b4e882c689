"""The line about a person at a structure that a row of a workbook makes, each of its cells read and checked."""

import re
from datetime import date
from sys import intern

from pipelines.dates import date_in
from pipelines.normalize import add_years, civility_code, parse_date, yes_or_no
from pipelines.sources.cells.departure import departure_of
from pipelines.sources.cells.place import Place
from pipelines.sources.cells.presence import LEFT, left_on, presence_of, says_left
from pipelines.sources.workbook.checks import CHECKS, set_aside
from pipelines.sources.workbook.row.cells import RowCells, RowNight, RowSubject
from pipelines.sources.workbook.row.contacts import emails_of, phones_of
from schemas.nomenclatures import code_of, say
from schemas.people.assignment import Assignment
from schemas.people.workbook_line import WorkbookLine, WorkbookRow
from schemas.reading.issue import Issue
from schemas.reading.mark import says_nothing
from schemas.words import label_key


def line_of(cells: RowCells, place: Place, role: tuple[str, str], who: RowSubject, night: RowNight) -> WorkbookLine:
    """Make the line of a row that names somebody at a place, in a function; what a cell cannot say is set aside."""
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
        profession=_profession(row.profession, role[0]),
        profession_text=row.profession,
        number=who.typed.reading,
        card_type=code_of("card_types", row.card_type),
        card_expires_on=_card_end(row, cells, night),
        emails=emails_of(cells, night),
        phones=phones_of(cells, night),
        bills=yes_or_no(row.bills),
        left=_left(cells, ended_on, night.day),
        comment=row.comment,
        ended_on=ended_on,
        typed_numbers=_one_of(who.further.numbers, who.typed.numbers),
        further=who.further,
    )
    return _checked(row, line, cells)


def _one_of(found: tuple[str, ...], typed: tuple[str, ...]) -> tuple[str, ...]:
    """Where both are the same, as nearly always, one for both: there may be millions of lines."""
    return found if found == typed else typed


def _profession(text: str, function: str) -> str:
    """« Assistante » beside that very function is the function again, and no profession."""
    return "" if text and code_of("functions", text) == function else code_of("professions", text)


def _ended_on(cells: RowCells, day: date) -> date | None:
    """The day of the end, of its own cell or within the status; « parti » where a day is expected means: come."""
    said = cells.row.ended_on
    if said and (departure_of(said, day) == LEFT or label_key(said) == "non"):
        return left_on(said)
    return _date(said, "ended_on", cells) or left_on(cells.row.status)


def _left(cells: RowCells, ended_on: date | None, day: date) -> bool:
    """The status says so, or a day that has come, or a remark where no status speaks; a day to come says: not yet."""
    row = cells.row
    if (ended_on is not None and ended_on <= day) or (row.ended_on and departure_of(row.ended_on, day) == LEFT):
        return True
    state = presence_of(row.status, day)
    if state == LEFT:
        return ended_on is None or "_leavers" not in cells.texts
    return state == "" and says_left(row.comment, day)


def _checked(row: WorkbookRow, line: WorkbookLine, cells: RowCells) -> WorkbookLine:
    """The line without what the checks set aside."""
    for check in CHECKS:
        if check.wrong(row, line):
            cells.add(check.field, check.code, found=getattr(row, check.field), expected=check.expected(line))
            line = set_aside(line, check)
    return line


def _date(text: str, field_name: str, cells: RowCells) -> date | None:
    if field_name != "ended_on" and says_nothing(text):
        return None
    value, codes = parse_date(text)
    for code in codes:
        cells.add(field_name, code, found=text, repaired=f"{value:%d/%m/%Y}" if value else "")
    return value


_LIVES = 2  # of a card: whoever may renew early, or have one of another kind, is within


def _card_end(row: WorkbookRow, cells: RowCells, night: RowNight) -> date | None:
    """End of validity; from the issue date where nothing else is known (procedure §2). Not a day that no card of
    tonight can last to: 2099 is a slip of the finger for 2029.
    """
    years = night.years
    end = _date(row.card_expires_on, "card_expires_on", cells)
    if end and end > add_years(night.day, _LIVES * years):
        cells.add("card_expires_on", "CARD_DATE_INVALID", found=row.card_expires_on)
        return None
    end = None if end and _only_asked_for(end, cells, night) else _known_day(end, cells, night)
    if end and _goes_back(end, cells, night):
        cells.issues.append(_went_back(cells, end))
    issued = _date(row.card_issued_on, "card_issued_on", cells)
    if end or issued is None or issued > add_years(night.day, years):
        return end
    computed = _known_or(add_years(issued, years), cells, night)
    cells.add(
        "card_issued_on",
        "END_DATE_FROM_ISSUE",
        found=f"{issued:%d/%m/%Y}",
        years=years,
        repaired=f"{computed:%d/%m/%Y}",
    )
    return computed


def _only_asked_for(end: date, cells: RowCells, night: RowNight) -> bool:
    """« 31/08/2031 (demandée) », later than the known card's: one that nobody has yet."""
    known = night.around.people.who(cells.texts)
    _, words = date_in(cells.row.card_expires_on)
    later = known is not None and known.card_expires_on and end.isoformat() > known.card_expires_on
    return bool(later) and not _ASKED_FOR.isdisjoint(label_key(words).split())


_ASKED_FOR = {
    "demandee",
    "demande",
    "demander",
    "cours",
    "attente",
    "prevu",
    "prevue",
    "commandee",
    "commande",
    "venir",
}


def _known_day(end: date | None, cells: RowCells, night: RowNight) -> date | None:
    """« Fin mai 2028 » agrees with the 05/05/2028 of the annuaire, and is no other day."""
    text = cells.row.card_expires_on
    if end is None or _SIGNS_OF_A_DAY.search(text) or re.search(rf"\b0?{end.day}\b", text):
        return end
    known = night.around.people.who(cells.texts)
    same = known is not None and known.card_expires_on[:7] == f"{end:%Y-%m}"
    return date.fromisoformat(known.card_expires_on) if known and same else end


def _known_or(computed: date, cells: RowCells, night: RowNight) -> date:
    """The end that the annuaire has, where the computed one is but the day before or after: a card runs from the 6th to
    the 5th.
    """
    known = night.around.people.who(cells.texts)
    ends = date.fromisoformat(known.card_expires_on) if known and known.card_expires_on else computed
    return ends if abs((ends - computed).days) <= 1 else computed


def _goes_back(end: date, cells: RowCells, night: RowNight) -> bool:
    """The annuaire has an end to come for this very number: this is the end of the card before."""
    known = night.around.people.who(cells.texts)
    if known is None or not known.card_expires_on:
        return False
    latest = date.fromisoformat(known.card_expires_on)
    return end < night.day <= latest


def _went_back(cells: RowCells, end: date) -> Issue:
    told = say("row.card_went_back", found=f"{end:%d/%m/%Y}")
    return Issue(cells.source, cells.place("card_expires_on"), "card_expires_on", "CARD_DATE_INVALID", told)


_SIGNS_OF_A_DAY = re.compile(r"\d{5,}")  # 46539, 20280531
