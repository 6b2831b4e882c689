"""Which account a workbook line is about, in the order of certainty (contract §6, docs/matching.md).

The national number (as it stands, by the correspondence, by the card's serial) with a name that may be the same; the
name with the establishment or the e-mail; the register by name and establishment; else somebody decides, or it is
somebody new.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines import names
from pipelines.block import Blocks, name_key, number_key
from pipelines.consolidate import Register
from pipelines.normalize import phone_key
from pipelines.weigh import (
    Seen,
    Surroundings,
    accepted,
    eligible,
    reviewable,
    seen_account,
    seen_line,
    seen_person,
    strong_name,
    weigh,
)
from pipelines.world import World
from schemas.assignment import Account
from schemas.identifiers import NumberKind
from schemas.likeness import Likeness
from schemas.person import RegisterPerson
from schemas.workbook import WorkbookLine


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Somebody a line or an account may be: `source` says where `key` is to be looked up."""

    source: str
    key: str
    label: str
    likeness: Likeness | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """What is held of one line. `person_id`: the number the person has now, "" when none is known.

    `how`: number, name_structure, name_email, register_name, new; or doubt, and then nothing is concluded.
    `likeness`: the evidence of what is held.
    """

    line: WorkbookLine
    how: str
    account_id: str | None = None
    person_id: str = ""
    candidates: tuple[Candidate, ...] = ()
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """An account beside a line."""

    account: Account
    likeness: Likeness

    @property
    def candidate(self) -> Candidate:
        """For somebody to choose."""
        return account_candidate(self.account, self.likeness)


@dataclass(slots=True)
class Index:
    """The active accounts as lines are compared with them. `taken`: those a certain match already has.

    An account is put in the form in which it is compared when a line meets it, and not kept: there may be millions.
    """

    around: Surroundings
    accounts: Mapping[str, Account]
    blocks: Blocks
    taken: set[str] = field(default_factory=set)

    @property
    def register(self) -> Register:
        """The national files."""
        return self.around.register

    def weighed(self, line: Seen, ids: Iterable[str]) -> list[Weighed]:
        """These accounts beside a line, in the order of their ids."""
        return [Weighed(self.accounts[key], weigh(line, self.seen(key), self.around)) for key in ids]

    def seen(self, account_id: str) -> Seen:
        """An account as it is compared."""
        account = self.accounts[account_id]
        return seen_account(account, self.around, confirmed(account, self.register))


def match(world: World) -> tuple[Match, ...]:
    """One match per line, in the order of the lines. Certain matches first; near names only among who is left."""
    index = indexed(world)
    certain = [_certain(line, surrounded(line, index), index) for line in world.lines]
    index.taken = {found.account_id for found in certain if found and found.account_id}
    return tuple(
        found or _doubtful(line, surrounded(line, index), index)
        for line, found in zip(world.lines, certain, strict=True)
    )


def surrounded(line: WorkbookLine, index: Index) -> Seen:
    """A line as it is compared."""
    return seen_line(line, index.around, confirmed(line, index.register))


def surroundings(world: World) -> Surroundings:
    """What a likeness is judged against: the register, the structures, and the addresses several people give."""
    holders: dict[str, list[names.Name]] = defaultdict(list)
    for account in world.active_accounts():
        holders[account.email.strip().lower()].append(_name(account))
        holders[phone_key(account.phone)].append(_name(account))
    for line in world.lines:
        for address in (*line.emails, *line.phones):
            holders[address].append(_name(line))
    shared = frozenset(address for address, people in holders.items() if _several_people(people))
    return Surroundings(world.register, world.structures, shared, _claims(world))


def _claims(world: World) -> dict[str, frozenset[names.Name]]:
    given: dict[str, set[names.Name]] = defaultdict(set)
    for line in world.lines:
        if line.number.usable:
            given[world.register.resolve(line.number.number)].add(_name(line))
    return {number: frozenset(people) for number, people in given.items() if len(people) > 1}


def _several_people(holders: Sequence[names.Name]) -> bool:
    """Names without anything in common."""
    return any(not names.agree(holders[0], other) for other in dict.fromkeys(holders[1:]))


def indexed(world: World) -> Index:
    """The active accounts of the night, blocked."""
    around = surroundings(world)
    accounts = {account.account_id: account for account in world.active_accounts()}
    index = Index(around, accounts, Blocks())
    for key in accounts:
        index.blocks.add(key, index.seen(key))
    return index


def confirmed(who: Account | WorkbookLine, register: Register) -> str:
    """The registered person whose number an account or a line gives, name agreeing; "" where the register differs."""
    if not who.number.usable:
        return ""
    key = register.resolve(who.number.number)
    person = register.persons.get(key)
    if person is None:
        return ""
    return key if names.agree(_name(who), (person.last_name, person.first_name)) else ""


def _name(who: WorkbookLine | Account) -> names.Name:
    return who.last_name, who.first_name


