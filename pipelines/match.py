"""Which account a workbook line is about: number, correspondence, name and structure, name and e-mail; else review."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines import names
from pipelines.consolidate import Register
from pipelines.world import World
from schemas.assignment import Account
from schemas.identifiers import NumberKind
from schemas.workbook import WorkbookLine


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Somebody a line or an account may be: `source` says where `key` is to be looked up."""

    source: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Match:
    """What is held of one line. `person_id`: the number the person has now, "" when none is known.

    `how`: number, name_structure, name_email, register_name, new; or doubt, and then nothing is concluded.
    """

    line: WorkbookLine
    how: str
    account_id: str | None = None
    person_id: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class _Index:
    register: Register
    by_person: Mapping[str, list[Account]]
    by_name: Mapping[str, list[Account]]
    by_structure: Mapping[str, list[Account]]
    taken: set[str] = field(default_factory=set)


def match(world: World) -> tuple[Match, ...]:
    """One match per line, in the order of the lines. Certain matches first; near names only among who is left."""
    index = _index(world)
    certain = [_certain(line, index) for line in world.lines]
    index.taken = {found.account_id for found in certain if found and found.account_id}
    return tuple(found or _doubtful(line, index) for line, found in zip(world.lines, certain, strict=True))


def _index(world: World) -> _Index:
    by_person: dict[str, list[Account]] = defaultdict(list)
    by_name: dict[str, list[Account]] = defaultdict(list)
    by_structure: dict[str, list[Account]] = defaultdict(list)
    for account in world.active_accounts():
        if account.number.usable:
            by_person[world.register.resolve(account.number.number)].append(account)
        by_name[names.full_key(account.last_name, account.first_name)].append(account)
        for code in sorted({a.structure_code for a in account.assignments}):
            by_structure[code].append(account)
    return _Index(world.register, by_person, by_name, by_structure)


def confirmed(who: Account | WorkbookLine, register: Register) -> str:
    """The registered person whose number an account or a line gives, name agreeing; "" where the register differs."""
    if not who.number.usable:
        return ""
    key = register.resolve(who.number.number)
    person = register.persons.get(key)
    if person is None:
        return ""
    return key if names.agree(_name(who), (person.last_name, person.first_name)) else ""


def _name(who: WorkbookLine | Account) -> tuple[str, str]:
    return who.last_name, who.first_name


def _certain(line: WorkbookLine, index: _Index) -> Match | None:
    return _by_number(line, index) or _by_name(line, index) or _by_register_name(line, index)


def _by_number(line: WorkbookLine, index: _Index) -> Match | None:
    if not line.number.usable:
        return None
    register = index.register
    key = register.resolve(line.number.number)
    holders = index.by_person.get(key, [])
    if line.number.kind is NumberKind.ESTABLISHMENT:
        return _by_establishment_number(line, key, holders)
    person = register.persons.get(key)
    if person and not names.agree(_name(line), (person.last_name, person.first_name)):
        doubt = Candidate("register.persons", key, f"{person.last_name} {person.first_name}")
        return Match(line, "doubt", None, "", (doubt,))
    agreeing = [account for account in holders if names.agree(_name(line), _name(account))]
    if agreeing:
        return Match(line, "number", _best(agreeing, line).account_id, key)
    if holders and person is None:
        return Match(line, "doubt", None, "", tuple(map(account_candidate, holders)))
    return None


def _by_establishment_number(line: WorkbookLine, key: str, holders: list[Account]) -> Match | None:
    """CPE and CPA numbers belong to an establishment: never one person at two structures (contract §6)."""
    same_name = [account for account in holders if names.agree(_name(line), _name(account))]
    here = [account for account in holders if _works_at(account, line.assignment.structure_code)]
    both = [account for account in here if account in same_name]
    if both:
        return Match(line, "number", _best(both, line).account_id, key)
    exact = [a for a in same_name if names.full_key(*_name(a)) == names.full_key(*_name(line))]
    if here or exact:
        return Match(line, "doubt", None, "", tuple(map(account_candidate, here or exact)))
    return None


def _works_at(account: Account, structure_code: str) -> bool:
    return any(a.structure_code == structure_code for a in account.assignments)


def _best(accounts: Iterable[Account], line: WorkbookLine) -> Account:
    """Of several accounts on one person, the one that already holds the function; then the lowest id."""
    return min(accounts, key=lambda a: (line.assignment not in a.assignments, a.account_id))


def _namesake(account: Account, line: WorkbookLine, register: Register) -> bool:
    """Both hold the RPPS number of a registered person, and they are two: one name, two people.

    An ADELI number contradicts no RPPS number: the frozen register still has those who moved.
    """
    mine, theirs = confirmed(line, register), confirmed(account, register)
    return mine.startswith("8") and theirs.startswith("8") and mine != theirs


def _by_name(line: WorkbookLine, index: _Index) -> Match | None:
    if not line.last_name or not line.first_name:
        return None
    named = [
        account
        for account in index.by_name.get(names.full_key(*_name(line)), [])
        if not _namesake(account, line, index.register)
    ]
    here = [account for account in named if _works_at(account, line.assignment.structure_code)]
    by_email = [a for a in named if a.email and a.email.lower() in line.emails]
    for how, found in (("name_structure", here), ("name_email", by_email)):
        if len(found) == 1:
            account = found[0]
            person = confirmed(line, index.register) or confirmed(account, index.register)
            return Match(line, how, account.account_id, person)
        if len(found) > 1:
            return Match(line, "doubt", None, "", tuple(map(account_candidate, found)))
    return None


def _by_register_name(line: WorkbookLine, index: _Index) -> Match | None:
    """A person without a usable number, found in the register by exact name and establishment."""
    if line.number.usable:
        return None
    found = index.register.named(*_name(line), [line.assignment.structure_code])
    if len(found) > 1:
        persons = (index.register.persons[key] for key in found)
        labels = (Candidate("register.persons", p.national_id, f"{p.last_name} {p.first_name}") for p in persons)
        return Match(line, "doubt", None, "", tuple(labels))
    if not found:
        return None
    holders = index.by_person.get(found[0], [])
    if holders:
        return Match(line, "register_name", _best(holders, line).account_id, found[0])
    return Match(line, "register_name", None, found[0])


def _doubtful(line: WorkbookLine, index: _Index) -> Match:
    """A near name at the same structure, or the same name elsewhere without a number: for a person to decide."""
    register = index.register
    here = [
        account
        for account in index.by_structure.get(line.assignment.structure_code, [])
        if account.account_id not in index.taken
        and not _namesake(account, line, register)
        and names.near(_name(account), _name(line))
    ]
    if not here and not line.number.usable:
        here = index.by_name.get(names.full_key(*_name(line)), [])
    if here:
        return Match(line, "doubt", None, "", tuple(sorted(map(account_candidate, here))))
    key = register.resolve(line.number.number) if line.number.usable else ""
    return Match(line, "new", None, key)


def account_candidate(account: Account) -> Candidate:
    """An account as a candidate."""
    return Candidate("annuaire", account.account_id, f"{account.last_name} {account.first_name}")
