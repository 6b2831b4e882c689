"""What changed between two extracts in DuckDB: rows that only one has, then who they are of, then which cells."""

import sys

import duckdb

READ = """
    CREATE TABLE {name} AS SELECT DISTINCT * FROM read_csv(
        '{path}', delim='|', quote='', escape='', header=true, all_varchar=true, null_padding=true,
        ignore_errors=true, strict_mode=false, parallel=true)
"""
KEY = '"Identification nationale PP"'
COUNTS = f"""
    SELECT CASE WHEN {KEY} NOT IN (SELECT {KEY} FROM new) THEN 'remove'
                WHEN {KEY} NOT IN (SELECT {KEY} FROM old) THEN 'create' ELSE 'modify' END AS operation, count(*)
    FROM (SELECT {KEY} FROM gone UNION SELECT {KEY} FROM come) GROUP BY operation ORDER BY operation
"""
CELLS = f"""
    CREATE TABLE cells AS
    WITH before AS (UNPIVOT gone ON COLUMNS(* EXCLUDE ({KEY})) INTO NAME field VALUE cell),
         after AS (UNPIVOT come ON COLUMNS(* EXCLUDE ({KEY})) INTO NAME field VALUE cell)
    (SELECT 'before', * FROM (FROM before EXCEPT FROM after)) UNION ALL
    (SELECT 'after', * FROM (FROM after EXCEPT FROM before))
"""


def main(old: str, new: str) -> None:
    """Counts by operation, and how many cells differ."""
    with duckdb.connect() as database:
        database.execute(READ.format(name="old", path=old))
        database.execute(READ.format(name="new", path=new))
        database.execute("CREATE TABLE gone AS FROM old EXCEPT FROM new")
        database.execute("CREATE TABLE come AS FROM new EXCEPT FROM old")
        print(database.execute(COUNTS).fetchall())
        database.execute(CELLS)
        print(database.execute("SELECT count(*) FROM cells").fetchall()[0][0])


if __name__ == "__main__":
    main(*sys.argv[1:])
