"""Who updates the annuaire (procedure §4): one row per case, first match wins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from schemas import nomenclatures


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the routing table; `*` matches anything. `uncovered`: the procedure says nothing of this case.

    A route fits no structure for which its post has no region or ETS: the next one is asked.
    """

    function: str
    structure_type: str
    rank: str
    updater: str
    uncovered: bool
    source: str

    def fits(self, function: str, structure_type: str, rank: str) -> bool:
        """Tell whether it speaks of this function, structure type and rank."""
        if self.updater != nomenclatures.ADMIN_EFIT:
            known = nomenclatures.posts_of_types().get(structure_type, ())
            if self.updater not in known:
                return False
        return all(
            want in ("*", got)
            for want, got in (
                (self.function, function),
                (self.structure_type, structure_type),
                (self.rank, rank),
            )
        )


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """What a deployment says of the routing.

    `overrides`: routes before the built-in table; `admin`: the e-FIT administrator's addresses; `named`: (post, scope)
    → the addresses that the configuration gives to it, before those of its holders.
    """

    overrides: tuple[Route, ...] = ()
    admin: tuple[str, ...] = ()
    named: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@cache
def built_in_routes() -> tuple[Route, ...]:
    """Return the table of the procedure, `tables/routing.csv`."""
    return tuple(
        Route(
            row["function"],
            row["structure_type"],
            row["rank"],
            row["updater"],
            row["uncovered"] == "oui",
            row["source"],
        )
        for row in nomenclatures.rows("routing")
    )
