"""The words of the trade and ours, one meaning each: for the workbook, the page, and `docs/glossaire.md`."""

import sys
from itertools import groupby
from operator import itemgetter

from schemas.nomenclatures import rows, say


def words_of(place: str) -> list[tuple[str, str]]:
    """Return the terms that a place explains, each with its meaning; `place` is « guide » or « page »."""
    return [(row["term"], row["meaning"]) for row in rows("glossary") if place in row["shown"].split("|")]


def page() -> str:
    """Return `docs/glossaire.md`."""
    parts = [say("glossary.page")]
    for section, found in groupby(rows("glossary"), key=itemgetter("section")):
        lines = [_line(row["term"], row["meaning"], row["code"]) for row in found]
        parts.append("\n".join([f"## {section}", say("glossary.columns"), "|---|---|---|", *lines]) + "\n")
    return "\n".join(parts)


def _line(term: str, meaning: str, code: str) -> str:
    return f"| {term} | {meaning} | {code and f'`{code}`'} |"


if __name__ == "__main__":
    sys.stdout.write(page())
