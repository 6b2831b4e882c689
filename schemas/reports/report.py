"""What a report and a mail say, before any of it is drawn."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from schemas.changes.change import PostRef
from schemas.people.vocabulary import WordLine
from schemas.reports.health import Health
from schemas.reports.known_figure import Basis
from schemas.reports.stakes import Stakes
from schemas.reports.visit import ReportPlace

# The sheets of changes, in the order of contract §9; their titles are `sheet.<key>` of the catalogue.
SHEET_KEYS = ("create", "modify", "deactivate", "cards", "review")

# A piece of a value, and whether it is what differs.
Part = tuple[str, bool]


_FILE_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def _file_part(scope: str) -> str:
    """A code as it is. An unknown one comes from the annuaire as somebody typed it: « ../x » may not lead anywhere."""
    if not scope or _FILE_PART.fullmatch(scope):
        return scope
    digest = hashlib.sha256(scope.encode()).hexdigest()[:8]
    return "-".join(filter(None, (re.sub(r"[^A-Za-z0-9]+", "-", scope)[:30].strip("-"), digest)))


def plain(parts: tuple[Part, ...]) -> str:
    """Return the value without its marks."""
    return "".join(text for text, _ in parts)


@dataclass(frozen=True, slots=True)
class FormLink:
    """A form or page of procedure §3: « Formulaire 301 » and its address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a sheet: a change, or one changed field of it.

    `urgency` is the French word of the severity; `action` what to do, in two words. `field`, `before` and
    `after` are filled in « À modifier » alone; elsewhere `details` has one « label : value » per line (what
    to type in, the card, the candidates). `reason` is a sentence with its source, `guidance` the steps,
    `form` the form or page the steps send to, `notes` whatever else must be known (meant for another post,
    linked to), `state` whether it is new or was announced before. `lost_on` is the first day without access, where a
    card says so. `token` comes back with the decision. `offers`: the answers that fit the question, in order; `values`:
    what to type in, (field, value), one a cell; `email`, `phone`, `letter`: how a card's holder is told. `with_it`:
    (id, status) of what the answer decides beside, the other halves of one question.
    """

    change_id: str
    token: str
    kind: str
    severity: str
    urgency: str
    status: str
    action: str
    account_id: str
    person: str
    national_id: str
    function: str
    structure: str
    structure_code: str
    field: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    details: tuple[str, ...]
    reason: str
    guidance: str
    notes: tuple[str, ...]
    lost_on: date | None
    state: str = ""
    form: FormLink | None = None
    offers: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    email: str = ""
    phone: str = ""
    letter: FormLink | None = None
    with_it: tuple[tuple[str, str], ...] = ()

    def value(self, field: str) -> str:
        """Return what to type into a field, "" for nothing."""
        return dict(self.values).get(field, "")


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A sheet of lines, in reading order (access first). `key` is one of SHEET_KEYS."""

    key: str
    title: str
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class RejectLine:
    """A row of the updater's own workbook that could not be read as it stands, or was repaired (`mended`): then nobody
    has to do anything.
    """

    source: str
    location: str
    effect: str
    label: str
    message: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """Something that an updater wrote, as the administrator reads it: when, of whose report, by whom, about whom, what
    was asked there, the answer or what kind of thing it is, the text, and what there is to do.
    """

    day: date
    post: str
    sender: str
    about: str
    asked: str
    answer: str
    text: str
    todo: str


@dataclass(frozen=True, slots=True)
class SummaryCount:
    """One line of the « Synthèse »: a kind of change, on which sheet, how many of each severity."""

    kind: str
    label: str
    sheet: str
    access: int
    important: int
    info: int

    @property
    def total(self) -> int:
        """All severities."""
        return self.access + self.important + self.info


