"""A function or an establishment written once for several rows: in a title, in the first of them, in merged cells."""

from collections.abc import Callable, Iterator

import openpyxl
import pytest

from tests.shapes.test_told_beside import Grid, asked, grid, told
from tests.shapes.truth import Told

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}
ROLE, PLACE = ("Fonction", "Rang"), ("FINESS", "Établissement", "Type de structure")


def without(row: list[str], names: tuple[str, ...]) -> list[str]:
    return ["" if any(LABELS_AT[name] == at for name in names) else text for at, text in enumerate(row)]


def of(row: list[str], name: str) -> str:
    return row[LABELS_AT[name]]


def role_title(row: list[str]) -> str:
    named = {"Titulaire": "Titulaires", "Remplaçant": "CHV-ST remplaçants", "": "ASSISTANTS"}
    return "CRH-ST" if of(row, "Fonction") == "CRH-ST" else named[of(row, "Rang")]


def in_sections(
    rows: Grid, titles: list[Callable[[list[str]], str]], leave_out: tuple[str, ...], at: int = 0
) -> Iterator[list[str]]:
    """The rows below the titles, each written where it changes, and all below it again."""
    last = [""] * len(titles)
    for row in rows:
        now = [title(row) for title in titles]
        first = next((level for level, text in enumerate(now) if text != last[level]), len(now))
        yield from ([""] * at + [text] for text in now[first:])
        last = now
        yield without(row, leave_out)


def place_title(row: list[str]) -> str:
    return f"{of(row, 'Établissement')} ({of(row, 'FINESS')})"


def sections(*titles: Callable[[list[str]], str], leave_out: tuple[str, ...] = ROLE, at: int = 0) -> Grid:
    cells = grid()
    return [cells[0], *in_sections(cells[1:], list(titles), leave_out, at)]


def merged(book: openpyxl.Workbook) -> None:
    page = book.worksheets[0]
    for row in page.iter_rows(min_row=2):
        if sum(1 for cell in row if cell.value) == 1:
            at = int(row[0].row or 0)
            page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(row))


def plain(_book: openpyxl.Workbook) -> None:
    return None


def nothing_changes(found: Told) -> bool:
    return (found.used, [one.reasons for one in found.changes]) == (1.0, [])


@pytest.mark.parametrize("how", [plain, merged])
@pytest.mark.parametrize("at", [0, LABELS_AT["Nom"]])
def test_a_title_of_a_role_holds_for_the_rows_below_it(how: Callable[[openpyxl.Workbook], None], at: int) -> None:
    assert nothing_changes(told({"Liste": sections(role_title, at=at if how is plain else 0)}, how))


@pytest.mark.parametrize("how", [plain, merged])
@pytest.mark.parametrize(
    "place",
    [
        place_title,
        lambda row: of(row, "FINESS"),
        lambda row: f"{of(row, 'FINESS')} – {of(row, 'Établissement')}",
        lambda row: f"Établissement : {of(row, 'Établissement')}",
    ],
)
def test_so_it_does_within_a_title_of_an_establishment(
    how: Callable[[openpyxl.Workbook], None], place: Callable[[list[str]], str]
) -> None:
    assert nothing_changes(told({"Liste": sections(place, role_title, leave_out=(*ROLE, *PLACE))}, how))


@pytest.mark.parametrize("how", [plain, merged])
def test_and_around_the_titles_of_several_establishments(how: Callable[[openpyxl.Workbook], None]) -> None:
    cells = grid()
    rows = sorted(cells[1:], key=role_title)
    found = list(in_sections(rows, [role_title, place_title], (*ROLE, *PLACE)))
    assert nothing_changes(told({"Liste": [cells[0], *found]}, how))


def test_both_titles_may_stand_in_the_column_of_names_of_a_table_without_other_columns() -> None:
    cells, kept = grid(), ["Nom", "Prénom", "N° CPx", "Téléphone"]
    rows = in_sections(cells[1:], [lambda row: of(row, "Établissement"), role_title], ())
    found = [[of(row, name) for name in kept] if len(row) > 1 else row for row in rows]
    assert nothing_changes(told({"Annuaire": [kept, *found]}))


def blank_below(names: tuple[str, ...], *, also: tuple[str, ...] = ()) -> Grid:
    cells, last = grid(), [""]
    found = [cells[0]]
    for row in cells[1:]:
        now = [of(row, name) for name in (*names, "FINESS")]
        found.append(without(row, (*names, *also)) if now == last else row)
        last = now
    return found


