"""« The data changed » told apart from « our rules changed » (docs/lifecycle.md)."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.world import World
from schemas.change import Change
from schemas.lifecycle import ChangeState
from schemas.nomenclatures import reasons
from schemas.person import RegisterPerson
from schemas.safeguard import Hold

RULES, DATA = "rules", "data"
_ABOUT_PERSONS = ("register.persons", "register.adeli", "register.cards", "register.crosswalk")


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is as it was when other rules last ran; empty when our rules are the same.

    `sources`: names whose file is the same, byte for byte. `evidence`: keys of `evidence_of` whose digest is the same,
    for the national files and the export change every day, but not about everybody.
    """

    sources: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()


def evidence_of(world: World) -> dict[str, str]:
    """What the registers and the annuaire say of each account and each person met tonight, as digests.

    Keys are digests too: nobody is named. The passing of time is part of it: a card that has come within the warning
    is not the rules' doing.
    """
    found = {_key("account", account.account_id): _digest(account) for account in world.accounts.values()}
    register = world.register
    numbers = {line.number.number for line in world.lines} | {a.number.number for a in world.accounts.values()}
    for number in {register.resolve(number) for number in numbers if number}:
        cards = register.cards.get(number, ())
        ages = [[(card.ends_on - world.day).days <= limit for limit in _limits(world)] for card in cards]
        usable = [card.usable(world.day) for card in cards]
        found[_key("person", number)] = _digest((register.persons.get(number), cards, ages, usable))
    return found


def _limits(world: World) -> tuple[int, ...]:
    return (-1, *world.policy.expiry_warning_days)


def _digest(value: object) -> str:
    return hashlib.sha256(_stable(value).encode()).hexdigest()[:24]


def _stable(value: object) -> str:
    """A text that does not depend on the order in which a set was filled."""
    if isinstance(value, RegisterPerson):
        return repr((value.national_id, value.activities))
    if isinstance(value, tuple):
        return repr([_stable(item) for item in value])
    return repr(value)


def _key(kind: str, text: str) -> str:
    return _digest((kind, text))


def origins_of(
    changes: Sequence[Change],
    known: Mapping[str, ChangeState],
    unchanged: Unchanged,
    usable: Collection[str],
    world: World,
) -> dict[str, str]:
    """Change id → data or rules.

    A new change is the rules' doing when all it rests on is unchanged; a known one keeps its origin.
    """
    found = {}
    for change in changes:
        state = known.get(change.id)
        if state is not None and (state.is_open or state.origin == DATA):
            found[change.id] = state.origin
        elif change.status == "new" and unchanged.sources and _rests(change, unchanged, usable, world):
            found[change.id] = RULES
        else:
            found[change.id] = DATA
    return found


def _rests(change: Change, unchanged: Unchanged, usable: Collection[str], world: World) -> bool:
    evidence = unchanged.evidence
    account = bool(change.account_id) and _key("account", change.account_id or "") in evidence
    number = world.register.resolve(change.person.national_id)
    person = bool(number) and _key("person", number) in evidence
    return all(
        name in unchanged.sources or (name == "annuaire" and account) or (name in _ABOUT_PERSONS and person)
        for name in _sources(change, usable, world)
    )


def _sources(change: Change, usable: Collection[str], world: World) -> set[str]:
    """The sources a change rests on: the annuaire, the registers its reasons need, where its values were read, and
    the workbooks of its place and of the account's others.
    """
    needs = {need for reason in change.reasons for need in reasons()[reason]["needs"].split("|") if need}
    names = {"annuaire"} | {f"register.{need}" for need in needs if need != "workbook"}
    names |= {field.source for field in change.fields}
    if "workbook" in needs:
        account = world.accounts.get(change.account_id or "")
        codes = {held.structure_code for held in account.assignments} if account else set()
        codes.add(change.assignment.structure_code)
        places = [world.structures[code] for code in codes if code in world.structures]
        names |= {scope.source for place in places for scope in world.scopes_of(place)}
    return names & set(usable)


def upgrade_holds(
    changes: Sequence[Change], origins: Mapping[str, str], released: Mapping[tuple[str, str, str], int]
) -> tuple[Hold, ...]:
    """One hold per updater whose changes only an upgrade brought, until somebody lets them out."""
    counts = Counter(
        (change.updater.post, change.updater.scope)
        for change in changes
        if origins.get(change.id) == RULES and change.status == "new"
    )
    return tuple(
        Hold(post, scope, RULES, count, count)
        for (post, scope), count in sorted(counts.items())
        if count > released.get((post, scope, RULES), 0)
    )
