"""« PETIT ép. BLANC », « DUPONT (née MARTIN) »: two names in one cell, of which the annuaire has one."""

import re

from pipelines.names import full_key, last_names
from pipelines.sources.cells.known_people import People, Record
from schemas.words import clean

_LINK = re.compile(
    r"\s*\(?\s*\b(?:n[ée]e?|[ée]p\.?|[ée]pouse|veuve|vve|divorc[ée]e?)(?:\b|(?<=\.))\s*[:.]?\s*", re.IGNORECASE
)


def known_name(record: Record, people: People) -> str:
    """Return the one of two last names under which the annuaire has the person; the cell as it stands where it has
    neither.
    """
    cell = clean(record["last_name"])
    parts = [part.strip(" ()") for part in _LINK.split(cell, maxsplit=1)]
    if len(parts) != 2 or not all(parts):
        return record["last_name"]
    known = people.who(record)
    if known:
        same = [part for part in parts if last_names(part, known.last_name) in ("same", "particle", "order")]
    else:
        same = [part for part in parts if full_key(part, record["first_name"]) in people.names]
    return same[0] if len(same) == 1 else record["last_name"]
