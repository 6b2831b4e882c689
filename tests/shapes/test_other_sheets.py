"""Sheets beside that of today: the meaning of each comes first, the order of the tabs never matters."""

import copy
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shapes.book import Book, Sheet
from tests.shapes.truth import Told, standard, tell

Row = dict[str, object]
LEFT, FORMER = 4, {"last_name": "ANCIENNET", "first_name": "Paul", "cpx_number": "", "email": "", "phone": ""}


def told(*sheets: Sheet) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        return tell(Book(list(sheets)), Path(folder))


def today(name: str = "Liste") -> Sheet:
    [sheet] = copy.deepcopy(standard()).sheets
    sheet.name = name
    return sheet


def beside(name: str, rows: list[Row], *, hidden: bool = False) -> Sheet:
    return Sheet(name, list(today().columns), [dict(row) for row in rows], hidden=hidden)


def both_orders(one: Sheet, other: Sheet) -> Iterator[Told]:
    yield told(one, other)
    yield told(other, one)


@pytest.mark.parametrize("leavers", ["Anciens", "Partis", "Départs 2026"])
@pytest.mark.parametrize("status", ["Actif", "", "Parti le 01/09/2026"])
def test_whom_the_list_still_has_and_a_sheet_of_leavers_too_is_a_question_whatever_the_order(
    leavers: str, status: str
) -> None:
    gone = [{**row, "status": status} for row in today().people()[:3]]
    for found in both_orders(today("Actuels"), beside(leavers, gone)):
        assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]
        assert "« Actuels »" in str(found.changes[0].fields[0].after).replace("\xa0", " ")
        assert (found.used, [one.code for one in found.judged.issues]) == (1, ["SHEET_SKIPPED"])


def test_whom_only_a_sheet_of_leavers_has_left_whatever_the_order() -> None:
    people = today().people()
    name = people[LEFT]["last_name"]
    list_of_today = beside("Liste", [row for at, row in enumerate(people) if at != LEFT])
    for found in both_orders(list_of_today, beside("Partis", [people[LEFT]])):
        ends = [(one.reasons[0], one.person.last_name) for one in found.changes if one.kind == "end_assignment"]
        assert ends == [("left", name)]


def test_an_ended_function_of_somebody_who_has_another_now_is_no_question() -> None:
    former = {**today().people()[0], "rank": "Remplaçant", "status": "Parti"}
    for found in both_orders(today(), beside("Anciens", [former])):
        assert found.changes == ()


@pytest.mark.parametrize(
    ("now", "other", "said"),
    [
        ("2026", "2025", "année passée"),
        ("Novembre 2026", "Octobre 2026", "année passée"),
        ("Liste à jour", "Ancienne version", "archive"),
        ("V2 (à jour)", "V1", "archive"),
        ("Liste V1.10", "Liste V1.9 définitive", "archive"),
        ("Liste", "Corbeille", "corbeille"),
        ("Liste", "Brouillon", "brouillon"),
        ("Liste", "En attente validation", "en attente"),
        ("Liste", "Arrivées 2027", "à venir"),
        ("2026", "2027", "à venir"),
        ("Liste", "Liste (2)", "copie"),
        ("Liste", "Copie de Liste", "archive"),
    ],
)
def test_what_is_not_of_today_changes_nothing_takes_no_row_and_is_said(now: str, other: str, said: str) -> None:
    people = today().people()
    old = [{**people[0], "phone": "01 00 00 00 00"}, *people[1:], {**people[LEFT], **FORMER}]
    for found in both_orders(today(now), beside(other, old)):
        assert (found.changes, found.used) == ((), 1)
        [issue] = [one for one in found.judged.issues if one.code == "SHEET_SKIPPED"]
        assert (issue.location, said in issue.message) == (other, True)
        assert "DUPLICATE_ROW" not in {one.code for one in found.judged.issues}


def test_a_hidden_copy_with_somebody_more_creates_nobody_and_a_hidden_sheet_of_others_is_read() -> None:
    people = today().people()
    half = len(people) // 2
    copied = told(today(), beside("Feuil2", [*people, {**people[LEFT], **FORMER}], hidden=True))
    others = told(beside("A", people[:half]), beside("B", people[half:], hidden=True))
    assert [(one.changes, one.used) for one in (copied, others)] == [((), 1), ((), 1)]


@pytest.mark.parametrize("names", [("Titulaires", "Remplaçants"), ("En poste", "Nouveaux"), ("Rhône 2", "Rhône 3")])
def test_sheets_that_are_all_of_today_are_all_read(names: tuple[str, str]) -> None:
    people = today().people()
    half = len(people) // 2
    for found in both_orders(beside(names[0], people[:half]), beside(names[1], people[half:])):
        assert (found.changes, found.used) == ((), 1)


def of_a_day(name: str, title: str, *, without: int | None = None, more: Row | None = None) -> Sheet:
    sheet = today(name)
    rows = [row for at, row in enumerate(sheet.people()) if at != without]
    sheet.rows = [*rows, *([more] if more else [])]
    sheet.above = [[title]]
    return sheet


def test_of_two_sheets_of_the_same_people_that_of_the_earlier_day_is_of_the_past() -> None:
    """Somebody who had left since came again by the sheet of two years before."""
    former = {**today().people()[2], **FORMER}
    older = of_a_day("Feuil2", "Liste arrêtée au 30/06/2024", more=former)
    for found in both_orders(of_a_day("Feuil1", "Liste arrêtée au 02/11/2026"), older):
        assert (found.changes, found.used) == ((), 1)
        assert "SHEET_SKIPPED" in {one.code for one in found.judged.issues}


def test_sheets_of_other_people_are_all_of_today_whatever_day_stands_above() -> None:
    first, second = today("Nord"), today("Sud")
    first.rows, first.above = first.people()[:11], [["Mis à jour le 12/03/2025"]]
    second.rows, second.above = second.people()[11:], [["Mis à jour le 15/11/2026"]]
    for found in both_orders(first, second):
        assert (found.changes, found.used) == ((), 1)
