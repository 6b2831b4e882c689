"""Two sheets that mostly hold the same people are two states of one list, and nobody says which is today's.

Whoever stands on one of them alone, or on a hidden sheet beside others, and has no account, is asked about: they may
have left since, or have just come.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from pipelines.names import bag
from pipelines.sources.cells.known_people import People, Record
from schemas.people.workbook_line import NAME_FIELDS

ONE_STATE, HIDDEN_ONLY = "_one_state", "_hidden_only"
_FEWEST, _SHARE = 4, 0.8  # people whom two sheets have in common: so many, and this share of the shorter one


def mark_two_states(records: Iterable[Record], people: People) -> None:
    """Mark the rows of those without an account whom one of two such sheets has, and the other has not; or a hidden
    sheet alone.
    """
    records = list(records)
    seen = {_who(record) for record in records if not record.get("_hidden")}
    for record in records:
        if seen and record.get("_hidden") and _who(record) not in seen and not _has_account(record, people):
            record[HIDDEN_ONLY] = record["_sheet"]
    on: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        if any(record[name] for name in NAME_FIELDS) and not record.get("_leavers"):
            on[record["_sheet"]][_who(record)].append(record)
    for one, other in combinations(on, 2):
        common = on[one].keys() & on[other].keys()
        if len(common) >= _FEWEST and len(common) >= _SHARE * min(len(on[one]), len(on[other])):
            for record in (*_alone(on[one], common), *_alone(on[other], common)):
                if not _has_account(record, people):
                    record[ONE_STATE] = record["_sheet"]


def _who(record: Record) -> str:
    return bag((record["last_name"], record["first_name"]))


def _alone(sheet: dict[str, list[Record]], common: Iterable[str]) -> Iterator[Record]:
    return (record for key, theirs in sheet.items() if key not in common for record in theirs)


def _has_account(record: Record, people: People) -> bool:
    known = people.who(record) or people.by_words.get(_who(record))
    return known is not None and bool(known.places)
