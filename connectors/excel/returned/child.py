"""The child process that opens a returned report: it may run out of memory or time, its parent goes on.

Run by `connectors.excel.returned`. Reads a JSON line with the passwords, then the file; answers with one JSON line: the
lines of the report, or why there are none. A report comes back by mail: what it does to the libraries is not known.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

import olefile
from pydantic import TypeAdapter

from connectors.excel.returned.books import OLE, UNREADABLE
from connectors.excel.returned.sheet import read_book
from connectors.excel.sealed import unseal, unseal_old
from schemas.changes.decision import ReturnedLine
from schemas.changes.remark import WrittenText
from schemas.errors import SourceError
from schemas.nomenclatures import say

MEMORY = 2_000_000_000  # bytes of address space
LINES = TypeAdapter(list[ReturnedLine])
WRITTEN = TypeAdapter(list[WrittenText])
_FILE_PASS = b"\x2f\x00"  # the record of an .xls that says it is encrypted


def answer(passwords: list[str], content: bytes) -> dict[str, Any]:
    """Return `{"lines": …, "written": …}` or `{"error": French}`."""
    try:
        found = read_book(BytesIO(_opened(content, passwords)))
    except SourceError as error:
        return {"error": error.message}
    except MemoryError:
        return {"error": say("report.unreadable", found=say("report.too_large"))}
    return {
        "lines": LINES.dump_python(list(found.lines), mode="json"),
        "written": WRITTEN.dump_python(list(found.written), mode="json"),
    }


def _opened(content: bytes, passwords: list[str]) -> bytes:
    """What an encrypted workbook holds; any other file as it is. Raises SourceError where no password opens it."""
    if not content.startswith(OLE):
        return content
    kind = _kind(content)
    if kind == "sealed":
        opened = unseal(content, passwords)
    elif kind == "old_sealed":
        opened = unseal_old(content, passwords)
    elif kind == "book":
        return content
    else:
        raise SourceError("FILE_UNREADABLE", say("report.unreadable", found=say(f"unreadable.{kind}")))
    if opened is None:
        raise SourceError("FILE_UNREADABLE", say("decisions.sealed"))
    return opened


def _kind(content: bytes) -> str:
    """What a compound file is: an encrypted .xlsx, an .xls, an Outlook message, or a key of `unreadable`."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as document:
            if document.exists("EncryptedPackage"):
                return "sealed"
            if document.exists("__properties_version1.0"):
                return "message"
            name = next((one for one in ("Workbook", "Book") if document.exists(one)), "")
            start = document.openstream(name).read(4000) if name else b""
    except UNREADABLE:
        return "damaged"
    if not name:
        return "not_a_workbook"
    return "old_sealed" if _is_sealed(start) else "book"


def _is_sealed(stream: bytes) -> bool:
    """The record FilePass stands right after the first, or after one that forbids to write."""
    at = 0
    for _ in range(4):
        if stream[at : at + 2] == _FILE_PASS:
            return True
        at += 4 + int.from_bytes(stream[at + 2 : at + 4], "little")
    return False


def main() -> None:
    """Read one file on stdin, write one answer on stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    passwords = json.loads(sys.stdin.buffer.readline())
    found = answer(passwords, sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
