"""The rest of the register: about a thousand invented people who have nothing to do with e-FIT."""

from dataclasses import replace
from datetime import date, timedelta

from sample_data.cast import Card, Person, Structure
from sample_data.country import TAGS, Country
from schemas.people.identifiers import with_luhn_key

HOW_MANY = 1150
ADELI_EVERY = 25
_FIRSTS = ("Ondine", "Tancrède", "Pénélope", "Ulysse", "Rosalie", "Wenceslas", "Sidonie", "Zéphyr")
_PLACES = ("du Chêne", "de l'Étang", "du Grand Pré", "des Tilleuls", "du Moulin", "de la Côte")
_SYLLABLES = (
    "bal",
    "cre",
    "dol",
    "fir",
    "gan",
    "hul",
    "jor",
    "lis",
    "mon",
    "nar",
    "pil",
    "ros",
    "sul",
    "tri",
)


def strangers(country: Country) -> list[Person]:
    """Registered people whom no workbook and no account names; some work where account holders do."""
    hospitals = [structure for structure in country.structures.values() if structure.type == "ES"]
    return [_stranger(country, hospitals, turn) for turn in range(HOW_MANY)]


def _stranger(country: Country, hospitals: list[Structure], turn: int) -> Person:
    chance = country.random
    last = f"ÉTRANGER-{TAGS[turn % len(TAGS)]}-{''.join(chance.sample(_SYLLABLES, 3)).upper()}"
    first = _FIRSTS[turn % len(_FIRSTS)]
    adeli = turn % ADELI_EVERY == 0
    number = (
        "0" + with_luhn_key(f"459997{turn // ADELI_EVERY:02d}") if adeli else "8" + with_luhn_key(f"99705{turn:05d}")
    )
    profession = "86" if adeli else chance.choice(("10", "10", "21", "60", "60", "50", "70"))
    person = Person(last, first, "MME" if turn % 2 else "M", profession, number, "ADELI" if adeli else "RPPS")
    person.sites = [_cabinet(hospitals[turn % len(hospitals)], place) for place in chance.sample(_PLACES, turn % 4)]
    person.cards = _cards(country, number, turn)
    return person


def _cabinet(hospital: Structure, place: str) -> Structure:
    """A place of work like a hospital's neighbour, in no FINESS stock."""
    return replace(hospital, type="CABINET", name=f"lieu fictif {place}")


def _cards(country: Country, number: str, turn: int) -> list[Card]:
    """An old card, sometimes one under opposition, and a current one; every eleventh has none."""
    ends = date(2027, 1, 10) + timedelta(days=turn % 900)
    cards = [country.card(number, ends - timedelta(days=1095)), country.card(number, ends)]
    if turn % 2:
        lost = country.card(number, ends - timedelta(days=200))
        lost.opposed = lost.starts + timedelta(days=90)
        cards.insert(1, lost)
    return cards if turn % 11 else []
