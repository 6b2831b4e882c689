"""The store's migrations: up, down, and what they make is what the code believes."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from connectors.sources.annuaire import migrate_annuaire
from connectors.store import open_store
from connectors.store.database import MIGRATIONS, VERSION_TABLE
from connectors.store.tables import metadata
from connectors.system.database import downgrade, upgrade
from tests.invented_nights import play


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def described(connection: sa.Connection) -> dict[str, list[str]]:
    """Each table with its columns, keys and indexes, and what stands in that of the versions."""
    looks = sa.inspect(connection)
    asked = (
        looks.get_columns,
        looks.get_indexes,
        looks.get_unique_constraints,
        looks.get_foreign_keys,
        looks.get_check_constraints,
    )
    found = {
        table: [str(looks.get_pk_constraint(table)), *(str(sorted(map(str, ask(table)))) for ask in asked)]
        for table in looks.get_table_names()
    }
    return found | {"": [str(connection.execute(sa.text(f"SELECT * FROM {VERSION_TABLE}")).all())]}


def test_a_store_made_at_once_is_the_one_that_the_migrations_make(store_url: str) -> None:
    open_store(store_url).close()
    with connected(store_url) as connection:
        at_once = described(connection)
        downgrade(connection, MIGRATIONS, "base")
        connection.execute(sa.text(f"DROP TABLE {VERSION_TABLE}"))
    with connected(store_url) as connection:
        upgrade(connection, MIGRATIONS)
        assert described(connection) == at_once
    assert len(at_once) > len(metadata.tables)


def test_the_migrations_make_the_tables_that_the_code_believes_in(store_url: str) -> None:
    open_store(store_url).close()
    with connected(store_url) as connection:
        downgrade(connection, MIGRATIONS, "base")
        upgrade(connection, MIGRATIONS)
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_go_down_to_nothing_and_up_again(store_url: str) -> None:
    with open_store(store_url) as store:
        play(store, "one", (), ())
    with connected(store_url) as connection:
        downgrade(connection, MIGRATIONS, "base")
    with connected(store_url) as connection:
        assert sa.inspect(connection).get_table_names() == [VERSION_TABLE]
        upgrade(connection, MIGRATIONS)
    with open_store(store_url) as store:
        assert store.runs() == []


def test_opening_again_changes_nothing(store_url: str) -> None:
    with open_store(store_url) as store:
        play(store, "one", (), ())
    with open_store(store_url) as store:
        assert [run.run_id for run in store.runs()] == ["one"]


def test_the_store_and_the_annuaire_may_share_a_database(store_url: str) -> None:
    open_store(store_url).close()
    migrate_annuaire(store_url)
    open_store(store_url).close()
    with connected(store_url) as connection:
        tables = set(sa.inspect(connection).get_table_names())
    assert {"efit_account", "efit_alembic_version", "run", VERSION_TABLE} <= tables
