"""Which account each line of the workbooks is about, in the order of certainty (contract §6, §6a, docs/matching.md)."""

from pipelines.candidates import Match
from pipelines.certain import certain_matches
from pipelines.index import Index, indexed
from pipelines.presence import undecided
from pipelines.world import World

__all__ = ["Match", "match"]


def match(world: World, index: Index | None = None) -> tuple[Match, ...]:
    """One match per line, in the order of the lines. Certain matches first; doubts only about who is left."""
    index = index or indexed(world)
    certain = certain_matches(world, index)
    return tuple(
        found if isinstance(found, Match) else undecided(line, found, index)
        for line, found in zip(world.lines, certain, strict=True)
    )
