"""In whatever form a report comes back it is read, or refused for its true reason."""

import csv
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from connectors.excel.returned import read_returned
from schemas.errors import SourceError
from schemas.glyphs import typeset
from tests.binary_workbook import save_binary
from tests.connectors.test_letter_in import letter
from tests.night.country import TODAY
from tests.night.played import HEADER_ROW, SHEETS, Installation, change_of, column, fill, lines_of
from tests.office import office, saved_by_office
from tests.outlook import compound, msg
from tests.warm import read_in_cold_child

REPORT = "CRH_ST-24.xlsx"
DAY = ("--as-of", TODAY.isoformat())
CSV = "csv:Text - txt - csv (StarCalc):59,34,{charset},1,,0,false,true,false,false,false,{sheet}"


def answered(there: Installation, target: Path) -> str:
    """A report with its first line answered; the change."""
    sheet, key = lines_of(there.reports / REPORT)[0]
    fill(there.reports / REPORT, target, (sheet, key, "ok", None, ""))
    return key


def status_of(there: Installation, change_id: str) -> str:
    with there.store() as store:
        return store.states()[change_id].status


@office
@pytest.mark.parametrize("form", ["ods", "xls", CSV.format(charset=76, sheet=2), CSV.format(charset=1, sheet=2)])
def test_a_report_saved_as_something_else_counts(there: Installation, tmp_path: Path, form: str) -> None:
    """.ods, .xls, and one sheet as .csv in UTF-8 and in Windows-1252."""
    key = answered(there, tmp_path / REPORT)
    saved = saved_by_office(tmp_path / REPORT, form, tmp_path / "saved")
    code, found = there.json("decisions", str(saved), *DAY)
    assert (code, found["files"][0]["recorded"]["accepted"]) == (0, 1)
    assert status_of(there, key) == "accepted"


def test_a_report_saved_in_the_binary_form_of_excel_counts(there: Installation, tmp_path: Path) -> None:
    key = answered(there, tmp_path / REPORT)
    saved = save_binary(tmp_path / REPORT, tmp_path / "CRH_ST-24.xlsb")
    code, found = there.json("decisions", str(saved), *DAY)
    assert (code, found["files"][0]["recorded"]["accepted"]) == (0, 1)
    assert status_of(there, key) == "accepted"


@pytest.mark.parametrize("head", [HEADER_ROW, None], ids=["with its header", "without"])
def test_whole_lines_copied_into_another_book_count(there: Installation, tmp_path: Path, head: int | None) -> None:
    """The lot does not come along: it is one of those that were mailed."""
    key = answered(there, tmp_path / REPORT)
    sheet = openpyxl.load_workbook(tmp_path / REPORT)[lines_of(tmp_path / REPORT)[0][0]]
    other = openpyxl.Workbook()
    for number in (*([head] if head else []), *range(HEADER_ROW + 1, HEADER_ROW + 3)):
        other.worksheets[0].append([cell.value for cell in sheet[number]])
    other.save(tmp_path / "mes lignes.xlsx")
    code, found = there.json("decisions", str(tmp_path / "mes lignes.xlsx"), *DAY)
    assert (code, found["files"][0]["recorded"]["accepted"]) == (0, 1)
    assert status_of(there, key) == "accepted"


