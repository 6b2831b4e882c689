"""Why an answer does not count, line by line: whose it is, what it says, how things stand, how fresh it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from pipelines.answer_choices import Offer, offered_text
from pipelines.lifecycle.decisions.written_dates import likely_day, next_such_day
from pipelines.phrase import day_text
from schemas.changes.change import Change, ChangeStatus, PostRef
from schemas.changes.decision import Issued, Refusal, ReturnedLine, Verdict, lot_day
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import ChangeState, check_transition
from schemas.changes.receipt import LastAnswer
from schemas.errors import IllegalTransitionError
from schemas.nomenclatures import post_said, say
from schemas.people.structure import Structure
from schemas.typography import moment_text
from schemas.words import clean, label_key
from schemas.zone import PARIS

STATUS_OF: Mapping[Verdict, ChangeStatus] = {
    "accepted": "accepted",
    "refused": "refused",
    "postponed": "postponed",
}
# Where a merged establishment went: its number in FINESS, in Corsica with a letter.
_FINESS = re.compile(r"(?<![0-9])(?:[0-9]{9}|2[AB][0-9]{7})(?![0-9])", re.IGNORECASE)
# What only has to be made plain: the word, or the day.
_TO_MAKE_PLAIN = (
    "word",
    "needs_comment",
    "no_date",
    "date",
    "past",
    "too_far",
    "disagree",
    "torn_rank",
    "torn_unread",
    "torn_pair",
    "files",
    "files_unread",
    "other_line",
    "own_answer",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an answer counts: when the reports went out, how many days one may put off, what was answered
    before, and what stands of who is who (`standing`: change id → the answer). `elsewhere`: the lines of the other
    files that came in the same mail; `structures`: the establishments by their codes; `sent`: when that mail was sent.
    """

    issued: Issued = field(default_factory=Issued)
    max_postpone_days: int = 366
    before: Mapping[str, LastAnswer] = field(default_factory=dict)
    standing: Mapping[str, Judgement] = field(default_factory=dict)
    elsewhere: Sequence[ReturnedLine] = ()
    structures: Mapping[str, Structure] = field(default_factory=dict)
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided line, its reference taken apart, whose it is by its signature, and which of the answers that the
    question offers was given.
    """

    line: ReturnedLine
    change_id: str
    signer: PostRef | None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a line does not count: a key of `decisions` in the catalogue, and its sentence."""

    code: str
    message: str


def _because(code: str, **values: object) -> Objection:
    return Objection(code, say(f"decisions.{code}", **values))


def refusals_of(
    group: Sequence[Decided], state: ChangeState | None, owner: str, day: date, terms: Terms
) -> list[Refusal]:
    """Return one sentence per row that does not count; one wrong row of a change and the whole change does not."""
    found = [(one, problem) for one in group if (problem := _objection(one, state, owner, day, terms))]
    if not found and _disagree(group):
        rows = ", ".join(say("decisions.place", sheet=one.line.sheet, row=one.line.row) for one in group)
        found = [(one, _because("disagree", rows=rows)) for one in group]
    elif found and len(found) < len(group):
        # what else was said of the change is not taken alone: its other line could not be read
        wrong = {one.line for one, _ in found}
        found += [(one, _because("other_line")) for one in group if one.line not in wrong]
    return [_refusal(one, _with_standing(problem, state, terms)) for one, problem in found]


def _with_standing(problem: Objection, state: ChangeState | None, terms: Terms) -> Objection:
    """An answer that has to be made plain takes nothing back: the one before it still counts."""
    before = terms.before.get(state.change.id) if state else None
    asked = problem.code in _TO_MAKE_PLAIN
    if state is None or before is None or not (asked and before.counted):
        return problem
    if state.status not in STATUS_OF.values() and state.change.id not in terms.standing:
        return problem
    verdict = before.said or say(f"decision.{before.verdict}")
    return replace(problem, message=f"{problem.message} {say('decisions.still', verdict=verdict)}")


def refusal_of(one: Decided, code: str, **values: object) -> Refusal:
    """Return what is said of a line that does not count, by a key of `decisions`."""
    return _refusal(one, _because(code, **values))


def _refusal(one: Decided, problem: Objection) -> Refusal:
    line = one.line
    place = say("decisions.place", sheet=line.sheet, row=line.row)
    message = say("decisions.refusal", place=place, why=problem.message)
    asked = problem.code in _TO_MAKE_PLAIN
    return Refusal(line.sheet, line.row, one.change_id, message, problem.code, asked, problem.message)


def _objection(one: Decided, state: ChangeState | None, owner: str, day: date, terms: Terms) -> Objection | None:
    """Why this line alone cannot count; None when it can."""
    if one.signer is None:
        return _because("signature")
    if one.signer.name != owner:
        return _because("pasted", post=post_said(one.signer.post, one.signer.scope))
    if state is None:
        return _because("unknown", id=one.change_id)
    updater = state.change.updater
    if updater.ref != one.signer and updater.escalated_from == one.signer.name:
        key = "locked_out" if updater.escalated_because == "locked_out" else "other"
        return Objection("other_updater", say(f"decisions.stood_in_{key}"))
    if updater.ref != one.signer:
        return _because("other_updater", post=post_said(updater.post, updater.scope))
    if one.offer and one.offer.needs == "comment" and not _FINESS.search(one.line.comment.replace(" ", "")):
        return _because("needs_comment", said=one.offer.text)
    return (
        _wrong_word(one.line, state.change, day, terms)
        or _not_open(one, state, terms)
        or _not_fresh(one, state, terms.issued)
        or _not_the_last_word(one, terms)
        or _against_an_answer(one.line, state.change, terms)
    )


