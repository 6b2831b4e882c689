"""What else is written on a line, or in the mail around its file, is heard with the answer."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.glyphs import typeset
from tests.connectors.test_letter_in import letter
from tests.night.country import TODAY
from tests.night.played import HEADER_ROW, Installation, column, fill, lines_of
from tests.night.test_receipts import holder, receipts, text_of
from tests.office import office, saved_by_office

REPORT = "CRH_ST-24.xlsx"
DAY = ("--as-of", TODAY.isoformat())
Writing = Callable[[Worksheet, int], None]


def note(sheet: Worksheet, row: int) -> None:
    sheet.cell(row, column(sheet, "Décision")).comment = Comment("pas encore, e-FIT en panne", "moi")


def column_of_theirs(sheet: Worksheet, row: int) -> None:
    at = sheet.max_column + 1
    sheet.cell(HEADER_ROW, at).value, sheet.cell(row, at).value = "Réponse du Dr Fictif", "Non, pas elle"


def struck(sheet: Worksheet, row: int) -> None:
    sheet.cell(row, column(sheet, "Décision")).font = Font(strike=True)


def merged(sheet: Worksheet, row: int) -> None:
    at = column(sheet, "Décision")
    sheet.merge_cells(start_row=row, end_row=row + 1, start_column=at, end_column=at)


def a_formula(sheet: Worksheet, row: int) -> None:
    """As a converter leaves it: the program that opens it would say « Fait »."""
    sheet.cell(row, column(sheet, "Décision")).value = '="Fa"&"it"'


def struck_within(sheet: Worksheet, row: int) -> None:
    """A word of the cell, as one does who corrects it by hand."""
    cell = sheet.cell(row, column(sheet, "Décision"))
    cell.value = CellRichText(TextBlock(InlineFont(strike=True), "Fait"))


def note_on_the_title(sheet: Worksheet, _row: int) -> None:
    sheet.cell(1, 1).comment = Comment("je n'ai encore rien saisi sur cette feuille", "moi")


def over_the_title(sheet: Worksheet, _row: int) -> None:
    sheet.cell(1, 1).value = "BROUILLON, ne pas tenir compte"


def struck_person(sheet: Worksheet, row: int) -> None:
    sheet.cell(row, 1).font = Font(strike=True)


def another_value(sheet: Worksheet, row: int) -> None:
    heads = [sheet.cell(HEADER_ROW, at).value for at in range(1, sheet.max_column + 1)]
    name = next(one for one in ("Prénom", "À saisir", "Téléphone", "Courriel") if one in heads)
    sheet.cell(row, column(sheet, name)).value = "Titulaire"


def below_the_lines(sheet: Worksheet, _row: int) -> None:
    sheet.cell(sheet.max_row + 2, 1).value = "Les lignes en jaune ne sont pas encore saisies"


def sorted_without_the_reference(sheet: Worksheet, row: int) -> None:
    other = sheet.cell(row + 1, 1).value
    sheet.cell(row, 1).value = other


def on_the_tab(sheet: Worksheet, _row: int) -> None:
    sheet.title = f"{sheet.title} NON"


def with_two_lines(report: Path) -> tuple[str, str]:
    """The first line of a sheet that has two."""
    found = lines_of(report)
    return next(one for one, after in itertools.pairwise(found) if one[0] == after[0])


def change(path: Path, sheet: str, key: str, write: Writing) -> None:
    book: Workbook = openpyxl.load_workbook(path)
    row = next(r for r in range(HEADER_ROW + 1, 99) if key in str(book[sheet].cell(r, 1).value))
    write(book[sheet], row)
    book.save(path)


def status_of(there: Installation, change_id: str) -> str:
    with there.store() as store:
        return store.states()[change_id].status


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (note, "pas encore, e-FIT en panne"),
        (column_of_theirs, "Non, pas elle"),
        (struck, "est barré"),
        (merged, "couvre les lignes"),
        (struck_within, "est barré"),
        (a_formula, "formule dont le fichier"),
        (note_on_the_title, "rien saisi sur cette feuille"),
        (over_the_title, "BROUILLON"),
        (struck_person, "« Personne » est barré"),
        (another_value, "à la place de la nôtre"),
        (below_the_lines, "ne sont pas encore saisies"),
        (sorted_without_the_reference, "ne vont plus ensemble"),
        (on_the_tab, "« NON », écrit dans le classeur"),
    ],
)
def test_an_answer_that_its_own_cells_deny_decides_nothing(there: Installation, write: Writing, told: str) -> None:
    """Nobody goes without an account, or loses one, because of an answer that somebody took back on its line."""
    sheet, key = with_two_lines(there.reports / REPORT)
    fill(there.reports / REPORT, there.inbox / REPORT, (sheet, key, "Fait", None, ""))
    change(there.inbox / REPORT, sheet, key, write)
    assert there.json("decisions", *DAY)[0] == 3
    assert status_of(there, key) == "notified"
    [receipt] = receipts(there)
    assert typeset(told) in text_of(receipt)


def test_a_comment_of_one_cell_over_several_lines_is_that_of_each(there: Installation) -> None:
    sheet, key = with_two_lines(there.reports / REPORT)
    both = next((a[1], b[1]) for a, b in itertools.pairwise(lines_of(there.reports / REPORT)) if a[0] == b[0] == sheet)
    told = [(sheet, one, "Fait", None, "pas encore saisi" if one == key else "") for one in both]
    fill(there.reports / REPORT, there.inbox / REPORT, *told)

    def over_both(page: Worksheet, row: int) -> None:
        at = column(page, "Commentaire")
        page.merge_cells(start_row=row, end_row=row + 1, start_column=at, end_column=at)

    change(there.inbox / REPORT, sheet, key, over_both)
    there.json("decisions", *DAY)
    assert [status_of(there, one) for one in both] == ["notified", "notified"]


def mailed(there: Installation, text: str, *files: tuple[str, bytes]) -> None:
    message = letter(*files)
    message.replace_header("From", holder(there))
    body = message.get_body(("plain",))
    assert body is not None
    body.set_content(text)
    (there.inbox / "retour.eml").write_bytes(message.as_bytes())


@office
@pytest.mark.parametrize("form", ["ods", "xls"])
def test_an_answer_that_is_struck_out_decides_nothing_in_any_form(
    there: Installation, tmp_path: Path, form: str
) -> None:
    sheet, key = with_two_lines(there.reports / REPORT)
    fill(there.reports / REPORT, tmp_path / REPORT, (sheet, key, "Fait", None, ""))
    change(tmp_path / REPORT, sheet, key, struck)
    saved = saved_by_office(tmp_path / REPORT, form, tmp_path / "saved")
    assert there.json("decisions", str(saved), *DAY)[0] == 3
    assert status_of(there, key) == "notified"


@pytest.mark.parametrize(
    ("comment", "told"),
    [("je me suis trompée", "tient toujours"), ("", "effacer la cellule ne suffit pas")],
)
def test_an_answer_that_is_emptied_still_stands_and_its_writer_is_told(
    there: Installation, tmp_path: Path, comment: str, told: str
) -> None:
    """Whoever wiped « Fait » believes the line open: nothing of it is, and that is said."""
    first, second, *_ = lines_of(there.reports / REPORT)
    fill(there.reports / REPORT, tmp_path / "a.xlsx", (*first, "Fait", None, ""), (*second, "Fait", None, ""))
    there.json("decisions", str(tmp_path / "a.xlsx"), *DAY)
    fill(there.reports / REPORT, tmp_path / "b.xlsx", (*first, "", None, comment), (*second, "Fait", None, ""))
    there.json("decisions", str(tmp_path / "b.xlsx"), *DAY)
    assert status_of(there, first[1]) == "accepted"
    texts = [typeset(text_of(one)) for one in receipts(there)]
    assert any(typeset(told) in one for one in texts)
    assert all(comment in one for one in texts[-1:])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Bonjour, oubliez mon envoi.\n", "oubliez mon envoi"),
        ("Merci de ne pas tenir compte de ce tableau.\n", "ne pas tenir compte"),
        ("Bonjour,\nles saisies seront faites lundi par ma collègue.\nCordialement\n", "seront faites lundi"),
        ("J'ai coché partout mais je n'ai rien saisi.\n", "rien saisi"),
        ("Bonjour,\nci-joint.\nCordialement\n-- \nOde\nPS : rien n'est encore saisi dans e-FIT\n", "encore saisi"),
    ],
)
def test_a_mail_that_takes_its_file_back_decides_nothing(
    there: Installation, tmp_path: Path, text: str, told: str
) -> None:
    [first, *_] = lines_of(there.reports / REPORT)
    fill(there.reports / REPORT, tmp_path / REPORT, (*first, "Fait", None, ""))
    mailed(there, text, (REPORT, (tmp_path / REPORT).read_bytes()))
    assert there.json("decisions", *DAY)[0] == 3
    assert status_of(there, first[1]) == "notified"
    assert told in text_of(receipts(there)[0])


def test_a_mail_that_says_of_its_file_what_one_says_changes_nothing(there: Installation, tmp_path: Path) -> None:
    [first, *_] = lines_of(there.reports / REPORT)
    fill(there.reports / REPORT, tmp_path / REPORT, (*first, "Fait", None, ""))
    text = "Bonjour,\nje vous retourne le tableau complété, les lignes sont saisies dans e-FIT.\nBien à vous,\nDr X\n"
    mailed(there, text, (REPORT, (tmp_path / REPORT).read_bytes()))
    assert there.json("decisions", *DAY)[0] == 0
    assert status_of(there, first[1]) == "accepted"


def test_two_files_of_one_mail_that_disagree_decide_nothing_of_that_line(there: Installation, tmp_path: Path) -> None:
    first, second, *_ = lines_of(there.reports / REPORT)
    fill(there.reports / REPORT, tmp_path / "a.xlsx", (*first, "Fait", None, ""), (*second, "Fait", None, ""))
    fill(there.reports / REPORT, tmp_path / "b.xlsx", (*first, "Refusé", None, ""))
    files = [(name, (tmp_path / name).read_bytes()) for name in ("a.xlsx", "b.xlsx")]
    mailed(there, "Bonjour,\n\nvoici.\n", *files)
    assert there.json("decisions", *DAY)[0] == 3
    assert [status_of(there, key) for _, key in (first, second)] == ["notified", "accepted"]
    text = text_of(receipts(there)[0])
    assert "a.xlsx" in text
    assert "b.xlsx" in text


def test_mere_thanks_have_no_receipt(there: Installation) -> None:
    mailed(there, "Merci beaucoup !\n")
    there.json("decisions", *DAY)
    assert receipts(there) == []


def test_saved_mails_count_in_the_order_in_which_they_were_sent(there: Installation, tmp_path: Path) -> None:
    """The correction of the evening stands, whatever the files are called."""
    [first, *_] = lines_of(there.reports / REPORT)
    for name, said, hour in (("a.eml", "Refusé", 17), ("b.eml", "Fait", 9)):
        fill(there.reports / REPORT, tmp_path / REPORT, (*first, said, None, ""))
        mailed(there, "Bonjour,\n\nvoici.\n", (REPORT, (tmp_path / REPORT).read_bytes()))
        shutil.move(there.inbox / "retour.eml", there.inbox / name)
        content = (there.inbox / name).read_bytes().replace(b"<un@", f"<{name}@".encode())
        date = f"Date: Sun, 22 Nov 2026 {hour:02}:00:00 +0100\r\n".encode()
        (there.inbox / name).write_bytes(date.replace(b"2026", b"2020") + content)
    there.json("decisions", *DAY)
    assert status_of(there, first[1]) == "refused"


def test_somebody_known_who_sends_the_report_of_another_post_is_told_that_nothing_of_it_counts(
    there: Installation, tmp_path: Path
) -> None:
    """They would believe to have answered."""
    [first, *_] = lines_of(there.reports / REPORT)
    fill(there.reports / REPORT, tmp_path / REPORT, (*first, "Fait", None, ""))
    mailed(there, "Bonjour,\n\nvoici.\n", (REPORT, (tmp_path / REPORT).read_bytes()))
    other = next(
        c["updater"]["recipients"][0] for c in there.changeset()["changes"] if c["updater"]["scope"] not in ("", "24")
    )
    mail = (there.inbox / "retour.eml").read_bytes().replace(holder(there).encode(), other.encode())
    (there.inbox / "retour.eml").write_bytes(mail)
    there.json("decisions", *DAY)
    assert status_of(there, first[1]) == "notified"
    told = {str(one["To"]): text_of(one) for one in receipts(there)}
    assert "rien n’en est pris" in typeset(told[other])
    assert other in told[holder(there)]
