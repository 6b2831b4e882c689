"""The national files together: who a number is, which card counts, what is true of a person and from where."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pipelines.names import full_key, spellings
from pipelines.sources.national.deferred import Deferred, LastUsed
from pipelines.sources.national.known_persons import SeenPersons, seen_beside
from pipelines.sources.national.read_cards import GivenCards, ReadCards
from schemas.nomenclatures import code_of
from schemas.one_or_several import under
from schemas.people.card import Card
from schemas.people.identifiers import CpxReading, NumberKind, kind_of
from schemas.people.person import CurrentCard, RegisterPerson


@dataclass(frozen=True)
class Register:
    """The national files of tonight, for those who concern us.

    `persons_read` / `cards_read`: the file could be used; without it nothing is concluded from an absence.
    `cards_certain`: it has the columns that say which card opens e-FIT; without them no card is usable for certain.
    `configured`: the deployment has a register at all; without one the workbooks' numbers are taken as they are.
    `unread`: numbers met in quarantined rows; unreadable is not gone, so nothing is concluded about them.
    `links`: ADELI → RPPS, of the correspondence (`crosswalk`) and of cards that still carry an ADELI number.
    `forks`: ADELI → the several RPPS that those lead to, of which none is certain.
    `by_name`: everybody of a name (`full_key`), the one alone where there is no other.
    """

    persons: Mapping[str, RegisterPerson] = field(default_factory=dict)
    cards: Mapping[str, tuple[Card, ...]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    persons_read: bool = True
    cards_read: bool = True
    cards_certain: bool = True
    configured: bool = True
    unread: frozenset[str] = frozenset()
    crosswalk: frozenset[str] = frozenset()
    by_name: Mapping[str, str | list[str]] = field(default_factory=dict)
    by_serial: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _known(self) -> SeenPersons:
        return seen_beside(self.persons)

    @cached_property
    def _at_places(self) -> dict[str, dict[str, list[str]]]:
        """Name → its namesakes by where they work, put in order when the first asks of that name."""
        return {}

    @cached_property
    def _by_professions(self) -> dict[str, dict[tuple[str, ...], list[str]]]:
        """The same, by what they work as."""
        return {}

    def resolve(self, number: str) -> str:
        """Return the number a person has now: the RPPS of an ADELI where one is known, else the number itself."""
        return self.links.get(number, number)

    def led_to(self, number: str) -> tuple[str, ...]:
        """Return the several persons of the register that an ADELI number leads to; () where it leads to one, or to
        nobody.
        """
        return tuple(key for key in self.forks.get(number, ()) if key in self.persons)

    def knows(self, number: str) -> bool:
        """Tell whether the register has the person behind the number."""
        return self.resolve(number) in self.persons

    def namesakes(self, last_name: str, first_name: str) -> tuple[str, ...]:
        """Return national identifications of all persons of exactly this name, wherever they work."""
        return _once(under(self.by_name, full_key(last_name, first_name)))

    def namesakes_as(self, last_name: str, first_name: str, professions: frozenset[str]) -> Iterator[str]:
        """Yield those of them who may work as one of these; everybody may where nothing is known, or told."""
        name = full_key(last_name, first_name)
        known = self._by_professions.get(name)
        if known is None:
            named = _once(under(self.by_name, name))
            known = self._known.by_professions(named)
            if len(named) > 1:  # most names are one person's
                self._by_professions[name] = known
        for theirs, keys in known.items():
            if not professions or not theirs or not professions.isdisjoint(theirs):
                yield from keys

    def silent_about(self, number: str) -> bool:
        """Tell whether a row about this number was quarantined: what the files lack or differ in means nothing
        tonight.
        """
        return self.resolve(number) in self.unread

    def name_of(self, number: str) -> tuple[str, str] | None:
        """Return last and first name of the person of a number, who is not made for it; None where nobody has it."""
        return self._known.name_of(number) if number in self.persons else None

    def professions_of(self, key: str) -> tuple[str, ...]:
        """Return what one of its persons works as."""
        return self._known.professions_of(key)

    def finess_of(self, key: str) -> frozenset[str]:
        """Return where one of its persons works."""
        return self._known.finess_of(key)

    def named(self, last_name: str, first_name: str, finess: Iterable[str]) -> tuple[str, ...]:
        """Return national identifications of the persons of this name who work at one of these establishments.

        Of exactly this name where there is one; else last and first swapped, in another order, without its particle.
        """
        places = frozenset(finess)
        for spelling in spellings(last_name, first_name):
            if found := self.working_at(spelling, places):
                return _once(tuple(sorted(found)))
        return ()

    def working_at(self, name: str, places: frozenset[str]) -> set[str]:
        """Return national identifications of all persons of a name (`full_key`) who work at one of these places."""
        named = under(self.by_name, name)
        if len(named) < 2:  # as nearly always
            return {key for key in named if not places.isdisjoint(self._known.finess_of(key))}
        known = self._at_places.get(name)
        if known is None:
            known = self._at_places[name] = self._known.by_place(named)
        return {key for place in places if place in known for key in known[place]}


def _once(found: Sequence[str]) -> tuple[str, ...]:
    """Without the ADELI numbers where an RPPS one has the name: the frozen register still has those who moved."""
    return tuple(key for key in found if key.startswith("8")) or tuple(found)


def consolidate(
    persons: Mapping[str, RegisterPerson],
    cards: Iterable[Card],
    links: Mapping[str, str],
    *,
    persons_read: bool = True,
    cards_read: bool = True,
    cards_certain: bool = True,
    configured: bool = True,
    unread: Iterable[str] = (),
    crosswalk: Iterable[str] = (),
    forks: Mapping[str, tuple[str, ...]] | None = None,
) -> Register:
    """Return one register of the files: cards by their holder's present number, persons by name, serials by holder."""
    held = cards if isinstance(cards, ReadCards) else GivenCards(cards)
    return Register(
        persons=persons,
        cards=_CardsNow(held, links),
        links=links,
        persons_read=persons_read,
        cards_read=cards_read,
        cards_certain=cards_certain,
        configured=configured,
        crosswalk=frozenset(crosswalk),
        unread=frozenset(links.get(number, number) for number in unread),
        by_name=_by_name(persons, links),
        by_serial=Deferred(lambda: _by_serial(held, links)),
        forks=forks or {},
    )


