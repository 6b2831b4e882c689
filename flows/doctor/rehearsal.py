"""`doctor --rehearse ADDRESS`: a mail for each post, as a night would send it, all of them to one address.

Same way out, same signature, a workbook sealed with the post's own password: whoever reads them knows what each post
will be able to open. Nothing is recorded, nothing is announced.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from connectors.excel.rehearsal_workbook import rehearsal_workbook
from connectors.excel.sealed import seal
from connectors.mail.envelope import fix_boundaries
from connectors.mail.letter import XLSX
from connectors.mail.short_mail import compose_word
from connectors.mail.smime import sign
from flows.delivery.way_out import Send, check_mail, mail_signature, way_out
from flows.installing.passwords import posts, shown_post
from flows.run.exits import EXIT_PARTIAL
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.settings.passwords import password_of, passwords
from flows.state.check_installation import check_installation
from flows.state.run_state import now
from flows.terminal.console import print_json, stdout
from pipelines.reports.mailing.addressees import allowed
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say
from schemas.reports.mail import usable_address


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What became of one post's mail. `opens`: its workbook is there, for whoever has the password."""

    post: str
    addresses: int
    sent: bool
    opens: bool
    error: str = ""


def play_rehearsal(config: Path, address: str, *, as_json: bool) -> int:
    """Send them and say what became of each. 3 where one did not leave. Raises ConfigurationError, AnnuaireError."""
    settings = load_settings(config)
    check_installation(settings)
    check_mail(settings)
    problems = [] if usable_address(address) else [say("rehearsal.address", found=address)]
    if not problems and not allowed(address, settings.mail.allowed_domains):
        problems = [say("rehearsal.domain", found=address)]
    if problems:
        raise ConfigurationError(problems)
    found = list(_rehearse(settings, posts(settings), address, now().astimezone()))
    if as_json:
        print_json({"address": address, "rehearsed": [asdict(one) for one in found]})
    else:
        _print(found, address)
    return EXIT_PARTIAL if any(not one.sent for one in found) else 0


def _rehearse(
    settings: Settings, held: Mapping[str, tuple[str, ...]], address: str, moment: datetime
) -> Iterator[Rehearsed]:
    known = passwords(settings)
    with way_out(settings) as send:
        for name, addresses in held.items():
            opens = settings.mail.attachments == "plain" or bool(password_of(known, name))
            opens = opens and settings.mail.attachments != "none"
            error = ""
            try:
                message = _message(settings, name, addresses, address, moment, password_of(known, name), opens=opens)
                _hand_over(send, message)
            except DeliveryError as refusal:
                error = str(refusal)
            yield Rehearsed(name, len(addresses), not error, opens, error)


def _hand_over(send: Send, message: EmailMessage) -> None:
    _, refused = send(message, lambda: None)
    if refused:
        raise DeliveryError(say("rehearsal.refused", code=refused[0].code))


def _message(
    settings: Settings,
    name: str,
    addresses: tuple[str, ...],
    address: str,
    moment: datetime,
    password: str,
    *,
    opens: bool,
) -> EmailMessage:
    post = shown_post(name)
    told = say("rehearsal.for", names=", ".join(addresses)) if addresses else say("rehearsal.for_nobody")
    how = "sealed" if opens and settings.mail.attachments == "encrypted" else settings.mail.attachments
    lines = [say("rehearsal.what", post=post), told, say(f"rehearsal.how_{how}"), say("rehearsal.nothing")]
    message = compose_word(
        say("rehearsal.subject", post=post),
        lines,
        sender=settings.mail.sender,
        to=[address],
        name=name,
        about=moment.isoformat(),
        sent_at=moment,
    )
    if opens:
        content = rehearsal_workbook(post)
        content = seal(content, password) if settings.mail.attachments == "encrypted" else content
        message.add_attachment(content, *XLSX, filename=f"essai-{name}.xlsx")
        fix_boundaries(message, str(message["Message-ID"]).partition(".")[2][:24])
    signature = mail_signature(settings)
    return sign(message, signature) if signature else message


def _print(found: list[Rehearsed], address: str) -> None:
    console = stdout()
    sent = sum(one.sent for one in found)
    console.print(say("rehearsal.done", count=sent, total=len(found), address=address), markup=False)
    for one in found:
        state = "unsent" if one.error else "opens" if one.opens else "closed"
        values = {"post": shown_post(one.post), "count": one.addresses, "found": one.error}
        console.print("  " + say(f"rehearsal.line_{state}", **values), markup=False)
