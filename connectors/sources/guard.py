"""What is checked before a spreadsheet is opened, and the child process that opens it.

A 4.8 kB .xlsx with one cell at XFD1048576 makes the reading library abort the interpreter, and a few
kilobytes of zip can hold gigabytes (stack.md): formats are told by their first bytes, sizes are checked, and
the file is opened in a process of its own with limits of memory and time. Every refusal is a SourceError
with a French sentence.
"""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from select import select
from time import monotonic
from typing import Any

from connectors.system.closing import Closing
from schemas.errors import SourceError
from schemas.nomenclatures import say

SECONDS = 60
UNPACKED_BYTES = 300_000_000
ENTRIES = 5_000
ENTRY_BYTES, ENTRY_RATIO = 10_000_000, 200
PLAIN_BYTES = 100_000_000  # of a file as it lies on disk
TEXT_BYTES = 30_000_000  # of a .csv, which is read in this process: a whole country of people has three
_HARMLESS = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")  # variables that a child needs to start
_PARENT = Path(__file__).parent / "sheet" / "guarded" / "parent.py"
_ENDED = re.compile(rb'\n\{"ended": (-?\d+)\}\n\Z')
_LONGEST_END = 40
_OTHERS = {  # what is saved under the name of a spreadsheet, by its first bytes
    "mail": re.compile(rb"(?:mime-version|content-type|return-path|received|from|subject):", re.IGNORECASE),
    "pdf": re.compile(rb"%PDF"),
    "rtf": re.compile(rb"\{\\rtf"),
    "image": re.compile(
        rb"\xff\xd8\xff|\x89PNG|GIF8|BM.{4}\x00{4}|II\*\x00|MM\x00\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avif)", re.DOTALL
    ),
}
_MARKUP = re.compile(
    rb"<(?:!doctype|html|\?xml|table|head|body|meta|!--|style|div|center|script|title|link|font|thead|tbody|tr\b|p\b|h\d)",
    re.IGNORECASE,
)
_PROLOGUE = 4096  # bytes of an XML part, where entities are defined
_ENTITY = re.compile(b"|".join(re.escape("<!ENTITY".encode(code)) for code in ("ascii", "utf-16-le", "utf-16-be")))


def unreadable(why: str, **values: object) -> SourceError:
    """Return FILE_UNREADABLE, for the reason `unreadable.<why>` of the catalogue."""
    found = say(f"unreadable.{why}", **values)
    return SourceError("FILE_UNREADABLE", say("issue.FILE_UNREADABLE", found=found), found=found)


def read_bytes(path: Path) -> bytes:
    """Read the file, not empty and of a reasonable size; SourceError FILE_UNREADABLE or FILE_EMPTY."""
    try:
        if path.exists() and not path.is_file():  # a folder, or a pipe that would be waited for without end
            raise unreadable("no_file")
        if path.stat().st_size > PLAIN_BYTES:
            raise unreadable("too_large")
        content = path.read_bytes()
    except FileNotFoundError:
        raise unreadable("missing") from None
    except (OSError, ValueError):
        raise unreadable("not_opened") from None
    if not content.strip(b"\x00 \t\r\n\x1a\xef\xbb\xbf"):
        raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
    return content


def format_of(content: bytes, path: Path) -> str:
    """Return « workbook » (.xlsx, .xls, .ods), « markup » (a page, an XML) or « text », by the content alone.

    Raises SourceError for anything else.
    """
    if content.startswith(b"PK"):
        _check_zip(path)
        return "workbook"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise unreadable("password")
        return "workbook"
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    for why, looks in _OTHERS.items():
        if looks.match(start):
            raise unreadable(why)
    if not _MARKUP.match(start):
        return "text"
    if len(content) > TEXT_BYTES:
        raise unreadable("too_large")
    if _ENTITY.search(content):
        raise unreadable("entities")
    return "markup"


