"""Workbooks read once more against the registers, where these know people whom the annuaire does not."""

from dataclasses import replace

from flows.reading.local import asked_of_workbooks, surroundings_of
from flows.reading.workbooks import Against, AskedWorkbook, open_and_judge, read_ahead
from flows.run.run import Run
from flows.run.steps import Step
from pipelines.sources.baseline import Baseline
from pipelines.sources.cells.known_people import People
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
    asked = asked_of_workbooks(run.settings)
    pairs = [*zip(asked, local.workbooks, strict=True)]
    chosen = [one for one, first in pairs if _worth_it(first, around.people, people)]
    ahead = read_ahead(chosen, against, run.steps.spread(Step("validate", "workbooks")))
    left = [one for one in chosen if one.source not in ahead]
    ahead |= {one.reading.report.name: one for one in open_and_judge(against, left)}

    def again(one: AskedWorkbook, first: Source[JudgedWorkbook]) -> Source[JudgedWorkbook]:
        found = ahead.get(one.source)
        if found is None or not found.reading.report.usable:  # changed meanwhile: the night looks at the files itself
            return first
        return judge_workbook(found.reading, found.judged, run.policy, baseline)

    return replace(local, workbooks=tuple(again(one, first) for one, first in pairs))


def _worth_it(first: Source[JudgedWorkbook], before: People, after: People) -> bool:
    return first.report.usable and worth_reading_again(first.items, before, after)
