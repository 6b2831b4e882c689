"""Reports go out, are filled in, come back, and count once."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from connectors.excel.returned import read_returned
from connectors.excel.sealed import seal
from connectors.store import LockOwner
from flows.settings.load import load_settings
from flows.settings.signing import keyring
from flows.state.run_state import now
from schemas.errors import SourceError
from schemas.glyphs import typeset
from tests.night.country import TODAY
from tests.night.played import HEADER_ROW, Installation, column, fill, lines_of
from tests.office import office, saved_by_office
from tests.warm import read_in_cold_child

XLSX = "xlsx:Calc MS Excel 2007 XML"
REPORT = "CRH_ST-24.xlsx"
LATER = TODAY + timedelta(days=30)
DAY = ("--as-of", TODAY.isoformat())


def status_of(there: Installation, change_id: str) -> str:
    with there.store() as store:
        return store.states()[change_id].status


def answered(there: Installation, target: Path, decision: str = "Fait", count: int = 1) -> list[str]:
    """The report with the same answer on its first changes; their ids."""
    chosen = lines_of(there.reports / REPORT)[:count]
    fill(there.reports / REPORT, target, *((sheet, key, decision, None, "") for sheet, key in chosen))
    return [key for _, key in chosen]


def test_what_was_decided_is_recorded_with_the_file_and_its_digest(there: Installation, tmp_path: Path) -> None:
    (a, one), (b, two), (c, three) = lines_of(there.reports / REPORT)[:3]
    returned = tmp_path / "ma réponse.xlsx"
    fill(
        there.reports / REPORT,
        returned,
        (a, one, " FAIT ", None, "saisi ce matin"),
        (b, two, "refuse", None, "n’est plus là"),
        (c, three, "Reporté", LATER, ""),
    )
    code, found = there.json("decisions", str(returned), *DAY)
    assert code == 0
    assert found["files"][0]["recorded"] == {"accepted": 1, "refused": 1, "postponed": 1}
    with there.store() as store:
        states = store.states()
        assert [states[key].status for key in (one, two, three)] == ["accepted", "refused", "postponed"]
        assert states[three].postponed_to == LATER
        (decision,) = store.decisions(one)
        assert decision.entry.file_name == "ma réponse.xlsx"
        assert decision.entry.file_digest == read_returned(returned).digest
        assert decision.entry.comment == "saisi ce matin"
        event = store.history(one)[-1].event
        assert (event.before, event.after, event.by, event.day) == ("notified", "accepted", "decision", TODAY)
        assert decision.entry.file_digest.startswith(event.note)
        assert store.verify_chain() is None


def test_the_same_file_twice_says_so_and_counts_once(there: Installation, tmp_path: Path) -> None:
    returned = tmp_path / REPORT
    (change_id,) = answered(there, returned)
    there.run("decisions", str(returned), *DAY)
    shutil.copy(returned, tmp_path / "copie.xlsx")
    code, text = there.run("decisions", str(tmp_path / "copie.xlsx"), *DAY)
    assert code == 0
    assert "déjà été pris en compte" in text
    with there.store() as store:
        assert len(store.decisions(change_id)) == 1


def test_a_report_without_a_decision_changes_nothing(there: Installation) -> None:
    code, found = there.json("decisions", str(there.reports / REPORT), *DAY)
    assert code == 0
    assert found["files"][0]["outcome"] == "empty"
    with there.store() as store:
        assert store.decisions() == []


def sort_rows(sheet: Worksheet) -> None:
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW + 1)]
    for number, row in enumerate(reversed(values), HEADER_ROW + 1):
        for at, value in enumerate(row, 1):
            sheet.cell(number, at).value = value


def delete_undecided(sheet: Worksheet) -> None:
    at = column(sheet, "Décision")
    for row in range(sheet.max_row, HEADER_ROW, -1):
        if not sheet.cell(row, at).value:
            sheet.delete_rows(row)


def widen(sheet: Worksheet) -> None:
    for letter in "ABCDEFGHIJKL":
        sheet.column_dimensions[letter].width = 60


def insert_column(sheet: Worksheet) -> None:
    sheet.insert_cols(1)


@pytest.mark.parametrize("disturb", [sort_rows, delete_undecided, widen, insert_column])
def test_sorted_deleted_moved_and_widened_rows_and_columns_do_no_harm(
    there: Installation, tmp_path: Path, disturb: Callable[[Worksheet], None]
) -> None:
    returned = tmp_path / REPORT
    ids = answered(there, returned, "Refusé", count=4)
    book = openpyxl.load_workbook(returned)
    for name in {sheet for sheet, key in lines_of(returned) if key in ids}:
        disturb(book[name])
    book.save(returned)
    code, found = there.json("decisions", str(returned), *DAY)
    assert (code, found["files"][0]["recorded"]["refused"]) == (0, 4)
    assert {status_of(there, key) for key in ids} == {"refused"}


@office
def test_a_report_saved_again_by_libreoffice_is_the_same_report(there: Installation, tmp_path: Path) -> None:
    filled = tmp_path / REPORT
    ids = answered(there, filled, count=3)
    code, found = there.json("decisions", str(saved_by_office(filled, XLSX, tmp_path / "again")), *DAY)
    assert (code, found["files"][0]["recorded"]["accepted"]) == (0, 3)
    assert {status_of(there, key) for key in ids} == {"accepted"}


def test_a_file_of_somebody_else_names_the_sheet_and_the_row(there: Installation, tmp_path: Path) -> None:
    """A row of the administrator's report pasted into the CRH-ST's."""
    theirs = openpyxl.load_workbook(there.reports / "ADMIN_EFIT.xlsx")
    source = next(sheet for sheet in theirs.worksheets[1:6] if sheet.max_row > HEADER_ROW + 1)
    token = source.cell(HEADER_ROW + 1, column(source, "Référence signée (ne pas modifier)")).value
    returned = tmp_path / REPORT
    answered(there, returned)
    book = openpyxl.load_workbook(returned)
    sheet = book["Cartes"]
    sheet.cell(HEADER_ROW + 1, column(sheet, "Référence signée (ne pas modifier)")).value = token
    sheet.cell(HEADER_ROW + 1, column(sheet, "Décision")).value = "Fait"
    book.save(returned)
    code, found = there.json("decisions", str(returned), *DAY)
    assert code == 3
    (file,) = found["files"]
    assert file["recorded"]["accepted"] == 1
    assert [(one["sheet"], one["row"]) for one in file["refused"]] == [("Cartes", HEADER_ROW + 1)]
    assert typeset("« Cartes » ligne 4") in file["refused"][0]["message"]


def test_a_report_of_another_installation_is_refused_whole(there: Installation, tmp_path: Path) -> None:
    returned = tmp_path / REPORT
    ids = answered(there, returned, count=2)
    replace_key(there)
    code, text = there.run("decisions", str(returned), *DAY)
    assert code == 3
    assert "n’a pas été émise par ce service" in " ".join(text.split())
    assert {status_of(there, key) for key in ids} == {"notified"}


def replace_key(there: Installation) -> None:
    """Another key, and somebody has said that the former is lost: what it signed counts as never issued here."""
    key = there.folder / "var" / "signing.key"
    lost = keyring(load_settings(there.config)).fingerprint()
    key.write_bytes(b"0" * 64)
    there.config.write_text(
        f'signing_key_lost = "{lost}"\n{there.config.read_text(encoding="utf-8")}', encoding="utf-8"
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 rien", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 300, b"a;b\n1;2\n"])
def test_a_file_that_is_no_report_is_refused_in_french(there: Installation, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "autre.xlsx"
    other.write_bytes(content)
    code, found = there.json("decisions", str(other), *DAY)
    assert code == 3
    assert found["files"][0]["outcome"] == "unreadable"
    assert found["files"][0]["message"].endswith(".")


def test_an_encrypted_answer_is_opened_with_the_password_that_fits(there: Installation, tmp_path: Path) -> None:
    returned = tmp_path / REPORT
    (change_id,) = answered(there, returned)
    returned.write_bytes(seal(returned.read_bytes(), "Sésame-24"))
    code, found = there.json("decisions", str(returned), *DAY)
    assert (code, found["files"][0]["outcome"]) == (3, "unreadable")
    assert "mot de passe" in found["files"][0]["message"]
    (there.folder / "secrets.toml").write_text('"CRH_ST-11" = "autre"\n"CRH_ST-24" = "Sésame-24"\n', encoding="utf-8")
    with there.config.open("a", encoding="utf-8") as file:
        file.write('passwords_file = "secrets.toml"\n')
    assert there.json("decisions", str(returned), *DAY)[0] == 0
    assert status_of(there, change_id) == "accepted"


def test_a_file_that_takes_too_long_is_given_up(first_night: Installation) -> None:
    with pytest.raises(SourceError, match="dépassé 0 secondes"):
        read_in_cold_child(first_night.reports / REPORT, seconds=0.01)


def test_each_file_of_the_inbox_is_put_away_with_what_became_of_it(there: Installation) -> None:
    ids = answered(there, there.inbox / REPORT)
    (there.inbox / "note.pdf").write_bytes(b"%PDF-1.7")
    (there.inbox / "en cours.xlsx.part").write_bytes(b"PK")
    code, found = there.json("decisions", *DAY)
    assert code == 3
    assert len(found["files"]) == 2
    assert sorted(path.relative_to(there.inbox).as_posix() for path in there.inbox.rglob("*") if path.is_file()) == [
        f"done/{REPORT}",
        f"done/{REPORT}.txt",
        "en cours.xlsx.part",
        "refused/note.pdf",
        "refused/note.pdf.txt",
    ]
    assert "1 décision enregistrée" in (there.inbox / "done" / f"{REPORT}.txt").read_text(encoding="utf-8")
    assert "PDF" in (there.inbox / "refused" / "note.pdf.txt").read_text(encoding="utf-8")
    assert status_of(there, ids[0]) == "accepted"
    assert (there.inbox / "done").stat().st_mode & 0o077 == 0


def test_a_second_file_of_the_same_name_takes_the_place_of_none(there: Installation) -> None:
    for decision in ("Fait", "Refusé"):
        answered(there, there.inbox / REPORT, decision)
        assert there.json("decisions", *DAY)[0] == 0
    names = sorted(path.name for path in (there.inbox / "done").iterdir())
    assert names == ["CRH_ST-24-2.xlsx", "CRH_ST-24-2.xlsx.txt", REPORT, f"{REPORT}.txt"]


def test_while_a_night_is_at_work_nothing_is_taken_in(there: Installation) -> None:
    (change_id,) = answered(there, there.inbox / REPORT)
    with there.store() as store, store.lock(LockOwner(1, "autre", "jeton"), now()):
        code, _ = there.run("decisions", *DAY)
    assert code == 1
    assert (there.inbox / REPORT).exists()
    assert status_of(there, change_id) == "notified"


def test_a_file_recorded_before_a_crash_is_put_away_with_the_same_reasons(there: Installation, tmp_path: Path) -> None:
    sheet, change_id = lines_of(there.reports / REPORT)[0]
    fill(there.reports / REPORT, tmp_path / REPORT, (sheet, change_id, "Reporté", None, ""))
    assert there.json("decisions", str(tmp_path / REPORT), *DAY)[0] == 3
    shutil.copy(tmp_path / REPORT, there.inbox / REPORT)
    assert there.json("decisions", *DAY)[0] == 3
    said = (there.inbox / "refused" / f"{REPORT}.txt").read_text(encoding="utf-8")
    assert "déjà été pris en compte" in said
    assert typeset("« Reporté » sans date") in said


def test_an_empty_inbox_is_no_error_and_a_missing_one_is(there: Installation) -> None:
    assert there.run("decisions", *DAY)[0] == 0
    there.inbox.rmdir()
    assert there.run("decisions", *DAY)[0] == 2


def test_before_the_first_night_there_is_nothing_to_decide(there: Installation) -> None:
    shutil.rmtree(there.folder / "var")
    assert there.run("decisions", str(there.reports / REPORT), *DAY)[0] == 2
    assert not (there.folder / "var").exists()
