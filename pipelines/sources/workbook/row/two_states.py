"""Two sheets that mostly hold the same people are two states of one list, and nobody says which is today's.

Whoever stands on one of them alone, and has no account, is asked about: they may have left since, or have just come. So
is whoever stands alone on a hidden sheet, or on one beside the list of which nobody has an account: « Relances ».
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from pipelines.names import bag
from pipelines.sources.cells.known_people import People, Record
from schemas.people.workbook_line import NAME_FIELDS
from schemas.table_words import arrival_words
from schemas.words import label_key

ONE_STATE, HIDDEN_ONLY, SIDE_ONLY = "_one_state", "_hidden_only", "_side_only"
_FEWEST, _SHARE = 4, 0.8  # people whom two sheets have in common: so many, and this share of the shorter one


def mark_two_states(records: Iterable[Record], people: People) -> None:
    """Mark the rows of those without an account whom one of two such sheets has, and the other has not; or a hidden
    sheet alone.
    """
    records = list(records)
    if len({(record["_sheet"], record.get("_hidden")) for record in records}) < 2:  # one state alone
        return
    pairs = [(record, _who(record)) for record in records]
    told = [(record, people.who(record) or people.by_words.get(who)) for record, who in pairs]
    held = {id(record) for record, known in told if known is not None and known.held}
    seen = {who for record, who in pairs if not record.get("_hidden")}
    for record, who in pairs:
        if seen and record.get("_hidden") and who not in seen and id(record) not in held:
            record[HIDDEN_ONLY] = record["_sheet"]
    on: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record, who in pairs:
        if any(record[name] for name in NAME_FIELDS) and not record.get("_leavers"):
            on[record["_sheet"]][who].append(record)
    _mark_sides(on, held)
    for one, other in combinations(on, 2):
        common = on[one].keys() & on[other].keys()
        if len(common) >= _FEWEST and len(common) >= _SHARE * min(len(on[one]), len(on[other])):
            for record in (*_alone(on[one], common), *_alone(on[other], common)):
                if id(record) not in held:
                    record[ONE_STATE] = record["_sheet"]


def _who(record: Record) -> str:
    return bag((record["last_name"], record["first_name"]))


def _mark_sides(on: dict[str, dict[str, list[Record]]], accounts: set[int]) -> None:
    """One sheet has nearly all who have accounts: a side sheet has none of them, and is not said to be of newcomers."""
    held = {
        sheet: {key for key, theirs in who.items() if any(id(one) in accounts for one in theirs)}
        for sheet, who in on.items()
    }
    everybody = set().union(*held.values())
    most = max(map(len, held.values()), default=0)
    if len(held) < 2 or most < _FEWEST or most < _SHARE * len(everybody):
        return
    for sheet, who in on.items():
        if not held[sheet] and arrival_words("sheet").isdisjoint(label_key(sheet).split()):
            for record in (one for theirs in who.values() for one in theirs):
                record[SIDE_ONLY] = sheet


def _alone(sheet: dict[str, list[Record]], common: Iterable[str]) -> Iterator[Record]:
    return (record for key, theirs in sheet.items() if key not in common for record in theirs)


def has_account(record: Record, people: People) -> bool:
    """Tell whether the annuaire has the person of a row, by the number or by the name."""
    known = people.who(record) or people.by_words.get(_who(record))
    return known is not None and bool(known.held)
