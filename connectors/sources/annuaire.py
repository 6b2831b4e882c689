"""The e-FIT annuaire as a database (contract §4), SQLite or PostgreSQL; reading never writes.

`migrate_annuaire` and `load_annuaire` are for installations that keep an export in a database; the nightly
run calls `read_annuaire_database` alone. Database errors become AnnuaireError with a French sentence and no
password.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from connectors.sources.result import Reading, text_frame
from connectors.system.database import parsed_url, shown_url, upgrade
from schemas.errors import AnnuaireError
from schemas.nomenclatures import say
from schemas.people.assignment import AnnuaireRow
from schemas.reading.source import SourceReport
from schemas.words import clean, label_key

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "annuaire"
FIELDS = tuple(AnnuaireRow.model_fields)
COLUMNS = (*FIELDS, "_location")
ACCOUNT_FIELDS = FIELDS[: FIELDS.index("active") + 1]  # the first of an export's columns are the account's
STRUCTURE_COLUMNS = {  # of the table → of an export's row
    "code": "structure_code",
    "type": "structure_type",
    "name": "structure_name",
    "region_code": "region_code",
    "parent_code": "parent_code",
}
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d")
_NO = {"non", "n", "no", "0", "false", "faux", "inactif", "desactive"}

# Columns without types: a database made by others may hold a date as text, or a boolean as « Oui ».
_structure = sa.table("efit_structure", *map(sa.column, STRUCTURE_COLUMNS))
_account = sa.table("efit_account", *map(sa.column, ACCOUNT_FIELDS))
_assignment = sa.table("efit_assignment", *map(sa.column, ("account_id", "structure_code", "function", "rank")))
_KINDS: dict[str, sa.types.TypeEngine[Any]] = {"card_expires_on": sa.Date(), "active": sa.Boolean()}
_written_account = sa.table(
    "efit_account", *(sa.column(name, _KINDS.get(name, sa.String())) for name in ACCOUNT_FIELDS)
)


def read_annuaire_database(url: str, source: str) -> Reading:
    """Read the annuaire as the export gives it: one row per account and assignment, columns of `AnnuaireRow`.

    An account without assignment has one row with an empty function; structures where nobody is assigned are
    in `facts["structures"]`, as rows of the same columns without an account. Raises AnnuaireError.
    """
    assigned = _account.outerjoin(_assignment, _account.c.account_id == _assignment.c.account_id).outerjoin(
        _structure, _structure.c.code == _assignment.c.structure_code
    )
    place = (
        _assignment.c.function,
        _assignment.c.rank,
        _structure.c.type.label("structure_type"),
        _assignment.c.structure_code,
        _structure.c.name.label("structure_name"),
        _structure.c.region_code,
        _structure.c.parent_code,
    )
    # Not « not exists »: without an index on the structures of assignments that walks all of them for each structure.
    staffed = sa.select(_assignment.c.structure_code).where(_assignment.c.structure_code.is_not(None))
    nobody = _structure.c.code.not_in(staffed)
    told = lru_cache(maxsize=8192, typed=True)(_field)  # a few words and names come back on every row
    with _connected(url, read_only=True) as connection:
        wanted = sa.select(*_account.c, *place).select_from(assigned).execution_options(yield_per=10_000)
        rows = connection.execute(wanted)
        texts = sorted([told(name, value) for name, value in zip(FIELDS, row, strict=True)] for row in rows)
        empty = connection.execute(sa.select(_structure).where(nobody)).mappings().all()
    digest = _digest(texts)
    for values in texts:
        values.append(f"efit_account {values[0]}")
    frame = text_frame(texts, COLUMNS)
    report = SourceReport(name=source, path=_shown(url), sha256=digest, rows_read=len(texts), rows_accepted=len(texts))
    return Reading(report, frame, facts={"structures": tuple(sorted(map(_structure_row, empty), key=repr))})


def count_accounts(url: str) -> int:
    """Count how many accounts the database has, its three tables being there with our columns. Raises AnnuaireError."""
    with _connected(url, read_only=True) as connection:
        for table in (_structure, _account, _assignment):
            connection.execute(sa.select(table).limit(1)).all()
        return int(connection.execute(sa.select(sa.func.count()).select_from(_account)).scalar_one())


def _digest(texts: Iterable[list[str]]) -> str:
    """Of the list as Python writes it, which is never held as a whole."""
    digest = hashlib.sha256(b"[")
    for at, values in enumerate(texts):
        digest.update((", " if at else "").encode() + repr(values).encode())
    digest.update(b"]")
    return digest.hexdigest()


def _structure_row(row: Any) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "") | {field: _text(row[name]) for name, field in STRUCTURE_COLUMNS.items()}


def _field(name: str, value: object) -> str:
    return _text(bool(value)) if name == "active" and isinstance(value, int) else _text(value)  # SQLite: 1 or 0


def _text(value: object) -> str:
    """As the export writes it: Oui or Non, ISO dates, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("answer.yes") if value else say("answer.no")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else clean(str(value))


