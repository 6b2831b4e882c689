"""A status nobody understands that most rows have: whom the annuaire has all the same is there (contract §3)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from pipelines.sources.cells.known_people import People, Record, thresholds
from pipelines.sources.cells.own_words import STATUS, word_key
from pipelines.sources.cells.presence import UNKNOWN, has_departure, has_sign, presence_of
from schemas.words import clean, label_key

_ANSWERS = frozenset(("non", "n", "no", "faux"))
_FEWEST = 3  # rows of one wording
_LONGEST = 30  # signs of a wording; more is a sentence, which nobody writes of everybody


def agreed_statuses(records: list[Record], people: People, day: date) -> Iterator[tuple[str, int]]:
    """Empty the status of the rows, most of a sheet, that have one wording and are of people of the annuaire; (wording,
    rows) of each.

    « P », « 2 », « Ouvert »: not a wording in which a departure or a doubt stands.
    """
    sheets: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if clean(record.get("status", "")) and "_alone" not in record and "_leavers" not in record:
            sheets[record["_place"]].append(record)
    for theirs in sheets.values():
        alike: dict[str, list[Record]] = defaultdict(list)
        for record in theirs:
            alike[word_key(STATUS, record["status"])].append(record)
        for same in alike.values():
            wording = clean(same[0]["status"])
            if 2 * len(same) >= len(theirs) and len(same) >= _FEWEST and _says_nothing(wording, day):
                known = sum(bool((one := people.who(record)) and one.places) for record in same)
                if known >= thresholds()["share"] * len(same):
                    for record in same:
                        record["status"] = ""
                    yield wording, len(same)


def _says_nothing(wording: str, day: date) -> bool:
    if label_key(wording) in _ANSWERS:  # « Non » of nearly everybody answers something else
        return True
    if len(wording) > _LONGEST or "?" in wording or has_sign(wording) or has_departure(wording):
        return False
    return presence_of(wording, day) == UNKNOWN
