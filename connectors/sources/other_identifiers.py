"""The correspondence inside an extract: « Autres identifiants » of the ProSanteConnect variant (sources.md).

`810003456789,RPPS,1` or `0751234561,ADELI,1`: number, kind, quality; several in one cell, however they are parted.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.lines import decode, open_text
from schemas.errors import SourceError
from schemas.people.identifiers import NumberKind, kind_of
from schemas.reading.source import contract

_OTHER = re.compile(r"([0-9][0-9A-Z]{7,11})\s*,\s*(RPPS|ADELI)\b")
_TYPE_DIGITS = {"RPPS": ("8", 12), "ADELI": ("0", 10)}


def has_other_identifiers(path: Path) -> bool:
    """Tell whether the extract has the column. Nothing but its first block is read; False for a file that cannot be
    used.
    """
    rules = contract("register_persons")
    try:
        with open_text(path, fitness(rules)) as text:
            return "other_ids" in Table(text, rules, "").at
    except SourceError:
        return False


def read_other_identifiers(path: Path, wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Read `0`+ADELI → every `8`+RPPS that the rows of an extract lead to, for the wanted ADELI numbers alone.

    {} for a file that cannot be used: `read_register` says why.
    """
    rules = contract("register_persons")
    found: dict[str, set[str]] = defaultdict(set)
    looked_for = frozenset(wanted)
    try:
        with open_text(path, fitness(rules)) as text:
            table = Table(text, rules, "")
            at, cells = table.at["other_ids"], 1 + max(table.at["national_id"], table.at["other_ids"])
            for batch in table.batches():
                for line in batch.lines:
                    if line and (b"ADELI" in line or b"adeli" in line or line.startswith(b"0|")):
                        row = line.split(b"|", cells)
                        if len(row) > cells - 1:
                            _add(found, decode(row[table.at["national_id"]]), decode(row[at]), looked_for)
    except (SourceError, UnicodeDecodeError):
        return {}
    return {adeli: tuple(sorted(numbers)) for adeli, numbers in sorted(found.items())}


def _add(found: dict[str, set[str]], own: str, others: str, wanted: Collection[str]) -> None:
    numbers = {own.strip(), *(_with_type(number, kind) for number, kind in _OTHER.findall(others.upper()))}
    rpps = {one for one in numbers if kind_of(one) is NumberKind.RPPS}
    for adeli in numbers.intersection(wanted) if rpps else ():
        found[adeli] |= rpps


def _with_type(number: str, kind: str) -> str:
    digit, length = _TYPE_DIGITS[kind]
    return number if len(number) == length and number.startswith(digit) else digit + number
