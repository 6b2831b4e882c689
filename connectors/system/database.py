"""What the doors to our two databases share: reading an address, showing it, and running migrations."""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config


# So that a server whose machine or cable is gone is missed within a minute: the system itself waits for a quarter of an
# hour. In libpq's own words; seconds, but for the last: milliseconds.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "45000",
}


def parsed_url(url: str) -> sa.URL:
    """Return the address, PostgreSQL through psycopg 3 however it is spelled. Raises ArgumentError or ValueError.

    How long it waits for a server that fell silent is ours, where the address does not say it.
    """
    parsed = sa.make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.set(query={**_PATIENCE, **parsed.query}) if parsed.drivername == "postgresql+psycopg" else parsed


def shown_url(url: str, otherwise: str) -> str:
    """Return the address without its password; `otherwise` when it is no address at all."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except (sa.exc.ArgumentError, ValueError):
        return otherwise


def newest_revision(folder: Path) -> str:
    """Return the revision to which the migrations in `folder` lead: their files are named after them, in order.

    Alembic is asked only where there is something to do: importing it takes as long as playing a small night.
    """
    return max(path.stem for path in (folder / "versions").glob("*_[0-9]*.py"))


def is_known(folder: Path, revision: str) -> bool:
    """Tell whether it is one of ours; a later version of the software makes others."""
    return (folder / "versions" / f"{revision}.py").is_file()


def migrations(folder: Path) -> "Config":
    """Return Alembic's configuration for the migrations in `folder`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def make_tables(connection: sa.Connection, metadata: sa.MetaData, version_table: str, revision: str) -> None:
    """Make the tables of a database that has none of them, as the migrations up to the newest `revision` would, and
    note it as Alembic does: importing that and saying all that ever changed takes a quarter of a second.
    """
    versions = sa.Table(
        version_table,
        sa.MetaData(),
        sa.Column("version_num", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_num", name=f"{version_table}_pkc"),
    )
    versions.create(connection, checkfirst=False)
    metadata.create_all(connection, checkfirst=False)
    connection.execute(versions.insert(), {"version_num": revision})


def upgrade(connection: sa.Connection, folder: Path, revision: str = "head") -> None:
    """Bring the database up to a revision, within the connection's own transaction."""
    from alembic import command

    config = migrations(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def downgrade(connection: sa.Connection, folder: Path, revision: str) -> None:
    """Take the database back to a revision, within the connection's own transaction."""
    from alembic import command

    config = migrations(folder)
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
