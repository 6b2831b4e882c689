"""What goes wrong every day, and nobody carries another's number; and who comes, goes and moves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from anyascii import anyascii

from benchmarks.consequences import naming
from benchmarks.consequences.cases import Births, Case, Cells, Row
from schemas.people.assignment import Assignment
from tests.matching.invented_people import Somebody, telephone
from tests.matching.writing import FORMS, slip


@dataclass(slots=True)
class Hand:
    """Who writes. `elsewhere`: where a person may go; `strangers`: people of the register alone, and where they work;
    `without_link`: ADELI numbers that no correspondence knows; `serials`: card serial → holder's number.
    """

    chance: Random
    births: Births
    elsewhere: list[str]
    strangers: list[tuple[Somebody, str]] = field(default_factory=list)
    serials: dict[str, str] = field(default_factory=dict)
    without_link: set[str] = field(default_factory=set)

    def either(self, case: Case) -> Cells:
        """The line's cells three times in four, the account's else."""
        return case.account if case.account and self.chance.random() < 0.25 else case.row.cells

    def place(self, but: str) -> str:
        """Another structure."""
        return self.chance.choice([code for code in self.elsewhere if code != but])


Spoil = Callable[[Hand, list[Case]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of error. `share`: of the lines, in thousandths; `least`, `most`: people that one of it concerns.

    `ordinary`: nobody carries another's number.
    """

    name: str
    share: float
    spoil: Spoil
    least: int = 1
    most: int = 1
    ordinary: bool = True


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def right(hand: Hand, cases: list[Case]) -> None:
    """All as it is; the line in any case and accents; the account sometimes by the name of before."""
    for case in cases:
        cells = case.row.cells
        turn = hand.chance.random()
        if turn < 0.15:
            cells.last, cells.first = anyascii(cells.last).upper(), anyascii(cells.first).upper()
        elif turn < 0.2:
            cells.first = cells.first.upper()


def form(hand: Hand, cases: list[Case]) -> None:
    """Hyphens, particles, the order of a compound, a title, a second name, all in one cell."""
    forms = ("hyphen_lost", "particle_lost", "reversed", "half", "title", "with_second", "one_of_several", "unsplit")
    for case in cases:
        _write(hand, hand.either(case), case.who, hand.chance.choice(forms))


def married(hand: Hand, cases: list[Case]) -> None:
    """One side has the name of birth, the other a husband's, or both, or « née »."""
    for case in cases:
        who = case.who
        if who.last == who.birth:
            husband = naming.last_name(hand.chance, naming.ORIGINS[0])
            who = replace(who, last=hand.chance.choice((husband, f"{who.birth}-{husband}", f"{husband} {who.birth}")))
            case.who = who
            for cells in (case.account, case.row.cells):
                if cells:
                    cells.last = who.last
            case.registered_as = (hand.chance.choice((who.last, who.birth)), who.first)
        cells = hand.either(case)
        cells.last = who.birth if hand.chance.random() < 0.8 else f"{who.last} née {who.birth}"


def nickname(hand: Hand, cases: list[Case]) -> None:
    """« Fred » for « Frédéric », « JB » for « Jean-Baptiste »; a slip of the finger where there is no such name."""
    for case in cases:
        short = naming.nickname(hand.chance, case.who.first)
        cells = case.row.cells
        cells.first = short or slip(hand.chance, cells.first)


def slipped(hand: Hand, cases: list[Case]) -> None:
    """A slip of the finger, two, or a name as another hears it."""
    for case in cases:
        kind = hand.chance.choices(("typing", "two_slips", "respelled"), (7, 1, 2))[0]
        _write(hand, hand.either(case), case.who, kind)


def initial(hand: Hand, cases: list[Case]) -> None:
    """« J.-B. »."""
    for case in cases:
        _write(hand, case.row.cells, case.who, "initial")


