"""Who each active account is tonight, what the workbooks say of it, and which doubts forbid touching it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines import names
from pipelines.golden import golden
from pipelines.match import Candidate, Match, account_candidate, confirmed, person_candidate, surroundings
from pipelines.weigh import Seen, Surroundings, accepted, seen_account, seen_person, weigh
from pipelines.world import World
from schemas.assignment import Account
from schemas.identifiers import NumberKind
from schemas.person import GoldenPerson, RegisterPerson
from schemas.workbook import WorkbookLine

_MAILBOX = 50  # accounts with one address: a mailbox of a service, which says nothing of who is who


@dataclass(slots=True)
class Doubt:
    """A review about an account, with who it may be."""

    reason: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Identity:
    """An active account, the person behind it, the lines about it, and the doubts.

    While there is a doubt the account gets no other account-level change and no card alert (contract §6).
    """

    account: Account
    person: GoldenPerson
    present: tuple[WorkbookLine, ...]
    gone: tuple[WorkbookLine, ...]
    doubts: list[Doubt] = field(default_factory=list)
    doubtful_lines: bool = False

    @property
    def blocked(self) -> bool:
        """Somebody must decide first: about the account, or a line that may be this account's or cannot be read."""
        return bool(self.doubts) or self.doubtful_lines


def identify(world: World, matches: Sequence[Match]) -> dict[str, Identity]:
    """Account id → identity, for the active accounts, in the order of their ids."""
    lines: dict[str, list[Match]] = defaultdict(list)
    doubted: set[str] = set()
    for found in matches:
        if found.account_id:
            lines[found.account_id].append(found)
        doubted |= {candidate.key for candidate in found.candidates if candidate.source == "annuaire"}
    around = surroundings(world)
    identities = {
        account.account_id: _identity(world, around, account, lines[account.account_id])
        for account in world.active_accounts()
    }
    for key, identity in identities.items():
        unread = world.register.silent_about(identity.account.number.number)
        identity.doubtful_lines = key in doubted or unread
    _shared_numbers(identities)
    _duplicates(identities)
    return identities


def _identity(world: World, around: Surroundings, account: Account, found: Sequence[Match]) -> Identity:
    lines = [_with_rank(m.line, account) for m in found]
    present = tuple(line for line in lines if not line.left)
    gone = tuple(line for line in lines if line.left)
    person_id, doubt = _person(world, around, account, found)
    person = golden(world, person_id, present, account)
    return Identity(account, person, present, gone, [doubt] if doubt else [])


def _with_rank(line: WorkbookLine, account: Account) -> WorkbookLine:
    """A row that says no rank means the one the account has for that function there."""
    said = line.assignment
    if said.rank or said in account.assignments:
        return line
    held = [a for a in account.assignments if (a.structure_code, a.function) == (said.structure_code, said.function)]
    return replace(line, assignment=held[0]) if len(held) == 1 else line


def _person(world: World, around: Surroundings, account: Account, found: Sequence[Match]) -> tuple[str, Doubt | None]:
    """(national identification, doubt): the account's own number where the register confirms it, else the lines'."""
    register = world.register
    own = confirmed(account, register)
    said = sorted({person for m in found if (person := confirmed(m.line, register) or m.person_id)})
    registered = [key for key in said if key in register.persons and key.startswith("8")]
    if own and not (own.startswith("0") and registered):  # who moved to the RPPS is still in the frozen ADELI
        return own, None
    if len(registered) == 1:
        return registered[0], None
    if account.number.kind is NumberKind.ESTABLISHMENT:
        return _establishment_number(account, found), None
    if not register.persons_read:
        return (account.number.number if account.number.usable else ""), None
    named = register.named(account.last_name, account.first_name, [a.structure_code for a in account.assignments])
    if len(named) == 1 and accepted(weigh(*_side_by_side(account, register.persons[named[0]], around), around)):
        return named[0], None
    return _unknown(world, around, account, named, registered)


