"""Who may decide, and what is no decision: strangers, delegates, absences, bounces, floods."""

from io import BytesIO

import openpyxl
import pytest

from tests.connectors.test_letter_in import bounce, letter
from tests.mailboxes import DONE, DOVECOT, LOOK, WHY_NOT
from tests.night.mailbox.house import REPORT, House, numbered, our_mail

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)


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


def test_a_mail_that_came_back_is_told_to_the_administrator_once(house: House) -> None:
    for _ in range(2):
        house.post.put(bounce(quoted=our_mail(house)))
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


def test_a_bounce_in_words_is_told_to_the_administrator_and_has_no_receipt(house: House) -> None:
    raw = letter(subject="Non remis : e-FIT", In_Reply_To=f"<{our_mail(house)}>")
    raw.set_content("Échec de la remise :\n  parti@example.org\n  550 5.1.10 RecipientNotFound\n")
    house.arrives(raw, "postmaster@exchange.example.org")
    code, found = house.collect()
    assert code == 3
    assert [one["outcome"] for one in found["files"]] == ["bounce"]
    [told] = house.outbox
    assert "parti@example.org" in told
    assert "5.1.10" in told


def test_whoever_is_unknown_and_answers_a_receipt_gets_no_other(house: House) -> None:
    receipt = our_mail(house).replace("CRH_ST", "RETOURS-CRH_ST", 1)
    for number in range(2):
        raw = letter(subject="Votre message a bien été reçu", In_Reply_To=f"<{receipt}>")
        house.arrives(numbered(raw, number), "accueil@ailleurs.example.org")
    assert house.collect() == (0, {"files": [], "waiting": 0})
    assert house.outbox == []


def test_a_decision_under_two_senders_is_nobodys(house: House) -> None:
    content, change = house.answered()
    raw = numbered(letter((REPORT, content)), 1)
    del raw["From"]
    raw["From"] = house.holder
    house.post.put(b"From: pirate@ailleurs.example.org\r\n" + raw.as_bytes())
    code, found = house.collect()
    assert (code, house.status(change)) == (3, "notified")
    assert [one["outcome"] for one in found["files"]] == ["stranger"]
    [told] = house.receipts
    assert "une adresse illisible, ou plusieurs à la fois" in told


@pytest.mark.parametrize("form", ["report", "locked", "words"])
def test_an_answer_to_a_mail_of_another_installation_is_left_for_it_and_told(house: House, form: str) -> None:
    content, change = house.answered()
    book = {"report": signed_by_another(content), "locked": b"\xd0\xcf\x11\xe0" * 300, "words": b""}[form]
    message = numbered(letter(*((REPORT, book),) * bool(book), In_Reply_To=THEIRS), 1)
    if form == "words":
        message.set_content("La personne de la ligne 3 est partie lundi dernier.")
    house.arrives(message)
    for wanted in (3, 3, 0):  # looked at once more, and left alone then
        code, found = house.collect()
        assert code == wanted
        assert ("une autre installation" in found.get("problem", "")) == (wanted == 3)
        assert found["files"] == []
    assert len(house.post.subjects()) == 1
    assert (house.outbox, house.status(change)) == ([], "notified")


THEIRS = f"<CRH_ST-24.{'0' * 32}@annuaire-fictif.fr>"


def signed_by_another(content: bytes) -> bytes:
    """The same report, each line signed with a key that is not ours."""
    book = openpyxl.load_workbook(BytesIO(content))
    for cell in (cell for sheet in book for row in sheet for cell in row):
        key, _, signature = str(cell.value or "").partition(":")
        if len(signature) > 20 and " " not in signature:
            cell.value = f"{key}:{signature[::-1]}"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_report_of_ours_counts_whatever_mail_it_answers(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content), In_Reply_To=THEIRS), 1))
    assert house.collect()[0] == 0
    assert house.status(change) == "accepted"
