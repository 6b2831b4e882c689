"""What is known of a source after reading: identity, row-exact accounting, outcome; and the contract of a file."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict

from schemas.footprint import Ending
from schemas.stood import Holding
from schemas.words import header_key


class SourceStatus(StrEnum):
    """ok · stale (too old: read for nothing) · failed (could not be used) · held (by a safeguard)."""

    OK = "ok"
    STALE = "stale"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source of a run. Rows: read = accepted + rejected + duplicate, always. `stamp`: the day it is of.

    For its wholeness (contract §6a): `people` in it, accounts of the annuaire; how its text ends; `steady`: it was not
    being written while it was read. `lines_count`: held for what it lacks alone, what stands in it counts.
    `emptied`: figures of the annuaire of which too much is gone from accounts that are there.
    """

    name: str
    path: str
    sha256: str = ""
    size: int = 0
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    status: SourceStatus = SourceStatus.OK
    message: str = ""
    notes: tuple[str, ...] = ()
    stamp: date | None = None
    people: int = 0
    ending: Ending = Ending.NONE
    steady: bool = True
    lines_count: bool = False
    emptied: tuple[Holding, ...] = ()

    @property
    def usable(self) -> bool:
        """It may be compared with tonight, and what it lacks is gone."""
        return self.status is SourceStatus.OK

    @property
    def readable(self) -> bool:
        """What stands in it counts, whatever it lacks."""
        return self.usable or self.lines_count

    def counted(self, count: "RowCount", notes: tuple[str, ...] = ()) -> "SourceReport":
        """The same source with its account, and what there is to say of it."""
        return replace(
            self,
            rows_read=count.read,
            rows_accepted=count.accepted,
            rows_rejected=count.rejected,
            rows_duplicate=count.duplicate,
            notes=notes,
        )

    def failed(self, message: str, status: SourceStatus = SourceStatus.FAILED) -> "SourceReport":
        """The same source, out of use for the reason given."""
        return replace(self, status=status, message=message)


@dataclass(slots=True)
class RowCount:
    """Counts while reading."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """Whom to keep of a national file: by identification, by card serial, or by `last|first` name keys."""

    national_ids: frozenset[str] = frozenset()
    serials: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    everyone: bool = False

    def __repr__(self) -> str:
        """Counts alone: what is sent to another machine may be named in its log."""
        counts = f"{len(self.national_ids)} numbers, {len(self.serials)} serials, {len(self.names)} names"
        return f"Wanted({'everyone' if self.everyone else counts})"

    def __or__(self, other: Self) -> "Wanted":
        return Wanted(
            self.national_ids | other.national_ids,
            self.serials | other.serials,
            self.names | other.names,
            self.everyone or other.everyone,
        )


EVERYONE = Wanted(everyone=True)


class ColumnRule(BaseModel):
    """One column we read: our name, the official labels it goes by, whether we can do without.

    `decides`: the file can be read without it, and nothing that hangs on it is certain then.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: tuple[str, ...]
    needed: bool = False
    decides: bool = False


class SourceContract(BaseModel):
    """The declared contract of one kind of national file (`schemas/sources/*.toml`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    delimiter: str
    encoding: str = "utf-8"
    columns: dict[str, ColumnRule]
    ignored: tuple[str, ...] = ()
    row_keys: tuple[str, ...] = ()  # columns that tell one row of a person from another

    def positions(self, header: list[str]) -> tuple[dict[str, int], list[str]]:
        """(our name → position, labels of the needed columns that are missing) for a header line."""
        seen: dict[str, int] = {}
        for position, label in enumerate(header):
            seen.setdefault(header_key(label), position)
        found: dict[str, int] = {}
        missing: list[str] = []
        for column, rule in self.columns.items():
            at = next((seen[header_key(label)] for label in rule.labels if header_key(label) in seen), None)
            if at is not None:
                found[column] = at
            elif rule.needed:
                missing.append(rule.labels[0])
        return found, missing

    def undecided(self, found: Collection[str]) -> list[str]:
        """Labels of the columns on which something hangs and that were not found."""
        return [rule.labels[0] for name, rule in self.columns.items() if rule.decides and name not in found]


@cache
def contract(name: str) -> SourceContract:
    """The contract in `schemas/sources/<name>.toml`."""
    text = files("schemas").joinpath("sources", f"{name}.toml").read_text(encoding="utf-8")
    return SourceContract.model_validate({"name": name, **tomllib.loads(text)})


@dataclass(frozen=True, slots=True)
class WorkbookScope:
    """What a workbook is complete for: a region and its ES, an ETS and its sites, or the national bodies.

    `usable`: its lines count; `whole`: and nobody may stand in it unseen; `mentioned`: codes of the structures that a
    row of it is about, be it a vacancy, a convention, or one that could not be read otherwise.
    """

    source: str
    kind: str
    code: str = ""
    complete: bool = True
    usable: bool = True
    whole: bool = True
    mentioned: frozenset[str] = frozenset()

    @property
    def sure(self) -> bool:
        """All that it says was heard, and nothing of it may have been missed."""
        return self.usable and self.whole