def _by_name(persons: Mapping[str, RegisterPerson], links: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Name → everybody of that name; nearly always one, for whom a list of its own would take as much again."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, last, first in seen_beside(persons).names():
        if key not in links:  # an ADELI line whose person is in the RPPS is the same person twice
            found[last, first].append(key)
    alike: dict[str, list[str]] = defaultdict(list)
    for name, keys in found.items():
        alike[full_key(*name)] += keys
    return {key: sorted(keys) if len(keys) > 1 else keys[0] for key, keys in alike.items()}


def _by_serial(held: ReadCards | GivenCards, links: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Serial → whose cards have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for serial, holder in held.serials():
        found[serial].add(links.get(holder, holder))
    return {serial: tuple(sorted(holders)) for serial, holders in found.items()}


def _numbers_before(held: ReadCards | GivenCards, links: Mapping[str, str]) -> dict[str, list[str]]:
    """A person's present number → the others under which there are cards of theirs."""
    found: dict[str, list[str]] = defaultdict(list)
    for number in held.in_order(links.keys() & held.places.keys()):
        found[links[number]].append(number)
    return dict(found)


class _CardsNow(Mapping[str, tuple[Card, ...]]):
    """A person's present number → their cards, made when they are asked for."""

    def __init__(self, held: ReadCards | GivenCards, links: Mapping[str, str]) -> None:
        self._held, self._links = held, links
        self._found: LastUsed[str, tuple[Card, ...]] = LastUsed()
        self._before = _numbers_before(held, links)

    def __getitem__(self, key: str) -> tuple[Card, ...]:
        found = self._found.get(key)
        if found is None:
            numbers = self._numbers(key)
            if not numbers:
                raise KeyError(key)
            cards = (card for number in numbers for card in self._held.of(number))
            found = self._found[key] = tuple(_with_own_number(card, key, self._links) for card in cards)
        return found

    def _numbers(self, key: str) -> Sequence[str]:
        """Those under which there are cards of somebody."""
        own = (key,) if key in self._held.places and key not in self._links else ()
        return self._held.in_order({*own, *self._before[key]}) if key in self._before else own

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self._numbers(key))

    def __iter__(self) -> Iterator[str]:
        return iter({self._links.get(number, number): None for number in self._held.in_order(self._held.places)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _with_own_number(card: Card, holder: str, links: Mapping[str, str]) -> Card:
    """The card without the number in it where that is somebody else's: an error of the file is no number of hers."""
    inside = links.get(card.content_id, card.content_id)
    if not inside or inside == holder or kind_of(inside) is not NumberKind.RPPS:
        return card
    return replace(card, content_id="")


def settle_serial(reading: CpxReading, register: Register) -> tuple[CpxReading, str]:
    """Return (reading, code): a serial number becomes its only holder's number (SERIAL_RESOLVED), else CPX_SERIAL.

    Nothing is said of a serial while the cards could not be read: code "".
    """
    if reading.kind is not NumberKind.SERIAL or not register.cards_read:
        return reading, ""
    holders = register.by_serial.get(reading.number, ())
    if len(holders) != 1:
        return replace(reading, number="", kind=NumberKind.NONE), "CPX_SERIAL"
    return replace(reading, number=holders[0], kind=kind_of(holders[0])), "SERIAL_RESOLVED"


def current_card(cards: Iterable[Card], day: date) -> CurrentCard | None:
    """Return contract §6: among the usable ones the one that ends last; none usable: the one that ended last."""
    known = sorted(cards, key=lambda card: (card.ends_on, card.serial))
    usable = [card for card in known if card.usable(day)]
    if usable:
        best = usable[-1]
        later = any(c.ends_on > best.ends_on and not c.opposed(day) for c in known)
        return _current(best, "valid", successor=later)
    started = [card for card in known if card.started(day)]
    if not started:
        return _current(known[-1], "not_started") if known else None
    last = max(started, key=lambda card: (card.ended_on(), card.ends_on, card.serial))
    by_opposition = (last.opposed(day) and last.ended_on() < last.ends_on) or (
        last.opposed(day) and last.ends_on >= day
    )
    begins = (card.starts_on for card in known if card.starts_on and card.starts_on > day and not card.opposed_on)
    return _current(last, "opposed" if by_opposition else "expired", next_on=min(begins, default=None))


def _current(card: Card, state: str, *, successor: bool = False, next_on: date | None = None) -> CurrentCard:
    return CurrentCard(
        card_type=code_of("card_types", card.card_type),
        ends_on=card.ends_on,
        state=state,
        number=card.content_id or card.holder,
        source=card.source,
        successor=successor,
        opposed_on=card.opposed_on,
        next_on=next_on,
        opposition_known=card.opposition_known,
    )


def declared_card(card_type: str, ends_on: date | None, number: str, source: str, day: date) -> CurrentCard | None:
    """Return the card that a workbook or the annuaire tells of, where no national file can (CPE, CPA)."""
    if not card_type and ends_on is None:
        return None
    state = "expired" if ends_on is not None and ends_on < day else "valid"
    return CurrentCard(card_type, ends_on, state, number, source)
