"""Who each active account is tonight, what the workbooks say of it, and which doubts forbid touching it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from pipelines.answer_choices import REGISTER
from pipelines.judgements import Judgements
from pipelines.matching.candidates import MOST, Candidate, Match, account_candidate, differing_person, person_candidate
from pipelines.matching.colleagues import Beside
from pipelines.matching.elsewhere.told_otherwise import contradicted_by_its_line, numbers_in_doubt, tellers
from pipelines.matching.golden import MOST_KEPT, GoldenRecords
from pipelines.matching.index import Index, indexed
from pipelines.matching.number_owner import Claim, NumberStanding
from pipelines.matching.presence import protected
from pipelines.matching.scoring import ScoringContext, accepted, seen_account, seen_person, weigh, without_number
from pipelines.sources.national.consolidate import Register
from pipelines.sources.snapshot import Snapshot
from schemas.one_or_several import put, under
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.person import CurrentCard, GoldenPerson
from schemas.people.workbook_line import WorkbookLine

_NOWHERE: frozenset[str] = frozenset()  # one for all accounts: an empty one of its own takes 216 bytes


@dataclass(frozen=True, slots=True)
class Correction:
    """The number that would be right for an account whose number is somebody else's; "" where nobody knows it."""

    account_id: str
    before: str
    after: str


@dataclass(slots=True)
class Doubt:
    """A review about an account, with who it may be. `also`: further reasons for the same review; `corrections`: the
    numbers in question, of this account and of others that the review is about; `offered`: who is listed as an answer
    only, and makes no other question of it.
    """

    reason: str
    candidates: tuple[Candidate, ...] = ()
    also: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The first says what kind of review it is."""
        return (self.reason, *self.also)


@dataclass(slots=True)
class Identity:
    """An active account, the person behind it (`person_id`: "" where nobody knows), the lines about it, and the doubts.

    `records`, `told_by`: who makes their golden record, and of which lines. `claim`: whose its number is. `maybe_at`:
    structures at which a line in doubt may be about it. `elsewhere`: a review of another account is about this one too.
    `silent`: a row of the register about it could not be read. `set_aside`: an updater said that it is nobody of those
    whom it may be; nothing is asked until something new is known. `owner`: they said that the number of several
    accounts is this one's. `unsure`: its lines speak against its number.
    """

    account: Account
    person_id: str
    claim: Claim
    records: GoldenRecords
    told_by: tuple[WorkbookLine, ...] = ()
    present: tuple[WorkbookLine, ...] = ()
    gone: tuple[WorkbookLine, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    maybe_at: frozenset[str] = frozenset()
    elsewhere: bool = False
    silent: bool = False
    set_aside: bool = False
    owner: bool = False
    unsure: bool = False
    number_as_held: bool = field(default=False, compare=False, repr=False)
    _card: CurrentCard | None = field(default=None, repr=False)
    _cards_known: bool | None = field(default=None, repr=False)

    @property
    def person(self) -> GoldenPerson:
        """What is true of the person; made anew where the last ones asked for were others."""
        found = self.records.of(self.account, self.person_id, self.told_by)
        self._card, self._cards_known = found.card, found.cards_known
        return found

    @property
    def card(self) -> CurrentCard | None:
        """The person's current card: what is asked of everybody again and again is held to the end."""
        return self.person.card if self._cards_known is None else self._card

    def keep_card(self) -> None:
        """Keep it for whoever asks later."""
        if self._cards_known is None:
            self._card, self._cards_known = self.person.card, self.person.cards_known

    @property
    def cards_known(self) -> bool:
        """Enough was read to say that there is no card."""
        return self.person.cards_known if self._cards_known is None else self._cards_known

    @property
    def certain(self) -> bool:
        """Whether their access is in order can be told."""
        return not (self.card and self.card.unsure)

    @property
    def registered(self) -> bool:
        """The register has the person."""
        return self.records.has(self.person_id)

    @property
    def blocked(self) -> bool:
        """Somebody must decide first: no account-level change but what `told` lets through (contract §6)."""
        open_ones = [one for one in self.doubts if not (self.owner and one.reason == "shared_number")]
        return bool(open_ones or self.maybe_at) or self.elsewhere or self.silent or self.set_aside

    @property
    def told(self) -> bool:
        """Its cards are told of: nothing is in doubt, or the register confirms its own number all the same."""
        return not self.blocked or (bool(self.claim.own) and not (self.silent or self.unsure))


def identify(snapshot: Snapshot, matches: Sequence[Match], index: Index | None = None) -> dict[str, Identity]:
    """Account id → identity, for the active accounts, in the order of their ids; doubts between accounts aside
    (`pipelines/matching/doubts/sharing.py`). `index`: the one that the lines were matched with.
    """
    index = index or indexed(snapshot)
    lines: dict[str, Match | list[Match]] = {}
    for found in matches:
        if found.account_id:
            put(lines, found.account_id, found)
    maybe = dict(protected(matches, index))
    for key in {one.key for found in matches if found.line.further.parted for one in found.beside} - lines.keys():
        maybe[key] = snapshot.accounts[key].places  # nothing of theirs is taken before the question is answered
    beside = Beside(snapshot, index, tellers(matches))
    records = GoldenRecords(snapshot)
    known = {
        account.account_id: _identity(records, account, under(lines, account.account_id), maybe, beside)
        for account in snapshot.active_accounts()
    }
    for key in numbers_in_doubt(matches, index):
        known[key].unsure = True
    for one in islice(known.values(), MOST_KEPT):  # now, for whoever asks goes through them in this order
        records.of(one.account, one.person_id, one.told_by)
    return known


