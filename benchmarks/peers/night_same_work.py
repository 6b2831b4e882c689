"""The work of a night, in one polars process: what our night did, done again by what one would first reach for.

    python night_same_work.py TASK openpyxl|calamine

TASK is a folder made by `benchmarks/parts/same_work.py` from a night of ours. Both files: SHA-256, every row judged
on its width, encoding, identification, duplicates, and looked for by number, serial and name. Then all workbooks
read, the same reports written, the same mails put into a folder, as many changes into SQLite. It matches and compares
nothing. Prints one line of JSON, by which the benchmark sees that it found what we found.
"""

import codecs
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import openpyxl
import polars as pl
import xlsxwriter
from polars.io.plugins import register_io_source
from python_calamine import CalamineWorkbook

PIECE = 16 << 20  # bytes read at once; a row is one string of a piece
LOOKED_AT = "id_type", "identifier", "national_id", "content_id", "serial", "last_name", "first_name"
_NO_SEPARATOR = "\x01"
_LINE = {"line": pl.String}
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_STORE = """
    CREATE TABLE change (change_id TEXT PRIMARY KEY, slot TEXT, origin TEXT, first_seen TEXT, payload TEXT);
    CREATE TABLE event (seq INTEGER PRIMARY KEY, change_id TEXT REFERENCES change, run_id TEXT, after TEXT, day TEXT);
    CREATE INDEX event_change ON event (change_id);
"""


class Pieces:
    """Whole lines of a file, piece by piece; `sha256` of all of it, taken in the same pass."""

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


def lines_of(pieces: Iterator[bytes]) -> Iterator[pl.DataFrame]:
    """Numbered rows: strict UTF-8, else Windows-1252 byte by byte."""
    number = 1
    for piece in pieces:
        found = _lossy(piece)
        wrong = found.select(pl.col("line").str.contains("\ufffd", literal=True).arg_true()).to_series()
        if len(wrong) > len(found) // 100:
            found = found.with_columns(_strays(piece, found["line"]))
        elif len(wrong):
            lines = piece.split(b"\n")
            right = [lines[at].decode(errors="windows-1252") for at in wrong]
            found = found.with_columns(found["line"].scatter(wrong, right))
        yield found.with_row_index("number", number)[number == 1 :]  # the header is no row
        number += len(found)


def _lossy(piece: bytes) -> pl.DataFrame:
    return pl.read_csv(
        BytesIO(piece), separator=_NO_SEPARATOR, has_header=False, quote_char=None, schema=_LINE, encoding="utf8-lossy"
    )


def _strays(piece: bytes, lossy: pl.Series) -> pl.Series:
    """Of a piece in which many lines are not UTF-8."""
    others = _lossy(piece.decode("cp1252").encode())["line"]
    return others.zip_with(lossy.str.contains("\ufffd", literal=True), lossy)


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error("windows-1252", _as_windows_1252)


