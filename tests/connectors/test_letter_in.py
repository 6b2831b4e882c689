"""A mail is taken apart: the workbooks in it however deep, whether a person wrote it, and whom a mail did not reach."""

import io
import zipfile
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from connectors.mailbox.letter_in import DEEPEST, LARGEST, MOST_ENCLOSURES, take_apart, unpack
from tests.outlook import compound, msg, winmail

Files = list[tuple[str, bytes]]

OURS = "CRH_ST-24.0123456789abcdef0123456789abcdef@example.org"


def workbook() -> bytes:
    """An archive as a workbook is one."""
    return archive(**{"xl/workbook.xml": b"<workbook/>"})


def archive(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        for name, content in files.items():
            found.writestr(name, content)
    return file.getvalue()


def letter(*files: tuple[str, bytes], subject: str = "Réponse", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Mme FICTIVE <crh.24@example.org>"
    message["Subject"] = subject
    message["Message-ID"] = "<un@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Bonjour,\n\nvoici.\n")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def nested(message: EmailMessage, depth: int) -> EmailMessage:
    """The message attached to another, so many times."""
    for _ in range(depth):
        outer = letter()
        outer.add_attachment(message)
        message = outer
    return message


def names(raw: bytes) -> list[str]:
    return [one.name for one in take_apart(raw).enclosures]


BOOK = workbook()
FORMS = {
    "as it is": letter(("CRH_ST-24.xlsx", BOOK)),
    "a mail in a mail": nested(letter(("CRH_ST-24.xlsx", BOOK)), 1),
    "three mails deep": nested(letter(("CRH_ST-24.xlsx", BOOK)), 3),
    "an .eml as a file": letter(("ma réponse.eml", letter(("CRH_ST-24.xlsx", BOOK)).as_bytes())),
    "a zip": letter(("retour.zip", archive(**{"dossier/CRH_ST-24.xlsx": BOOK}))),
    "a zip in a zip": letter(("r.zip", archive(**{"r.zip": archive(**{"CRH_ST-24.xlsx": BOOK})}))),
    "an .msg": letter(("réponse.msg", compound(msg(("CRH_ST-24.xlsx", BOOK * 60))))),
    "a small .msg": letter(("réponse.msg", compound(msg(("CRH_ST-24.xlsx", BOOK))))),
    "an .msg in an .msg": letter(("r.msg", compound(msg(inner=msg(("CRH_ST-24.xlsx", BOOK)))))),
    "an .msg in a zip in a mail": nested(
        letter(("r.zip", archive(**{"r.msg": compound(msg(("CRH_ST-24.xlsx", BOOK)))}))), 1
    ),
    "winmail.dat": letter(("winmail.dat", winmail("CRH_ST-24.xlsx", BOOK))),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_workbook_is_found_however_it_was_sent(form: str) -> None:
    found = take_apart(FORMS[form].as_bytes())
    assert [one.name for one in found.enclosures] == ["CRH_ST-24.xlsx"]
    assert found.enclosures[0].content.startswith(BOOK)
    assert (found.sender, found.message_id, found.kind) == ("crh.24@example.org", "un@example.org", "letter")
    assert not found.too_deep


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"X_Autoreply": "yes"},
        {"subject": "Réponse automatique : e-FIT"},
        {"subject": "Automatic reply: e-FIT"},
        {"subject": "Absence du bureau"},
        {"subject": "Absente du bureau : congés"},
        {"subject": "Out-of-Office: e-FIT"},
        {"subject": "Je suis absente jusqu'au 2 décembre"},
        {"subject": "Abwesenheitsnotiz: RE: e-FIT"},
        {"subject": "Automatisch antwoord: e-FIT"},
        {"subject": "Risposta automatica: e-FIT"},
        {"Auto_Submitted": "auto-replied (zimbra; vacation)"},
        {"Precedence": "auto_reply"},
    ],
)
def test_an_automatic_answer_is_known(headers: dict[str, str]) -> None:
    assert take_apart(letter(**headers).as_bytes()).kind == "automatic"


