"""What the doors to our two databases share: reading an address, showing it, and running migrations."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def parsed_url(url: str) -> sa.URL:
    """The address, PostgreSQL through psycopg 3 however it is spelled. Raises ArgumentError or ValueError."""
    parsed = sa.make_url(url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in ("postgres", "postgresql") else parsed


def shown_url(url: str, otherwise: str) -> str:
    """The address without its password; `otherwise` when it is no address at all."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except (sa.exc.ArgumentError, ValueError):
        return otherwise


def migrations(folder: Path) -> Config:
    """Alembic's configuration for the migrations in `folder`."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def upgrade(connection: sa.Connection, folder: Path, revision: str = "head") -> None:
    """Bring the database up to a revision, within the connection's own transaction."""
    config = migrations(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def downgrade(connection: sa.Connection, folder: Path, revision: str) -> None:
    """Take the database back to a revision, within the connection's own transaction."""
    config = migrations(folder)
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