def swapped_names(hand: Hand, cases: list[Case]) -> None:
    """Last and first name in each other's column."""
    for case in cases:
        _write(hand, hand.either(case), case.who, "swapped")


def _write(hand: Hand, cells: Cells, who: Somebody, kind: str) -> None:
    cells.last, cells.first = FORMS[kind](hand.chance, who)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def no_number(_: Hand, cases: list[Case]) -> None:
    """The name as it should be, and no number."""
    for case in cases:
        case.row.cells.number = ""


def no_number_near(hand: Hand, cases: list[Case]) -> None:
    """No number, and the name nearly right."""
    hand.chance.choice((form, slipped, form, married))(hand, cases)
    no_number(hand, cases)


def no_address(_: Hand, cases: list[Case]) -> None:
    """The name as it should be; no number, no mailbox, no telephone."""
    for case in cases:
        cells = case.row.cells
        cells.number = cells.email = cells.phone = ""


def wrong_key(hand: Hand, cases: list[Case]) -> None:
    """A figure wrong, or two in the wrong order: the key does not pass."""
    for case in cases:
        case.row.cells.number = mistyped(hand.chance, case.row.cells.number)


def mistyped(chance: Random, number: str) -> str:
    """With one figure changed. (A CPE number has no key: its last figure changes, and it is nobody's.)"""
    at = len(number) - 1 if "/" in number else chance.randrange(4, len(number))
    old = number[at]
    return number[:at] + chance.choice([one for one in "0123456789" if one != old]) + number[at + 1 :]


def adeli(hand: Hand, cases: list[Case]) -> None:
    """The number of before, on the account or the line; the correspondence has it."""
    for case in cases:
        if case.who.registered:
            hand.either(case).number = case.who.adeli


def adeli_unlinked(hand: Hand, cases: list[Case]) -> None:
    """The same, and no correspondence has it."""
    for case in cases:
        if case.who.registered:
            hand.either(case).number = case.who.adeli
            hand.without_link.add(case.who.adeli)


def serial(hand: Hand, cases: list[Case]) -> None:
    """The number of the card, not of the person."""
    for case in cases:
        if case.who.registered:
            shown = f"999{case.who.serial:07d}"
            hand.serials[shown] = case.who.number
            case.row.cells.number = shown


def account_without(hand: Hand, cases: list[Case]) -> None:
    """The annuaire has no number, or one whose key does not pass."""
    for case in cases:
        if case.account:
            case.account.number = hand.chance.choice(("", mistyped(hand.chance, case.account.number)))


def two_ordinary(hand: Hand, cases: list[Case]) -> None:
    """Two of these at once."""
    hand.chance.choice((form, married, slipped, nickname, swapped_names, initial))(hand, cases)
    hand.chance.choice((no_number, wrong_key, account_without, adeli, no_address))(hand, cases)


# ── who comes, goes and moves ────────────────────────────────────────────────────────────────────


def new_contact(hand: Hand, cases: list[Case]) -> None:
    """Another mailbox, another telephone."""
    for case in cases:
        case.row.cells.email = f"nouveau.{case.who.serial}@es{case.who.place[:8].lower()}.example.org"
        case.row.cells.phone = telephone(hand.chance)


def left_said(_: Hand, cases: list[Case]) -> None:
    """« Parti », or an end date."""
    for case in cases:
        case.row.left = True


def left_absent(_: Hand, cases: list[Case]) -> None:
    """No line any more."""
    for case in cases:
        case.rows.clear()


def newcomer(_: Hand, cases: list[Case]) -> None:
    """A line, and no account."""
    for case in cases:
        case.account = None


def newcomer_bare(hand: Hand, cases: list[Case]) -> None:
    """The same, without a number."""
    newcomer(hand, cases)
    no_number(hand, cases)


