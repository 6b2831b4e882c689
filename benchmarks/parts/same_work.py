"""What a night of ours did, written down so that a peer can do it again: `benchmarks/peers/night_same_work.py`.

The peer is told whom to look for, which workbooks to read and which cells to write; that is not measured, nor is what
only we do: matching, comparing, routing, lives of changes, pages, signatures, hidden rows, rich text, charts.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import column_index_from_string

from benchmarks.measure import ROOT, BenchmarkError, cost_of
from benchmarks.run import night, same_work

_COUNTS = "sha256", "rows_read", "rows_rejected", "rows_duplicate", "rows_accepted"
_SOURCES = "register.persons", "register.cards"


def main(country: Path) -> None:
    """Play a night of ours for its task, then each form of the script once.

    Raises BenchmarkError unless the script finds the same counts and lines.
    """
    cost_of(night(country / "annuaire.toml", fresh=True))
    task, expected = _task(country)
    folder = country / "same-work"
    folder.mkdir(exist_ok=True)
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    for command in same_work(country).values():
        _check(command, expected)


def _check(command: list[str], expected: Mapping[str, Any]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    for name, value in expected.items():
        if found[name] != value:
            raise BenchmarkError(f"{command[-1]}: {name} is {found[name]} there and {value} here")


def _task(country: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the peer is told, what it is to find)."""
    account = json.loads((country / "out" / "run.json").read_text(encoding="utf-8"))
    sources = {one["name"]: one for one in account["sources"]}
    wanted: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    with sqlite3.connect(country / "var" / "annuaire.db") as store:
        for source in _SOURCES:
            (payload,) = store.execute("SELECT payload FROM extraction WHERE source = ?", [source]).fetchone()
            kept = json.loads(zlib.decompress(payload))
            wanted[source] = {**kept["wanted"], "at": kept["at"]}
            expected[source] = {name: sources[source][name] for name in _COUNTS} | _told(kept["lines"])
        changes = store.execute("SELECT change_id, slot, origin, first_seen, payload FROM change").fetchall()
        events = store.execute("SELECT seq, change_id, run_id, after, day FROM event").fetchall()
    mails = sorted((country / "var" / "outbox-annuaire").glob("*.eml"))
    books = [name for name in sources if name.startswith("workbook:")]
    task = {
        "extracts": {source: str(country / sources[source]["path"]) for source in _SOURCES},
        "wanted": wanted,
        "workbooks": [str(country / sources[name]["path"]) for name in ("annuaire", *books)],
        "reports": {path.name: _cells(path) for path in sorted((country / "out" / "reports").glob("*.xlsx"))},
        "mails": [_words(path) for path in mails],
        "changes": changes,
        "events": events,
    }
    return task, {**expected, "changes": len(changes)}


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
        widths = [(column_index_from_string(name) - 1, one.width) for name, one in sheet.column_dimensions.items()]
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
    made = {name: str(message[name]) for name in ("From", "To", "Subject", "Date", "Message-ID")}
    text, html = (str(parts[kind].get_content()) if kind in parts else "" for kind in ("text/plain", "text/html"))
    return {**made, "name": path.name, "text": text, "html": html, "attachment": attached}


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        assert isinstance(part, EmailMessage)
        yield part


if __name__ == "__main__":
    main(Path(sys.argv[1]))
