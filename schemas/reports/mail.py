"""A mail that was to leave, as the store tells of it: no address, counts and marks alone."""

from dataclasses import dataclass
from datetime import date
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Literal

from schemas.changes.change import PostRef
from schemas.errors import RecipientRefusal

# « sending »: the content is on its way; found by a later run, nobody heard the answer: unknown.
# « replaced »: it was unknown, and a later mail told its updater the same.
MailOutcome = Literal["sending", "sent", "failed", "unknown", "replaced"]


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail and the changes it tells of. `lot`: of its report; `error`: why it did not leave.

    `outbox`: the folder it was put into, where one can look for it; "" for a mail server.
    """

    message_id: str
    run_id: str
    updater: PostRef
    day: date
    outcome: MailOutcome
    change_ids: tuple[str, ...] = ()
    refusals: tuple[RecipientRefusal, ...] = ()
    outbox: str = ""
    lot: str = ""
    error: str = ""


def usable_address(text: str) -> Address | None:
    """Return the address, None when it is none: line ends and stray text are refused before they reach a header."""
    try:
        found = Address(addr_spec=text.strip())
    except (ValueError, IndexError, HeaderParseError):  # what the standard library says of « a@ » and « @b »
        return None
    plain = found.addr_spec.isascii() and found.addr_spec.isprintable() and "." in found.domain
    return found if plain and found.username else None


@dataclass(frozen=True, slots=True)
class HolderTold:
    """A mail to the holder of a card: for how many days before which end, and what became of it on which day."""

    account_id: str
    ends_on: date
    days: int
    outcome: str
    day: date


@dataclass(frozen=True, slots=True)
class HolderMail:
    """A mail to the holder of a card that ends; `days`: for which of the days before (90, 30, 0). `to_come`: the end
    is still to be noted in a calendar.
    """

    account_id: str
    ends_on: date
    days: int
    subject: str
    paragraphs: tuple[str, ...]
    steps: tuple[str, ...]
    closing: tuple[str, ...]
    to_come: bool = True
