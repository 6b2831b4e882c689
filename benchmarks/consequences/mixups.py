"""Somebody carries another's number: pasted, swapped, shifted, filled down, picked in the directory, overwritten."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.consequences.cases import Case, Cells
from benchmarks.consequences.ordinary import (
    Hand,
    Kind,
    form,
    initial,
    married,
    name_like,
    newcomer,
    nickname,
    slipped,
    wrong_key,
)

Side = Callable[[Case], Cells]


def line_of(case: Case) -> Cells:
    """What the workbook has."""
    return case.row.cells


def account_of(case: Case) -> Cells:
    """What the annuaire has."""
    assert case.account is not None
    return case.account


def _give(side: Side, case: Case, number: str) -> None:
    side(case).number = number
    case.carries = case.carries or number not in ("", *case.numbers)


def pasted_above(side: Side, hand: Hand, cases: list[Case]) -> None:
    """The number of the row above; one time in four on a line its mailbox too."""
    _give(side, cases[1], side(cases[0]).number)
    if side is line_of and hand.chance.random() < 0.25:
        line_of(cases[1]).email = line_of(cases[0]).email


def pasted_below(side: Side, hand: Hand, cases: list[Case]) -> None:
    """The number of the row below."""
    pasted_above(side, hand, cases[::-1])


def swapped(side: Side, _: Hand, cases: list[Case]) -> None:
    """Each has the other's; the first and the last of up to four rows."""
    one, other = cases[0], cases[-1]
    mine, theirs = side(one).number, side(other).number
    _give(side, one, theirs)
    _give(side, other, mine)


def shifted(side: Side, hand: Hand, cases: list[Case]) -> None:
    """Over a run of rows each has the number of the one above, or below; the first has none, its own, or the last's."""
    run = cases if hand.chance.random() < 0.5 else cases[::-1]
    before = [side(case).number for case in run]
    for case, number in zip(run[1:], before, strict=False):
        _give(side, case, number)
    _give(side, run[0], hand.chance.choice(("", before[0], before[-1])))


def filled_down(side: Side, _: Hand, cases: list[Case]) -> None:
    """The first one's number all the way down."""
    for case in cases[1:]:
        _give(side, case, side(cases[0]).number)


def from_directory(side: Side, hand: Hand, cases: list[Case]) -> None:
    """The wrong one in the list that the public directory gives: of this very name, elsewhere; or of half of it."""
    for case in cases:
        job = case.who.profession if case.who.registered else "60"
        alike = hand.chance.random()
        who = hand.births.person(
            hand.place(case.who.place),
            last=case.who.last if alike < 0.75 else "",
            first=case.who.first if alike < 0.45 or alike >= 0.75 else "",
            sex=case.who.sex,
            job=job,
        )
        hand.strangers.append((who, who.place))
        _give(side, case, who.number)


def akin(hand: Hand, cases: list[Case]) -> None:
    """Sometimes the people of a mix-up have a first name, a last name, or half of one in common."""
    turn = hand.chance.random() / hand.births.mind.akin
    for case in cases[1:]:
        if turn < 0.6:
            name_like(case, cases[0], last="", first=cases[0].who.first)
        elif turn < 0.9:
            name_like(case, cases[0], last=cases[0].who.last, first="")
        elif turn < 1:
            name_like(case, cases[0], last=f"{cases[0].who.last}-{case.who.birth}", first="")


def _without_line_numbers(hand: Hand, cases: list[Case]) -> None:
    """Three times in ten the lines of wrong accounts have no number that could set them right."""
    if hand.chance.random() < 0.3:
        for case in cases:
            line_of(case).number = ""


def on_accounts(mix: Callable[[Side, Hand, list[Case]], None]) -> Callable[[Hand, list[Case]], None]:
    """The mix-up in the annuaire."""

    def spoil(hand: Hand, cases: list[Case]) -> None:
        akin(hand, cases)
        mix(account_of, hand, cases)
        _without_line_numbers(hand, cases)

    return spoil


def on_lines(mix: Callable[[Side, Hand, list[Case]], None]) -> Callable[[Hand, list[Case]], None]:
    """The mix-up in the workbook."""

    def spoil(hand: Hand, cases: list[Case]) -> None:
        akin(hand, cases)
        mix(line_of, hand, cases)

    return spoil


def two_accounts(hand: Hand, cases: list[Case]) -> None:
    """One number on two accounts, of people who do not stand side by side."""
    akin(hand, cases)
    _give(account_of, cases[-1], account_of(cases[0]).number)


def successor(hand: Hand, cases: list[Case]) -> None:
    """Somebody new, registered here, wrote her name over the row: number and mailbox are the one's before."""
    _overwrite(hand, cases, here=True)


def successor_unknown(hand: Hand, cases: list[Case]) -> None:
    """The same, and the register does not know her here."""
    _overwrite(hand, cases, here=False)


def _overwrite(hand: Hand, cases: list[Case], *, here: bool) -> None:
    """The last case is the successor: of nobody's account; the first loses the row."""
    before, after = cases
    chance = hand.chance
    like = chance.random()
    first = before.who.first if like < 0.25 else ""
    last = before.who.last if 0.25 <= like < 0.3 else ""
    who = hand.births.person(before.who.place, first=first, last=last, sex=before.who.sex if first else "",
                             job=before.who.profession)  # fmt: skip
    newcomer(hand, [after])
    after.who, after.home, after.held = who, before.home, []
    after.registered, after.active_there = who.registered and (here or chance.random() < 0.5), here
    after.registered_as = (who.last, who.first)
    kept = replace(line_of(before), last=who.last, first=who.first)
    if chance.random() < 0.3:
        kept.phone = who.phone
    if chance.random() < 0.5:
        kept.civility = "Mme" if who.sex == "F" else "M."
    after.row.cells, after.row.at = kept, before.row.at
    after.carries = True
    before.blind = after.blind = bool(first) and not (here and who.registered)  # she may as well have married
    before.rows.clear()


def two_things(hand: Hand, cases: list[Case]) -> None:
    """Another's number, and something else beside it."""
    chance = hand.chance
    side = account_of if chance.random() < 0.4 else line_of
    mix = chance.choice((pasted_above, swapped, from_directory))
    mix(side, hand, cases[1:] if mix is from_directory else cases)
    spoil = chance.choice((slipped, married, nickname, form, initial, wrong_key if side is account_of else slipped))
    spoil(hand, cases[1:])


Mix = Callable[[Side, Hand, list[Case]], None]
_MIXES: Sequence[tuple[str, float, Mix, int, int]] = (  # share in thousandths of the lines, people of one mix-up
    ("pasted_above", 40, pasted_above, 2, 2),
    ("pasted_below", 18, pasted_below, 2, 2),
    ("swapped", 17, swapped, 2, 4),
    ("shifted", 19, shifted, 3, 8),
    ("filled_down", 19, filled_down, 3, 6),
    ("from_directory", 32, from_directory, 1, 1),
)

KINDS: tuple[Kind, ...] = (
    *(Kind(f"line_{name}", share, on_lines(mix), least, most, False) for name, share, mix, least, most in _MIXES),
    *(Kind(f"account_{name}", share, on_accounts(mix), least, most, False) for name, share, mix, least, most in _MIXES),
    Kind("two_accounts", 14, two_accounts, 3, 6, False),
    Kind("successor", 44, successor, 2, 2, False),
    Kind("successor_unknown", 24, successor_unknown, 2, 2, False),
    Kind("two_things", 24, two_things, 2, 2, False),
)
