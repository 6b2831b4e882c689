"""One target per reader: the door a file meets, in this process, and what must hold whatever the file.

A target returns when the reader kept its word (rows, or one French sentence) and raises when it did not. What
runs in a guarded child process in production runs here without the child, so that a spoilt file is judged in a
millisecond; what would have killed the child counts as « the child died », which the guard turns into a sentence.
"""

import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
from pydantic import TypeAdapter

from connectors.excel.returned import child as returned_child
from connectors.excel.returned.books import OLE
from connectors.sources import guard
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.sources.crosswalk import read_crosswalk
from connectors.sources.finess import read_finess
from connectors.sources.register import read_register
from connectors.sources.result import Reading
from connectors.sources.sheet.guarded import child
from connectors.sources.workbook import read_workbook
from flows.settings.load import load_settings
from pipelines.sources.annuaire import annuaire_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.national.register import cards_of, crosswalk_of, establishments_of, persons_of
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.rows import workbook_of
from schemas.changes.decision import ReturnedLine
from schemas.errors import ConfigurationError, SourceError
from schemas.reading.source import EVERYONE, WorkbookScope
from tests.fuzz.helper import Helper, HelperDiedError
from tests.fuzz.seeds import PASSWORD

DAY = date(2026, 11, 22)
SCOPE = WorkbookScope("workbook:fuzz", "region", "24")
LINES = TypeAdapter(list[ReturnedLine])
IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())


class BrokenPromiseError(AssertionError):
    """A reader did not keep its word."""


def _held(what: bool, promise: str) -> None:
    if not what:
        raise BrokenPromiseError(promise)


def _kept_its_word(reading: Reading) -> None:
    report = reading.report
    _held(
        report.rows_read == report.rows_accepted + report.rows_rejected + report.rows_duplicate,
        "every row is accepted, rejected or a duplicate",
    )
    if not report.usable:
        _held(reading.frame.empty and bool(report.message), "a failed reading has no row and says why")
    for issue in reading.issues:
        _held("{" not in issue.code and issue.effect != "", "an issue has a known code")
        _said(issue.message)
    for note in report.notes:
        _said(note)
    json.dumps([report.path, report.message, *report.notes, *(one.message for one in reading.issues)]).encode()
    for column in reading.frame.columns:
        _held(bool(reading.frame[column].map(lambda value: isinstance(value, str)).all()), "a frame holds text")


def _said(sentence: str) -> None:
    """It can be printed and written to a file as it is."""
    _held(bool(sentence.strip()), "a sentence says something")
    sentence.encode("utf-8")
    _held(len(sentence) < 20_000, "a sentence is no longer than a page")


@contextmanager
def _file(data: bytes, ending: str) -> Iterator[Path]:
    path = IN_MEMORY / f"fuzz-{os.getpid()}{ending}"
    path.write_bytes(data)
    try:
        yield path
    finally:
        path.unlink()


def _register(kind: str, judge: Callable[[pd.DataFrame, str], Any], data: bytes, ending: str = ".txt") -> None:
    with _file(data, ending) as path:
        reading = read_register(path, kind.replace("_", ".", 1), kind, EVERYONE, shown="x")
    _kept_its_word(reading)
    judge(reading.frame, "x")


def crosswalk(data: bytes) -> None:
    with _file(data, ".csv") as path:
        reading = read_crosswalk(path, "register.crosswalk", shown="x")
    _kept_its_word(reading)
    crosswalk_of(reading.frame, "x")


def finess(data: bytes) -> None:
    with _file(data, ".csv") as path:
        reading = read_finess([path], "register.structures", shown="x")
    _kept_its_word(reading)
    establishments_of(reading.frame, DAY)


deaths: dict[str, int] = {}


