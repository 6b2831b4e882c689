"""A real browser for the tests of pages: Debian's Chromium, driven without a window."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.patience import patient

CHROMIUM = shutil.which("chromium")


def installed() -> str:
    """Where Chromium is; no test of pages can be played where it is not."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium (.ci/run does, as root)")
    return CHROMIUM


@contextmanager
def opened(chromium: str) -> Iterator[Browser]:
    """The browser, closed afterwards; as long as it is open an event loop runs, and no other can."""
    with sync_playwright() as driver:
        # as root there is no sandbox to be had; the only page opened is ours, from a file
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=1000 * patient(60))
        yield browser
        browser.close()


class Screen:
    """A browser that several files of tests look at, and its windows.

    A process of its own for each window took two thirds of the time: one is kept for pages with a script, one for those
    without, and each page is loaded into it anew.
    """

    def __init__(self) -> None:
        self._kept = ExitStack()
        self._browser: Browser | None = None
        self._windows: dict[bool, Page] = {}

    def browser(self, chromium: str) -> Browser:
        """The browser, opened by the first who asks."""
        if self._browser is None:
            self._browser = self._kept.enter_context(opened(chromium))
        return self._browser

    def window(self, browser: Browser, size: tuple[int, int], scheme: Literal["light", "dark"], script: bool) -> Page:
        """A window of that size, with nothing of another page in it."""
        if script not in self._windows:
            self._windows[script] = browser.new_context(java_script_enabled=script).new_page()
        page = self._windows[script]
        page.goto("about:blank")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(media="null", color_scheme=scheme)
        return page

    def close(self) -> None:
        """Close it, if it is open."""
        self._browser = None
        self._windows.clear()
        self._kept.close()
