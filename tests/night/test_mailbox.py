"""Reports come back by mail: a real IMAP server, real mails, and a night's own reports in them."""

import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.test_letter_in import archive, bounce, letter, nested
from tests.mail_servers import Authority, new_authority
from tests.mailboxes import DONE, DOVECOT, IMAP_PASSWORD, LOOK, WHY_NOT, Box, box
from tests.night.country import TODAY
from tests.night.played import Installation, fill, lines_of
from tests.outlook import compound, msg, winmail

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)

REPORT = "CRH_ST-24.xlsx"
DAY = ("--as-of", TODAY.isoformat())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def post(authority: Authority) -> Iterator[Box]:
    with box(authority) as found:
        yield found


class House:
    """An installation after its first night, and its mailbox."""

    def __init__(self, there: Installation, post: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there, self.post = there, post
        monkeypatch.setenv("EFIT_MAIL__MAILBOX_PASSWORD", IMAP_PASSWORD)
        text = there.config.read_text(encoding="utf-8").replace('inbox = "inbox"\n', "")
        text += f'mailbox = "{post.url}"\nmailbox_ca_file = "{post.authority.file}"\n'
        there.config.write_text(text, encoding="utf-8")
        self.filled = 0

    @property
    def holder(self) -> str:
        """An address of the CRH-ST of region 24."""
        changes = self.there.changeset()["changes"]
        found = next(c["updater"]["recipients"] for c in changes if c["updater"]["scope"] == "24")
        return str(found[0])

    def answered(self, decision: str = "Fait") -> tuple[bytes, str]:
        """(the report with the next line answered, the change)."""
        sheet, key = lines_of(self.there.reports / REPORT)[self.filled]
        self.filled += 1
        target = self.there.folder / f"retour-{self.filled}.xlsx"
        fill(self.there.reports / REPORT, target, (sheet, key, decision, None, ""))
        return target.read_bytes(), key

    def arrives(self, message: EmailMessage, sender: str = "", flags: str = "") -> None:
        del message["From"]
        message["From"] = sender or self.holder
        self.post.put(message.as_bytes(), flags)

    def collect(self) -> tuple[int, Any]:
        code, found = self.there.json("decisions", *DAY)
        return code, found

    def status(self, change_id: str) -> str:
        with self.there.store() as store:
            return store.states()[change_id].status

    @property
    def outbox(self) -> list[str]:
        """The mails of ours that are no reports."""
        found = (
            path.read_text(encoding="utf-8").replace("=\n", "")
            for path in (self.there.folder / "var" / "outbox").glob("*RETOURS*")
        )
        return sorted(found)

    @property
    def receipts(self) -> list[str]:
        """Subject and text of each, as they are read."""
        found = sorted((self.there.folder / "var" / "outbox").glob("RETOURS-*"))
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
        texts = [f"{one['Subject']}\n{one.get_body(('plain',)).get_content()}" for one in mails]  # type: ignore[union-attr]
        return [re.sub(r"\s+", " ", text) for text in texts]


@pytest.fixture
def house(there: Installation, post: Box, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(there, post, monkeypatch)


def numbered(message: EmailMessage, number: int) -> EmailMessage:
    """A mail of its own: another subject, another Message-ID."""
    for name, value in (("Subject", f"réponse {number}"), ("Message-ID", f"<{number}@example.org>")):
        del message[name]
        message[name] = value
    return message


FORMS: dict[str, Callable[[bytes], EmailMessage]] = {
    "workbook": lambda book: letter((REPORT, book)),
    "mail in a mail": lambda book: nested(letter((REPORT, book)), 2),
    "eml": lambda book: letter(("r.eml", letter((REPORT, book)).as_bytes())),
    "msg": lambda book: letter(("r.msg", compound(msg((REPORT, book))))),
    "zip": lambda book: letter(("r.zip", archive(**{REPORT: book}))),
    "winmail.dat": lambda book: letter(("winmail.dat", winmail(REPORT, book))),
}


def test_answers_in_every_form_are_taken_and_put_away(house: House) -> None:
    changes = []
    for number, form in enumerate(FORMS.values()):
        content, change = house.answered()
        changes.append(change)
        house.arrives(numbered(form(content), number))
    code, found = house.collect()
    assert code == 0
    assert [one["recorded"]["accepted"] for one in found["files"]] == [1] * len(FORMS)
    assert {one["from"] for one in found["files"]} == {house.holder}
    assert [one["message_id"] for one in found["files"]] == [f"{n}@example.org" for n in range(len(FORMS))]
    assert found["waiting"] == 0
    assert {house.status(key) for key in changes} == {"accepted"}
    assert house.post.subjects() == []
    assert len(house.post.subjects(DONE)) == len(FORMS)
    assert not list((house.there.folder / "var").glob(".retours-*"))
    assert house.collect() == (0, {"files": [], "waiting": 0})


def test_everything_else_stays_as_it_was(house: House) -> None:
    content, _ = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    others = {"dejeuner": "", "efface": r"(\Deleted)", "facture": r"(\Seen \Flagged)", "budget": ""}
    files = {"facture": ("facture.pdf", b"%PDF-1.7"), "budget": ("budget.xlsx", content[:200])}
    for subject, flags in others.items():
        message = letter(*([files[subject]] if subject in files else []), subject=subject)
        del message["From"]
        message["From"] = "boutique@ailleurs.example.org"
        house.post.put(message.as_bytes(), flags)
    code, found = house.collect()
    assert (code, len(found["files"])) == (0, 1)
    left = house.post.flags()
    assert list(left) == list(others)
    kept = {subject: set(re.findall(r"\\\w+", flags)) - {"\\Recent"} for subject, flags in left.items()}
    assert kept == {subject: set(re.findall(r"\\\w+", flags)) for subject, flags in others.items()}


def test_the_same_mail_twice_counts_once(house: House) -> None:
    content, change = house.answered()
    message = numbered(letter((REPORT, content)), 1)
    house.arrives(message)
    assert house.collect()[0] == 0
    house.arrives(message)
    code, found = house.collect()
    assert code == 0
    assert [one["outcome"] for one in found["files"]] == ["seen"]
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1
    assert len(house.post.subjects(DONE)) == 2


def test_the_same_workbook_in_another_mail_says_that_it_was_seen(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    house.arrives(numbered(letter((REPORT, content)), 2))
    _, found = house.collect()
    assert [one["outcome"] for one in found["files"]] == ["recorded", "seen"]
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1


def test_a_run_that_was_killed_before_it_moved_the_mail_takes_it_once(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("connectors.mailbox.letterbox.MailboxLine.move", _killed)
        with pytest.raises(KeyboardInterrupt):
            _collect_directly(house)
    code, found = house.collect()
    assert code == 0
    assert [one["outcome"] for one in found["files"]] == ["seen"]
    assert len(house.post.subjects(DONE)) == 1
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def _collect_directly(house: House) -> None:
    from flows.returns.decisions import collect_all
    from flows.settings.load import load_settings

    collect_all(load_settings(house.there.config), TODAY, lambda *_: None)


def test_a_stranger_decides_nothing_and_the_holder_is_told(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1), "inconnu@ailleurs.example.org")
    code, found = house.collect()
    assert code == 3
    [one] = found["files"]
    assert (one["outcome"], one["from"]) == ("stranger", "inconnu@ailleurs.example.org")
    assert house.status(change) == "notified"
    assert (house.post.subjects(), len(house.post.subjects(LOOK))) == ([], 1)
    [told] = house.outbox
    assert f"To: {house.holder}" in told
    assert "inconnu@ailleurs.example.org" in told
    house.arrives(numbered(letter((REPORT, content)), 2))
    assert house.collect()[0] == 0
    assert house.status(change) == "accepted"


@pytest.mark.parametrize(
    "section",
    [
        '[mail.recipients]\n"CRH_ST-24" = ["adjointe@example.org"]\n',
        '[[delegation]]\npost = "CRH_ST-24"\nfrom = 2026-11-20\nuntil = 2026-11-30\nto = ["adjointe@example.org"]\n',
    ],
    ids=["configured", "delegate"],
)
def test_a_delegate_and_a_configured_recipient_decide(house: House, section: str) -> None:
    with house.there.config.open("a", encoding="utf-8") as file:
        file.write(section)
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1), "Adjointe@example.org")
    assert house.collect()[0] == 0
    assert house.status(change) == "accepted"


def test_a_delegate_whose_days_are_over_does_not(house: House) -> None:
    with house.there.config.open("a", encoding="utf-8") as file:
        file.write(
            '[[delegation]]\npost = "CRH_ST-24"\nfrom = 2026-10-20\nuntil = 2026-11-21\nto = ["adjointe@example.org"]\n'
        )
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1), "adjointe@example.org")
    assert house.collect()[0] == 3
    assert house.status(change) == "notified"


