"""The sources of a night that nothing is remembered of, held against what the others say (`pipelines.counterparts`)."""

from dataclasses import replace

from flows.gathered import Gathered
from pipelines.counterparts import Lack, unknown_holders, unknown_persons, without_account
from pipelines.world import World
from schemas.nomenclatures import say
from schemas.source import SourceStatus

PERSONS, CARDS = "register.persons", "register.cards"
_WHY = {PERSONS: "whole.unknown_persons", CARDS: "whole.unknown_holders"}


def weighed(world: World, gathered: Gathered) -> World:
    """A register that lacks too many holds the night, as one that was seen to shrink; its lines say nothing tonight.

    An annuaire that lacks too many is told to the administrator and no more: a first night may create as many as it
    likes (contract §2), and nothing tells a young directory from a cut one.
    """
    if not gathered.past.accounts:
        lack = without_account(world.lines, world.accounts, world.register)
        if lack.doubtful:
            gathered.notices.append(say("whole.few_accounts", missing=lack.missing, total=lack.total))
    register = world.register
    if _hold(gathered, PERSONS, unknown_persons(world.accounts, register)):
        register = replace(register, persons={}, by_name={}, persons_read=False)
    if _hold(gathered, CARDS, unknown_holders(world.accounts, world.register, world.day)):
        register = replace(register, cards={}, by_serial={}, cards_read=False)
    return replace(world, register=register) if register is not world.register else world


def _hold(gathered: Gathered, name: str, lack: Lack) -> bool:
    """Whether it is held: never one that was used before, or that a human let pass up to its size."""
    if not lack.doubtful or name in gathered.past.footprints:
        return False
    at = next((at for at, one in enumerate(gathered.reports) if one.name == name and one.usable), None)
    if at is None:
        return False
    report, released = gathered.reports[at], gathered.past.released.get(name)
    if released is not None and report.rows_read >= released:
        return False
    why = say(_WHY[name], missing=lack.missing, total=lack.total)
    gathered.reports[at] = report.failed(why, SourceStatus.HELD)
    return True
