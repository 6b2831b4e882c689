"""Runs, their sources and their steps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from connectors.store.events import head
from connectors.store.tables import run, run_source, run_step
from schemas.changes.change import FINISHED, SUCCEEDED
from schemas.changes.stored import LastNight, RunRow, RunSource, RunStart
from schemas.reading.source import SourceReport, SourceStatus

_SOURCE = tuple(RunSource.__slots__)
_STATUS = _SOURCE.index("status")
# Statements are made once: SQLAlchemy takes longer to put one together than SQLite to answer it.
_ALL = sa.select(run).order_by(run.c.number.desc())
_LATEST = _ALL.limit(sa.bindparam("most", type_=sa.Integer))
_SOURCES = sa.select(run_source.c.run_id, *(run_source.c[name] for name in _SOURCE)).order_by(
    run_source.c.run_id, run_source.c.position
)
_THEIRS = _SOURCES.where(run_source.c.run_id.in_(sa.bindparam("runs", expanding=True)))
_FORGET_STEP = sa.delete(run_step).where(
    run_step.c.run_id == sa.bindparam("this"), run_step.c.step == sa.bindparam("name")
)
_STEP = sa.insert(run_step)
_FIRST = sa.select(run.c.run_id).order_by(run.c.number).limit(1)
_SUCCEEDED = (
    sa.select(run.c.run_id, run.c.as_of, run.c.status, run.c.finished_at, run.c.counts)
    .where(run.c.status.in_(SUCCEEDED), run.c.finished_at.is_not(None))
    .order_by(run.c.finished_at.desc(), run.c.number.desc())
)


def begin(connection: sa.Connection, start: RunStart, sources: Sequence[SourceReport], now: datetime) -> str:
    """Return the run's id: that of an unfinished run over the same day, inputs and rules, else the new one."""
    unfinished = connection.execute(sa.select(run).where(run.c.status == "running").order_by(run.c.number)).all()
    same = (start.as_of, start.inputs_digest, start.rules_digest)
    adopted = next((r.run_id for r in unfinished if (r.as_of, r.inputs_digest, r.rules_digest) == same), None)
    dead = [r.run_id for r in unfinished if r.run_id != adopted]
    if dead:
        connection.execute(sa.update(run).where(run.c.run_id.in_(dead)).values(status="failed", finished_at=now))
    if adopted is not None:
        return str(adopted)
    number = connection.execute(sa.select(sa.func.coalesce(sa.func.max(run.c.number), 0))).scalar_one() + 1
    values = {name: getattr(start, name) for name in RunStart.__slots__}
    connection.execute(sa.insert(run).values(**values, number=number, started_at=now, status="running", counts={}))
    rows = [
        {"run_id": start.run_id, "position": position, **{name: getattr(source, name) for name in _SOURCE}}
        for position, source in enumerate(sources)
    ]
    if rows:
        connection.execute(sa.insert(run_source), rows)
    return start.run_id


def is_known(connection: sa.Connection, run_id: str) -> bool:
    """Tell whether a run of this id has begun here."""
    return connection.execute(sa.select(run.c.run_id).where(run.c.run_id == run_id)).first() is not None


def finish(connection: sa.Connection, run_id: str, status: str, counts: Mapping[str, Any], now: datetime) -> None:
    """Close the run, and note where the history ended: a tail that is cut off later shows."""
    seq, last = head(connection)
    closed = {"status": status, "counts": dict(counts), "finished_at": now, "last_event": seq, "last_hash": last}
    connection.execute(sa.update(run).where(run.c.run_id == run_id).values(closed))


def record_step(connection: sa.Connection, run_id: str, step: str, outcome: str, now: datetime) -> None:
    """Record the outcome of a step; the last one said counts."""
    connection.execute(_FORGET_STEP, {"this": run_id, "name": step})
    connection.execute(_STEP, {"run_id": run_id, "step": step, "outcome": outcome, "at": now})


def steps(connection: sa.Connection, run_id: str) -> dict[str, str]:
    """Return step → outcome, in the order they were recorded."""
    rows = connection.execute(sa.select(run_step).where(run_step.c.run_id == run_id).order_by(run_step.c.at))
    return {row.step: row.outcome for row in rows}


