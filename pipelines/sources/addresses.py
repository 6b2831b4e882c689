"""Whose an address is: what is another's own is held true of nobody else (contract §6a).

A column of e-mails moved by a row gives everybody the one of the row above, and no other column shows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines import names
from pipelines.normalize import phone_key
from schemas.people.assignment import Account
from schemas.people.workbook_line import WorkbookLine
from schemas.words import name_key


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of the addresses that lines give: `held`: e-mail or telephone → who has it in the annuaire, the account alone
    where it is one, as of most; `spelled`: what stands before the @, where it spells somebody's name, with the first
    name in full or its letter.
    """

    held: Mapping[str, Account | tuple[Account, ...]] = field(default_factory=dict)
    spelled: frozenset[str] = frozenset()

    def anothers(self, address: str, mine: Iterable[names.Name]) -> bool:
        """Tell whether one other person alone has it, or it spells another's name and not one of these; a mailbox of
        several people is nobody's own, unless it is one's by its name whom others have it of by mistake.
        """
        mine = tuple(mine)
        held = self.held.get(address, ())
        holders = [(one.last_name, one.first_name) for one in (held if isinstance(held, tuple) else (held,))]
        if holders and all(_one(holders[0], other) for other in holders):
            return not any(_one(holders[0], me) for me in mine)
        local = _local(address)
        return local in self.spelled and not any(local in _spellings(me) for me in mine)


def addresses_of(lines: Sequence[WorkbookLine], accounts: Iterable[Account]) -> Addresses:
    """Return only of what lines give, for there may be millions of accounts. Who cannot log in any more has left a
    mailbox to whoever follows, unless it bears their name.
    """
    told = {address: address for line in lines for address in (*line.emails, *line.phones)}
    locals_ = {_local(address) for address in told if "@" in address}
    held: dict[str, Account | tuple[Account, ...]] = {}
    spelled: set[str] = set()
    for account in accounts:
        for address in {account.email.strip().lower(), phone_key(account.phone)} if account.active else ():
            if address in told:
                known = held.setdefault(told[address], account)
                if known is not account:
                    held[told[address]] = (*(known if isinstance(known, tuple) else (known,)), account)
        spelled |= _spellings((account.last_name, account.first_name)) & locals_
    for line in lines:
        spelled |= _spellings((line.last_name, line.first_name)) & locals_
    return Addresses(held, frozenset(spelled))


def _one(one: names.Name, other: names.Name) -> bool:
    return names.compare(one, other).strong


def _spellings(name: names.Name) -> set[str]:
    return names.in_an_address(name) | names.shortened_in_an_address(name)


def _local(address: str) -> str:
    """« anne.dupont@… » → « annedupont »; nothing of a telephone."""
    local, at, _ = address.partition("@")
    return name_key(local) if at else ""
