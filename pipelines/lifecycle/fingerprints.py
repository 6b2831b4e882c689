"""What each source said of each account, person and place, as digests: compared, they tell whether the data changed.

They are of what stands in the files, not of what our rules make of it. Nobody is named: the keys are digests too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from pipelines.digest import PackedDigests, digest
from pipelines.lifecycle.decisions.answer_digests import answer_digests
from pipelines.sources.snapshot import Snapshot
from schemas.people.workbook_line import Convention, UnreadRow, WorkbookLine
from schemas.reading.fingerprints import Fingerprints
from schemas.reading.source_names import ANNUAIRE, is_register

# Of a line: not where it stands, nor what the day makes of it.
_ASIDE = ("source", "location", "left")
SourceRows = Mapping[str, Mapping[str, str]]


def fingerprints_of(snapshot: Snapshot, rows: SourceRows | None = None) -> Fingerprints:
    """Return what was read of everybody and everything met tonight. `rows`: source → its `row_digests`; without them
    what was understood stands for what was written.
    """
    rows = rows or {}
    written = rows.get(ANNUAIRE, {})
    accounts = ((account_key(key), written.get(key) or digest(one)) for key, one in snapshot.accounts.items())
    persons = PackedDigests(_persons(snapshot, rows))
    return Fingerprints(PackedDigests(accounts), persons, dict(_places(snapshot)), answer_digests(snapshot))


def with_fingerprints(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with what was read of everybody as digests, instead of the rows that these are made of: a
    tenth of all that a night holds to its end; and without how the accounts once stood, which was asked by now.
    """
    made, sources = fingerprints_of(snapshot, snapshot.sources.digests), snapshot.sources
    asked = sources.baseline.without_accounts()
    return replace(snapshot, said=made, sources=replace(sources, digests={}, baseline=asked))


def _persons(snapshot: Snapshot, rows: SourceRows) -> Iterator[tuple[str, str]]:
    register = snapshot.register
    written = {line.number.number for line in snapshot.lines}
    written.update(account.number.number for account in snapshot.accounts.values())
    written.update(number for row in snapshot.unread for number in row.numbers)
    written.discard("")
    before: dict[str, set[str]] = defaultdict(set)  # the number a person has now → those that lead to it: of few
    for number in written:
        if (now := register.resolve(number)) != number:
            before[now].add(number)
    written.difference_update(*before.values())
    written |= before.keys()
    tables = [table for source, table in sorted(rows.items()) if is_register(source)]
    for number in written:
        ids = {number, *before.get(number, ())}
        if tables:
            said: object = [[table.get(one, "") for table in tables] for one in sorted(ids)]
        else:
            said = register.persons.get(number), register.cards.get(number, ())
        yield person_key(number), digest((said, sorted(ids)))


def _places(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """What a workbook says of each structure that it covers, of those it says nothing of too."""
    said: dict[tuple[str, str], list[WorkbookLine | UnreadRow | Convention]] = defaultdict(list)
    for structure in snapshot.structures.values():
        for scope in snapshot.scopes_of(structure):
            said[scope.source, structure.code] = []
    for line in snapshot.lines:
        said[line.source, line.assignment.structure_code].append(line)
    for row in snapshot.unread:
        said[row.source, row.structure_code].append(row)
    for one in snapshot.conventions:
        said[one.source, one.structure_code].append(one)
    usable = {scope.source for scope in snapshot.scopes if scope.usable}
    return ((place_key(*at), digest(sorted(map(_content, told)))) for at, told in said.items() if at[0] in usable)


def _content(one: WorkbookLine | UnreadRow | Convention) -> str:
    if isinstance(one, Convention):
        return repr(one)
    return repr([(name, getattr(one, name)) for name in _TOLD[type(one)]])


_TOLD: Mapping[Any, Sequence[str]] = {
    kind: [item.name for item in fields(kind) if item.name not in _ASIDE] for kind in (WorkbookLine, UnreadRow)
}


def account_key(account_id: str) -> str:
    """Return what stands in the store instead of an account's id."""
    return digest(("account", account_id))


def person_key(number: str) -> str:
    """Return what stands in the store instead of a number."""
    return digest(("person", number))


def place_key(source: str, code: str) -> str:
    """Return the same first characters for all places of a workbook, so that one unread keeps what was said of it."""
    return f"{source_key(source)}{digest(('place', source, code))}"


def source_key(source: str) -> str:
    """Return what the keys of all places of a workbook begin with."""
    return f"{digest(('source', source))[:8]}:"
