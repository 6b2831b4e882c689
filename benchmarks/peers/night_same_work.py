"""The work of a night, in one polars process: what our night did, done again by what one would first reach for.

    python night_same_work.py TASK openpyxl|calamine

TASK is a folder made by `benchmarks/parts/same_work.py` from a night of ours. Both files: SHA-256, every row judged
on its width, encoding, identification, duplicates, and looked for by number, serial and name. Then all workbooks
read, the same reports written, the same mails put into a folder, as many changes into SQLite. It matches and compares
nothing, and its reports have no rich text, no lists of answers, no conditional formats, no charts. What it found is
left beside what it wrote, `found.json`: the benchmark holds all of it against ours, in every turn.
"""

import codecs
import hashlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

PIECE = 16 << 20  # bytes read at once; a row is one string of a piece, and what a piece was is let go of behind it
LOOKED_AT = "id_type", "identifier", "national_id", "content_id", "serial", "last_name", "first_name"
_NO_SEPARATOR = "\x01"
_LINE = {"line": pl.String}
_CONTINUED = bytes(at for at in range(0x80, 0xC0) if at not in b"\x81\x8d\x8f\x90\x9d").decode("cp1252")
_PERHAPS_UTF_8 = f"[Â-ô][{_CONTINUED}]"  # how a letter of two bytes and more looks in Windows-1252
_ODD = "[^a-z0-9|]"
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_STORE = """
    CREATE TABLE change (change_id TEXT PRIMARY KEY, slot TEXT, origin TEXT, first_seen TEXT, payload TEXT);
    CREATE TABLE event (seq INTEGER PRIMARY KEY, change_id TEXT REFERENCES change, run_id TEXT, after TEXT, day TEXT);
    CREATE INDEX event_change ON event (change_id);
"""


class Pieces:
    """Whole lines of a file, piece by piece; `digest`, SHA-256 of all of it, taken in the same pass."""

    def __init__(self, path: str) -> None:
        self.digest = hashlib.sha256()
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        with open(self._path, "rb") as file:  # noqa: PTH123
            while block := file.read(PIECE):
                self.digest.update(block)
                end = block.rfind(b"\n") + 1
                yield rest + block[:end]
                rest = block[end:]
        if rest:
            yield rest


def lines_of(pieces: Iterable[bytes]) -> Iterator[pl.Series]:
    """The lines of each piece: strict UTF-8, else Windows-1252 byte by byte; as the last piece was, first."""
    western = False
    for piece in pieces:
        if western:
            found = _rows(piece.decode("cp1252").encode())
            perhaps = found.str.contains(_PERHAPS_UTF_8).arg_true()
            yield found.scatter(perhaps, list(map(_read_as_utf_8, found.gather(perhaps)))) if len(perhaps) else found
            continue
        found = _rows(piece)
        wrong = found.str.contains("\ufffd", literal=True).arg_true()
        western = len(wrong) > len(found) // 100
        yield found.scatter(wrong, list(_mended(piece, found, wrong.to_list()))) if len(wrong) else found


def _rows(piece: bytes) -> pl.Series:
    return pl.read_csv(
        BytesIO(piece), separator=_NO_SEPARATOR, has_header=False, quote_char=None, schema=_LINE, encoding="utf8-lossy"
    )["line"]


def _read_as_utf_8(line: str) -> str:
    return line.encode("cp1252").decode(errors="windows-1252")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error("windows-1252", _as_windows_1252)


def _mended(piece: bytes, found: pl.Series, wrong: Iterable[int]) -> Iterator[str]:
    """The wrong lines of a piece anew. Where they begin is known by the lengths of those between them."""
    ends = (found.str.len_bytes() + 1).cum_sum()
    longer = 0  # so many bytes more than the piece have the wrong lines before, as read
    for at in wrong:
        start = (ends[at - 1] if at else 0) - longer
        end = piece.find(b"\n", start)
        line = piece[start:] if end < 0 else piece[start:end]
        longer = ends[at] - (start + len(line) + 1)
        yield line.decode(errors="windows-1252")


