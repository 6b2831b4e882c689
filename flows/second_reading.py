"""Workbooks read once more against the registers, where these know people whom the annuaire does not."""

from dataclasses import replace

from connectors.readers.guard import Opener
from flows.sources import Reader, asked_of_workbooks, surroundings_of
from flows.workbooks import Against, Asked, judge_lines, open_workbook
from pipelines.judge import judge_workbook
from pipelines.snapshot import register_of
from pipelines.sources import Local, National, Source
from pipelines.validate.known import People
from pipelines.validate.registered import with_register, worth_reading_again
from pipelines.validate.workbook import JudgedWorkbook


def read_against_registers(reader: Reader, local: Local, national: National) -> Local:
    """The workbooks as they were judged, or as the registers bear them out."""
    if not local.annuaire.report.usable or not local.workbooks:
        return local
    around = surroundings_of(reader, local)
    people = with_register(around.people, register_of(national), around.structures, reader.day)
    if people is around.people:
        return local
    against = Against(replace(around, people=people), reader.day, reader.policy.card_validity_years)
    pairs = zip(asked_of_workbooks(reader.settings), local.workbooks, strict=True)
    with Opener() as opener:
        books = tuple(_again(reader, asked, first, around.people, against, opener) for asked, first in pairs)
    return replace(local, workbooks=books)


def _again(
    reader: Reader, asked: Asked, first: Source[JudgedWorkbook], before: People, against: Against, opener: Opener
) -> Source[JudgedWorkbook]:
    if not first.report.usable or not worth_reading_again(first.items, before, against.around.people):
        return first
    reading = open_workbook(asked, opener)
    if not reading.report.usable:  # changed meanwhile: the night looks at the files again itself
        return first
    judged = judge_lines(reading, asked.workbook, against)
    return judge_workbook(reading, judged, reader.policy, reader.baseline)
