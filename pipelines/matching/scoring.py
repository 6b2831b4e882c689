"""What speaks for two records being one person: field by field, never the other way round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import OSA

from pipelines import names
from pipelines.matching.number_owner import Claim, NumberStanding, claim_of
from pipelines.normalize import civility_code, phone_key
from pipelines.sources.national.consolidate import Register
from schemas.nomenclatures import code_of
from schemas.people.assignment import Account
from schemas.people.identifiers import CpxReading, NumberKind
from schemas.people.likeness import NUMBER_LEVELS, Evidence, Likeness, likeness_of, thresholds
from schemas.people.person import RegisterPerson
from schemas.people.structure import Structure
from schemas.people.workbook_line import WorkbookLine
from schemas.words import name_key


@dataclass(frozen=True, slots=True)
class Comparable:
    """A record as it is compared. `claim`: its number and whose that is; `typed`: the number as it was read, `slipped`
    the digits that stand there where they name nobody, `unread` all that stands there then, to be found again.

    `known_as`: its name, and the one its person has in the register by now: of an account, or of a line whose number is
    its own; a line's number that is perhaps copied from another row lends no name. `by_serial`: read off the serial.
    """

    name: names.Name
    known_as: tuple[names.Name, ...]
    claim: Claim
    typed: str
    slipped: str
    unread: str
    by_serial: bool
    emails: frozenset[str]
    phones: frozenset[str]
    places: frozenset[str]
    regions: frozenset[str]
    professions: frozenset[str]
    civility: str

    @property
    def number(self) -> str:
        """Resolved, "" when it names nobody."""
        return self.claim.number

    @property
    def own(self) -> str:
        """The number where the register confirms it."""
        return self.claim.own


@dataclass(frozen=True, slots=True)
class ScoringContext:
    """What tells how much a likeness is worth.

    `shared`: e-mails and telephones that several people give; `boxes`: those of them that several accounts have, or
    several lines, for the new name on somebody's row makes no mailbox of theirs. `claims`: number → the names that
    lines give it, where they are more than one.
    """

    register: Register
    structures: Mapping[str, Structure]
    shared: frozenset[str] = frozenset()
    boxes: frozenset[str] = frozenset()
    claims: Mapping[str, frozenset[names.Name]] = field(default_factory=dict)
    _regions: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def regions(self, places: frozenset[str]) -> frozenset[str]:
        """Return the régions sanitaires of structures: a few sets for all of them."""
        known = (one for code in places if (one := self.structures.get(code)))
        found = frozenset(one.region_code for one in known if one.region_code)
        return self._regions.setdefault(found, found)


def seen_line(line: WorkbookLine, around: ScoringContext) -> Comparable:
    """Return a workbook line, its establishment that of the assignment."""
    places = frozenset({line.assignment.structure_code})
    name = (line.last_name, line.first_name)
    professions = frozenset(filter(None, (line.profession,)))
    claim = claim_of(name, line.number, places, around.register, professions)
    return Comparable(
        name,
        _known_as(name, claim.own, around.register),
        claim,
        typed=line.number.number if line.number.usable else "",
        slipped=_slipped(line.number),
        unread=_unread(line.number),
        by_serial="SERIAL_RESOLVED" in line.number.codes,
        emails=frozenset(line.emails),
        phones=frozenset(line.phones),
        places=places,
        regions=around.regions(places),
        professions=professions,
        civility=_sex(line.civility),
    )


def claim_of_account(account: Account, around: ScoringContext) -> Claim:
    """Return whose the number of an account is."""
    name = (account.last_name, account.first_name)
    return claim_of(name, account.number, account.places, around.register, _professions_of(account))


def _professions_of(account: Account) -> frozenset[str]:
    return frozenset(filter(None, (code_of("professions", account.profession),)))


def seen_account(account: Account, around: ScoringContext, claim: Claim) -> Comparable:
    """Return an account of the annuaire; `claim`: whose its number is."""
    places = account.places
    name = (account.last_name, account.first_name)
    theirs = claim.number if claim.standing in (NumberStanding.OWN, NumberStanding.PART) else ""
    return Comparable(
        name,
        _known_as(name, theirs, around.register),
        claim,
        typed=account.number.number if account.number.usable else "",
        slipped=_slipped(account.number),
        unread=_unread(account.number),
        by_serial="SERIAL_RESOLVED" in account.number.codes,
        emails=frozenset(filter(None, (account.email.strip().lower(),))),
        phones=frozenset(filter(None, (phone_key(account.phone),))),
        places=places,
        regions=around.regions(places),
        professions=_professions_of(account),
        civility=_sex(civility_code(account.civility)),
    )


def seen_person(person: RegisterPerson, around: ScoringContext) -> Comparable:
    """Return a person of the register: no address, the establishments of the activities."""
    name = (person.last_name, person.first_name)
    return Comparable(
        name,
        (name,),
        Claim(person.national_id, NumberStanding.OWN),
        typed=person.national_id,
        slipped="",
        unread="",
        by_serial=False,
        emails=frozenset(),
        phones=frozenset(),
        places=person.finess,
        regions=around.regions(person.finess),
        professions=frozenset(person.professions),
        civility=next(filter(None, (_sex(civility_code(one)) for one in person.civilities)), ""),
    )


def without_number(seen: Comparable) -> Comparable:
    """Return a record whose number is nobody's, or somebody else's: it says nothing, and lends no name."""
    return replace(seen, known_as=(seen.name,), claim=Claim("", NumberStanding.NONE), typed="", slipped="", unread="")


def _known_as(name: names.Name, number: str, register: Register) -> tuple[names.Name, ...]:
    theirs = register.name_of(number) if number else None
    return (name, theirs) if theirs and theirs != name else (name,)


def _slipped(reading: CpxReading) -> str:
    """The digits of a number that fails its key, or lacks or has one too many: a slip of the finger may explain it."""
    if reading.usable or reading.kind is NumberKind.SERIAL:
        return ""
    digits = "".join(filter(str.isdigit, reading.raw))
    return digits if len(digits) in _SLIPPED_DIGITS else ""


def _unread(reading: CpxReading) -> str:
    """What stands in place of a number that names anybody, where it has the digits of one."""
    key = "" if reading.usable else name_key(reading.raw)
    return key if sum(map(str.isdigit, key)) >= _LEAST_DIGITS else ""


_LEAST_DIGITS = 6  # « en cours », « CPS 2 » say nothing of whom they stand beside
_SLIPPED_DIGITS = range(10, 14)  # of an RPPS number, with or without its 8, one digit more or less


def _sex(civility: str) -> str:
    return civility if civility in ("M", "MME") else ""


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────


def weigh(one: Comparable, other: Comparable, around: ScoringContext) -> Likeness:
    """Return the evidence that two records are one person, and its score."""
    name = _names(one, other)
    found = Evidence(
        number=_numbers(one, other, name, around),
        last=name.last,
        first=name.first,
        order=name.order,
        email=_addresses(one.emails, other.emails, around.shared, around.boxes),
        phone=_addresses(one.phones, other.phones, around.shared),
        structure=_places(one, other),
        profession=_any(one.professions, other.professions),
        civility=_any(frozenset(filter(None, (one.civility,))), frozenset(filter(None, (other.civility,)))),
        rarity=_rarity(one, other, name, around.register),
    )
    return likeness_of(found)


def _names(one: Comparable, other: Comparable) -> names.NameLikeness:
    """The strongest likeness of any name of one and any of the other; else that of the names as they stand.

    A slip in one of them is none where the address of the same record spells the name in full.
    """
    found = [names.compare(mine, theirs) for mine in one.known_as for theirs in other.known_as]
    best = next((likeness for likeness in found if likeness.strong), found[0])
    if best.strong or {best.last, best.first}.isdisjoint(_SLIPS):
        return best
    return best.spelled() if spelled(one, other) else best


_SLIPS = ("near", "initial")


def spelled(one: Comparable, other: Comparable) -> bool:
    """Tell whether the address of one spells the name of the other in full."""
    mine = any(names.spelled_by(one.emails, name) for name in other.known_as)
    return mine or any(names.spelled_by(other.emails, name) for name in one.known_as)


def _numbers(one: Comparable, other: Comparable, name: names.NameLikeness, around: ScoringContext) -> str:
    """same, crosswalk (once resolved), serial; claimed (another line has it, under another name), contradicts (two
    registered people), differs; near or unlike (what cannot be read beside it), unread (the same that cannot be read in
    both), missing.
    """
    if not one.number or not other.number:
        return _slip(one, other)
    if one.number == other.number:
        if "/" in one.number and not one.places & other.places:
            return "missing"  # a CPE or CPA number belongs to an establishment: elsewhere it says nothing
        if not name.strong and _claimed(one, around):
            return "claimed"
        if one.by_serial or other.by_serial:
            return "serial"
        return "same" if one.typed == other.typed else "crosswalk"
    # An ADELI number contradicts no RPPS number: the frozen register still has those who moved.
    registered = one.own.startswith("8") and other.own.startswith("8") and one.own != other.own
    if registered:
        return "contradicts"
    return "missing" if _is_of_before(one, other) or _is_of_before(other, one) else "differs"


def _is_of_before(old: Comparable, now: Comparable) -> bool:
    """An ADELI number of which nothing tells whose it is says nothing beside a confirmed RPPS number: all had one."""
    unknown = old.number.startswith("0") and old.claim.standing is NumberStanding.UNKNOWN
    return unknown and now.own.startswith("8")


def _slip(one: Comparable, other: Comparable) -> str:
    """unread: what cannot be a number stands in both; near: it is one slip of the finger from the other's number, with
    or without its 8; else unlike.
    """
    if one.unread and one.unread == other.unread:
        return "unread"
    typed, right = (one.slipped, other.number) if one.slipped else (other.slipped, one.number)
    if not typed or not right.startswith("8"):
        return "missing"
    near = any(OSA.distance(typed, number, score_cutoff=1) <= 1 for number in (right, right[1:]))
    return "near" if near else "unlike"


def _claimed(one: Comparable, around: ScoringContext) -> bool:
    """A number pasted from another row: some line has it too, under a name with which this one has nothing to do."""
    others = around.claims.get(one.number, ())
    return any(
        "other" in (names.last_names(one.name[0], last), names.first_names(one.name[1], first))
        for last, first in others
    )


def _addresses(
    mine: frozenset[str], theirs: frozenset[str], shared: frozenset[str], boxes: frozenset[str] = frozenset()
) -> str:
    """same, shared (an address of several people), differs, missing. `boxes`: what says nothing where it is another."""
    if common := mine & theirs:
        return "same" if common - shared else "shared"
    return "differs" if mine - boxes and theirs - boxes else "missing"


def _places(one: Comparable, other: Comparable) -> str:
    """same, region, elsewhere, missing."""
    if not one.places or not other.places:
        return "missing"
    if one.places & other.places:
        return "same"
    return "region" if one.regions & other.regions else "elsewhere"


def _any(mine: frozenset[str], theirs: frozenset[str]) -> str:
    if not mine or not theirs:
        return "missing"
    return "same" if mine & theirs else "differs"


def _rarity(one: Comparable, other: Comparable, name: names.NameLikeness, register: Register) -> str:
    """How many of this name the register has: here (this one alone, at the common place), crowded (several there);
    else alone, several or nobody wherever they work; missing when it was not read, or the names differ.

    Only those count whose profession may be the one that is told.
    """
    if not name.strong:
        return "missing"
    told = one.professions | other.professions
    spelt, places = _spelt(one, other), one.places & other.places
    known = {key for name in spelt for key in register.namesakes_as(*name, told)}
    here = (
        {key for name in spelt for key in register.working_at(names.full_key(*name), places)} & known
        if places
        else set()
    )
    if len(here) > 1:
        return "crowded"
    if here & {one.own, other.own}:
        return "here"
    if not known and not register.persons_read:
        return "missing"
    return "several" if len(known) > 1 else "alone" if known else "nobody"


def _spelt(one: Comparable, other: Comparable) -> Iterable[names.Name]:
    """The name of each, as they are most alike."""
    alike = ((mine, theirs) for mine in one.known_as for theirs in other.known_as)
    return dict.fromkeys(next((pair for pair in alike if names.compare(*pair).strong), (one.name, other.name)))


# ── verdict ──────────────────────────────────────────────────────────────────────────────────────


def eligible(evidence: Evidence) -> bool:
    """Tell whether it could be used at all: a strong name and the number, establishment or e-mail; a weak name under
    one number.

    What only looks alike (an initial, a typing error) is for somebody to decide, whatever the score (contract §6).
    """
    if evidence.number == "contradicts":
        return False
    by_number = evidence.number in NUMBER_LEVELS
    return by_number or (strong_name(evidence) and "same" in (evidence.structure, evidence.email))


def accepted(found: Likeness) -> bool:
    """Tell whether it may be used without asking."""
    return found.score >= thresholds().accept and eligible(found.evidence)


def reviewable(found: Likeness) -> bool:
    """Tell whether somebody should look at it."""
    return found.evidence.number != "contradicts" and found.score >= thresholds().review


def near_name(evidence: Evidence) -> bool:
    """Tell whether something of both names is alike."""
    return "other" not in (evidence.last, evidence.first)


def strong_name(evidence: Evidence) -> bool:
    """Tell whether it is one name written in two ways."""
    return evidence.last in names.STRONG_LAST and evidence.first in names.STRONG_FIRST


def whole_name(evidence: Evidence) -> bool:
    """Tell whether both names are the same, in full on both sides: half of one is as well another's."""
    return strong_name(evidence) and evidence.last != "part" and evidence.first != "several"


def unlike(evidence: Evidence) -> bool:
    """Tell whether it is another profession, or civility, and not that alone: beside half of a name somebody else."""
    told = (evidence.profession, evidence.civility, evidence.email, evidence.phone)
    return "differs" in told[:2] and told.count("differs") > 1
