"""What an updater sends back: one decision per line of their report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from schemas.changes.change import PostRef

Verdict = Literal["", "accepted", "refused", "postponed", "unknown"]


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One line of a returned report, as it was filled in.

    `decision` is "" where nothing was decided and « unknown » for a word we do not offer (`said` is that
    word). `postponed_to` is None where no readable date was given (`postponed_said` is what stood there).
    `addressee` is the report's name (« CRH_ST-24 ») as the file tells it, "" where it was lost. Once read
    (`decisions.spoken`): `asked` is what to ask back, in French; `as_read` the verdict that words of their own were
    taken for; `beside`: what else stands on the line, a note, a column of theirs; `asked_for_mail`: it is asked back
    for what its mail says, and may count without it.
    """

    lot: str
    sheet: str
    row: int
    token: str
    decision: Verdict
    said: str
    postponed_to: date | None
    postponed_said: str
    comment: str
    addressee: str = ""
    asked: str = ""
    as_read: Verdict = ""
    beside: tuple[str, ...] = ()
    asked_for_mail: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that does not count; `message` says where and why, in French, and `why` without the place.

    `code`: the reason, a key of `remark_reason`; `asked`: it only has to be made plain, and counts then.
    """

    sheet: str
    row: int
    change_id: str
    message: str
    code: str = ""
    asked: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """One decision as the store keeps it, whether it counted or not.

    `updater`: whose report it came on; None where the signature tells nobody. `outcome`: « accepted », it counted,
    or « refused », for the French `reason`. `change_id` is as the file says, for a refused one perhaps unknown. `lot`:
    of the report it stands on; `said`: the answer as it was written, where it is one that the question offers.
    """

    change_id: str
    verdict: Verdict
    postponed_to: date | None
    comment: str
    updater: PostRef | None
    file_name: str
    file_digest: str
    outcome: Literal["accepted", "refused"]
    reason: str = ""
    lot: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """What the store tells of the reports that went out.

    `mailed`: lot → when a mail last carried it; `answered`: change id → the lot its last counted answer stands on;
    `sent`: change id → when the mail with that answer was sent.
    """

    mailed: Mapping[str, datetime] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, datetime] = field(default_factory=dict)


def lot_day(lot: str) -> date | None:
    """Return the day a report was made: a lot begins with it. None for a text that is no lot of ours."""
    try:
        return datetime.strptime(lot[:8], "%Y%m%d").date() if lot[8:9] == "-" else None
    except ValueError:
        return None


def signed_text(lot: str, change_id: str) -> str:
    """Return what a token's signature covers beside its updater: a line cannot be moved to another lot."""
    return f"{lot}/{change_id}"
