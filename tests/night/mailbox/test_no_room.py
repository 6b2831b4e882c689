"""A mailbox that has no room left, one whose folder is closed, and two services that read the same one at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.connectors.test_letter_in import letter
from tests.mail_servers import Authority
from tests.mailboxes import DONE, DOVECOT, WHY_NOT, box
from tests.night.mailbox.house import DAY, REPORT, House, numbered
from tests.night.played import Installation

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)

QUOTA = """
mail_plugins = quota
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage={storage}
  quota_grace = 0
}}
protocol imap {{
  mail_plugins = quota imap_quota
  {more}
}}
"""


@pytest.mark.parametrize("more", ["", "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS NAMESPACE"])
def test_a_mailbox_without_room_loses_no_answer_and_takes_none_twice(
    there: Installation, authority: Authority, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    """To copy a mail into a folder needs its room once more; to move one does not everywhere."""
    with box(authority, more=QUOTA.format(storage="1M", more=more)) as post:
        house = House(there, post, monkeypatch)
        content, change = house.answered()
        house.arrives(numbered(letter((REPORT, content)), 1))
        conf = post.folder / "dovecot.conf"
        conf.write_text(conf.read_text(encoding="utf-8").replace("storage=1M", "storage=1K"), encoding="utf-8")
        post.stop()
        post.start()
        code, found = house.collect()
        assert house.status(change) == "accepted"
        moved = len(post.subjects(DONE))
        assert (code, moved) in ((0, 1), (3, 0)), found
        assert len(post.subjects()) + moved == 1
        assert len(house.receipts) == 1
        assert house.collect()[0] == 0
        assert len(house.receipts) == 1
        with house.there.store() as store:
            assert len(store.decisions(change)) == 1


def test_two_services_that_read_one_mailbox_at_once_take_nothing_twice(house: House) -> None:
    changes = []
    for number in range(4):
        content, change = house.answered()
        changes.append(change)
        house.arrives(numbered(letter((REPORT, content)), number))
    command = [sys.executable, "-c", "from flows.cli.start import main; main()", "decisions", *DAY, "--json"]
    command += ["-c", str(house.there.config)]

    def collect(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=os.environ, cwd=Path.cwd(), capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(collect, range(2)))
    assert not any("Traceback" in one.stderr for one in done), [one.stderr for one in done]
    if {one.returncode for one in done} != {0}:  # who found the other at work said so, and comes again
        house.collect()
    assert [house.status(one) for one in changes] == ["accepted"] * 4
    assert (house.post.subjects(), len(house.post.subjects(DONE))) == ([], 4)
    assert len(house.receipts) == 4
    with house.there.store() as store:
        assert [len(store.decisions(one)) for one in changes] == [1] * 4
