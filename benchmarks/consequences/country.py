"""The country as a night sees it: annuaire, workbooks, register with its namesakes; and what is true of each line."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from benchmarks.consequences import mixups, naming, ordinary, together
from benchmarks.consequences.cases import DOCTORS, MINDS, Births, Case, Cells, posts, structures
from benchmarks.consequences.ordinary import Hand, Kind
from pipelines.names import full_key, spellings, words_of
from pipelines.normalize import civility_code, split_name
from pipelines.policy import Policy
from pipelines.sources.national.consolidate import Register, consolidate
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import label_of
from schemas.people.assignment import Account
from schemas.people.card import Card
from schemas.people.identifiers import CpxReading, NumberKind, classify_cpx, kind_of
from schemas.people.person import RegisterPerson
from schemas.people.structure import Structure
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source import WorkbookScope
from tests.matching.invented_people import Somebody, telephone

DAY, CARD_ENDS = date(2026, 11, 22), date(2028, 5, 31)
HOSPITALS = 144  # of forty people each: where strangers work, however few of them a small country has
KINDS: tuple[Kind, ...] = (*ordinary.KINDS, *mixups.KINDS)
HARDER = tuple(one.name for one in together.KINDS)
RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Country:
    """A night, and its truth: cases by the location of their lines (each sheet has a name of its own) and by account.

    `numbers`, `mailboxes`: all that are somebody's. `persons`: of the register, those nobody asks for too.
    """

    snapshot: Snapshot
    cases: tuple[Case, ...]
    by_line: dict[str, Case] = field(repr=False)
    by_account: dict[str, Case] = field(repr=False)
    numbers: frozenset[str] = field(repr=False)
    mailboxes: frozenset[str] = field(repr=False)
    persons: int = 0


def country(seed: int, lines: int = 5_760, kinds: Collection[str] = (), mind: str = "plain") -> Country:
    """The same seed and size give the same country. `kinds`: those classes beside what is right; none: `KINDS`."""
    chance = Random(seed)
    places = structures(max(6, round(lines / MINDS[mind].staff)))
    births = Births(chance, MINDS[mind], {one.code: telephone(chance) for one in places})
    hand = Hand(chance, births, [one.code for one in places if one.type == "ES"])
    chosen = [one for one in (*KINDS, *together.KINDS) if one.name in kinds] if kinds else KINDS
    cases: list[Case] = []
    for place in places:
        cases.extend(_spoiled(hand, _staffed(births, place), chosen))
    people = [*_registered(hand, cases), *_strangers(hand, cases, places)]
    _number_accounts(chance, cases)
    snapshot = _snapshot(hand, places, cases, people)
    _mark_blind(cases, people)
    by_line = {row.location: case for case in cases for row in case.rows}
    return Country(
        snapshot,
        tuple(cases),
        by_line,
        by_account={one.account_id: one for one in cases if one.account_id},
        numbers=frozenset(one.national_id for one in people).union(*(one.numbers for one in cases)),
        mailboxes=frozenset(one.who.email for one in cases),
        persons=len(people),
    )


def _staffed(births: Births, place: Structure) -> list[Case]:
    doctors = births.chance.choices(DOCTORS, (4, 1), k=2)
    return [
        births.case(births.person(place.code, job=doctors[at] if at < len(doctors) else ""), post)
        for at, post in enumerate(posts(place, births.mind.staff))
    ]


def _spoiled(hand: Hand, staff: list[Case], kinds: Sequence[Kind]) -> list[Case]:
    """The staff of one structure, each alone or with the next ones in one class."""
    weights = [one.share / (one.least + one.most) * 2 for one in kinds]
    total = sum(one.share for one in kinds)
    weights.append(max(0.0, 1000 - total))
    at = 0
    while at < len(staff):
        kind = hand.chance.choices([*kinds, None], weights)[0]
        size = hand.chance.randint(kind.least, kind.most) if kind else 1
        group = staff[at : at + size]
        at += size
        if kind is None or len(group) < size:
            _spoil(hand, group, RIGHT, ordinary.right)
        else:
            _spoil(hand, group, kind.name, kind.spoil)
    return staff


def _spoil(hand: Hand, group: list[Case], name: str, spoil: ordinary.Spoil) -> None:
    for case in group:
        case.kind = name
    spoil(hand, group)


# ── the register ─────────────────────────────────────────────────────────────────────────────────


def _registered(hand: Hand, cases: Iterable[Case]) -> Iterator[RegisterPerson]:
    """Those of the country who are in it, nearly all with their hospital."""
    for case in cases:
        if not case.registered:
            continue
        at = {row.at.structure_code for row in case.rows} if hand.chance.random() < 0.6 else set()
        there = (at | {case.home.structure_code}) if case.active_there else {hand.place(case.home.structure_code)}
        yield _person(case.who, case.registered_as, there if hand.chance.random() < 0.95 else ())


def _strangers(hand: Hand, cases: Sequence[Case], places: Sequence[Structure]) -> Iterator[RegisterPerson]:
    """Namesakes whom the directory shows, and tens of thousands more, some of the very name of one of ours."""
    for who, place in hand.strangers:
        yield _person(who, (who.last, who.first), (place,))
    chance, mind = hand.chance, hand.births.mind
    for _ in range(round(mind.strangers * len(cases))):
        like = chance.choice(cases).who if chance.random() < mind.copies else None
        at = chance.randrange(max(HOSPITALS * 40 // mind.staff, len(places))) if chance.random() < 0.3 else len(places)
        place = places[at].code if at < len(places) else f"99{chance.randrange(10**7):07d}"
        who = hand.births.person(
            place, last=like.last if like else naming.last_name(chance, naming.origin(chance), mind.rarer),
            first=like.first if like else "", sex=like.sex if like else "", job=chance.choice(("10", "21", "60")),
        )  # fmt: skip
        yield _person(who, (who.last, who.first), (place,))


def _person(who: Somebody, name: tuple[str, str], finess: Iterable[str]) -> RegisterPerson:
    return RegisterPerson(
        national_id=who.number,
        last_name=name[0],
        first_name=name[1],
        civilities=("MME" if who.sex == "F" else "M",),
        professions=(who.profession,),
        categories=("C",),
        finess=frozenset(finess),
        activities=b"",
    )


# ── the night ────────────────────────────────────────────────────────────────────────────────────


def _number_accounts(chance: Random, cases: Sequence[Case]) -> None:
    """Ids in an order that says nothing."""
    ids = list(range(len(cases)))
    chance.shuffle(ids)
    for case, number in zip(cases, ids, strict=True):
        case.account_id = f"EF{number:06d}" if case.account else ""


def _snapshot(
    hand: Hand, places: Sequence[Structure], cases: Sequence[Case], people: Sequence[RegisterPerson]
) -> Snapshot:
    accounts = [_account(case, case.account, hand.serials) for case in cases if case.account]
    lines = list(_lines(places, cases, hand.serials))
    links = {case.who.adeli: case.who.number for case in cases if case.who.registered}
    links = {adeli: number for adeli, number in links.items() if adeli not in hand.without_link}
    return Snapshot(
        day=DAY,
        policy=Policy(),
        accounts={one.account_id: one for one in accounts},
        structures={one.code: one for one in places},
        register=_wanted(people, accounts, lines, links, hand.serials),
        lines=tuple(lines),
        scopes=tuple(_scopes(places, lines)),
        annuaire_structures=frozenset(one.code for one in places),
    )


def _wanted(
    people: Sequence[RegisterPerson],
    accounts: Sequence[Account],
    lines: Sequence[WorkbookLine],
    links: dict[str, str],
    serials: dict[str, str],
) -> Register:
    """Of the register those whom a number or a name of ours asks for, as the night reads it."""
    written: tuple[Account | WorkbookLine, ...] = (*accounts, *lines)
    numbers = {links.get(one.number.number, one.number.number) for one in written}
    names = {key for one in written for key in spellings(one.last_name, one.first_name)}
    kept = [one for one in people if one.national_id in numbers or full_key(one.last_name, one.first_name) in names]
    shown = {holder: serial for serial, holder in serials.items()}
    cards = [
        Card(one.national_id, "CPS", shown.get(one.national_id, f"9{one.national_id[3:]}"), "", None, CARD_ENDS)
        for one in kept
        if one.national_id in numbers
    ]
    return consolidate({one.national_id: one for one in kept}, cards, links, crosswalk=links)


def _reading(typed: str, serials: dict[str, str]) -> CpxReading:
    """As the night reads it, the card's serial settled."""
    if typed in serials:
        return CpxReading(typed, serials[typed], kind_of(serials[typed]), ("SERIAL_RESOLVED",))
    found = classify_cpx(typed)
    return replace(found, number="", kind=NumberKind.NONE) if found.kind is NumberKind.SERIAL else found


