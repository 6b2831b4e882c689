"""What an updater decided of who is who: remembered, with its effect every night, until it is taken back."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.changes.change import PostRef

About = Literal["line", "account", "number", "accounts", "person", "structure"]
"""What it is about: a line of a workbook, an account, the number of several, two accounts, somebody who left, a
structure.
"""

Choice = Literal["same", "none", "two", "left", "right", "stays", "merged", "convention", "closed"]
"""One of the candidates; none of them; two people; gone; the number is the right one. Of a structure: who of its
titulaires stays one; it was merged into another; the EFS declares for it; it is closed, its people are to be removed.
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision of a human about who somebody is.

    `name` (`pipelines.names.full_key`), `place` and `number` recognise the line, `account` the account that was asked
    about; `keys`: the one chosen, or those that were set aside; of a structure everybody whom the question named, the
    one chosen first. `change_id`: of the question, `said`: the answer as it was written, `by`: whose report it came on.
    `day`: when it was given; of somebody who leaves later, their last one. `undone_on`: the day it was taken back; it
    has no effect since.
    """

    change_id: str
    about: About
    choice: Choice
    keys: tuple[str, ...]
    day: date
    name: str = ""
    place: str = ""
    number: str = ""
    account: str = ""
    said: str = ""
    by: PostRef | None = None
    undone_on: date | None = None

    @property
    def stands(self) -> bool:
        """It has its effect."""
        return self.undone_on is None
