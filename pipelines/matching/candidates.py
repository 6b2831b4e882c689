"""What is held of one line of a workbook, and who else somebody may be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.normalize import phone_key, show_phone
from schemas.nomenclatures import code_of, label_of, say
from schemas.people.assignment import Account
from schemas.people.identifiers import CpxReading
from schemas.people.likeness import Likeness
from schemas.people.person import RegisterPerson
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE, PERSONS
from schemas.words import name_key

MOST = 5  # accounts named to somebody who decides (contract §6a); all of them are protected

Difference = tuple[str, str, str]
"""Field, what the line or account in doubt says, what the candidate has."""


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Somebody a line or an account may be: `source` says where `key` is to be looked up. `differing`: side by side."""

    source: str
    key: str
    label: str
    likeness: Likeness | None = field(default=None, compare=False)
    differing: tuple[Difference, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """What is held of one line. `person_id`: the number the person has now, "" when none is known.

    `how`: number, name_structure, name_email, register_name, new; or doubt, and then nothing is concluded: `reason`
    says which, `protected` has every account the line may be about, `candidates` the likeliest, `more` how many others;
    with an `account_id` it is certainly about that one, and what its number means there is asked.
    `own`: the line's number where the register confirms it. `proposed`: in doubt, the number that would be right.
    `likeness`: the evidence of what is held. `beside`: accounts that the line names beside its own person, protected
    too.
    """

    line: WorkbookLine
    how: str
    account_id: str | None = None
    person_id: str = ""
    candidates: tuple[Candidate, ...] = ()
    likeness: Likeness | None = None
    own: str = ""
    reason: str = ""
    protected: tuple[str, ...] = ()
    more: int = 0
    proposed: str = ""
    beside: tuple[Candidate, ...] = ()

    def asks(self) -> bool:
        """Tell whether anything may be asked of it, or of whom it is about: of nine lines in ten nothing is."""
        return not self.account_id or self.how == "doubt" or bool(self.beside or self.reason)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An account beside a line."""

    account: Account
    likeness: Likeness

    def candidate(self, line: WorkbookLine) -> Candidate:
        """Return it for somebody to choose, with what is not the same."""
        return account_candidate(self.account, self.likeness, _differing(line, self.account))


def account_candidate(
    account: Account, likeness: Likeness | None = None, differing: tuple[Difference, ...] = ()
) -> Candidate:
    """Return an account as a candidate; that it is inactive is said."""
    name = f"{account.last_name} {account.first_name}"
    label = name if account.active else say("evidence.inactive", name=name)
    return Candidate(ANNUAIRE, account.account_id, label, likeness, differing)


def person_candidate(
    person: RegisterPerson, likeness: Likeness | None = None, differing: tuple[Difference, ...] = ()
) -> Candidate:
    """Return a person of the register as a candidate."""
    label = f"{person.last_name} {person.first_name}"
    return Candidate(PERSONS, person.national_id, label, likeness, differing)


def likeliest(found: Iterable[Weighed]) -> list[Weighed]:
    """Return the likeliest first; equal ones by their ids."""
    return sorted(found, key=lambda one: (-one.likeness.score, one.account.account_id))


def _differing(line: WorkbookLine, account: Account) -> tuple[Difference, ...]:
    """What both give and is not the same, in the line's words first."""
    evidence = (
        ("name", f"{line.last_name} {line.first_name}", f"{account.last_name} {account.first_name}"),
        ("cpx_number", _shown(line.number), _shown(account.number)),
        ("profession", label_of("professions", line.profession), label_of("professions", _profession(account))),
        ("email", ", ".join(line.emails), account.email.strip().lower()),
        ("phone", ", ".join(map(show_phone, line.phones)), _other_phone(line, account)),
        ("structure", line.assignment.structure_code, ", ".join(sorted(account.places))),
    )
    return _unlike(evidence)


def differing_person(mine: Mapping[str, str], person: RegisterPerson) -> tuple[Difference, ...]:
    """Return what is asked about (`name`, `cpx_number`, `profession`, `structure`) beside somebody of the register."""
    theirs = {
        "name": f"{person.last_name} {person.first_name}",
        "cpx_number": person.national_id,
        "profession": ", ".join(label_of("professions", one) for one in person.professions),
        "structure": ", ".join(sorted(person.finess)),
    }
    return _unlike((name, mine.get(name, ""), value) for name, value in theirs.items())


def _unlike(evidence: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that differ: in a list of places or addresses, one in common is none."""
    return tuple(
        (name, mine, theirs)
        for name, mine, theirs in evidence
        if mine and theirs and {name_key(one) for one in mine.split(", ")}.isdisjoint(map(name_key, theirs.split(", ")))
    )


def _other_phone(line: WorkbookLine, account: Account) -> str:
    return "" if phone_key(account.phone) in line.phones else account.phone


def _profession(account: Account) -> str:
    return code_of("professions", account.profession)


def _shown(number: CpxReading) -> str:
    return number.number or number.raw
