"""One station for all tests of this folder: bringing it up is what costs. `test_up.py` comes last, and breaks it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import installed, opened
from tests.orchestration.station import Station, brought_up


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with brought_up(tmp_path_factory.mktemp("station")) as found:
        yield found


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium, closed behind the one test that looks at a page of the server."""
    with opened(installed()) as browser:
        yield browser
