"""What each change does to somebody's access, and how many are concerned: a line is no locked-out person by itself."""

from collections.abc import Iterable, Sequence
from datetime import date

from pipelines.phrase import loss_day
from schemas.changes.change import Change
from schemas.nomenclatures import reasons
from schemas.reports.stakes import STAKES, Counted, Stake, Stakes


def stake_of(change: Change, as_of: date) -> Stake | None:
    """Tell who is locked out by it, or will be, or what keeps somebody from declaring; None where no access is at
    stake.

    The table of reasons says which; a card that still serves is a loss to come, and somebody without an account has no
    access to lose.
    """
    if change.severity != "access":
        return None
    told = {reasons()[reason]["stake"] for reason in change.reasons}
    found: Stake = next((one for one in STAKES if one in told), "check")
    if found not in ("lost", "soon"):
        return found
    if not change.account_id:
        return "no_card" if change.kind == "card_alert" else "account"
    day = loss_day(change)
    return "soon" if day and day > as_of else "lost"


def stakes_of(changes: Iterable[Change], as_of: date) -> Stakes:
    """Tell how many persons, structures and numbers; somebody of whom two changes tell is one person."""
    found: dict[Stake, list[Change]] = {stake: [] for stake in STAKES}
    for change in changes:
        if stake := stake_of(change, as_of):
            found[stake].append(change)
    locked_out = {_subject(change) for change in found["lost"]}
    to_come = [change for change in found["soon"] if _subject(change) not in locked_out]
    found["lost"] += [change for change in found["soon"] if _subject(change) in locked_out]
    found["soon"] = to_come
    days = (loss_day(change) for change in to_come)
    counts = (Counted(stake, _count(stake, those), len(those)) for stake, those in found.items() if those)
    return Stakes(tuple(counts), min(filter(None, days), default=None))


def still_lost(changes: Iterable[Change], as_of: date) -> frozenset[str]:
    """Return the accounts of which these changes say that nobody can log in with them today."""
    return frozenset(one.account_id for one in changes if one.account_id and stake_of(one, as_of) == "lost")


def _count(stake: Stake, changes: Sequence[Change]) -> int:
    """Of numbers, each of a question; of persons and structures, each once."""
    if stake == "number":
        return sum(max(1, sum(one.field == "cpx_number" for one in change.fields)) for change in changes)
    return len({change.id if stake in ("structure", "check") else _subject(change) for change in changes})


def _subject(change: Change) -> str:
    """Whom a change counts for: the account, else the person."""
    person = change.person
    return change.account_id or person.national_id or f"{person.last_name} {person.first_name}".strip() or change.id
