"""Folders that are there already or cannot be made, and mails that somebody else moves."""

import json

import pytest

from tests.connectors.test_letter_in import letter
from tests.mail_servers import Authority
from tests.mailboxes import DONE, DOVECOT, LOOK, WHY_NOT, box
from tests.night.mailbox.house import REPORT, House, numbered
from tests.night.played import Installation

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)


@pytest.mark.parametrize(("prefix", "separator"), [("", "/"), ("", "."), ("INBOX/", "/"), ("INBOX.", ".")])
def test_folders_that_are_there_are_used_whatever_parts_their_names(
    there: Installation, authority: Authority, monkeypatch: pytest.MonkeyPatch, prefix: str, separator: str
) -> None:
    """« Traités » and « À voir » as a mail program made them, and in them what somebody else put there."""
    with box(authority, prefix=prefix, separator=separator) as post:
        house = House(there, post, monkeypatch)
        with post.opened() as imap:
            for folder in (DONE, LOOK):
                assert imap.create(f'"{prefix}{folder}"')[0] == "OK"
                assert imap.append(f'"{prefix}{folder}"', "", "", letter(subject="d'avant").as_bytes())[0] == "OK"
        content, change = house.answered()
        house.arrives(numbered(letter((REPORT, content)), 1))
        house.arrives(numbered(letter((REPORT, b"PK\x03\x04 rien")), 2))
        house.collect()
        assert house.status(change) == "accepted"
        assert post.subjects() == []
        assert [len(post.subjects(prefix + folder)) for folder in (DONE, LOOK)] == [2, 2]
        with post.opened() as imap:
            named = [line for line in imap.list()[1] if isinstance(line, bytes) and b"&" in line]
        assert len(named) == 2, "no second folder of another spelling"


def test_a_folder_that_cannot_be_made_stops_no_other_mail(house: House) -> None:
    """Something else has its name: what was decided counts, the mails stay, and it is said."""
    block = house.post.maildir / f".{DONE}"
    block.write_text("à quelqu'un d'autre")
    changes = []
    for number in range(2):
        content, change = house.answered()
        changes.append(change)
        house.arrives(numbered(letter((REPORT, content)), number))
    code, found = house.collect()
    assert code == 3
    assert "Traités" in json.dumps(found, ensure_ascii=False)
    assert [house.status(one) for one in changes] == ["accepted", "accepted"]
    assert len(house.post.subjects()) == 2
    assert house.collect() == (0, {"files": [], "waiting": 0}), "they are not read again and again"


def test_a_mail_that_its_user_moved_between_two_runs_counts_once(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    assert house.collect()[0] == 0
    with house.post.opened(DONE) as imap:  # back into the inbox, by hand
        assert imap.copy("1", "INBOX")[0] == "OK"
        imap.store("1", "+FLAGS", r"(\Deleted)")
        imap.expunge()
    code, found = house.collect()
    assert (code, [one["outcome"] for one in found["files"]]) == (0, ["seen"])
    assert len(house.post.subjects(DONE)) == 1
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1


def test_a_server_that_dies_between_taking_and_moving_takes_nothing_twice(house: House) -> None:
    from connectors.mailbox.letterbox import MailboxLine

    content, change = house.answered()
    other, second = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    house.arrives(numbered(letter((REPORT, other)), 2))
    move = MailboxLine.move

    def dying(line: MailboxLine, uid: int, folder: str) -> None:
        house.post.stop()
        move(line, uid, folder)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(MailboxLine, "move", dying)
        code, found = house.collect()
    assert code == 3
    assert "ne peut pas être jointe" in json.dumps(found, ensure_ascii=False)
    told = len(house.receipts)
    house.post.start()
    code, found = house.collect()
    assert (code, [one["outcome"] for one in found["files"]]) == (0, ["seen", "recorded"])
    assert house.post.subjects() == []
    assert len(house.post.subjects(DONE)) == 2
    assert len(house.receipts) == told + 1, "the first return has its receipt, and no second one"
    with house.there.store() as store:
        assert [len(store.decisions(one)) for one in (change, second)] == [1, 1]
