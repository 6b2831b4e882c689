"""Workbooks read once more against the registers, where these know people whom the annuaire does not."""

from dataclasses import replace
from itertools import chain

from flows.reading.kept_cells import KeptCells
from flows.reading.local import asked_of_workbooks, surroundings_of
from flows.reading.workbooks import Against, AskedWorkbook, helpers, judge_again, parts_of
from flows.run.run import Run
from pipelines.sources.baseline import Baseline
from pipelines.sources.cells.known_people import People
from pipelines.sources.judge import judge_workbook
from pipelines.sources.judged_sources import Local, Source
from pipelines.sources.national.consolidate import Register
from pipelines.sources.workbook.registered import with_register, worth_reading_again
from pipelines.sources.workbook.row.judged_by import UNJUDGED
from pipelines.sources.workbook.rows import JudgedWorkbook


def read_against_registers(run: Run, baseline: Baseline, local: Local, register: Register, kept: KeptCells) -> Local:
    """Read the workbooks as they were judged, or as the registers bear them out; their cells are those that were
    `kept`, or what stands in the file.
    """
    if not local.annuaire.report.usable or not local.workbooks:
        return local
    around = surroundings_of(baseline, local)
    people = with_register(around.people, register, around.structures, run.day)
    if people is around.people:
        return local
    against = Against(replace(around, people=people), run.day, run.policy.card_validity_years)
    asked = asked_of_workbooks(run.settings)
    pairs = [*zip(asked, local.workbooks, strict=True)]
    chosen = [
        replace(one, packed=kept.packed.get(one.source, b""), first=first.items.judged_by)
        for one, first in pairs
        if _worth_it(first, around.people, people)
    ]
    spread = helpers(run.steps, len(local.annuaire.items.accounts))
    parts = spread(judge_again, against, parts_of(chosen, spread)) if spread else ()
    judged = dict(chain.from_iterable(part.items() for part in parts))
    judged |= judge_again(against, [one for one in chosen if one.source not in judged])
    for _, first in pairs:
        first.items.judged_by = UNJUDGED

    def again(one: AskedWorkbook, first: Source[JudgedWorkbook]) -> Source[JudgedWorkbook]:
        found = judged.get(one.source)
        if found is None:
            return first
        return judge_workbook(found.reading, found.judged, run.policy, baseline)

    return replace(local, workbooks=tuple(again(one, first) for one, first in pairs))


def _worth_it(first: Source[JudgedWorkbook], before: People, after: People) -> bool:
    return first.report.usable and worth_reading_again(first.items, before, after)
