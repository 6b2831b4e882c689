"""Everything the sources say tonight, judged: what the rules look at."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipelines.judgements import NO_JUDGEMENTS, Judgements
from pipelines.names import Name
from pipelines.policy import Policy
from pipelines.sources.addresses import Addresses, addresses_of
from pipelines.sources.coverage import coverage, scope_key, spoken_for
from pipelines.sources.judged_sources import Sources
from pipelines.sources.national.consolidate import Register
from pipelines.sources.unread import UnreadRows, clues_of
from schemas.changes.judgement import Judgement
from schemas.one_or_several import put, under
from schemas.people.assignment import Account, Assignment
from schemas.people.structure import FinessRow, Structure
from schemas.people.vocabulary import Words
from schemas.people.workbook_line import Convention, UnreadRow, WorkbookLine, WrittenRow
from schemas.reading.fingerprints import Fingerprints
from schemas.reading.source import WorkbookScope
from schemas.reading.source_names import ANNUAIRE


@dataclass(frozen=True)
class Snapshot:
    """One night. `structures` has those of the annuaire (`annuaire_structures`) and those a workbook alone names.

    `mentioned_before`: what a workbook is complete for (`spoken_for`) → the structures that one was about, any night
    before; `left_structures`: those of whose people an updater said that they left; `judgements`: what they said of who
    is who; `words`: the installation's own, as they were read. `sources`: their account; `written`: the workbooks' rows
    as they stand; `said`: digests of what was read, where they are made already.
    What rules look up for each of a great many accounts is put in order once: scopes by structure, unread rows by clue.
    """

    day: date
    policy: Policy
    accounts: Mapping[str, Account]
    structures: Mapping[str, Structure]
    register: Register
    lines: tuple[WorkbookLine, ...] = ()
    unread: tuple[UnreadRow, ...] = ()
    written: Sequence[WrittenRow] = ()
    conventions: tuple[Convention, ...] = ()
    scopes: tuple[WorkbookScope, ...] = ()
    establishments: Mapping[str, FinessRow] | None = None
    annuaire_structures: frozenset[str] = frozenset()
    mentioned_before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    left_structures: frozenset[str] = frozenset()
    judgements: Judgements = NO_JUDGEMENTS
    words: Words = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)
    said: Fingerprints | None = None

    def active_accounts(self) -> list[Account]:
        """Return accounts that can log in, in the order of their ids."""
        return self._active

    @cached_property
    def _active(self) -> list[Account]:
        return [self.accounts[key] for key in sorted(self.accounts) if self.accounts[key].active]

    def staff(self, structure_code: str) -> list[Account]:
        """Return accounts that can log in and have a function at a structure, in the order of their ids."""
        return self._staff.get(structure_code, [])

    @cached_property
    def _staff(self) -> Mapping[str, list[Account]]:
        found: dict[str, list[Account]] = defaultdict(list)
        for account in self._active:
            for code in account.places:
                found[code].append(account)
        return dict(found)

    @cached_property
    def dormant(self) -> Mapping[str, list[Account]]:
        """Number a person has now → the accounts with it that cannot log in, in the order of their ids."""
        found: dict[str, list[Account]] = defaultdict(list)
        for key in sorted(
            key for key, account in self.accounts.items() if not account.active and account.number.usable
        ):
            account = self.accounts[key]
            found[self.register.resolve(account.number.number)].append(account)
        return dict(found)

    def holders(self, number: str) -> Sequence[Account]:
        """Return the accounts with a number that a person has now that can log in, in the order of their ids."""
        return under(self._holders, number)

    @cached_property
    def _holders(self) -> Mapping[str, Account | list[Account]]:
        found: dict[str, Account | list[Account]] = {}
        for account in self._active:
            if account.number.usable:
                put(found, self.register.resolve(account.number.number), account)
        return found

    @cached_property
    def addresses(self) -> Addresses:
        """Whose the addresses are that lines give."""
        return addresses_of(self.lines, self.accounts.values())

    def scopes_of(self, structure: Structure) -> list[WorkbookScope]:
        """Return those of the workbooks that are complete for a structure."""
        return [scope for key in coverage(structure) for scope in self._scopes.get(key, ())]

    @cached_property
    def _scopes(self) -> Mapping[tuple[str, str], list[WorkbookScope]]:
        found: dict[tuple[str, str], list[WorkbookScope]] = defaultdict(list)
        for scope in self.scopes:
            found[scope_key(scope)].append(scope)
        return dict(found)

    @property
    def served(self) -> frozenset[str]:
        """The structures for which the EFS declares, says a workbook or an updater: they need no titulaire."""
        return self.judgements.with_convention | {one.structure_code for one in self.conventions}

    def closed(self, structure_code: str) -> Judgement | None:
        """Return the answer that a structure is closed, unless the FINESS stock shows it open."""
        said = self.judgements.closed(structure_code)  # of nearly all there is none
        row = (self.establishments or {}).get(structure_code) if said else None
        return None if row and row.is_open else said

    def mentions(self, structure: Structure) -> bool:
        """Tell whether a workbook that is complete for it has a row about it tonight."""
        return any(structure.code in one.mentioned for one in self.scopes_of(structure))

    def mentioned_once(self, structure: Structure) -> bool:
        """Tell whether one had, some night before."""
        scopes = map(spoken_for, self.scopes_of(structure))
        return any(structure.code in self.mentioned_before.get(one, ()) for one in scopes)

    def speaks_of(self, structure: Structure) -> bool:
        """Tell whether whoever is not in a workbook is gone: else it is silent about the whole structure, which says
        nothing.
        """
        return structure.code in self.left_structures or self.mentions(structure)

    @cached_property
    def unsure_workbooks(self) -> tuple[str, ...]:
        """The workbooks in which somebody may stand unseen: unreadable, held, or not read to the last cell."""
        return tuple(sorted({scope.source for scope in self.scopes if not scope.sure}))

    def clues(self, source: str) -> UnreadRows:
        """Return the quarantined rows of a workbook, as clues."""
        return self._clues.get(source) or UnreadRows()

    @cached_property
    def _clues(self) -> Mapping[str, UnreadRows]:
        return clues_of(self.unread)

    def pointed_at(self, name: Name, numbers: Collection[str], places: Collection[str]) -> bool:
        """Tell whether a quarantined row of any workbook may be about somebody who works at one of these structures."""
        found = (clues for source, clues in self._clues.items() if source != ANNUAIRE)
        return any(clues.point_at(name, numbers, place) for clues in found for place in places or ("",))

    def type_of(self, assignment: Assignment) -> str:
        """Return structure type of an assignment; "" when the structure is unknown."""
        structure = self.structures.get(assignment.structure_code)
        return structure.type if structure else ""


def with_workbook_structures(
    structures: Mapping[str, Structure], lines: tuple[WorkbookLine, ...]
) -> dict[str, Structure]:
    """Return the annuaire's structures and those that only workbook lines know."""
    known = dict(structures)
    for line in sorted(lines, key=lambda line: (line.assignment.structure_code, line.structure_name)):
        code = line.assignment.structure_code
        if code not in known:
            known[code] = Structure(code, line.structure_type, line.structure_name, line.region_code, line.parent_code)
    return known
