"""How far a column of a source was filled: what is remembered of it, so that an emptied one is known for lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from schemas.nomenclatures import rows

# What a lost column costs: the source itself; what a workbook lacks, while what stands in it counts; or only what
# rests on this very column.
Loss = Literal["source", "presence", "unknown"]

NO_ROWS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filled:
    """Of `rows` that could have a value in the column, how many had one.

    `who`: of a column that few rows fill, digests of what these rows are about; a value is missing only where its row
    still stands. `standing`: the digests of all rows, which nothing remembers. `each`: `who` is remembered, however
    many they are.
    """

    rows: int
    filled: int
    who: frozenset[str] = NO_ROWS
    standing: frozenset[str] = NO_ROWS
    each: bool = False

    @property
    def mostly(self) -> bool:
        """Half of the rows at least."""
        return 2 * self.filled >= self.rows


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column on whose values something rests (`tables/value_columns.csv`).

    `among`: only rows with a value in this other column count; `key`: what a row is about, where the column is one
    that few rows fill; `least`: so many values are more than a coincidence; `first_night`: no installation has it
    empty; `counted`: its values are compared with those of the last time; `reasons` rest on it.
    """

    field: str
    among: str
    key: tuple[str, ...]
    least: int
    first_night: bool
    counted: bool
    loss: Loss
    reasons: frozenset[str]


@cache
def value_columns(kind: str) -> tuple[ValueColumn, ...]:
    """Return those of « annuaire », « workbook », « register_persons », « register_cards »."""
    return tuple(
        ValueColumn(
            row["field"],
            row["among"],
            tuple(filter(None, row["key"].split("|"))),
            int(row["least"]),
            row["first_night"] == "oui",
            row["counted"] == "oui",
            _LOSSES[row["lost"]],
            frozenset(filter(None, row["reasons"].split("|"))),
        )
        for row in rows("value_columns")
        if row["source"] == kind
    )


_LOSSES: Mapping[str, Loss] = {"source": "source", "presence": "presence", "unknown": "unknown"}


@cache
def rests_on(reason: str) -> frozenset[str]:
    """Return « register.cards.opposed_on »: the columns without which a reason cannot be judged."""
    kinds = {row["source"] for row in rows("value_columns")}
    return frozenset(
        f"{kind.replace('_', '.')}.{one.field}"
        for kind in kinds
        for one in value_columns(kind)
        if reason in one.reasons
    )


def to_text(filled: Mapping[str, Filled]) -> str:
    """Return what `from_text` reads; "" of nothing."""
    told = {
        name: [one.rows, one.filled, [] if one.mostly and not one.each else sorted(one.who)]
        for name, one in sorted(filled.items())
    }
    return json.dumps(told, separators=(",", ":")) if told else ""


def from_text(text: str) -> dict[str, Filled]:
    """Return the columns as they were; none of what an older version remembered."""
    told = json.loads(text) if text else {}
    return {name: Filled(total, count, frozenset(who)) for name, (total, count, who) in told.items()}
