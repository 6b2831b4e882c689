"""A report of ours with some of its empty cells filled in, and nothing else touched.

openpyxl reads and writes the whole workbook anew for that: a tenth of a second each time. What another program makes of
a report when it saves it has tests of its own: `test_returned_forms.py`, `test_told_beside.py`.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils.datetime import to_excel
from python_calamine import CalamineWorkbook

Filling = Mapping[str, Mapping[str, object]]  # title of a sheet → « H4 » → what is written there


class NotEmptyError(Exception):
    """A cell is not there as we write it: something is in it, or another program saved the file."""


def written_into(report: Path, target: Path, filling: Filling) -> None:
    """Write the values into cells that we left empty. Raises NotEmptyError; then there is no target."""
    titles = CalamineWorkbook.from_path(report).sheet_names
    cells = {f"xl/worksheets/sheet{titles.index(title) + 1}.xml": written for title, written in filling.items()}
    with ZipFile(report) as book:
        parts = {one: book.read(one) for one in book.infolist()}
    content = {one.filename: part for one, part in parts.items()}
    for name, written in cells.items():
        for at, value in written.items():
            content[name] = _with(content.get(name, b""), at, value)
    with ZipFile(target, "w", ZIP_DEFLATED) as book:
        for one in parts:
            book.writestr(one, content[one.filename], ZIP_DEFLATED)


def _with(sheet: bytes, at: str, value: object) -> bytes:
    if value is None or value == "":
        return sheet
    found, count = re.subn(rf'<c r="{at}"([^>/]*)/>'.encode(), lambda one: _cell(at, one[1], value), sheet)
    if count != 1:
        raise NotEmptyError(at)
    return found


def _cell(at: str, looks: bytes, value: object) -> bytes:
    head = f'<c r="{at}"'.encode() + looks
    if isinstance(value, date):
        return head + f"><v>{to_excel(value)}</v></c>".encode()
    return head + f' t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'.encode()
