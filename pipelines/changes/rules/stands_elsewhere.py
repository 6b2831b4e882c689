"""Who is absent from the lines and stands somewhere else in a workbook: nobody so named is gone (contract §6a).

Beside the table, below it, on a sheet without a known header, in a note, in a row whose cells slid: they keep what they
have, and the workbook's keeper is asked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipelines import names
from pipelines.matching.candidates import Match
from pipelines.matching.identify import Identity
from pipelines.normalize import phone_key
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.workbook.beside.last_names import words_of_places
from pipelines.sources.workbook.beside.other_sites import named_sites
from pipelines.sources.workbook.traces import ANYWHERE, NOT_KNOWN, KnownRow, Sought, Trace, trace_of, traces
from schemas.people.assignment import Account, Assignment
from schemas.people.workbook_line import UnreadRow, WrittenRow

Row = tuple[str, str]
"""Source, row."""


@dataclass(frozen=True, slots=True)
class StandsElsewhere:
    """`of`: account → where something of it stands; `texts`: all that is written in these rows; `sites`: account → the
    structures that its own rows name besides their own.
    """

    of: Mapping[str, Sequence[Trace]] = field(default_factory=dict)
    texts: Mapping[Row, Sequence[str]] = field(default_factory=dict)
    sites: Mapping[str, set[str]] = field(default_factory=dict)

    def keeps(self, account_id: str, held: Assignment, *, elsewhere: bool) -> bool:
        """Tell whether what stands there keeps a function: of somebody with a line of their own only where the row is
        about its very structure (`elsewhere`).
        """
        rows = {(one.source, one.line) for one in self.of.get(account_id, ())}
        if not elsewhere:
            return bool(rows)
        if held.structure_code in self.sites.get(account_id, ()):
            return True
        return any(held.structure_code in text for row in rows for text in self.texts[row])


def standing_of(
    snapshot: Snapshot, matches: Sequence[Match], identities: Mapping[str, Identity], wanted: Iterable[str]
) -> StandsElsewhere:
    """Tell where the accounts that would end or be deactivated stand all the same, in one reading of the cells."""
    sought = _sought(snapshot, identities, wanted)
    if not sought.accounts:
        return StandsElsewhere()
    found: dict[str, list[Trace]] = defaultdict(list)
    heard, own = _Heard(snapshot, matches), _own_rows(matches, sought)
    sites: dict[str, set[str]] = defaultdict(set)
    for row in snapshot.written:
        at_row = row.source, row.line
        if sought.may_stand_in(row.text, heard.at(at_row)) and not heard.is_repeated(row):
            for one in traces(row, sought, heard.get(at_row) or NOT_KNOWN, snapshot.day):
                found[one.account_id].append(one)
        for at, code, key in _sites_of(row, own.get(at_row, ()), snapshot, sought):
            found[key].append(trace_of(row, key, at))
            sites[key].add(code)
    texts: dict[Row, list[str]] = {(one.source, one.line): [] for told in found.values() for one in told}
    for row in snapshot.written if texts else ():
        if (row.source, row.line) in texts:
            texts[row.source, row.line].append(row.text)
    return StandsElsewhere(dict(found), texts, sites)


class _Heard:
    """What is known of a row by its lines, told when somebody asks: of a country of them it is never held at once."""

    def __init__(self, snapshot: Snapshot, matches: Sequence[Match]) -> None:
        self._snapshot = snapshot
        self._first: dict[Row, Match | UnreadRow] = {}
        self._more: dict[Row, list[Match]] = defaultdict(list)
        for one in matches:
            key = one.line.source, one.line.location
            if self._first.setdefault(key, one) is not one:
                self._more[key].append(one)
        for row in snapshot.unread:
            self._first.setdefault((row.source, row.location), row)

    def get(self, row: Row) -> KnownRow | None:
        """Return it; None where nothing is. A row of several people is certain where all of them are."""
        first = self._first.get(row)
        if not isinstance(first, Match):
            return KnownRow(place=first.structure_code) if first else None
        found = _with(KnownRow(certain=True), first, self._snapshot)
        for one in self._more.get(row, ()):
            found = _with(found, one, self._snapshot)
        return found

    def at(self, row: Row) -> str:
        """Where a first name alone may mean somebody, as `KnownRow.at` has it; more of what is known is not asked."""
        last = self._more[row][-1] if row in self._more else self._first.get(row)
        if isinstance(last, Match):
            line = last.line
            return line.assignment.structure_code or ("" if names.bag((line.last_name, line.first_name)) else ANYWHERE)
        return (last.structure_code if last else "") or ANYWHERE

    def is_repeated(self, row: WrittenRow) -> bool:
        """Tell whether nothing is known of a row, and a known one says the same: it names nobody."""
        return (row.source, row.line) not in self._first and (row.source, row.text) in self._repeated

    @cached_property
    def _repeated(self) -> set[Row]:
        """(source, text) of such rows."""
        written, known = self._snapshot.written, self._first
        unknown = {(one.source, one.text) for one in written if (one.source, one.line) not in known}
        return {
            (one.source, one.text)
            for one in written
            if (one.source, one.line) in known and (one.source, one.text) in unknown
        }


def _own_rows(matches: Sequence[Match], sought: Sought) -> Mapping[Row, list[Match]]:
    """Row → the certain lines in it of those who are looked for."""
    found: dict[Row, list[Match]] = defaultdict(list)
    for one in matches:
        if one.account_id in sought.accounts and not one.line.left:
            found[one.line.source, one.line.location].append(one)
    return found


def _sites_of(
    row: WrittenRow, own: Sequence[Match], snapshot: Snapshot, sought: Sought
) -> Iterator[tuple[int, str, str]]:
    """(column, structure, account) of the other places that somebody's own row names, where they have a function."""
    for one in own:
        key, here = one.account_id or "", one.line.assignment.structure_code
        places = sought.accounts[key].places - {here}
        known = [(code, at.name) for code in sorted(places) if (at := snapshot.structures.get(code))]
        name = snapshot.structures[here].name if here in snapshot.structures else ""
        for column, code in named_sites(row, name, known) if known else ():
            yield column, code, key


