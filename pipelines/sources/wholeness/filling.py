"""Sources held against how far their columns were filled when they were last used (contract §6a)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines.sources.baseline import Baseline
from pipelines.sources.lost_columns import COLUMN, column_label, loss_of, lost_columns
from schemas.nomenclatures import say
from schemas.reading.export_figures import Holding, figure_of
from schemas.reading.filled import NO_ROWS, Filled
from schemas.reading.footprint import Footprint
from schemas.reading.source import SourceReport


def with_columns(report: SourceReport, kind: str, now: Mapping[str, Filled], baseline: Baseline) -> SourceReport:
    """Return the report with how far the columns are filled, and those that are lost.

    What was known of a lost column stays known: the next night is held against it too. Which rows stand is known from
    here on to nobody.
    """
    before = baseline.footprints.get(report.name, Footprint(0)).filled
    found = lost_columns(kind, before, now)
    lost = {one.name.removeprefix(COLUMN) for one in found if not let_pass(one, report.name, baseline)}
    kept = {name: before[name] for name in lost if name in before}
    filled = {name: replace(one, standing=NO_ROWS) if one.standing else one for name, one in now.items()}
    return replace(report, filled={**filled, **kept}, emptied=(*report.emptied, *found))


def let_pass(figure: Holding, source: str, baseline: Baseline) -> bool:
    """Tell whether a human looked at it, and it is no less by now."""
    released = baseline.released.get(figure_of(source, figure.name))
    return released is not None and figure.kept >= released


def lost_by(report: SourceReport, kind: str, baseline: Baseline, *losses: str) -> tuple[Holding, ...]:
    """Return the lost columns that cost one of these, and that nobody let pass."""
    lost = (one for one in report.emptied if one.name.startswith(COLUMN) and not let_pass(one, report.name, baseline))
    return tuple(one for one in lost if loss_of(kind, one) in losses)


def columns_text(lost: Sequence[Holding], kind: str) -> str:
    """Tell which columns they are, how many of their values are left, and what to do."""
    told = (say("whole.column", label=column_label(kind, one.name), kept=one.kept, before=one.before) for one in lost)
    return say("whole.lost_columns", count=len(lost), columns=", ".join(told))


def without_columns(report: SourceReport, kind: str, baseline: Baseline) -> SourceReport:
    """Return a national file that lost what everything rests on is of no use tonight; of another column nothing is
    known.
    """
    if broken := lost_by(report, kind, baseline, "source"):
        return report.failed(columns_text(broken, kind))
    unknown = lost_by(report, kind, baseline, "unknown")
    if not unknown:
        return report
    names = (one.name.removeprefix(COLUMN) for one in unknown)
    return replace(
        report,
        unknown=tuple(dict.fromkeys((*report.unknown, *names))),
        message=" ".join(filter(None, (report.message, columns_text(unknown, kind)))),
    )


def is_held(figure: Holding, report: SourceReport) -> bool:
    """Tell whether the figure waits for a human look: with its source, or as a column of which nothing is known."""
    return not report.usable or figure.name.removeprefix(COLUMN) in report.unknown
