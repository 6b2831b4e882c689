"""The accounts of the night as lines are compared with them, and what a likeness is judged against."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines import names
from pipelines.judgements import NO_JUDGEMENTS, Judgements
from pipelines.matching.blocking import Blocks, email_key, number_key
from pipelines.matching.candidates import Match, Weighed
from pipelines.matching.number_owner import Claim
from pipelines.matching.scoring import Comparable, ScoringContext, claim_of_account, seen_account, weigh
from pipelines.normalize import phone_key
from pipelines.sources.national.consolidate import Register
from pipelines.sources.snapshot import Snapshot
from schemas.one_or_several import put, under
from schemas.people.assignment import Account, Assignment
from schemas.people.workbook_line import WorkbookLine

_KEPT = 16_384  # accounts in the form in which they are compared: some 20 MB


@dataclass(slots=True)
class Index:
    """The active accounts as lines are compared with them. `taken`: account ids that a certain match has, each with the
    functions that its lines mean; `there`: those of them that a line says are there; `numbered`: accounts whose own
    number a line gives. `lines`: all of the night. `dormant`: number → inactive
    accounts; `judgements`: whom updaters set aside for a line never stands by it; `claims`: whose each account's number
    is, judged once, and held to the end by its identity.

    An account is put in the form in which it is compared when a line meets it; only the last ones met are kept, for
    there may be millions.
    """

    around: ScoringContext
    accounts: Mapping[str, Account]
    blocks: Blocks
    dormant: Mapping[str, list[Account]] = field(default_factory=dict)
    judgements: Judgements = NO_JUDGEMENTS
    taken: dict[str, tuple[Assignment, ...]] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    lines: Sequence[WorkbookLine] = ()
    claims: dict[str, Claim] = field(default_factory=dict)
    _named: Counter[tuple[str, str]] | None = field(default=None, repr=False)
    _met: dict[str, Comparable] = field(default_factory=dict, repr=False)
    _near: tuple[Comparable | None, list[Weighed]] = field(default=(None, []), repr=False)

    @property
    def register(self) -> Register:
        """The national files."""
        return self.around.register

    def weighed(self, line: Comparable, ids: Iterable[str]) -> list[Weighed]:
        """Return these accounts beside a line, in the order of their ids."""
        met = self._allowed(line, ids)
        return [Weighed(self.accounts[key], weigh(line, self.seen(key), self.around)) for key in met]

    def _allowed(self, line: Comparable, ids: Iterable[str]) -> Iterator[str]:
        aside = self.set_aside(line)
        return (key for key in ids if key not in aside)

    def set_aside(self, line: Comparable) -> frozenset[str]:
        """Tell whom updaters said that a line is not: accounts, and persons of the register."""
        return self.judgements.set_aside(line.name, line.places, line.typed)

    def near(self, line: Comparable) -> list[Weighed]:
        """Return every account that may be compared with a line; asked for the same line again, it is not
        weighed anew.
        """
        last, found = self._near
        if last is not line:
            met = self._allowed(line, self.blocks.near(line))
            found = [Weighed(self.accounts[key], weigh(line, self.seen(key), self.around)) for key in met]
            self._near = line, found
        return found

    def take(self, matches: Iterable[Match | Comparable]) -> None:
        """Remember whom certain matches are about, and where."""
        for one in matches:
            if isinstance(one, Match) and one.account_id:
                told = self.taken.get(one.account_id, ())
                meant = self.accounts[one.account_id].meant(one.line.assignment)
                if meant not in told:
                    self.taken[one.account_id] = (*told, meant)
                if not one.line.left:
                    self.there.add(one.account_id)
                if one.how == "number" and self._gives_its_number(one.line, one.account_id):
                    self.numbered.add(one.account_id)

    def _gives_its_number(self, line: WorkbookLine, account_id: str) -> bool:
        theirs = self.accounts[account_id].number
        if not (line.number.usable and theirs.usable):
            return False
        return self.register.resolve(line.number.number) == self.register.resolve(theirs.number)

    def is_free(self, account_id: str, places: Collection[str]) -> bool:
        """Tell whether no line at any of these structures is certainly about the account."""
        return not any(one.structure_code in places for one in self.taken.get(account_id, ()))

    def told_at(self, name: names.Name, place: str) -> int:
        """Return how many lines at a structure give this name."""
        if self._named is None:
            self._named = Counter((names.bag(name_of(one)), one.assignment.structure_code) for one in self.lines)
        return self._named[names.bag(name), place]

    def open_at(self, account_id: str, places: Collection[str]) -> set[str]:
        """Return the functions that the account has at these structures, and of which no certain line tells."""
        held, filled = self.accounts[account_id].assignments, self.taken.get(account_id, ())
        return {a.function for a in held if a.structure_code in places and a not in filled}

    def holders(self, number: str) -> list[str]:
        """Return ids of the accounts on a number, as it is or resolved."""
        return self.blocks.at([number_key(number)]) if number else []

    def with_address(self, email: str) -> list[str]:
        """Return ids of the accounts that have an e-mail."""
        return self.blocks.at([email_key(email)])

    def all_matched(self) -> None:
        """Let go of what lines alone are looked for by, and of whom they told: a tenth of what is held by then."""
        self.blocks.forget_heads()
        self.taken, self.there, self.numbered, self._named = {}, set(), set(), None

    def seen(self, account_id: str) -> Comparable:
        """Return an account as it is compared."""
        found = self._met.get(account_id)
        if found is None:
            if len(self._met) >= _KEPT:
                self._met.clear()
            account = self.accounts[account_id]
            found = self._met[account_id] = seen_account(account, self.around, self.claims[account_id])
        return found

    def claim(self, account_id: str) -> Claim:
        """Return whose the number of an account is."""
        return self.claims[account_id]


def indexed(snapshot: Snapshot) -> Index:
    """Return the active accounts of the night, blocked."""
    around = surroundings(snapshot)
    accounts = {account.account_id: account for account in snapshot.active_accounts()}
    index = Index(around, accounts, Blocks(), snapshot.dormant, snapshot.judgements, lines=snapshot.lines)
    for key, account in accounts.items():
        index.claims[key] = claim_of_account(account, around)
        index.blocks.add(key, index.seen(key))
    return index


def surroundings(snapshot: Snapshot) -> ScoringContext:
    """Return what a likeness is judged against: the register, the structures, and the addresses several people give."""
    accounts, lines = snapshot.active_accounts(), snapshot.lines
    holders = _at_addresses((one, (one.email.strip().lower(), phone_key(one.phone))) for one in accounts)
    boxes = {address for address in holders if _several_people(_names(holders, address))}
    told = _at_addresses((one, (*one.emails, *one.phones)) for one in lines)
    boxes |= {address for address in told if _several_people(_names(told, address))}
    shared = boxes | {address for address in told if _several_people(_names(told, address) + _names(holders, address))}
    return ScoringContext(
        snapshot.register, snapshot.structures, frozenset(shared), frozenset(boxes), _claims(snapshot)
    )


_Giver = WorkbookLine | Account
_Whose = dict[str, _Giver | list[_Giver]]


def _at_addresses(given: Iterable[tuple[_Giver, Iterable[str]]]) -> _Whose:
    """Address → who gives it: nearly always one alone, held as it is."""
    found: _Whose = {}
    for one, addresses in given:
        for address in addresses:
            put(found, address, one)
    return found


def _names(whose: _Whose, address: str) -> list[names.Name]:
    """The names of who gives an address."""
    givers: Sequence[_Giver] = under(whose, address)
    return [name_of(one) for one in givers]


def _claims(snapshot: Snapshot) -> dict[str, frozenset[names.Name]]:
    """Number → the names that lines give it, where there are several."""
    first: dict[str, names.Name] = {}
    given: dict[str, set[names.Name]] = {}
    for line in snapshot.lines:
        if line.number.usable:
            number, name = snapshot.register.resolve(line.number.number), name_of(line)
            if first.setdefault(number, name) != name:
                given.setdefault(number, {first[number]}).add(name)
    return {number: frozenset(people) for number, people in given.items()}


def _several_people(holders: Sequence[names.Name]) -> bool:
    """Names without anything in common, be it in the other's place."""
    if len(holders) < 2:
        return False
    first, others = holders[0], dict.fromkeys(holders[1:])
    return any(one != first and not (names.agree(first, one) or names.agree(first, one[::-1])) for one in others)


def name_of(who: WorkbookLine | Account) -> names.Name:
    """Return the names of a line or an account: last, first."""
    return who.last_name, who.first_name
