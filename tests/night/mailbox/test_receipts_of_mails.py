"""Every return by mail has one receipt, to the post alone; what is written in it is kept."""

import pytest

from tests.connectors.test_letter_in import letter
from tests.mailboxes import DOVECOT, LOOK, WHY_NOT
from tests.night.mailbox.house import REPORT, House, numbered, our_mail

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)


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
    message = letter(In_Reply_To=f"<{our_mail(house)}>")
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
    message = letter(("IMG_2031.jpg", b"\xff\xd8" * 20_000), In_Reply_To=f"<{our_mail(house)}>")
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
    message = letter(("image001.png", b"\x89PNG" * 100), In_Reply_To=f"<{our_mail(house)}>")
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


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, ci-joint.",
        "Bonjour,\nveuillez trouver ci-joint le rapport rempli.\nCordialement,\nG. Fictive",
        "voilà, en PJ",
    ],
)
def test_whoever_forgets_the_attachment_is_told(house: House, text: str) -> None:
    message = letter(subject="RE: e-FIT région 24", In_Reply_To=f"<{our_mail(house)}>")
    message.set_content(text)
    house.arrives(numbered(message, 1))
    assert house.collect()[1]["files"][0]["outcome"] == "letter"
    [receipt] = house.receipts
    assert "n’était pas joint" in receipt
    polite = letter(subject="RE: e-FIT région 24", In_Reply_To=f"<{our_mail(house)}>")
    polite.set_content("Bien reçu, merci.\nCordialement")
    house.arrives(numbered(polite, 2))
    house.collect()
    assert len(house.receipts) == 1


@pytest.mark.parametrize("text", ["", "\n\n  \n> Bonjour,\n> Votre rapport e-FIT\n"])
def test_an_empty_answer_to_our_mail_is_answered_that_nothing_was_found(house: House, text: str) -> None:
    empty = letter(subject="RE: e-FIT région 24", In_Reply_To=f"<{our_mail(house)}>")
    empty.set_content(text)
    house.arrives(numbered(empty, 1))
    house.collect()
    [receipt] = house.receipts
    assert "n’était pas joint" in receipt
    assert house.post.subjects(LOOK)
    unasked = letter(subject="e-FIT")
    unasked.set_content(text)
    house.arrives(numbered(unasked, 2))
    house.collect()
    assert len(house.receipts) == 1


@pytest.mark.parametrize("damage", ["charset", "boundary", "signed"])
def test_an_answer_that_no_program_can_decode_is_looked_at_and_receipted(house: House, damage: str) -> None:
    message = letter(subject="RE: e-FIT région 24", In_Reply_To=f"<{our_mail(house)}>")
    message.set_content("Mme de la ligne 3 est partie lundi.")
    if damage == "charset":
        message.set_param("charset", "unknown-8bit")
    if damage == "boundary":
        message.add_attachment(b"x" * 40_000, maintype="image", subtype="jpeg", filename="IMG_1.jpg")
        message.set_boundary("parts")
    if damage == "signed":
        message.clear_content()
        message.add_attachment(b"0\x80" * 500, maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    raw = numbered(message, 1)
    del raw["From"]
    raw["From"] = house.holder
    content = raw.as_bytes()
    house.post.put(content.replace(b'boundary="parts"', b'boundary="others"') if damage == "boundary" else content)
    house.collect()
    assert len(house.receipts) == 1
    assert house.post.subjects(LOOK)


def test_a_machine_that_answers_every_receipt_is_not_answered_for_ever(house: House) -> None:
    """It says in no header that it is one, nor in words that are known."""
    for number in range(6):
        message = letter(In_Reply_To=f"<{our_mail(house)}>")
        message.set_content("Jeg er på ferie.")
        house.arrives(numbered(message, number))
        assert house.collect()[0] == 0
    assert len(house.receipts) == 3
    with house.there.store() as store:
        assert ["Jeg er på ferie" in one.remark.text for one in store.remarks()] == [
            True
        ]  # the same words are kept once
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 9))
    house.collect()
    assert house.status(change) == "accepted"
    assert len(house.receipts) == 4
    assert "1 réponse prise" in "".join(house.receipts)
