"""`[mail]` and `[[delegation]]`: how mails leave and come back, to whom, and who stands in for whom."""

from datetime import date
from typing import Literal, Self

from pydantic import (
    EmailStr,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from flows.settings.oauth import OAuthSettings
from flows.settings.section import Section as _Section
from schemas.nomenclatures import CHV_ST_ETS_POST, CRH_ST_POST, ets, regions, say
from schemas.reports.letterbox import mailbox_of
from schemas.reports.smtp_server import smtp_server


class MailSettings(_Section):
    """How reports leave: a folder of .eml files, or an SMTP server; and `inbox`, `mailbox`, where they come back to.

    An SMTP server wins over the folder. `recipients` (« CRH_ST-24 » → addresses) wins over the annuaire.
    """

    outbox: str | None = "var/outbox"
    smtp_plain: bool = False  # before smtp_url, which is judged by it
    smtp_url: str | None = None
    smtp_ca_file: str | None = None
    smtp_timeout: float = Field(default=30, gt=0)
    smtp_attempts: int = Field(default=4, ge=1)
    smtp_retry_seconds: float = Field(default=5, ge=0)
    password: str | None = Field(default=None, repr=False)
    passwords_file: str | None = None
    passwords: dict[str, str] | str = Field(default_factory=dict, repr=False)
    sender: EmailStr = "annuaire@example.org"
    reply_to: EmailStr | None = None
    admin: EmailStr | None = None
    operations: EmailStr | None = None
    recipients: dict[str, tuple[EmailStr, ...]] = Field(default_factory=dict)
    attachments: Literal["encrypted", "none", "plain"] = "encrypted"
    allowed_domains: tuple[str, ...] = ()
    holders: bool = False
    smime_certificate: str | None = None
    smime_key: str | None = None
    smime_password: str | None = Field(default=None, repr=False)
    inbox: str | None = None
    mailbox: str | None = None
    mailbox_ca_file: str | None = None
    mailbox_password: str | None = Field(default=None, repr=False)
    oauth: OAuthSettings | None = None

    @field_validator("mailbox")
    @classmethod
    def _a_mailbox(cls, url: str | None) -> str | None:
        if url:
            mailbox_of(url)
        return url or None

    @field_validator("smtp_url")
    @classmethod
    def _no_password_in_it(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url:
            smtp_server(url, plain=bool(info.data.get("smtp_plain")))
        return url or None

    @model_validator(mode="after")
    def _known_posts(self) -> Self:
        for name in self.recipients:
            post_of(name)
        if (self.smime_certificate is None) != (self.smime_key is None):
            raise ValueError(say("config.smime"))
        return self


def post_of(name: str) -> tuple[str, str]:
    """Return (post, scope) of a report's name, « CRH_ST-24 » or « CHV_ST_ETS-ETS-IDF ».

    Raises ValueError for another.
    """
    post, _, scope = name.partition("-")
    if scope not in {CRH_ST_POST: regions(), CHV_ST_ETS_POST: ets()}.get(post, {}):
        raise ValueError(say("config.unknown_post", found=name))
    return post, scope


class DelegationSettings(_Section):
    """Somebody stands in for the holder of a post, from one day to another, both included."""

    post: str
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="until")
    to: tuple[EmailStr, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        post_of(self.post)
        if self.last_day < self.first_day:
            raise ValueError(say("config.delegation_order"))
        return self
