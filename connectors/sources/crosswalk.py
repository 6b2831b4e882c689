"""The correspondence « N° ADELI;N° RPPS »: what an old ADELI number became (formats.md « Files »)."""

from dataclasses import replace
from pathlib import Path

from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.lines import decode, open_text
from connectors.sources.result import Reading, refused_file, text_frame
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reading.source import SourceReport, contract
from schemas.words import clean


def read_crosswalk(path: Path, source: str, *, shown: str) -> Reading:
    """Return a frame: frame: `adeli`, `rpps` as they stand (with or without their type digit) and `_location`.

    UTF-8 or Latin-1, LF or CRLF, columns by name; rows of the wrong width are quarantined, equal lines
    counted once. One RPPS number may own several ADELI numbers. Never raises for what the file holds.
    """
    rules = contract("register_crosswalk")
    columns = [*rules.columns, "_location"]
    report = SourceReport(source, shown)
    rows: dict[bytes, list[str]] = {}
    try:
        with open_text(path, fitness(rules), identify=True) as text:
            table = Table(text, rules, source)
            for number, line in table.rows():
                table.accept(hash(line))
                if line not in rows:
                    cells = decode(line).split(rules.delimiter)
                    # Excel may have put quotes around what is only digits and letters.
                    found = [clean(cells[table.at[column]]).strip('"') for column in rules.columns]
                    rows[line] = [*found, say("reading.line", number=number)]
            sha256, size = text.identified()
            count, ending = table.count(), table.ending(text.tail)
    except SourceError as error:
        return refused_file(report, path, error, columns)
    report = replace(report.counted(count, table.notes), sha256=sha256, size=size, ending=ending)
    return Reading(report, text_frame(list(rows.values()), columns), table.complaints.all())
