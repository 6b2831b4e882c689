"""Rows of a regional workbook become lines about a person at a structure, or clues about a row left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from pipelines.normalize import split_name, yes_or_no
from pipelines.phrase import place_text
from pipelines.sources.cells.bare_number import Typed, read_number, with_evidence, with_known_zeros
from pipelines.sources.cells.known_people import values_of
from pipelines.sources.cells.name_cells import strangers
from pipelines.sources.cells.place import Place, Surroundings
from pipelines.sources.cells.presence import has_departure
from pipelines.sources.cells.role import role_of, role_of_a_rank
from pipelines.sources.cells.second_person import further_of, numbers_elsewhere, seen_cells
from pipelines.sources.judged import records
from pipelines.sources.lost_columns import filled_of
from pipelines.sources.workbook.belongs import figures_of
from pipelines.sources.workbook.beside.legends import with_legend
from pipelines.sources.workbook.beside.told import told_beside
from pipelines.sources.workbook.doubtful import SAID_IN, unclear_of
from pipelines.sources.workbook.gate.acting import held_back, held_by_question, new_once_registered, through_the_gate
from pipelines.sources.workbook.nobody import TITLE, UNSPOKEN, names_nobody
from pipelines.sources.workbook.row.cells import RowCells, RowNight, RowSubject
from pipelines.sources.workbook.row.found import RowFindings, RowFound
from pipelines.sources.workbook.row.judged_by import UNJUDGED, JudgedBy, JudgedTheSame, NumbersAsked, digest_of
from pipelines.sources.workbook.row.line import line_of
from pipelines.sources.workbook.row.placing import PLACE_FIELD, placed, rejected_for, tell_place
from pipelines.sources.workbook.row.two_states import has_account
from pipelines.sources.workbook.row.unnamed import UNNAMED
from pipelines.sources.workbook.told_once import told_once
from pipelines.sources.workbook.understood import row_of, understand, understand_rows
from pipelines.sources.workbook.written import put_away, written_of
from schemas.nomenclatures import say
from schemas.people.workbook_line import Convention, UnreadRow, WorkbookLine, WrittenRow
from schemas.reading.filled import Filled
from schemas.reading.issue import Issue, issue, quoted
from schemas.reading.source import WorkbookScope
from schemas.reading.source_names import WORKBOOK

_MOST = 10  # rows that one note names


@dataclass(slots=True)
class JudgedWorkbook:
    """The lines of one workbook, the rows left out, the conventions it tells of, and what was wrong.

    `mentioned`: the structures that any of its rows names, vacancies too; `notes`: how its columns were read;
    `figures`: how far its columns are filled, how many rows are about its own places, and about people one knows;
    `written`: its rows as they stand, whatever was read of them; `unspoken`: what stands where a name is expected and
    says nothing of anybody, with its rows; `functions`: those that any of its rows names; `judged_by`: see there.
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
    written: Sequence[WrittenRow] = ()
    unspoken: dict[str, list[str]] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    judged_by: JudgedBy = field(default_factory=JudgedBy)

    def take(self, found: RowFound) -> None:
        """Add what was found in a row."""
        self.lines.extend(found.lines)
        self.unread.extend(found.unread)
        self.conventions.extend(found.conventions)
        self.issues.extend(found.issues)
        self.rejected += found.rejected
        self.mentioned.update(found.mentioned)
        self.functions.update(found.functions)
        for words, where in found.unspoken:
            self.unspoken.setdefault(words, []).append(where)

    @property
    def present(self) -> list[WorkbookLine]:
        """The lines of those who are there, without those who left."""
        return [line for line in self.lines if not line.left]

    def for_presence(self) -> "JudgedWorkbook":
        """Return of a workbook that is not whole: who stands in it is there; it ends nobody, not even by saying so."""
        return replace(self, scope=replace(self.scope, whole=False), lines=self.present)


