"""What a night without the register does not say anew: it knows less than the night before (contract §6a)."""

from collections.abc import Iterable

from pipelines.changes.earlier import Earlier
from pipelines.sources.national.consolidate import Register
from schemas.changes.change import Change
from schemas.nomenclatures import reasons


def knows_nobody(register: Register) -> bool:
    """Tell whether there is a register, and tonight it could not be used."""
    return register.configured and not register.persons_read


def withheld(changes: Iterable[Change], earlier: Earlier) -> tuple[Change, ...]:
    """Return of the changes those that may be said without the register; what was said before stands as it was.

    Not said anew: a question that the register might answer, and a card that it might know of somebody without an
    account. Nor what is new of an account that an open question is about: that question is not decided. A certain
    « Parti » is no matter of the register.
    """
    return tuple(change for change in changes if change.id in earlier.known or _may_be_said(change, earlier))


def _may_be_said(change: Change, earlier: Earlier) -> bool:
    needs = {need for reason in change.reasons for need in reasons()[reason]["needs"].split("|")}
    if "persons" in needs and (change.kind == "review" or not change.account_id):
        return False
    return "left" in change.reasons or change.account_id not in earlier.in_question
