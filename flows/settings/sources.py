"""`[register]`, `[[workbook]]`, `[annuaire]`, `[[fetch]]`: where sources lie, and where they come from."""

import difflib
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    model_validator,
)

from flows.settings.section import Section as _Section
from schemas.nomenclatures import ets, regions, say
from schemas.reading.arrival import https_address
from schemas.reading.source_names import ANNUAIRE, REGISTERS

# The sources that `[[fetch]]` can serve.
FETCHED = (*REGISTERS, ANNUAIRE)


def _nearest(found: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(found, list(known), n=1, cutoff=0.0)[0]


class RegisterSettings(_Section):
    """Where the national files lie; each optional."""

    persons: str | None = None
    cards: str | None = None
    adeli: str | None = None
    crosswalk: str | None = None
    structures: str | None = None
    max_age_days: int = Field(default=3, ge=0)
    min_rows: int = Field(default=0, ge=0)


class WorkbookSettings(_Section):
    """One spreadsheet, and what it is complete for."""

    path: str
    region: str | None = None
    ets: str | None = None
    national: bool = False
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    columns: dict[str, str] = Field(default_factory=dict)
    layout: Literal["long", "wide"] | None = None
    complete: bool = True

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if sum((self.region is not None, self.ets is not None, self.national)) != 1:
            raise ValueError(say("config.one_scope"))
        if self.region is not None and self.region not in regions():
            raise ValueError(say("config.unknown_region", found=self.region, near=_nearest(self.region, regions())))
        if self.ets is not None and self.ets not in ets():
            raise ValueError(say("config.unknown_ets", found=self.ets, near=_nearest(self.ets, ets())))
        return self


class AnnuaireSettings(_Section):
    """e-FIT as it stands: an export or a database."""

    export: str | None = None
    url: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.export is None) == (self.url is None):
            raise ValueError(say("config.annuaire"))
        return self


class FetchSettings(_Section):
    """A file brought in before the night: whose source it is, from where, into which folder, how patiently."""

    name: str
    url: str
    into: str
    ca_file: str | None = None
    certificate: str | None = None
    key: str | None = None
    keep: int = Field(default=7, ge=1)
    retry_seconds: tuple[Annotated[float, Field(ge=0)], ...] = (60, 120, 240, 480)
    timeout: float = Field(default=60, gt=0)
    max_ratio: float = Field(default=100, ge=1)

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.name not in FETCHED:
            raise ValueError(say("config.fetch_name", found=self.name, known=", ".join(FETCHED)))
        if not https_address(self.url):
            raise ValueError(say("config.fetch_url"))
        if (self.certificate is None) != (self.key is None):
            raise ValueError(say("config.fetch_pair"))
        return self
