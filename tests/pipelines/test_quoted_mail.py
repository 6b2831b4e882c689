"""What somebody types into the mail of ours that they quote is told apart from what our mail said."""

from email.message import EmailMessage

import pytest

from connectors.mailbox.letter_text import text_of
from pipelines.lifecycle.decisions.mails.heard import said_in
from schemas.glyphs import typeset
from tests.connectors.test_letter import body, letter
from tests.invented_receipt import invented_receipt
from tests.invented_report import invented_report

OUTLOOK = "De : Annuaire e-FIT <a@example.org>\nEnvoyé : lundi 23 novembre 2026\nObjet : e-FIT région 11\n\n"
GMAIL = "Le lun. 23 nov. 2026 à 10:00, annuaire <a@example.org> a écrit :\n"
NOTICE = "3 points déjà corrigés à la lecture : rien à faire."
TYPED = ["Non, elle reste en poste", "pas encore", "voir avec la DRH en mars", "Mme Fictive part le 31/12"]
MAILS = {"letter": letter(invented_report(NOTICE)), "receipt": invented_receipt()}


def lines_of(name: str) -> list[str]:
    return body(MAILS[name], "plain").splitlines()


def put_under(lines: list[str], begin: str, text: str) -> list[str]:
    at = next(at for at, line in enumerate(lines) if line.startswith(begin))
    return [*lines[: at + 1], text, *lines[at + 1 :]]


def marked(lines: list[str]) -> str:
    return "".join(f"> {line}\n" for line in lines)


def wrapped(lines: list[str]) -> list[str]:
    """As a program sends it that breaks lines at 76 characters."""
    found = list[str]()
    for line in lines:
        row = ""
        for word in line.split(" "):
            if len(row) + len(word) > 75:
                found, row = [*found, row.rstrip()], ""
            row += f"{word} "
        found.append(row.rstrip())
    return found


@pytest.mark.parametrize("name", MAILS)
def test_of_a_mail_of_ours_that_is_only_quoted_nothing_is_somebody_elses(name: str) -> None:
    lines = lines_of(name)
    for form in (OUTLOOK + "\n".join(lines), OUTLOOK + "\n".join(wrapped(lines)), GMAIL + marked(wrapped(lines))):
        assert said_in(form) == ""


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_under_a_line_of_a_quoted_mail_is_kept_with_that_line(typed: str) -> None:
    lines = put_under(lines_of("letter"), "- Comptes", typed)
    above = next(line for line in lines if line.startswith("- Comptes")).removeprefix("- ")
    for form in (OUTLOOK + "\n".join(lines), GMAIL + marked(lines)):
        assert typeset(said_in(form)) == typeset(f"{typed} (sous « {above} » du courriel cité)")


def test_what_is_typed_behind_a_line_of_a_quoted_mail_is_kept() -> None:
    lines = [f"{line} NON elle reste" if line.startswith("- Comptes") else line for line in lines_of("letter")]
    assert "NON elle reste (sous " in said_in(OUTLOOK + "\n".join(lines))


def test_what_is_typed_into_a_quoted_receipt_is_kept() -> None:
    lines = lines_of("receipt")
    half = len(lines) // 2
    lines = [*lines[:half], "", "Non, elle nous quitte en mars", "", *lines[half:]]
    assert said_in(OUTLOOK + "\n".join(lines)) == "Non, elle nous quitte en mars"


def test_what_is_typed_into_the_page_that_a_program_quotes_is_kept() -> None:
    page = body(MAILS["letter"], "html").replace("</table>", "</table><p>Non, elle reste en poste</p>", 1)
    mail = EmailMessage()
    mail.set_content(f"<p>Bonjour</p><blockquote>{page}</blockquote>", subtype="html")
    assert "Non, elle reste en poste" in said_in(text_of(mail) or "")
    bare = EmailMessage()
    bare.set_content(f"<p>Bonjour</p><blockquote>{body(MAILS['letter'], 'html')}</blockquote>", subtype="html")
    assert said_in(text_of(bare) or "") == ""


def test_of_a_quoted_mail_of_others_nothing_is_told_apart() -> None:
    assert said_in(f"{OUTLOOK}Bonjour,\nMme Fictive part le 31/12.\nCordialement") == ""