def test_the_holder_of_another_post_decides_nothing(house: House) -> None:
    changes = house.there.changeset()["changes"]
    other = next(
        c["updater"]["recipients"][0]
        for c in changes
        if c["updater"]["scope"] not in ("", "24") and house.holder not in c["updater"]["recipients"]
    )
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1), other)
    assert house.collect()[0] == 3
    assert house.status(change) == "notified"


def test_a_report_that_cannot_be_read_is_put_where_somebody_looks(house: House) -> None:
    house.arrives(numbered(letter((REPORT, b"PK\x03\x04 rien")), 1))
    code, found = house.collect()
    assert code == 3
    assert [one["outcome"] for one in found["files"]] == ["unreadable"]
    assert (house.post.subjects(), len(house.post.subjects(LOOK))) == ([], 1)


def test_an_absence_is_put_away_and_anothers_stays(house: House) -> None:
    house.arrives(numbered(letter(Auto_Submitted="auto-replied"), 1))
    house.arrives(numbered(letter(Auto_Submitted="auto-replied"), 2), "boutique@ailleurs.example.org")
    code, found = house.collect()
    assert code == 0
    assert [one["outcome"] for one in found["files"]] == ["automatic"]
    assert (len(house.post.subjects()), len(house.post.subjects(DONE))) == (1, 1)