@dataclass(frozen=True, slots=True)
class Deadline:
    """How many people lose their access by when; « now » for those who have lost it. Of a horizon, or of one week;
    `unknown`: of how many nobody knows.
    """

    label: str
    count: int
    now: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture: what threatens or ends an access, and the rest (0 where there is no such thing).

    `access` is None where nobody knows it; `unknown`: the bar is of those of whom nobody knows.
    """

    label: str
    access: int | None
    others: int = 0
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One updater's report; `sheets` stand in the order of SHEET_KEYS, empty ones included.

    `weeks`: the accounts of this updater whose access ends if nobody acts, week by week. `calendar` is the same for
    a picture: those lost already, then every week of the horizon, empty ones included. `ages`: the changes by the
    time they have waited. `health`: how the accesses of their accounts stand, None where nobody looked; `unknown`: what
    to say of those that nobody could judge. In the administrator's, `cause`: why the cards of `unverified` accounts of
    the whole annuaire could not be looked at.
    `born`: (id, day) of the changes that are announced: one that was closed and is true again is announced again.
    `words`: for the administrator, wordings that somebody has to say the meaning of, and those that were said.
    `unable`: for the administrator, the updaters who cannot act; it is said where a mail leaves, and sends none.
    `troubles`: for the administrator, what is wrong with the night itself, in few words.
    `vanished`: the accounts that the annuaire has no more, by name: for the workbook, never for a mail.
    `unread`: nobody could look at the cards of its accounts, and its reader cannot mend that.
    `stakes`: what its lines do to accesses; `elsewhere`: the administrator's, how the accesses of all others stand.
    `remarks`: for the administrator, what came back that is no decision.
    `places`: the establishments of its lines with all their people, to be printed. `answered`: whose access is lost,
    and whose line was answered: they stand on no sheet, and in the figures. `own_cards`: what to say to a holder of
    the post whose own card ends: somebody else enters it. `workbooks`: the files that they keep; `remind_on`: the day
    on which what has no answer comes again; `contacts`: whom to ask, beside the hotlines.
    """

    updater: PostRef
    title: str
    addressee: str
    recipients: tuple[str, ...]
    as_of: date
    lot: str
    counts: tuple[SummaryCount, ...]
    deadlines: tuple[Deadline, ...]
    sheets: tuple[ReportSheet, ...]
    rejects: tuple[RejectLine, ...]
    notices: tuple[str, ...]
    help_lines: tuple[str, ...]
    overdue: tuple[tuple[str, int], ...] = ()
    only_put_off: bool = False
    born: tuple[tuple[str, str], ...] = ()
    weeks: tuple[Deadline, ...] = ()
    health: Health | None = None
    unknown: tuple[str, ...] = ()
    cause: str = ""
    unverified: int = 0
    calendar: tuple[Bar, ...] = ()
    ages: tuple[Bar, ...] = ()
    unable: tuple[str, ...] = ()
    words: tuple[WordLine, ...] = ()
    troubles: tuple[str, ...] = ()
    stakes: Stakes = field(default_factory=Stakes)
    elsewhere: Health | None = None
    unread: bool = False
    vanished: tuple[str, ...] = ()
    remarks: tuple[RemarkLine, ...] = ()
    places: tuple[ReportPlace, ...] = ()
    answered: str = ""
    own_cards: tuple[str, ...] = ()
    workbooks: tuple[str, ...] = ()
    remind_on: date | None = None
    contacts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`<post>-<scope>`; the administrator has no scope. It can be a file's name and stand in a header."""
        return "-".join(filter(None, (self.updater.post, _file_part(self.updater.scope))))

    @property
    def file_name(self) -> str:
        """The file of contract §5."""
        return f"{self.name}.xlsx"

    @property
    def dated_name(self) -> str:
        """The same for an attachment: of two nights in one folder one sees which is the later."""
        return f"{self.name}_{self.as_of.isoformat()}.xlsx"

    @property
    def total(self) -> int:
        """Changes in the report, a change of several fields counted once."""
        return sum(count.total for count in self.counts)

    @property
    def access(self) -> int:
        """Of which somebody cannot, or will not be able to, log in."""
        return sum(count.access for count in self.counts)

    @property
    def basis(self) -> Basis:
        """What the figures of accesses rest on; where nobody looked, on nothing."""
        return self.health.figure("losing").basis if self.health else "unknown"

    @property
    def minimum(self) -> bool:
        """There may be more accesses lost or threatened than are known."""
        return self.health is None or not self.health.figure("losing").whole

    @property
    def to_mend(self) -> int:
        """Rejects that somebody has to correct; the others were mended when they were read."""
        return sum(not one.mended for one in self.rejects)

    @property
    def statuses(self) -> dict[str, str]:
        """Change id → status, each change once; those that are decided with another stand on no line of their own."""
        lines = [line for sheet in self.sheets for line in sheet.lines]
        return {line.change_id: line.status for line in lines} | {
            key: one for line in lines for key, one in line.with_it
        }

    @property
    def fresh(self) -> int:
        """Changes their updater has not been told of, each question once, as `total` counts them."""
        lines = {line.change_id: line for sheet in self.sheets for line in sheet.lines}
        return sum("new" in (line.status, *(one for _, one in line.with_it)) for line in lines.values())

    @property
    def said_done(self) -> int:
        """Those that were said to be done and that the annuaire does not show."""
        lines = {line.change_id: line.status for sheet in self.sheets for line in sheet.lines}
        return Counter(lines.values())["accepted"]

    @property
    def undecided(self) -> int:
        """Those that wait for a decision."""
        return self.total - self.said_done
