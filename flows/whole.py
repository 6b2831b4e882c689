"""Sources held against what was known of them: what is not whole waits for a human look (contract §6a)."""

from dataclasses import replace

from connectors.readers.result import Reading
from flows.columns import columns_text, let_pass, lost_by, with_columns, without_columns
from flows.gathered import Past
from pipelines.emptied import emptied
from pipelines.expect import hardly_legible, too_many_rejects
from pipelines.validate.annuaire import Annuaire
from pipelines.validate.belongs import another
from pipelines.validate.judged import Judged
from pipelines.validate.workbook import JudgedWorkbook
from pipelines.wholeness import ANNUAIRE, WHOLE, Wholeness, size_of, wholeness
from pipelines.world import Policy
from schemas.footprint import Ending, Footprint
from schemas.nomenclatures import say
from schemas.source import SourceReport, SourceStatus
from schemas.stood import Holding


def whole_annuaire(reading: Reading, judged: Judged[Annuaire], past: Past, policy: Policy) -> Reading:
    """The annuaire, counted in accounts, for nobody is ever taken out of e-FIT, and in what these hold."""
    there = judged.items.accounts
    lost = emptied(past.accounts, there, policy.min_annuaire_share, past.asked)
    watched = _watched(reading.report, past)
    reading = with_columns(replace(reading, report=replace(watched, people=len(there), emptied=lost)), ANNUAIRE, past)
    known = past.footprints.get(ANNUAIRE)
    before, gone = known, None
    if past.accounts:
        ending = known.ending if known else Ending.NONE
        before, gone = Footprint(0, len(past.accounts), ending), len(past.accounts.keys() - there.keys())
    released = past.released.get(ANNUAIRE)
    found = wholeness(reading.report, before, policy, gone=gone, released=released)
    why = [_emptied_text(one) for one in lost if not let_pass(one, ANNUAIRE, past)]
    if columns := lost_by(reading.report, ANNUAIRE, past, "source"):
        why.append(columns_text(columns, ANNUAIRE))
    return _held(reading, Wholeness(" ".join(why)) if found.whole and why else found)


def _emptied_text(figure: Holding) -> str:
    return say(f"whole.emptied_{figure.name}", lost=figure.before - figure.kept, before=figure.before)


def whole_workbook(
    reading: Reading, judged: JudgedWorkbook, past: Past, policy: Policy
) -> tuple[Reading, JudgedWorkbook]:
    """A workbook and what was read in it; one that is not whole ends nobody, by what it lacks or by what it says."""
    people = {(line.number.number or line.number.raw, line.last_name, line.first_name) for line in judged.present}
    reading = replace(reading, report=replace(_watched(reading.report, past), people=len(people)))
    if not reading.report.usable:
        return reading, judged
    reading = with_columns(reading, "workbook", past)
    report = replace(reading.report, filled={**reading.report.filled, **judged.figures})
    reading = replace(reading, report=report)
    released = past.released.get(report.name)
    faults = [wholeness(report, past.footprints.get(report.name), policy, released=released), _columns(report, past)]
    if released is None:
        faults.append(_illegible(reading, judged, policy))
    if released is None or size_of(report) < released:
        faults.append(_another(report, past))
    # What costs the lines too weighs more than what costs only what is missing.
    found = min(faults, key=lambda one: (one.whole, one.lines_count))
    if found.whole:
        return reading, judged
    reading = _held(reading, found)
    if found.lines_count:
        return reading, judged.for_presence()
    return reading, JudgedWorkbook(replace(judged.scope, usable=False))


def _illegible(reading: Reading, judged: JudgedWorkbook, policy: Policy) -> Wholeness:
    rejected, total = reading.report.rows_rejected + judged.rejected, reading.report.rows_read
    if not hardly_legible(rejected, total, policy):
        return WHOLE
    return Wholeness(say("run.rejected", rows=rejected, total=total), lines_count=False)


def _columns(report: SourceReport, past: Past) -> Wholeness:
    """Without its status, or its numbers, a row says less than it did: nobody is created by it either."""
    lost = lost_by(report, "workbook", past, "source", "presence")
    if not lost:
        return WHOLE
    return Wholeness(columns_text(lost, "workbook"), lines_count=not lost_by(report, "workbook", past, "source"))


def _another(report: SourceReport, past: Past) -> Wholeness:
    figure = another(past.footprints.get(report.name, Footprint(0)).filled, report.filled)
    if not figure:
        return WHOLE
    now = report.filled[figure]
    return Wholeness(say(f"whole.{figure.replace('.', '_')}", now=now.filled, total=now.rows), lines_count=False)


def whole_register(reading: Reading, past: Past, policy: Policy, floor: int = 0, kind: str = "") -> Reading:
    """A national file, or what it must not shrink to. `kind`: whose columns are looked at."""
    report = _watched(reading.report, past)
    if not report.usable:
        return reading
    released = past.released.get(report.name)
    found = wholeness(report, past.footprints.get(report.name), policy, floor=floor, released=released)
    # ADELI is frozen since 2024: what cannot be read in it will not be mended.
    strict = report.name != "register.adeli" and released is None
    if found.whole and strict and too_many_rejects(report, policy):
        found = Wholeness(_rejected(reading))
    if found.whole:
        reading = replace(reading, report=report)
        return without_columns(with_columns(reading, kind, past), kind, past) if kind else reading
    return _held(reading, replace(found, lines_count=False))


def _watched(report: SourceReport, past: Past) -> SourceReport:
    """Not steady either where its file changed after it was read, and does not come to rest."""
    return replace(report, steady=report.steady and report.name not in past.moving)


def _rejected(reading: Reading) -> str:
    return say("run.rejected", rows=reading.report.rows_rejected, total=reading.report.rows_read)


def _held(reading: Reading, found: Wholeness) -> Reading:
    """The source out of use until somebody has looked; no row of it counts tonight, unless its lines do."""
    if found.whole:
        return reading
    report = replace(reading.report.failed(found.why, SourceStatus.HELD), lines_count=found.lines_count)
    return replace(reading, report=report, frame=reading.frame if found.lines_count else reading.frame.iloc[0:0])
