"""The annuaire: accounts, and the function each holds at a structure."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from schemas.nomenclatures import LEVEL_ORDER, label_of, level_of
from schemas.people.identifiers import CpxReading


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """A function at a structure. Codes of functions.csv and ranks.csv; an unknown function keeps its text."""

    structure_code: str
    function: str
    rank: str

    def label(self) -> str:
        """Return « CHV-ST titulaire »."""
        rank = label_of("ranks", self.rank).lower() if self.rank else ""
        return f"{label_of('functions', self.function)} {rank}".strip()


@dataclass(frozen=True, slots=True)
class Account:
    """One user of e-FIT as the annuaire has them; `number` is what was read, `number.raw` what stands there."""

    account_id: str
    civility: str
    last_name: str
    first_name: str
    profession: str
    number: CpxReading
    card_type: str
    card_expires_on: date | None
    email: str
    phone: str
    active: bool
    assignments: tuple[Assignment, ...]

    @property
    def places(self) -> frozenset[str]:
        """The structures at which it has a function."""
        return frozenset(held.structure_code for held in self.assignments)

    def meant(self, said: Assignment) -> Assignment:
        """Return the assignment that a row without a rank means: the one that the account has for that function
        there.
        """
        if said.rank or said in self.assignments:
            return said
        held = [a for a in self.assignments if (a.structure_code, a.function) == (said.structure_code, said.function)]
        return held[0] if len(held) == 1 else said


class AnnuaireRow(BaseModel):
    """One row of the export: an account and one of its assignments, as text already put in form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    account_id: str
    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    profession: str = ""
    cpx_number: str = ""
    card_type: str = ""
    card_expires_on: date | None = None
    email: str = ""
    phone: str = ""
    active: bool = True
    function: str = ""
    rank: str = ""
    structure_type: str = ""
    structure_code: str = ""
    structure_name: str = ""
    region_code: str = ""
    parent_code: str = ""


def level_rank(structure_type: str, structure_code: str) -> tuple[int, str]:
    """Return order of assignments for account-level ownership: national, regional, local; then lowest code (contract
    §5).
    """
    return LEVEL_ORDER[level_of(structure_type)], structure_code
