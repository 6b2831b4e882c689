"""`[[region]]` and `[[ets]]`: the lines by which a deployment adds to our tables, or replaces a line of them."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Self

from pydantic import Field, field_validator, model_validator

from flows.settings.section import Section
from schemas.nomenclatures import TableRow, ets, region_of_departement, regions, say, use_own_rows
from schemas.words import label_key

_REGION_CODE = re.compile(r"[0-9][0-9A-Z]{1,2}")
_ETS_CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9]+(-[A-Z0-9]+)*")
_SHORTEST_ETS = 4  # characters: as long as a region's code, it could be taken for one


class RegionSettings(Section):
    """A région sanitaire. `departements`: those of our table that are in this one now."""

    code: str
    name: str = Field(min_length=2)
    departements: tuple[str, ...] = ()

    @field_validator("code")
    @classmethod
    def _of_a_region(cls, code: str) -> str:
        if not _REGION_CODE.fullmatch(code):
            raise ValueError(say("config.region_code", found=code))
        return code

    @field_validator("departements")
    @classmethod
    def _known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        _refuse_strangers(codes, region_of_departement(), "config.unknown_departement")
        return codes

    def row(self) -> TableRow:
        """Return it as it stands in `regions.csv`."""
        found = {"code": self.code, "name": self.name}
        return found | ({"departements": " ".join(self.departements)} if self.departements else {})


class EtsSettings(Section):
    """A regional ETS. `regions`: those it works in; nothing is derived from them (contract §6)."""

    code: str
    name: str = Field(min_length=2)
    regions: tuple[str, ...] = ()

    @field_validator("code")
    @classmethod
    def _of_an_ets(cls, code: str) -> str:
        if len(code) < _SHORTEST_ETS or not _ETS_CODE.fullmatch(code):
            raise ValueError(say("config.ets_code", found=code))
        return code

    @model_validator(mode="after")
    def _of_known_regions(self) -> Self:
        _refuse_strangers(self.regions, regions(), "config.unknown_region")
        return self

    def row(self) -> TableRow:
        """Return it as it stands in `ets.csv`."""
        return {"code": self.code, "name": self.name, "regions": " ".join(self.regions), "certainty": ""}


def _refuse_strangers(codes: Iterable[str], known: Iterable[str], key: str) -> None:
    table = list(known)
    for code in codes:
        if code not in table:
            near = difflib.get_close_matches(code, table, n=1, cutoff=0.0)
            raise ValueError(say(key, found=code, near=near[0]))


def settle_regions(lines: Sequence[RegionSettings]) -> None:
    """Let the deployment's regions count from now on, and no ETS of its own yet. Raises ValueError for a name twice."""
    use_own_rows({"regions": [line.row() for line in lines]})
    _refuse_twins([line.code for line in lines], regions())


def settle_ets(regions_: Sequence[RegionSettings], lines: Sequence[EtsSettings]) -> None:
    """Let the deployment's ETS count too. Raises ValueError for a name twice."""
    use_own_rows({"regions": [line.row() for line in regions_], "ets": [line.row() for line in lines]})
    _refuse_twins([line.code for line in lines], ets())


def _refuse_twins(codes: Sequence[str], table: dict[str, str]) -> None:
    """One line says each code, and a name of the deployment's own belongs to one."""
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(say("config.twice", found=code))
        twin = [other for other, name in table.items() if label_key(name) == label_key(table[code]) and other != code]
        if twin:
            raise ValueError(say("config.same_name", found=code, name=table[code], other=twin[0]))