def _sought(snapshot: Snapshot, identities: Mapping[str, Identity], wanted: Iterable[str]) -> Sought:
    keys = sorted(wanted)
    mine = {key: snapshot.accounts[key] for key in keys}
    sought = Sought(mine, _emails(snapshot.active_accounts()) - _emails(mine.values()) if keys else frozenset())
    shared = _shared(mine.values(), snapshot.active_accounts()) if keys else frozenset()
    for key in keys:
        account = snapshot.accounts[key]
        number = account.number
        known = {number.number, number.raw, identities[key].person_id, snapshot.register.resolve(number.number)} - {""}
        at = (snapshot.structures.get(code) for code in account.places)
        sought.add(account, known, shared, [one.name for one in at if one])
    return sought


def _emails(accounts: Iterable[Account]) -> frozenset[str]:
    return frozenset(one.email.strip().lower() for one in accounts)


def _shared(mine: Iterable[Account], accounts: Iterable[Account]) -> frozenset[str]:
    """The addresses and telephones of these that several accounts have: those of one alone are theirs, on however many
    lines.
    """
    held = Counter(dict.fromkeys((one for account in mine for one in _reached_at(account)), 0))
    for account in accounts:
        held.update(one for one in _reached_at(account) if one in held)
    return frozenset(one for one, count in held.items() if count > 1)


def _reached_at(account: Account) -> set[str]:
    return {account.email.strip().lower(), phone_key(account.phone)} - {""}


def _with(known: KnownRow, one: Match, snapshot: Snapshot) -> KnownRow:
    """What is known of a row, and one more of its lines."""
    line, name = one.line, (one.line.last_name, one.line.first_name)
    certain = bool(one.account_id or one.own) and known.certain
    weighed = known.weighed | {*one.protected, *([one.account_id] if one.account_id else [])}
    place, number = line.assignment.structure_code, line.number.number if line.number.usable else ""
    weighed |= snapshot.judgements.set_aside(name, (place,), number)  # it was answered that they are not meant
    own = known.own | _sounds_of(snapshot, name, one.account_id)
    at = snapshot.structures.get(place)
    return KnownRow(certain, names.bag(name), place, weighed, own, words_of_places([at.name] if at else []))


def _sounds_of(snapshot: Snapshot, name: names.Name, account_id: str | None) -> frozenset[str]:
    """How the words of a line's name sound, and those of its account's."""
    account = snapshot.accounts[account_id] if account_id else None
    told = (*name, *((account.last_name, account.first_name) if account else ()))
    return frozenset(names.sound(word) for part in told for word in names.words_of(part))


def named(account: Account) -> str:
    """Return it as a question names them."""
    return f"{account.last_name} {account.first_name}".strip()
