"""The cards of an extract of holders, each made of its row when somebody asks for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from sys import intern
from typing import NamedTuple, overload

from pipelines.normalize import add_years, parse_date
from pipelines.sources.national.deferred import LastUsed
from schemas.people.card import Card
from schemas.people.identifiers import classify_cpx, rpps_is_valid
from schemas.text_rows import ReadRows, TextPlaces

_DATES = ("starts_on", "ends_on", "opposed_on")
CARD_COLUMNS = ("national_id", "card_type", "serial", "content_id", *_DATES)
_LENGTH = len("899700000013")  # of a national identification


class CardDays(NamedTuple):
    """The days of a card."""

    starts_on: date | None
    ends_on: date
    opposed_on: date | None


class ReadCards(Sequence[Card]):
    """Cards in the order of their holders. `aside`: the rows that are none, with the dates that cannot be read;
    `without_end`: those whose end follows from their start; `places`: at which rows each holder stands.
    """

    def __init__(self, rows: ReadRows, validity_years: int) -> None:
        self._rows, self._years = rows, validity_years
        self._at = [rows.columns.index(name) if name in rows.columns else -1 for name in CARD_COLUMNS]
        self._read = _Days()
        self.aside: dict[int, Sequence[str]] = {}
        self.without_end: list[int] = []
        read = self._read
        for at, (starts, ends, opposed) in enumerate(zip(*map(rows.texts, _DATES), strict=True)):
            if not read[ends] or not (read[starts] or not starts) or not (read[opposed] or not opposed):
                self._look_closer(at, starts, ends, opposed)
        holders = rows.texts("national_id")
        self.places = TextPlaces(holders, frozenset(self.aside)) if self.aside else rows.places("national_id")
        self._several = _perhaps_anothers(rows.texts("content_id"), holders)
        self._made: LastUsed[str, tuple[Card, ...]] = LastUsed()

    def _look_closer(self, at: int, *dates: str) -> None:
        unread = [name for name, text in zip(_DATES, dates, strict=True) if text and self._read[text] is None]
        starts, ends, _ = dates
        if unread or not (starts or ends):
            self.aside[at] = unread
        elif not ends:
            self.without_end.append(at)

    def let_go(self) -> None:
        """Forget the columns of text, which have been gone through: a card is made of its row."""
        self._rows.let_go(CARD_COLUMNS)

    def days(self, at: int) -> CardDays:
        """Return the days of the card of a row."""
        return self._days_of(self._cells(self._rows.row(at))[4:])

    def _cells(self, row: Sequence[str]) -> list[str]:
        return ["" if place < 0 else row[place] for place in self._at]

    def _days_of(self, dates: Iterable[str]) -> CardDays:
        start, end, opposed_on = map(self._read.__getitem__, dates)
        if end is None:
            assert start is not None
            end = add_years(start, self._years)
        return CardDays(start, end, opposed_on)

    def of(self, holder: str) -> tuple[Card, ...]:
        """Return somebody's cards, each once; () where there is none."""
        found = self._made.get(holder)
        if found is None:
            found = self._made[holder] = self._cards(self.places[holder]) if holder in self.places else ()
        return found

    def _cards(self, rows: Iterable[int]) -> tuple[Card, ...]:
        """Each once, in order."""
        cards = {}
        for at in rows:
            holder, kind, serial, content, *dates = self._cells(self._rows.row(at))
            days, number = self._days_of(dates), _number_in(content)
            order = (serial, kind, number, str(days.ends_on), str(days.starts_on), str(days.opposed_on))
            cards[order] = Card(intern(holder), intern(kind), serial, number, *days)
        return tuple(cards[order] for order in sorted(cards))

    def with_another_number(self) -> Iterator[Card]:
        """Yield the cards that may carry another number than their holder's: few do."""
        for holder in self._several:
            yield from self.of(holder)

    def serials(self) -> Iterator[tuple[str, str]]:
        """Yield (serial, holder) of every row that is a card."""
        both = zip(self._rows.texts("serial"), self._rows.texts("national_id"), strict=True)
        return (one for at, one in enumerate(both) if at not in self.aside)

    def in_order(self, holders: Iterable[str]) -> Sequence[str]:
        """Return some of the holders in the order of their cards."""
        return sorted(holders)

    def __iter__(self) -> Iterator[Card]:
        for holder in sorted(self.places):
            yield from self.of(holder)

    @cached_property
    def _all(self) -> tuple[Card, ...]:
        return tuple(iter(self))  # of itself it would ask how many there are

    @overload
    def __getitem__(self, at: int) -> Card: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Card, ...]: ...
    def __getitem__(self, at: int | slice) -> Card | tuple[Card, ...]:
        return self._all[at]

    def __len__(self) -> int:
        return len(self._all)

    def __bool__(self) -> bool:
        return len(self.places) > 0


class GivenCards:
    """The same of cards that are made already, in the order in which they came."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.places: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            self.places[card.holder].append(card)

    def of(self, holder: str) -> tuple[Card, ...]:
        """Return somebody's cards; () where there is none."""
        return tuple(self.places.get(holder, ()))

    def in_order(self, holders: Iterable[str]) -> Sequence[str]:
        """Return some of the holders in the order of their cards."""
        some = frozenset(holders)
        return [holder for holder in self.places if holder in some]

    def serials(self) -> Iterator[tuple[str, str]]:
        """Yield (serial, holder) of every card."""
        return ((card.serial, holder) for holder, cards in self.places.items() for card in cards)


def holders_of(cards: Collection[Card]) -> Collection[str]:
    """Return who holds any of the cards."""
    return cards.places.keys() if isinstance(cards, ReadCards) else {card.holder for card in cards}


def _perhaps_anothers(contents: Iterable[str], holders: Iterable[str]) -> Sequence[str]:
    """The holders of whom a card may carry another number: few."""
    both = zip(contents, holders, strict=True)
    return sorted({holder for inside, holder in both if inside and not (inside == holder and _is_rpps_like(inside))})


def _is_rpps_like(content: str) -> bool:
    return len(content) == _LENGTH and content[0] == "8" and content.isascii() and content.isdigit()


class _Days(dict[str, date | None]):
    """What is written → the day, None where none is: there are some thousands, and millions of cards."""

    def __missing__(self, text: str) -> date | None:
        found = self[text] = parse_date(text)[0] if text else None
        return found


def _number_in(content: str) -> str:
    """What a card carries, where it is a number."""
    if len(content) == _LENGTH and content[0] == "8" and content.isascii() and rpps_is_valid(content[1:]):
        return intern(content)  # nearly always, and reading whatever may be typed takes ten times as long
    reading = classify_cpx(content)
    return intern(reading.number) if reading.usable else ""
