"""Twice the accounts and lines: about twice the looking up, never four times. Counted, not timed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from pipelines.changes.compare import compare
from schemas.people.workbook_line import UnreadRow
from tests.matching.labelled import FRESH, labelled_set

T = TypeVar("T")
SIZE = 0.05


class Counted(Mapping[str, T]):
    """A mapping that counts what is taken out of it."""

    def __init__(self, held: Mapping[str, T]) -> None:
        self.taken = 0
        self._held = held

    def __getitem__(self, key: str) -> T:
        self.taken += 1
        return self._held[key]

    def __iter__(self) -> Iterator[str]:
        for key in self._held:
            self.taken += 1
            yield key

    def __len__(self) -> int:
        return len(self._held)


def taken(size: float) -> dict[str, float]:
    """What a comparison takes out of the accounts and the structures, for each account; a row in ten is unread."""
    snapshot = labelled_set(FRESH, size).snapshot
    accounts, structures = Counted(snapshot.accounts), Counted(snapshot.structures)
    unread = tuple(
        UnreadRow(line.source, line.location, line.assignment.structure_code, ("", ""), (line.number.number,))
        for line in snapshot.lines[::10]
    )
    found = compare(replace(snapshot, accounts=accounts, structures=structures, unread=unread))
    assert any(change.kind == "create_account" for change in found.changes)
    return {"accounts": accounts.taken / len(accounts), "structures": structures.taken / len(accounts)}


def test_twice_the_annuaire_is_twice_the_work() -> None:
    once, twice = taken(SIZE), taken(2 * SIZE)
    assert once.keys() == twice.keys()
    for name, each in twice.items():
        assert each < 1.3 * once[name], name
