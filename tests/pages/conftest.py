"""One browser for all tests of pages, closed behind the last: as long as it is open no other event loop can run."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Screen, installed

Window = Callable[..., Page]
HERE = Path(__file__).parent
SCREEN = Screen()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Behind each of them."""
    if nextitem is None or HERE not in nextitem.path.parents:
        SCREEN.close()


@pytest.fixture
def browser() -> Browser:
    """Chromium, opened by the first test that asks."""
    return SCREEN.browser(installed())


@pytest.fixture
def window(browser: Browser) -> Window:
    """A window of that size, light or dark, with or without a script; of those with one there is one at a time."""

    def window(width: int, height: int, scheme: Literal["light", "dark"] = "light", script: bool = True) -> Page:
        return SCREEN.window(browser, (width, height), scheme, script)

    return window