def test_a_mail_that_is_encrypted_itself_is_said_to_be_so() -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"], outer["Message-ID"] = "crh.24@example.org", "Réponse", "<deux@example.org>"
    outer.make_mixed()
    outer.attach(letter())
    outer.replace_header("Content-Type", "multipart/encrypted; protocol=application/pgp-encrypted; boundary=x")
    assert any("chiffré" in one for one in take_apart(outer.as_bytes()).passed_over)


def test_a_person_is_no_machine() -> None:
    assert take_apart(letter(Auto_Submitted="no").as_bytes()).kind == "letter"


def test_what_it_answers_is_known() -> None:
    assert take_apart(letter(In_Reply_To=f"<{OURS}>").as_bytes()).answers == (OURS,)
    assert take_apart(letter(In_Reply_To="<autre@example.org>").as_bytes()).answers == ()


def bounce(action: str = "failed", quoted: str = OURS) -> bytes:
    """A bounce as Postfix writes it, with our mail as it went, report and all."""
    original = letter(("CRH_ST-24.xlsx", BOOK))
    del original["Message-ID"]
    original["Message-ID"] = f"<{quoted}>"
    return (
        b"From: MAILER-DAEMON@mail.example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b"Message-ID: <b@mail.example.org>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; Parti@example.org\r\nAction: " + action.encode() + b"\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + original.as_bytes(policy=policy.SMTP) + b"\r\n--b--\r\n"
    )


def test_a_bounce_says_which_mail_whom_and_why_and_its_report_is_no_return() -> None:
    found = take_apart(bounce())
    assert found.kind == "bounce"
    [one] = found.bounces
    assert (one.message_id, one.recipient, one.code) == (OURS, "parti@example.org", "5.1.1")
    assert found.enclosures == ()


def test_a_bounce_whose_mail_was_cut_behind_its_headers_says_the_same() -> None:
    whole = bounce()
    at = whole.index(b"Content-Type: message/rfc822")
    cut = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <{OURS}>\r\nSubject: e-FIT\r\n\r\n--b--\r\n".encode()
    [one] = take_apart(whole[:at] + cut).bounces
    assert (one.message_id, one.recipient) == (OURS, "parti@example.org")


def by_exchange(quoting: bool) -> bytes:
    """As Microsoft 365 says it, in French; it may name our mail as what it answers, and nowhere else."""
    reply = "" if quoting else f"In-Reply-To: <{OURS}>\r\nReferences: <{OURS}>\r\n"
    quoted = f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: a@b.fr\r\nMessage-ID:\r\n <{OURS}>\r\n\r\n"
    return (
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>\r\n"
        f"Subject: =?utf-8?q?Non_remis_=3A_e-FIT?=\r\nMessage-ID: <n@example.org>\r\n{reply}MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Votre message n'a pas pu être remis.</p>\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;PR0.OUTLOOK.COM\r\n"
        "Received-From-MTA: dns;mail.example.org\r\n\r\nFinal-Recipient: rfc822;parti@example.org\r\n"
        "Action: failed\r\nStatus: 5.1.10\r\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound\r\n\r\n"
        f"{quoted if quoting else ''}--b--\r\n"
    ).encode()


@pytest.mark.parametrize("quoting", [True, False])
def test_a_bounce_of_exchange_says_the_same(quoting: bool) -> None:
    found = take_apart(by_exchange(quoting))
    [one] = found.bounces
    assert (found.kind, one.message_id, one.recipient, one.code) == ("bounce", OURS, "parti@example.org", "5.1.10")


def test_a_bounce_in_a_mere_text_is_one_too() -> None:
    """Exim, with the mail of ours quoted below."""
    raw = (
        "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\r\nSubject: Mail delivery failed\r\n"
        "Message-ID: <x@mx.example.org>\r\nX-Failed-Recipients: Parti@example.org\r\n"
        "Auto-Submitted: auto-replied\r\n\r\n"
        "A message that you sent could not be delivered to one or more of its recipients.\r\n\r\n"
        f"------ This is a copy of the message, including all the headers. ------\r\n\r\nMessage-ID: <{OURS}>\r\n"
    )
    [one] = take_apart(raw.encode()).bounces
    assert (one.message_id, one.recipient) == (OURS, "parti@example.org")


