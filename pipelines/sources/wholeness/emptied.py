"""What accounts that are still in the export have lost in it: an emptied column is no landslide of departures.

Lines with nothing in them are as little proof as lines that are missing (contract §6a): who can log in, functions,
ranks and numbers are counted each, over the accounts that were there and are. What we asked to take away is no loss.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.policy import FEW, fewer
from schemas.people.assignment import Account
from schemas.reading.export_figures import HOLDINGS, Asked, Held, Holding, HoldingName, Stood


def emptied(
    before: Mapping[str, Stood], accounts: Mapping[str, Account], share: float, asked: Callable[[], Asked] = Asked
) -> tuple[Holding, ...]:
    """Return the figures of which too much is gone: two people at least, and more than the share.

    `asked`: only then.
    """

    def pairs() -> Iterator[tuple[str, Stood, Stood]]:  # one by one, for there may be millions
        return ((key, then, stood(accounts[key])) for key, then in before.items() if key in accounts)

    lost = {one.name for one in _figures(HOLDINGS, pairs()) if _too_much(one, share)}
    if not lost:
        return ()
    wanted = asked()
    without = ((key, _as_asked(key, then, now, wanted), now) for key, then, now in pairs())
    found = _figures([name for name in HOLDINGS if name in lost], without)
    return tuple(one for one in found if _too_much(one, share))


def stood(account: Account) -> Stood:
    """Return an account of tonight."""
    held = frozenset((one.structure_code, one.function, one.rank) for one in account.assignments)
    return Stood(account.active, bool(account.number.raw), held)


def _figures(names: Sequence[HoldingName], pairs: Iterable[tuple[str, Stood, Stood]]) -> list[Holding]:
    total, lost, people = Counter[str](), Counter[str](), Counter[str]()
    for _, then, now in pairs:
        for name in names:
            before, after = then.count(name), now.count(name)
            total[name] += before
            if after < before:
                lost[name] += before - after
                people[name] += 1
    return [Holding(name, total[name], total[name] - lost[name], people[name]) for name in names]


def _too_much(one: Holding, share: float) -> bool:
    return (one.people >= FEW or share >= 1) and fewer(one.kept, one.before, share)


def _as_asked(key: str, then: Stood, now: Stood, asked: Asked) -> Stood:
    """As if that had never been, which we asked to be taken away, and is."""
    off = key in asked.accounts and not now.active
    kept = (one for one in then.held if one in now.held or not (off or _ended(key, one, asked)))
    return replace(then, active=then.active and not off, held=frozenset(kept))


def _ended(key: str, held: Held, asked: Asked) -> bool:
    return (key, held) in asked.functions