def migrate_annuaire(url: str) -> None:
    """Create or bring up to date the three tables (Alembic, version table `efit_alembic_version`).

    An SQLite file that is made here is readable by its owner alone: it is the whole directory.
    """
    _make_private(url)
    with _connected(url) as connection:
        upgrade(connection, MIGRATIONS)


def _make_private(url: str) -> None:
    with suppress(sa.exc.ArgumentError, ValueError, OSError):  # whoever connects next says what is wrong
        parsed = parsed_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            os.close(os.open(str(parsed.database), os.O_RDWR | os.O_CREAT, 0o600))


def load_annuaire(frame: pd.DataFrame, url: str) -> dict[str, int]:
    """Replace the content of the database by an export's frame, in one transaction.

    Returns how many structures, accounts and assignments were written, and the `unreadable_dates` and rows
    (`set_aside`: no account, or a function without structure) that had no place in the tables. Raises
    AnnuaireError.
    """
    content = _content(frame)
    with _connected(url) as connection:
        for table in (_assignment, _account, _structure):
            connection.execute(sa.delete(table))
        _insert(connection, _structure, content["structures"])
        _insert(connection, _written_account, content["accounts"])
        _insert(connection, _assignment, content["assignments"])
    return {name: len(rows) for name, rows in content.items()}


def _insert(connection: sa.Connection, table: sa.TableClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _content(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    structures: dict[str, dict[str, Any]] = {}
    accounts: dict[str, dict[str, Any]] = {}
    assignments: dict[tuple[str, ...], dict[str, Any]] = {}
    dates: list[dict[str, Any]] = []
    aside: list[dict[str, Any]] = []
    columns = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        row = dict(zip(columns, map(str, values), strict=True))
        code = row["structure_code"]
        if code:
            structures.setdefault(code, {name: row[of] for name, of in STRUCTURE_COLUMNS.items()})
        if not row["account_id"] or (row["function"] and not code):
            aside.append(row)
        if not row["account_id"]:
            continue
        if row["account_id"] not in accounts:
            ends = _date(row["card_expires_on"])
            if row["card_expires_on"] and ends is None:
                dates.append(row)
            active = label_key(row["active"]) not in _NO
            said = {name: row[name] for name in ACCOUNT_FIELDS}
            accounts[row["account_id"]] = {**said, "card_expires_on": ends, "active": active}
        if code and row["function"]:
            key = {name: row[name] for name in ("account_id", "structure_code", "function", "rank")}
            assignments.setdefault(tuple(key.values()), key)
    return {
        "structures": list(structures.values()),
        "accounts": list(accounts.values()),
        "assignments": list(assignments.values()),
        "unreadable_dates": dates,
        "set_aside": aside,
    }


def _date(text: str) -> date | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text[:10].strip(), form).date()
        except ValueError:
            continue
    return None


@contextmanager
def _connected(url: str, *, read_only: bool = False) -> Iterator[sa.Connection]:
    """A connection in one transaction, rolled back on any error; errors told in French, without password."""
    engine = _engine(url, must_exist=read_only)
    try:
        with engine.connect() as connection:
            _prepare(connection, read_only)
            with connection.begin():
                yield connection
    except sa.exc.IntegrityError:  # `from None`: the driver's message may quote a person's row
        raise AnnuaireError(say("annuaire.refused", url=_shown(url))) from None
    except (sa.exc.ProgrammingError, sa.exc.DataError):
        raise AnnuaireError(say("annuaire.tables", url=_shown(url))) from None
    except sa.exc.OperationalError as error:
        missing = "no such table" in str(error.orig) or "no such column" in str(error.orig)
        key = "annuaire.tables" if missing else "annuaire.unreachable"
        raise AnnuaireError(say(key, url=_shown(url))) from None
    except sa.exc.SQLAlchemyError:
        raise AnnuaireError(say("annuaire.unreachable", url=_shown(url))) from None
    finally:
        engine.dispose()


def _engine(url: str, *, must_exist: bool) -> sa.Engine:
    try:
        parsed = parsed_url(url)
        in_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
        if must_exist and in_file and not Path(str(parsed.database)).is_file():  # opening would create it
            raise AnnuaireError(say("annuaire.missing_file", url=_shown(url)))
        return sa.create_engine(parsed)
    except (sa.exc.NoSuchModuleError, ImportError):
        raise AnnuaireError(say("annuaire.driver", url=_shown(url))) from None
    except (sa.exc.ArgumentError, ValueError):
        raise AnnuaireError(say("annuaire.url")) from None


def _prepare(connection: sa.Connection, read_only: bool) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    elif read_only:
        connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    connection.commit()


def _shown(url: str) -> str:
    return shown_url(url, say("source.annuaire"))
