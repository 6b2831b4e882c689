"""How the address of a database is read."""

import pytest

from connectors.system.database import parsed_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_that_falls_silent_is_missed_within_a_minute(scheme: str) -> None:
    found = parsed_url(f"{scheme}://efit@base.example.org/annuaire?connect_timeout=3")
    assert found.drivername == "postgresql+psycopg"
    assert found.query["connect_timeout"] == "3", "what the address says stands"
    assert int(str(found.query["tcp_user_timeout"])) <= 60_000
    assert not parsed_url("sqlite:///annuaire.db").query
