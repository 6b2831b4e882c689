"""What the tests of nights share."""

from pathlib import Path

import pytest

from tests.night.played import Installation, played


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The invented country after its first night, to look at; who wants to change something takes `there`."""
    return played(tmp_path_factory.mktemp("first"))


@pytest.fixture
def there(first_night: Installation, tmp_path: Path) -> Installation:
    """The same, elsewhere, to be changed at will."""
    return first_night.copy(tmp_path / "there")