def workbook_of(
    frame: pd.DataFrame,
    places: Mapping[str, Mapping[str, str]],
    against: RowNight,
    written: pd.DataFrame | None = None,
    first: JudgedBy = UNJUDGED,
) -> JudgedWorkbook:
    """Judge every row. A row stays when only a field is wrong; it is left out when it cannot be placed (rules.md).

    `places`: for each `_place` of the frame, field → « feuille!colonne ». `written`: its rows as they stand, which tell
    of departures beside what was read. `first`: what the same rows were judged by when fewer people were known; raises
    JudgedTheSame where nothing would come out otherwise.
    """
    scope, day = against.scope, against.day
    around = with_legend(against.around, written, day)
    understood = understand([seen_cells(record) for record in records(frame)], places, scope.source, around, day)
    understand_rows(understood, scope, around, day)
    told = understood.records, understood.columns, understood.issues, understood.notes, understood.whole
    meant, people = digest_of(*told, understood.told), around.people
    if first.same(meant, people):
        raise JudgedTheSame
    numbers = NumbersAsked(people.by_number)
    around = replace(around, people=replace(people, by_number=numbers))
    seen_all = understood.whole  # else somebody may stand in it whom nobody saw
    scope = replace(scope, complete=scope.complete and seen_all, whole=scope.whole and seen_all)
    judged = JudgedWorkbook(scope, issues=understood.issues, notes=understood.notes)
    night = replace(against, scope=scope, around=around)
    standing, kept, vain = first.standing(meant, people), [], dict[int, frozenset[str]]()
    for at, record in enumerate(understood.records):
        found = standing.get(at)
        if found is None:
            cells = RowCells(scope.source, row_of(record), understood.columns.get(record["_place"], {}), record)
            findings = RowFindings()
            _judge(cells, findings, night)
            found, asked = findings.found(cells.issues), numbers.taken()
        else:
            asked = first.vain.get(at, frozenset())
        judged.take(found)
        kept.append(found)
        if asked:
            vain[at] = asked
    figures = figures_of(scope, judged.lines, people)
    if first.stands(meant, kept, figures, people):
        raise JudgedTheSame
    judged.scope = replace(scope, mentioned=frozenset(judged.mentioned), functions=frozenset(judged.functions))
    judged.unread.extend(understood.told)
    judged.issues = told_once(judged.issues)
    judged.notes.extend(_unspoken_told(judged.unspoken))
    columns = filled_of(frame, WORKBOOK, {name for place in places.values() for name in place})
    judged.figures = {**columns, **figures}
    in_vain = numbers.taken().union(*vain.values())
    judged.judged_by = JudgedBy(meant, in_vain, tuple(kept), vain, figures)
    _hear_what_stands_beside(judged, written_of(written, frame, places, scope.source, day), day, around)
    return judged


def _hear_what_stands_beside(
    judged: JudgedWorkbook, written: tuple[WrittenRow, ...], day: date, around: Surroundings
) -> None:
    beside = told_beside(judged.lines, judged.unread, written, day)
    decisive = new_once_registered(beside.lines, around.people)
    judged.judged_by = replace(judged.judged_by, decisive=decisive)
    already = {row.location for row in (*judged.unread, *beside.asked) if row.not_understood}
    lines, told = held_by_question(beside.lines, beside.asked, around.people)
    judged.lines, asked = through_the_gate(lines, beside.written, day, around, already)
    judged.written = put_away(beside.written)
    judged.unread.extend((*told, *asked))
    judged.notes.extend(beside.notes)


