"""`[mail.oauth]`: a Microsoft 365 mailbox that takes no password, but a token of an application of the tenant."""

from pydantic import Field, field_validator

from flows.settings.section import Section
from schemas.nomenclatures import say
from schemas.reading.arrival import https_address


class OAuthSettings(Section):
    """Whose tenant, which application; its secret comes from the environment. `scope`: what the token is for."""

    tenant: str = Field(pattern=r"^[0-9A-Za-z.-]+$")
    client_id: str = Field(pattern=r"^[0-9A-Za-z-]+$")
    client_secret: str | None = Field(default=None, repr=False)
    authority: str = "https://login.microsoftonline.com"
    scope: str = "https://outlook.office365.com/.default"

    @field_validator("authority")
    @classmethod
    def _over_https(cls, url: str) -> str:
        if not https_address(url):
            raise ValueError(say("config.fetch_url"))
        return url.rstrip("/")
