"""Whether a source is whole (contract §6a): read to its end, not being written, and not much smaller than it was.

One notion for the annuaire, the workbooks and the national files. What is not whole proves nothing by what it lacks:
the annuaire and the registers hold the night, a workbook ends nobody, until a human has looked.
"""

from dataclasses import dataclass

from pipelines.policy import FEW, Policy, fewer
from schemas.nomenclatures import say
from schemas.reading.footprint import Footprint
from schemas.reading.source import SourceReport
from schemas.reading.source_names import ANNUAIRE, REGISTERS, WORKBOOK, is_workbook


@dataclass(frozen=True, slots=True)
class Wholeness:
    """`why`: in French, "" for a source that is whole. `lines_count`: what stands in it is its keeper's own word."""

    why: str = ""
    lines_count: bool = True

    @property
    def whole(self) -> bool:
        """What it lacks is gone."""
        return not self.why


WHOLE = Wholeness()


def wholeness(
    report: SourceReport,
    before: Footprint | None,
    policy: Policy,
    *,
    floor: int = 0,
    gone: int | None = None,
    released: int | None = None,
) -> Wholeness:
    """Return what a reader saw of a source, against what was known of it when it was last used or released.

    `before` None: never used, so that nothing can have been lost. `floor`: rows it must have in any case. `gone`: of
    those known, how many are not there any more, where that is known better than by counting. `released`: what a human
    let pass, in `size_of` the source: a floor for what comes after, and not a blank cheque.
    """
    if released is not None and size_of(report) >= released:
        return WHOLE
    if not report.steady:
        return Wholeness(say("whole.written"), lines_count=False)
    if _cut(report, before):
        return Wholeness(say("whole.cut"), lines_count=False)
    kind = _kind(report.name)
    if report.rows_read < floor:
        return Wholeness(say("whole.lost_register", now=report.rows_read, before=floor))
    if before and _lost(report, before, policy, gone):
        lost = before.people - report.people if gone is None else gone
        return Wholeness(say(f"whole.lost_{kind}", now=report.rows_read, before=_size_then(report, before), gone=lost))
    if before and report.name in REGISTERS and fewer(report.rows_accepted, before.people, policy.min_register_share):
        return Wholeness(say("whole.repeated", read=report.rows_read, now=report.rows_accepted, before=before.people))
    return WHOLE


def footprint_of(report: SourceReport) -> Footprint:
    """Return what to remember of a source that was used.

    Of a national file nobody counts the people; the lines that say something, each once, stand for them: a file put
    together of the same lines again has as many lines as ever.
    """
    people = report.rows_accepted if report.name in REGISTERS else report.people
    return Footprint(report.rows_read, people, report.ending, report.filled, report.cuts)


def size_of(report: SourceReport) -> int:
    """Tell how much of it there is: accounts of the annuaire, rows of anything else."""
    return report.people if report.name == ANNUAIRE else report.rows_read


def _cut(report: SourceReport, before: Footprint | None) -> bool:
    """Not read to its end: it ends worse than the last whole one, or in the middle of a line."""
    then = before.ending if before else None
    if not report.ending or not then:
        return bool(report.ending) and not (report.ending.closed or report.ending.full)
    return (then.closed and not report.ending.closed) or (then.full and not report.ending.full)


def _lost(report: SourceReport, before: Footprint, policy: Policy, gone: int | None) -> bool:
    if report.name == ANNUAIRE:
        there = before.people - gone if gone is not None else report.people
        return fewer(there, before.people, policy.min_annuaire_share)
    if is_workbook(report.name):
        rows = fewer(report.rows_read, before.rows, policy.min_workbook_share, policy.min_lost_rows_to_hold)
        # A keeper who clears out the rows of those who left has lost nobody.
        known = bool(before.people)
        return rows and (not known or before.people - report.people >= min(FEW, policy.min_lost_rows_to_hold))
    return fewer(report.rows_read, before.rows, policy.min_register_share)


def _size_then(report: SourceReport, before: Footprint) -> int:
    return before.people if report.name == ANNUAIRE else before.rows


def _kind(name: str) -> str:
    if name == ANNUAIRE:
        return name
    return WORKBOOK if is_workbook(name) else "register"
