"""Every hostile file of docs/hostile.md, by name."""

from tests.hostile import containers, contents, extracts, returns
from tests.hostile.case import Case

CASES: dict[str, Case] = {**containers.CASES, **contents.CASES, **extracts.CASES, **returns.CASES}
