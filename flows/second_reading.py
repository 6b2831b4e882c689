"""Workbooks read once more against the registers, where these know people whom the annuaire does not."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.readers.guard import Opener
from flows.gathered import Gathered
from flows.whole import whole_workbook
from flows.workbooks import Against, Asked, judge, open_workbook
from pipelines.consolidate import Register
from pipelines.validate.registered import with_register, worth_reading_again
from pipelines.validate.workbook import JudgedWorkbook
from pipelines.world import Policy


def read_against_registers(
    asked: Sequence[Asked],
    judged: Sequence[JudgedWorkbook],
    against: Against,
    register: Register,
    policy: Policy,
    gathered: Gathered,
    opener: Opener,
) -> list[JudgedWorkbook]:
    """The workbooks as they were judged, or as the registers bear them out; `gathered` has the account of the last."""
    before = against.around.people
    people = with_register(before, register, against.around.structures, against.day)
    if people is before:
        return list(judged)
    anew = replace(against, around=replace(against.around, people=people))
    return [
        _again(one, first, anew, policy, gathered, opener)
        if first.scope.usable and worth_reading_again(first, before, people)
        else first
        for one, first in zip(asked, judged, strict=True)
    ]


def _again(
    asked: Asked, first: JudgedWorkbook, against: Against, policy: Policy, gathered: Gathered, opener: Opener
) -> JudgedWorkbook:
    reading = open_workbook(asked, opener)
    if not reading.report.usable:  # changed meanwhile: the night looks at the files again itself
        return first
    second = judge(reading, asked.workbook, against)
    reading, second = whole_workbook(reading, second, gathered.past, policy)
    told = replace(reading, report=replace(reading.report, notes=(*reading.report.notes, *second.notes)))
    gathered.keep_again(told, second.issues, second.rejected)
    return second