def _side_by_side(account: Account, person: RegisterPerson, around: Surroundings) -> tuple[Seen, Seen]:
    """An account and somebody of the register; its own number is nobody's, or somebody else's: it says nothing."""
    seen = seen_account(account, around, "")
    return replace(seen, number="", typed=""), seen_person(person, around)


def _establishment_number(account: Account, found: Sequence[Match]) -> str:
    """The workbook's CPE or CPA number where it gives one, for it is first outside the register."""
    given = sorted({m.line.number.number for m in found if m.line.number.kind is NumberKind.ESTABLISHMENT})
    return given[0] if given and account.number.number not in given else account.number.number


def _unknown(
    world: World, around: Surroundings, account: Account, named: Sequence[str], registered: Sequence[str]
) -> tuple[str, Doubt | None]:
    register = world.register

    def candidate(person: RegisterPerson) -> Candidate:
        return person_candidate(person, weigh(*_side_by_side(account, person, around), around))

    number = account.number
    # without a number there is nothing to refute a namesake elsewhere
    elsewhere = () if number.raw else register.namesakes(account.last_name, account.first_name)
    several = [register.persons[key] for key in dict.fromkeys((*registered, *named, *elsewhere))]
    if several:
        return "", Doubt("ambiguous_match", tuple(sorted(map(candidate, several))))
    if number.usable and register.knows(number.number):
        holder = register.persons[register.resolve(number.number)]
        return "", Doubt("ambiguous_match", (candidate(holder),))
    if number.raw and not register.silent_about(number.number):
        return "", Doubt("not_in_register")
    return "", None


def _shared_numbers(identities: dict[str, Identity]) -> None:
    holders: dict[str, list[str]] = defaultdict(list)
    for key, identity in identities.items():
        for number in _number_keys(identity.account):
            holders[number].append(key)
    for keys in dict.fromkeys(map(tuple, holders.values())):
        _tell_each_other(identities, keys, "shared_number")


def _number_keys(account: Account) -> list[str]:
    """What two accounts must have in common to share a number: a CPE or CPA number counts within one structure."""
    number = account.number
    if number.kind is NumberKind.ESTABLISHMENT:
        return sorted({f"{number.number}|{a.structure_code}" for a in account.assignments})
    return [number.number] if number.usable else []


def _duplicates(identities: dict[str, Identity]) -> None:
    """Two accounts for one person: one resolved number, or one name and e-mail with a number nobody confirms."""
    people: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, identity in identities.items():
        if any(doubt.reason == "shared_number" for doubt in identity.doubts):
            continue
        if identity.person.registered:
            people["number", identity.person.person_id].append(key)
    for email, keys in _by_address(identities).items():
        if len(keys) > _MAILBOX:
            continue
        for at, key in enumerate(keys):
            same = [other for other in keys[at + 1 :] if _one_name(identities[key], identities[other])]
            people["mail", email, key] = [key, *same]
    for keys in people.values():
        persons = {identities[key].person.person_id for key in keys if identities[key].person.registered}
        if len(persons) < len(keys) and not all(_told(identities[key]) for key in keys):
            _tell_each_other(identities, keys, "duplicate_account")


def _by_address(identities: Mapping[str, Identity]) -> dict[str, list[str]]:
    """E-mail → accounts that have it, those with a shared number aside: they are told of that first."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, identity in identities.items():
        if identity.account.email and not any(doubt.reason == "shared_number" for doubt in identity.doubts):
            found[identity.account.email.strip().lower()].append(key)
    return found


def _one_name(one: Identity, other: Identity) -> bool:
    """One name written in two ways: order, particles, birth and married name."""
    mine, theirs = ((who.account.last_name, who.account.first_name) for who in (one, other))
    return names.compare(mine, theirs).strong


def _told(identity: Identity) -> bool:
    return any(doubt.reason == "duplicate_account" for doubt in identity.doubts)


def _tell_each_other(identities: dict[str, Identity], keys: Sequence[str], reason: str) -> None:
    if len(keys) < 2:
        return
    for key in keys:
        others = tuple(account_candidate(identities[other].account) for other in keys if other != key)
        identities[key].doubts.append(Doubt(reason, others))
