"""Contract §8, what a file is read as though it says it otherwise: told once for the file, and no row is lost."""

from collections.abc import Sequence

import pandas as pd
import pytest

from pipelines.sources.cells.known_people import people_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.people.workbook_line import WorkbookRow
from schemas.reading.source import WorkbookScope
from tests.spec.night import DAY, play
from tests.spec.tables import (
    ANNE,
    ES,
    LUC,
    OTHER_ES,
    PAUL,
    REMPLACANT,
    STRUCTURES,
    ZOE,
    Line,
    Person,
    account,
    finess,
    row,
)

ENTITY = finess("45", 90)
STANDARD = [name for name in WorkbookRow.model_fields if name != "location"]


def judged(*rows: dict[str, str], title: str = "") -> JudgedWorkbook:
    """These rows of a workbook of region 24, each in its own `_sheet`; nobody has an account."""
    table = [
        {name: one.get(name, "") for name in STANDARD}
        | {"_sheet": one["_sheet"], "_place": one["_sheet"], "_title": title, "_row": str(number)}
        | {"_location": f"{one['_sheet']}!{number}"}
        for number, one in enumerate(rows, 2)
    ]
    frame = pd.DataFrame(table, dtype=object)
    around = Surroundings(STRUCTURES, people=people_of([]))
    return workbook_of(frame, {}, RowNight(WorkbookScope("w", "region", "24"), around, DAY, 3))


def blank(line: Line, **cells: str) -> Line:
    """The row without its establishment."""
    return Line(line.who, {**line.cells, "structure_code": "", "structure_name": "", "structure_type": "", **cells})


# ── what continues ───────────────────────────────────────────────────────────────────────────────


def test_filled_down_gives_a_blank_establishment_the_one_above_and_is_said_once():
    found = play([account(ANNE), account(LUC), account(ZOE)], [row(ANNE), blank(row(LUC)), blank(row(ZOE))])
    assert (found.table(), found.codes()) == ([], ["FILLED_DOWN"])
    assert "1 autre" in found.issues[0].message.replace("\xa0", " ")


@pytest.mark.parametrize("mark", ['"', "''", "idem", "Id.", "//", "〃", "ditto", "- '' -"])
def test_filled_down_reads_a_ditto_mark_as_the_cell_above(mark: str):
    found = play([account(ANNE), account(LUC)], [row(ANNE), row(LUC, structure_code=mark, structure_type=mark)])
    assert (found.table(), found.codes()) == ([], ["FILLED_DOWN"])


@pytest.mark.parametrize("first_name", ["Thi Lan", "Minh", "M."])
@pytest.mark.parametrize("last_name", ["DO", "Do", "do", "MÊME", "IDEM", "Dito"])
def test_a_name_that_looks_like_a_ditto_mark_beside_a_first_name_is_a_name(last_name: str, first_name: str):
    """Do is among the commonest names of Vietnam: nobody gets the name of the row above."""
    who = Person(681, last_name.upper(), first_name)
    assert play([account(ANNE), account(who)], [row(ANNE), row(who, last_name=last_name)]).table() == []


@pytest.mark.parametrize("mark", ["do", "idem", '"'])
def test_both_names_repeated_by_a_mark_are_those_of_the_row_above(mark: str):
    """Her second function, the names not written again."""
    second = row(ANNE, OTHER_ES, last_name=mark, first_name=mark)
    assert play([account(ANNE), account(ANNE, OTHER_ES)], [row(ANNE), second]).table() == []


def test_filled_down_is_not_done_against_what_the_annuaire_knows_of_the_people():
    """Two of them work elsewhere: the blank is no « as above »."""
    elsewhere = [account(LUC, OTHER_ES), account(ZOE, OTHER_ES)]
    found = play([account(ANNE), *elsewhere], [row(ANNE), blank(row(LUC)), blank(row(ZOE))])
    assert (set(found.codes()), set(found.reasons())) == ({"FINESS_FORMAT"}, {"line_not_understood"})


def test_filled_down_is_not_said_of_a_region_that_needs_no_number():
    line = blank(row(ANNE, "24"), structure_type="Région sanitaire")
    assert play([account(LUC), account(ANNE, "24")], [row(LUC), line]).codes() == []


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dress", ["N° RPPS : {}", "{} (CPS)", "n°{}", "RPPS {}", "carte CPS n° {} valable 2028"])
def test_number_undressed_reads_the_one_number_of_a_cell(dress: str):
    found = play([account(ANNE)], [row(ANNE, cpx_number=dress.format(ANNE.rpps[1:]))])
    assert (found.table(), found.codes()) == ([], ["NUMBER_UNDRESSED"])
    assert found.snapshot.lines[0].typed_numbers == (ANNE.rpps,)


def test_number_undressed_is_not_said_of_two_numbers_and_neither_is_dropped():
    found = play([account(ANNE)], [row(ANNE, cpx_number=f"{ANNE.rpps} ou {LUC.rpps}")])
    [line] = [one for one in found.snapshot.lines if one.last_name == ANNE.last_name]
    assert (found.codes(), line.number.number, line.typed_numbers) == (["CPX_FORMAT"], "", (ANNE.rpps, LUC.rpps))


def test_number_undressed_leaves_a_typing_error_what_it_is():
    wrong = ANNE.rpps[1:-1] + str((int(ANNE.rpps[-1]) + 1) % 10)
    assert play([account(ANNE)], [row(ANNE, cpx_number=f"RPPS : {wrong}")]).codes() == ["CPX_KEY"]