def read_runs(connection: sa.Connection, limit: int | None) -> list[RunRow]:
    """Read past and present runs, the last begun first, each with its sources in order."""
    rows = connection.execute(*((_ALL,) if limit is None else (_LATEST, {"most": limit}))).all()
    if not rows:
        return []
    wanted = (_SOURCES,) if limit is None else (_THEIRS, {"runs": [row.run_id for row in rows]})
    sources: dict[str, list[RunSource]] = defaultdict(list)
    for run_id, *values in connection.execute(*wanted):
        sources[run_id].append(_source(values))
    return [
        RunRow(
            **{name: getattr(row, name) for name in RunRow.__slots__ if name != "sources"},
            sources=tuple(sources[row.run_id]),
        )
        for row in rows
    ]


def last_source(connection: sa.Connection, name: str) -> RunSource | None:
    """Return the source in the last finished run that could use it."""
    row = connection.execute(
        sa.select(*(run_source.c[name] for name in _SOURCE))
        .join(run)
        .where(run.c.status.in_(FINISHED), run_source.c.name == name, run_source.c.status == SourceStatus.OK.value)
        .order_by(run.c.number.desc())
        .limit(1)
    ).one_or_none()
    return _source(row) if row else None


_A_WEEK = timedelta(days=7)  # for so long another content was used: what is put back sooner is a change taken back


_USED = (
    sa.select(
        run_source.c.name,
        run_source.c.sha256,
        sa.func.max(run.c.as_of).label("day"),
        sa.func.max(run.c.number).label("last"),
    )
    .join(run)
    .where(
        run.c.status.in_(SUCCEEDED),
        run_source.c.name.in_(sa.bindparam("names", expanding=True)),
        run_source.c.status == SourceStatus.OK.value,
    )
    .group_by(run_source.c.name, run_source.c.sha256)
    .order_by(sa.desc("last"))
)


def superseded(connection: sa.Connection, names: Collection[str]) -> dict[str, dict[str, date]]:
    """Return, of each of these sources, digests that another content has replaced for a week or more → the last day
    each was used.
    """
    latest: dict[str, date] = {}
    found: dict[str, dict[str, date]] = {name: {} for name in names}
    for row in connection.execute(_USED, {"names": list(names)}) if names else ():
        now = latest.setdefault(row.name, row.day)
        if row.sha256 and row.day <= now - _A_WEEK:
            found[row.name][row.sha256] = row.day
    return found


def last_begun(connection: sa.Connection) -> tuple[str, date] | None:
    """Return id and day of the run that began last; None before the first."""
    row = connection.execute(_LATEST, {"most": 1}).first()
    return (row.run_id, row.as_of) if row else None


def first_id(connection: sa.Connection) -> str:
    """Return the id of the first run ever begun: whose store this is; "" before it."""
    return connection.execute(_FIRST).scalar_one_or_none() or ""


def digests(connection: sa.Connection, name: str, since: date, before: date) -> dict[date, set[str]]:
    """Return day → what the runs of that day that compared anything read of a source, from `since` on and
    before a day.
    """
    used = (run.c.status.in_(SUCCEEDED), run.c.as_of >= since, run.c.as_of < before, run_source.c.name == name)
    found: dict[date, set[str]] = defaultdict(set)
    for day, digest in connection.execute(sa.select(run.c.as_of, run_source.c.sha256).join(run).where(*used)):
        found[day].add(digest)
    return found


def first_success(connection: sa.Connection) -> date | None:
    """Return the day of the first run that ended complete or partial."""
    wanted = sa.select(run.c.as_of).where(run.c.status.in_(SUCCEEDED)).order_by(run.c.number).limit(1)
    return connection.execute(wanted).scalar_one_or_none()


def last_success(connection: sa.Connection) -> LastNight | None:
    """Return the last run that ended complete or partial, by the moment it ended; one of some regions is no night."""
    latest_first = connection.execute(_SUCCEEDED)
    return next((LastNight(*night) for *night, counts in latest_first if not counts.get("regions")), None)


def _source(values: Iterable[Any]) -> RunSource:
    made = list(values)
    made[_STATUS] = SourceStatus(made[_STATUS])
    return RunSource(*made)
