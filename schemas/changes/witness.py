"""What is kept outside the store, so that an emptied or older store is told from a first installation.

The last run and the head of the chain of events; and which open changes were announced to whom, so that none is
announced as new again where the store has forgotten it. Ids and days: no name, no number, no address.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.changes.change import Post, PostRef
from schemas.changes.installed import Installation
from schemas.reading.footprint import Ending, Footprint


@dataclass(frozen=True, slots=True)
class Announced:
    """An open change: the day it was first seen, announced as new, last mailed, and to whom that was."""

    first_seen: date
    new_on: date
    told_on: date
    to: PostRef


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Where a store stands: the run that began last, how many events there are and the hash of the last one, the first
    run ever; what was announced and is open, and how the sources were.
    """

    run_id: str
    as_of: date
    events: int
    head: str
    first_run: str
    announced: Mapping[str, Announced]
    footprints: Mapping[str, Footprint]


class Announcement(BaseModel):
    """Changes of which the same is to be said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    post: Post
    scope: str
    first_seen: date
    new_on: date
    told_on: date
    changes: tuple[str, ...]


class Size(BaseModel):
    """How much of a source there was when it was last used: rows, people (of the annuaire accounts), how it ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    rows: int
    people: int
    ending: Ending = Ending.NONE
    cuts: tuple[str, ...] = ()


class Witness(BaseModel):
    """The file. `events`: how many the store had; `head`: the hash of the last one.

    `first_run`, `store`: of whose store it speaks, and where that lies. `lost`: what was announced before a backup was
    put back, and that no night has met again since. `installation`: as the last night saw it; `sizes`: of the sources,
    for an emptied store would take half a file for a whole one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    run_id: str
    as_of: date
    events: int
    head: str
    first_run: str = ""
    store: str = ""
    announced: tuple[Announcement, ...] = ()
    lost: tuple[Announcement, ...] = ()
    installation: Installation | None = None
    sizes: tuple[Size, ...] = ()


def by_change(announced: Iterable[Announcement]) -> dict[str, Announced]:
    """Change id → what is known of it."""
    return {
        key: Announced(one.first_seen, one.new_on, one.told_on, PostRef(post=one.post, scope=one.scope))
        for one in announced
        for key in one.changes
    }


def grouped(announced: Mapping[str, Announced]) -> tuple[Announcement, ...]:
    """Return the same, as the file has it: a first night announces thousands in one breath."""
    groups: dict[tuple[Post, str, date, date, date], list[str]] = defaultdict(list)
    for key, one in sorted(announced.items()):
        groups[one.to.post, one.to.scope, one.first_seen, one.new_on, one.told_on].append(key)
    return tuple(
        Announcement(post=post, scope=scope, first_seen=first, new_on=new, told_on=told, changes=tuple(ids))
        for (post, scope, first, new, told), ids in sorted(groups.items())
    )


def sizes_of(footprints: Mapping[str, Footprint]) -> tuple[Size, ...]:
    """Return what is remembered of the sources, as the file has it."""
    return tuple(
        Size(source=name, rows=one.rows, people=one.people, ending=one.ending, cuts=one.cuts)
        for name, one in sorted(footprints.items())
    )


def footprints_of(sizes: Iterable[Size]) -> dict[str, Footprint]:
    """Return source → how much of it there was."""
    return {one.source: Footprint(one.rows, one.people, one.ending, cuts=one.cuts) for one in sizes}
