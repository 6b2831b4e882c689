"""The annuaire as a database (contract §4), on SQLite and on PostgreSQL."""

from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from connectors.sources.annuaire import COLUMNS, MIGRATIONS, load_annuaire, migrate_annuaire, read_annuaire_database
from connectors.system.database import downgrade
from schemas.errors import AnnuaireError
from schemas.reading.source import SourceStatus
from tests.invented_workbooks import CPX, FINESS
from tests.postgres import new_database

ETS_ROW = {
    "account_id": "U001", "civility": "Mme", "last_name": "MARTINEAU", "first_name": "Anne",
    "profession": "Médecin", "cpx_number": CPX[1], "card_type": "CPS", "card_expires_on": "2026-12-31",
    "email": "a@example.org", "phone": "0102030405", "active": "Oui", "function": "CHV-ST",
    "rank": "Titulaire", "structure_type": "ETS régional", "structure_code": "ETS-IDF",
    "structure_name": "EFS Île-de-France", "region_code": "11", "parent_code": "",
}  # fmt: skip
SITE = {
    "function": "CHV-ST", "rank": "Remplaçant", "structure_type": "Site transfusionnel",
    "structure_code": FINESS[1], "structure_name": "Site de Valmont", "region_code": "11",
    "parent_code": "ETS-IDF",
}  # fmt: skip
NOWHERE = dict.fromkeys(
    ("function", "rank", "structure_type", "structure_code", "structure_name", "region_code", "parent_code"),
    "",
)
LUC = {
    "account_id": "U002",
    "last_name": "ROUXEL",
    "cpx_number": CPX[2],
    "active": "Non",
    "card_expires_on": "",
}
ROWS = [ETS_ROW, {**ETS_ROW, **SITE}, {**dict.fromkeys(ETS_ROW, ""), **LUC, **NOWHERE}]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'annuaire.db'}" if request.param == "sqlite" else new_database()


def export(rows: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame([{**row, "_location": f"ligne {number}"} for number, row in enumerate(rows, 2)], dtype=object)


def test_what_is_loaded_from_an_export_is_read_back(url: str) -> None:
    migrate_annuaire(url)
    counts = load_annuaire(export(ROWS), url)
    assert counts == {"structures": 2, "accounts": 2, "assignments": 2, "unreadable_dates": 0, "set_aside": 0}
    reading = read_annuaire_database(url, "annuaire")
    assert list(reading.frame.columns) == list(COLUMNS)
    found = reading.frame.drop(columns="_location").to_dict("records")
    assert sorted(found, key=str) == sorted(ROWS, key=str)
    assert (reading.report.status, reading.report.rows_read, reading.report.rows_accepted) == (
        SourceStatus.OK,
        3,
        3,
    )


def test_loading_replaces_what_was_there_and_migrating_twice_does_nothing(url: str) -> None:
    migrate_annuaire(url)
    load_annuaire(export(ROWS), url)
    migrate_annuaire(url)
    load_annuaire(export(ROWS[:1]), url)
    reading = read_annuaire_database(url, "annuaire")
    assert list(reading.frame["structure_code"]) == ["ETS-IDF"]
    assert reading.report.sha256 == read_annuaire_database(url, "annuaire").report.sha256


def test_a_structure_where_nobody_is_assigned_is_known_all_the_same(url: str) -> None:
    migrate_annuaire(url)
    load_annuaire(export([{**row, "function": "", "rank": ""} for row in ROWS[:1]]), url)
    [structure] = read_annuaire_database(url, "annuaire").facts["structures"]
    assert (structure["structure_code"], structure["structure_type"]) == ("ETS-IDF", "ETS régional")


def test_a_load_that_fails_changes_nothing(url: str) -> None:
    migrate_annuaire(url)
    load_annuaire(export(ROWS), url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE efit_assignment"))
        connection.execute(sa.text("CREATE TABLE efit_assignment (account_id VARCHAR(9))"))
    with pytest.raises(AnnuaireError):
        load_annuaire(export(ROWS[:1]), url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM efit_account")).scalar() == 2
    engine.dispose()


def test_a_database_without_the_tables_is_an_annuaire_error(url: str) -> None:
    migrate_annuaire(url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE efit_assignment"))
    engine.dispose()
    with pytest.raises(AnnuaireError, match="tables"):
        read_annuaire_database(url, "annuaire")


def test_reading_never_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'annuaire.db'}"
    with pytest.raises(AnnuaireError, match="n’existe pas"):
        read_annuaire_database(url, "annuaire")
    assert list(tmp_path.iterdir()) == []
    migrate_annuaire(url)
    load_annuaire(export(ROWS), url)
    before = (tmp_path / "annuaire.db").read_bytes()
    (tmp_path / "annuaire.db").chmod(0o400)
    read_annuaire_database(url, "annuaire")
    assert (tmp_path / "annuaire.db").read_bytes() == before


def test_a_database_made_by_others_may_hold_text_for_dates_and_booleans(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'annuaire.db'}"
    migrate_annuaire(url)
    load_annuaire(export(ROWS), url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE efit_account SET active = 'Oui', card_expires_on = '31/12/2026'"))
    engine.dispose()
    frame = read_annuaire_database(url, "annuaire").frame
    assert set(frame["active"]) == {"Oui"}
    assert set(frame["card_expires_on"]) == {"31/12/2026"}


def test_a_date_nobody_can_read_is_counted_and_left_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'annuaire.db'}"
    migrate_annuaire(url)
    assert load_annuaire(export([{**ETS_ROW, "card_expires_on": "bientôt"}]), url)["unreadable_dates"] == 1
    assert list(read_annuaire_database(url, "annuaire").frame["card_expires_on"]) == [""]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://efit:secret@127.0.0.1:1/annuaire?connect_timeout=1",
        "postgresql://efit:secret@127.0.0.1:1/annuaire?connect_timeout=1",
        "inconnu://efit:secret@serveur/annuaire",
        "mysql://efit:secret@serveur/annuaire",
        "pas une adresse",
    ],
)
def test_a_database_out_of_reach_is_told_without_its_password(address: str) -> None:
    with pytest.raises(AnnuaireError, match="annuaire") as told:
        read_annuaire_database(address, "annuaire")
    assert "secret" not in str(told.value)


def test_the_migrations_go_down_to_nothing_and_up_again(url: str) -> None:
    migrate_annuaire(url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        before = sorted(sa.inspect(connection).get_table_names())
        downgrade(connection, MIGRATIONS, "base")
    with engine.begin() as connection:
        assert [name for name in sa.inspect(connection).get_table_names() if "alembic" not in name] == []
    migrate_annuaire(url)
    with engine.begin() as connection:
        assert sorted(sa.inspect(connection).get_table_names()) == before
    engine.dispose()
