"""The register reader as one would first write it: line by line, nothing at once. What the fast one must equal."""

import hashlib
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from connectors.bytescan.complaints import Complaints
from connectors.bytescan.delimited import SAMPLE, Width, labels_of, width_of
from connectors.bytescan.lines import LONGEST, decode
from connectors.sources.result import Reading, text_frame
from schemas.nomenclatures import say
from schemas.reading.issue import Issue
from schemas.reading.source import SourceContract, SourceReport, Wanted, contract
from schemas.words import clean, name_key


def read_plainly(content: bytes, contract_name: str, wanted: Wanted) -> dict[str, object]:
    """Counts, cells, issues and unread numbers of an extract with a usable header."""
    rules = contract(contract_name)
    # a file that ends between the two signs of a line's end
    lines = content.removesuffix(b"\r").replace(b"\r\n", b"\n").split(b"\n")
    if not lines[-1]:
        lines.pop()
    top = next(at for at, line in enumerate(lines) if line)
    labels = labels_of(lines[top], rules.delimiter)
    sample = [line for line in lines[top + 1 : top + 1 + SAMPLE] if line]
    width = width_of(len(labels), lines[top].endswith(b"|"), sample, b"|")
    at, _missing = rules.positions(labels)
    complaints = Complaints("s")
    complaints.decodable(top + 1, lines[top])
    accepted: list[bytes] = []
    kept: dict[bytes, int] = {}
    unread: set[str] = set()
    rejected = 0
    for number, line in enumerate(lines[top + 1 :], top + 2):
        if not line:
            continue
        fault, national = _judged(number, line, at, width, complaints)
        if fault:
            rejected += 1
            unread |= _named(line[:LONGEST], wanted, at)
            continue
        accepted.append(line)
        if _concerns(line.split(b"|"), national, at, wanted):
            kept.setdefault(line, number)
    return {
        "counts": (len(accepted) + rejected, len(set(accepted)), rejected, len(accepted) - len(set(accepted))),
        "rows": [_row(line, number, rules, at) for line, number in kept.items()],
        "issues": [(one.code, one.location, one.field, one.message) for one in complaints.all()],
        "unread": tuple(sorted(unread)),
    }


def _judged(number: int, line: bytes, at: dict[str, int], width: Width, complaints: Complaints) -> tuple[bool, str]:
    """(whether it is quarantined, its national identification)."""
    if len(line) > LONGEST:
        complaints.add(number, "ROW_WIDTH", key="reading.oversized", limit=LONGEST)
        return True, ""
    whole = line.count(b"|") == width.delimiters and (line.endswith(b"|") or not width.trailing)
    if not whole and not width.tolerates(line, b"|"):
        found = line.count(b"|") + (0 if line.endswith(b"|") and width.trailing else 1)
        complaints.add(number, "ROW_WIDTH", found=found, expected=width.cells)
        return True, ""
    if not complaints.decodable(number, line):
        return True, ""
    cells = line.split(b"|")
    kind, identifier, national = (cells[at[name]] for name in ("id_type", "identifier", "national_id"))
    if identifier and kind + identifier == national:
        return False, national.decode("latin-1")
    texts = [clean(decode(cell)) for cell in (kind, identifier, national)]
    if not texts[1] or not texts[2]:
        complaints.add(number, "CPX_MISSING", "national_id", key="row.id_missing")
        return True, ""
    if texts[0] + texts[1] != texts[2]:
        complaints.add(number, "CPX_FORMAT", "national_id", key="row.id_mismatch")
        return True, ""
    return False, texts[2]


def _concerns(cells: list[bytes], national: str, at: dict[str, int], wanted: Wanted) -> bool:
    if wanted.everyone or national in wanted.national_ids:
        return True
    texts = {name: decode(cells[place]) for name, place in at.items()}
    name = f"{name_key(texts.get('last_name', ''))}|{name_key(texts.get('first_name', ''))}"
    return (
        texts.get("content_id") in wanted.national_ids
        or texts.get("serial") in wanted.serials
        or ("last_name" in at and "first_name" in at and name in wanted.names)
    )


def _named(line: bytes, wanted: Wanted, at: dict[str, int]) -> set[str]:
    cells = line.decode("latin-1").split("|")
    texts = {*cells, *map("".join, pairwise(cells))}
    if wanted.everyone and len(cells) > at["national_id"]:
        texts.add(cells[at["national_id"]])
        return texts & (wanted.national_ids | wanted.serials | {cells[at["national_id"]]}) - {""}
    return texts & (wanted.national_ids | wanted.serials)


def _row(line: bytes, number: int, rules: SourceContract, at: dict[str, int]) -> list[str]:
    cells = decode(line).split("|")
    row = ["" if column not in at else clean(cells[at[column]]) for column in rules.columns]
    return [*row, say("reading.line", number=number)]


def plain_reading(
    path: Path, source: str, contract_name: str, wanted: Wanted, *, shown: str, **_progress: object
) -> Reading:
    """`read_register` by this path alone: what a night made of it must be the same."""
    content = content_of(path)
    found = read_plainly(content, contract_name, wanted)
    disk = path.read_bytes()
    counts: Any = found["counts"]
    issues: Any = found["issues"]
    rows: Any = found["rows"]
    report = SourceReport(source, shown, hashlib.sha256(disk).hexdigest(), len(disk), *counts)
    frame = text_frame(rows, [*contract(contract_name).columns, "_location"])
    told = tuple(Issue(source, location, field, code, message) for code, location, field, message in issues)
    return Reading(report, frame, told, facts={"unread": found["unread"]})


def content_of(path: Path) -> bytes:
    """The text, out of the only member of its zip if it is one."""
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0])
