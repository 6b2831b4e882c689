"""Workbooks read once more against the registers, where these know people whom the annuaire does not."""

from dataclasses import replace

from connectors.sources.guard import Opener
from flows.reading.local import asked_of_workbooks, surroundings_of
from flows.reading.workbooks import Against, AskedWorkbook, judge_lines, open_workbook
from flows.run.run import Run
from pipelines.sources.baseline import Baseline
from pipelines.sources.joining import register_of
from pipelines.sources.judge import judge_workbook
from pipelines.sources.judged_sources import Local, National, Source
from pipelines.sources.workbook.registered import with_register, worth_reading_again
from pipelines.sources.workbook.rows import JudgedWorkbook


def read_against_registers(run: Run, baseline: Baseline, local: Local, national: National) -> Local:
    """Read the workbooks as they were judged, or as the registers bear them out."""
    if not local.annuaire.report.usable or not local.workbooks:
        return local
    around = surroundings_of(baseline, local)
    people = with_register(around.people, register_of(national), around.structures, run.day)
    if people is around.people:
        return local
    against = Against(replace(around, people=people), run.day, run.policy.card_validity_years)
    pairs = zip(asked_of_workbooks(run.settings), local.workbooks, strict=True)
    with Opener() as opener:

        def again(asked: AskedWorkbook, first: Source[JudgedWorkbook]) -> Source[JudgedWorkbook]:
            if not first.report.usable or not worth_reading_again(first.items, around.people, people):
                return first
            reading = open_workbook(asked, opener)
            if not reading.report.usable:  # changed meanwhile: the night looks at the files again itself
                return first
            return judge_workbook(reading, judge_lines(reading, asked.workbook, against), run.policy, baseline)

        return replace(local, workbooks=tuple(again(asked, first) for asked, first in pairs))
