"""The accounts that were in the annuaire and are missing tonight: for three whole exports nothing follows from it.

Meanwhile such an account is taken to be as it last was, so that nobody is created again, no post falls vacant and no
structure is accused for its sake; and what would be said of it is not said (contract §6a).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pipelines import names
from pipelines.changes.compare import Comparison, standings_of
from pipelines.changes.rules.reviews import is_titulaire
from pipelines.sources.national.consolidate import Register
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.reading.absence import GONE_AFTER, Absence


@dataclass(frozen=True)
class Missing:
    """Who is missing tonight. `absences`: with tonight counted; `news`: those that were not known to be gone before.

    `accounts`: those in doubt as they last were; `structures`: those there were then; `numbers`: of these people, as
    the register has them; `former`: those who are gone, as they last were.
    """

    absences: Mapping[str, Absence] = field(default_factory=dict)
    news: tuple[Absence, ...] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    structures: Mapping[str, Structure] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    former: Mapping[str, Account] = field(default_factory=dict)

    @cached_property
    def names(self) -> frozenset[str]:
        """Their names, however written."""
        return frozenset(names.bag((one.last_name, one.first_name)) for one in self.accounts.values()) - {""}

    @property
    def active(self) -> Iterator[Account]:
        """Those who could log in."""
        return (one for one in self.accounts.values() if one.active)

    def known_by(self, register: Register) -> "Missing":
        """Return the same, and by which numbers the register has them: a CPE or CPA number is an establishment's."""
        numbers = (one.number.number for one in self.accounts.values() if one.number.usable)
        return replace(self, numbers=frozenset(register.resolve(one) for one in numbers if "/" not in one))

    @cached_property
    def places(self) -> frozenset[tuple[str, str]]:
        """(reason, structure): what is said of a structure because of who is there, where one of those in doubt was."""
        held = [one for account in self.active for one in account.assignments]
        told = ("two_titulaires", "no_titulaire")
        titulaires = {(reason, one.structure_code) for one in held if is_titulaire(one) for reason in told}
        return frozenset(titulaires | {("structure_closed", one.structure_code) for one in held})

    def names_one(self, change: Change) -> bool:
        """Tell whether it is about somebody without an account, who may be one of those in doubt, by number or
        by name.
        """
        person = change.person
        if change.account_id or not self.accounts:
            return False
        return person.national_id in self.numbers or names.bag((person.last_name, person.first_name)) in self.names

    def doubtful(self, change: Change) -> bool:
        """Tell whether it is about an account of which nobody knows whether it is gone, or lists one, or rests
        on one.
        """
        named = (self.absences.get(key) for key in (change.account_id or "", *change.candidates))
        if any(one and not one.gone for one in named):
            return True
        place = change.assignment.structure_code
        return self.names_one(change) or any((reason, place) in self.places for reason in change.reasons)

    def told(self, change: Change) -> Change:
        """Return the change; of somebody to create whose account vanished, it says so."""
        person = change.person
        if change.account_id or change.kind not in ("create_account", "card_alert"):
            return change
        name = names.bag((person.last_name, person.first_name))
        for key, one in sorted(self.former.items()):
            same = one.number.usable and one.number.number == person.national_id
            if same or names.bag((one.last_name, one.first_name)) == name:
                note = say("todo.vanished", account=key, since=f"{self.absences[key].since:%d/%m/%Y}")
                return change.model_copy(update={"guidance": f"{note} {change.guidance}"})
        return change

    def gone(self, change: Change) -> Absence | None:
        """Return the absence of its account, when it has lasted so long that nothing is left to be done."""
        found = self.absences.get(change.account_id or "")
        return found if found and found.gone else None


def count_absences(
    before: Mapping[str, Absence],
    known: Collection[str],
    present: Collection[str],
    day: date,
    seen_since: date | None = None,
) -> dict[str, Absence]:
    """Count who is missing from tonight's annuaire, tonight counted.

    `before`: who was missing when it was last read; `known`: every account that there was, or that a change is about.
    Back again is not in it: whoever vanishes once more starts anew. `seen_since`: the last night before that read this
    very export: to who was missing by then it says nothing new.
    """
    found = {}
    for key in sorted({*before, *known}.difference(present)):
        last = before.get(key)
        again = last is not None and seen_since is not None and last.since <= seen_since
        further = 0 if again else 1
        found[key] = replace(last, exports=min(last.exports + further, GONE_AFTER)) if last else Absence(key, day)
    return found


def with_missing(snapshot: Snapshot, missing: Missing) -> Snapshot:
    """Return the snapshot with those in doubt who could log in, as they last were, and the structures they need.

    One whose number another account of tonight has is left out: it is that person's account now.
    """
    if next(missing.active, None) is None:
        return snapshot
    present = {snapshot.register.resolve(one.number.number) for one in snapshot.accounts.values() if one.number.usable}
    kept = {
        one.account_id: one for one in missing.active if snapshot.register.resolve(one.number.number) not in present
    }
    if not kept:
        return snapshot
    needed = {held.structure_code for one in kept.values() for held in one.assignments}
    places = {code: one for code, one in missing.structures.items() if code in needed}
    return replace(snapshot, accounts={**snapshot.accounts, **kept}, structures={**places, **snapshot.structures})


def without_missing(snapshot: Snapshot, comparison: Comparison, missing: Missing) -> Comparison:
    """Return what tonight's annuaire shows: no account that it does not have, no change that rests on one."""
    away = missing.absences
    identities = {key: one for key, one in comparison.identities.items() if key not in away}
    ends = tuple(one for one in comparison.ends if one.account_id not in away)
    lost = frozenset(end.account_id for end in ends if end.lost)
    return replace(
        comparison,
        changes=tuple(missing.told(one) for one in comparison.changes if not missing.doubtful(one)),
        identities=identities,
        ends=ends,
        standings=standings_of(snapshot, identities, lost, comparison.routing),
        waiting=comparison.waiting.difference(away),
    )


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What waits because an account vanished: people to create, structures without a titulaire."""

    creations: int = 0
    structures: int = 0


def unsaid(snapshot: Snapshot, comparison: Comparison, missing: Missing) -> Unsaid:
    """Return `snapshot`: of tonight, `comparison`: with those in doubt as they last were.

    People: those of them whom a workbook shows, and whoever else would be created and may be one of them.
    """
    shown = {key for key in missing.accounts if key in comparison.identities and comparison.identities[key].present}
    others = {one.id for one in comparison.changes if one.kind == "create_account" and missing.names_one(one)}
    there = {
        held.structure_code for one in snapshot.active_accounts() for held in one.assignments if is_titulaire(held)
    }
    lost = {held.structure_code for one in missing.active for held in one.assignments if is_titulaire(held)}
    return Unsaid(len(shown) + len(others), len((lost & snapshot.annuaire_structures) - there))
