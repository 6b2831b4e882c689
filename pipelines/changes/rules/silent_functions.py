"""A function of which a workbook has no row at all: a list of the CHV alone ends no assistant, so it is asked (§6a)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.matching.candidates import account_candidate
from pipelines.names import bag
from pipelines.sources.snapshot import Snapshot
from pipelines.workbook_keepers import ADMIN, keeper_of
from schemas.changes.change import FieldChange
from schemas.nomenclatures import label_of, say
from schemas.people.assignment import Account, Assignment
from schemas.reading.source import WorkbookScope

_FEWEST = 2  # people: of one alone it is simply said that they are gone
_MOST = 10  # accounts that one question names


def unheard_functions(snapshot: Snapshot) -> Mapping[tuple[str, str], list[Account]]:
    """Return (workbook, function) → the active accounts that have it where the workbook is complete, and has no row of
    it, nor of any of these people.
    """
    found: dict[tuple[str, str], dict[str, Account]] = defaultdict(dict)
    for account in snapshot.active_accounts():
        for held in account.assignments:
            structure = snapshot.structures.get(held.structure_code)
            scopes = snapshot.scopes_of(structure) if structure else []
            heard = [one for one in scopes if one.complete and one.sure and one.functions and "" not in one.functions]
            if structure and heard and snapshot.mentions(structure) and len(heard) == len(scopes):
                unheard = _unheard(held, heard)
                for scope in heard if unheard else ():
                    found[scope.source, unheard][account.account_id] = account
    several = {
        key: list(theirs.values())
        for key, theirs in found.items()
        if len({bag((one.last_name, one.first_name)) for one in theirs.values()}) >= _FEWEST
    }
    lines = snapshot.lines if several else ()
    named = {key for line in lines for key in _keys(line.last_name, line.first_name, line.number.number)}
    return {
        key: theirs
        for key, theirs in several.items()
        if not any(named.intersection(_keys(one.last_name, one.first_name, one.number.number)) for one in theirs)
    }


def post_of(held: Assignment) -> str:
    """Return the function with its rank, as a workbook's rows name it (`WorkbookScope.functions`)."""
    return f"{held.function}/{held.rank}" if held.rank else held.function


def _unheard(held: Assignment, heard: Sequence[WorkbookScope]) -> str:
    """The function that no row has; or the function with this rank, where others of it are told."""
    if all(held.function not in one.functions for one in heard):
        return held.function
    ranks = {post for one in heard for post in one.functions if post.startswith(f"{held.function}/")}
    return post_of(held) if held.rank and ranks and post_of(held) not in ranks else ""


def _keys(last: str, first: str, number: str) -> set[str]:
    """How somebody is known again on a line: whoever stands there in another function is not passed over."""
    return {bag((last, first)), number} - {""}


def silent_functions(scene: Scene) -> Iterator[Draft]:
    """Yield one question for each workbook and function of which it has no row."""
    scopes = {scope.source: scope for scope in scene.snapshot.scopes}
    for (source, function), theirs in sorted(unheard_functions(scene.snapshot).items()):
        scope = scopes[source]
        keeper = keeper_of(scope)
        code, _, rank = function.partition("/")
        label = " ".join(filter(None, (label_of("functions", code), label_of("ranks", rank) if rank else "")))
        yield Draft(
            reason="line_not_understood",
            who=f"{source}|function_absent|{function}",
            assignment=Assignment(scope.code, "", ""),
            fields=(
                FieldChange(
                    field="detail",
                    before=None,
                    after=say("wording.function_absent", found=label, count=len(theirs)),
                    source=source,
                ),
            ),
            candidates=tuple(sorted(map(account_candidate, theirs)))[:_MOST],
            target=["line_not_understood", source, "function_absent", function],
            keeper=("", "") if keeper == ADMIN else (keeper.post, keeper.scope),
        )


UNHEARD: tuple[Rule, ...] = (silent_functions,)
