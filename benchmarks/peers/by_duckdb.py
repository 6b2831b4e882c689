"""The join in DuckDB."""

import sys

import duckdb

QUERY = """
    SELECT count(*), max(columns(*)) FROM read_csv(
        '{path}', delim='|', quote='', escape='', header=true, all_varchar=true, null_padding=true,
        ignore_errors=true, strict_mode=false, parallel=true, encoding='{encoding}')
    WHERE "Identification nationale PP" IN (SELECT * FROM read_csv('{numbers}', all_varchar=true, header=true))
"""


def main(persons: str, cards: str, numbers: str) -> None:
    """Both files."""
    with duckdb.connect() as database:
        for path, encoding in ((persons, "utf-8"), (cards, "latin-1")):
            print(database.execute(QUERY.format(path=path, numbers=numbers, encoding=encoding)).fetchall()[0][0])


if __name__ == "__main__":
    main(*sys.argv[1:])
