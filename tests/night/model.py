"""What must be open each night, by a second and simpler reading of contract §6 and §7: nothing of the product is here.

It knows the country as lists of people, places and dates, not as files; and the life of a change as one small loop.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

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

# ── what differs tonight ─────────────────────────────────────────────────────────────────────────


def differences(
    view: View,
    kept: frozenset[str] = frozenset(),
    before: frozenset[str] = frozenset(),
    left: frozenset[str] = frozenset(),
) -> Differences:
    """Everything the sources that could be read say against the annuaire.

    `kept`: whose end was refused or put off; `before`: structures that a workbook mentioned once; `left`: those whose
    people are said to have left.
    """
    found: dict[Key, Found] = {}
    said = _said(view)
    ended, added = set(), set()
    for number, rows in said.items():
        present = [row for row in rows if not row.left]
        if present and view.account_of(number) is None and view.register_read:
            added |= set(_creation(view, number, present, found))
    for key, account in view.accounts.items():
        if account.active:
            rows = said.get(account.number, [])
            additions = set(_additions(view, key, account, rows, found))
            endings = set(_endings(view, key, account, rows, found, view.mentioned() | left))
            added |= {(key, place) for place in additions}
            ended |= {(key, place) for place in endings}
            leaves = endings == account.places and not any(not row.left for row in rows)
            if leaves and not view.may_stand_unseen(account.number):
                found[Key("deactivate_account", "no_assignment_left", key)] = _of_account(view, account)
            elif leaves:
                view.waiting.add(key)
            _fields(view, key, account, rows, found, renewable=not leaves or key in kept)
    _titulaires(view, ended, added, found)
    _silences(view, before, found)
    _not_understood(view, found)
    return found


def _said(view: View) -> dict[str, list[Row]]:
    """Number → what was understood of the rows about it, highest place first."""
    said: dict[str, list[Row]] = {}
    for row in sorted(view.rows, key=lambda one: view.rank(one.place)):
        book = view.book(row.place)
        if row.readable and (book in view.books_read or (book in view.books_partly and not row.left)):
            said.setdefault(row.number, []).append(row)
    return said


def _silences(view: View, before: frozenset[str], found: Differences) -> None:
    """A structure with people, of which a workbook spoke once and says nothing tonight."""
    staffed = {place[0] for one in view.accounts.values() if one.active for place in one.places}
    for code in (staffed & before) - view.mentioned():
        site = view.sites[code]
        if site.book in view.books_read:
            place: Place = (code, *(("CRH-ST", "Titulaire") if site.type == "REGION" else TITULAIRE))
            key = Key("review", "structure_not_mentioned", "", place)
            found[key] = Found(view.updater(place), frozenset({site.book}), "")


def _not_understood(view: View, found: Differences) -> None:
    """One question for each workbook, to who keeps it, with the accounts that its rows may be about."""
    for book in {view.book(row.place) for row in view.unread()}:
        numbers = {row.number for row in view.unread() if view.book(row.place) == book}
        code = next(code for code, site in view.sites.items() if site.book == book and site.type in ("REGION", "ETS"))
        lists = frozenset(key for key, one in view.accounts.items() if one.active and one.number in numbers)
        keeper = "CHV_ST_ETS" if view.sites[code].type == "ETS" else "CRH_ST", code
        found[Key("review", "line_not_understood", "", (code, "", ""))] = Found(keeper, frozenset({book}), "", lists)


def _creation(view: View, number: str, rows: list[Row], found: dict[Key, Found]) -> Iterator[tuple[str, Place]]:
    if number not in view.names:
        book = frozenset({view.book(rows[0].place)})
        key = Key("review", "not_in_register", number, rows[0].place)
        found[key] = Found(view.updater(rows[0].place), book, number)
        return
    for at, row in enumerate(rows):
        book = frozenset({view.book(row.place)})
        if at == 0:
            key = Key("create_account", "missing_account", number, row.place, (("cpx_number", number),))
            top = view.updater(row.place)
        else:
            key, top = Key("add_assignment", "missing_assignment", number, row.place), view.updater(row.place)
        found[key] = Found(top, book, number)
        yield number, row.place


def _additions(view: View, who: str, account: Account, rows: list[Row], found: dict[Key, Found]) -> Iterator[Place]:
    for row in rows:
        if not row.left and row.place not in account.places:
            key = Key("add_assignment", "missing_assignment", who, row.place)
            found[key] = Found(view.updater(row.place), frozenset({view.book(row.place)}), account.number)
            yield row.place


def _endings(
    view: View, who: str, account: Account, rows: list[Row], found: dict[Key, Found], spoken_of: set[str]
) -> Iterator[Place]:
    present = {row.place for row in rows if not row.left}
    gone = {row.place for row in rows if row.left}
    for place in account.places - present:
        hidden = any(
            not r.readable and r.number == account.number and view.book(r.place) == view.book(place) for r in view.rows
        )
        # Of a row at a place that nobody could read it is not known that it is not this one, whosever workbook that is;
        # who has a line of their own is where that line says.
        hidden = hidden or (not rows and any(r.number == account.number and not r.left for r in view.unread()))
        absent = view.book(place) in view.books_read and place[0] in spoken_of and not hidden
        if place in gone or absent:
            found[Key("end_assignment", "", who, place)] = Found(
                view.updater(place), frozenset({view.book(place)}), account.number
            )
            yield place


def _fields(
    view: View, who: str, account: Account, rows: list[Row], found: dict[Key, Found], *, renewable: bool
) -> None:
    about = _of_account(view, account)

    def say(kind: str, reason: str, *target: tuple[str, str], books: frozenset[str] = frozenset()) -> None:
        found[Key(kind, reason, who, target=target)] = Found(about.updater, about.books | books, account.number)

    given = [row for row in rows if row.email and not row.left]
    books = _books(view, account)
    unheard = {view.book(row.place) for row in view.rows if not row.readable and row.number == account.number} & books
    heard = books <= view.books_read and not unheard  # else the one that could not be read may confirm the annuaire
    if heard and given and account.email not in {row.email for row in given}:
        book = frozenset({view.book(given[0].place)})
        say("update_account", "contact_changed", ("email", given[0].email), books=book)
    if not view.register_read or not renewable:  # nobody corrects an account that is closed, or renews its card
        return
    if view.names[account.number] != account.name:
        say("update_account", "identity_changed", ("last_name", view.names[account.number]))
    end = max(view.cards[account.number])
    if end >= view.day and end > account.card_end:
        say("update_account", "card_renewed", ("card_expires_on", end.isoformat()))
    if end < view.day:
        say("card_alert", "card_expired", ("card_expires_on", end.isoformat()))
    elif end <= view.day + timedelta(days=WARNING):
        say("card_alert", "card_expiring", ("card_expires_on", end.isoformat()))


def _titulaires(
    view: View, ended: set[tuple[str, Place]], added: set[tuple[str, Place]], found: dict[Key, Found]
) -> None:
    for code, site in view.sites.items():
        place: Place = (code, *TITULAIRE)
        if site.type == "REGION" or site.book not in view.books_read:
            continue
        held = {(key, place) for key, one in view.accounts.items() if one.active and place in one.places}
        count = len((held - ended) | {one for one in added if one[1] == place})
        if count > 1 or not held:
            reason = "two_titulaires" if count > 1 else "no_titulaire"
            found[Key("review", reason, "", place)] = Found(view.updater(place), frozenset({site.book}), "")


def _books(view: View, account: Account) -> frozenset[str]:
    return frozenset(view.book(place) for place in account.places)


def _of_account(view: View, account: Account) -> Found:
    """An account belongs to the updater of its highest function."""
    top = min(account.places, key=view.rank, default=None)
    if top is None:
        return Found(ADMIN, frozenset(), account.number)
    return Found(view.updater(top), frozenset({view.book(top)}), account.number)


# ── the life of what differs ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Expected:
    """What a night must leave: what is open and what ended, with its status; what is announced; who gets a mail."""

    open: dict[Key, str]
    closed: dict[Key, str]
    announced: frozenset[Key]
    mailed: frozenset[Updater]


class Model:
    """Everything open, night after night; and the structures that a workbook ever mentioned."""

    def __init__(self) -> None:
        self.open: dict[Key, Item] = {}
        self.mentioned: frozenset[str] = frozenset()
        self.exported: set[str] = set()  # the accounts of the last export
        self.away: dict[str, int] = {}  # account → from how many exports in a row it was missing

    @property
    def doubtful(self) -> frozenset[str]:
        """Accounts that are missing, of which nothing is concluded."""
        return frozenset(key for key, count in self.away.items() if count < GONE)

    def tonight(self, view: View) -> dict[Key, Found]:
        """What differs, as the night finds it."""
        ends = ("end_assignment", "deactivate_account")
        stay = {
            key.who
            for key, one in self.open.items()
            if key.kind in ends and (one.status == "refused" or (one.status == "postponed" and one.lasts(view.day)))
        }
        said = {key.place[0] for key, item in self.open.items() if _is_silence(key) and item.status == "accepted"}
        return differences(view, frozenset(stay), self.mentioned, frozenset(said))

    def night(self, view: View) -> Expected:
        """Move on by one night."""
        view = self._missing(view)
        found = self.tonight(view)
        self.mentioned |= view.mentioned()
        links = {key: frozenset(other for other in found if linked(key, other)) for key in found}
        doubted = {key for key, what in found.items() if self._rests_on_missing(key, what.lists)}
        found = {key: what for key, what in found.items() if key not in doubted}
        found = {key: what for key, what in found.items() if not self._settled(key, links[key])}
        slots = {key.slot for key in found}
        closed = {}
        for key in [key for key in self.open if key not in found]:
            if key in doubted or self._rests_on_missing(key, self.open[key].lists):
                doubted.add(key)
                continue
            if key.who in self.away:
                closed[key] = "done" if self.open[key].status == "accepted" else "withdrawn"
            elif _entered(key, view):
                closed[key] = "done"
            elif key.slot in slots:
                closed[key] = "superseded"
            elif self._readable(key, view):
                closed[key] = "withdrawn"
        for key in closed:
            del self.open[key]
        due = set()
        for key, what in found.items():
            item = self.open.setdefault(key, Item(what.updater, what.books, what.number, "new", view.day))
            item.updater, item.books, item.number = what.updater, what.books, what.number
            item.links, item.lists = links[key], what.lists
            if self._due(item, view.day):
                due.add(key)
        due |= self._reminded_together(due, set(found), view.day)
        return self._told(due, closed, view, doubted)

    def _rests_on_missing(self, key: Key, lists: frozenset[str]) -> bool:
        """It is about an account that is missing, or lists one."""
        return not self.doubtful.isdisjoint({key.who, *lists})

    def _missing(self, view: View) -> View:
        """Who is missing: as they were, until that has lasted; then there no more."""
        known = self.exported | set(self.away) | {key.who for key in self.open}
        before = self.away
        self.away = {key: min(before.get(key, 0) + 1, GONE) for key in sorted(view.missing & known)}
        told = any(before.get(key, 0) < GONE for key in self.away)
        self.exported = set(view.accounts) - view.missing
        there = self.exported | self.doubtful
        accounts = {key: one for key, one in view.accounts.items() if key in there}
        return replace(view, accounts=accounts, troubles=view.troubles or told)

    def _settled(self, key: Key, links: frozenset[Key]) -> bool:
        """Not to be asked, because of what was decided of its other half."""
        rules = {PAIRS.get((one.kind, self.open[one].status, key.kind)) for one in links if one in self.open}
        return "withdrawn" in rules or ("postponed" in rules and key not in self.open)

    def _readable(self, key: Key, view: View) -> bool:
        """All that could still say it was read."""
        item = self.open[key]
        if key.kind == "deactivate_account":
            account = view.accounts.get(key.who)
            present = any(not row.left for row in _said(view).get(account.number, [])) if account else False
            if present or (account and view.may_stand_unseen(account.number)):
                return present
        of_register = key.reason not in (
            "contact_changed",
            "",
            "no_assignment_left",
            "no_titulaire",
            "two_titulaires",
            "structure_not_mentioned",
            "line_not_understood",
        )
        account = view.accounts.get(key.who)
        books = item.books | (_books(view, account) if account else frozenset())
        hidden = {view.book(row.place) for row in view.rows if not row.readable and row.number == item.number}
        return books <= view.books_read - hidden and (view.register_read or not of_register)

    def _due(self, item: Item, day: date) -> bool:
        if item.status == "postponed" and item.until is not None and item.until <= day:
            item.status, item.since = "notified", day
            return True
        if item.status not in ("notified", "accepted"):
            return False
        if item.status == "notified" and item.told_to != item.updater:
            return True
        return day - max(item.told or item.since, item.since) >= timedelta(days=REMIND)

    def _reminded_together(self, due: set[Key], found: set[Key], day: date) -> set[Key]:
        """Once something has waited a fortnight at an updater's, all that waits there is told of in one mail."""

        def waited(key: Key) -> int:
            item = self.open[key]
            return (
                (day - max(item.told, item.since)).days if item.told and item.status in ("notified", "accepted") else 0
            )

        late = {self.open[key].updater for key in due if waited(key) >= REMIND}
        at_least = {"notified": 1, "accepted": REMIND / 2}
        here = {key for key in found if self.open[key].updater in late}
        return {key for key in here if waited(key) >= at_least.get(self.open[key].status, day.toordinal())}

    def _told(self, due: set[Key], closed: dict[Key, str], view: View, doubted: set[Key]) -> Expected:
        hidden = {key for key, one in self.open.items() if self._waits(key, one, view)}
        listed = {key for key, item in self.open.items() if item.status in ("new", "notified")} | due
        listed -= hidden | doubted
        speaking = {self.open[key].updater for key in listed if key in due or self.open[key].status == "new"}
        speaking |= {ADMIN} if view.troubles or view.waiting else set()
        announced = set()
        for key in listed:
            item = self.open[key]
            if item.updater in speaking:
                if item.status == "new":
                    announced.add(key)
                    item.status, item.since = "notified", view.day
                elif key not in due:
                    continue  # it stands in the report again; being listed is no reminder
                item.told, item.told_to = view.day, item.updater
        statuses = {key: item.status for key, item in self.open.items() if key not in hidden}
        return Expected(statuses, closed, frozenset(announced), frozenset(speaking))

    def _waits(self, key: Key, item: Item, view: View) -> bool:
        """A deactivation of somebody who may stand unseen somewhere is shown to nobody."""
        return key.kind == "deactivate_account" and view.may_stand_unseen(item.number)

    def decide(self, key: Key, status: str, day: date, until: date | None = None) -> None:
        """An updater said so, and of the other half with it."""
        item = self.open[key]
        item.status, item.since, item.until = status, day, until
        for other in item.links & set(self.open):
            half = self.open[other]
            becomes = PAIRS.get((key.kind, status, other.kind))
            if becomes == "withdrawn" and half.status in ("new", "notified", "postponed"):
                del self.open[other]
            elif becomes and half.status in ("notified", "postponed"):
                half.status, half.since, half.until = becomes, day, until


