"""The country as the model of the nights knows it: people, places and dates, not files; and what a change is."""

from dataclasses import dataclass, field
from datetime import date

WARNING, REMIND = 90, 14
Place = tuple[str, str, str]  # structure, function, rank
Updater = tuple[str, str]  # post, scope
TITULAIRE = ("CHV-ST", "Titulaire")
ADMIN: Updater = ("ADMIN_EFIT", "")
NOWHERE: Place = ("", "", "")
AT_A_PLACE = ("create_account", "add_assignment", "end_assignment", "review")
GONE = 3  # exports in a row
ONE_PERSON = ("create_account", "add_assignment", "end_assignment", "deactivate_account")  # linked to each other
# What was decided of one half, and what the other then is, which has no meaning without it.
PAIRS = {
    ("end_assignment", "refused", "deactivate_account"): "withdrawn",
    ("end_assignment", "postponed", "deactivate_account"): "postponed",
    ("deactivate_account", "accepted", "end_assignment"): "accepted",
    ("create_account", "refused", "add_assignment"): "withdrawn",
    ("create_account", "postponed", "add_assignment"): "postponed",
}


@dataclass(frozen=True, slots=True)
class Site:
    """A structure: its type, the region it lies in, the workbook that lists its people."""

    type: str
    region: str
    book: str


@dataclass(slots=True)
class Account:
    """An account of the annuaire."""

    number: str
    name: str
    email: str
    card_end: date
    active: bool = True
    places: set[Place] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a workbook; `email` "" when none is given or it cannot be read."""

    number: str
    place: Place
    email: str
    left: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """What there is to see tonight. `books_read`, `register_read`: what could be used of it.

    `books_partly`: workbooks that are not whole: who stands in them is there, and they end nobody. `missing`: accounts
    that the export lacks.
    """

    day: date
    accounts: dict[str, Account]
    rows: tuple[Row, ...]
    names: dict[str, str]
    cards: dict[str, tuple[date, ...]]
    sites: dict[str, Site]
    books_read: frozenset[str]
    books_partly: frozenset[str]
    register_read: bool
    troubles: bool
    waiting: set[str] = field(default_factory=set)  # whose deactivation waits, filled in by whoever looks
    missing: frozenset[str] = frozenset()

    def book(self, place: Place) -> str:
        """The workbook of a place."""
        return self.sites[place[0]].book

    @property
    def all_heard(self) -> bool:
        """No workbook in which somebody may stand unseen."""
        return self.books_read >= {site.book for site in self.sites.values()}

    def unread(self) -> list[Row]:
        """Rows that name somebody, in workbooks that could be opened, and whose place nobody could read."""
        heard = self.books_read | self.books_partly
        return [row for row in self.rows if not row.readable and self.book(row.place) in heard]

    def may_stand_unseen(self, number: str) -> bool:
        """Somewhere they may have a function that nobody could read."""
        return not self.all_heard or any(row.number == number and not row.left for row in self.unread())

    def mentioned(self) -> set[str]:
        """The structures that a workbook is about tonight."""
        return {row.place[0] for row in self.rows if row.readable and self.book(row.place) in self.books_read}

    def account_of(self, number: str) -> Account | None:
        """The active account with this number."""
        return next((one for one in self.accounts.values() if one.active and one.number == number), None)

    def rank(self, place: Place) -> tuple[bool, Place]:
        """Regional before local, then by code."""
        return self.sites[place[0]].type not in ("REGION", "ETS"), place

    def updater(self, place: Place) -> Updater:
        """Procedure §4."""
        site = self.sites[place[0]]
        if site.type == "SITE":
            return "CHV_ST_ETS", "ETS-CPDL"
        if site.type == "ES" or (site.type == "REGION" and place[1] == "Assistant"):
            return "CRH_ST", site.region
        return ADMIN


@dataclass(frozen=True, slots=True)
class Key:
    """A change by what it says: kind, reason, account or number, place, target.

    An ending has no reason of its own: who was left out of a workbook and is then said to have left ends once.
    """

    kind: str
    reason: str
    who: str
    place: Place = NOWHERE
    target: tuple[tuple[str, str], ...] = ()

    @property
    def slot(self) -> tuple[object, ...]:
        """What it is about, whatever the target."""
        reason = self.reason if self.kind in ("update_account", "review") else ""
        return self.kind, self.who, self.place, reason


@dataclass(slots=True)
class Item:
    """An open change: where it stands, whose it is, who was told of it when, what it was last linked to."""

    updater: Updater
    books: frozenset[str]
    number: str
    status: str
    since: date
    told: date | None = None
    told_to: Updater | None = None
    until: date | None = None
    links: frozenset[Key] = frozenset()
    lists: frozenset[str] = frozenset()

    def lasts(self, day: date) -> bool:
        """Postponed beyond this day."""
        return self.until is None or self.until > day


@dataclass(frozen=True, slots=True)
class Found:
    """Whose a change is, the workbooks it was read in, whom it is about; the accounts that it lists."""

    updater: Updater
    books: frozenset[str]
    number: str
    lists: frozenset[str] = frozenset()


Differences = dict[Key, Found]
