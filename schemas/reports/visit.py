"""Who is found at an establishment, for a visit or a call: what « Par établissement » says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Somebody of an establishment, for a visit or a call: who, until when their card serves, what is to be done."""

    person: str
    function: str
    contact: str
    card: str
    to_do: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """An establishment with everybody who has a function there, and what concerns it as a whole."""

    name: str
    code: str
    to_do: tuple[str, ...]
    people: tuple[VisitPage, ...]
