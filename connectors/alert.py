"""The short mail that tells an engineer that a run went wrong: which run, what it means, where to look."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from schemas.nomenclatures import say
from schemas.typography import typeset
from schemas.words import clean


def compose_alert(
    kind: str, flow: str, run: str, lines: Sequence[str], *, sender: str, to: str, sent_at: datetime
) -> EmailMessage:
    """`kind` of `[alert]` in the catalogue; `run` is Prefect's name of the run, `lines` what else to say.

    Text only: it is read on a telephone at night. The same alarm of the same run is one mail.
    """
    message = EmailMessage(policy=SMTP)
    from_address = Address(addr_spec=sender)
    digest = hashlib.sha256(f"{kind}\n{flow}\n{run}".encode()).hexdigest()
    message["From"] = from_address
    message["To"] = Address(addr_spec=to)
    message["Subject"] = typeset(say("alert.subject", what=say(f"alert.{kind}")))
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<ADMIN_EFIT.{digest[:32]}@{from_address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    what = say(f"alert.what_{kind}", run=clean(run), flow=clean(flow))
    message.set_content("\n\n".join(map(typeset, (what, *lines))) + "\n", cte="quoted-printable")
    return message
