"""What the holder of a card is told: which card, until when, how and where to get the next, and who their updater is.

One text for the mail that an updater sends with one click and for the one that leaves by itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from pipelines.phrase import day_text, loss_day, post_text
from schemas.changes.change import Change
from schemas.nomenclatures import rows, say
from schemas.reports.report import FormLink
from schemas.words import clean

DAYS = (0, 30, 90)  # before the end of a card, the nearest first
_LONGEST_LINK = 1_900  # characters: what mail programs and Excel take


@dataclass(frozen=True, slots=True)
class HolderLetter:
    """A mail to one person about their own card; `paragraphs` in order, `steps` how to get the next card."""

    subject: str
    paragraphs: tuple[str, ...]
    steps: tuple[str, ...]
    closing: tuple[str, ...]

    @property
    def text(self) -> str:
        """As plain text."""
        return "\n\n".join((*self.paragraphs, "\n".join(self.steps), *self.closing))


def holder_letter(change: Change, day: date, updater: Sequence[str] | None = None) -> HolderLetter:
    """Return the mail of a card alert. `updater`: the addresses of the post, the change's where none is given."""
    given = {one.field: one.after or "" for one in change.fields}
    ends, lost = given.get("card_expires_on", ""), loss_day(change)
    card = given.get("card_type") or say("holder.card")
    known = {
        "name": f"{change.person.first_name} {change.person.last_name}".strip(),
        "card": card,
        "date": day_text(date.fromisoformat(ends)) if ends else "",
        "lost_on": day_text(lost) if lost else "",
    }
    situation = change.reasons[0] if lost is None or lost <= day else "card_expiring"
    if situation == "card_expiring" and lost is None:
        situation = "card_missing"
    addresses = change.updater.recipients if updater is None else updater
    post = change.updater.ref
    closing = [say("holder.updater", post=post_text(post), addresses=", ".join(addresses) or "–")]
    closing += [say("holder.regards"), say("holder.what"), say("holder.help"), say("help.ans"), say("help.efit")]
    return HolderLetter(
        say(f"holder.subject_{situation}", **known),
        (say("holder.hello", **known), say(f"holder.{situation}", **known)),
        _steps(change),
        tuple(closing),
    )


def due_days(change: Change, day: date) -> int | None:
    """Tell for which of the days before the end of a card its holder is to be told by now: 90, 30 or 0; None
    for none.
    """
    if change.reasons[0] not in ("card_expiring", "card_expired"):
        return None
    ends = next((one.after or "" for one in change.fields if one.field == "card_expires_on"), "")
    if not ends:
        return None
    left = (date.fromisoformat(ends) - day).days
    return next((days for days in DAYS if left <= days), None)


def mailto(change: Change, day: date) -> FormLink | None:
    """Return a link that opens the mail, ready to be sent; None where no address is known."""
    email = clean(next((one.after or "" for one in change.fields if one.field == "email"), ""))
    if "@" not in email:
        return None
    letter = holder_letter(change, day)
    head = f"mailto:{quote(email, safe='@.+-_')}?subject={quote(letter.subject)}"
    bodies = (letter.text, *_shorter(letter))
    written = (f"{head}&body={_quoted(body)}" for body in bodies)
    address = next((one for one in written if len(one) <= _LONGEST_LINK), head)
    return FormLink(say("holder.write"), address)


def _shorter(letter: HolderLetter) -> Iterator[str]:
    """Without what e-FIT is; then with the cards' hotline alone, without any; at last without the steps, which the
    report has.
    """
    steps = "\n".join(letter.steps)
    yield "\n\n".join((*letter.paragraphs, steps, *letter.closing[:2], *letter.closing[4:]))
    yield "\n\n".join((*letter.paragraphs, steps, *letter.closing[:2], *letter.closing[4:5]))
    yield "\n\n".join((*letter.paragraphs, steps, *letter.closing[:2]))
    yield "\n\n".join((letter.paragraphs[-1], steps, *letter.closing[:2]))
    yield "\n\n".join((*letter.paragraphs, *letter.closing[:2]))


def _quoted(body: str) -> str:
    return body.replace("\n", "\r\n").translate(_QUOTED)


class _Quoted(dict[int, str]):
    """Sign → how it stands in a link, worked out once: a letter has two thousand of them."""

    def __missing__(self, code: int) -> str:
        made = self[code] = quote(chr(code))
        return made


_QUOTED = _Quoted()


def _steps(change: Change) -> tuple[str, ...]:
    """How to get a card: the cases of procedure §3 that the guidance tells, each step on a line of its own."""
    told = {row["case"]: row for row in rows("card_cases") if say(f"card_case.{row['case']}") in change.guidance}
    return tuple(line for row in told.values() for line in _case_lines(row))


def _case_lines(row: Mapping[str, str]) -> Iterator[str]:
    steps = re.split(r"[ \u00a0]: ", say(f"card_case.{row['case']}"), maxsplit=1)[-1]  # who they are, they know
    steps = steps.replace(say("holder.they_ask"), say("holder.you_ask"))
    yield re.sub(r"\s(?=[1-9]\))", "\n", steps[:1].upper() + steps[1:])
    yield say("holder.contact", card=row["card"], contact=row["contact"])
    if row["link"]:
        yield row["link"]
