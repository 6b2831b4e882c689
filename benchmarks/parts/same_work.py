"""What a night of ours did, written down so that a peer can do it again: `benchmarks/peers/night_same_work.py`.

    python -m benchmarks.parts.same_work COUNTRY                         play a night of ours, and write down its task
    python -m benchmarks.parts.same_work COUNTRY openpyxl|calamine       check what that form of the script has left

The peer is told whom to look for, which workbooks to read and which cells to write; that is not measured, nor is what
only we do: matching, comparing, routing, lives of changes, pages, signatures, hidden rows, rich text, charts.
"""

import hashlib
import json
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import column_index_from_string

from benchmarks.measure import BenchmarkError, cost_of
from benchmarks.run import night

_COUNTS = "sha256", "rows_read", "rows_rejected", "rows_duplicate", "rows_accepted"
_SOURCES = "register.persons", "register.cards"
_MARGIN = 0.7109375  # of a column, which XlsxWriter adds to what it is asked for
_TABLES = {
    "changes": "SELECT change_id, slot, origin, first_seen, payload FROM change ORDER BY change_id",
    "events": "SELECT seq, change_id, run_id, after, day FROM event ORDER BY seq",
}


def main(country: Path, by: str = "") -> None:
    """Play a night of ours for its task; or, with a form of the script, check what that one has left.

    Raises BenchmarkError unless it read, found and wrote all that we did.
    """
    folder = country / "same-work"
    if by:
        _check(folder, f"done-{by}")
        return
    cost_of(night(country / "annuaire.toml", fresh=True))
    folder.mkdir(exist_ok=True)
    wanted, task, expected = _task(country)
    for name, content in (("wanted", wanted), ("task", task), ("expected", expected)):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def _check(folder: Path, done: str) -> None:
    task, expected, found = (
        json.loads((folder / name).read_bytes()) for name in ("task.json", "expected.json", f"{done}/found.json")
    )
    _same(f"{done}/found.json", found, expected)
    for name, report in task["reports"].items():
        _same(name, json.loads(json.dumps(_cells(folder / done / name))), report)
    for made in task["mails"]:
        path = folder / done / made["name"]
        report = made.pop("report")
        _same(made["name"], _words(path), made)
        if report:
            _same(made["attachment"], _attached(path), (folder / done / report).read_bytes())
    with sqlite3.connect(folder / done / "store.db") as store:
        for table, query in _TABLES.items():
            _same(table, [list(row) for row in store.execute(query)], task[table])


def _same(told: str, theirs: Any, ours: Any) -> None:
    if theirs != ours:
        raise BenchmarkError(f"The script that does a night's work again has another {told} than our night.")


Told = dict[str, Any]


def _task(country: Path) -> tuple[Told, Told, Told]:
    """(whom the peer looks for in which files, what else it is told, what it is to find)."""
    account = json.loads((country / "out" / "run.json").read_text(encoding="utf-8"))
    sources = {one["name"]: one for one in account["sources"]}
    wanted: Told = {}
    expected: Told = {}
    with sqlite3.connect(country / "var" / "annuaire.db") as store:
        for source in _SOURCES:
            (payload,) = store.execute("SELECT payload FROM extraction WHERE source = ?", [source]).fetchone()
            kept = json.loads(zlib.decompress(payload))
            wanted[source] = {**kept["wanted"], "at": kept["at"]}
            expected[source] = {name: sources[source][name] for name in _COUNTS} | _told(kept["lines"])
        rows = {table: store.execute(query).fetchall() for table, query in _TABLES.items()}
    books = [name for name in sources if name.startswith("workbook:")]
    paths = [str(country / sources[name]["path"]) for name in ("annuaire", *books)]
    reports = sorted((country / "out" / "reports").glob("*.xlsx"))
    mails = sorted((country / "var" / "outbox-annuaire").glob("*.eml"))
    task = {
        "workbooks": paths,
        "reports": {path.name: _cells(path) for path in reports},
        "mails": [{**_words(path), "report": _report_in(path, reports)} for path in mails],
        **rows,
    }
    extracts = {source: str(country / sources[source]["path"]) for source in _SOURCES}
    return {"extracts": extracts, "wanted": wanted}, task, {**expected, "cells": [_read(path) for path in paths]}


def _read(path: str) -> tuple[int, int]:
    """Of a workbook: how many cells are not empty, and how many signs the texts among them have."""
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path, data_only=True)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell not in (None, "")
    ]
    return len(cells), sum(len(cell) for cell in cells if isinstance(cell, str))


def _told(lines: list[tuple[int, str]]) -> dict[str, Any]:
    """How many lines were kept, and a digest of them as text in the order of the file."""
    from connectors.bytescan.lines import decode

    texts = (f"{number}\t{decode(line.encode('latin-1'))}\n" for number, line in sorted(lines))
    return {"kept": len(lines), "lines": hashlib.sha256("".join(texts).encode()).hexdigest()}


def _cells(path: Path) -> dict[str, Any]:
    """The cells of a report with value and format, sheet by sheet."""
    formats: dict[str, int] = {}
    sheets = []
    for sheet in openpyxl.load_workbook(path):
        cells = [
            (cell.row - 1, cell.column - 1, _value(cell), formats.setdefault(_format(cell), len(formats)))
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell, Cell) and cell.value is not None
        ]
        widths = [
            (column_index_from_string(name) - 1, max(one.width - _MARGIN, 0))
            for name, one in sheet.column_dimensions.items()
        ]
        sheets.append({"title": sheet.title, "widths": widths, "cells": cells})
    return {"formats": [json.loads(one) for one in formats], "sheets": sheets}


def _value(cell: Cell) -> str | float:
    return cell.value if isinstance(cell.value, (int, float)) else str(cell.value)


def _format(cell: Cell) -> str:
    """As XlsxWriter takes it, as text."""
    found: dict[str, Any] = {"font_name": cell.font.name, "font_size": cell.font.sz, "valign": "top"}
    if cell.font.b:
        found["bold"] = True
    if cell.fill.fgColor.type == "rgb" and cell.fill.fill_type:
        found["bg_color"] = "#" + str(cell.fill.fgColor.rgb)[-6:]
    if cell.alignment.wrap_text:
        found["text_wrap"] = True
    if cell.border.bottom.style:
        found["border"] = 1
    return json.dumps(found | {"num_format": cell.number_format})


def _words(path: Path) -> dict[str, str]:
    """A mail as its parts."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = {part.get_content_type(): part for part in _parts(message)}
    attached = next((part.get_filename() or "" for part in message.iter_attachments()), "")
    made = {name: str(message[name]).strip() for name in ("From", "To", "Subject", "Date", "Message-ID")}
    text, html = (_text(parts[kind]) if kind in parts else "" for kind in ("text/plain", "text/html"))
    return {**made, "name": path.name, "text": text, "html": html, "attachment": attached}


def _text(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def _report_in(mail: Path, reports: list[Path]) -> str:
    """The name of the report that came with a mail; none where nothing did."""
    if b'filename="' not in mail.read_bytes():
        return ""
    attached = _attached(mail)
    return next(path.name for path in reports if path.read_bytes() == attached)


def _attached(path: Path) -> bytes:
    """The file that came with a mail."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    (part,) = message.iter_attachments()
    found = part.get_content()
    assert isinstance(found, bytes)
    return found


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        assert isinstance(part, EmailMessage)
        yield part


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