def _certain(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    return _by_number(line, seen, index) or _by_name(line, seen, index) or _by_register_name(line, seen, index)


# ── number ───────────────────────────────────────────────────────────────────────────────────────


def _by_number(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    if not seen.number:
        return None
    holders = index.weighed(seen, index.blocks.at([number_key(seen.number)]))
    if line.number.kind is NumberKind.ESTABLISHMENT:
        return _by_establishment_number(line, seen.number, holders)
    person = index.register.persons.get(seen.number)
    if person and not seen.own:
        return Match(line, "doubt", None, "", (_person_candidate(person, seen, index.around),))
    agreeing = [one for one in holders if names.agree(seen.name, _name(one.account))]
    found = [one for one in agreeing if accepted(one.likeness)]
    if found:
        best = _best(found, line)
        return Match(line, "number", best.account.account_id, seen.number, (), best.likeness)
    if agreeing or (holders and person is None):
        return _doubt(line, agreeing or holders)
    return None


def _by_establishment_number(line: WorkbookLine, number: str, holders: list[Weighed]) -> Match | None:
    """CPE and CPA numbers belong to an establishment: never one person at two structures (contract §6)."""
    here = [one for one in holders if one.likeness.evidence.structure == "same"]
    both = [one for one in here if names.agree(_name(line), _name(one.account)) and accepted(one.likeness)]
    if both:
        best = _best(both, line)
        return Match(line, "number", best.account.account_id, number, (), best.likeness)
    named = [one for one in holders if strong_name(one.likeness.evidence)]
    return _doubt(line, here or named) if here or named else None


def _best(found: Iterable[Weighed], line: WorkbookLine) -> Weighed:
    """Of several accounts on one person, the one that already holds the function; then the lowest id."""
    return min(found, key=lambda one: (line.assignment not in one.account.assignments, one.account.account_id))


def _doubt(line: WorkbookLine, found: Iterable[Weighed]) -> Match:
    return Match(line, "doubt", None, "", tuple(sorted(one.candidate for one in found)))


# ── name ─────────────────────────────────────────────────────────────────────────────────────────


def _by_name(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    """A strong name, and the establishment or an address of their own; nobody else there or with it of that name."""
    found = [one for one in index.weighed(seen, index.blocks.near(seen)) if eligible(one.likeness.evidence)]
    if len(found) > 1:
        return _doubt(line, found)
    if not found or not accepted(found[0].likeness):
        return None
    one = found[0]
    how = "name_structure" if one.likeness.evidence.structure == "same" else "name_email"
    account = one.account
    return Match(
        line, how, account.account_id, seen.own or index.seen(account.account_id).own, (), likeness=one.likeness
    )


def _by_register_name(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    """A person without a usable number, found in the register by name and establishment."""
    if seen.number:
        return None
    persons = [index.register.persons[key] for key in index.register.named(*seen.name, seen.places)]
    if not persons:
        return None
    likenesses = [weigh(seen, seen_person(one, index.around), index.around) for one in persons]
    if len(persons) > 1 or not accepted(likenesses[0]):
        return Match(line, "doubt", None, "", tuple(_person_candidate(one, seen, index.around) for one in persons))
    key = persons[0].national_id
    holders = index.weighed(seen, index.blocks.at([number_key(key)]))
    account_id = _best(holders, line).account.account_id if holders else None
    return Match(line, "register_name", account_id, key, (), likenesses[0])


# ── doubt ────────────────────────────────────────────────────────────────────────────────────────


def _doubtful(line: WorkbookLine, seen: Seen, index: Index) -> Match:
    """Alike enough at the same structure or address, or the same name elsewhere without a number: somebody decides."""
    ids = [key for key in index.blocks.near(seen) if key not in index.taken]
    alike = [one for one in index.weighed(seen, ids) if reviewable(one.likeness)]
    here = [one for one in alike if "same" in (one.likeness.evidence.structure, one.likeness.evidence.email)]
    if not here and not seen.number and seen.name[0]:
        namesakes = index.weighed(seen, index.blocks.at([name_key(seen.name)]))
        here = [one for one in namesakes if one.likeness.evidence.number != "contradicts"]
    return _doubt(line, here) if here else Match(line, "new", None, seen.number)


def account_candidate(account: Account, likeness: Likeness | None = None) -> Candidate:
    """An account as a candidate."""
    return Candidate("annuaire", account.account_id, f"{account.last_name} {account.first_name}", likeness)


def person_candidate(person: RegisterPerson, likeness: Likeness | None = None) -> Candidate:
    """A person of the register as a candidate."""
    label = f"{person.last_name} {person.first_name}"
    return Candidate("register.persons", person.national_id, label, likeness)


def _person_candidate(person: RegisterPerson, seen: Seen, around: Surroundings) -> Candidate:
    return person_candidate(person, weigh(seen, seen_person(person, around), around))
