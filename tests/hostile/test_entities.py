"""Entity bombs in returned workbooks, whichever parser openpyxl takes: lxml where it is there, defusedxml where not.

lxml comes with our tools of development, and may come to a machine with anything else: then openpyxl parses most parts
with it, and defusedxml, which knows no entity, has only the sheets. The bombs lie where the guard does not look.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.archives import changed, parts_of
from tests.hostile.containers import LAUGHS, SHEET, good
from tests.patience import patient

pytest.importorskip("lxml.etree")

LATE = f"<!--{' ' * 200_000}-->"  # behind what is looked at before any parser
PARTS = (
    SHEET,
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "docProps/core.xml",
    "docProps/custom.xml",
)
_SCHEMAS = "http://schemas.openxmlformats.org/officeDocument/2006"
CUSTOM = (
    f'<Properties xmlns="{_SCHEMAS}/custom-properties" xmlns:vt="{_SCHEMAS}/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="efit-lot"><vt:lpwstr>lot</vt:lpwstr>'
    "</property></Properties>"
).encode()
OPEN_ALL = """
import json, resource, sys
import openpyxl
from pathlib import Path
from connectors.excel.returned.books import open_book
from schemas.errors import SourceError
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
found = {}
for path in map(Path, sys.argv[1:]):
    try:
        book = open_book(path)
        cells = [str(value) for sheet in book.sheets for row in sheet.rows(1, None) for value in row if value]
        found[path.stem] = max(map(len, [*cells, *book.properties.values(), *(one.title for one in book.sheets)]))
        book.close()
    except SourceError as error:
        found[path.stem] = error.code
status = Path("/proc/self/status").read_text()  # ru_maxrss would begin with what the process that started us holds
peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
print(json.dumps({"lxml": openpyxl.LXML, "found": found, "megabytes": peak}))
"""


def bomb(text: bytes, place: str) -> bytes:
    """The part with entities that would make ten gigabytes, used in its first text or in its first attribute."""
    body = text.split(b"?>", 1)[-1] if text.startswith(b"<?xml") else text
    if place == "text":
        body = re.sub(rb">([^<>\s][^<>]*)<", b">&j;<", body, count=1) if re.search(rb">[^<>\s]", body) else body
    else:
        body = re.sub(rb'( (?!xmlns)[A-Za-z:]+=")[^"]*"', rb'\1&j;"', body, count=1)
    return f'<?xml version="1.0"?>{LATE}<!DOCTYPE x [{LAUGHS}]>'.encode() + body


@pytest.mark.parametrize("lxml", [True, False], ids=["lxml", "defusedxml"])
def test_no_parser_of_a_returned_workbook_expands_entities(tmp_path: Path, lxml: bool) -> None:
    """Refused, or read without what they stand for; neither the memory nor the minutes of an expansion."""
    path = good(tmp_path)
    known = parts_of(path) | {"docProps/custom.xml": CUSTOM}
    files = []
    for place in ("text", "attribute"):
        for number, name in enumerate(part for part in PARTS if part in known):
            files.append(tmp_path / f"{place}-{number}.xlsx")
            changed(path, files[-1], **{"docProps/custom.xml": CUSTOM, name: bomb(known[name], place)})
            assert b"&j;" in parts_of(files[-1])[name] or place == "text"
    done = subprocess.run(
        [sys.executable, "-c", OPEN_ALL, *map(str, files)],
        env={**os.environ, "OPENPYXL_LXML": str(lxml)},
        capture_output=True,
        text=True,
        check=False,
        timeout=patient(60),
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["lxml"] is lxml, "the parser that is meant is the one that was taken"
    assert set(answer["found"]) == {one.stem for one in files}
    assert all(found == "FILE_UNREADABLE" or found < 100 for found in answer["found"].values()), answer
    assert answer["megabytes"] < 400
