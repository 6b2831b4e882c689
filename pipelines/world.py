"""Everything the sources say tonight, judged: what the rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.consolidate import Register
from schemas.assignment import Account, Assignment
from schemas.source import WorkbookScope
from schemas.structure import FinessRow, Structure
from schemas.workbook import Convention, UnreadRow, WorkbookLine


@dataclass(frozen=True, slots=True)
class Policy:
    """The decisions of the deployment that rules need (contract §2 `[policy]`)."""

    expiry_warning_days: tuple[int, ...] = (90, 30)
    card_validity_years: int = 3
    max_deactivation_share: float = 0.05
    min_deactivations_to_hold: int = 5
    max_update_share: float = 0.3
    min_updates_to_hold: int = 50
    max_rejected_share: float = 0.2
    min_rejected_to_hold: int = 50
    min_workbook_share: float = 0.5
    min_lost_rows_to_hold: int = 10
    min_register_share: float = 0.95


@dataclass(frozen=True, slots=True)
class World:
    """One night. `structures` has those of the annuaire (`annuaire_structures`) and those a workbook alone names."""

    day: date
    policy: Policy
    accounts: Mapping[str, Account]
    structures: Mapping[str, Structure]
    register: Register
    lines: tuple[WorkbookLine, ...] = ()
    unread: tuple[UnreadRow, ...] = ()
    conventions: tuple[Convention, ...] = ()
    scopes: tuple[WorkbookScope, ...] = ()
    establishments: Mapping[str, FinessRow] | None = None
    annuaire_structures: frozenset[str] = frozenset()

    def active_accounts(self) -> list[Account]:
        """Accounts that can log in, in the order of their ids."""
        return [self.accounts[key] for key in sorted(self.accounts) if self.accounts[key].active]

    def type_of(self, assignment: Assignment) -> str:
        """Structure type of an assignment; "" when the structure is unknown."""
        structure = self.structures.get(assignment.structure_code)
        return structure.type if structure else ""


def with_workbook_structures(
    structures: Mapping[str, Structure], lines: tuple[WorkbookLine, ...]
) -> dict[str, Structure]:
    """The annuaire's structures and those that only workbook lines know."""
    known = dict(structures)
    for line in sorted(lines, key=lambda line: (line.assignment.structure_code, line.structure_name)):
        code = line.assignment.structure_code
        if code not in known:
            known[code] = Structure(code, line.structure_type, line.structure_name, line.region_code, line.parent_code)
    return known
