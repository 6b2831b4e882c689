"""The mail as a mail program shows it: on a telephone, in the light and in the dark, read aloud."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from connectors.mail.letter import compose
from schemas.reports.report import Deadline
from tests.invented_receipt import invented_receipt
from tests.invented_report import invented_report

SENT = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
# a mail stands inside the page of a mail program, which has the landmarks
NOT_OF_A_MAIL = {"landmark-one-main", "region"}
WEEKS = (Deadline("Déjà sans accès", 2, now=True), Deadline("Semaine du 23/11/2026", 1))


@pytest.fixture(scope="module", params=["letter", "receipt"])
def html(request: pytest.FixtureRequest) -> str:
    report = replace(invented_report(), weeks=WEEKS)
    sent = compose(report, sender="a@example.org", admin="b@example.org", sent_at=SENT, mode="none")
    sent = invented_receipt() if request.param == "receipt" else sent
    body = sent.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (720, "dark")])
def test_the_mail_fits_its_window_and_can_be_read_by_everybody(
    window: Callable[..., Page], html: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = window(width, 800, scheme)
    page.set_content(html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [rule["id"] for rule in found if rule["id"] not in NOT_OF_A_MAIL] == []
