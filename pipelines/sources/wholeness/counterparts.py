"""Sources weighed against each other, where nothing is remembered of one: a file cut at the end of a line looks whole.

Coarse on purpose. A country of a few people may well lack one of three, and a small cut looks like people who left:
it takes ten people and more than a third before one source is doubted for what another one says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipelines.names import full_key
from pipelines.sources.baseline import Baseline
from pipelines.sources.judged_sources import Sources
from pipelines.sources.national.consolidate import Register
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.wholeness.answered import asked_before
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source import SourceStatus
from schemas.reading.source_names import CARDS, DIRECTORY, PERSONS

FEWEST = 10  # people: less is no evidence of anything
SHARE = 1 / 3  # of those who should be there
_WHY = {PERSONS: "whole.unknown_persons", CARDS: "whole.unknown_holders"}
_WHY_ASKED = {PERSONS: "whole.unknown_asked", CARDS: "whole.unknown_asked_cards"}  # where the directory answers for it


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
    """Return active accounts with an RPPS number whose key is right, of whom the register of persons knows nothing."""
    if not register.persons_read:
        return Lack()
    numbers = [one for one in _numbers(accounts.values()) if not register.silent_about(one)]
    return Lack(sum(not register.knows(one) for one in numbers), len(numbers))


def unknown_holders(accounts: Mapping[str, Account], register: Register, day: date) -> Lack:
    """Return active accounts whose card is valid by the annuaire, and whose number holds none by the file of cards."""
    if not register.cards_read:
        return Lack()
    valid = [one for one in accounts.values() if one.card_expires_on and one.card_expires_on >= day]
    numbers = [one for one in _numbers(valid) if not register.silent_about(one)]
    return Lack(sum(register.resolve(one) not in register.cards for one in numbers), len(numbers))


def without_account(lines: Iterable[WorkbookLine], accounts: Mapping[str, Account], register: Register) -> Lack:
    """Return people at work by the workbooks, confirmed by the register, whom no account bears the number or the name
    of.
    """
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


def weighed(snapshot: Snapshot) -> Snapshot:
    """Return a register that lacks too many holds the night, as one that was seen to shrink; its lines say nothing
    tonight.

    An annuaire that lacks too many is told to the administrator and no more: a first night may create as many as it
    likes (contract §2), and nothing tells a young directory from a cut one.
    """
    register, sources = snapshot.register, snapshot.sources
    if not sources.baseline.accounts:
        lack = without_account(snapshot.lines, snapshot.accounts, register)
        if lack.doubtful:
            told = say("whole.few_accounts", missing=lack.missing, total=lack.total)
            sources = replace(sources, notices=(*sources.notices, told))
    asked = [one for one in (PERSONS, CARDS) if not sources.uses(one)]  # of these the directory tells, if anything
    if held := _hold(sources, PERSONS, unknown_persons(snapshot.accounts, register)):
        sources, register = held, _without(register, PERSONS, *(asked if PERSONS in asked else ()))
    if held := _hold(sources, CARDS, unknown_holders(snapshot.accounts, snapshot.register, snapshot.day)):
        sources, register = held, _without(register, CARDS, *(asked if CARDS in asked else ()))
    return snapshot if sources is snapshot.sources else replace(snapshot, register=register, sources=sources)


def _without(register: Register, *names: str) -> Register:
    """The same of which nothing is known of persons, or of cards."""
    if PERSONS in names:
        register = replace(register, persons={}, by_name={}, persons_read=False)
    return replace(register, cards={}, by_serial={}, cards_read=False) if CARDS in names else register


def _hold(sources: Sources, name: str, lack: Lack) -> Sources | None:
    """With what tells of it held; None where it is not: it was used before, or a human let it pass up to its size."""
    teller = name if sources.uses(name) else DIRECTORY
    report, released = sources.report_of(teller), sources.baseline.released.get(teller)
    if not lack.doubtful or _used_before(teller, sources.baseline, lack) or report is None or not report.usable:
        return None
    if released is not None and report.rows_read >= released:
        return None
    why = say((_WHY if teller == name else _WHY_ASKED)[name], missing=lack.missing, total=lack.total)
    return sources.with_report(report.failed(why, SourceStatus.HELD))


def _used_before(teller: str, baseline: Baseline, lack: Lack) -> bool:
    """The directory for some people beside the files is not known yet for all of them."""
    return 2 * asked_before(baseline) >= lack.total if teller == DIRECTORY else teller in baseline.footprints
