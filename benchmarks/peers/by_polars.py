"""The join in polars, lazy and streaming."""

import sys
from typing import Any

import polars as pl

KEY = "Identification nationale PP"
COLUMNS = KEY, "Nom d'exercice", "Prénom d'exercice", "Code profession", "Numéro FINESS site", "Date fin validité"


def joined(path: str, numbers: pl.LazyFrame) -> Any:
    """The rows of a national file whose person is one of ours, a few of its columns: three times less than all."""
    rows = pl.scan_csv(
        path, separator="|", quote_char=None, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=True
    )
    rows = rows.select(pl.col([name for name in rows.collect_schema().names() if name in COLUMNS]))
    return rows.join(numbers, on=KEY, how="semi").collect(engine="streaming")


def main(persons: str, cards: str, numbers: str) -> None:
    """Both files."""
    wanted = pl.scan_csv(numbers, infer_schema=False)
    print(len(joined(persons, wanted)), len(joined(cards, wanted)))


if __name__ == "__main__":
    main(*sys.argv[1:])
