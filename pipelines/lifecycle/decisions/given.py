"""What was answered, in the words of the answer: what comes of it, and what it was before (receipts and follow-up)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from pipelines.answer_choices import offer_said
from pipelines.judgements import decides
from pipelines.lifecycle.decisions.objections import STATUS_OF, Decided, Terms, decided_text, on_its_day, until_of
from pipelines.lifecycle.decisions.said.offered_words import is_cancelled
from pipelines.phrase import day_text
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import AnswerPlace, GivenAnswer, LastAnswer
from schemas.nomenclatures import say
from schemas.people.identifiers import NumberKind, kind_of


def given_of(group: Sequence[Decided], state: ChangeState, before: Mapping[str, LastAnswer]) -> GivenAnswer:
    """Return the answer of the lines of one change that counts."""
    one = group[0]
    was = _was(state, before.get(state.change.id))
    cancelled = is_cancelled(one.line.comment.partition("\n")[0])
    text = say("decision.cancelled") if cancelled else decided_text(one)
    again = was is not None and was[0] == text
    effect = effect_of(state.change, one.offer.code if one.offer else one.line.decision, until_of(one.line))
    if cancelled or (not state.is_open and not again and takes_back(one)):
        effect = say("answer_effect.retaken")
    return GivenAnswer(
        change_id=state.change.id,
        sheet=one.line.sheet,
        row=one.line.row,
        verdict=one.line.decision,
        text=text,
        named=bool(effect) or (one.offer is not None and one.offer.code not in STATUS_OF),
        effect=effect,
        was=was[0] if was and not again else "",
        was_on=was[1] if was and not again else None,
        again=again,
        cancelled=cancelled,
    )


def standing_answers(
    lines: Sequence[ReturnedLine], decided: Collection[str], states: Mapping[str, ChangeState], terms: Terms
) -> tuple[AnswerPlace, ...]:
    """Return the lines of which nothing stands in this file (`decided`: of what does), and whose answer, given on the
    same report, still counts: whoever wiped it believes that it does not.
    """
    found: dict[str, AnswerPlace] = {}
    for line in lines:
        key = line.token.partition(":")[0]
        state, before = states.get(key), terms.before.get(key)
        if state is None or before is None or not before.counted or state.status not in STATUS_OF.values():
            continue
        if key not in decided and line.lot and terms.issued.answered.get(key) == line.lot:
            text = answer_text(state.change, before.said, before.verdict, before.postponed_to, unnamed=True)
            why = say("receipt.stands", text=text, day=day_text(before.day))
            found.setdefault(key, AnswerPlace(line.sheet, line.row, "beside", why, key))
    return tuple(found.values())


def settled_lines(lines: Sequence[ReturnedLine], settled: Collection[str]) -> tuple[AnswerPlace, ...]:
    """Return where the lines stand that another one's answer settled."""
    found = {line.token.partition(":")[0]: line for line in reversed(lines)}
    chosen = ((key, found[key]) for key in settled if key in found)
    return tuple(AnswerPlace(line.sheet, line.row, "beside", "", key) for key, line in chosen)


def urgent_lines(lines: Sequence[ReturnedLine], states: Mapping[str, ChangeState]) -> tuple[AnswerPlace, ...]:
    """Return where the lines stand that threaten an access, each with the id of its change."""
    keys = ((line.token.partition(":")[0], line) for line in lines)
    return tuple(
        AnswerPlace(line.sheet, line.row, "beside", "", key)
        for key, line in keys
        if key in states and states[key].change.severity == "access"
    )


def takes_back(one: Decided) -> bool:
    """Tell whether an answer only takes back the one that closed the question, as « Refusé » does; any other answers
    it anew.
    """
    return one.line.decision == "refused" and (one.offer is None or one.offer.code == "refused")


def reopens(one: Decided, given: GivenAnswer) -> bool:
    """Tell whether an answer to a closed question stands on it again, without deciding anything of who is who."""
    return not given.again and not takes_back(one) and not (one.offer and decides(one.offer))


def effect_of(change: Change, code: str, until: date | None = None) -> str:
    """Return what comes of an answer that is none of Fait, Refusé, Reporté; "" for those."""
    if code == "accepted" and change.kind == "card_alert":
        return say("answer_effect.told")
    if code == "refused" and change.kind == "card_alert":
        return say("answer_effect.refused_card")
    if code in STATUS_OF:
        return ""
    if code == "elsewhere":
        return say("answer_effect.elsewhere", day=day_text(until)) if until else ""
    if code == "left" and not change.account_id:
        return say("answer_effect.left_new")
    if code == "left" and until:
        return say("answer_effect.left_on", day=day_text(until))
    if code == "received" and _of_the_workbook(change):
        return say("answer_effect.received_workbook")
    if code == "right" and not change.account_id:
        return say("answer_effect.right_new")
    return say(f"answer_effect.{code}")


def answer_text(change: Change, said: str, verdict: str, until: date | None = None, *, unnamed: bool = False) -> str:
    """Return « Partie, le 31/12/2026 », « Reporté au 15/12/2026 »; the answer as the list has it."""
    offer = offer_said(change, said)
    text = (offer.unnamed if unnamed else offer.text) if offer else say(f"decision.{verdict}")
    return on_its_day(text, offer, until)


def _was(state: ChangeState, before: LastAnswer | None) -> tuple[str, date] | None:
    """The answer that counted until now, in the life that the change has."""
    if state.status in ("new", "notified") or before is None or not before.counted:
        return None
    text = answer_text(state.change, before.said, before.verdict, before.postponed_to, unnamed=True)
    return text, before.day


def _of_the_workbook(change: Change) -> bool:
    """No card file will ever show it: there is no card known, or the number is an establishment's."""
    number = change.person.national_id
    return "card_missing" in change.reasons or kind_of(number) is NumberKind.ESTABLISHMENT
