"""The short mail that tells an engineer that a run went wrong: which run, what it means, where to look."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from connectors.mail.envelope import envelope
from schemas.nomenclatures import ADMIN_EFIT, say
from schemas.words import clean


def compose_alert(
    kind: str, flow: str, run: str, lines: Sequence[str], *, sender: str, to: str, sent_at: datetime, sources: str = ""
) -> EmailMessage:
    """Compose `kind` of `[alert]` in the catalogue; `run` is Prefect's name of the run, `lines` what else to say.

    `sources`: for want of which a whole night was held.

    Text only: it is read on a telephone at night. The same alarm of the same run is one mail.
    """
    addresses = Address(addr_spec=sender), Address(addr_spec=to)
    digest = hashlib.sha256(f"{kind}\n{flow}\n{run}".encode()).hexdigest()
    said = say("alert.held_by", sources=sources) if sources else say(f"alert.{kind}")
    subject = clean(say("alert.subject", what=said))
    message = envelope(*addresses, subject, sent_at=sent_at, name=ADMIN_EFIT, digest=digest)
    what = say(f"alert.what_{kind}", run=clean(run), flow=clean(flow))
    message.set_content("\n\n".join((what, *lines)) + "\n", cte="quoted-printable")
    return message
