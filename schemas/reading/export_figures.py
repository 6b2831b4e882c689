"""What of an account an export may lose while the account itself stays in it (contract §6a, wholeness)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

HoldingName = Literal["active", "assignments", "ranks", "numbers"]
HOLDINGS: tuple[HoldingName, ...] = get_args(HoldingName)
Held = tuple[str, str, str]  # structure, function, rank


@dataclass(frozen=True, slots=True)
class Stood:
    """An account as it stood: could log in, had a number, and which functions it held."""

    active: bool
    number: bool
    held: frozenset[Held] = frozenset()

    def count(self, name: HoldingName) -> int:
        """Tell how much it adds to a figure of the annuaire."""
        match name:
            case "active":
                return int(self.active)
            case "numbers":
                return int(self.number)
            case "ranks":
                return sum(bool(rank) for _, _, rank in self.held)
        return len(self.held)


class StoodAccounts(Mapping[str, Stood]):
    """Account → how it stood: (could log in, had a number, structure, function, rank, structure…), a third of what they
    would take one by one.
    """

    def __init__(self, packed: Mapping[str, tuple[bool | str, ...]]) -> None:
        self._packed = packed

    def __getitem__(self, account_id: str) -> Stood:
        active, number, *held = self._packed[account_id]
        threes = zip(*[map(str, held)] * 3, strict=True)
        return Stood(bool(active), bool(number), frozenset(threes))

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


@dataclass(frozen=True, slots=True)
class Asked:
    """What our own open changes ask to take away: accounts to deactivate, functions to end."""

    accounts: frozenset[str] = frozenset()
    functions: frozenset[tuple[str, Held]] = frozenset()


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of it the accounts, or rows, that are still there had, and have kept; how many of them lost some.

    `name`: one of `HOLDINGS`, or a column of the source.
    """

    name: str
    before: int
    kept: int
    people: int


def figure_of(source: str, name: str) -> str:
    """Return « annuaire.active »: a figure of a source, as what was let pass of it is known."""
    return f"{source}.{name}"
