"""What is said beside a report is heard wherever it stands: in the mail, in one that it forwards, in a note."""

from connectors.mailbox.letter_in import take_apart, unpack
from pipelines.lifecycle.decisions.mails.heard import heard
from tests.connectors.test_letter_in import BOOK, OURS, archive, letter, workbook
from tests.outlook import compound, msg

SAID = "Ne pas tenir compte, ce sont des essais."


def test_an_automatic_answer_that_was_saved_says_who_is_away() -> None:
    """Whoever saves it wants it to be read; in the mailbox it is an automatic answer and nothing more."""
    raw = (
        b"From: ode@mail.example.org\r\nSubject: Absence\r\nAuto-Submitted: auto-replied\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<html><body><p>En conges jusqu'au 07/12, joindre ma remplacante.</p></body></html>\r\n"
    )
    found = unpack("absence.eml", raw)
    assert found
    assert "joindre ma remplacante" in heard(found, saved=True).text
    assert heard(take_apart(raw)).text == ""


def test_what_the_writer_of_a_forwarded_mail_wrote_is_kept_and_not_our_own_text() -> None:
    theirs, ours = letter(("r.xlsx", workbook())), letter()
    for message, text in ((theirs, "Mme FICTIVE n'est pas encore saisie"), (ours, "Quinze comptes sont à créer")):
        body = message.get_body(("plain",))
        assert body is not None
        body.set_content(text)
    del ours["Message-ID"]
    ours["Message-ID"] = f"<{OURS}>"
    outer = letter()
    outer.add_attachment(theirs)
    outer.add_attachment(ours)
    told = heard(take_apart(outer.as_bytes())).text
    assert "pas encore saisie" in told
    assert "Quinze" not in told


def test_a_note_beside_the_report_in_a_zip_is_what_its_sender_says() -> None:
    found = unpack(
        "retour.zip", archive(**{"CRH_ST-24.xlsx": BOOK, "lisez-moi.txt": f"Bonjour,\r\n{SAID}".encode("cp1252")})
    )
    assert found is not None
    assert [one.name for one in found.enclosures] == ["CRH_ST-24.xlsx"]
    assert SAID in heard(found, saved=True).text
    mailed = take_apart(bytes(letter(("retour.zip", archive(**{"a.xlsx": BOOK, "note.txt": SAID.encode("utf-16")})))))
    assert SAID in heard(mailed).text


def test_the_text_of_an_outlook_message_is_read_but_not_of_one_of_ours() -> None:
    body = {"__substg1.0_1000001F": SAID.encode("utf-16-le")}
    ours = {"__substg1.0_1035001F": f"<{OURS}>".encode("utf-16-le")}
    report = msg(("CRH_ST-24.xlsx", BOOK))
    found = unpack("retour.msg", compound({**report, **body}))
    assert found is not None
    assert heard(found, saved=True).text == SAID
    assert len(found.enclosures) == 1
    sent = unpack("rapport.msg", compound({**report, **body, **ours}))
    assert sent is not None
    assert heard(sent, saved=True).text == ""
