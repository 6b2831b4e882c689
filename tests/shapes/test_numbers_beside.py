"""What somebody typed votes wherever it stands (contract §8): of two numbers none creates a newcomer's account."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from schemas.people.identifiers import with_luhn_key
from tests.shapes.book import LABELS, text_of
from tests.shapes.truth import Told, rows, tell_file

AT = 9  # KÖNIG Jürgen, in the registers under his own number
ROW = AT + 2
OWN = str(rows()[AT]["cpx_number"])
TYPED = with_luhn_key("9970077777")
COLLEAGUE = str(rows()[0]["cpx_number"])
HEADS = list(LABELS)
Change = Callable[[openpyxl.Workbook, Worksheet], object]


def told(*changes: Change, newcomer: str = "EF0009") -> Told:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(list(LABELS.values()))
    for row in rows():
        page.append([text_of(row.get(name, "")) or None for name in HEADS])
    for change in changes:
        change(book, page)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "liste.xlsx")
        return tell_file(Path(folder) / "liste.xlsx", newcomer=newcomer)


def cell(name: str, value: str, at: int = ROW) -> Change:
    return lambda _book, page: page.cell(at, HEADS.index(name) + 1, value or None)


def added(name: str, value: str) -> Change:
    def change(_book: openpyxl.Workbook, page: Worksheet) -> None:
        page.cell(1, len(HEADS) + 1, name)
        page.cell(ROW, len(HEADS) + 1, value)

    return change


def comment(name: str, text: str) -> Change:
    def change(_book: openpyxl.Workbook, page: Worksheet) -> None:
        page.cell(ROW, HEADS.index(name) + 1).comment = Comment(text, "x")

    return change


def title(text: str) -> Change:
    def change(_book: openpyxl.Workbook, page: Worksheet) -> None:
        page.insert_rows(1)
        page.cell(1, 1, text)

    return change


def below(*texts: str) -> Change:
    def change(_book: openpyxl.Workbook, page: Worksheet) -> None:
        page.append([])
        page.append(list(texts))

    return change


def sheet(name: str, *lines: list[str]) -> Change:
    def change(book: openpyxl.Workbook, _page: Worksheet) -> None:
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)

    return change


NONE = cell("cpx_number", "")
AGAINST: dict[str, tuple[Change, ...]] = {
    **{
        f"two in a cell, parted by {sign!r}": (cell("cpx_number", f"{OWN[1:]}{sign}{TYPED}"),)
        for sign in (" / ", " - ", " et ", "\n", " ou ", " ; ")
    },
    **{
        f"a column « {name} »": (NONE, added(name, text.format(TYPED)))
        for name, text in {
            "Matricule": "{}",
            "N° Ordre": "{}",
            "N° Adh.": "RPPS{}",
            "Identifiant pro": "8{}",
            "RPPS bis": "{}",
            "Remarques internes": "n° {} à vérifier",
        }.items()
    },
    "the rank": (NONE, cell("rank", f"Remplaçant {TYPED}")),
    "the kind of structure": (NONE, cell("structure_type", f"ES {TYPED}")),
    "the establishment": (NONE, cell("structure_name", f"HÔPITAL SAINT-ÉLOI - {TYPED}")),
    "a comment on the name": (NONE, comment("last_name", f"RPPS {TYPED}")),
    "a comment on an empty number": (NONE, comment("cpx_number", f"ancien numéro 8{TYPED}")),
    "a comment on a number": (comment("cpx_number", f"non : {TYPED}"),),
    "another column beside a number": (added("RPPS corrigé", TYPED),),
    "a title": (title(f"Attention : le RPPS de M. KÖNIG est {TYPED}"),),
    "a title and no number": (NONE, title(f"Attention : le RPPS de M. KÖNIG est {TYPED}")),
    "a line under the table": (below(f"KÖNIG Jürgen : RPPS {TYPED} (rectificatif)"),),
    "another sheet": (sheet("Numéros corrigés", ["Nom", "Prénom", "RPPS"], ["KÖNIG", "Jürgen", TYPED]),),
}


@pytest.mark.parametrize("where", AGAINST)
def test_a_newcomer_for_whom_another_number_is_typed_is_asked_about_and_not_created(where: str) -> None:
    found = told(*AGAINST[where])
    assert found.harmful == ()
    [asked] = [one for one in found.changes if one.reasons[0] == "ambiguous_match"]
    assert asked.person.last_name == "KÖNIG"
    assert any(TYPED in (one.before or "") for one in asked.fields), "the question shows what was typed"
    assert "vraisemblance 99 %" not in asked.guidance


FOR: dict[str, tuple[Change, ...]] = {
    "nothing else": (),
    "the same number in another column": (added("Matricule", OWN),),
    "no number, and theirs in another column": (NONE, added("RPPS", OWN[1:])),
    "no number, and theirs in a comment": (NONE, comment("last_name", f"RPPS {OWN[1:]}")),
    "a colleague's number in a remark": (added("Remarque", f"remplace M. MARTIN {COLLEAGUE}"),),
    "the number of another, named in a footnote": (below(f"MARTIN Thomas : RPPS {TYPED}"),),
    "a text that names two": (below(f"KÖNIG Jürgen ou MARTIN Thomas : {TYPED}"),),
    "a telephone from abroad": (added("Mobile", "+33 6 12 34 56 78"), added("GSM", "33612345678")),
    "a SIRET": (added("SIRET", "12345678900012"),),
    "a FINESS": (added("FINESS EJ", str(rows()[AT]["structure_code"])),),
    "a day and an hour": (added("Saisi le", "202611221030"),),
    "a telephone": (added("Poste", "0299001209"),),
}


@pytest.mark.parametrize("where", FOR)
def test_a_newcomer_of_one_number_is_created_whatever_else_the_row_counts(where: str) -> None:
    found = told(*FOR[where])
    assert [(one.kind, one.person.national_id) for one in found.changes] == [("create_account", OWN)]


def test_a_column_of_file_numbers_of_which_one_passes_a_key_by_chance_says_nothing() -> None:
    def numbered(_book: openpyxl.Workbook, page: Worksheet) -> None:
        page.cell(1, len(HEADS) + 1, "Dossier")
        for at in range(2, page.max_row + 1):
            page.cell(at, len(HEADS) + 1, TYPED if at == ROW else str(int(TYPED) + at))

    assert [one.kind for one in told(numbered).changes] == ["create_account"]


@pytest.mark.parametrize("where", AGAINST)
def test_whose_number_is_the_annuaires_is_not_renumbered_by_what_stands_beside(where: str) -> None:
    assert told(*AGAINST[where], newcomer="").harmful == ()


@pytest.mark.parametrize(("place", "reason"), [(1, "ambiguous_match"), (0, "card_number_differs")])
def test_a_new_card_number_of_another_hospital_is_asked_about_and_one_of_their_own_is_entered(
    place: int, reason: str
) -> None:
    number = f"3{rows()[4 * place]['structure_code']}/999"
    found = told(cell("cpx_number", number, at=5), newcomer="")
    assert [(one.reasons[0], one.person.last_name) for one in found.changes] == [(reason, "LEROY")]
