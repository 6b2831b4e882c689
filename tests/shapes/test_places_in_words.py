"""Establishments, functions, dates and dittos as people write them: every row a human reads is used, and said once."""

import copy
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines.normalize import parse_date, parse_emails
from tests.shapes.book import RAW, Book, Sheet
from tests.shapes.truth import Told, standard, tell

Row = dict[str, object]
FIRST = 4  # rows of the first establishment


def told(*sheets: Sheet) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        return tell(Book(list(sheets)), Path(folder))


def today() -> Sheet:
    [sheet] = copy.deepcopy(standard()).sheets
    return sheet


def played(change: Callable[[Row], object], *dropped: str) -> Told:
    sheet = today()
    for row in sheet.people()[:FIRST]:
        change(row)
    sheet.drop(*dropped)
    return told(sheet)


@pytest.mark.parametrize("code", ["019980019", "01998001", "O1998OO14", "non connu", "à compléter", "inconnu"])
def test_the_exact_name_decides_where_the_number_beside_it_is_none_and_it_is_said_once(code: str) -> None:
    found = played(lambda row: row.update(structure_code=code))
    assert (found.changes, found.used, found.message) == ((), 1, "")
    notes = [note for note in found.judged.notes if "que le nom désigne" in note]
    assert len(notes) == 1
    assert "4 lignes" in notes[0].replace("\xa0", " ")


@pytest.mark.parametrize(
    "name",
    [
        "C.H. de Valvert (01000 VALVERT)",
        "CH Valvert - Orléans",
        "Centre hospitalier de Valvert, Bourg",
        "Hôpital de Valvert",
    ],
)
def test_a_name_with_its_town_or_another_word_for_a_hospital_is_the_only_one_that_it_means(name: str) -> None:
    found = played(lambda row: row.update(structure_name=name, structure_code=""))
    assert (found.changes, found.used) == ((), 1)


PARTS = ["CH Valvert - site Nord", "CH Valvert (EHPAD)", "Clinique de Valvert"]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_an_establishment_or_one_of_another_kind_is_where_the_annuaire_has_all_its_people(name: str) -> None:
    found = played(lambda row: row.update(structure_name=name, structure_code=""))
    assert (found.changes, found.used) == ((), 1)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_an_establishment_or_one_of_another_kind_is_asked_about_where_nobody_is_known(name: str) -> None:
    found = played(
        lambda row: row.update(
            structure_name=name, structure_code="", last_name="INCONNU", cpx_number="", email="", phone=""
        )
    )
    assert {one.reasons[0] for one in found.changes} == {"line_not_understood"}


@pytest.mark.parametrize("mark", ["cf. supra", "voir ligne ci-dessus", "Voir plus haut", "même site"])
def test_as_above_is_read_in_other_words(mark: str) -> None:
    sheet = today()
    for row in sheet.people()[1:FIRST]:
        row.update(structure_code=mark, structure_name=mark)
    found = told(sheet)
    assert (found.changes, found.used) == ((), 1)


@pytest.mark.parametrize(
    ("function", "rank"),
    [("CHV", "adj."), ("CHV adj.", ""), ("Médecin correspondant", "Remplaçant"), ("Médecin correspondant adj.", "")],
)
def test_a_function_in_other_words_is_read(function: str, rank: str) -> None:
    sheet = today()
    sheet.people()[1].update(function=function, rank=rank)
    found = told(sheet)
    assert (found.changes, found.used) == ((), 1)


@pytest.mark.parametrize(
    "text",
    [
        "fin : 31/12/2026",
        "31/12/26 (en cours de renouvellement)",
        "prolongée au 31/12/2026",
        "31-12-2026 (renouvelée)",
        "carte valable jusqu'au 31 décembre 2026, renouvellement demandé",
    ],
)
def test_a_day_with_a_word_of_its_renewal_is_that_day(text: str) -> None:
    assert parse_date(text) == (date(2026, 12, 31), ("DATE_REFORMATTED",))


@pytest.mark.parametrize("text", ["31/12/2026 (ancienne : 31/12/2023)", "perdue le 31/12/2026", "née le 31/12/1976"])
def test_a_day_of_something_else_or_one_of_two_is_no_end(text: str) -> None:
    assert parse_date(text)[0] is None


def test_an_address_with_a_subject_is_the_address() -> None:
    assert parse_emails("mailto:a.b@example.org?subject=HV") == (("a.b@example.org",), ())


@pytest.mark.parametrize("named", ["title", "tab"])
def test_a_sheet_for_each_establishment_named_in_a_title_or_by_its_number_is_read(named: str) -> None:
    sheet = today()
    places: dict[str, list[Row]] = {}
    for row in sheet.people():
        places.setdefault(str(row["structure_code"]), []).append(row)
    columns = [one for one in sheet.columns if not one.field.startswith("structure_")]
    sheets = []
    for at, (code, people) in enumerate(places.items(), 1):
        name = str(people[0]["structure_name"])
        above = [[name], [""]] if named == "title" else []
        sheets.append(Sheet(f"ES{at}" if named == "title" else code, list(columns), people, above))
    found = told(*sheets)
    assert (found.changes, found.used, found.message) == ((), 1, "")


def test_ticks_below_a_function_of_a_region_are_read_and_their_columns_not_called_unread() -> None:
    sheet = today()
    heads = ["CHV titulaire", "CHV suppléant", "Assistant", "CRH"]
    kinds = [("CHV-ST", "Titulaire"), ("CHV-ST", "Remplaçant"), ("Assistant", ""), ("CRH-ST", "Titulaire")]
    names = ["structure_code", "structure_name", "last_name", "first_name", "cpx_number"]
    rows: list[Row] = [{RAW: ["FINESS", "Établissement", "Nom", "Prénom", "N° CPx", *heads]}]
    for row in sheet.people():
        ticks = [
            "X"
            if (row["function"], row["rank"])[: 1 + (kind[0] != "CRH-ST")] == kind[: 1 + (kind[0] != "CRH-ST")]
            else ""
            for kind in kinds
        ]
        rows.append({RAW: [*(row[name] for name in names), *ticks]})
    sheet.columns, sheet.rows = [], rows
    found = told(sheet)
    assert (found.harmful, found.used) == ((), 1)
    assert not [note for note in found.judged.notes if "non lues" in note]


def test_functions_in_titles_between_the_rows_are_read() -> None:
    sheet = today()
    titles = {"CHV-ST TITULAIRES": ("CHV-ST", "Titulaire"), "CHV-ST REMPLAÇANTS": ("CHV-ST", "Remplaçant")}
    titles |= {"ASSISTANTS": ("Assistant", ""), "CRH-ST": ("CRH-ST", "Titulaire")}
    rows: list[Row] = []
    for title, role in titles.items():
        rows.append({RAW: [title]})
        rows += [row for row in sheet.people() if (row["function"], row["rank"]) == role]
    rows += [row for row in sheet.people() if (row["function"], row["rank"]) not in titles.values()]
    assert len(rows) == len(sheet.people()) + len(titles)
    sheet.rows = rows
    sheet.drop("function", "rank")
    found = told(sheet)
    assert (found.changes, found.used, found.message) == ((), 1, "")
