"""Sources held against what was known of them: what is not whole waits for a human look (contract §6a)."""

from dataclasses import replace

from pipelines.policy import Policy, hardly_legible, too_many_rejects
from pipelines.sources.annuaire import Annuaire
from pipelines.sources.baseline import Baseline
from pipelines.sources.coverage import spoken_for
from pipelines.sources.judged import Judged
from pipelines.sources.wholeness.completeness import WHOLE, Wholeness, size_of, wholeness
from pipelines.sources.wholeness.emptied import emptied
from pipelines.sources.wholeness.filling import columns_text, let_pass, lost_by, with_columns
from pipelines.sources.workbook.belongs import another
from pipelines.sources.workbook.rows import JudgedWorkbook
from schemas.nomenclatures import say
from schemas.reading.export_figures import Holding
from schemas.reading.footprint import Ending, Footprint
from schemas.reading.source import SourceReport, SourceStatus
from schemas.reading.source_names import ANNUAIRE, WORKBOOK, counts_rejects

_FEWEST_LINES = 3  # at the end of a text: two are struck off a list now and then


def whole_annuaire(report: SourceReport, judged: Judged[Annuaire], baseline: Baseline, policy: Policy) -> SourceReport:
    """Return the annuaire's report, counted in accounts, for nobody is ever taken out of e-FIT, and in what
    these hold.
    """
    there = judged.items.accounts
    lost = emptied(baseline.accounts, there, policy.min_annuaire_share, baseline.asked)
    report = replace(_watched(report, baseline), people=len(there), emptied=(*lost, *report.emptied))
    known = baseline.footprints.get(ANNUAIRE)
    before, gone = known, None
    if baseline.accounts:
        ending = known.ending if known else Ending.NONE
        before, gone = Footprint(0, len(baseline.accounts), ending), len(baseline.accounts.keys() - there.keys())
    released = baseline.released.get(ANNUAIRE) or None  # of one that did not open nothing was looked at
    found = wholeness(report, before, policy, gone=gone, released=released)
    why = [_emptied_text(one) for one in lost if not let_pass(one, ANNUAIRE, baseline)]
    if columns := lost_by(report, ANNUAIRE, baseline, "source"):
        why.append(columns_text(columns, ANNUAIRE))
    return _held(report, Wholeness(" ".join(why)) if found.whole and why else found)


def _emptied_text(figure: Holding) -> str:
    return say(f"whole.emptied_{figure.name}", lost=figure.before - figure.kept, before=figure.before)


def whole_workbook(
    report: SourceReport, judged: JudgedWorkbook, baseline: Baseline, policy: Policy
) -> tuple[SourceReport, JudgedWorkbook]:
    """Return a workbook and what was read in it; one that is not whole ends nobody, by what it lacks or by what it
    says.
    """
    people = {(line.number.number or line.number.raw, line.last_name, line.first_name) for line in judged.present}
    report = replace(_watched(report, baseline), people=len(people))
    if not report.usable:
        return report, judged
    report = with_columns(report, WORKBOOK, judged.figures, baseline)
    released = baseline.released.get(report.name)
    whole = wholeness(report, baseline.footprints.get(report.name), policy, released=released)
    faults = [whole, _columns(report, baseline)]
    if released is None:
        faults.append(_illegible(report, judged, policy))
        faults.append(_restored(report, baseline))
    if released is None or size_of(report) < released:
        faults.append(_another(report, baseline))
        faults.append(_cut_at_a_line(report, judged, baseline))
    # What costs the lines too weighs more than what costs only what is missing.
    found = min(faults, key=lambda one: (one.whole, one.lines_count))
    if found.whole:
        return report, judged
    report = _held(report, found)
    if found.lines_count:
        return report, judged.for_presence()
    told = judged if _illegible(report, judged, policy) != WHOLE else None  # its sentence names the lines
    issues, rejected = (judged.issues, judged.rejected) if told else ([], 0)
    return report, JudgedWorkbook(replace(judged.scope, usable=False), issues=issues, rejected=rejected)


