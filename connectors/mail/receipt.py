"""The receipt of what came back, as a mail: text, and HTML with the look of the letters."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from connectors.mail.envelope import envelope, environment, fix_boundaries, write_words
from connectors.mail.letter import BANNERS
from schemas.changes.receipt import Receipt
from schemas.nomenclatures import post_said, say
from schemas.words import clean

NAME = "RETOURS"  # how the Message-IDs of receipts begin, then the post's: a reply to one is known by it


def compose_receipt(
    receipt: Receipt, *, sender: str, to: Sequence[str], reply_to: str, about: str, sent_at: datetime
) -> EmailMessage:
    """Compose the mail, to usable addresses. `about`: what came back; the same told to the same post is one mail."""
    name = "-".join((NAME, receipt.post.name))
    digest = hashlib.sha256(f"{about}\n{name}".encode()).hexdigest()
    addresses = [Address(addr_spec=one) for one in to]
    message = envelope(
        Address(addr_spec=sender), addresses, clean(receipt.subject), sent_at=sent_at, name=name, digest=digest
    )
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # asked of Exchange: what it would answer is no answer
    message["Reply-To"] = Address(addr_spec=reply_to)
    post = post_said(receipt.post.post, receipt.post.scope)
    facts = {"receipt": receipt, "banner": BANNERS[receipt.tone], "why": say("receipt.why", post=post)}
    write_words(message, environment(), "receipt", facts)
    fix_boundaries(message, digest)
    return message