def in_this_process(path: Path, seconds: float = 0) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:  # noqa: ARG001
    """`guard.open_in_child` without the child: what it would have answered."""
    try:
        sheets = json.loads(json.dumps(child.read_sheets(str(path))))
    except BaseException as death:  # noqa: BLE001 - a Rust panic is no Exception; `_died` lets Ctrl-C through
        _died(death)
        raise guard.unreadable("damaged") from None
    return _answered(sheets), _facts(path)


HELPER = Helper()


def in_a_helper(path: Path, seconds: float = 0) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:  # noqa: ARG001
    """`guard.open_in_child` with a child that stays: what a spoilt .xls asks of calamine would end this process."""
    try:
        sheets, facts = HELPER.ask(path)
    except HelperDiedError as death:
        deaths[str(death)] = deaths.get(str(death), 0) + 1
        raise guard.unreadable("too_large") from None
    return _answered(sheets), facts


def _answered(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The sheets, or the sentence that the guard makes of an error."""
    match said.get("error"):
        case None:
            sheets: list[dict[str, Any]] = said["sheets"]
            return sheets
        case "PasswordError":
            raise guard.unreadable("password")
        case "MemoryError" | "TooMuchError":
            raise guard.unreadable("too_large")
        case _:
            raise guard.unreadable("damaged")


def _facts(path: Path) -> dict[str, Any] | None:
    numpy = sys.modules["numpy"]
    try:
        found: dict[str, Any] | None = json.loads(json.dumps(child.read_facts(str(path))))
        return found
    except BaseException as death:  # noqa: BLE001 - as above
        _died(death)
        return None
    finally:
        sys.modules["numpy"] = numpy


def _died(death: BaseException) -> None:
    """In the child it would have ended the child alone; here it must not pass for more than that."""
    if isinstance(death, KeyboardInterrupt | SystemExit):
        raise death
    deaths[type(death).__name__] = deaths.get(type(death).__name__, 0) + 1


def workbook(data: bytes, opened: Callable[..., Any] = in_this_process) -> None:
    with _file(data, ".xlsx") as path, patch.object(guard, "open_in_child", opened):
        reading = read_workbook(path, "workbook:fuzz", shown="x")
    _kept_its_word(reading)
    judged = workbook_of(reading.frame, reading.places, RowNight(SCOPE, Surroundings({}), DAY, 3))
    for issue in judged.issues:
        _said(issue.message)


def annuaire(data: bytes) -> None:
    with _file(data, ".xlsx") as path, patch.object(guard, "open_in_child", in_this_process):
        reading = read_annuaire_export(path, "annuaire", shown="x")
    _kept_its_word(reading)
    for issue in annuaire_of(reading.frame, "annuaire").issues:
        _said(issue.message)


def returned(data: bytes) -> None:
    """What the child answers is always one of two documents, which the parent can read."""
    with _file(data, ".xlsx") as path:
        try:
            content = guard.read_bytes(path)
            if not content.startswith(OLE):
                guard.format_of(content, path)
        except SourceError as error:
            _said(error.message)
            return
    found = json.loads(json.dumps(returned_child.answer(["autre", PASSWORD], data)))
    if "error" in found:
        _said(found["error"])
    else:
        LINES.validate_python(found["lines"])


def toml(data: bytes) -> None:
    with _file(data, ".toml") as path:
        try:
            settings = load_settings(path)
        except ConfigurationError as error:
            for problem in error.problems:
                _said(problem)
            return
        text = path.read_text(encoding="utf-8-sig")
    _held(tomllib.loads(text) is not None and settings.root.is_dir(), "a configuration is TOML")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "persons": lambda data: _register("register_persons", persons_of, data),
    "cards": lambda data: _register("register_cards", cards_of, data),
    "crosswalk": crosswalk,
    "finess_csv": finess,
    "finess_json": finess,
    "xlsx": workbook,
    "ods": workbook,
    "xls": lambda data: workbook(data, in_a_helper),
    "csv": workbook,
    "annuaire": annuaire,
    "returned": returned,
    "toml": toml,
}