def _account(case: Case, cells: Cells, serials: dict[str, str]) -> Account:
    return Account(
        account_id=case.account_id,
        civility=cells.civility,
        last_name=cells.last,
        first_name=cells.first,
        profession=label_of("professions", cells.profession),
        number=_reading(cells.number, serials),
        card_type="CPE" if "/" in cells.number else "CPS",
        card_expires_on=CARD_ENDS,
        email=cells.email,
        phone=cells.phone,
        active=True,
        assignments=tuple(case.held),
    )


def _lines(places: Sequence[Structure], cases: Sequence[Case], serials: dict[str, str]) -> Iterator[WorkbookLine]:
    """Workbook by workbook, structure by structure, in the order in which the staff stands."""
    known = {one.code: one for one in places}
    rows = defaultdict(list)
    for case in cases:
        for row in case.rows:
            rows[row.at.structure_code].append(row)
    filled: dict[str, int] = defaultdict(lambda: 1)
    for place in sorted(places, key=lambda one: _scope(one).source):
        scope = _scope(place)
        for row in rows[place.code]:
            filled[scope.source] += 1
            row.location = f"{scope.code}!{filled[scope.source]}"
            title, last, first = split_name(row.cells.last, row.cells.first, one_cell=False)
            yield WorkbookLine(
                source=scope.source,
                location=row.location,
                assignment=row.at,
                structure_type=known[place.code].type,
                structure_name=place.name,
                region_code=place.region_code,
                parent_code=place.parent_code,
                civility=civility_code(title or row.cells.civility),
                last_name=last,
                first_name=first,
                profession=row.cells.profession,
                profession_text="",
                number=_reading(row.cells.number, serials),
                card_type="",
                card_expires_on=None,
                emails=tuple(filter(None, (row.cells.email,))),
                phones=tuple(filter(None, (row.cells.phone,))),
                bills=None,
                left=row.left,
            )


