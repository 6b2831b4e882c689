"""What the national directory says of those whom it was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.people.card import Card
from schemas.people.person import RegisterPerson


@dataclass(frozen=True, slots=True)
class Said:
    """Persons and cards, each knowing where it is from."""

    persons: Mapping[str, RegisterPerson] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
