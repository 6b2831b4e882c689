"""One row for two hospitals: « 740002225 / 730003332 », « CH de X\\nClinique Y »: a post at each (contract §3)."""

import re
from collections.abc import Iterable, Iterator

from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.place import Surroundings
from schemas.words import clean

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9][0-9AB](?:[ .\-]?[0-9]){7}(?![0-9A-Za-z])")
_BETWEEN = re.compile(r"\s*(?:[\n;/+]|\s[-–]\s|\bet\b)\s*", re.IGNORECASE)


def one_for_each_place(records: Iterable[Record], around: Surroundings) -> Iterator[Record]:
    """Yield each row once for each establishment of the annuaire that its cells name, where they name several."""
    for record in records:
        parts = [] if "|" in record["_place"] else _places(record["structure_code"], record["structure_name"], around)
        for code, name in parts:
            yield {**record, "structure_code": code, "structure_name": name}
        if not parts:
            yield record


def _places(code: str, name: str, around: Surroundings) -> list[tuple[str, str]]:
    """(number, name) of each, two and more that the annuaire all has; none for anything else, as for a legal entity
    beside its site.
    """
    codes = [re.sub(r"[ .\-]", "", one[0]) for one in _NUMBER.finditer(code)] if len(code) > 2 * 9 else []
    names = [part for part in map(clean, _BETWEEN.split(name.strip())) if part] if name else []
    if not codes and not clean(code) and len(names) > 1 and not around.code_named(name):
        codes = [around.code_meant(part) for part in names]
    if len(set(codes)) < 2 or not all(one in around.structures for one in codes):
        return []
    together = dict(zip(codes, names, strict=True)) if len(names) == len(codes) else {}
    return [(one, together.get(one, around.structures[one].name)) for one in dict.fromkeys(codes)]
