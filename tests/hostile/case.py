"""A hostile or broken file: how it is made, which door it knocks at, what the person in front of it reads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Door = Literal["workbook", "register", "returned", "configuration"]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of docs/hostile.md. `code` is "" where the file is read all the same; `says`: words of what is read."""

    what: str
    build: Callable[[Path], Path]
    code: str
    says: str
    door: Door = "workbook"
