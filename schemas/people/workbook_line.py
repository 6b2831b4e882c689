"""A line of a regional workbook, normalised: one person and function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from schemas.people.assignment import Assignment
from schemas.people.identifiers import CpxReading
from schemas.reading.cell import place_of_row

NAME_FIELDS = ("last_name", "first_name")
DATE_FIELDS = ("card_expires_on", "card_issued_on", "ended_on")


class WorkbookRow(BaseModel):
    """A row of a workbook as text, by our column names, before anything is judged."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    location: str
    structure_code: str = ""
    structure_name: str = ""
    legal_entity: str = ""
    structure_type: str = ""
    region: str = ""
    function: str = ""
    rank: str = ""
    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    profession: str = ""
    cpx_number: str = ""
    card_type: str = ""
    card_expires_on: str = ""
    card_issued_on: str = ""
    email: str = ""
    phone: str = ""
    bills: str = ""
    efs_convention: str = ""
    status: str = ""
    ended_on: str = ""
    gone: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """What the cells of a row hold beside its own person: somebody else may be meant.

    `parted`: the cells of the name have a sign or a word that stands between two people; `remarks`: what is written in
    words elsewhere; `numbers`: every national number whose key is right, wherever it stands.
    """

    parted: bool = False
    remarks: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


NOTHING_FURTHER = Further()


@dataclass(frozen=True, slots=True)
class WorkbookLine:
    """What a row says once read. `left`: Parti, or an end date on or before the day; `bills` None when not said.

    `typed_numbers`: every national number whose key is right among what its cells of numbers hold, `number` included.
    `other_numbers`: those that stand elsewhere in its row, in a note, or in a text that names its person.
    """

    source: str
    location: str
    assignment: Assignment
    structure_type: str
    structure_name: str
    region_code: str
    parent_code: str
    civility: str
    last_name: str
    first_name: str
    profession: str
    profession_text: str
    number: CpxReading
    card_type: str
    card_expires_on: date | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    bills: bool | None
    left: bool
    comment: str = ""
    ended_on: date | None = None
    typed_numbers: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    further: Further = NOTHING_FURTHER


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """The clues of a quarantined row: whoever they may point at is left out of the comparison tonight.

    `name`: last and first; `numbers`: those that could be read; `raw_number`: what stood there.
    `not_understood`: the field whose words (`wording`) nobody could tell the meaning of, "" where a value was wrong.
    `strange`: the words of it, all that asks, and the field of the installation's own words that each would be of.
    """

    source: str
    location: str
    structure_code: str
    name: tuple[str, str]
    numbers: tuple[str, ...]
    raw_number: str = ""
    not_understood: str = ""
    wording: str = ""
    further: Further = NOTHING_FURTHER
    strange: tuple[tuple[str, str], ...] = ()


BETWEEN_CELLS = "\x1f"  # in a row of text as it stands
HEADER_ROW, NOTE = "header", "note"


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row as it stands in a file, whether it was read or not; or a note on one of its cells.

    `text`: its cells from column A, parted by `BETWEEN_CELLS`; `read`: column (from 0) → the field that was
    read there, none where the row was not read; `heads`: column → header. `location`: « Feuil1!12 », a note's its cell.
    `leavers`: the title, or the sheet, of leavers that it stands below; `colours`: what people may call its colour.
    """

    source: str
    location: str
    text: str
    note: bool = False
    read: Mapping[int, str] = field(default_factory=dict)
    heads: Mapping[int, str] = field(default_factory=dict)
    leavers: str = ""
    colours: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The row's location, of a note too."""
        return place_of_row(self.location)

    @property
    def cells(self) -> tuple[str, ...]:
        """What is written in each column, from A on."""
        return _cells_of(self.text)

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        return self.location.rpartition("!")[0]


@lru_cache(maxsize=1024)  # whoever looks through a sheet asks it of each row
def _cells_of(text: str) -> tuple[str, ...]:
    return tuple(text.split(BETWEEN_CELLS))


@dataclass(frozen=True, slots=True)
class Convention:
    """« The EFS declares for this ES »: it needs no user of its own."""

    source: str
    structure_code: str