def _as_meant(line: WorkbookLine, account: Account) -> WorkbookLine:
    """The line itself, as nearly always, or with the rank that the account has there."""
    meant = account.meant(line.assignment)
    return line if meant == line.assignment else replace(line, assignment=meant)


def _identity(
    records: GoldenRecords,
    account: Account,
    found: Sequence[Match],
    maybe: Mapping[str, frozenset[str]],
    beside: Beside,
) -> Identity:
    snapshot, index = beside.snapshot, beside.index
    lines = [_as_meant(one.line, account) for one in found]
    left = [one.left or snapshot.judgements.gone_at(account, one.assignment, snapshot.structures) for one in lines]
    present = tuple(line for line, is_left in zip(lines, left, strict=True) if not is_left)
    gone = tuple(line for line, is_left in zip(lines, left, strict=True) if is_left)
    claim = index.claim(account.account_id)
    another = claim.standing is NumberStanding.PART and beside.stands_beside(account, claim.number)
    asked = _Asked(index.around, account, claim, tuple(found), another, snapshot.dormant, beside)
    person_id, doubt, set_aside = _heeded(asked, snapshot.judgements)
    return Identity(
        account,
        person_id,
        claim,
        records,
        present,
        present,
        gone,
        (doubt,) if doubt else (),
        maybe.get(account.account_id, _NOWHERE),
        silent=snapshot.register.silent_about(account.number.number),
        set_aside=set_aside,
        unsure=doubt is not None and doubt.reason == "ambiguous_match",
    )


def without_values(identities: Mapping[str, Identity]) -> Mapping[str, Identity]:
    """Return who everybody is, and how their access stands, without what was compared of them."""
    if one := next(iter(identities.values()), None):
        one.records.forget_values()
    return identities


def without_lines(identities: Mapping[str, Identity], snapshot: Snapshot) -> Mapping[str, Identity]:
    """Return who everybody is, and the card of each, without the lines that told of them; `snapshot`: without them."""
    for one in identities.values():
        one.keep_card()  # as the lines tell of it
        one.told_by = one.present = one.gone = ()
    if first := next(iter(identities.values()), None):
        first.records.rest_on(snapshot)
    return identities


# ── the person behind an account ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Asked:
    """An account, whose its number is, and the lines found to be about it. `taken_by_another`: whom the register gives
    the number is told of here beside this one. `dormant`: number → accounts that cannot log in.
    """

    around: ScoringContext
    account: Account
    claim: Claim
    found: tuple[Match, ...]
    taken_by_another: bool
    dormant: Mapping[str, list[Account]]
    beside: Beside

    @property
    def register(self) -> Register:
        """The national files."""
        return self.around.register

    @property
    def said(self) -> list[str]:
        """The registered people whom its lines are about."""
        given = {m.own or m.person_id for m in self.found}
        return sorted(key for key in given if key in self.register.persons and key.startswith("8"))

    @property
    def alone_of_the_name(self) -> tuple[str, ...]:
        """Of the account's very name the register has one person, wherever, whose number is another: to be offered."""
        named = self.register.namesakes(self.account.last_name, self.account.first_name)
        return named if len(named) == 1 and named[0] != self.claim.number else ()

    def candidate(self, key: str) -> Candidate:
        """Somebody of the register beside the account, whose own number says nothing."""
        person = self.register.persons[key]
        seen = without_number(seen_account(self.account, self.around, self.claim))
        mine = {
            "name": f"{self.account.last_name} {self.account.first_name}",
            "cpx_number": self.account.number.number or self.account.number.raw,
            "profession": self.account.profession,
            "structure": ", ".join(sorted(_places(self))),
        }
        likeness = weigh(seen, seen_person(person, self.around), self.around)
        return person_candidate(person, likeness, differing_person(mine, person))


def _heeded(asked: _Asked, judgements: Judgements) -> tuple[str, Doubt | None, bool]:
    """(national identification, doubt, everybody was set aside): what an updater decided of the account comes first."""
    said = judgements.person_of(asked.account)
    if said in asked.register.persons:
        return said, None, False
    person_id, doubt = _person(asked)
    if doubt and doubt.reason == "not_in_register" and judgements.right(asked.account):
        return "", None, True
    aside = judgements.not_of(asked.account)
    if doubt is None or not aside:
        return person_id, doubt, False
    left = tuple(one for one in doubt.candidates if one.key not in aside)
    if not any(one.source == REGISTER for one in left):
        return "", None, True
    return person_id, replace(doubt, candidates=left), False


