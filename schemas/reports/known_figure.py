"""A figure, and how much of what it counts is known: what nobody knows is said as unknown, never as a 0.

One notion for every surface (page, sheet, mail, terminal, `run.json`). A figure rests on what was *verified* in the
national files, on what is only *declared* (dates in the annuaire and the workbooks, where no register is configured),
or on too little: then it is *unknown*, and the last one known is said with its date.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from schemas.nomenclatures import rows, say

Basis = Literal["verified", "declared", "unknown"]


@cache
def enough() -> float:
    """Return the share that must be known for a figure to be one (`tables/known_shares.csv`)."""
    return next(float(row["share"]) for row in rows("known_shares") if row["name"] == "figure")


@dataclass(frozen=True, slots=True)
class Last:
    """What a figure was the last time that enough was known."""

    count: int
    day: date


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of `found` among `known` of `total`; `declared` of these are known by a declaration alone."""

    found: int
    known: int
    total: int
    declared: int = 0
    last: Last | None = None
    unlooked: bool = False  # no night ever saw how many there are

    @property
    def unknown(self) -> int:
        """Those that nobody could judge."""
        return self.total - self.known

    @property
    def whole(self) -> bool:
        """Nothing is unknown: the figure is exact."""
        return not (self.unknown or self.unlooked)

    @property
    def basis(self) -> Basis:
        """What it rests on; nothing to count is known too."""
        if self.unlooked:
            return "unknown"
        least = enough() * self.total
        if self.known - self.declared >= least:
            return "verified"
        return "declared" if self.known >= least else "unknown"

    @property
    def value(self) -> int | None:
        """The count, which is a minimum unless it is whole; None for a 0 that nobody knows."""
        return self.found if self.found or self.basis != "unknown" else None

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        last = {"count": self.last.count, "day": self.last.day.isoformat()} if self.last else None
        return {"value": self.value, "at_least": not self.whole, "last_known": last}


def figure_text(one: Figure, what: str = "") -> str:
    """Return « 12 », « au moins 12 », « aucun parmi les 402 connus », « inconnu (dernier chiffre connu : 12 au
    21/11/2026) ».

    `what`: the same count with its noun, « 12 comptes », where a sentence needs it.
    """
    if one.whole:
        return what or say("known.count", count=one.found)
    if one.found:
        return say("known.at_least", what=what or say("known.count", count=one.found))
    if one.basis != "unknown":
        return say("known.none", known=one.known)
    return say("known.unknown", last=last_text(one))


def figure_cell(one: Figure) -> str:
    """Return the same in a narrow column: « 12 », « ≥ 12 », « 0/402 », « inconnu »."""
    if one.whole:
        return say("known.count", count=one.found)
    if one.found:
        return say("known.cell_at_least", count=one.found)
    return say("known.cell_none", known=one.known) if one.basis != "unknown" else say("known.cell_unknown")


def last_text(one: Figure) -> str:
    """Return « dernier chiffre connu : 12 au 21/11/2026 », « jamais connu »."""
    if one.last is None:
        return say("known.never")
    return say("known.last", count=one.last.count, date=f"{one.last.day:%d/%m/%Y}")


def cause_label(code: str) -> str:
    """Tell why an account's access is unknown, in a few words (`tables/unknown_causes.csv`)."""
    return next(row["label"] for row in rows("unknown_causes") if row["code"] == code)


def causes_text(because: tuple[tuple[str, int], ...], cause: str = "") -> str:
    """Return « registre périmé », « registre périmé : 140, identité à vérifier : 5 »; `cause`: what the registers
    suffer.
    """
    said = [(cause if code == "unread" and cause else cause_label(code), count) for code, count in because]
    if len(said) == 1:
        return said[0][0]
    return ", ".join(say("known.cause_of", cause=label, count=count) for label, count in said)
