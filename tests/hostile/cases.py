"""Every hostile file of docs/hostile.md, by name."""

from tests.hostile import books, containers, contents, deployments, extracts, returns, texts
from tests.hostile.case import Case

CASES: dict[str, Case] = {
    **containers.CASES,
    **books.CASES,
    **contents.CASES,
    **texts.CASES,
    **extracts.CASES,
    **deployments.CASES,
    **returns.CASES,
}
