"""Whose an address is: what is another's own is held true of nobody else (contract §6a).

A column of e-mails moved by a row gives everybody the one of the row above, and no other column shows it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines import names
from pipelines.normalize import phone_key
from schemas.people.assignment import Account
from schemas.people.workbook_line import WorkbookLine
from schemas.words import name_key


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of the addresses that lines give: `held`: e-mail or telephone → the people who have it in the annuaire;
    `spelled`: what stands before the @ → the people whose name it spells, with the first name in full or its letter.
    """

    held: Mapping[str, Sequence[names.Name]] = field(default_factory=dict)
    spelled: Mapping[str, Sequence[names.Name]] = field(default_factory=dict)

    def anothers(self, address: str, mine: Iterable[names.Name]) -> bool:
        """Tell whether one other person alone has it, or it spells another's name and not one of these; a mailbox of
        several people is nobody's own, unless it is one's by its name whom others have it of by mistake.
        """
        mine = tuple(mine)
        holders = self.held.get(address, ())
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
    held: dict[str, Sequence[names.Name]] = {}
    spelled: dict[str, list[names.Name]] = defaultdict(list)
    for account in accounts:
        name = (account.last_name, account.first_name)
        alone = (name,)  # one for all addresses that nobody else has
        for address in {account.email.strip().lower(), phone_key(account.phone)} if account.active else ():
            if address in told:
                held[told[address]] = (*held[address], name) if address in held else alone
        for local in _spellings(name) & locals_:
            spelled[local].append(name)
    for line in lines:
        name = (line.last_name, line.first_name)
        for local in _spellings(name) & locals_:
            spelled[local].append(name)
    return Addresses(held, dict(spelled))


def _one(one: names.Name, other: names.Name) -> bool:
    return names.compare(one, other).strong


def _spellings(name: names.Name) -> set[str]:
    return names.in_an_address(name) | names.shortened_in_an_address(name)


def _local(address: str) -> str:
    """« anne.dupont@… » → « annedupont »; nothing of a telephone."""
    local, at, _ = address.partition("@")
    return name_key(local) if at else ""
