"""« The data changed » told apart from « our rules changed » (issue « Night after night », §2)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pipelines.rules.assignments import covers
from pipelines.world import World
from schemas.change import Change
from schemas.lifecycle import ChangeState
from schemas.nomenclatures import reasons
from schemas.safeguard import Hold

RULES, DATA = "rules", "data"


def origins_of(
    changes: Sequence[Change],
    known: Mapping[str, ChangeState],
    same: Collection[str],
    usable: Collection[str],
    world: World,
) -> dict[str, str]:
    """Change id → data or rules. `same`: sources that are what they were when other rules ran; empty: no upgrade.

    A new change is the rules' doing when every source it rests on is the same; a known one keeps its origin.
    """
    found = {}
    for change in changes:
        state = known.get(change.id)
        if state is not None and (state.is_open or state.origin == DATA):
            found[change.id] = state.origin
        elif same and change.status == "new" and _sources(change, usable, world) <= set(same):
            found[change.id] = RULES
        else:
            found[change.id] = DATA
    return found


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
        places = [world.structures[code] for code in {*codes, change.assignment.structure_code} & {*world.structures}]
        names |= {scope.source for scope in world.scopes for place in places if covers(scope, place)}
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
