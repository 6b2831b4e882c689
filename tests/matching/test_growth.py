"""Twice the accounts and lines: about twice the looking up, never four times. Counted, not timed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from pipelines.changes.compare import compare
from pipelines.changes.fields import number_differs
from pipelines.matching import golden, index
from pipelines.matching.elsewhere import absent
from pipelines.matching.match import match
from pipelines.matching.number_owner import Claim
from pipelines.matching.scoring import Comparable, ScoringContext, claim_of_account
from pipelines.names import sound
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.workbook.traces import KnownRow, Sought, traces
from schemas.people.assignment import Account, Assignment
from schemas.people.person import GoldenPerson
from schemas.people.workbook_line import BETWEEN_CELLS, UnreadRow, WorkbookLine, WrittenRow
from tests.invented_nights import DAY, account
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


def test_an_accounts_number_is_judged_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def counting(account: Account, around: ScoringContext) -> Claim:
        judged.append(account.account_id)
        return claim_of_account(account, around)

    monkeypatch.setattr(index, "claim_of_account", counting)
    monkeypatch.setattr(index, "_KEPT", 5)
    snapshot = labelled_set(FRESH, SIZE).snapshot
    compare(snapshot)
    assert judged == [one.account_id for one in snapshot.active_accounts()]


def test_golden_records_that_are_made_anew_give_the_same_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of millions the last ones asked for are kept."""
    snapshot = labelled_set(FRESH, SIZE).snapshot
    once = compare(snapshot)
    monkeypatch.setattr(golden, "MOST_KEPT", 3)
    again = compare(snapshot)
    assert (again.changes, again.ends, again.standings) == (once.changes, once.ends, once.standings)


def test_who_shares_no_more_than_half_a_name_is_not_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of nobody known meets all absent near names of the country: those who cannot be its person are refused
    before anything is weighed, and nobody else.
    """
    snapshot = labelled_set(FRESH, 4 * SIZE).snapshot
    refused, asked = 0, 0

    def counting(seen: Comparable, theirs: Comparable) -> bool:
        nonlocal refused, asked
        worth = worth_weighing(seen, theirs)
        asked, refused = asked + 1, refused + (not worth)
        return worth

    worth_weighing = absent._is_worth_weighing
    monkeypatch.setattr(absent, "_is_worth_weighing", counting)
    refusing = match(snapshot)
    monkeypatch.setattr(absent, "_is_worth_weighing", lambda *_: True)
    assert match(snapshot) == refusing
    assert refused > asked // 2 > 100


def test_the_golden_record_is_not_made_again_to_ask_whether_the_number_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of millions only the last ones are kept; most accounts have the number that they should have."""
    made: list[str] = []

    def counting(snapshot: Snapshot, person_id: str, lines: Sequence[WorkbookLine], who: Account) -> GoldenPerson:
        made.append(who.account_id)
        return golden_of(snapshot, person_id, lines, who)

    golden_of = golden.golden
    monkeypatch.setattr(golden, "MOST_KEPT", 1)
    monkeypatch.setattr(golden, "golden", counting)
    snapshot = labelled_set(FRESH, SIZE).snapshot
    identities = compare(snapshot).identities.values()
    made.clear()
    differing = [bool(number_differs(snapshot, one)) for one in identities]
    assert len(made) < len(differing) // 2
    monkeypatch.setattr(golden, "MOST_KEPT", len(differing))
    for one in identities:
        one.number_as_held = False
    assert differing == [bool(number_differs(snapshot, one)) for one in identities]


def test_a_row_meets_nobody_for_a_first_name_held_elsewhere() -> None:
    """Of whoever would be gone many have the first name of somebody who stays: no row goes through them all."""
    gone = [
        account(at, last_name=f"FICTIVE{at}", first_name="Anne", assignments=(Assignment(f"S{at}", "ASSISTANT", ""),))
        for at in range(50)
    ]
    accounts = Counted({one.account_id: one for one in gone})
    sought = Sought(accounts)
    for one in gone:
        sought.add(one, (), (), ())
    row = WrittenRow("a", "F!2", BETWEEN_CELLS.join(("S7", "DUPONT", "Anne")), read={1: "last_name", 2: "first_name"})
    assert list(traces(row, sought, KnownRow(True, "anne dupont", "elsewhere"), DAY)) == []
    assert accounts.taken == 0
    list(traces(row, sought, KnownRow(True, "anne dupont", "S7"), DAY))
    assert accounts.taken == 1


def test_a_word_that_names_nobody_is_sounded_once_however_many_rows_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = account(
        1, account_id="gone", last_name="Fictif", first_name="Zoé", assignments=(Assignment("S1", "ASSISTANT", ""),)
    )
    sought = Sought({"gone": one})
    sought.add(one, ("899700000017",), (), ())
    sounded: list[str] = []

    def counting(word: str) -> str:
        sounded.append(word)
        return sound(word)

    monkeypatch.setattr("pipelines.names.sound", counting)
    rows = [BETWEEN_CELLS.join(("Hôpital St-Éloi", "DUPONT", f"n{at}")) for at in range(50)]
    assert not any(sought.may_stand_in(row, "S2") for row in rows)
    assert len(sounded) == len(("hopital", "saint", "eloi", "dupont")) + 2 * 50  # « n7 » with its letter
    written = ("vu : FICTIF", "Mme Fictif", "avec Zoé", "8 99700000017", "997 000 000 17")
    assert all(sought.may_stand_in(row, "S1") for row in written)
