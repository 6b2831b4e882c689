"""« PETIT ép. BLANC », « DUPONT (née MARTIN) »: two names in one cell, of which the annuaire has one."""

import re

from pipelines.names import full_key, last_names, words_of
from pipelines.sources.cells.known_people import People, Record
from schemas.words import clean

_LINK = re.compile(
    r"\s*\(?\s*\b(?:n[ée]e?|[ée]p\.?|[ée]pouse|veuve|vve|divorc[ée]e?|devenue?|ex|ou|anciennement|nouveau nom)"
    r"(?:\b|(?<=\.))\s*[:.]?\s*",
    re.IGNORECASE,
)
_ADDED = re.compile(r"[,;(.]")  # what is not part of a first name stands behind such a sign


def known_first_name(record: Record, people: People) -> str:
    """Return the first name that the annuaire has of the person, where the cell begins with it and goes on with the
    last name or a remark: « Claire LEROY », « Claire, secrétaire »; the cell as it stands otherwise.
    """
    cell = record["first_name"]
    known = people.who(record) if len(cell.split()) > 1 else None
    words, own = words_of(cell), words_of(known.first_name) if known else ()
    if not known or not own or words[: len(own)] != own or len(words) == len(own):
        return cell
    rest = set(words[len(own) :])
    return known.first_name if rest <= set(words_of(known.last_name)) or _ADDED.search(cell) else cell


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
