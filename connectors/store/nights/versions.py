"""The annuaire of each night, kept as versions with the days they held: nothing is written for what did not change."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from connectors.store.batches import BATCH, execute_all
from connectors.store.tables import account_version, assignment_version, structure_version
from connectors.system.column_types import storable
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import classify_cpx
from schemas.people.structure import Structure
from schemas.reading.export_figures import Stood, StoodAccounts

TABLES = (account_version, assignment_version, structure_version)
VersionRow = tuple[object, ...]
T = TypeVar("T")


def record(
    connection: sa.Connection, day: date, accounts: Mapping[str, Account], structures: Mapping[str, Structure]
) -> None:
    """Record the annuaire as it stands from `day` on. A second call for the same day replaces the first.

    A day before the last recorded one leaves everything as it is: what was seen later is not undone.
    """
    latest = max(_latest(connection, table) for table in TABLES)
    if latest > day:
        return
    if latest == day:
        for table in TABLES:
            _take_back(connection, table, day)
    _write(connection, account_version, day, accounts, _account_rows)
    _write(connection, assignment_version, day, accounts, _assignment_rows)
    _write(connection, structure_version, day, structures, _structure_rows)


def stood(connection: sa.Connection) -> Mapping[str, Stood]:
    """Account → how it stood, of those that still are."""
    there = account_version.c
    held: dict[str, tuple[str, ...]] = {}
    one = dict[str, str]().setdefault  # text for all who are at one structure, or have one function
    functions = (assignment_version.c[name] for name in ("account_id", "structure_code", "function", "rank"))
    for key, *function in connection.execute(sa.select(*functions).where(assignment_version.c.valid_to.is_(None))):
        held[key] = (*held.get(key, ()), *(one(text, text) for text in function))
    rows = connection.execute(
        sa.select(there.account_id, there.active, there.cpx_number).where(there.valid_to.is_(None))
    )
    return StoodAccounts({key: (active, bool(number), *held.pop(key, ())) for key, active, number in rows})


def _latest(connection: sa.Connection, table: sa.Table) -> date:
    """The last day on which something changed in the table."""
    last = connection.execute(sa.select(sa.func.max(table.c.valid_from), sa.func.max(table.c.valid_to))).one()
    return max((day for day in last if day is not None), default=date.min)


def _take_back(connection: sa.Connection, table: sa.Table, day: date) -> None:
    """Leave the table as it stood before this day was played."""
    connection.execute(sa.delete(table).where(table.c.valid_from == day))
    connection.execute(sa.update(table).where(table.c.valid_to == day).values(valid_to=None))


def _account_rows(account: Account) -> Iterator[VersionRow]:
    yield (
        account.account_id,
        account.civility,
        account.last_name,
        account.first_name,
        account.profession,
        account.number.raw,
        account.card_type,
        account.card_expires_on,
        account.email,
        account.phone,
        account.active,
    )


def _assignment_rows(account: Account) -> Iterator[VersionRow]:
    for held in account.assignments:
        yield account.account_id, held.structure_code, held.function, held.rank


def _structure_rows(structure: Structure) -> Iterator[VersionRow]:
    yield structure.code, structure.type, structure.name, structure.region_code, structure.parent_code


def _write(
    connection: sa.Connection,
    table: sa.Table,
    day: date,
    nouns: Mapping[str, T],
    rows_of: Callable[[T], Iterable[VersionRow]],
) -> None:
    """Open what is new, close what is no more; both when a content changed.

    `rows_of` a noun, in the order of the columns, the first of which is its key in `nouns`: what is stored passes by
    row by row, and is held against the rows of that noun alone.
    """
    columns = [column.name for column in table.columns][:-2]
    key_length = len(table.primary_key) - 1
    stored = sa.select(*(table.c[name] for name in columns)).where(table.c.valid_to.is_(None))
    if any(storable(key) != key for key in nouns):
        nouns = {storable(key): noun for key, noun in nouns.items()}

    def now(key: str) -> Iterator[VersionRow]:
        noun = nouns.get(key)
        return (tuple(map(_stored, row)) for row in rows_of(noun)) if noun is not None else iter(())

    kept: set[VersionRow] = set()
    gone: list[VersionRow] = []
    for row in connection.execute(stored.execution_options(yield_per=BATCH)):
        same = next((one for one in now(row[0]) if one == tuple(row)), None)
        if same is None:
            gone.append(tuple(row[:key_length]))
        else:
            kept.add(same[:key_length])
    parameters = [f"key_{name}" for name in columns[:key_length]]
    these = (table.c[name] == sa.bindparam(f"key_{name}") for name in columns[:key_length])
    closing = sa.update(table).where(*these, table.c.valid_to.is_(None)).values(valid_to=day)
    execute_all(connection, closing, (dict(zip(parameters, key, strict=True)) for key in gone))
    come = (row for noun in nouns.values() for row in (tuple(map(_stored, one)) for one in rows_of(noun)))
    new = ({**dict(zip(columns, row, strict=True)), "valid_from": day} for row in come if row[:key_length] not in kept)
    execute_all(connection, sa.insert(table), new)


def _stored(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def annuaire_at(connection: sa.Connection, day: date) -> tuple[dict[str, Account], dict[str, Structure]]:
    """Return the annuaire as the last night up to `day` saw it, in the order of the codes."""
    assignments: dict[str, list[Assignment]] = {}
    for row in connection.execute(_valid(assignment_version, day)):
        held = Assignment(row.structure_code, row.function, row.rank)
        assignments.setdefault(row.account_id, []).append(held)
    accounts = {
        row.account_id: Account(
            account_id=row.account_id,
            civility=row.civility,
            last_name=row.last_name,
            first_name=row.first_name,
            profession=row.profession,
            number=classify_cpx(row.cpx_number),
            card_type=row.card_type,
            card_expires_on=row.card_expires_on,
            email=row.email,
            phone=row.phone,
            active=row.active,
            assignments=tuple(sorted(assignments.get(row.account_id, []))),
        )
        for row in connection.execute(_valid(account_version, day).order_by(account_version.c.account_id))
    }
    structures = {
        row.code: Structure(row.code, row.type, row.name, row.region_code, row.parent_code)
        for row in connection.execute(_valid(structure_version, day).order_by(structure_version.c.code))
    }
    return accounts, structures


def account_ids_until(connection: sa.Connection, day: date, but: Container[str] = ()) -> set[str]:
    """Return the accounts of `annuaire_at`, without what is known of them; those that are none of `but`."""
    return {key for key in connection.execute(_IDS, {"day": day}).scalars() if key not in but}


def _valid(table: sa.Table, day: date | sa.BindParameter[date]) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).where(table.c.valid_from <= day, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > day))


# made once: SQLAlchemy takes longer to put it together than SQLite to answer it
_IDS = _valid(account_version, sa.bindparam("day", type_=account_version.c.valid_from.type)).with_only_columns(
    account_version.c.account_id
)