def _our_mail(house: House) -> str:
    """The Message-ID of the report that went to the CRH-ST of region 24."""
    path = next((house.there.folder / "var" / "outbox").glob("CRH_ST-24*"))
    line = next(one for one in path.read_text(encoding="utf-8").splitlines() if one.startswith("Message-ID"))
    return line.partition("<")[2].rstrip(">")


def test_a_mail_that_came_back_is_told_to_the_administrator_once(house: House) -> None:
    for _ in range(2):
        house.post.put(bounce(quoted=_our_mail(house)))
    code, found = house.collect()
    assert code == 3
    assert [one["outcome"] for one in found["files"]] == ["bounce", "bounce"]
    [told] = house.outbox
    assert "parti@example.org" in told
    assert "5.1.1" in told
    assert len(house.post.subjects(LOOK)) == 2


def test_anothers_bounce_stays(house: House) -> None:
    house.post.put(bounce(quoted="CRH_ST-24." + "0" * 32 + "@example.org"))
    assert house.collect() == (0, {"files": [], "waiting": 0})
    assert len(house.post.subjects()) == 1


def test_a_flood_is_taken_in_portions(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.returns.letterbox.MOST_MAILS", 2)
    for number in range(5):
        house.arrives(numbered(letter(Auto_Submitted="auto-replied"), number))
    assert [house.collect()[1]["waiting"] for _ in range(3)] == [3, 1, 0]
    assert len(house.post.subjects(DONE)) == 5


def test_the_mailbox_is_read_before_the_folder(house: House) -> None:
    with house.there.config.open("a", encoding="utf-8") as file:
        file.write('inbox = "inbox"\n')
    by_mail, first = house.answered()
    in_folder, second = house.answered()
    house.arrives(numbered(letter((REPORT, by_mail)), 1))
    (house.there.inbox / REPORT).write_bytes(in_folder)
    code, found = house.collect()
    assert code == 0
    assert [bool(one["from"]) for one in found["files"]] == [True, False]
    assert {house.status(first), house.status(second)} == {"accepted"}


def test_a_server_without_move_is_served_as_well(there: Installation, authority: Authority, monkeypatch) -> None:
    capabilities = "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS NAMESPACE"
    with box(authority, prefix="INBOX.", separator=".", more=f"protocol imap {{\n  {capabilities}\n}}") as post:
        house = House(there, post, monkeypatch)
        content, change = house.answered()
        house.arrives(numbered(letter((REPORT, content)), 1))
        house.post.put(letter(subject="effacé").as_bytes(), r"(\Deleted)")
        assert house.collect()[0] == 0
        assert house.status(change) == "accepted"
        assert post.subjects() == ["=?utf-8?q?effac=C3=A9?="]
        assert len(post.subjects(f"INBOX.{DONE}")) == 1


# ── a server that is not as it should be ─────────────────────────────────────────────────────────


def test_a_wrong_password_is_said_and_the_folder_is_read_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFIT_MAIL__MAILBOX_PASSWORD", "autre")
    with house.there.config.open("a", encoding="utf-8") as file:
        file.write('inbox = "inbox"\n')
    content, change = house.answered()
    (house.there.inbox / REPORT).write_bytes(content)
    code, found = house.collect()
    assert code == 3
    assert "EFIT_MAIL__MAILBOX_PASSWORD" in str(found["problem"])
    assert house.status(change) == "accepted"


def test_an_authority_that_is_not_configured_is_not_believed(house: House) -> None:
    text = house.there.config.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("mailbox_ca_file")]
    house.there.config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, found = house.collect()
    assert code == 3
    assert "n’est pas accepté" in str(found["problem"])


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("imap://a@b/INBOX", "mal formée"),
        ("imaps://b/INBOX", "mal formée"),
        ("imaps://a:secret@b/INBOX", "mot de passe"),
    ],
)
def test_an_address_that_is_none_is_told(there: Installation, tmp_path: Path, url: str, told: str) -> None:
    with there.config.open("a", encoding="utf-8") as file:
        file.write(f'mailbox = "{url}"\n')
    code, found = there.json("decisions", *DAY)
    assert code == 2
    assert told in json.dumps(found, ensure_ascii=False)
    assert "secret" not in json.dumps(found)
    assert not list(tmp_path.glob("*.json"))


