"""Sources held against how far their columns were filled when they were last used (contract §6a)."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.readers.result import Reading
from flows.gathered import Past
from pipelines.lost_columns import COLUMN, column_label, filled_of, loss_of, lost_columns
from schemas.footprint import Footprint
from schemas.nomenclatures import say
from schemas.source import SourceReport
from schemas.stood import Holding, figure_of


def with_columns(reading: Reading, kind: str, past: Past) -> Reading:
    """The reading with how far its columns are filled, and those that are lost.

    What was known of a lost column stays known: the next night is held against it too.
    """
    report = reading.report
    headers = {name for place in reading.places.values() for name in place} or None
    now = filled_of(reading.frame, kind, headers)
    before = past.footprints.get(report.name, Footprint(0)).filled
    found = lost_columns(kind, before, reading.frame, now)
    lost = {one.name.removeprefix(COLUMN) for one in found if not let_pass(one, report.name, past)}
    kept = {name: before[name] for name in lost if name in before}
    return replace(reading, report=replace(report, filled={**now, **kept}, emptied=(*report.emptied, *found)))


def let_pass(figure: Holding, source: str, past: Past) -> bool:
    """A human looked at it, and it is no less by now."""
    released = past.released.get(figure_of(source, figure.name))
    return released is not None and figure.kept >= released


def lost_by(report: SourceReport, kind: str, past: Past, *losses: str) -> tuple[Holding, ...]:
    """The lost columns that cost one of these, and that nobody let pass."""
    lost = (one for one in report.emptied if one.name.startswith(COLUMN) and not let_pass(one, report.name, past))
    return tuple(one for one in lost if loss_of(kind, one) in losses)


def columns_text(lost: Sequence[Holding], kind: str) -> str:
    """Which columns they are, how many of their values are left, and what to do."""
    told = (say("whole.column", label=column_label(kind, one.name), kept=one.kept, before=one.before) for one in lost)
    return say("whole.lost_columns", count=len(lost), columns=", ".join(told))


def without_columns(reading: Reading, kind: str, past: Past) -> Reading:
    """A national file that lost what everything rests on is of no use tonight; of another column nothing is known."""
    if broken := lost_by(reading.report, kind, past, "source"):
        report = reading.report.failed(columns_text(broken, kind))
        return replace(reading, report=report, frame=reading.frame.iloc[0:0])
    if unknown := lost_by(reading.report, kind, past, "unknown"):
        report = reading.report
        names = (one.name.removeprefix(COLUMN) for one in unknown)
        report = replace(
            report,
            unknown=tuple(dict.fromkeys((*report.unknown, *names))),
            message=" ".join(filter(None, (report.message, columns_text(unknown, kind)))),
        )
        return replace(reading, report=report)
    return reading