def _wrong_word(line: ReturnedLine, change: Change, day: date, terms: Terms) -> Objection | None:
    if line.decision == "unknown":
        offered = offered_text(change)
        return Objection("word", line.asked) if line.asked else _because("word", found=line.said, offered=offered)
    if line.decision != "postponed":
        return None
    if line.postponed_to is None:
        return _without_a_day(line, day)
    found, last = line.postponed_to, day + timedelta(days=terms.max_postpone_days)
    if found < day:
        return _because("past", found=day_text(found), next=day_text(next_such_day(found, day)))
    if found > last:
        return _because("too_far", found=day_text(found), days=terms.max_postpone_days, last=day_text(last))
    return None


def _without_a_day(line: ReturnedLine, day: date) -> Objection:
    """« Reporté » of which nobody can tell to when; the day that it may mean is proposed."""
    told = line.postponed_said or line.comment or line.said
    if likely := likely_day(told, day):
        key = "date_proposed" if line.postponed_said else "no_date_proposed"
        found = clean(line.postponed_said or line.said)
        return Objection("date", say(f"decisions.{key}", found=found, day=day_text(likely)))
    return _because("date", found=line.postponed_said) if line.postponed_said else _because("no_date", found=line.said)


def _not_fresh(one: Decided, state: ChangeState, issued: Issued) -> Objection | None:
    """It answers an announcement of a life before, or stands on an older report than the answer that counts."""
    lot, day = one.line.lot, lot_day(one.line.lot)
    announced = state.announced_on
    if announced and (day is None or day < announced or (day == announced and _before(lot, state.born_at, issued))):
        sent = day_text(day) if day else lot
        return _because("stale", sent=sent, announced=day_text(announced))
    answered = issued.answered.get(one.change_id, "")
    last = lot_day(answered)
    if day and last and (day < last or (day == last and _before(lot, issued.mailed.get(answered), issued))):
        return _because("older", sent=day_text(day), answered=day_text(last))
    return None


def _not_the_last_word(one: Decided, terms: Terms) -> Objection | None:
    """Its mail was sent before that of the answer that counts, and arrived after it."""
    answered, before = terms.issued.sent.get(one.change_id), terms.before.get(one.change_id)
    if not (answered and terms.sent and terms.sent < answered) or (before and same_answer(one, before)):
        return None
    told = {"sent": terms.sent, "answered": answered}
    return _because("older_mail", **{name: moment_text(one.astimezone(PARIS)) for name, one in told.items()})


def _against_an_answer(line: ReturnedLine, change: Change, terms: Terms) -> Objection | None:
    """An end is refused that the answer « Reste titulaire » asks for, and that answer stands: one of both is to go."""
    if line.decision != "refused" or not any(one.field == "stays" for one in change.fields):
        return None
    place = change.assignment.structure_code
    found = [one for one in terms.standing.values() if one.choice == "stays" and one.place == place]
    return (
        _because("own_answer", said=found[-1].said, day=day_text(found[-1].day), id=found[-1].change_id)
        if found
        else None
    )


def _before(lot: str, moment: datetime | None, issued: Issued) -> bool:
    """Of two reports of one day: this one is known to have been mailed before that moment."""
    mailed = issued.mailed.get(lot)
    return mailed is not None and moment is not None and mailed < moment


def _not_open(one: Decided, state: ChangeState, terms: Terms) -> Objection | None:
    """The table of the life of a change decides (contract §7); of a closed one the answer that closed it."""
    if not state.is_open:
        return _closed(one, state, terms)
    try:
        check_transition(state.status, STATUS_OF[one.line.decision], "decision")
    except IllegalTransitionError:
        return _because("not_told")
    return None


def _closed(one: Decided, state: ChangeState, terms: Terms) -> Objection | None:
    """What was answered may be said again, and what was decided of who is who be taken back: by another answer."""
    before, standing = terms.before.get(state.change.id), terms.standing.get(state.change.id)
    if before and before.counted and same_answer(one, before):
        return None
    if standing is None:
        return _because("closed", status=say(f"status.{state.status}"))
    if one.line.decision == "postponed" and (one.offer is None or one.offer.code == "postponed"):
        return _because("closed_put_off", said=before.said if before else standing.said)
    return None


def same_answer(one: Decided, before: LastAnswer) -> bool:
    """Tell whether a line says what was answered before: the verdict, its day, and which of the list."""
    said = one.line.said if one.offer else ""
    return (one.line.decision, until_of(one.line), label_key(said)) == (
        before.verdict,
        before.postponed_to,
        label_key(before.said),
    )


def _disagree(group: Sequence[Decided]) -> bool:
    return len({(one.line.decision, until_of(one.line), one.offer) for one in group}) > 1


def until_of(line: ReturnedLine) -> date | None:
    """Return the date counts for a postponed line alone; others may have kept one from before."""
    return line.postponed_to if line.decision == "postponed" else None


def decided_text(one: Decided) -> str:
    """Return an answer as a mail may carry it: as the list has it, with its day; as it was written where nobody could
    read it.
    """
    until = until_of(one.line)
    if one.offer is None and one.line.decision not in STATUS_OF:
        return clean(one.line.said)
    text = one.offer.unnamed if one.offer else say(f"decision.{one.line.decision}")
    return on_its_day(text, one.offer, until)


def on_its_day(text: str, offer: Offer | None, until: date | None) -> str:
    """Return an answer with the day it is put off to, or on which somebody leaves."""
    if until is None or (offer is not None and offer.code == "elsewhere"):
        return text
    leaving = offer is not None and offer.code == "left"
    return say("answer_effect.on" if leaving else "receipt.until", verdict=text, day=day_text(until))
