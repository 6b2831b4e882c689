"""The one tree of errors: what each costs.

AnnuaireSyncError
├── SourceError         a file sits out tonight; nobody is ended because of it
├── AnnuaireError       the annuaire itself cannot be read: nothing is written, nothing is sent
├── ConfigurationError  wrong usage or configuration: exit code 2, all mistakes at once
├── StoreError          our own state cannot be read or written: the night stops, nothing is lost
│   ├── RunInProgressError   another run holds the lock
│   └── StoreBehindError     it is older than its witness: held, nothing is sent (exit code 4)
├── IllegalTransitionError   a change was moved along a way that the table of its life does not have
├── FetchError          a file was not brought in: the night goes on with the last one
│   └── BrokenOffError       in the middle: to be taken up where it broke
├── MailboxError        what came back by mail cannot be read now: it waits there
│   └── NotMovedError   one mail cannot be put away: the others are read all the same
├── OrchestratorError   the server that starts the nights does not answer: a night can still be started by hand
└── DeliveryError       a mail could not be handed over: recorded, sent again another night
    ├── RefusedByAllError      the server takes it for none of its recipients: it goes to the administrator
    └── UnknownDeliveryError   handed over, perhaps: never sent again by itself, a human says what became of it

Messages are French and end on the screen or in the report as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a command line that is only asked for help raises nothing
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, order=True)
class RecipientRefusal:
    """One recipient who did not get a mail: the place in `To`, from 1, and the server's code (0: no usable address)."""

    position: int
    code: int


class AnnuaireSyncError(Exception):
    """Root of what this product raises on purpose."""


class SourceError(AnnuaireSyncError):
    """A source that cannot be used tonight; `code` is one of contract §8 (FILE_…, COLUMN_MISSING); `found`: what was
    found instead, for whoever says what to do in words of their own.
    """

    def __init__(self, code: str, message: str, location: str = "", found: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.location = location
        self.found = found


class AnnuaireError(AnnuaireSyncError):
    """The annuaire cannot be read, so nothing can be compared."""


class ConfigurationError(AnnuaireSyncError):
    """Wrong configuration or usage; `problems` has one French line per mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StoreError(AnnuaireSyncError):
    """Our own state cannot be read or written."""


class RunInProgressError(StoreError):
    """Another run holds the lock."""


class StoreBehindError(StoreError):
    """Our own state is older than what its witness saw: emptied, or put back from a backup."""


class IllegalTransitionError(AnnuaireSyncError):
    """A change was moved along a way that `tables/transitions.csv` does not have."""


class FetchError(AnnuaireSyncError):
    """A file was not brought in; `may_pass`: another try in some minutes may do."""

    def __init__(self, message: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass


class BrokenOffError(FetchError):
    """The answer broke off, stalled, or never began; what came of it is kept."""

    def __init__(self, message: str) -> None:
        super().__init__(message, may_pass=True)


class OtherVersionError(FetchError):
    """The rest of a file is not of the version that its beginning is of."""

    def __init__(self, message: str) -> None:
        super().__init__(message, may_pass=True)


class MailboxError(AnnuaireSyncError):
    """The mailbox that reports come back to does not answer, or not as it should."""


class NotMovedError(MailboxError):
    """A mail could not be put into its folder; it stays where it is, and the mailbox goes on answering."""


class OrchestratorError(AnnuaireSyncError):
    """Prefect's server does not answer, or not as it should."""


class DeliveryError(AnnuaireSyncError):
    """A mail was not handed over."""


class RefusedByAllError(DeliveryError):
    """The server refuses every recipient; `refusals` in the order of `To`."""

    def __init__(self, message: str, refusals: Sequence[RecipientRefusal] = ()) -> None:
        super().__init__(message)
        self.refusals = tuple(refusals)


class UnknownDeliveryError(DeliveryError):
    """The content of the mail went out, and the answer never came."""
