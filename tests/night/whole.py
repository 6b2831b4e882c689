"""A country that agrees with itself, after a night; and a workbook of nine."""

from pathlib import Path

import pytest

from tests.night.commanded import Service
from tests.spec.tables import ES_52, Line, Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(20)]
ACCOUNTS = [account(who) for who in STAFF]
ROWS = [row(who) for who in STAFF]
NEW = [Person(300 + at, f"ARRIVEE-{chr(65 + at)}", "Lise") for at in range(20)]


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A night over a country that agrees with itself, but for somebody who left; to be copied."""
    made = Service(tmp_path_factory.mktemp("first") / "country")
    made.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    code, _ = made.night()
    assert (code, made.reasons()) == (0, {"left": 1, "no_assignment_left": 1})
    assert made.mails() == {"CRH_ST-24": 1}
    return made


@pytest.fixture
def service(first_night: Service, tmp_path: Path) -> Service:
    """After that night."""
    return first_night.moved(tmp_path)


def of_nine(root: Path) -> tuple[Service, list[Line], list[Line]]:
    """Region 52 has nine people in its workbook, two of them heads; everybody agrees."""
    made = Service(root)
    accounts = [account(who, ES_52) for who in STAFF[:7]]
    rows = [row(who, ES_52) for who in STAFF[:7]]
    made.write(accounts, rows)
    assert made.night()[0] == 0
    return made, accounts, rows