def linked(one: Key, other: Key) -> bool:
    """Two changes about one account, or one person to come: what is added, what ends."""
    return one != other and one.who == other.who and one.kind in ONE_PERSON and other.kind in ONE_PERSON


def _is_silence(key: Key) -> bool:
    return key.reason == "structure_not_mentioned"


def _entered(key: Key, view: View) -> bool:
    """The annuaire shows it."""
    account = view.accounts.get(key.who) or view.account_of(key.who)
    match key.kind:
        case "create_account":
            return view.account_of(key.who) is not None
        case "add_assignment":
            return account is not None and account.active and key.place in account.places
        case "end_assignment":
            return account is not None and (not account.active or key.place not in account.places)
        case "deactivate_account":
            return account is not None and not account.active
        case "update_account":
            return account is not None and dict(key.target).items() <= _shown(account).items()
    return False


def _shown(account: Account) -> dict[str, str]:
    return {
        "last_name": account.name,
        "email": account.email,
        "card_expires_on": account.card_end.isoformat(),
    }


def differing(wanted: Iterable[Key], found: Iterable[Key]) -> str:
    """What one has and the other has not, to be read by a person; "" when they agree."""
    wanted, found = set(wanted), set(found)
    lines = [f"missing {key}" for key in wanted - found] + [f"extra {key}" for key in found - wanted]
    return "\n".join(sorted(lines))
