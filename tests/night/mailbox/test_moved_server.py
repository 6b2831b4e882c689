"""A mailbox that moves: to another port, another server, another spelling of its user; one that is put back."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from connectors.mailbox.letterbox import MailboxLine
from tests.connectors.test_letter_in import letter
from tests.mail_servers import USER
from tests.mailboxes import DONE, DOVECOT, WHY_NOT, Box
from tests.night.mailbox.house import REPORT, House, numbered
from tests.night.mailbox.test_who_sent_it import THEIRS, signed_by_another
from tests.orchestration.station import free_port

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The UIDs that were read whole, from now on."""
    uids: list[int] = []
    reading = MailboxLine.read

    def told(line: MailboxLine, uid: int) -> bytes:
        uids.append(uid)
        return reading(line, uid)

    monkeypatch.setattr(MailboxLine, "read", told)
    return uids


def others(house: House, first: int, count: int) -> None:
    """Mails that are nobody's answer, and stay."""
    for number in range(first, first + count):
        house.arrives(numbered(letter(subject="?"), number), "quelquun@ailleurs.example")


def moves(house: House, *, anew: bool = False) -> None:
    """The server answers at another port; `anew`: as a program that copies mails leaves it, with numbers of its own."""
    house.post.stop()
    port = free_port()
    conf = house.post.folder / "dovecot.conf"
    conf.write_text(conf.read_text(encoding="utf-8").replace(f"port = {house.post.port}", f"port = {port}"))
    if anew:
        _forgets_its_numbers(house.post.maildir)
    house.post = Box(port, house.post.authority, house.post.folder, house.post.running)
    house.post.start()
    _configures(house, house.post.url)


def _forgets_its_numbers(maildir: Path) -> None:
    for path in maildir.rglob("dovecot*"):
        if path.is_file():
            path.unlink()


def _configures(house: House, url: str) -> None:
    text = house.there.config.read_text(encoding="utf-8")
    house.there.config.write_text(re.sub(r"imaps://[^\"]+", url, text), encoding="utf-8")


@pytest.mark.parametrize("how", ["port", "numbers", "user", "folder in another case"])
def test_a_mailbox_that_moved_is_not_read_again_and_the_next_answer_counts_at_once(
    house: House, read: list[int], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("flows.returns.letterbox.MOST_MAILS", 2)
    others(house, 1, 5)
    for _ in range(3):
        house.collect()
    assert len(read) == 5
    content, change = house.answered()
    if how in ("port", "numbers"):
        moves(house, anew=how == "numbers")
    elif how == "user":
        _configures(house, house.post.url.replace(USER, USER.upper()))
    else:
        _configures(house, house.post.url.replace("INBOX", "inbox"))
    house.arrives(numbered(letter((REPORT, content)), 9))
    code, found = house.collect()
    assert (code, found["waiting"], [one["outcome"] for one in found["files"]]) == (0, 0, ["recorded"])
    assert house.status(change) == "accepted"
    assert len(read) == 6, "the five that were looked at are known again"
    assert house.collect() == (0, {"files": [], "waiting": 0})
    assert len(read) == 6


@pytest.mark.parametrize("anew", [False, True])
def test_an_answer_that_could_not_be_moved_counts_once_wherever_the_mailbox_goes(house: House, anew: bool) -> None:
    block = house.post.maildir / f".{DONE}"
    block.write_text("à quelqu'un d'autre")
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    assert house.collect()[0] == 3
    block.unlink()
    moves(house, anew=anew)
    assert house.collect()[0] == 0
    assert len(house.receipts) == 1
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1


def test_another_mailbox_whose_numbers_are_the_same_is_read_from_its_first_mail(house: House, read: list[int]) -> None:
    """Some servers give every mailbox the same UIDVALIDITY, and all count from one."""
    others(house, 1, 3)
    house.collect()
    moves(house)
    house.post.stop()
    uids = house.post.maildir / "dovecot-uidlist"
    validity = re.findall(r"V(\d+)", uids.read_text())[0]
    for folder in ("cur", "new"):
        for path in (house.post.maildir / folder).iterdir():
            path.unlink()
    _forgets_its_numbers(house.post.maildir)
    house.post.start()
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 9))
    others(house, 10, 4)
    house.post.stop()
    for path in house.post.maildir.glob("dovecot.*"):  # the caches; the numbers are in the list
        if path.is_file():
            path.unlink()
    uids.write_text(re.sub(r"V\d+", f"V{validity}", uids.read_text(), count=1))
    house.post.start()
    with house.post.opened() as imap:
        assert imap.response("UIDVALIDITY")[1] == [validity.encode()]
    before = len(read)
    house.collect()
    assert house.status(change) == "accepted"
    assert len(read) - before == 5


def test_a_mailbox_out_of_a_backup_loses_no_answer_that_came_since(house: House, read: list[int]) -> None:
    """It gives the numbers of the mails that it lost to those that come."""
    others(house, 1, 2)
    house.collect()
    house.post.stop()
    backup = house.post.folder / "backup"
    subprocess.run(["cp", "-a", house.post.maildir, backup], check=True)  # with whose they are
    house.post.start()
    others(house, 3, 3)
    house.collect()
    house.post.stop()
    shutil.rmtree(house.post.maildir)
    backup.rename(house.post.maildir)
    house.post.start()
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 9))
    others(house, 10, 4)
    assert len(read) == 5
    code, _ = house.collect()
    assert code == 0
    assert house.status(change) == "accepted"
    assert len(read) == 10, "what was left before the backup is known, what came since is read"


def test_what_is_anothers_is_not_told_again_and_again_wherever_the_mailbox_goes(house: House) -> None:
    content, _ = house.answered()
    house.arrives(numbered(letter((REPORT, signed_by_another(content)), In_Reply_To=THEIRS), 1))
    assert [house.collect()[0] for _ in range(3)] == [3, 3, 0]
    moves(house, anew=True)
    assert house.collect() == (0, {"files": [], "waiting": 0})