def test_lines_without_their_hidden_reference_are_refused_by_its_name(there: Installation, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(there.reports / REPORT)["À modifier"]
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        for row in sheet.iter_rows(min_row=HEADER_ROW, values_only=True):
            csv.writer(file, delimiter=";").writerow(row[:-1])
    code, found = there.json("decisions", str(tmp_path / "r.csv"), *DAY)
    assert (code, found["files"][0]["outcome"]) == (3, "unreadable")
    assert typeset("« Référence signée (ne pas modifier) »") in found["files"][0]["message"]


def _eml(content: bytes, sender: str) -> bytes:
    message = letter((REPORT, content))
    del message["From"]
    message["From"] = sender
    return message.as_bytes()


def _holder(there: Installation) -> str:
    found = next(c["updater"]["recipients"] for c in there.changeset()["changes"] if c["updater"]["scope"] == "24")
    return str(found[0])


@pytest.mark.parametrize("form", ["eml", "msg", "zip", "zip in an eml"])
def test_a_saved_mail_and_a_zip_are_opened(there: Installation, tmp_path: Path, form: str) -> None:
    key = answered(there, tmp_path / REPORT)
    content = (tmp_path / REPORT).read_bytes()
    target = tmp_path / f"retour.{form[:3]}"
    if form == "msg":
        target.write_bytes(compound(msg((REPORT, content))))
    elif form == "eml":
        target.write_bytes(_eml(content, _holder(there)))
    else:
        with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
            archive.writestr(f"mes réponses/{REPORT}", content)
        target = tmp_path / "r.zip"
    if form == "zip in an eml":
        target = tmp_path / "r.eml"
        message: EmailMessage = letter(("r.zip", (tmp_path / "r.zip").read_bytes()))
        del message["From"]
        message["From"] = _holder(there)
        target.write_bytes(message.as_bytes())
    code, found = there.json("decisions", str(target), *DAY)
    assert (code, [one["recorded"]["accepted"] for one in found["files"]]) == (0, [1])
    assert status_of(there, key) == "accepted"


def test_a_saved_mail_of_a_stranger_decides_nothing(there: Installation, tmp_path: Path) -> None:
    key = answered(there, tmp_path / REPORT)
    (tmp_path / "r.eml").write_bytes(_eml((tmp_path / REPORT).read_bytes(), "inconnu@ailleurs.example.org"))
    code, found = there.json("decisions", str(tmp_path / "r.eml"), *DAY)
    assert (code, found["files"][0]["outcome"]) == (3, "stranger")
    assert status_of(there, key) == "notified"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7 rien", "PDF"),
        (b"{\\rtf1 rien", "RTF"),
        (b"<html><table></table></html>", "page Web"),
        (b"PK\x03\x04 rien", "abîmé"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 2000, "abîmé"),
    ],
)
def test_what_is_no_report_is_called_what_it_is(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / REPORT).write_bytes(content)
    with pytest.raises(SourceError, match=why):
        read_returned(tmp_path / REPORT)


@office
def test_a_password_of_their_own_is_said_and_not_damage(there: Installation, tmp_path: Path) -> None:
    """An .ods that LibreOffice encrypted; its manifest says so."""
    saved = saved_by_office(there.reports / REPORT, "ods", tmp_path / "saved")
    sealed = tmp_path / "sealed.ods"
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(sealed, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "META-INF/manifest.xml":
                content = content.replace(b"</manifest:manifest>", b"<encryption-data/></manifest:manifest>")
            after.writestr(name, content)
    with pytest.raises(SourceError, match="mot de passe"):
        read_returned(sealed)


# ── nothing written is lost ──────────────────────────────────────────────────────────────────────


def test_an_untouched_report_says_nothing(first_night: Installation) -> None:
    for path in sorted(first_night.reports.glob("*.xlsx")):
        found = read_returned(path)
        assert found.lines
        assert found.written == ()
    assert read_in_cold_child(path) == found


@office
@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_notes_on_cells_and_lines_of_theirs_are_read_in_every_workbook(
    there: Installation, tmp_path: Path, form: str
) -> None:
    book = openpyxl.load_workbook(there.reports / REPORT)
    name = next(name for name in SHEETS if change_of(book[name], HEADER_ROW + 1))
    sheet = book[name]
    token = sheet.cell(HEADER_ROW + 1, column(sheet, "Référence signée (ne pas modifier)")).value
    sheet.cell(HEADER_ROW + 1, column(sheet, "Décision")).comment = Comment("Elle est en congé", "Ode")
    below = sheet.max_row + 3
    sheet.cell(below, 2).value = "Mme FICTIVE est partie"
    book.save(tmp_path / REPORT)
    path = tmp_path / REPORT if form == "xlsx" else saved_by_office(tmp_path / REPORT, form, tmp_path / "saved")
    found = {one.kind: one for one in read_returned(path).written}
    assert (found["note"].token, found["note"].row) == (token, HEADER_ROW + 1)
    assert "Elle est en congé" in found["note"].text
    assert (found["row"].row, found["row"].text) == (below, "Mme FICTIVE est partie")
