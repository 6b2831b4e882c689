"""The FINESS stock of establishments: legacy CSV (frozen in 2026) and FINESS+ JSON, alone or together.

formats.md « Establishments »; the fields of a legacy `structureet` row are its 32 names in order. That an
establishment is closed is only ever learnt from FINESS+. The stocks of 2026 quote: `"LIEU DE VIE ""X"" ; Y"`.
"""

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectors.bytescan.complaints import Complaints
from connectors.bytescan.delimited import BOM, chosen_note
from connectors.bytescan.lines import LONGEST, Lines, TextStream, decode, open_text, sha256_of, unreadable
from connectors.sources.finess.plus import elements, finess_plus_row, sites
from connectors.sources.result import Reading, refused, text_frame
from schemas.errors import SourceError
from schemas.nomenclatures import region_of_departement, say
from schemas.people.identifiers import finess_is_well_formed
from schemas.people.structure import FinessRow
from schemas.reading.footprint import Ending, ending_of
from schemas.reading.issue import Issue
from schemas.reading.source import RowCount, SourceReport
from schemas.words import clean

COLUMNS = (*FinessRow.model_fields, "_location")
_LEGACY, _FINESS_PLUS, _NAMED = 0, 2, 1  # which entry wins where several tell of one establishment
_WIDTHS = {b"structureet": 32, b"geolocalisation": 6}


def read_finess(paths: Sequence[Path], source: str, *, shown: str) -> Reading:
    """Return a frame: the fields of `FinessRow` as text, `is_open` « oui » or « non », and `_location`.

    An establishment told of several times is one row, the others count as duplicates: FINESS+ wins over the
    legacy stock, then the later one. Geolocation rows are accepted and give nothing. Never raises for what
    files hold; one unusable file makes the whole source FAILED.
    """
    report = SourceReport(source, shown)
    stock = _Stock(source, several=len(paths) > 1)
    try:
        if not paths:
            raise unreadable("no_match", pattern=shown)
        digests = [sha256_of(path) for path in paths]
        report = replace(report, sha256=_one_digest([sha for sha, _ in digests]), size=sum(s for _, s in digests))
        for path in paths:
            stock.read(path)
        if not stock.count.read:
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        if not stock.rows:
            raise unreadable("nothing_usable", count=stock.count.read)
    except SourceError as error:
        return refused(report, error, COLUMNS)
    report = replace(report.counted(stock.count, stock.notes), ending=stock.ending)
    return Reading(report, text_frame([row for _, row in stock.rows.values()], COLUMNS), tuple(stock.issues))


def check_finess(path: Path) -> None:
    """Check that the file opens and begins as a stock of either form does; it is not read. Raises SourceError."""
    with open_text(path, _may_be_a_stock) as text:
        begins = text.peek().removeprefix(BOM).lstrip()
        if not begins:
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        if begins[:1] not in (b"{", b"["):
            _is_stock_header(begins.split(b"\n", 1)[0], path.name)


def _one_digest(digests: list[str]) -> str:
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


