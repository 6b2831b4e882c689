"""A night of the invented country, played once, and its reports filled in as an updater would."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from connectors.store import Store, open_store
from flows.cli.app import run
from pipelines.lifecycle.pending import asked_once
from schemas.changes.change import Change
from tests.night.country import TODAY, copy_country
from tests.night.filled import NotEmptyError, written_into

HEADER_ROW = 3
REFERENCE = "Référence signée (ne pas modifier)"
ANSWERED = ("Décision", "Reporté au", "Commentaire")
SHEETS = ("À créer", "À modifier", "À désactiver", "Cartes", "À vérifier")


class Installation:
    """A configured folder: files, store, outbox, inbox, reports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "annuaire.toml"
        self.inbox = folder / "inbox"
        self.reports = folder / "out" / "reports"

    def run(self, *words: str) -> tuple[int, str]:
        """(exit code, stdout) of a command with this configuration."""
        out = StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
            code = run([*words, "--config", str(self.config)])
        return code, out.getvalue()

    def run_alone(self, *words: str) -> int:
        """The exit code of a command that wants no configuration."""
        with patch("sys.stdout", StringIO()), patch("sys.stderr", StringIO()):
            return run([*words])

    def json(self, *words: str) -> tuple[int, Any]:
        """(exit code, the JSON document) of a command."""
        code, text = self.run(*words, "--json")
        return code, json.loads(text)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store as it stands."""
        with open_store(f"sqlite:///{self.folder / 'var' / 'annuaire.db'}") as store:
            yield store

    def changeset(self) -> dict[str, Any]:
        """What the last night left."""
        found: dict[str, Any] = json.loads((self.folder / "out" / "changeset.json").read_text(encoding="utf-8"))
        return found

    def copy(self, folder: Path) -> "Installation":
        """The same installation elsewhere, to be changed at will."""
        shutil.copytree(self.folder, folder)
        return Installation(folder)


def played(folder: Path, day: date = TODAY) -> Installation:
    """The invented country with an inbox, after its first night."""
    made = Installation(copy_country(folder))
    with made.config.open("a", encoding="utf-8") as file:
        file.write('\ninbox = "inbox"\n')
    made.inbox.mkdir()
    code, _ = made.run("sync", "--as-of", day.isoformat())
    assert code == 0
    return made


def column(sheet: Worksheet, header: str) -> int:
    """The position of a column by its header."""
    return next(cell.column for cell in sheet[HEADER_ROW] if cell.value == header)


def fill(report: Path, target: Path, *answers: tuple[str, str, str, Any, str]) -> None:
    """Write (sheet, change id, decision, postponed to, comment) on the first row of each change."""
    try:
        written_into(report, target, _cells(report, answers))
    except NotEmptyError:
        _fill_again(report, target, answers)


Answers = Sequence[tuple[str, str, str, Any, str]]


def _cells(report: Path, answers: Answers) -> dict[str, dict[str, Any]]:
    """Sheet → cell → what is written there."""
    book = CalamineWorkbook.from_path(report)
    found: dict[str, dict[str, Any]] = {}
    for name, change_id, *values in answers:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        header = rows[HEADER_ROW - 1]
        token = header.index(REFERENCE)
        row = next(
            at for at, one in enumerate(rows) if at >= HEADER_ROW and str(one[token]).startswith(f"{change_id}:")
        )
        for label, value in zip(ANSWERED, values, strict=True):
            found.setdefault(name, {})[f"{get_column_letter(header.index(label) + 1)}{row + 1}"] = value
    return found


def _fill_again(report: Path, target: Path, answers: Answers) -> None:
    """The same where somebody has filled it in before, or another program has saved it."""
    book = openpyxl.load_workbook(report)
    for name, change_id, *values in answers:
        sheet = book[name]
        row = next(r for r in range(HEADER_ROW + 1, sheet.max_row + 1) if holds(sheet, r, change_id))
        for label, value in zip(ANSWERED, values, strict=True):
            sheet.cell(row, column(sheet, label)).value = value
    book.save(target)


def holds(sheet: Worksheet, row: int, change_id: str) -> bool:
    """The row is of this change."""
    return change_of(sheet, row) == change_id


def change_of(sheet: Worksheet, row: int) -> str:
    """The change a row is of, by its signed reference; "" below the lines."""
    token = str(sheet.cell(row, column(sheet, REFERENCE)).value or "")
    return token.partition(":")[0]


def lines_of(report: Path, wanted: Callable[[str], bool] = lambda _: True) -> list[tuple[str, str]]:
    """(sheet, change id) of every change of a report, once, in reading order."""
    return list(dict.fromkeys((sheet, change_id) for sheet, change_id, _ in rows_of(report) if wanted(sheet)))


def rows_of(report: Path | BinaryIO) -> Iterator[tuple[str, str, list[Any]]]:
    """(sheet, change id, values) of every row of a report that is of a change; nothing of what it looks like."""
    book = CalamineWorkbook.from_object(report)
    for name in SHEETS:
        _, _, header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        at = header.index(REFERENCE)
        for row in rows:
            if change_id := str(row[at]).partition(":")[0]:
                yield name, change_id, row


def asked(changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those of a change set as the surfaces count them: of the halves of one question the first."""
    return [one.model_dump(mode="json") for one in asked_once(map(Change.model_validate, changes))]
