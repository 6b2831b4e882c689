"""Rows on their way into a table, some thousands at a time: there may be millions, and none need be held."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
BATCH = 2_000


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield the rows, in order, a batch at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def execute_all(connection: sa.Connection, statement: sa.Executable, rows: Iterable[Mapping[str, Any]]) -> None:
    """Carry out the statement for each row; for none, nothing is asked of the database."""
    for batch in batches(rows):
        connection.execute(statement, batch)
