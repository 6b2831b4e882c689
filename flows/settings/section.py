"""A section of the configuration: unknown keys are an error, nothing changes once it is read."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """What every section has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)