def test_a_delay_is_no_bounce() -> None:
    assert take_apart(bounce("delayed")).bounces == ()
    assert take_apart(bounce("delayed")).kind == "automatic"


def test_a_mail_that_says_that_ours_was_opened_is_no_answer() -> None:
    raw = (
        f"From: crh.24@example.org\r\nSubject: Lu : e-FIT\r\nMessage-ID: <lu@example.org>\r\nIn-Reply-To: <{OURS}>\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nVotre message a été lu.\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n"
        "\r\n--b--\r\n"
    )
    assert take_apart(raw.encode()).kind == "automatic"


def test_a_bounce_of_anothers_mail_names_none_of_ours() -> None:
    assert [one.message_id for one in take_apart(bounce(quoted="autre@example.org")).bounces] == [""]


@pytest.mark.parametrize("sender", ["a@example.org, b@example.org", "", "personne", "=?utf-8?b?////?="])
def test_a_sender_who_is_not_one_person_is_nobody(sender: str) -> None:
    raw = f"From: {sender}\r\nSubject: x\r\n\r\nx\r\n".encode()
    assert take_apart(raw).sender == ""


# ── what means harm ──────────────────────────────────────────────────────────────────────────────


def bomb() -> Files:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("CRH_ST-24.xlsx", b"\0" * (LARGEST + 1))
    return [("r.zip", file.getvalue())]


def endless(depth: int = 60) -> Files:
    content = archive(**{"CRH_ST-24.xlsx": BOOK})
    for _ in range(depth):
        content = archive(**{"r.zip": content})
    return [("r.zip", content)]


def many() -> Files:
    return [(f"{at}.xlsx", BOOK) for at in range(MOST_ENCLOSURES + 1)]


@pytest.mark.parametrize("files", [bomb, endless, many])  # made where it is played, not wherever it is collected
def test_what_is_too_much_is_not_unpacked_and_said(files: Callable[[], Files]) -> None:
    found = take_apart(letter(*files()).as_bytes())
    assert found.too_deep
    assert len(found.enclosures) <= MOST_ENCLOSURES


def test_mails_in_mails_end_somewhere() -> None:
    raw = letter(("x.eml", letter(("CRH_ST-24.xlsx", BOOK)).as_bytes()))
    for _ in range(DEEPEST + 2):
        raw = letter(("x.eml", raw.as_bytes()))
    assert take_apart(raw.as_bytes()).too_deep


@pytest.mark.parametrize("charset", ["unknown-8bit", "x-user-defined", "klingon"])
@pytest.mark.parametrize("coding", ["utf-8", "cp1252"])
def test_a_text_in_a_charset_that_is_none_is_read_all_the_same(charset: str, coding: str) -> None:
    head = f"From: crh.24@example.org\r\nContent-Type: text/plain; charset={charset}\r\n"
    raw = f"{head}Content-Transfer-Encoding: 8bit\r\n\r\nMme Fictive est décédée en août.\r\n".encode(coding)
    assert (take_apart(raw).own or "").strip() == "Mme Fictive est décédée en août."


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\noui\r\n--b--\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n",
    ],
)
def test_what_cannot_be_read_of_an_answer_is_known_to_be_there(raw: bytes) -> None:
    assert take_apart(b"From: crh.24@example.org\r\n" + raw).passed_over


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 5000,
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.xlsx\r\n\r\n***",
        b"From: =?x?q?y?=\r\nContent-Type: text/plain; charset=nul\r\n\r\n\xff\xff",
        b"Content-Disposition: attachment; filename*=utf-9''%ff\r\n\r\nPK\x03\x04",
    ],
)
def test_what_is_hardly_a_mail_holds_nothing_and_stops_nothing(raw: bytes) -> None:
    assert take_apart(raw).sender == ""


@pytest.mark.parametrize("cut", [8, 30, 77, 513, 700, 2000])
def test_damaged_containers_hold_what_came_out_of_them(cut: int) -> None:
    for content in (compound(msg(("a.xlsx", BOOK))), winmail("a.xlsx", BOOK), archive(**{"a.xlsx": BOOK})):
        found = take_apart(letter(("r.bin", content[:cut])).as_bytes())
        assert len(found.enclosures) <= 1


