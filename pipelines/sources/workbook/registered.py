"""Whom the registers know, beside the annuaire: they too decide between several readings of a file (contract §3)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from pipelines.sources.cells.known_people import Known, People, thresholds
from pipelines.sources.national.consolidate import Register, current_card
from pipelines.sources.workbook.rows import JudgedWorkbook


def with_register(people: People, register: Register, structures: Collection[str], day: date) -> People:
    """Return the people of the annuaire, and those of the registers that it does not have, by their numbers alone.

    `structures`: codes of the annuaire; where else somebody works says nothing of a row.
    """
    beside = frozenset(register.persons.keys() - people.by_number.keys())
    if not beside:
        return people
    known = _Known(people.by_number, register, frozenset(structures), day)
    return replace(people, by_number=known, registered=beside)


class _Known(Mapping[str, Known]):
    """Of the registers' people only those are made known whose number stands somewhere: most are namesakes."""

    def __init__(self, own: Mapping[str, Known], register: Register, structures: frozenset[str], day: date) -> None:
        self._own, self._register, self._structures, self._day = own, register, structures, day

    def __getitem__(self, number: str) -> Known:
        if number in self._own:
            return self._own[number]
        person = self._register.persons[number]
        card = current_card(self._register.cards.get(number, ()), self._day)
        ends = card.ends_on.isoformat() if card and card.ends_on else ""
        return Known(person.last_name, person.first_name, ends, person.finess.intersection(self._structures))

    def __contains__(self, number: object) -> bool:
        return number in self._own or number in self._register.persons

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **self._register.persons})

    def __len__(self) -> int:
        return len(self._own.keys() | self._register.persons.keys())


def worth_reading_again(judged: JudgedWorkbook, before: People, after: People) -> bool:
    """Tell whether so many of its people are known by the registers alone that they could decide what was left open."""
    known = [number for number in _typed(judged) if number in after.by_number]
    newly = sum(number not in before.by_number for number in known)
    return newly > 0 and len(known) >= thresholds()["least"]


def may_be_read_again(judged: JudgedWorkbook, people: People) -> bool:
    """Tell whether a number stands in it that nobody has, and that the registers may know."""
    return any(number not in people.by_number for number in _typed(judged))


def _typed(judged: JudgedWorkbook) -> set[str]:
    typed = {number for line in judged.lines for number in line.typed_numbers}
    return typed | {number for row in judged.unread for number in row.numbers}


def numbers_unread(workbooks: Iterable[JudgedWorkbook]) -> list[str]:
    """Return the numbers of rows that could not be placed: the registers are asked of them too."""
    return sorted({number for one in workbooks for row in one.unread for number in row.numbers})
