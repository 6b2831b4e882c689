"""Puts what was measured into a page of docs/, between the marks `<!-- measured: NAME -->` and `<!-- end -->`."""

import re
from pathlib import Path

MATCHING = Path(__file__).parents[1] / "docs" / "matching.md"


def write(page: Path, name: str, text: str) -> None:
    """In the place of what stood there."""
    old = page.read_text(encoding="utf-8")
    start = f"<!-- measured: {name} -->"
    found = re.search(rf"{re.escape(start)}\n.*?<!-- end -->", old, re.DOTALL)
    assert found, f"{page} has no {start}"
    page.write_text(old.replace(found[0], f"{start}\n{text.strip()}\n<!-- end -->"), encoding="utf-8")
