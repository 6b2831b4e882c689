"""What lies between two national extracts, person by person (contract §1 `delta`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from schemas.reading.issue import Issue


class Operation(StrEnum):
    """What became of a person: only in the new extract, in both with other rows, only in the old one."""

    CREATE = "create"
    MODIFY = "modify"
    REMOVE = "remove"


class FieldDelta(NamedTuple):
    """One field of one row: "" before where the row is new or the cell was empty, "" after where it went."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PersonDelta:
    """One person of either extract whose rows are not the same in both."""

    national_id: str
    operation: Operation
    fields: tuple[FieldDelta, ...]


@dataclass(frozen=True, slots=True)
class DeltaSide:
    """One of the two extracts. `alone`: official labels of the columns that the other one has not."""

    path: str
    rows_read: int
    rows_rejected: int
    persons: int
    issues: tuple[Issue, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeltaSummary:
    """The whole in numbers. `fields`: official label → persons modified in it; `left_out`: persons with a bad row.

    `kind`: `register_persons` or `register_cards`; `alarms`: operations above their share, with the count.
    """

    kind: str
    sides: tuple[DeltaSide, DeltaSide]
    counts: Mapping[Operation, int]
    fields: Mapping[str, int]
    left_out: int
    alarms: tuple[tuple[Operation, int], ...]
