"""The mail of a report: short, in French, without a name in it, the same for the same content."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from connectors.mail.letter import compose, subject
from schemas.errors import DeliveryError
from schemas.reports.health import Health
from schemas.reports.report import Deadline, Report
from schemas.reports.stakes import Stakes
from schemas.typography import NBSP
from tests.invented_changes import ADMIN, CRH, LOT
from tests.invented_report import invented_report

SENT = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def report() -> Report:
    return invented_report("Le fichier <des> porteurs n’a pas pu être lu.")


def letter(report: Report, **more: Any) -> EmailMessage:
    """As it is read on the other side."""
    options: dict[str, Any] = {
        "sender": "annuaire@example.org",
        "admin": "admin@example.org",
        "sent_at": SENT,
    }
    sent = compose(report, **{**options, "mode": "none", **more})
    read = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def body(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_the_subject_counts_accesses_first_and_stays_short(report: Report) -> None:
    assert subject(report) == f"e-FIT région 24{NBSP}: 4 sans accès, 1 menacé, 15 autres lignes"
    many = tuple(replace(count, access=4321, important=54321) for count in report.counts)
    assert len(subject(replace(report, counts=many))) < 60


LEFT = {
    ("update_account", 3): "3 mises à jour",
    ("card_alert", 15): "15 cartes à suivre",
    ("review", 1): "1 question",
}


@pytest.mark.parametrize("kind", LEFT)
def test_a_subject_calls_a_card_a_card_and_a_question_a_question(report: Report, kind: tuple[str, int]) -> None:
    counts = (replace(report.counts[0], kind=kind[0], access=0, important=kind[1], info=0),)
    calm = replace(report, counts=counts, stakes=Stakes())
    assert subject(calm) == f"e-FIT région 24{NBSP}: {LEFT[kind]}"


def test_a_subject_tells_apart_what_is_to_be_entered_and_what_is_not(report: Report) -> None:
    counts = tuple(replace(report.counts[0], kind=k, access=0, important=n, info=0) for k, n in LEFT)
    said = subject(replace(report, counts=counts, stakes=Stakes()))
    assert said in (
        f"e-FIT région 24{NBSP}: 3 mises à jour, 15 cartes à suivre, 1 question",
        f"e-FIT région 24{NBSP}: 19 lignes à traiter",
    )
    assert len(said) < 60


def test_a_reminder_says_so_in_its_subject(report: Report) -> None:
    told = tuple(
        replace(sheet, lines=tuple(replace(line, status="notified") for line in sheet.lines)) for sheet in report.sheets
    )
    assert subject(replace(report, sheets=told, overdue=(("CHG-1", 15),))).startswith("Rappel e-FIT")
    assert not subject(replace(report, overdue=(("CHG-1", 15),))).startswith("Rappel")


def test_a_report_of_rejects_alone_has_its_own_subject(report: Report) -> None:
    bare = replace(report, counts=(), stakes=Stakes(), sheets=(), deadlines=(), notices=())
    assert subject(bare) == f"e-FIT région 24{NBSP}: 3 points à corriger dans les fichiers"


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("mode", ["none", "encrypted", "plain"])
def test_no_name_and_no_number_of_a_person_leaves_in_the_clear(report: Report, kind: str, mode: str) -> None:
    said = body(letter(report, mode=mode, attachment=None if mode == "none" else b"x"), kind)
    for sheet in report.sheets:
        for line in sheet.lines:
            for secret in (line.national_id, line.account_id, line.change_id):
                assert not secret or secret not in said
            if line.national_id:
                assert line.person.split()[0] not in said


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_forms_say_what_is_at_stake_what_to_do_and_whom_to_call(report: Report, kind: str) -> None:
    said = body(letter(report, mode="plain", attachment=b"x"), kind)
    for text in (
        "si rien n",
        "4 personnes ne peuvent plus se connecter\u00a0; 1 autre perdra son accès le 11/12/2026",
        "Comptes à créer",
        "Refusé",
        "0 825 85 2000",
        "01 55 87 32 32",
        "Vous recevez ce message parce que vous êtes",
        "CRH-ST de la région Centre-Val de Loire (24)",
        LOT,
        "admin@example.org",
    ):
        assert text in said
    assert said.index("si rien n") < said.index("Comptes à créer")


def test_an_encrypted_report_says_that_a_password_is_needed(report: Report) -> None:
    assert "mot de passe" in body(letter(report, mode="encrypted", attachment=b"x"), "plain")
    assert "mot de passe" not in body(letter(report, mode="plain", attachment=b"x"), "plain")


def test_without_an_attachment_the_mail_says_how_to_get_the_report(report: Report) -> None:
    said = letter(report, mode="encrypted")
    assert "mot de passe vous sera remis" in body(said, "plain")
    assert "mot de passe" not in body(letter(report, mode="none"), "plain")
    for kind in ("plain", "html"):
        text = body(said, kind)
        assert "Pour le recevoir" in text
        assert "01 55 87 32 32" in text
        assert ".xlsx" not in text
    assert not list(said.iter_attachments())


def test_the_sender_has_a_name(report: Report) -> None:
    assert letter(report)["From"] == "Annuaire e-FIT <annuaire@example.org>"


def test_addresses_and_telephones_are_one_touch_away(report: Report) -> None:
    html = body(letter(report), "html")
    assert '<a href="https://esante.gouv.fr/securite/cartes-et-certificats/CPS"' in html
    assert '<a href="tel:+33155873232"' in html
    assert '<a href="mailto:admin@example.org"' in html


def test_text_and_html_are_alternatives_inside_the_mixed_mail(report: Report) -> None:
    sent = letter(report, mode="plain", attachment=b"PK", attachment_name="CRH_ST-24.xlsx")
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    (attached,) = sent.iter_attachments()
    assert attached.get_filename() == "CRH_ST-24.xlsx"
    assert attached.get_content() == b"PK"
    for part in (sent.get_body(("plain",)), sent.get_body(("html",))):
        assert part is not None
        assert part["Content-Transfer-Encoding"] == "quoted-printable"


def test_the_html_loads_nothing_and_can_be_read_aloud(report: Report) -> None:
    html = body(letter(report), "html")
    assert '<html lang="fr"' in html
    assert not re.search(r"\b(src|background|srcset)=|url\(|<script|<link|<img", html)
    assert html.count("<h1") == 1
    assert all('scope="' in head for head in re.findall(r"<th\b[^>]*>", html))
    assert "&lt;des&gt;" in html
    assert "prefers-color-scheme: dark" in html


def test_the_html_asks_nothing_of_outlook_that_its_engine_does_not_know(report: Report) -> None:
    html = body(letter(report), "html")
    assert not re.search(r"display\s*:\s*(flex|grid)|position\s*:|float\s*:|calc\(|var\(", html)
    coloured = re.findall(r"<(?:td|th|table)\b[^>]*background-color:[^>]*>", html)
    assert len(coloured) > 10
    assert all("bgcolor=" in cell for cell in coloured)
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3


def test_the_headers_tell_a_machine_wrote_it(report: Report) -> None:
    sent = letter(report, reply_to="retours@example.org")
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Reply-To"] == "retours@example.org"
    assert sent["Date"] == "Sun, 22 Nov 2026 04:15:00 +0000"
    assert sent["To"] == "crh.centre@example.org"


def test_only_a_mail_about_accesses_says_that_it_is_urgent(report: Report) -> None:
    assert letter(report)["Importance"] == "high"
    calm = replace(report, counts=tuple(replace(count, access=0) for count in report.counts))
    assert letter(calm)["Importance"] is None


def test_the_message_id_depends_on_updater_and_content_alone(report: Report) -> None:
    known = letter(report)["Message-ID"]
    later = replace(report, lot="another lot")
    assert letter(later, sent_at=SENT.replace(day=23))["Message-ID"] == known
    assert letter(replace(report, updater=CRH.model_copy(update={"scope": "27"})))["Message-ID"] != known
    assert letter(replace(report, overdue=(("CHG-1", 14),)))["Message-ID"] != known
    assert letter(replace(report, sheets=report.sheets[1:]))["Message-ID"] != known
    assert re.fullmatch(r"<CRH_ST-24\.[0-9a-f]{32}@example\.org>", known)


def test_the_same_mail_is_the_same_bytes(report: Report) -> None:
    options: dict[str, Any] = {"sender": "a@example.org", "admin": "", "sent_at": SENT, "mode": "plain"}
    one, other = (compose(report, attachment=b"PK", **options).as_bytes() for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    "evil",
    [
        "a@example.org\r\nBcc: x@example.org",
        "a@example.org\nSubject: x",
        "a@example.org, b@example.org",
        "a@",
        "@b",
        "",
    ],
)
def test_an_address_cannot_smuggle_a_header_in(report: Report, evil: str) -> None:
    sent = letter(replace(report, recipients=(evil,)), reply_to=evil)
    assert sent["To"] == "admin@example.org"
    assert sent["Reply-To"] == "annuaire@example.org"
    assert sent["Bcc"] is None
    with pytest.raises(DeliveryError, match="expéditeur"):
        letter(report, sender=evil)


def test_a_mail_for_nobody_is_an_error_said_in_french(report: Report) -> None:
    with pytest.raises(DeliveryError, match="Aucune adresse"):
        letter(replace(report, recipients=()), admin="")


def of_admin(report: Report, unverified: int, cause: str = "registre périmé", **more: Any) -> Report:
    return replace(report, updater=ADMIN, cause=cause, unverified=unverified, **more)


@pytest.mark.parametrize(
    ("unverified", "cause", "said"),
    [
        (1, "registre périmé", "e-FIT administration : registre périmé, 1 non vérifié"),
        (687, "registre périmé", "e-FIT administration : registre périmé, 687 non vérifiés"),
        (687, "fichier des cartes périmé", "e-FIT : fichier des cartes périmé, 687 comptes non vérifiés"),
        (7687, "fichier des cartes inutilisable", "e-FIT : fichier des cartes inutilisable, 7687 non vérifiés"),
    ],
)
def test_the_administrators_subject_begins_with_why_so_much_is_unknown(
    report: Report, unverified: int, cause: str, said: str
) -> None:
    found = subject(of_admin(report, unverified, cause))
    assert found.replace(NBSP, " ") == said
    assert len(found) <= 60


def test_a_cause_that_concerns_no_account_is_not_in_the_subject(report: Report) -> None:
    assert "périmé" not in subject(of_admin(report, 0))


def without_access(report: Report, health: Health | None, *sentences: str) -> EmailMessage:
    calm = tuple(replace(count, access=0) for count in report.counts)
    return letter(replace(report, counts=calm, stakes=Stakes(), health=health, unknown=sentences))


@pytest.mark.parametrize(
    ("health", "said", "colour"),
    [
        (Health("24", ready=37), "Dans votre périmètre, aucun accès à e-FIT n’est menacé.", "#1f5f3a"),
        (
            Health("24", ready=36, unknown=1),
            "Dans votre périmètre, aucun accès à e-FIT n’est menacé sur 36 comptes connus.",
            "#1f5f3a",
        ),
        (
            Health("24", ready=3, unknown=34),
            "Dans votre périmètre, les accès menacés ne sont pas connus cette nuit.",
            "#4f5b69",
        ),
        (Health("24", ready=37, declared=37), "d’après les dates déclarées.", "#4f5b69"),
        (Health("24", ready=36, lost=1), "Aucune ligne de ce rapport ne menace un accès à e-FIT.", "#4f5b69"),
        (None, "Aucune ligne de ce rapport ne menace un accès à e-FIT.", "#4f5b69"),
    ],
)
def test_a_mail_is_green_only_where_enough_is_known(
    report: Report, health: Health | None, said: str, colour: str
) -> None:
    found = without_access(report, health, "L’accès de 34 comptes sur 37 est inconnu.")
    for kind in ("plain", "html"):
        text = body(found, kind)
        assert said in text
        assert "L’accès de 34 comptes sur 37 est inconnu." in text
    assert f'bgcolor="{colour}" class="pad"' in body(found, "html")


def test_accesses_are_a_minimum_where_too_little_is_known(report: Report) -> None:
    said = "D’après ce qui est connu\u00a0: au moins 4 personnes ne peuvent plus se connecter\u00a0; 1 autre"
    assert said in body(letter(replace(report, health=Health("24", ready=3, unknown=34))), "plain")
    assert "au moins" not in body(letter(replace(report, health=Health("24", ready=37))), "plain")


def test_the_unknown_have_a_line_of_their_own_after_the_weeks(report: Report) -> None:
    weeks = tuple(Deadline(f"Semaine {number}", 1) for number in range(9))
    found = letter(replace(report, weeks=(*weeks, Deadline("Inconnu", 34, unknown=True))))
    lines = [line for line in body(found, "plain").splitlines() if line.startswith("- ")]
    at = next(number for number, line in enumerate(lines) if "Plus tard" in line)
    assert lines[at + 1].replace(NBSP, " ") == "- Inconnu : 34"


def test_a_mail_that_leaves_for_a_notice_alone_says_so_first(report: Report) -> None:
    """No new line and no reminder: what is new is the notice, in the subject and before what waits already."""
    told = tuple(
        replace(sheet, lines=tuple(replace(line, status="notified") for line in sheet.lines)) for sheet in report.sheets
    )
    known = replace(report, sheets=told)
    assert subject(known).startswith(f"e-FIT région 24{NBSP}: 1 point à savoir")
    said = body(letter(known), "plain")
    assert said.index("À SAVOIR") < said.index("À FAIRE")
