"""A real browser for the tests of pages: Debian's Chromium, driven without a window."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; no test of pages can be played where it is not installed.

    For one file of tests at most: as long as it is open an event loop runs, and no other can.
    """
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium (.ci/run does, as root)")
    with sync_playwright() as driver:
        # as root there is no sandbox to be had; the only page opened is ours, from a file
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
