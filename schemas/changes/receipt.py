"""What came back, and what is answered to it: one receipt for each return and post, at most once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from schemas.changes.change import PostRef
from schemas.changes.decision import Verdict
from schemas.changes.remark import RemarkKind

ReturnOutcome = Literal[
    "recorded", "seen", "empty", "unreadable", "stranger", "anothers", "automatic", "bounce", "letter", "workbook"
]
UNUSED: tuple[ReturnOutcome, ...] = (
    "unreadable",
    "stranger",
    "anothers",
)  # nothing of it counted; it may come once more, mended

# « due »: to be sent; « sending »: on its way, and nobody knows after a kill; « none »: nobody to tell, or no way out.
ReceiptOutcome = Literal["due", "sending", "sent", "unknown", "none"]


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """A place in a returned file, and what is to be said of it in French; `kind` of what stands there; `line`: the
    establishment and the reference, for a sheet may be sorted, and is not at hand on a telephone; `text`: names of
    files, and what stands beside an answer, without names.
    """

    sheet: str
    row: int
    kind: RemarkKind
    why: str
    line: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """ReceiptWords of people's own, what they were taken for, until which day, and how often."""

    said: str
    verdict: Verdict
    until: date | None
    count: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that counts, in its own words, without anybody's name.

    `named`: it is none of Fait, Refusé, Reporté; `effect`: what comes of it; `was`, `was_on`: the answer that it takes
    the place of; `again`: it had been given before; `cancelled`: it only takes back the one before.
    """

    change_id: str
    sheet: str
    row: int
    verdict: Verdict
    text: str
    named: bool = False
    effect: str = ""
    was: str = ""
    was_on: date | None = None
    again: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What became of one returned file, as its receipt says it: no comment, no name.

    `again`: how many of those counted had been given before; `read_as`: words of their own; `first_seen`: when this
    very file was taken in before; `message`: why it could not be used; `given`: the answers that count and say more
    than Fait, Refusé, Reporté, or something else than before; `sent`: when its mail was sent; `standing`: lines with an
    answer from before, and none in this file; `for_its_mail`: answers were asked back for what its mail says;
    `settled_lines`: which those of `settled` are, where they stand in the file; `urgent`: where the lines stand that
    threaten an access, each with its change's id as `line`.
    """

    outcome: ReturnOutcome
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    again: int = 0
    settled: int = 0
    read_as: tuple[ReceiptWords, ...] = ()
    places: tuple[AnswerPlace, ...] = ()
    message: str = ""
    first_seen: date | None = None
    lot: str = ""
    given: tuple[GivenAnswer, ...] = ()
    sent: datetime | None = None
    standing: tuple[AnswerPlace, ...] = ()
    for_its_mail: bool = False
    settled_lines: tuple[AnswerPlace, ...] = ()
    urgent: tuple[AnswerPlace, ...] = ()

    @property
    def taken(self) -> int:
        """How many answers count."""
        return sum(self.counts.values())

    @property
    def to_make_plain(self) -> tuple[AnswerPlace, ...]:
        """The answers that do not count as they stand."""
        return tuple(one for one in self.places if one.kind in ("asked", "uncounted"))

    @property
    def kept(self) -> tuple[AnswerPlace, ...]:
        """What else was written."""
        return tuple(one for one in self.places if one.kind not in ("asked", "uncounted"))


@dataclass(frozen=True, slots=True)
class Parcel:
    """How something came back: by which mail, from whom; a file of a folder has a key of its own, and no sender.

    `key`: the same thing has the same one, whenever it is looked at again; `sent`: when the mail was sent, if known.
    """

    key: str
    sender: str = ""
    message_id: str = ""
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A file that came back, as the store keeps it; `post`: whose report it is, None where nobody can tell."""

    parcel: Parcel
    file_name: str
    digest: str
    post: PostRef | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class KeptReturn:
    """A return as the store has it: its number, when it came; its receipt."""

    number: int
    at: datetime
    day: date
    returned: Return
    receipt: str
    receipt_outcome: ReceiptOutcome


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The last answer given to a change, as its line of the next report shows it.

    `said`: as it was written, where it was not taken, or is an answer that the question offers; `why`: what to make
    plain.
    """

    day: date
    verdict: Verdict
    counted: bool
    postponed_to: date | None = None
    comment: str = ""
    said: str = ""
    why: str = ""


Tone = Literal["calm", "unknown", "access"]


@dataclass(frozen=True, slots=True)
class ReceiptSection:
    """A part of a receipt: its heading, rows of (where, what), and what is to be said below them."""

    heading: str
    rows: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says, before it is drawn; `headline`: « 6 réponses prises, 24 à préciser »."""

    post: PostRef
    subject: str
    headline: str
    tone: Tone
    opening: tuple[str, ...]
    sections: tuple[ReceiptSection, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the post stands when the receipt leaves: lines that wait for a decision, of which `access` threaten one;
    `others`: who has answered since, when, how many lines; `urgent`: the ids of those of `access`.
    """

    waiting: int = 0
    access: int = 0
    others: tuple[tuple[str, date, int], ...] = ()
    urgent: frozenset[str] = frozenset()
