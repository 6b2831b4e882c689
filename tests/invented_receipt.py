"""The receipt of an invented return: six answers taken, twenty-one to be made plain."""

from datetime import UTC, date, datetime
from email.message import EmailMessage

from connectors.mail.receipt import compose_receipt
from pipelines.lifecycle.decisions.receipts import receipt_of
from schemas.changes.change import PostRef
from schemas.changes.receipt import AnswerPlace, Facts, KeptReturn, Parcel, ReceiptWords, Return, Standing
from schemas.nomenclatures import say

CRH = PostRef(post="CRH_ST", scope="24")
DAY = date(2026, 11, 22)
SENT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
_NO = say("asked.no", found="non")
_SEEN = say("asked.seen", found="vu")
_LATER = say("decisions.no_date", found="plus tard")
_CARD = "CHG-0000000000000003"

_URGENT = {"CHG-0000000000000001": ("À créer", 4), "CHG-0000000000000002": ("À créer", 5), _CARD: ("Cartes", 4)}


def invented_receipt() -> EmailMessage:
    """The mail, to a holder who does not exist."""
    places = (
        *(AnswerPlace("À modifier", row, "asked", _NO) for row in range(4, 16)),
        *(AnswerPlace("À désactiver", row, "asked", _SEEN) for row in range(4, 12)),
        AnswerPlace("Cartes", 4, "asked", _LATER, f"CH fictif de Valmont, {_CARD}"),
        AnswerPlace(
            "À vérifier",
            5,
            "comment",
            say("remark_reason.comment", offered="C’est : …, Aucun de ceux-là ou Deux personnes"),
        ),
        AnswerPlace("", 0, "letter", say("remark_reason.letter")),
    )
    facts = Facts(
        "recorded",
        {"accepted": 4, "refused": 1, "postponed": 1},
        again=2,
        read_as=(
            ReceiptWords("ok", "accepted", None, 2),
            ReceiptWords("✓", "accepted", None, 1),
            ReceiptWords("reporté au 15 décembre", "postponed", date(2026, 12, 15), 1),
        ),
        places=places,
        lot="20261120-A7A7A7A7",
        urgent=tuple(AnswerPlace(sheet, row, "beside", "", key) for key, (sheet, row) in _URGENT.items()),
    )
    parcel = Parcel("mail:1", "crh.24@example.org", "1@example.org")
    kept = KeptReturn(1, SENT, DAY, Return(parcel, "CRH_ST-24.xlsx", "d", CRH, facts), "", "due")
    standing = Standing(31, len(_URGENT), (("adjointe@example.org", DAY, 3),), frozenset(_URGENT))
    receipt = receipt_of([kept], CRH, standing, theirs=True)
    to = ["crh.24@example.org", "adjointe@example.org"]
    sender = "annuaire@example.org"
    return compose_receipt(receipt, sender=sender, to=to, reply_to=sender, about="mail:1", sent_at=SENT)
