"""The mail that goes with a report: counts and what to do, never a person's name or number (contract §9)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from typing import Any, Literal

from jinja2 import Environment

from connectors.mail.envelope import envelope, environment, fix_boundaries, write_words
from schemas.changes.change import SEVERITIES
from schemas.errors import DeliveryError
from schemas.nomenclatures import ADMIN_EFIT, CRH_ST_POST, post_said, say
from schemas.reports.mail import usable_address
from schemas.reports.report import Report
from schemas.reports.stake_sentences import (
    besides,
    consequence,
    few_words,
    first_weeks,
    rejects_texts,
    the_cause,
    the_troubles,
    tone,
    when_text,
)
from schemas.typography import say_count
from schemas.words import clean

Mode = Literal["encrypted", "none", "plain"]
LONGEST_SUBJECT = 60
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
# Of the sentence at the top; white on each is read in grey and in the dark too.
BANNERS = {"access": "#9b1c1c", "calm": "#1f5f3a", "unknown": "#4f5b69"}
# A mail is read in a minute: later weeks are one line.
MOST_WEEKS = 6


def compose(
    report: Report,
    *,
    sender: str,
    admin: str,
    sent_at: datetime,
    mode: Mode,
    attachment: bytes | None = None,
    attachment_name: str = "",
    reply_to: str = "",
    escalation: str = "",
) -> EmailMessage:
    """Return the mail to one updater, text and HTML, with the report when there is an attachment.

    `mode`: « encrypted » (`attachment` is sealed: say that a password is needed), « plain », or « none ». Without an
    attachment the mail says how to get the report; where it lies on the server helps nobody. `sent_at` carries its
    time zone. A report without a usable address goes to `admin`. `escalation`: why it goes to somebody else than its
    updater, said first. The Message-ID depends on the updater and the content alone
    (changes, statuses, reminders; rejects where there is no change): the same content twice is one mail.

    Raises DeliveryError when neither sender nor recipient is usable.
    """
    from_address = usable_address(sender)
    if from_address is None:
        raise DeliveryError(say("mail.bad_sender", found=clean(sender)))
    recipients = [found for text in report.recipients if (found := usable_address(text))]
    digest = _digest(report)
    to = recipients or _fallback(admin, report)
    message = envelope(from_address, to, subject(report), sent_at=sent_at, name=report.name, digest=digest)
    message["Reply-To"] = usable_address(reply_to) or from_address
    if report.access:
        message["Importance"] = "high"  # RFC 2156; a mail program may show it, and need not
    facts = _facts(report, _opening(mode, attached=bool(attachment)), admin)
    facts |= {
        "attached": bool(attachment),
        "rejects": rejects_texts(report, "letter.rejects" if attachment else "letter.rejects_later"),
    }
    facts |= {
        "why": _why(report, escalation),
        "escalation": escalation,
        "automatic": _automatic(report, attached=bool(attachment)),
    }
    write_words(message, _templates(), "letter", facts)
    if attachment:
        maintype, subtype = XLSX
        name = clean(attachment_name) or report.file_name
        message.add_attachment(attachment, maintype, subtype, filename=name)
    fix_boundaries(message, digest)
    return message


def subject(report: Report) -> str:
    """Return « e-FIT région 24 : 3 accès menacés dès le 30/11, 12 autres lignes », under 60 characters;
    a reminder says so.

    Where the registers could not be used, the administrator reads that first: « registre périmé, 687 non vérifiés ».
    """
    line = ""
    for key, counts in _wordings(report):
        line = say(key, reminder=_reminder(report), scope=_scope(report), counts=", ".join(counts))
        if len(line) < LONGEST_SUBJECT:
            break
    return line


def _wordings(report: Report) -> Iterator[tuple[str, list[str]]]:
    """(sentence, counts) from the most said to the least."""
    causes = the_cause(report)
    stakes = [text for text, _ in few_words(report)[-1:] if causes]
    yield from (("mail.subject", [causes[0], stake]) for stake in stakes)
    yield from ((key, [cause]) for key in ("mail.subject", "mail.subject_short") for cause in causes)
    if not causes and report.troubles:
        yield from _troubled(report)
    elif not causes:
        yield from (("mail.subject", counts) for counts in _counts(report))


def _troubled(report: Report) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with the night comes before how much there is to enter."""
    troubles = the_troubles(report)
    if report.total:
        yield from (("mail.subject", [trouble, *counts]) for trouble in troubles for counts in _counts(report))
    yield from ((key, [trouble]) for trouble in troubles for key in ("mail.subject", "mail.subject_short"))


