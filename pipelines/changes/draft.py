"""A difference found, before it has an id, an updater and its French: what the rules give."""

from dataclasses import dataclass, field

from pipelines.matching.candidates import Candidate
from schemas.changes.change import FieldChange
from schemas.nomenclatures import reasons
from schemas.people.assignment import Account, Assignment
from schemas.people.person import GoldenPerson


@dataclass(slots=True)
class Draft:
    """One difference, one reason.

    `account` None: no account yet, or a matter of the structure. `who` names the subject in the id. `assignment`:
    where; None for what concerns an account as a whole. `target`: what distinguishes it in the id. `values` fill
    the sentences. `group`: drafts with a common group are linked to each other. `also`: further reasons of a review;
    `more`: how many candidates are not named; `concerned`: where others whom it is about work.
    `keeper`: (post, scope) of the workbook that a question is about, which goes there whatever its function; ("", "")
    the administrator. `told`: its sentence says whom it is about, and the evidence of each is not told again;
    `before`: sentences said before what to do.
    """

    reason: str
    who: str
    account: Account | None = None
    assignment: Assignment | None = None
    person: GoldenPerson | None = None
    name: tuple[str, str] = ("", "")
    number: str = ""
    fields: tuple[FieldChange, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    target: object = None
    severity: str = ""
    values: dict[str, str] = field(default_factory=dict)
    todo: tuple[str, ...] = ()
    card_steps: bool = False
    number_kind: str = ""
    group: str = ""
    at: tuple[Assignment, ...] = ()
    also: tuple[str, ...] = ()
    more: int = 0
    concerned: tuple[Assignment, ...] = ()
    keeper: tuple[str, str] | None = None
    told: bool = False
    before: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """create_account, update_account…"""
        return reasons()[self.reason]["kind"]


def subject(account: Account | None, person_id: str, name_key: str) -> str:
    """Tell who, in an id: the account, else the national identification, else the name and place."""
    return account.account_id if account else person_id or name_key