def test_number_undressed_reads_a_cpe_number_with_a_remark():
    assert play([account(PAUL)], [row(PAUL, cpx_number=f"CPE {PAUL.cpe}")]).table() == []


# ── establishments ───────────────────────────────────────────────────────────────────────────────


def test_finess_legal_entity_is_the_site_whose_name_stands_beside_it():
    found = play([account(ANNE)], [row(ANNE, structure_code=ENTITY, structure_name=STRUCTURES[ES].name)])
    assert (found.table(), found.codes()) == ([], ["FINESS_LEGAL_ENTITY"])


def test_finess_legal_entity_without_a_name_is_where_the_annuaire_has_its_people():
    people = [ANNE, LUC, ZOE]
    found = play([account(one) for one in people], [row(one, structure_code=ENTITY) for one in people])
    assert (found.table(), found.codes()) == ([], ["FINESS_LEGAL_ENTITY"])


def test_finess_legal_entity_is_not_guessed_for_one_person():
    assert "FINESS_UNKNOWN" in play([account(ANNE)], [row(ANNE, structure_code=ENTITY)]).codes()


# ── nobody ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["VACANT", "Poste à pourvoir", "Néant", "-", "N/A", "En cours de recrutement"])
def test_vacancy_is_never_a_person(word: str):
    line = row(ANNE, ES, REMPLACANT, last_name=word, first_name="", cpx_number="", email="", phone="")
    found = play([], [line])
    assert (found.table(), found.codes()) == ([], ["VACANCY"])


def test_vacancy_mentions_its_structure():
    one = {"_sheet": "Liste", "structure_code": ES, "structure_type": "ES", "function": "CHV-ST", "last_name": "vacant"}
    assert judged(one).mentioned == {ES}


def test_a_surname_that_is_also_a_word_for_nobody_stays_a_surname():
    found = play([account(ANNE, last_name="NA")], [row(ANNE, last_name="NA")])
    assert found.codes() == []


@pytest.mark.parametrize("text", ["Total", "Sous-total CH d'Essai : 3", "TOTAL GÉNÉRAL"])
def test_total_row_is_never_a_person(text: str):
    line = row(ANNE, last_name=text, first_name="3", cpx_number="", email="", phone="", function="")
    found = play([], [line])
    assert (found.table(), found.codes()) == ([], ["TOTAL_ROW"])


def test_a_title_between_the_rows_is_nobody_and_costs_nothing():
    title = Line(ANNE, dict.fromkeys(row(ANNE).cells, "") | {"last_name": "DÉPARTEMENT DU LOIRET"})
    found = play([account(LUC)], [title, row(LUC)])
    assert (found.table(), found.codes()) == ([], [])


# ── sheets ───────────────────────────────────────────────────────────────────────────────────────

PERSON = {
    "structure_code": ES,
    "structure_type": "ES",
    "function": "Assistant",
    "last_name": "XENOS",
    "first_name": "Yves",
}
PEOPLE = ("XENOS", "ZOLA")


@pytest.mark.parametrize("name", ["Partis", "Départs 2026", "Sorties", "Anciens correspondants", "Retraités"])
def test_sheet_skipped_is_said_of_a_sheet_of_leavers_whose_people_left(name: str):
    found = judged({**PERSON, "_sheet": "Liste"}, {**PERSON, "_sheet": name, "last_name": "ZOLA", "status": "Actif"})
    assert [one.left for one in found.lines] == [False, True]
    assert "SHEET_SKIPPED" in [one.code for one in found.issues]


@pytest.mark.parametrize("names", [("Liste", "Archives"), ("2026", "2025"), ("Nov. 2026", "juin 2026"), ("A", "2024")])
def test_sheet_skipped_leaves_out_what_is_of_the_past(names: Sequence[str]):
    found = judged(*({**PERSON, "_sheet": name, "last_name": at} for name, at in zip(names, PEOPLE, strict=False)))
    assert [one.last_name for one in found.lines] == [PEOPLE[0]]


@pytest.mark.parametrize("names", [("2025",), ("Ain", "Rhône"), ("CHV-ST", "Assistants 2026"), ("Archives",)])
def test_sheet_skipped_is_not_said_where_nothing_newer_is_there(names: Sequence[str]):
    found = judged(*({**PERSON, "_sheet": name, "last_name": at} for name, at in zip(names, PEOPLE, strict=False)))
    assert (len(found.lines), found.scope.complete) == (len(names), True)


def test_a_workbook_of_leavers_alone_ends_nobody_for_being_absent():
    assert judged({**PERSON, "_sheet": "Partis"}).scope.complete is False


# ── columns ──────────────────────────────────────────────────────────────────────────────────────


def turned(line: Line) -> Line:
    """The names in each other's column."""
    cells = line.cells
    return Line(line.who, {**cells, "last_name": cells["first_name"], "first_name": cells["last_name"]})


def test_names_swapped_are_put_back_where_the_annuaire_agrees_with_it():
    found = play([account(ANNE), account(PAUL)], [turned(row(ANNE)), turned(row(PAUL))])
    assert (found.table(), found.codes()) == ([], ["NAMES_SWAPPED"])


def test_names_swapped_in_one_row_alone_are_put_back_there_alone():
    found = play([account(ANNE), account(LUC), account(PAUL)], [row(ANNE), row(LUC), turned(row(PAUL))])
    assert (found.table(), found.codes()) == ([], ["NAMES_SWAPPED"])
