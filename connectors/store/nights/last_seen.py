"""An account as it last was, with the structures of its functions, as one text."""

import json
from dataclasses import asdict
from datetime import date

from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import classify_cpx
from schemas.people.structure import Structure

_PLAIN = ("account_id", "civility", "last_name", "first_name", "profession", "card_type", "email", "phone", "active")


def to_text(account: Account, structures: list[Structure]) -> str:
    """Return what `from_text` reads."""
    ends = account.card_expires_on
    told = {name: getattr(account, name) for name in _PLAIN}
    told |= {"cpx_number": account.number.raw, "card_expires_on": ends.isoformat() if ends else None}
    held = [asdict(one) for one in account.assignments]
    return json.dumps({"account": told, "held": held, "structures": [asdict(one) for one in structures]})


def from_text(text: str) -> tuple[Account, list[Structure]]:
    """Return the account, and the structures that there were."""
    found = json.loads(text)
    told = found["account"]
    number, ends = told.pop("cpx_number"), told.pop("card_expires_on")
    account = Account(
        **told,
        number=classify_cpx(number),
        card_expires_on=date.fromisoformat(ends) if ends else None,
        assignments=tuple(Assignment(**one) for one in found["held"]),
    )
    return account, [Structure(**one) for one in found["structures"]]
