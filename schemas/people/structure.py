"""Where people work: structures of the annuaire and establishments of the FINESS stock."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure of e-FIT. `type` is a code of `structure_types.csv`; `parent_code` the ETS of a site."""

    code: str
    type: str
    name: str
    region_code: str
    parent_code: str = ""


class FinessRow(BaseModel):
    """An establishment of the FINESS stock, legacy or FINESS+. `closed_on`: the day it closes, or closed, if told."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    finess: str
    finess_legal: str = ""
    name: str = ""
    category: str = ""
    departement: str = ""
    region_code: str = ""
    is_open: bool = True
    closed_on: str = ""
