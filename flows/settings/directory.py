"""`[directory]`: the national directory's API."""

from typing import Self

from pydantic import Field, model_validator

from flows.settings.section import Section
from schemas.nomenclatures import say
from schemas.reading.arrival import safe_address


class DirectorySettings(Section):
    """The national directory's API; none is asked without its address. The key comes from the environment."""

    url: str | None = None
    ca_file: str | None = None
    timeout: float = Field(default=30, gt=0)
    api_key: str | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _with_its_key(self) -> Self:
        if self.url and not safe_address(self.url):
            raise ValueError(say("config.directory_url"))
        if self.url and not self.api_key:
            raise ValueError(say("config.directory_key"))
        return self
