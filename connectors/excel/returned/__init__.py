"""A returned report, opened in a guarded child process, whatever it is: re-saved, encrypted, or no report at all."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.excel.returned.books import OLE
from connectors.excel.returned.books import unreadable as no_report
from connectors.excel.returned.child import LINES, WRITTEN
from connectors.sources.guard import format_of, no_secrets, read_bytes, unreadable
from schemas.changes.decision import ReturnedLine
from schemas.changes.remark import WrittenText
from schemas.errors import SourceError
from schemas.nomenclatures import say

SECONDS = 120  # thirty passwords are tried in some ten seconds
_BEGINNING = 4096  # bytes in which a flat workbook says what it is
_CHILD = "connectors.excel.returned.child"


@dataclass(frozen=True, slots=True)
class ReturnedReport:
    """The lines of a returned file, what else was written into it, and the SHA-256 by which it is known."""

    digest: str
    lines: tuple[ReturnedLine, ...]
    written: tuple[WrittenText, ...] = ()


def digest_of(path: Path) -> str:
    """Return SHA-256 of the file as it came. Raises SourceError FILE_UNREADABLE or FILE_EMPTY."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def ask_child(request: bytes, seconds: float = SECONDS) -> tuple[int, bytes]:
    """Return the exit code of a child of its own that is asked this, and what it said.

    Raises subprocess.TimeoutExpired.
    """
    command = [sys.executable, "-I", "-m", _CHILD]
    done = subprocess.run(command, input=request, capture_output=True, timeout=seconds, check=False, env=no_secrets())
    return done.returncode, done.stdout


def _markup(content: bytes) -> str:
    """Why a file of tags is not read: a workbook that LibreOffice saved flat, a page of one, or any other."""
    begun = content[:_BEGINNING].lower()
    if b"office:document" in begun:
        return "unreadable.flat_ods"
    return "unreadable.page_of_a_workbook" if b"<table" in content.lower() else "unreadable.markup"


def read_returned(
    path: Path,
    passwords: Sequence[str] = (),
    seconds: float = SECONDS,
    ask: Callable[[bytes, float], tuple[int, bytes]] = ask_child,
) -> ReturnedReport:
    """Read every line of a report that carries a reference (.xlsx, .xls, .ods, .csv); an encrypted one is opened with
    the first password that fits.

    Raises SourceError FILE_UNREADABLE (or FILE_EMPTY) for a file that is no report, that no password opens, or that
    costs too much memory or time.
    """
    content = read_bytes(path)
    if not content.startswith(OLE):
        try:
            if format_of(content, path) == "markup":  # what is no report is told here, and no child is started for it
                raise no_report(say(_markup(content)))
        except SourceError as error:
            raise (no_report(error.found) if error.found else error) from None
    request = json.dumps(list(passwords)).encode() + b"\n" + content
    try:
        code, said = ask(request, seconds)
    except subprocess.TimeoutExpired:
        raise unreadable("too_slow", seconds=int(seconds)) from None
    if code or not said:
        raise unreadable("too_large" if code < 0 else "damaged")
    found = json.loads(said)
    if "error" in found:
        raise SourceError("FILE_UNREADABLE", found["error"])
    lines, written = LINES.validate_python(found["lines"]), WRITTEN.validate_python(found["written"])
    return ReturnedReport(hashlib.sha256(content).hexdigest(), tuple(lines), tuple(written))
