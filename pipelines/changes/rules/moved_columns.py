"""Columns of a workbook that visibly moved: one question for each, to who keeps it, and nothing else of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.matching.candidates import account_candidate
from pipelines.matching.doubts.moved_columns import SLIP, MovedBlock
from pipelines.matching.doubts.pasted import PASTED
from pipelines.matching.doubts.renumbered import RENUMBERED
from pipelines.sources.snapshot import Snapshot
from pipelines.workbook_keepers import ADMIN, keeper_of
from schemas.changes.change import FieldChange
from schemas.nomenclatures import say
from schemas.people.assignment import Assignment
from schemas.people.workbook_line import NAME_FIELDS
from schemas.words import name_key

_MOST = 10  # lines that one question names
_MOST_ACCOUNTS = 50


def moved_columns(scene: Scene) -> Iterator[Draft]:
    """Yield one review for each workbook and column, and for each hospital that has another FINESS there, with the
    accounts that its rows are about.
    """
    found: dict[tuple[str, str, tuple[str, ...]], list[MovedBlock]] = defaultdict(list)
    for block in scene.moved:
        found[block.lines[0].source, block.column, block.places].append(block)
    scopes = {scope.source: scope for scope in scene.snapshot.scopes}
    for (source, column, places), theirs in sorted(found.items()):
        scope = scopes.get(source)
        keeper = keeper_of(scope)
        keys = list(dict.fromkeys(key for block in theirs for key in block.accounts))[:_MOST_ACCOUNTS]
        # Whose names moved may be anybody of the others: who is who is asked.
        reason = "ambiguous_match" if column in NAME_FIELDS else "line_not_understood"
        first = theirs[0].lines[0]
        yield Draft(
            reason=reason,
            who="|".join((source, column, *places, "moved")),
            name=(first.last_name, first.first_name) if column in NAME_FIELDS else ("", ""),
            assignment=Assignment(scope.code if scope else "", "", ""),
            fields=(
                FieldChange(field="detail", before=None, after=_detail(scene.snapshot, column, theirs), source=source),
                *_numbers(column, theirs),
            ),
            candidates=tuple(account_candidate(scene.snapshot.accounts[key]) for key in keys),
            target=[reason, source, "moved", column, *places],
            keeper=("", "") if keeper == ADMIN else (keeper.post, keeper.scope),
            todo=(f"column_{_kind(theirs)}",),
        )


def _detail(snapshot: Snapshot, column: str, theirs: Sequence[MovedBlock]) -> str:
    if theirs[0].places:
        return _renumbered(snapshot, theirs[0])
    told = [say(f"moved.{block.pattern}", lines=_lines(block), count=len(block.lines)) for block in theirs]
    moved = [say("moved.column", column=say(f"moved_column.{column}"))] if _kind(theirs) != SLIP else []
    return " ".join([*moved, *told])


def _renumbered(snapshot: Snapshot, block: MovedBlock) -> str:
    """« Le FINESS de X a-t-il changé ? », with what the stock says of both."""
    stock, written = snapshot.establishments or {}, block.lines[0].structure_name
    known = [snapshot.structures.get(code) for code in block.places]
    listed = [stock[code].name if code in stock else "" for code in block.places]
    name = (known[0].name if known[0] else "") or listed[0] or block.places[0]
    other = (known[1].name if known[1] else "") or listed[1] or written
    one = not other or name_key(other) == name_key(name)
    values = {"name": name, "old": block.places[0], "new": block.places[1], "other": other}
    told = say(f"moved.{block.why}", **values)
    about = "renumbered" if one or block.why == "told_one_name" else "taken_over"
    return say(f"moved.{about}", **values, told=told, lines=_lines(block), count=len(block.lines))


def _kind(theirs: Sequence[MovedBlock]) -> str:
    """What is to be done: about a block that was pasted, numbers one sign off, or a column that moved."""
    patterns = {block.pattern for block in theirs}
    return next((one for one in (PASTED, SLIP, RENUMBERED) if patterns == {one}), "moved")


def _numbers(column: str, theirs: Sequence[MovedBlock]) -> Iterator[FieldChange]:
    """Beside names that moved, the number of each line: by it the people are found."""
    if column in NAME_FIELDS:
        for line in (one for block in theirs for one in block.lines if one.number.usable):
            yield FieldChange(field="cpx_number", before=line.number.number, after=None, source=line.source)


def _lines(block: MovedBlock) -> str:
    shown = "; ".join(f"{one.location} {one.last_name} {one.first_name}".strip() for one in block.lines[:_MOST])
    return f"{shown}; …" if len(block.lines) > _MOST else shown


MOVED_COLUMNS: tuple[Rule, ...] = (moved_columns,)
