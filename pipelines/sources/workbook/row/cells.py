"""One row of a workbook while it is judged: its cells with their faults, whom it is about, what it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.sources.cells.bare_number import Typed
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.place import Surroundings
from schemas.nomenclatures import say
from schemas.people.workbook_line import Further, UnreadRow, WorkbookRow
from schemas.reading.cell import cell_at
from schemas.reading.issue import Issue, issue, quoted
from schemas.reading.source import WorkbookScope

TWO_PLACES = "two_places"  # the number says one establishment, the name another


@dataclass(slots=True)
class RowCells:
    """The issues of one row, each with its cell; `texts`: every column of the row, twins included."""

    source: str
    row: WorkbookRow
    columns: Mapping[str, str]
    texts: Record
    issues: list[Issue] = field(default_factory=list)

    def add(self, field_name: str, code: str, **values: object) -> None:
        """Note what is wrong in a cell, or how it was read."""
        self.issues.append(issue(self.source, self.place(field_name), field_name, code, **values))

    def add_reject(self, field_name: str, code: str, found: str) -> None:
        """Note what the row is left out for; of two places at once the sentence is its own."""
        if field_name != TWO_PLACES:
            self.add(field_name, code, found=found)
            return
        where, told = self.place("structure_code"), say("row.which_place", found=quoted(found))
        self.issues.append(Issue(self.source, where, "structure_code", code, told))

    def place(self, field_name: str) -> str:
        """Return the cell of a field; the row where the field has no column."""
        column = self.columns.get(field_name)
        return cell_at(column, self.texts["_row"]) if column else self.row.location


@dataclass(frozen=True, slots=True)
class RowNight:
    """What every row is judged against."""

    scope: WorkbookScope
    around: Surroundings
    day: date
    years: int


@dataclass(frozen=True, slots=True)
class RowSubject:
    """Whom a row is about, as far as it can be told: title and names, numbers, structure; and what it has beside."""

    name: tuple[str, str, str]
    typed: Typed
    structure_code: str
    further: Further

    def unread(self, cells: RowCells, field_name: str, wording: str) -> UnreadRow:
        """Return the row as a clue; `field_name`: what of it was not understood, "" where a value was wrong."""
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
