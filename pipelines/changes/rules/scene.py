"""What a rule is, and what it is shown.

A module of rules ends with the tuple of its own; `compare.py` plays them all. What a reason is called, weighs
and says is data: a row of `schemas/tables/reasons.csv`, its sentences in `messages.toml`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.changes.draft import Draft
from pipelines.matching.candidates import Match
from pipelines.matching.doubts.moved_columns import MovedBlock
from pipelines.matching.doubts.renumbered import RENUMBERED
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.workbook.traces import Trace
from schemas.people.assignment import Assignment


@dataclass(slots=True)
class Planned:
    """What will be added and ended, for the rules that look at the annuaire as it will stand."""

    drafts: list[Draft] = field(default_factory=list)
    added: list[tuple[str, Assignment]] = field(default_factory=list)
    ended: set[tuple[str, Assignment]] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)  # accounts to deactivate, once every workbook was heard
    kept: dict[Trace, None] = field(default_factory=dict)  # where those stand who would be gone by their absence


@dataclass(frozen=True, slots=True)
class Scene:
    """The night: its sources, what each workbook line was matched with, who each active account is, what is planned,
    and which columns of workbooks visibly moved.
    """

    snapshot: Snapshot
    matches: Sequence[Match]
    identities: Mapping[str, Identity]
    planned: Planned
    moved: Sequence[MovedBlock] = ()

    @property
    def renumbered(self) -> frozenset[str]:
        """The structures of which it is asked whether their FINESS has changed: nothing else is asked of them."""
        return frozenset(code for block in self.moved for code in block.places)

    @property
    def unplaced(self) -> frozenset[str]:
        """The workbooks whose column of establishments visibly moved."""
        return unplaced(self.moved)


def slid(moved: Iterable[MovedBlock]) -> list[MovedBlock]:
    """Return the blocks in which the column of establishments visibly moved."""
    return [one for one in moved if one.column == "structure" and one.pattern != RENUMBERED]


def unplaced(moved: Iterable[MovedBlock]) -> frozenset[str]:
    """Return the workbooks whose column of establishments visibly moved: it accuses no structure, and ends nobody."""
    return frozenset(block.lines[0].source for block in slid(moved))


Rule = Callable[[Scene], Iterable[Draft]]
