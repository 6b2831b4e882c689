"""A real browser for the tests of pages: Debian's Chromium, driven without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.patience import patient

CHROMIUM = shutil.which("chromium")


@contextmanager
def opened(chromium: str) -> Iterator[Browser]:
    """The browser, closed afterwards; as long as it is open an event loop runs, and no other can."""
    with sync_playwright() as driver:
        # as root there is no sandbox to be had; the only page opened is ours, from a file
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=1000 * patient(60))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests at most; no test of pages can be played where it is not installed."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium (.ci/run does, as root)")
    with opened(CHROMIUM) as browser:
        yield browser
