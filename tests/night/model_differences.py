"""What differs tonight, by a second and simpler reading of contract §6: nothing of the product is here."""

from collections.abc import Iterator
from datetime import timedelta

from tests.night.model_country import ADMIN, TITULAIRE, WARNING, Account, Differences, Found, Key, Place, Row, View


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
    said = said_by(view)
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


def said_by(view: View) -> dict[str, list[Row]]:
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
    books = books_of(view, account)
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


def books_of(view: View, account: Account) -> frozenset[str]:
    return frozenset(view.book(place) for place in account.places)


def _of_account(view: View, account: Account) -> Found:
    """An account belongs to the updater of its highest function."""
    top = min(account.places, key=view.rank, default=None)
    if top is None:
        return Found(ADMIN, frozenset(), account.number)
    return Found(view.updater(top), frozenset({view.book(top)}), account.number)
