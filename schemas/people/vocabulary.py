"""Words that the people of this installation write, and what the administrator said that they mean (contract §6a)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

WORD = "mot-"  # how the reference of a word begins, in a report
WordState = Literal["proposed", "accepted", "refused"]
Words = Mapping[tuple[str, str], str]
"""(field, key of the wording) → the code that is meant."""


@dataclass(frozen=True, slots=True)
class Word:
    """A wording of a field that our tables do not hold, and its meaning: a code of the field's table, or a structure's.

    `told_on`: the day the administrator was shown it; `decided_on` and `by`: the answer, and the file it came in.
    """

    field: str
    key: str
    wording: str
    meaning: str
    state: WordState = "proposed"
    told_on: date | None = None
    decided_on: date | None = None
    by: str = ""

    @property
    def id(self) -> str:
        """Stable: the same wording of the same field has the same, on any night and machine."""
        return WORD + hashlib.sha256(f"{self.field}|{self.key}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word as a report shows it; `token` comes back with the answer."""

    token: str
    field: str
    wording: str
    meaning: str
    places: str
    state: str


def in_effect(words: Iterable[Word]) -> dict[tuple[str, str], str]:
    """Return what the accepted ones mean."""
    return {(one.field, one.key): one.meaning for one in words if one.state == "accepted"}
