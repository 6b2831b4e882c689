"""What must be open each night, by a second and simpler reading of contract §7: the life of a change as one small loop.

Nothing of the product is here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.night.model_country import ADMIN, GONE, ONE_PERSON, PAIRS, REMIND, Account, Found, Item, Key, Updater, View
from tests.night.model_differences import books_of, differences, said_by


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
            present = any(not row.left for row in said_by(view).get(account.number, [])) if account else False
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
        books = item.books | (books_of(view, account) if account else frozenset())
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