def _counts(report: Report) -> Iterator[list[str]]:
    """The counts, from the most said to the least."""
    unread = [say("stake.unread")] if report.unread else []
    if report.notices and not report.fresh and not report.overdue:  # what the mail leaves for comes first
        unread = [*unread, say_count("count.notice", len(report.notices))]
    stakes = few_words(report)
    for at in range(0, len(stakes), 2):  # the same, with the first day and without
        for stake, others in stakes[at : at + 2]:
            more = [*besides(report, others), say_count("count.other", others)] if others > 0 else []
            yield from ([*unread, stake, other] for other in more)
        # that a structure cannot declare is worth more than how many of the lines are besides
        whole = say_count("count.line", report.total)
        yield from ([*unread, stake, *([whole] if others > 0 else [])] for stake, others in stakes[at : at + 2])
        yield from ([*unread, f"{stake}…" if others > 0 else stake] for stake, others in stakes[at : at + 2])
    if report.total and not stakes:
        told = [*besides(report, report.total), say_count("count.change", report.total)]
        yield from ([*unread, one] for one in told)
    if report.rejects:
        key = "count.correction" if report.to_mend else "count.mended"
        yield [*unread, say_count(key, report.to_mend or len(report.rejects))]
    yield unread or [say_count("count.notice", len(report.notices))]


def _reminder(report: Report) -> str:
    return say("mail.reminder") if report.overdue and not report.only_put_off and not report.fresh else ""


def _scope(report: Report) -> str:
    if report.updater.post == ADMIN_EFIT:
        return say("mail.admin")
    if report.updater.post == CRH_ST_POST:
        return say("mail.region", code=report.updater.scope)
    return report.updater.scope


def _fallback(admin: str, report: Report) -> list[Address]:
    found = usable_address(admin)
    if found is None:
        raise DeliveryError(say("mail.no_recipient", post=report.addressee))
    return [found]


def _digest(report: Report) -> str:
    """Of the updater and the content; the lot and the hour are left out, so that a repeated run is seen."""
    content: list[Any] = [report.name, sorted(report.statuses.items()), report.overdue, report.born]
    if report.notices:  # a source missing or a set held: said each night it lasts, once a night
        content += [report.as_of.isoformat(), len(report.notices)]
    if not report.statuses:
        content += [[reject.source, reject.location, reject.message] for reject in report.rejects]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _opening(mode: Mode, *, attached: bool) -> str:
    """How to open the report, or how to get it."""
    if attached:
        return say(f"letter.open_{mode}")
    return say("letter.open_no_password" if mode == "encrypted" else "letter.open_none")


def _facts(report: Report, opening: str, admin: str) -> dict[str, Any]:
    """What the templates may say: counts, places and contacts, no line of the report."""
    return {
        "report": report,
        "subject": subject(report),
        "consequence": consequence(report),
        "banner": BANNERS[tone(report)],
        "as_of": f"{report.as_of:%d/%m/%Y}",
        "severities": SEVERITIES,
        "ends": _ends(report),
        "opening": opening,
        "admin": "" if report.updater.post == ADMIN_EFIT else admin,
        "when": when_text(report),
    }


def _why(report: Report, escalation: str) -> str:
    """« Vous recevez ce message parce que vous êtes … »."""
    post = post_said(ADMIN_EFIT) if escalation else report.addressee
    return say("letter.why", post=post)


def _automatic(report: Report, *, attached: bool) -> str:
    """The last line: what sent it, and that it names nobody."""
    return say("letter.automatic_attached" if attached else "letter.automatic", lot=report.lot)


def _ends(report: Report) -> dict[str, Any] | None:
    """Who loses their access and when, as counts: the accounts by week; card alerts where no account is known."""
    if not report.weeks:
        return {"unit": say("letter.people"), "rows": report.deadlines, "note": ""} if report.deadlines else None
    rows = first_weeks(report, MOST_WEEKS)
    return {"unit": say("letter.accounts"), "rows": rows, "note": say("letter.existing")}


@cache
def _templates() -> Environment:
    """Compiled once: a mail needs three of them, and a night sends thirty mails."""
    return environment()
