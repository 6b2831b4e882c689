"""Sources weighed against each other, where nothing is remembered of one: a file cut at the end of a line looks whole.

Coarse on purpose. A country of a few people may well lack one of three, and a small cut looks like people who left:
it takes ten people and more than a third before one source is doubted for what another one says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.consolidate import Register
from pipelines.names import full_key
from schemas.assignment import Account
from schemas.identifiers import NumberKind
from schemas.workbook import WorkbookLine

FEWEST = 10  # people: less is no evidence of anything
SHARE = 1 / 3  # of those who should be there


@dataclass(frozen=True, slots=True)
class Lack:
    """How many of those whom the other sources know are not in this one, and of how many."""

    missing: int = 0
    total: int = 0

    @property
    def doubtful(self) -> bool:
        """Too many to be people who were never there."""
        return self.missing >= FEWEST and self.missing > SHARE * self.total


def unknown_persons(accounts: Mapping[str, Account], register: Register) -> Lack:
    """Active accounts with an RPPS number whose key is right, of whom the register of persons knows nothing."""
    if not register.persons_read:
        return Lack()
    numbers = [one for one in _numbers(accounts.values()) if not register.silent_about(one)]
    return Lack(sum(not register.knows(one) for one in numbers), len(numbers))


def unknown_holders(accounts: Mapping[str, Account], register: Register, day: date) -> Lack:
    """Active accounts whose card is valid by the annuaire, and whose number holds none by the file of cards."""
    if not register.cards_read:
        return Lack()
    valid = [one for one in accounts.values() if one.card_expires_on and one.card_expires_on >= day]
    numbers = [one for one in _numbers(valid) if not register.silent_about(one)]
    return Lack(sum(register.resolve(one) not in register.cards for one in numbers), len(numbers))


def without_account(lines: Iterable[WorkbookLine], accounts: Mapping[str, Account], register: Register) -> Lack:
    """People at work by the workbooks, confirmed by the register, whom no account bears the number or the name of."""
    known = {register.resolve(one.number.number) for one in accounts.values() if one.number.usable}
    names = {full_key(one.last_name, one.first_name) for one in accounts.values()}
    people = {
        line.number.number: full_key(line.last_name, line.first_name)
        for line in lines
        if not line.left and line.number.usable and register.knows(line.number.number)
    }
    missing = [key for key, name in people.items() if register.resolve(key) not in known and name not in names]
    return Lack(len(missing), len(people))


def _numbers(accounts: Iterable[Account]) -> list[str]:
    return [
        one.number.number for one in accounts if one.active and one.number.usable and one.number.kind is NumberKind.RPPS
    ]
