"""What a look at an installation found, one line at a time: a verdict, the fact, what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class CheckVerdict(StrEnum):
    """ok · warning (the night is complete all the same) · failure (it would not be)."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: `found` and `todo` are French sentences; `todo` is "" where nothing is to be done.

    `holds`: a safeguard would hold the night because of it.
    """

    verdict: CheckVerdict
    found: str
    todo: str = ""
    subject: str = ""
    holds: bool = False


def ok(found: str, subject: str = "") -> Finding:
    """Return all is well."""
    return Finding(CheckVerdict.OK, found, subject=subject)


def warning(found: str, todo: str, subject: str = "") -> Finding:
    """Return something to look at by daylight."""
    return Finding(CheckVerdict.WARNING, found, todo, subject)


def failure(found: str, todo: str = "", subject: str = "") -> Finding:
    """Return the night would suffer."""
    return Finding(CheckVerdict.FAILURE, found, todo, subject)


def holding(found: str, todo: str) -> Finding:
    """Return a safeguard would hold the night, and nothing would leave."""
    return Finding(CheckVerdict.FAILURE, found, todo, holds=True)