def _illegible(report: SourceReport, judged: JudgedWorkbook, policy: Policy) -> Wholeness:
    rejected, total = report.rows_rejected + judged.rejected, report.rows_read
    if not hardly_legible(rejected, total, policy):
        return WHOLE
    return Wholeness(say("run.rejected", rows=rejected, total=total), lines_count=False)


def _cut_at_a_line(report: SourceReport, judged: JudgedWorkbook, baseline: Baseline) -> Wholeness:
    """A text that lacks its last lines while all the others are as they were, to the last byte: who strikes people off
    a list seldom does nothing else, and a copy that broke off has done nothing else.

    Of a structure of which no row is left nobody is ended anyway: that is asked by itself.
    """
    before = baseline.footprints.get(report.name)
    if before is None or report.people >= before.people:
        return WHOLE
    silent = baseline.mentioned.get(spoken_for(judged.scope), frozenset()) - judged.scope.mentioned
    lines = before.lines_less(report.cuts)
    return WHOLE if silent or lines < _FEWEST_LINES else Wholeness(say("whole.tail", count=lines))


def _restored(report: SourceReport, baseline: Baseline) -> Wholeness:
    """A file that another has replaced, to the last byte: it tells of a past day. A spreadsheet saved anew never
    has the same bytes; a text that is changed back has, so that its lines count, and whoever it lacks ends not by it.
    """
    day = baseline.superseded.get(report.name, {}).get(report.sha256)
    if day is None:
        return WHOLE
    text = report.path.lower().endswith(".csv")
    told = say(f"whole.restored{'_text' if text else ''}", day=f"{day:%d/%m/%Y}")
    return Wholeness(told, lines_count=text)


def _columns(report: SourceReport, baseline: Baseline) -> Wholeness:
    """Without its status, or its numbers, a row says less than it did: nobody is created by it either."""
    lost = lost_by(report, WORKBOOK, baseline, "source", "presence")
    if not lost:
        return WHOLE
    return Wholeness(columns_text(lost, WORKBOOK), lines_count=not lost_by(report, WORKBOOK, baseline, "source"))


def _another(report: SourceReport, baseline: Baseline) -> Wholeness:
    figure = another(baseline.footprints.get(report.name, Footprint(0)).filled, report.filled)
    if not figure:
        return WHOLE
    now = report.filled[figure]
    return Wholeness(say(f"whole.{figure.replace('.', '_')}", now=now.filled, total=now.rows), lines_count=False)


def legible(report: SourceReport, rejected: int, total: int, policy: Policy) -> SourceReport:
    """Return a national file, out of use where each of its rows that concern us was `rejected`, or too many of them."""
    if not report.usable or not hardly_legible(rejected, total, policy, strict=counts_rejects(report.name)):
        return report
    return report.failed(say("whole.illegible", rows=rejected, total=total))


def whole_register(report: SourceReport, baseline: Baseline, policy: Policy, floor: int = 0) -> SourceReport:
    """Return a national file's report; `floor`: the rows it must not shrink below."""
    report = _watched(report, baseline)
    if not report.usable:
        return report
    released = baseline.released.get(report.name)
    found = wholeness(report, baseline.footprints.get(report.name), policy, floor=floor, released=released)
    strict = counts_rejects(report.name) and released is None
    if found.whole and strict and too_many_rejects(report, policy):
        found = Wholeness(_rejected(report))
    return _held(report, replace(found, lines_count=False))


def _watched(report: SourceReport, baseline: Baseline) -> SourceReport:
    """Not steady either where its file changed after it was read, and does not come to rest."""
    return replace(report, steady=report.steady and report.name not in baseline.moving)


def _rejected(report: SourceReport) -> str:
    return say("run.rejected", rows=report.rows_rejected, total=report.rows_read)


def _held(report: SourceReport, found: Wholeness) -> SourceReport:
    """The source out of use until somebody has looked; no row of it counts tonight, unless its lines do."""
    if found.whole:
        return report
    return replace(report.failed(found.why, SourceStatus.HELD), lines_count=found.lines_count)