@dataclass(slots=True)
class _Stock:
    """Establishments so far: number → (which entry wins, row)."""

    source: str
    several: bool
    count: RowCount = field(default_factory=RowCount)
    rows: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    ending: Ending = Ending.NONE  # of the legacy stock; the other form cannot be read when it is cut
    notes: tuple[str, ...] = ()

    def read(self, path: Path) -> None:
        """One more file of either form. Raises SourceError."""
        with open_text(path, _may_be_a_stock) as text:
            self.notes += chosen_note(text.chosen)
            if text.peek().removeprefix(BOM).lstrip()[:1] in (b"{", b"["):
                self._read_finess_plus(text, path.name)
            else:
                self._read_legacy(text, path.name)

    def _take(self, rank: int, row: list[str]) -> None:
        known = self.rows.get(row[0])
        if known is None:
            self.count.accepted += 1
        else:
            self.count.duplicate += 1
        if known is None or rank >= known[0]:
            self.rows[row[0]] = (rank, row)

    def _read_legacy(self, text: TextStream, name: str) -> None:
        def place(number: int) -> str:
            return (
                say("reading.line_of", file=name, number=number) if self.several else say("reading.line", number=number)
            )

        complaints = Complaints(self.source, place)
        before, skipped, lines = self.count.read, 0, Lines(text)
        for batch in lines.batches():
            for number, line in enumerate(batch.lines, batch.first):
                if line == b"" or (number == 1 and _is_stock_header(line, name)):
                    skipped += 1
                else:
                    self.count.read += 1
                    self._take_legacy(number, line, complaints, place)
        if self.count.read - before != lines.line_ends - skipped:
            raise unreadable("miscounted", found=self.count.read - before, expected=lines.line_ends - skipped)
        *_, last = text.tail.rstrip(b"\r\n").split(b"\n")
        width = _WIDTHS.get(last.split(b";", 1)[0].strip(b'"'), 0)
        full = len(_cells(last, width)) == width or len(text.tail) == len(last)
        self.ending = ending_of(closed=text.tail.endswith(b"\n"), full=full)
        self.issues.extend(complaints.all())

    def _take_legacy(
        self, number: int, line: bytes | None, complaints: Complaints, place: Callable[[int], str]
    ) -> None:
        expected = _WIDTHS.get((line or b"").removeprefix(BOM).split(b";", 1)[0].strip(b'"'))
        cells = _cells(line or b"", expected)
        if line is None:
            complaints.add(number, "ROW_WIDTH", key="reading.oversized", limit=LONGEST)
        elif expected is None:
            complaints.add(number, "ROW_WIDTH", key="reading.stock_section")
        elif len(cells) != expected:
            complaints.add(number, "ROW_WIDTH", found=len(cells), expected=expected)
        elif complaints.decodable(number, line):
            row = legacy_row([clean(decode(cell)) for cell in cells]) if expected == 32 else []
            if not row:
                self.count.accepted += 1
                return
            if finess_is_well_formed(row[0]):
                self._take(_LEGACY + _NAMED, [*row, place(number)])
                return
            complaints.add(number, "FINESS_FORMAT", "finess", key="row.finess_missing")
        self.count.rejected += 1

    def _read_finess_plus(self, text: TextStream, name: str) -> None:
        complaints = Complaints(self.source)
        try:
            for legal, entity in enumerate(elements(text.read), 1):
                for site, ege in enumerate(sites(entity), 1):
                    key = "reading.establishment" if isinstance(entity, dict) else "reading.legal"
                    location = say(key, file=name, legal=legal, site=site)
                    self.count.read += 1
                    row = finess_plus_row(entity, ege)
                    if row and finess_is_well_formed(row[0]):
                        self._take(_FINESS_PLUS + (_NAMED if row[2] else 0), [*row, location])
                        continue
                    self.count.rejected += 1
                    complaints.add(location, "FINESS_FORMAT", "finess", key="row.finess_missing")
        except (ValueError, RecursionError) as error:
            raise unreadable("bad_json", file=name) from error
        self.issues.extend(complaints.all())


def _cells(line: bytes, expected: int | None) -> list[bytes]:
    """The cells of a legacy row. Where one is quoted its quotes and delimiters are its own, if that gives the width.

    A stray quote is a letter like another: whatever gives the right width without quoting is read as it stands.
    """
    plain = line.split(b";")
    if b'"' not in line or (len(plain) == expected and not any(_is_quoted(cell) for cell in plain)):
        return plain
    try:
        [quoted] = csv.reader([line.decode("latin-1")], delimiter=";", strict=True)
    except (csv.Error, ValueError):
        return plain
    return [cell.encode("latin-1") for cell in quoted] if len(quoted) == expected else plain


def _is_quoted(cell: bytes) -> bool:
    return len(cell) > 1 and cell[:1] == cell[-1:] == b'"'


def _may_be_a_stock(header: bytes) -> int:
    """For choosing among the members of a zip: 1 where the first line begins as a stock of either form does."""
    start = header.removeprefix(BOM).lstrip()
    return int(start.replace(b'"', b"").startswith((b"finess;", b"structureet;")) or start[:1] in (b"{", b"["))


def _is_stock_header(line: bytes | None, name: str) -> bool:
    """Whether line 1 is the stock's own. Raises SourceError where the file is something else."""
    text = (line or b"").removeprefix(BOM).replace(b'"', b"")
    if text.startswith(b"finess;"):
        return True
    if text.startswith(b"structureet;"):  # saved again without its first line
        return False
    raise unreadable("not_a_stock", file=name)


def legacy_row(cells: list[str]) -> list[str]:
    """Return the fields of `FinessRow` of a `structureet` row; the long name where there is one."""
    departement = cells[13].zfill(2) if cells[13] else ""
    region = region_of_departement().get(departement, "")
    return [cells[1], cells[2], cells[4] or cells[3], cells[18], departement, region, "oui", ""]
