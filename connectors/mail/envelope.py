"""What all our mails have: their headers, text beside HTML, and that the same content twice is the same mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.mail.links import linked, linked_lines
from schemas.nomenclatures import say
from schemas.typography import say_count


def envelope(
    sender: Address, to: Address | Sequence[Address], subject: str, *, sent_at: datetime, name: str, digest: str
) -> EmailMessage:
    """Return a mail without its words. `name` (« CRH_ST-24 ») and the digest of its content are its Message-ID."""
    message = EmailMessage(policy=SMTP)
    message["From"] = named(sender)
    message["To"] = to
    message["Subject"] = _Subject(subject)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{name}.{digest[:32]}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    return message


def named(sender: Address) -> Address:
    """Return the sender with a name: an address alone is what one is warned of."""
    return sender if sender.display_name else Address(say("mail.sender_name"), addr_spec=sender.addr_spec)


class _Subject(str):
    """A subject that keeps all its spaces: the library's own folding loses one between two encoded words."""

    __slots__ = ()
    name = "Subject"

    def fold(self, *, policy: Policy) -> str:
        """The header as it is written, in lines."""
        text = str(self) if self.isascii() else Header(str(self), "utf-8", header_name=self.name).encode()
        return f"{self.name}: {text}".replace("\n", policy.linesep) + policy.linesep


@cache
def environment() -> Environment:
    """Return the templates of mails, compiled once; what goes into HTML is escaped, what is missing is an error."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=lambda name: bool(name) and ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(t=say, count=say_count)
    found.filters.update(linked=linked, linked_lines=linked_lines)
    return found


def write_words(message: EmailMessage, templates: Environment, name: str, facts: Mapping[str, object]) -> None:
    """Write plain text, and HTML for whoever shows it: `<name>.txt.j2` and `<name>.html.j2`."""
    message.set_content(templates.get_template(f"{name}.txt.j2").render(facts), cte="quoted-printable")
    html = templates.get_template(f"{name}.html.j2").render(facts)
    message.add_alternative(html, subtype="html", cte="quoted-printable")


def fix_boundaries(message: EmailMessage, digest: str) -> None:
    """Set boundaries that do not change from run to run: the same mail is the same file."""
    for rank, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{digest[:24]}_{rank}")