def test_a_password_that_is_missing_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EFIT_MAIL__MAILBOX_PASSWORD")
    code, found = house.there.json("decisions", *DAY)
    assert (code, "EFIT_MAIL__MAILBOX_PASSWORD" in json.dumps(found)) == (2, True)


def test_what_is_printed_names_who_sent_it(house: House) -> None:
    content, _ = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    code, text = house.there.run("decisions", *DAY)
    assert code == 0
    assert f"{REPORT}, de {house.holder}" in " ".join(text.split())
    assert "1 décision enregistrée" in text


# ── receipts ─────────────────────────────────────────────────────────────────────────────────────


def test_every_mail_has_one_receipt_to_the_post_and_none_to_anybody_else(house: House) -> None:
    content, _ = house.answered("non")
    house.arrives(numbered(letter((REPORT, content)), 1))
    house.arrives(numbered(letter((REPORT, content)), 1))
    house.arrives(numbered(letter((REPORT, content)), 2), "inconnu@ailleurs.example.org")
    house.collect()
    house.collect()
    receipts = house.outbox
    assert len(receipts) == 2  # the mail that came twice is one return
    assert all(f"To: {house.holder}" in one for one in receipts)
    assert sum("inconnu@ailleurs.example.org" in one for one in receipts) == 1


def test_what_is_written_in_the_mail_is_kept_answered_and_put_where_somebody_looks(house: House) -> None:
    content, change = house.answered()
    message = letter((REPORT, content))
    message.get_body(("plain",)).set_content("Bonjour,\nMme FICTIVE est partie en juin.\nCordialement")  # type: ignore[union-attr]
    house.arrives(numbered(message, 1))
    code, found = house.collect()
    assert (code, found["files"][0]["kept"][0]["kind"]) == (0, "letter")
    assert house.status(change) == "accepted"
    with house.there.store() as store:
        assert ["FICTIVE est partie" in one.remark.text for one in store.remarks()] == [True]
    [receipt] = house.outbox
    assert "Texte du courriel" in receipt
    assert len(house.post.subjects(LOOK)) == 1


