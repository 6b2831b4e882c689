"""Two and three errors at once, on one person: played apart (`--harder`), for the goals are about one at a time."""

from dataclasses import replace

from benchmarks.consequences import naming
from benchmarks.consequences.cases import Case, Row
from benchmarks.consequences.mixups import akin, from_directory, line_of, pasted_above, shifted
from benchmarks.consequences.ordinary import (
    Hand,
    Kind,
    account_without,
    form,
    initial,
    married,
    name_like,
    namesakes_here,
    newcomer,
    nickname,
    no_number,
    slipped,
    swapped_names,
    wrong_key,
)
from schemas.people.assignment import Assignment
from tests.matching.invented_people import telephone
from tests.matching.writing import slip


def three_ordinary(hand: Hand, cases: list[Case]) -> None:
    """Two things wrong with the name, one with the number, and sometimes no mailbox or another."""
    for spoil in hand.chance.sample((form, married, slipped, nickname, swapped_names, initial), 2):
        spoil(hand, cases)
    hand.chance.choice((no_number, wrong_key, account_without))(hand, cases)
    for case in cases:
        case.row.cells.email = hand.chance.choice((case.row.cells.email, "", _by_name(case)))


def anothers_and_two(hand: Hand, cases: list[Case]) -> None:
    """Another's number on the line, and two things wrong with the name, in each other's place now and then."""
    akin(hand, cases)
    hand.chance.choice((pasted_above, shifted))(line_of, hand, cases)
    for case in cases[1:]:
        for spoil in hand.chance.sample((form, slipped, nickname, swapped_names, initial), 2):
            spoil(hand, [case])


def slip_of_a_namesake(hand: Hand, cases: list[Case]) -> None:
    """The number of somebody of the directory, and a slip in the name that is theirs too."""
    from_directory(line_of, hand, cases)
    for case in cases:
        cells = case.row.cells
        cells.last = slip(hand.chance, cells.last)


def all_filled_down(hand: Hand, cases: list[Case]) -> None:
    """Number, mailbox and telephone of the first one all the way down; of some only the last name stands there."""
    first = line_of(cases[0])
    for case in cases[1:]:
        cells = line_of(case)
        cells.number, cells.email, cells.phone = first.number, first.email, first.phone
        case.carries = case.carries or cells.number not in case.numbers
        if hand.chance.random() < 0.2:
            cells.first = ""


def married_bare(hand: Hand, cases: list[Case]) -> None:
    """A new name and its mailbox, no number; the telephone is as it was. The first name has a slip, or is not there."""
    for case in cases:
        assert case.account is not None
        husband = naming.last_name(hand.chance, naming.ORIGINS[0])
        cells, phone = case.row.cells, telephone(hand.chance)
        case.account.phone = cells.phone = phone
        case.who = replace(case.who, last=hand.chance.choice((husband, f"{husband} née {case.who.birth}")))
        cells.last, cells.number, cells.email = case.who.last, "", _by_name(case)
        cells.first = hand.chance.choice((cells.first, slip(hand.chance, cells.first), ""))


def second_of_the_name(hand: Hand, cases: list[Case]) -> None:
    """A newcomer of a colleague's very name, without a number, has addresses of their own."""
    namesakes_here(hand, cases)
    newcomer(hand, cases[1:])
    no_number(hand, cases[1:])
    cases[1].row.cells.email, cases[1].row.cells.phone = cases[1].who.email, cases[1].who.phone


def a_relative_lends_the_number(hand: Hand, cases: list[Case]) -> None:
    """Of two posts one line has the number of somebody of nearly the name, told of for certain at another hospital."""
    person, other = cases
    name_like(other, person, last=slip(hand.chance, person.who.last), first=person.who.first)
    place = Assignment(hand.place(person.home.structure_code), "ASSISTANT", "")
    person.held.append(place)
    person.rows.append(Row(replace(person.row.cells, number=other.who.number), place))
    person.carries = person.carries or other.who.number not in person.numbers


def in_one_cell(hand: Hand, cases: list[Case]) -> None:
    """Both names in the cell of the first one, and nothing or another's number beside them."""
    for case in cases:
        cells = case.row.cells
        cells.first, cells.last = f"{cells.last.upper()} {cells.first}", ""
    hand.chance.choice((no_number, wrong_key))(hand, cases)


def _by_name(case: Case) -> str:
    """A mailbox of the hospital that is made of the present name."""
    return f"{case.who.first[:1]}.{case.who.last.split()[0]}@es{case.who.place[:8]}.example.org".lower()


KINDS: tuple[Kind, ...] = (
    Kind("three_ordinary", 160, three_ordinary),
    Kind("anothers_and_two", 160, anothers_and_two, 2, 3, False),
    Kind("slip_of_a_namesake", 60, slip_of_a_namesake, 1, 1, False),
    Kind("all_filled_down", 80, all_filled_down, 3, 6, False),
    Kind("married_bare", 60, married_bare),
    Kind("second_of_the_name", 30, second_of_the_name, 2, 2, False),
    Kind("a_relative_lends_the_number", 30, a_relative_lends_the_number, 2, 2, False),
    Kind("in_one_cell", 40, in_one_cell),
)
