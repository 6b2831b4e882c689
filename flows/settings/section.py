"""A section of the configuration: unknown keys are an error, nothing changes once it is read."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError


class Section(BaseModel):
    """What every section has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Python takes « true » for 1: whoever wrote it meant something else."""
        expected = cls.model_fields[info.field_name or ""].annotation
        kinds = {expected, *get_args(expected)}
        found = value if isinstance(value, list | tuple) else [value]
        if bool not in kinds and kinds & {int, float} and any(isinstance(one, bool) for one in found):
            raise PydanticKnownError("int_type" if int in kinds else "float_type")
        return value