def test_the_writers_of_these_tests_write_what_others_read() -> None:
    import olefile

    with olefile.OleFileIO(io.BytesIO(compound(msg(("a.xlsx", b"x" * 9000))))) as ole:
        assert ole.openstream("__attach_version1.0_#00000000/__substg1.0_37010102").read() == b"x" * 9000
    assert BytesParser(policy=policy.default).parsebytes(bounce()).get_content_type() == "multipart/report"


IN_WORDS = {
    "exchange": (
        "postmaster@exchange.example.org",
        "Non remis : e-FIT ETS-IDF : 1 sans accès",
        "550 5.1.10 RESOLVER.ADR",
    ),
    "qmail": ("MAILER-DAEMON@mail.example.org", "failure notice", "Sorry, no mailbox here by that name. (#5.1.1)"),
    "full": ("Mail Delivery System <mdaemon@example.org>", "Undeliverable: e-FIT", "554 5.2.2 mailbox full"),
    "no code": ("no-reply@example.org", "Message non distribué", "Adresse inconnue."),
}


@pytest.mark.parametrize(("sender", "subject", "why"), IN_WORDS.values(), ids=IN_WORDS)
@pytest.mark.parametrize("where", ["In-Reply-To", "body"])
def test_a_server_that_says_in_words_whom_a_mail_did_not_reach_is_understood(
    sender: str, subject: str, why: str, where: str
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, subject, "<retour@example.org>"
    text = f"Échec de la remise à ce destinataire :\n\n  parti@example.org\n  {why}\n"
    if where == "body":
        text += f"\n--- copie du message\nMessage-ID: <{OURS}>\nFrom: annuaire@example.org\n"
    else:
        message[where] = f"<{OURS}>"
    message.set_content(text)
    found = take_apart(message.as_bytes())
    assert found.kind == "bounce"
    assert [(one.message_id, one.recipient) for one in found.bounces] == [(OURS, "parti@example.org")]
    assert found.bounces[0].code.startswith("5.")


def test_a_delay_told_in_words_is_an_automatic_answer_and_no_bounce() -> None:
    raw = letter(subject="Delivery Status Notification (Delay)", In_Reply_To=f"<{OURS}>")
    raw.set_content("parti@example.org : 451 4.4.1 le serveur ne répond pas encore\n")
    found = take_apart(raw.as_bytes())
    assert (found.kind, found.bounces) == ("automatic", ())


def test_of_two_senders_in_one_mail_neither_is_believed() -> None:
    raw = letter(("CRH_ST-24.xlsx", BOOK)).as_bytes()
    assert take_apart(raw).sender == "crh.24@example.org"
    assert take_apart(b"From: Autre <autre@ailleurs.example.org>\n" + raw).sender == ""
    assert take_apart(raw.replace(b"Subject:", b"From: autre@ailleurs.example.org\nSubject:", 1)).sender == ""


def test_what_nobody_reads_beside_the_report_in_a_zip_is_named() -> None:
    found = unpack("retour.zip", archive(**{"a.xlsx": BOOK, "photo.jpg": b"\xff\xd8"}))
    assert found is not None
    assert found.passed_over == ("photo.jpg",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("retour.rar", b"Rar!\x1a\x07\x01\x00"),
        ("retour.7z", b"7z\xbc\xaf\x27\x1c"),
        ("retour.doc", compound({"WordDocument": b"\xec\xa5"})),
        ("rapport.numbers", archive(**{"Index/Document.iwa": b"x"})),
        ("rapport", b"%PDF-1.7"),
    ],
)
def test_whatever_was_sent_and_cannot_be_read_is_named(name: str, content: bytes) -> None:
    assert take_apart(bytes(letter((name, content)))).passed_over == (name,)


@pytest.mark.parametrize("name", ["invitation.ics", "carte.vcf", "smime.p7s"])
def test_what_programs_add_by_themselves_is_nobodys_answer(name: str) -> None:
    assert not take_apart(bytes(letter((name, b"x")))).passed_over
