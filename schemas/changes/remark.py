"""What people write into a report, or beside it, that is no decision: nothing of it is lost (contract §7)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from schemas.changes.change import PostRef

RemarkKind = Literal[
    "refusal",
    "beside",
    "asked",
    "uncounted",
    "comment",
    "day",
    "note",
    "row",
    "cell",
    "letter",
    "piece",
    "unread",
    "stranger",
]
"""Why Refusé; a comment beside another decision; a word to be made plain; a decision that cannot count; a comment
alone; a date alone; a note on a cell; a line of theirs; what
stands in any other cell; the text of a mail; a photo or a PDF in it; a file nobody
could read; a stranger's.
"""

KINDS: tuple[RemarkKind, ...] = get_args(RemarkKind)
# Those that a person has to look at: nobody else will.
FOR_A_HUMAN: tuple[RemarkKind, ...] = ("comment", "day", "note", "row", "cell", "letter", "piece", "unread")

# Codes of comments to be seen to, whatever they stand beside: a card's number, a merged establishment.
NUMBER, MERGED, ELSEWHERE = "number", "merged", "elsewhere"
TO_BE_SEEN_TO = (NUMBER, MERGED, ELSEWHERE)
# The codes of what nobody has to read: a line that is only coloured, an answer pulled down below the last line.
COLOURED, PULLED_DOWN = "coloured", "pulled_down"
NOT_TO_BE_READ = (COLOURED, PULLED_DOWN)
# The code of what is written over a title, or in a box over the cells: it may speak of every line of its sheet.
ABOUT_THE_SHEET = "about_the_sheet"
# The code of what somebody added to the name of a sheet: « À désactiver NON ».
ON_THE_TAB = "on_the_tab"


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text that stands where no answer is expected: a note on a cell, or a line that is none of ours.

    `token`: of the line it stands on, "" for a line of theirs; `heads`: the headings of the columns it stands in;
    `code`: what it is more closely, a key of `remark_reason`.
    """

    kind: RemarkKind
    sheet: str
    row: int
    text: str
    token: str = ""
    heads: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was written, and what becomes of it.

    `code`: a key of `remark_reason` in the catalogue; `message`: what was told whoever wrote it, in French.
    """

    kind: RemarkKind
    text: str
    change_id: str = ""
    sheet: str = ""
    row: int = 0
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class KeptRemark:
    """A remark as the store has it: when and on which day it came, of whose report, who sent it, in which file."""

    number: int
    at: datetime
    day: date
    post: PostRef | None
    sender: str
    file_name: str
    remark: Remark
