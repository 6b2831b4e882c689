"""The text of a mail is read in whatever form and charset it comes."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from connectors.mailbox.letter_text import text_of
from pipelines.lifecycle.decisions.mails.heard import said_in


def test_the_text_of_a_mail_in_html_alone_is_read() -> None:
    message = EmailMessage()
    message.set_content(
        "<style>p{}</style><p>Bonjour,</p><p>Mme&nbsp;FICTIVE est partie.</p>"
        '<div id="divRplyFwdMsg">De : annuaire</div><p>Fait ?</p>',
        subtype="html",
    )
    assert said_in(text_of(message) or "") == "Bonjour,\nMme FICTIVE est partie."


@pytest.mark.parametrize("charset", ["nul", "unknown-8bit", '""'])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_names_a_charset_that_is_none_is_read_by_its_bytes(charset: str, encoding: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    raw = head.encode() + "Partie le 3 décembre.".encode(encoding)
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert text_of(message) == "Partie le 3 décembre."


def test_a_text_that_stands_in_the_page_alone_is_read() -> None:
    message = EmailMessage()
    message.set_content("\n")
    message.add_alternative("<p>Mme FICTIVE n'est pas encore saisie</p>", subtype="html")
    assert "pas encore saisie" in (text_of(message) or "")