def _person(asked: _Asked) -> tuple[str, Doubt | None]:
    """(national identification, doubt): the account's own number where nothing contradicts it, else the lines'."""
    account, register, claim, said = asked.account, asked.register, asked.claim, asked.said
    others = [key for key in said if key != claim.number]
    confirmed = any(m.own == claim.number for m in asked.found)
    contradicted = len(others) == 1 and claim.standing in (NumberStanding.PART, NumberStanding.DOUBTFUL)
    if claim.standing is NumberStanding.OTHER or contradicted or asked.taken_by_another:
        return "", _number_of_another(asked, claim.proposed or (others[0] if len(others) == 1 else ""))
    given = {register.resolve(m.line.number.number) for m in asked.found if m.line.number.usable}
    person = register.persons.get(claim.number)
    away = person is not None and bool(person.finess) and person.finess.isdisjoint(_places(asked))
    elsewise = bool(given - {claim.number}) or (away and bool(asked.found) and not given)
    lines = [m.line for m in asked.found]
    if not confirmed and (
        claim.standing is NumberStanding.DOUBTFUL
        or (claim.standing is NumberStanding.PART and elsewise)
        or (claim.own and contradicted_by_its_line(account, claim.number, lines, register))
    ):
        keys = (claim.number, *register.namesakes(account.last_name, account.first_name))
        return "", Doubt("ambiguous_match", tuple(map(asked.candidate, dict.fromkeys(keys)))[:MOST])
    if claim.standing in _ITS_OWN and not (claim.number.startswith("0") and said):
        return claim.number, None  # who moved to the RPPS is still in the frozen ADELI
    if len(said) == 1:
        return _said(asked, said[0])
    if account.number.kind is NumberKind.ESTABLISHMENT:
        return _establishment_number(asked), None
    if not register.persons_read:
        return (account.number.number if account.number.usable else ""), None
    named = register.named(account.last_name, account.first_name, account.places)
    likeness = asked.candidate(named[0]).likeness if len(named) == 1 else None
    if likeness and accepted(likeness) and not asked.beside.certainly_anothers(account, named[0]):
        return named[0], None
    return _unknown(asked, named)


_ITS_OWN = (NumberStanding.OWN, NumberStanding.PART, NumberStanding.DOUBTFUL)


def _places(asked: _Asked) -> frozenset[str]:
    """Where the account and its lines are."""
    return asked.account.places | {one.line.assignment.structure_code for one in asked.found}


def _said(asked: _Asked, key: str) -> tuple[str, Doubt | None]:
    """The person of its lines' number, unless that may be a namesake's: not known here, and not the only one who can
    be meant.
    """
    register = asked.register
    person = register.persons[key]
    places = _places(asked)
    namesakes = register.namesakes(person.last_name, person.first_name) or (key,)
    outside = asked.account.number.kind is NumberKind.ESTABLISHMENT  # who has a CPE is mostly in no register
    if not person.finess.isdisjoint(places) or (len(namesakes) < 2 and not outside):
        return key, None
    return "", Doubt("ambiguous_match", tuple(sorted(map(asked.candidate, namesakes)))[:MOST])


def _number_of_another(asked: _Asked, proposed: str) -> Doubt:
    """The register gives the account's number to somebody else: both are shown, and the right number where one is; and
    whichever accounts that cannot log in have either.
    """
    known = (proposed, *asked.claim.here, asked.claim.number)
    offered = tuple(key for key in asked.alone_of_the_name if key not in known)
    keys = dict.fromkeys(filter(None, (*known[:-1], *offered, asked.claim.number)))
    inactive = (account_candidate(one) for key in (proposed, asked.claim.number) for one in asked.dormant.get(key, ()))
    correction = Correction(asked.account.account_id, asked.account.number.raw, proposed)
    candidates = (*map(asked.candidate, keys), *inactive)
    return Doubt("number_of_another", candidates, corrections=(correction,), offered=offered)


def _establishment_number(asked: _Asked) -> str:
    """The workbook's CPE or CPA number where it gives one, for it is first outside the register; not where a line of
    somebody else has that one, or the account's own: it was copied, or both were exchanged.
    """
    mine = asked.account.number.number
    given = {m.line.number.number for m in asked.found if m.line.number.kind is NumberKind.ESTABLISHMENT}
    own = sorted(one for one in given if not asked.beside.told_of_another(asked.account, one))
    return own[0] if own and mine not in given and not asked.beside.told_of_another(asked.account, mine) else mine


def _unknown(asked: _Asked, named: Sequence[str]) -> tuple[str, Doubt | None]:
    """Nobody knows who it is: who it may be, or that its number is not in the register."""
    account, register, number = asked.account, asked.register, asked.account.number
    # without a number there is nothing to refute a namesake elsewhere
    elsewhere = () if number.raw else register.namesakes(account.last_name, account.first_name)
    led_to = register.led_to(number.number)
    several = list(dict.fromkeys((*asked.said, *named, *elsewhere, *led_to)))
    if several:
        return "", Doubt("ambiguous_match", tuple(sorted(map(asked.candidate, several))))
    if number.raw and not register.silent_about(number.number):
        return "", Doubt("not_in_register")
    return "", None
