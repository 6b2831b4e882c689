"""A real IMAP server, and whoever reads it."""

from collections.abc import Iterator

import pytest

from tests.mail_servers import Authority, new_authority
from tests.mailboxes import Box, box
from tests.night.mailbox.house import House
from tests.night.played import Installation


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def post(authority: Authority) -> Iterator[Box]:
    with box(authority) as found:
        yield found


@pytest.fixture
def house(there: Installation, post: Box, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(there, post, monkeypatch)
