"""What the national directory says of those whom it was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.card import Card
from schemas.person import RegisterPerson


@dataclass(frozen=True, slots=True)
class Said:
    """Persons and cards, each knowing where it is from."""

    persons: Mapping[str, RegisterPerson] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