def moved(hand: Hand, cases: list[Case]) -> None:
    """The account is where they were, the line where they are. (A CPE number stays behind: then it is two people.)"""
    for case in filter(_registered, cases):
        case.row.at = Assignment(hand.place(case.home.structure_code), "ASSISTANT", "")
        if hand.chance.random() < 0.5:
            case.row.cells.email = f"ailleurs.{case.who.serial}@es{case.row.at.structure_code[:8].lower()}.example.org"


def moved_bare(hand: Hand, cases: list[Case]) -> None:
    """The same, without a number."""
    moved(hand, cases)
    no_number(hand, cases)


def two_posts(hand: Hand, cases: list[Case]) -> None:
    """One person of two hospitals: two functions, two lines, the second in short."""
    for case in filter(_registered, cases):
        other = Assignment(hand.place(case.home.structure_code), "ASSISTANT", "")
        case.held.append(other)
        cells = replace(case.row.cells)
        case.rows.append(Row(cells, other))
        if hand.chance.random() < 0.3:
            cells.number = ""


def _registered(case: Case) -> bool:
    return case.who.registered


# ── who looks like whom ──────────────────────────────────────────────────────────────────────────


def name_like(case: Case, other: Case, *, last: str, first: str) -> None:
    """Give one a name that has to do with the other's, as if born with it; "" keeps their own."""
    last, first = last or case.who.last, first or case.who.first
    birth = last if last != case.who.last else case.who.birth
    sex = other.who.sex if first != case.who.first else case.who.sex
    case.who, case.registered_as = replace(case.who, last=last, birth=birth, first=first, sex=sex), (last, first)
    for cells in (case.account, *(row.cells for row in case.rows)):
        if cells:
            cells.last, cells.first, cells.civility = last, first, "Mme" if sex == "F" else "M."


def namesakes_here(_: Hand, cases: list[Case]) -> None:
    """Two of one name at one hospital, each with a number."""
    name_like(cases[1], cases[0], last=cases[0].who.last, first=cases[0].who.first)


def namesakes_blind(hand: Hand, cases: list[Case]) -> None:
    """The same, one of them with nothing but the name: nobody could tell."""
    namesakes_here(hand, cases)
    no_address(hand, cases[1:])
    if hand.chance.random() < 0.3:
        newcomer(hand, cases[1:])


def relatives(hand: Hand, cases: list[Case]) -> None:
    """One last name, first names that begin alike or not, often one telephone; one of them without a number."""
    first = "Camille" if cases[1].who.first == cases[0].who.first else ""
    name_like(cases[1], cases[0], last=cases[0].who.last, first=first)
    if hand.chance.random() < 0.5:
        cases[1].row.cells.phone = cases[0].row.cells.phone
    if hand.chance.random() < 0.5:
        no_number(hand, cases[1:])


KINDS: tuple[Kind, ...] = (
    Kind("form", 20, form),
    Kind("nickname", 14, nickname),
    Kind("married", 20, married),
    Kind("slip", 20, slipped),
    Kind("initial", 10, initial),
    Kind("swapped_names", 8, swapped_names),
    Kind("no_number", 28, no_number),
    Kind("no_number_near", 65, no_number_near),
    Kind("no_address", 66, no_address),
    Kind("wrong_key", 38, wrong_key),
    Kind("adeli", 8, adeli),
    Kind("adeli_unlinked", 8, adeli_unlinked),
    Kind("serial", 6, serial),
    Kind("account_without", 25, account_without),
    Kind("two_ordinary", 115, two_ordinary),
    Kind("new_contact", 10, new_contact),
    Kind("left_said", 12, left_said),
    Kind("left_absent", 14, left_absent),
    Kind("newcomer", 16, newcomer),
    Kind("newcomer_bare", 9, newcomer_bare),
    Kind("moved", 12, moved),
    Kind("moved_bare", 6, moved_bare),
    Kind("two_posts", 7, two_posts),
    Kind("namesakes_here", 6, namesakes_here, 2, 2),
    Kind("namesakes_blind", 6, namesakes_blind, 2, 2),
    Kind("relatives", 8, relatives, 2, 2),
)
