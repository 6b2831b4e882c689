"""A real IMAP server, and whoever reads it."""

from collections.abc import Iterator

import pytest

from tests.mail_servers import Authority, new_authority
from tests.mailboxes import Box, Servers
from tests.night.mailbox.house import House
from tests.night.played import Installation


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def servers(authority: Authority) -> Iterator[Servers]:
    """The mail servers of a file of tests, one at a time."""
    kept = Servers(authority)
    yield kept
    kept.close()


@pytest.fixture
def post(servers: Servers) -> Iterator[Box]:
    """An empty mailbox; its server is that of the test before, unless that one stopped it or altered its settings."""
    yield servers.box()
    servers.clean()


@pytest.fixture
def house(there: Installation, post: Box, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(there, post, monkeypatch)
