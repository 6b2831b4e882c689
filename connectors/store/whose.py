"""Whose store this is, asked before it is opened: nothing is made, nothing brought up to date."""

from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import ValidationError

from connectors.store.database import Database
from connectors.store.nights import runs
from connectors.store.tables import installation, run
from schemas.changes.installed import Installation

_SEEN = sa.select(installation.c.payload)


@dataclass(frozen=True, slots=True)
class Whose:
    """`first_run`: the run that a store began with, "" without one; `installation`: as the last night saw it."""

    first_run: str = ""
    installation: Installation | None = None


def whose_store(url: str) -> Whose:
    """Return what the store says of itself, empty where there is none. Raises StoreError when it does not answer."""
    database = Database(url)
    try:
        with database.translated():
            if database.path and not database.path.is_file():
                return Whose()
        with database.reading() as connection:
            found = sa.inspect(connection)
            if not found.has_table(run.name):
                return Whose()
            known = read_installation(connection) if found.has_table(installation.name) else None
            return Whose(runs.first_id(connection), known)
    finally:
        database.close()


def read_installation(connection: sa.Connection) -> Installation | None:
    """Read the installation as the last night saw it; None before one, or where a later version wrote more."""
    text = connection.execute(_SEEN).scalar()
    try:
        return Installation.model_validate_json(text) if text else None
    except ValidationError:
        return None


def write_installation(connection: sa.Connection, found: Installation) -> None:
    """Write it in the place of what the night before saw."""
    connection.execute(sa.delete(installation))
    connection.execute(sa.insert(installation).values(name="seen", payload=found.model_dump_json()))