def test_an_answer_without_a_workbook_decides_nothing_and_is_heard(house: House) -> None:
    message = letter(In_Reply_To=f"<{_our_mail(house)}>")
    message.set_content("Je ne peux pas ouvrir le fichier joint.")
    house.arrives(numbered(message, 1))
    shop = numbered(letter(subject="déjeuner"), 2)
    shop.set_content("On mange à midi ?")
    house.arrives(shop)
    code, found = house.collect()
    assert (code, [one["outcome"] for one in found["files"]]) == (0, ["letter"])
    [receipt] = house.outbox
    assert f"To: {house.holder}" in receipt
    assert (len(house.post.subjects()), len(house.post.subjects(LOOK))) == (1, 1)


def test_a_photo_of_the_filled_in_report_is_said_to_decide_nothing_and_the_administrator_sees_it(house: House) -> None:
    message = letter(("IMG_2031.jpg", b"\xff\xd8" * 20_000), In_Reply_To=f"<{_our_mail(house)}>")
    house.arrives(numbered(message, 1))
    code, found = house.collect()
    assert (code, [one["outcome"] for one in found["files"]]) == (0, ["letter"])
    [receipt] = house.receipts
    assert "aucune réponse prise : la pièce jointe ne peut pas être lue" in receipt
    assert "IMG_2031.jpg" in receipt
    assert "1) ouvrir le classeur Excel" in receipt
    assert len(house.post.subjects(LOOK)) == 1
    with house.there.store() as store:
        assert "IMG_2031.jpg" in {one.remark.text for one in store.remarks()}


def test_a_photo_that_answers_no_mail_of_ours_is_heard_from_somebody_known_alone(house: House) -> None:
    for number, sender in enumerate((house.holder, "boutique@ailleurs.example.org")):
        message = letter(("IMG_2032.jpg", b"\xff\xd8" * 20_000), subject="le tableau")
        house.arrives(numbered(message, number), sender=sender)
    assert house.collect()[0] == 0
    [receipt] = house.receipts
    assert "IMG_2032.jpg" in receipt
    assert "aucune réponse prise" in receipt
    assert len(house.post.subjects(LOOK)) == 1
    assert len(house.post.subjects()) == 1


def test_a_scan_beside_the_report_is_told_and_the_answers_of_the_report_count(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content), ("scan.pdf", b"%PDF-1.7")), 1))
    house.collect()
    assert house.status(change) == "accepted"
    [receipt] = house.receipts
    assert "1 réponse prise" in receipt
    assert "scan.pdf" in receipt


def test_the_picture_of_a_signature_is_nobodys_answer(house: House) -> None:
    message = letter(("image001.png", b"\x89PNG" * 100), In_Reply_To=f"<{_our_mail(house)}>")
    part = next(iter(message.iter_attachments()))
    part.replace_header("Content-Type", 'image/png; name="image001.png"')
    part["Content-ID"] = "<image001>"
    message.get_body(("plain",)).set_content("Tout est fait sauf Mme FELRUSVOR.")  # type: ignore[union-attr]
    house.arrives(numbered(message, 1))
    house.collect()
    [receipt] = house.receipts
    assert "aucune réponse prise : le rapport n’était pas joint" in receipt
    assert "image001" not in receipt
    assert "FELRUSVOR" not in receipt


def test_an_absence_and_a_bounce_have_no_receipt(house: House) -> None:
    house.arrives(numbered(letter(Auto_Submitted="auto-replied"), 1))
    house.collect()
    assert house.outbox == []


def test_a_report_that_cannot_be_read_is_answered_with_the_true_reason(house: House) -> None:
    house.arrives(numbered(letter((REPORT, b"PK\x03\x04 rien")), 1))
    house.collect()
    [receipt] = house.outbox
    assert f"To: {house.holder}" in receipt
    assert "ab=C3=AEm=C3=A9" in receipt