def _unspoken_told(unspoken: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What is written where a person is expected, and names nobody; its places."""
    for words, where in unspoken.items():
        lines = ", ".join(map(place_text, where[:_MOST]))
        yield say("row.unspoken", found=quoted(words), count=len(where), lines=lines)


def _judge(cells: RowCells, judged: RowFindings, night: RowNight) -> None:
    row = cells.row
    place, place_code, found = placed(cells, night)
    nobody = "" if UNNAMED in cells.texts else names_nobody(cells.texts)
    convention = yes_or_no(row.efs_convention) is True
    if place and convention:
        judged.conventions.append(Convention(night.scope.source, place.structure_code))
    name = split_name(row.last_name, row.first_name, one_cell="first_name" not in cells.columns)
    _hear(cells, judged, place, said=bool(name[1] or name[2] or row.cpx_number or convention or nobody))
    if nobody:
        _nobody(cells, judged, nobody, place)
        return
    if not (name[1] or name[2] or row.cpx_number) and (convention or not row.function):
        _place_alone(cells, judged, place, PLACE_FIELD.get(place_code), found)
        return
    if place:
        tell_place(row, place, cells)
    if UNNAMED in cells.texts:
        judged.unread.append(_of_a_place(cells, place, cells.texts[UNNAMED]))
        return
    typed = with_known_zeros(_number(cells, place), night.around.people.by_number)
    role = _role(cells, place)
    code = place.structure_code if place else ""
    known = night.around.structures.get(code)
    who = RowSubject(name, typed, code, further_of(cells.texts, known.name if known else "", code))
    reject = rejected_for(place, place_code, role[0], name[1], typed.reading)
    if reject:
        code = reject[1]
        words = found if place is None else row.function
        cells.add_reject(*reject, words)
        judged.rejected += 1
        judged.unread.append(who.unread(cells, "" if code == "NAME_MISSING" else reject[0], words))
        return
    assert place is not None  # _reject said so
    unclear = unclear_of(cells.texts, row, role[0], night.day)
    if unclear:
        words = cells.texts.get(SAID_IN.get(unclear, unclear), "")
        new = unclear == "status" and not has_account(cells.texts, night.around.people)
        judged.unread.append(who.unread(cells, "not_yet" if new else unclear, words))
        return
    judged.unread.extend(strangers(cells.texts, row, cells.source, who.structure_code, night.around.people))
    if not name[1]:
        cells.issues.append(Issue(cells.source, row.location, "last_name", "NAME_MISSING", say("row.name_known")))
    line = line_of(cells, place, role, who, night)
    held = held_back(line, cells, night)
    if held:
        judged.unread.append(replace(who.unread(cells, held.kind, held.text), strange=held.strange))
        return
    judged.lines.append(line)


def _place_alone(
    cells: RowCells, judged: RowFindings, place: Place | None, code: tuple[str, str] | None, found: str
) -> None:
    """A row without a person: rejected where its place is none; « inchangé sauf l'assistant, parti » is a question."""
    if place is None and code:
        cells.add(*code, found=found)
        judged.rejected += 1
    elif told := next(filter(has_departure, (cells.row.comment, cells.row.status)), ""):
        judged.unread.append(_of_a_place(cells, place, told))
    elif said := cells.row.comment or cells.row.status:  # « fermé le 30/06/2026 »
        judged.unspoken.append((said, cells.row.location))


def _of_a_place(cells: RowCells, place: Place | None, words: str) -> UnreadRow:
    """The question who is at a place, of words that name nobody, or that tell a departure of nobody named."""
    where = place.structure_code if place else ""
    return UnreadRow(cells.source, cells.row.location, where, ("", ""), (), "", "unnamed", words)


def _hear(cells: RowCells, judged: RowFindings, place: Place | None, *, said: bool) -> None:
    """Note the place and the function that a row is about; a place alone says nothing of its people."""
    row = cells.row
    if place and (said or row.function or row.rank):
        judged.mentioned.append(place.structure_code)
    if row.function or row.rank:
        function, rank = _role(cells, place)
        judged.functions.extend((function, f"{function}/{rank}") if rank else (function,))


def _nobody(cells: RowCells, judged: RowFindings, kind: str, place: Place | None) -> None:
    """A vacancy, a total, a title: counted as read, said once, never a person. A title protects whom it may name;
    « sans changement », « pas de réponse » everybody there.
    """
    if kind == UNSPOKEN:
        code = place.structure_code if place else ""
        judged.unread.append(UnreadRow(cells.source, cells.row.location, code, ("", ""), ()))
        words = " ".join(filter(None, (cells.row.last_name, cells.row.first_name)))
        judged.unspoken.append((words, cells.row.location))
    elif kind != TITLE:
        cells.issues.append(issue(cells.source, cells.row.location, "", kind))
    elif cells.row.last_name:
        _, last, first = split_name(cells.row.last_name, "", one_cell=True)
        judged.unread.append(UnreadRow(cells.source, cells.row.location, "", (last, first), ()))


def _role(cells: RowCells, place: Place | None) -> tuple[str, str]:
    """Function and rank; under « Titulaire » in a wide layout stands whoever has that rank at such a structure."""
    row, kind = cells.row, place.structure_type if place else ""
    function, rank = role_of(row.function, row.rank, kind)
    if "|" in cells.texts["_place"] and rank and kind:
        return role_of_a_rank(kind) or function, rank
    return function, rank


def _number(cells: RowCells, place: Place | None) -> Typed:
    at = place.structure_code if place else ""
    typed = read_number(values_of(cells.texts, "cpx_number"), at)
    for code in typed.reading.codes:
        cells.add("cpx_number", code, found=typed.cell, repaired=typed.reading.number)
    return with_evidence(typed, [*numbers_elsewhere(cells.texts, at)])
