"""A hospital whose people all stand under another FINESS: its number changed, or it went into another one (§6a)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.matching.candidates import Match
from pipelines.sources.snapshot import Snapshot
from schemas.people.assignment import Account, Assignment
from schemas.words import name_key

RENUMBERED = "renumbered"
_LEAST = 2  # people: one alone has moved
_Places = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RenumberedBlock:
    """Places of the lines; the FINESS of the annuaire and that of the workbook; what speaks for it (`moved.told_…`);
    the accounts of all who are concerned.
    """

    at: tuple[int, ...]
    places: _Places
    why: str
    accounts: tuple[str, ...]


def renumbered(
    matches: Sequence[Match], snapshot: Snapshot, somebody_left: Callable[[str, str], bool]
) -> Iterator[RenumberedBlock]:
    """Yield them: certain lines of people who keep their function and stand under one other FINESS, while nobody is
    left under theirs, where both have one name, the stock shows one of them closed, or nobody knows the new one.
    """
    for (source, old, new), at in sorted(_moved(matches, snapshot).items()):
        told = [matches[one].account_id or "" for one in at]
        why = _why(old, new, [matches[one].line.structure_name for one in at], snapshot)
        if not why or somebody_left(old, source) or (why != "told_one_name" and len(set(told)) < _LEAST):
            continue
        staff = [one.account_id for one in snapshot.staff(old)]
        yield RenumberedBlock(tuple(at), (old, new), why, tuple(dict.fromkeys((*told, *staff))))


def _moved(matches: Sequence[Match], snapshot: Snapshot) -> Mapping[tuple[str, str, str], list[int]]:
    """Source, the place in the annuaire, the one of the line → the places of such lines."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(matches):
        if one.account_id and not one.line.left:
            account = snapshot.accounts[one.account_id]
            said = account.meant(one.line.assignment)
            held = _held(account, said)
            if held and said.structure_code not in ("", *account.places):
                found[one.line.source, held.structure_code, said.structure_code].append(at)
    return found


def _held(account: Account, said: Assignment) -> Assignment | None:
    """The only function of the account that is the same, elsewhere."""
    same = [one for one in account.assignments if (one.function, one.rank) == (said.function, said.rank)]
    return same[0] if len(same) == 1 else None


def _why(old: str, new: str, written: Sequence[str], snapshot: Snapshot) -> str:
    """What tells that it is one hospital, or that one has taken over the other; "" where nothing does."""
    known = snapshot.structures.get(old), snapshot.structures.get(new)
    if known[0] is None or known[0].type not in ("ES", "SITE") or (known[1] and known[1].type != known[0].type):
        return ""
    stock = snapshot.establishments or {}
    closed = [code in stock and not stock[code].is_open for code in (old, new)]
    names = {name_key(one) for one in (*written, known[1].name if known[1] else "") if one}
    if closed[0] != closed[1]:
        return "told_closed_old" if closed[0] else "told_closed_new"
    if name_key(known[0].name) in names:
        return "told_one_name"
    return "" if new in snapshot.annuaire_structures or closed[0] else "told_unknown"
