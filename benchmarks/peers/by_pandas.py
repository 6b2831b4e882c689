"""The join in pandas."""

import csv
import sys

import pandas as pd

KEY = "Identification nationale PP"
COLUMNS = "Nom d'exercice", "Prénom d'exercice", "Code profession", "Numéro FINESS site", "Date fin validité"


def joined(path: str, numbers: "pd.Series[str]") -> pd.DataFrame:
    """The rows of a national file whose person is one of ours; a few of its columns, else memory does not do."""
    rows = pd.read_csv(
        path,
        sep="|",
        quoting=csv.QUOTE_NONE,
        dtype=str,
        usecols=lambda column: column == KEY or column in COLUMNS,
        encoding_errors="replace",
        on_bad_lines="skip",
        index_col=False,
    )
    return rows[rows[KEY].isin(numbers)]


def main(persons: str, cards: str, numbers: str) -> None:
    """Both files."""
    wanted = pd.read_csv(numbers, dtype=str)[KEY]
    print(len(joined(persons, wanted)), len(joined(cards, wanted)))


if __name__ == "__main__":
    main(*sys.argv[1:])