def _check_zip(path: Path) -> None:
    """Sizes as the archive declares them: what lies about them is stopped by the child's memory limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            many = len(entries) > ENTRIES
            manifest = _start(archive, _MANIFEST, 100_000) if _MANIFEST in names and not many else b""
            parts = [name for name in names if name.endswith((".xml", ".rels")) and name != _MANIFEST and not many]
            entities = any(_ENTITY.search(_start(archive, name, _PROLOGUE)) for name in parts)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        raise unreadable("damaged") from None
    if (
        many
        or sum(entry.file_size for entry in entries) > UNPACKED_BYTES
        or any(
            entry.file_size > ENTRY_BYTES and entry.file_size > ENTRY_RATIO * entry.compress_size for entry in entries
        )
    ):
        raise unreadable("too_large")
    if b"encryption-data" in manifest:
        raise unreadable("password")
    if entities:
        raise unreadable("entities")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise unreadable("not_a_workbook")


_MANIFEST = "META-INF/manifest.xml"


def _start(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


def no_secrets() -> dict[str, str]:
    """Return the environment of a child that opens what strangers wrote: who takes it over finds no key and no
    password.
    """
    return {name: os.environ[name] for name in _HARMLESS if name in os.environ}


OpenedFile = tuple[list[dict[str, Any]], dict[str, Any] | None]
"""(sheets, facts by sheet) as `sheet/guarded/child.py` says them; facts None where they could not be had."""


class Opener(Closing):
    """Opens spreadsheets, each in a process of its own with limits of memory and time (`sheet/guarded/parent.py`).

    `with Opener() as opener: opener.open(path)`, as often as there are files.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._parent: subprocess.Popen[bytes] | None = None

    def open(self, path: Path) -> OpenedFile:
        """Open a workbook in the child. Raises SourceError FILE_UNREADABLE where it runs out of memory or time, or
        cannot read it.
        """
        said, returned = self._answer(path)
        lines = said.split(b"\n")
        if len(lines) < 2:  # it died before its first word
            if returned is None:
                raise unreadable("too_slow", seconds=int(self._seconds))
            raise unreadable("too_large" if returned < 0 else "damaged")
        answer = json.loads(lines[0])
        match answer.get("error"):
            case None:
                facts = json.loads(lines[1])["facts"] if len(lines) > 2 else None
                return answer["sheets"], facts
            case "NoTableError":
                raise unreadable("markup")
            case "PasswordError":
                raise unreadable("password")
            case "MemoryError" | "TooMuchError":
                raise unreadable("too_large")
            case _:
                raise unreadable("damaged")

    def _answer(self, path: Path) -> tuple[bytes, int | None]:
        """(what the child said, its exit code); None when its time was up."""
        parent = self._parent = self._parent or started()
        assert parent.stdin
        assert parent.stdout
        with suppress(BrokenPipeError):  # it has died: said below
            parent.stdin.write(json.dumps(str(path.resolve())).encode() + b"\n")
            parent.stdin.flush()
        said, until = bytearray(), monotonic() + self._seconds
        while not (ended := _ENDED.search(said, max(0, len(said) - _LONGEST_END))):
            left = until - monotonic()  # none: given up, even if there would be more to read
            ready = left > 0 and bool(select([parent.stdout], [], [], left)[0])
            more = os.read(parent.stdout.fileno(), 1 << 20) if ready else b""
            if not more:  # the time is up, or the parent itself has died
                self.close()
                return bytes(said), 1 if ready else None
            said += more
        return bytes(said[: ended.start()]), int(ended[1])

    def close(self) -> None:
        """End the parent, and the child that is at work if there is one."""
        parent, self._parent = self._parent, None
        if parent:
            with suppress(ProcessLookupError):
                os.killpg(parent.pid, signal.SIGKILL)
            parent.communicate()


def started(parent: Path = _PARENT) -> subprocess.Popen[bytes]:
    """Start what forks the children, or another that does."""
    spec = importlib.util.find_spec("python_calamine")
    libraries = str(Path(spec.origin).parents[1]) if spec and spec.origin else ""
    command = [sys.executable, "-I", "-S", str(parent), libraries]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, start_new_session=True, env=no_secrets())


def open_in_child(path: Path, seconds: float = SECONDS) -> OpenedFile:
    """Return one spreadsheet alone. Raises as `Opener.open` does."""
    with Opener(seconds) as opener:
        return opener.open(path)
