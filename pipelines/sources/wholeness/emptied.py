"""What accounts that are still in the export have lost in it: an emptied column is no landslide of departures.

Lines with nothing in them are as little proof as lines that are missing (contract §6a): who can log in, functions,
ranks and numbers are counted each, over the accounts that were there and are. What we asked to take away is no loss.
"""

from collections.abc import Callable, Mapping
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
    pairs = [(key, then, stood(accounts[key])) for key, then in before.items() if key in accounts]
    lost = [one for one in (_figure(name, pairs) for name in HOLDINGS) if _too_much(one, share)]
    if not lost:
        return ()
    wanted = asked()
    pairs = [(key, _as_asked(key, then, now, wanted), now) for key, then, now in pairs]
    names = {figure.name for figure in lost}
    found = (_figure(name, pairs) for name in HOLDINGS if name in names)
    return tuple(one for one in found if _too_much(one, share))


def stood(account: Account) -> Stood:
    """Return an account of tonight."""
    held = frozenset((one.structure_code, one.function, one.rank) for one in account.assignments)
    return Stood(account.active, bool(account.number.raw), held)


def _figure(name: HoldingName, pairs: list[tuple[str, Stood, Stood]]) -> Holding:
    counted = [(then.count(name), now.count(name)) for _, then, now in pairs]
    total = sum(then for then, _ in counted)
    lost = [then - now for then, now in counted if now < then]
    return Holding(name, total, total - sum(lost), len(lost))


def _too_much(one: Holding, share: float) -> bool:
    return (one.people >= FEW or share >= 1) and fewer(one.kept, one.before, share)


def _as_asked(key: str, then: Stood, now: Stood, asked: Asked) -> Stood:
    """As if that had never been, which we asked to be taken away, and is."""
    off = key in asked.accounts and not now.active
    kept = (one for one in then.held if one in now.held or not (off or _ended(key, one, asked)))
    return replace(then, active=then.active and not off, held=frozenset(kept))


def _ended(key: str, held: Held, asked: Asked) -> bool:
    return (key, held) in asked.functions
