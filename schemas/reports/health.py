"""How the accesses of some accounts stand, of a region or of an updater: counts alone, and what is known of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from schemas.nomenclatures import rows
from schemas.reports.known_figure import Figure, Last, enough
from schemas.typography import share_text

# Worst first; `tables/health_states.csv` has the words, the sign and what each one means.
HealthState = Literal["blocked", "lost", "soon", "unknown", "late", "declared", "good", "empty"]
FigureName = Literal["lost", "ending", "losing", "blocked"]
FIGURES: tuple[FigureName, ...] = get_args(FigureName)


@dataclass(frozen=True, slots=True)
class Health:
    """How the accesses of one region stand. Active accounts are `ready`, `lost` or `unknown`, never two of these.

    `ready`: a valid card, and its number in the annuaire. `lost`: cannot log in today. `unknown`: nobody could judge
    tonight, `because` of what (code of `tables/unknown_causes.csv` → how many). `ending`: ready, and loses access
    within 30 days; `first_end` the first day without access among these. `declared`: ready or lost by a declared date
    alone. `structures`: those that need a titulaire; `blocked`: those without one who can log in; `unclear`: those of
    which nobody knows. `waiting`: changes that somebody has to enter; `late`: those of them without a move for longer
    than a reminder takes. `last`: what the figures were when enough was known, for those of which too little is.
    `unlooked`: no night could look yet, so that not even the accounts are counted.
    """

    region: str
    ready: int = 0
    lost: int = 0
    unknown: int = 0
    ending: int = 0
    first_end: date | None = None
    structures: int = 0
    blocked: int = 0
    waiting: int = 0
    late: int = 0
    declared: int = 0
    unclear: int = 0
    because: tuple[tuple[str, int], ...] = ()
    last: tuple[tuple[FigureName, Last], ...] = ()
    unlooked: bool = False

    @property
    def accounts(self) -> int:
        """Active accounts."""
        return self.ready + self.lost + self.unknown

    def figure(self, name: FigureName) -> Figure:
        """Return a count with what is known of it: accounts without access, that lose it soon, both; mute
        structures.
        """
        last = dict(self.last).get(name)
        if name == "blocked":
            known = self.structures - self.unclear
            return Figure(self.blocked, known, self.structures, known if self.declared else 0, last, self.unlooked)
        found = {"lost": self.lost, "ending": self.ending, "losing": self.lost + self.ending}[name]
        return Figure(found, self.ready + self.lost, self.accounts, self.declared, last, self.unlooked)

    @property
    def share(self) -> float | None:
        """Accounts with access among those of which it could be told; None where too few were verified."""
        told = self.ready + self.lost
        return self.ready / told if told and self.figure("lost").basis == "verified" else None

    @property
    def known_share(self) -> float | None:
        """Of the accounts, those of which it could be told; None without an account."""
        return (self.ready + self.lost) / self.accounts if self.accounts else None

    @property
    def state(self) -> HealthState:
        """The worst that is true of the region, as far as it is known."""
        return next((state for state, true in self._states() if true), "empty")

    def _states(self) -> Iterator[tuple[HealthState, bool]]:
        basis = self.figure("lost").basis
        yield "blocked", self.blocked > 0
        yield "lost", self.lost > 0
        yield "soon", self.ending > 0
        yield "unknown", "unknown" in (basis, self.figure("blocked").basis)
        yield "late", self.late > 0
        yield "declared", self.accounts > 0 and basis == "declared"
        yield "good", self.accounts > 0


def health_states() -> dict[str, dict[str, str]]:
    """Return state → label, sign (a drawing of the page) and meaning, worst first."""
    least = share_text(enough())
    return {row["code"]: row | {"meaning": row["meaning"].format(enough=least)} for row in rows("health_states")}