def extract(path: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """The account of one file, and a digest of its wanted lines."""
    pieces = Pieces(path)
    with open(path, "rb") as file:  # noqa: PTH123
        judge = Judge(file.readline().decode("utf-8", "replace").rstrip("\n").split("|"), wanted)
    number, hashes = 1, []
    kept: dict[str, int] = {}
    for lines in lines_of(pieces):
        rows = lines[1:] if number == 1 else lines  # the header is no row
        first = number + (number == 1)
        right, found = judge(rows)
        hashes.append(rows.hash().filter(right))
        for at, line in zip(found, rows.gather(found), strict=True):
            kept.setdefault(line, first + at)
        number += len(lines)
    rows_right = pl.concat(hashes)
    different = rows_right.n_unique()
    told = "".join(f"{at}\t{line}\n" for line, at in kept.items())
    return {
        "sha256": pieces.digest.hexdigest(),
        "rows_read": number - 2,
        "rows_rejected": number - 2 - len(rows_right),
        "rows_duplicate": len(rows_right) - different,
        "rows_accepted": different,
        "kept": len(kept),
        "lines": hashlib.sha256(told.encode()).hexdigest(),
    }


class Judge:
    """Of rows: which are right, and which of those are of somebody wanted."""

    def __init__(self, header: list[str], wanted: dict[str, Any]) -> None:
        self._separators = len(header) - 1
        self._at = {name: wanted["at"][name] for name in LOOKED_AT if name in wanted["at"]}
        self._ids, self._serials, self._names = (
            pl.Series(wanted[name], dtype=pl.String).implode() for name in ("national_ids", "serials", "names")
        )
        self._by_serial, self._by_name = "serial" in self._at and bool(wanted["serials"]), bool(wanted["names"])

    def __call__(self, rows: pl.Series) -> tuple[pl.Series, pl.Series]:
        """(which are right, the places of those that are to be kept)."""
        cells = rows.str.splitn("|", max(self._at.values()) + 2).struct
        cell = {name: cells.field(f"field_{at}") for name, at in self._at.items()}
        line = pl.lit(rows)
        kind, identifier, national = (pl.lit(cell[name]).fill_null("").str.strip_chars() for name in LOOKED_AT[:3])
        kept = national.is_in(self._ids)
        if "content_id" in cell:
            kept |= pl.lit(cell["content_id"]).is_in(self._ids).fill_null(False)
        if self._by_serial:
            kept |= pl.lit(cell["serial"]).is_in(self._serials).fill_null(False)
        name = pl.concat_str(pl.lit(cell["last_name"]), pl.lit("|"), pl.lit(cell["first_name"])).str.to_lowercase()
        found = pl.select(
            right=(line.str.count_matches("|", literal=True) == self._separators)
            & line.str.ends_with("|")
            & (identifier != "")
            & (pl.concat_str(kind, identifier) == national),
            kept=kept,
            name=name,
        )
        if self._by_name:
            return found["right"], (found["right"] & (found["kept"] | self._named(found["name"]))).arg_true()
        return found["right"], (found["right"] & found["kept"]).arg_true()

    def _named(self, names: pl.Series) -> pl.Series:
        """Whose name is wanted; only what is not plain already is made so."""
        odd = names.str.contains(_ODD).fill_null(False)
        wanted = names.is_in(self._names).fill_null(False)
        plain = names.filter(odd).str.normalize("NFKD").str.replace_all(_ODD, "")
        return wanted.scatter(odd.arg_true(), plain.is_in(self._names).fill_null(False))


def read_books(paths: list[str], by: str) -> list[tuple[int, int]]:
    """Of each workbook: how many cells are not empty, and how many signs the texts among them have."""
    return [_told(_by_calamine(path) if by == "calamine" else _by_openpyxl(path)) for path in paths]


def _told(rows: Iterable[Iterable[Any]]) -> tuple[int, int]:
    cells = [cell for row in rows for cell in row if cell is not None and cell != ""]
    return len(cells), sum(len(cell) for cell in cells if isinstance(cell, str))


def _by_openpyxl(path: str) -> Iterator[Iterable[Any]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book:
        yield from sheet.iter_rows(values_only=True)
    book.close()


def _by_calamine(path: str) -> Iterator[Iterable[Any]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        yield from book.get_sheet_by_name(name).to_python()


def write_book(made: dict[str, Any]) -> bytes:
    """A report: our cells, in the formats they have with us."""
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, _OPTIONS)
    formats = [book.add_format(one) for one in made["formats"]]
    for one in made["sheets"]:
        sheet = book.add_worksheet(one["title"])
        for column, width in one["widths"]:
            sheet.set_column(column, column, width)
        text, number = sheet.write_string, sheet.write_number
        for row, column, value, form in one["cells"]:
            (text if isinstance(value, str) else number)(row, column, value, formats[form])
    book.close()
    return memory.getvalue()


def put_mail(made: dict[str, str], report: bytes | None, folder: Path) -> None:
    """A mail in two forms, with the report."""
    message = EmailMessage()
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        message[name] = made[name]
    message.set_content(made["text"])
    message.add_alternative(made["html"], subtype="html")
    if report:
        message.add_attachment(report, *_XLSX, filename=made["attachment"])
    (folder / made["name"]).write_bytes(message.as_bytes())


def keep(path: Path, task: dict[str, Any]) -> None:
    """The changes and what happened to them, in one transaction."""
    with sqlite3.connect(path) as store:
        store.executescript(_STORE)
        store.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?)", task["changes"])
        store.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", task["events"])


def main(folder: str, by: str) -> None:
    """All of it, once, from nothing."""
    task, wanted = (json.loads((Path(folder) / f"{name}.json").read_bytes()) for name in ("task", "wanted"))
    out = Path(folder) / f"done-{by}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    found: dict[str, Any] = {
        source: extract(path, wanted["wanted"][source]) for source, path in wanted["extracts"].items()
    }
    found["cells"] = read_books(task["workbooks"], by)
    books = {name: write_book(made) for name, made in task["reports"].items()}
    for name, content in books.items():
        (out / name).write_bytes(content)
    for made in task["mails"]:
        put_mail(made, books.get(made["report"]), out)
    keep(out / "store.db", task)
    (out / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
