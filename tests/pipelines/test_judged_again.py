"""A workbook judged once more when more people are known: only where something may come out otherwise, and then so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from pipelines.names import bag
from pipelines.sources.cells.known_people import Known, KnownByWords, People
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.row.judged_by import UNJUDGED, JudgedBy, JudgedTheSame
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.people.workbook_line import BETWEEN_CELLS, HEADER_ROW, WorkbookRow
from schemas.reading.source import WorkbookScope
from tests.spec.night import DAY
from tests.spec.tables import ES, OTHER_ES, STRUCTURES, Person, row

STANDARD = [name for name in WorkbookRow.model_fields if name != "location"]
PEOPLE = [Person(40 + at, last, first) for at, (last, first) in enumerate([("ORME", "Élise"), ("TREMBLE", "Guy")] * 4)]
WHO = {one.number: Known(one.last_name, one.first_name, "2028-05-04", frozenset({ES})) for one in PEOPLE}

NOBODY_NAMED: Mapping[str, Known] = {}
COLUMNS = ("_sheet", "_row", "_location", "_kind", "text", "_colours")
PLACES = {"S": {"last_name": "S!A"}}


def judged(
    rows: Sequence[Mapping[str, str]],
    known: Mapping[str, Known],
    first: JudgedBy = UNJUDGED,
    registered: Collection[str] = (),
    named: Mapping[str, Known] = NOBODY_NAMED,
    beside: Sequence[str] = (),
) -> JudgedWorkbook:
    """The rows as they are judged where these people are known; `registered`: those whom the registers alone know;
    `beside`: what stands in a column of each row that is not read.
    """
    table = [
        {name: one.get(name, "") for name in STANDARD}
        | {"_sheet": "S", "_place": "S", "_title": "", "_row": str(at), "_location": f"S!{at}"}
        for at, one in enumerate(rows, 2)
    ]
    around = Surroundings(STRUCTURES, people=People(known, frozenset(), KnownByWords(named), frozenset(registered)))
    night = RowNight(WorkbookScope("w", "region", "24"), around, DAY, 3)
    heads = [("S", "1", "S!1", HEADER_ROW, BETWEEN_CELLS.join(("Nom", "Divers")), "")]
    told = [
        ("S", str(at), f"S!{at}", "", BETWEEN_CELLS.join((one.get("last_name", ""), text)), "")
        for at, (one, text) in enumerate(zip(rows, beside, strict=False), 2)
    ]
    written = pd.DataFrame([*heads, *told], columns=list(COLUMNS), dtype=object) if told else None
    return workbook_of(pd.DataFrame(table, columns=list(table[0]), dtype=object), PLACES, night, written, first)


@st.composite
def written(draw: st.DrawFn, who: Person) -> Mapping[str, str]:
    """A row, with what only somebody known decides."""
    cells = dict(row(who, draw(st.sampled_from([ES, OTHER_ES]))).cells)
    if draw(st.booleans()):
        cells["last_name"], cells["first_name"] = cells["first_name"], cells["last_name"]
    if draw(st.booleans()):
        cells["last_name"], cells["first_name"] = f"{cells['first_name']} {cells['last_name']}", ""
    cells["card_expires_on"] = draw(st.sampled_from(["04/05/2028", "05/04/2028", "Fin mai 2028", "31/05/2028", ""]))
    if draw(st.booleans()):
        cells["structure_code"] = cells["structure_name"] = ""
    return cells


@given(st.data())
def test_a_judgement_that_stands_is_the_one_that_would_be_made_anew(data: st.DataObject) -> None:
    rows = [data.draw(written(one)) for one in PEOPLE]
    numbers = sorted(WHO)
    before = {number: WHO[number] for number in data.draw(st.sets(st.sampled_from(numbers)))}
    after = before | {number: WHO[number] for number in data.draw(st.sets(st.sampled_from(numbers)))}
    first, anew = judged(rows, before), judged(rows, after)
    try:
        again = judged(rows, after, first.judged_by)
    except JudgedTheSame:
        event("stands")
        again = first
    assert again == anew


@given(st.data())
def test_a_judgement_stands_that_the_registers_do_not_change(data: st.DataObject) -> None:
    said = st.sampled_from(["", "Parti", "arrive le 02/01", "à confirmer par Zoé"])
    rows = [{**data.draw(written(one)), "status": data.draw(said)} for one in PEOPLE]
    own = {number: WHO[number] for number in data.draw(st.sets(st.sampled_from(sorted(WHO))))}
    registered = data.draw(st.sets(st.sampled_from(sorted(WHO)), min_size=1)) - own.keys()
    after = own | {number: WHO[number] for number in registered}
    called = data.draw(st.sets(st.sampled_from(PEOPLE)))
    there = ((ES, "TITULAIRE", ""), (ES, "CRH_ST", "TITULAIRE"))
    named = {bag((one.last_name, one.first_name)): WHO[one.number]._replace(held=there) for one in called}
    beside = [data.draw(st.sampled_from(["", "", "", "arrive en mars", "sous la houlette de Zoé ?"])) for _ in rows]
    first = judged(rows, own, named=named, beside=beside)
    anew = judged(rows, after, UNJUDGED, registered, named, beside)
    try:
        again = judged(rows, after, first.judged_by, registered, named, beside)
    except JudgedTheSame:
        event("stands")
        again = first
    assert replace(again, judged_by=UNJUDGED) == replace(anew, judged_by=UNJUDGED)


def test_who_becomes_known_to_the_registers_alone_changes_only_what_stands_beside_who_was_there_by_the_name() -> None:
    rows = [row(one).cells for one in PEOPLE]
    who = PEOPLE[0].number
    quiet, strange = [""] * len(rows), ["sous la houlette de Zoé ?", *[""] * (len(rows) - 1)]
    held = _held(judged(rows, {}))
    named = {bag((PEOPLE[0].last_name, PEOPLE[0].first_name)): WHO[who]._replace(held=tuple(sorted(held)))}
    for people, beside in (({}, quiet), ({}, strange), (named, quiet), (named, strange)):
        first = judged(rows, {}, UNJUDGED, (), people, beside)
        with pytest.raises(JudgedTheSame):
            judged(rows, {who: WHO[who]}, first.judged_by, [who], people, beside)
    apart = {key: one._replace(places=frozenset()) for key, one in named.items()}  # else nearly there all the same
    first = judged(rows, {}, UNJUDGED, (), apart, strange)
    again = judged(rows, {who: WHO[who]}, first.judged_by, [who], apart, strange)
    assert [one.not_understood for one in again.unread] != [one.not_understood for one in first.unread]


def _held(judgement: JudgedWorkbook) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.assignment.structure_code, one.assignment.function, "") for one in judgement.lines)


def test_who_has_a_card_known_to_end_within_the_month_has_its_day_only_once_one_knows_them() -> None:
    who = PEOPLE[0]
    rows = [row(who, card_expires_on="Fin mai 2028").cells]
    first = judged(rows, {})
    again = judged(rows, {who.number: WHO[who.number]}, first.judged_by)
    assert [str(one.lines[0].card_expires_on) for one in (first, again)] == ["2028-05-31", "2028-05-04"]


def test_where_nobody_of_the_rows_becomes_known_the_first_judgement_stands() -> None:
    rows = [row(one).cells for one in PEOPLE]
    first = judged(rows, {})
    stranger = replace(PEOPLE[0], serial=90)
    with pytest.raises(JudgedTheSame):
        judged(rows, {stranger.number: WHO[PEOPLE[0].number]}, first.judged_by)
