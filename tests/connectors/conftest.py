"""The store on each of its databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.store import Store, open_store
from tests.postgres import new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'var' / 'annuaire.db'}" if request.param == "sqlite" else new_database()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url) as opened:
        yield opened