def _scopes(places: Sequence[Structure], lines: Sequence[WorkbookLine]) -> Iterator[WorkbookScope]:
    """What each workbook is complete for, and the structures that it is about."""
    mentioned: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        mentioned[line.source].add(line.assignment.structure_code)
    for scope in sorted({_scope(place) for place in places}, key=lambda one: one.source):
        yield replace(scope, mentioned=frozenset(mentioned[scope.source]))


def _scope(place: Structure) -> WorkbookScope:
    kind, code = ("ets", place.parent_code) if place.type == "SITE" else ("region", place.region_code)
    return WorkbookScope(f"workbook:{kind}-{code}.xlsx", kind, code)


# ── what nobody could tell ───────────────────────────────────────────────────────────────────────


def _mark_blind(cases: Sequence[Case], people: Sequence[RegisterPerson]) -> None:
    """Who cannot be told from somebody else: neither by the register, nor by anything of their own."""
    there: dict[tuple[str, str], set[str]] = defaultdict(set)
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    names = {one.national_id: (one.last_name, one.first_name) for one in people}
    for person in people:
        for code in person.finess:
            known[code, full_key(person.last_name, person.first_name)].add(person.national_id)
    for case in cases:
        for held in (*case.held, *(row.at for row in case.rows)):
            there[held.structure_code, full_key(case.who.last, case.who.first)].add(case.who.number)
    for case in cases:
        for row in case.rows:
            place = row.at.structure_code, full_key(row.cells.last, row.cells.first)
            others = (there[place] | known[place]) - {case.who.number}
            case.blind = case.blind or bool(others and not _tells(case, row.cells))
            if not case.registered and row.cells.number not in case.numbers:  # a namesake's who is registered elsewhere
                case.blind = case.blind or full_key(*names.get(row.cells.number, ("", ""))) == place[1]
        carried = case.account.number if case.account else ""
        holder = None if carried in case.numbers else names.get(carried)
        case.blind = case.blind or bool(holder and _may_have_married(case, holder, known))


def _may_have_married(case: Case, holder: tuple[str, str], known: Mapping[tuple[str, str], set[str]]) -> bool:
    """The account has a number of somebody with a name in common, and nothing says that it is not the same person:
    the register has not just one of this very name here, nor does the line give another number that it confirms.
    """
    assert case.account is not None
    written = {word for name in (case.account.last, case.account.first) for word in words_of(name) if len(word) > 2}
    if not written & {word for name in holder for word in words_of(name)}:
        return False
    here = known[case.home.structure_code, full_key(case.account.last, case.account.first)]
    confirmed = case.registered and any(row.cells.number in case.numbers for row in case.rows)
    return len(here) != 1 and not confirmed


def _tells(case: Case, cells: Cells) -> bool:
    """Something on the line is theirs alone: a number, a mailbox, a telephone that the annuaire or nobody else has."""
    own = {case.who.email, case.who.phone} & {cells.email, cells.phone}
    return cells.number in case.numbers or bool(own)