@pytest.mark.parametrize("cells", [blank_below(ROLE), blank_below(ROLE, also=PLACE), blank_below(("Fonction",))])
def test_a_blank_function_continues_the_row_above_of_the_same_establishment(cells: Grid) -> None:
    assert nothing_changes(told({"Liste": cells}))


def test_a_single_blank_is_read_for_whom_the_annuaire_has_so() -> None:
    cells = [without(row, ROLE) if of(row, "Nom") == "LEROY" else row for row in grid()]
    assert nothing_changes(told({"Liste": cells}))


def test_whoever_has_another_function_than_the_row_above_is_asked_about() -> None:
    cells = [without(row, ROLE) if of(row, "Nom") == "BÉRANGER" else row for row in grid()]
    assert asked(told({"Liste": cells})) == ["BÉRANGER"]


def newcomer(cells: Grid, after: str, **values: str) -> Grid:
    at = next(at for at, row in enumerate(cells) if row[LABELS_AT["Nom"] :][:1] == [after])
    own = {"Nom": "ZOLA", "Prénom": "Émile", "N° CPx": "", "Courriel": "z@example.org", "Téléphone": "", **values}
    fresh = [own.get(name, text) for name, text in zip(cells[0], cells[at], strict=True)]
    return [*cells[: at + 1], fresh, *cells[at + 1 :]]


def test_a_newcomer_without_a_function_is_asked_about_where_no_other_row_continues() -> None:
    found = told({"Liste": newcomer(grid(), "LEROY", Fonction="", Rang="")})
    assert {one.reasons[0] for one in found.changes} == {"line_not_understood"}


def test_a_title_that_stands_in_each_block_is_no_duplicate() -> None:
    """The second « En poste » was taken for a repeated row: those below it stood under « Partis », and were ended."""
    cells = grid(lambda _at, row: row.pop("status"))
    gone = {"KÖNIG", "LEROY"}
    order = sorted(cells[1:], key=lambda row: (of(row, "FINESS"), of(row, "Nom") in gone))

    def title(row: list[str]) -> str:
        return "Partis" if of(row, "Nom") in gone else "En poste"

    found = told({"Liste": [cells[0], *in_sections(order, [title], (), LABELS_AT["Nom"])]})
    assert {one.person.last_name for one in found.changes if one.kind == "end_assignment"} == gone
    assert {one.reasons[0] for one in found.changes} == {"left", "no_assignment_left"}


@pytest.mark.parametrize("how", [plain, merged])
def test_two_equal_rows_below_two_titles_are_two_posts(how: Callable[[openpyxl.Workbook], None]) -> None:
    cells = sections(place_title, leave_out=PLACE)
    names = [row[LABELS_AT["Nom"]] if len(row) > 1 else "" for row in cells]
    nurse = cells[names.index("BÉRANGER")]
    at = names.index("PETIT")
    found = told({"Liste": [*cells[: at + 1], nurse, *cells[at + 1 :]]}, how)
    assert [(one.reasons[0], one.person.last_name) for one in found.changes] == [("missing_assignment", "BÉRANGER")]


@pytest.mark.parametrize("written", ["Leroy Claire", "Mme Claire LEROY"])
def test_a_first_name_that_the_last_names_cell_repeats_is_no_part_of_it(written: str) -> None:
    own = {"Nom": written, "N° CPx": ""}
    cells = grid()
    changed = [
        [own.get(name, text) for name, text in zip(cells[0], row, strict=True)] if of(row, "Nom") == "LEROY" else row
        for row in cells
    ]
    assert not {one.reasons[0] for one in told({"Liste": changed}).changes} - {"card_missing"}


@pytest.mark.parametrize(("between", "numbered"), [("\n", True), (" / ", True), (" / ", False), (" ; ", False)])
def test_one_row_for_two_hospitals_is_a_post_at_each(between: str, *, numbered: bool) -> None:
    cells = grid()
    nurse = next(row for row in cells if of(row, "Nom") == "BÉRANGER")
    other = next(row for row in cells if of(row, "Nom") == "THOMAS")
    for name in ("FINESS", "Établissement"):
        nurse[LABELS_AT[name]] = between.join((of(nurse, name), of(other, name)))
    if not numbered:
        nurse[LABELS_AT["FINESS"]] = ""
    found = told({"Liste": cells})
    assert [(one.reasons[0], one.person.last_name) for one in found.changes] == [("missing_assignment", "BÉRANGER")]
    assert found.used == 1