def extract(path: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """The account of one file, and its wanted lines."""
    pieces = Pieces(path)

    def source(_columns: Any, _predicate: Any, _rows: Any, _size: Any) -> Iterator[pl.DataFrame]:
        yield from lines_of(iter(pieces))

    rows = register_io_source(source, schema={"number": pl.UInt32, "line": pl.String})
    with open(path, "rb") as file:  # noqa: PTH123
        header = file.readline().decode("utf-8", "replace").rstrip("\n").split("|")
    found: Any = judged(rows, header, wanted).collect(engine="streaming")
    right = found.filter("right")
    kept = right.filter("kept").unique("line", keep="first").sort("number")
    digest = hashlib.sha256(
        "".join(f"{number}\t{line}\n" for number, line in kept.select("number", "line").rows()).encode()
    )
    different = right["hash"].n_unique()
    return {
        "sha256": pieces.digest.hexdigest(),
        "rows_read": len(found),
        "rows_rejected": len(found) - len(right),
        "rows_duplicate": len(right) - different,
        "rows_accepted": different,
        "kept": len(kept),
        "lines": digest.hexdigest(),
    }


def judged(rows: pl.LazyFrame, header: list[str], wanted: dict[str, Any]) -> pl.LazyFrame:
    """Of each row: its number, whether it is right, its hash, whether it is to be kept, and then its text."""
    at, line = wanted["at"], pl.col("line")
    # Split once, and asked for by name afterwards: a field of a struct asked for thrice is three times the work.
    rows = rows.with_columns(line.str.splitn("|", max(at[name] for name in LOOKED_AT if name in at) + 2).alias("cells"))
    rows = rows.with_columns(
        pl.col("cells").struct.field(f"field_{at[name]}").alias(name) for name in LOOKED_AT if name in at
    )
    ids = pl.Series(wanted["national_ids"], dtype=pl.String).implode()
    kind, identifier, national = (pl.col(name).fill_null("").str.strip_chars() for name in LOOKED_AT[:3])
    right = (
        (line.str.count_matches("|", literal=True) == len(header) - 1)
        & line.str.ends_with("|")
        & (identifier != "")
        & (pl.concat_str(kind, identifier) == national)
    )
    kept = national.is_in(ids)
    if "content_id" in at:
        kept |= pl.col("content_id").is_in(ids)
    if "serial" in at and wanted["serials"]:
        kept |= pl.col("serial").is_in(pl.Series(wanted["serials"], dtype=pl.String).implode())
    if wanted["names"]:
        name = pl.concat_str(_folded("last_name"), pl.lit("|"), _folded("first_name"))
        kept |= name.is_in(pl.Series(wanted["names"], dtype=pl.String).implode())
    found = rows.select(
        "number", line, line.hash().alias("hash"), right.alias("right"), kept.fill_null(False).alias("kept")
    )
    kept = (pl.col("kept") & pl.col("right")).alias("kept")
    return found.with_columns(kept, pl.when(kept).then(line).otherwise(None).alias("line"))


def _folded(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase().str.normalize("NFKD").str.replace_all("[^a-z0-9]", "")


def read_books(paths: list[str], by: str) -> int:
    """How many cells the workbooks have."""
    cells = 0
    for path in paths:
        if by == "calamine":
            opened = CalamineWorkbook.from_path(path)
            for name in opened.sheet_names:
                cells += sum(map(len, opened.get_sheet_by_name(name).to_python()))
            continue
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        cells += sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
        book.close()
    return cells


def write_book(made: dict[str, Any]) -> bytes:
    """A report: our cells, in the formats they have with us."""
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, _OPTIONS)
    formats = [book.add_format(one) for one in made["formats"]]
    for one in made["sheets"]:
        sheet = book.add_worksheet(one["title"])
        for column, width in one["widths"]:
            sheet.set_column(column, column, width)
        for row, column, value, form in one["cells"]:
            sheet.write(row, column, value, formats[form])
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
    _leave(folder / f"{made['name']}", message.as_bytes())


def _leave(path: Path, content: bytes) -> None:
    file: IO[bytes]
    with path.open("wb") as file:
        file.write(content)


def keep(path: Path, task: dict[str, Any]) -> int:
    """The changes and what happened to them, in one transaction."""
    with sqlite3.connect(path) as store:
        store.executescript(_STORE)
        store.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?)", task["changes"])
        store.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", task["events"])
        (count,) = store.execute("SELECT count(*) FROM change").fetchone()
    return int(count)


def main(folder: str, by: str) -> None:
    """All of it, once."""
    task = json.loads((Path(folder) / "task.json").read_text(encoding="utf-8"))
    out = Path(folder) / f"done-{by}"
    out.mkdir(exist_ok=True)
    (out / "store.db").unlink(missing_ok=True)
    found: dict[str, Any] = {source: extract(path, task["wanted"][source]) for source, path in task["extracts"].items()}
    found["cells"] = read_books(task["workbooks"], by)
    books = {name: write_book(made) for name, made in task["reports"].items()}
    for name, content in books.items():
        _leave(out / name, content)
    for made in task["mails"]:
        put_mail(made, books.get(made["attachment"]), out)
    found["changes"] = keep(out / "store.db", task)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
