"""What is known of a source after reading: identity, row-exact accounting, outcome; and the contract of a file."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict

from schemas.reading.export_figures import Holding
from schemas.reading.filled import Filled
from schemas.reading.footprint import Ending
from schemas.words import header_key, loose_header_key


class SourceStatus(StrEnum):
    """ok · stale (too old: read for nothing) · failed (could not be used) · held (by a safeguard)."""

    OK = "ok"
    STALE = "stale"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source of a run. Rows: read = accepted + rejected + duplicate, always. `stamp`: the day it is of.

    For its wholeness (contract §6a): `people` in it, accounts of the annuaire; how its text ends, and `cuts`, what it
    would be without its last lines; `steady`: it was not being written while it was read. `lines_count`: held for what
    it lacks alone, what stands in it counts. `emptied`: figures of the annuaire, and columns, of which too much is gone
    from what is there; `filled`: how far the columns are filled; `unknown`: those of which nothing is known tonight,
    while the others are used.
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
    cuts: tuple[str, ...] = ()
    emptied: tuple[Holding, ...] = ()
    filled: Mapping[str, Filled] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """It may be compared with tonight, and what it lacks is gone."""
        return self.status is SourceStatus.OK

    @property
    def readable(self) -> bool:
        """What stands in it counts, whatever it lacks."""
        return self.usable or self.lines_count

    def counted(self, count: "RowCount", notes: tuple[str, ...] = ()) -> "SourceReport":
        """Return the same source with its account, and what there is to say of it."""
        return replace(
            self,
            rows_read=count.read,
            rows_accepted=count.accepted,
            rows_rejected=count.rejected,
            rows_duplicate=count.duplicate,
            notes=notes,
        )

    def failed(self, message: str, status: SourceStatus = SourceStatus.FAILED) -> "SourceReport":
        """Return the same source, out of use for the reason given."""
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
            _either(self.national_ids, other.national_ids),
            _either(self.serials, other.serials),
            _either(self.names, other.names),
            self.everyone or other.everyone,
        )


def _either(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Both together; the larger one itself where it has all of the other: there may be millions."""
    less, more = sorted((one, other), key=len)
    return more if less <= more else more | less


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
        """Return (our name → position, labels of the needed columns that are missing) for a header line.

        A column goes by its official labels; else by their words, where one column alone has them and nobody else
        takes it: « Numéro de carte », « date_fin_validite ».
        """
        keys = list(map(header_key, header))
        exact = _places(keys)
        found: dict[str, int] = {}
        for column, rule in self.columns.items():
            at = next((exact[key][0] for label in rule.labels if (key := header_key(label)) in exact), None)
            if at is not None:
                found[column] = at
        self._find_by_words(header, keys, found)
        missing = [rule.labels[0] for column, rule in self.columns.items() if rule.needed and column not in found]
        return found, missing

    def _find_by_words(self, header: list[str], exact: list[str], found: dict[str, int]) -> None:
        official, used = {header_key(label) for label in self.ignored}, set(found.values())
        free = [at for at, key in enumerate(exact) if at not in used and key not in official]
        loose = _places((loose_header_key(header[at]) for at in free), free)
        for column, rule in self.columns.items():
            keys = {loose_header_key(label) for label in rule.labels}
            places = [at for key in keys for at in loose.get(key, ())] if column not in found else []
            if len(places) == 1:
                found[column] = places[0]

    def renamed(self, header: list[str], found: Mapping[str, int]) -> list[tuple[str, str]]:
        """Return (what stands there, official label) of the columns that were known by their words alone."""
        return [
            (header[at], self.columns[name].labels[0])
            for name, at in found.items()
            if header_key(header[at]) not in map(header_key, self.columns[name].labels)
        ]

    def undecided(self, found: Collection[str]) -> list[str]:
        """Return labels of the columns on which something hangs and that were not found."""
        return [self.columns[name].labels[0] for name in self.unfound(found)]

    def unfound(self, found: Collection[str]) -> tuple[str, ...]:
        """Return those columns by our names."""
        return tuple(name for name, rule in self.columns.items() if rule.decides and name not in found)


def _places(keys: Iterable[str], places: Iterable[int] | None = None) -> dict[str, list[int]]:
    """Key → the places where it stands, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, key in zip(places, keys, strict=True) if places is not None else enumerate(keys):
        found[key].append(at)
    return found


@cache
def contract(name: str) -> SourceContract:
    """Return the contract in `schemas/sources/<name>.toml`."""
    text = files("schemas").joinpath("sources", f"{name}.toml").read_text(encoding="utf-8")
    return SourceContract.model_validate({"name": name, **tomllib.loads(text)})


@dataclass(frozen=True, slots=True)
class WorkbookScope:
    """What a workbook is complete for: a region and its ES, an ETS and its sites, or the national bodies.

    `usable`: its lines count; `whole`: and nobody may stand in it unseen; `mentioned`: codes of the structures that a
    row of it is about, be it a vacancy, a convention, or one that could not be read otherwise; `functions`: those that
    a row of it names, each with its rank too (« CHV_ST/TITULAIRE »), "" for one that could not be read.
    """

    source: str
    kind: str
    code: str = ""
    complete: bool = True
    usable: bool = True
    whole: bool = True
    mentioned: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()

    @property
    def sure(self) -> bool:
        """All that it says was heard, and nothing of it may have been missed."""
        return self.usable and self.whole
