"""What came back that is no decision, as the administrator reads it, line by line and counted; and each last answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pipelines.answer_choices import offer_said
from pipelines.lifecycle.decisions.facts.written_numbers import shown_number
from pipelines.lifecycle.decisions.given import answer_text, effect_of
from pipelines.phrase import action_text, day_text, person_text, post_text, reason_text, structure_text
from pipelines.workbook_keepers import ADMIN
from schemas.changes.change import Change, PostRef
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import LastAnswer
from schemas.changes.remark import FOR_A_HUMAN, NOT_TO_BE_READ, NUMBER, TO_BE_SEEN_TO, KeptRemark, Remark, RemarkKind
from schemas.nomenclatures import CRH_ST_POST, say
from schemas.people.structure import Structure
from schemas.people.vocabulary import WORD, Word
from schemas.reports.dashboard import RemarkRow
from schemas.reports.report import RemarkLine
from schemas.words import clean, label_key

REMARK_DAYS = 30  # how long the administrator is shown what concerns no open line
_LONGEST_SAID = 40
_WITH_AN_ANSWER = ("refusal", "beside", "asked", "uncounted")
_TO_READ: tuple[RemarkKind, ...] = ("refusal", *FOR_A_HUMAN, "stranger")


@dataclass(frozen=True, slots=True)
class Heard:
    """`answers`: change id → the sentence of its last answer; `lines`: for the administrator; `notices`: that there is
    something new to read.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[RemarkLine, ...] = ()
    notices: tuple[str, ...] = ()


def remark_lines(
    remarks: Iterable[KeptRemark],
    states: Mapping[str, ChangeState],
    day: date,
    structures: Mapping[str, Structure] | None = None,
    words: Mapping[str, Word] | None = None,
) -> tuple[RemarkLine, ...]:
    """Return those of the last month, and those on changes that are still open: what somebody has to read, then the
    rest, each the newest first; on a change that was answered again the last of its kind alone.
    """
    since = day - timedelta(days=REMARK_DAYS)
    newest = sorted(remarks, key=lambda one: (one.at, one.number), reverse=True)
    shown: dict[tuple[object, ...], KeptRemark] = {}
    for one in newest:
        if one.remark.code not in NOT_TO_BE_READ and (one.day >= since or _is_open(one, states)):
            shown.setdefault(_same(one), one)
    told = sorted(shown.values(), key=lambda one: not _asks_to_be_read(one))
    return tuple(_line(one, states, structures or {}, words or {}) for one in told)


def _asks_to_be_read(one: KeptRemark) -> bool:
    remark = one.remark
    return remark.code in TO_BE_SEEN_TO or (remark.kind in _TO_READ and bool(remark.text))


def _same(one: KeptRemark) -> tuple[object, ...]:
    """What a later one of the same takes the place of: of one change what stands with its answer; else the very text.

    The same file sent seven times is one line.
    """
    remark = one.remark
    if remark.change_id and remark.kind in _WITH_AN_ANSWER:
        return remark.change_id, one.post
    return remark.kind, remark.change_id, remark.text, one.post, one.sender


def to_read(remarks: Iterable[KeptRemark], since: datetime | None) -> int:
    """Tell how many came after a moment that a human has to read; none where there was no moment."""
    told = (one.remark for one in remarks if since and one.at > since)
    return sum((one.kind in _TO_READ and one.code not in NOT_TO_BE_READ) or one.code in TO_BE_SEEN_TO for one in told)


def remark_counts(remarks: Iterable[KeptRemark], day: date) -> dict[tuple[PostRef | None, str], int]:
    """Return (post, reason) → how many in the last month; a comment beside a decision asks for nothing."""
    since = day - timedelta(days=REMARK_DAYS)
    told = (
        one
        for one in remarks
        if one.day >= since and one.remark.kind != "beside" and one.remark.code not in NOT_TO_BE_READ
    )
    return dict(Counter((one.post, _code(one)) for one in told))


def remark_rows(counts: Mapping[tuple[PostRef | None, str], int], region: str | None) -> tuple[RemarkRow, ...]:
    """Return the most frequent first; of a region, what came from its CRH-ST."""
    mine = {
        key: count
        for key, count in counts.items()
        if region is None or (key[0] and (key[0].post, key[0].scope) == (CRH_ST_POST, region))
    }
    found = [RemarkRow(_post(post), say(f"remark_label.{code}"), count) for (post, code), count in mine.items()]
    return tuple(sorted(found, key=lambda row: (-row.count, row.label, row.reason)))


def answer_texts(answers: Mapping[str, LastAnswer], states: Mapping[str, ChangeState]) -> dict[str, str]:
    """Change id → « Votre dernière réponse… », where it was given since the change was last announced as new."""
    return {
        key: _answer(one, states[key].change)
        for key, one in answers.items()
        if key in states and one.day >= (states[key].announced_on or date.min)
    } | {key: _word_answer(one) for key, one in answers.items() if key.startswith(WORD)}


def _word_answer(one: LastAnswer) -> str:
    day = day_text(one.day)
    if one.counted:
        return say("last_answer.taken", day=day, verdict=say(f"decision.{one.verdict}"))
    return say("last_answer.unclear", day=day, said=clean(one.said)) if one.said else ""


def _answer(one: LastAnswer, change: Change) -> str:
    day = day_text(one.day)
    if one.counted:
        verdict = answer_text(change, one.said, one.verdict, one.postponed_to)
        offer = offer_said(change, one.said)
        effect = effect_of(change, offer.code, one.postponed_to) if offer else ""
        return say("last_answer.effect" if effect else "last_answer.taken", day=day, verdict=verdict, effect=effect)
    if one.verdict in ("unknown", "postponed") and one.said:
        said = clean(one.said)
        shown = said if len(said) <= _LONGEST_SAID else said[: _LONGEST_SAID - 1] + "…"
        return say("last_answer.unclear", day=day, said=shown)
    if one.verdict:
        return say("last_answer.uncounted", day=day, why=one.why)
    return say("last_answer.comment", day=day)


def mentions(text: str, names: Iterable[str], codes: Iterable[str]) -> bool:
    """Tell whether the text has one of the names as a word, or one of the numbers."""
    words = set(label_key(text).split())
    wanted = [label_key(name).split() for name in names]
    said = any(parts and len("".join(parts)) > 2 and words.issuperset(parts) for parts in wanted)
    return said or any(code and code in text for code in codes)


def _is_open(one: KeptRemark, states: Mapping[str, ChangeState]) -> bool:
    state = states.get(one.remark.change_id)
    return state is not None and state.is_open


def _line(
    one: KeptRemark,
    states: Mapping[str, ChangeState],
    structures: Mapping[str, Structure],
    words: Mapping[str, Word],
) -> RemarkLine:
    state, remark = states.get(one.remark.change_id), one.remark
    answered = remark.kind in ("refusal", "beside") and remark.message
    return RemarkLine(
        day=one.day,
        post=_post(one.post),
        sender=one.sender or say("receipt.folder"),
        about=_word(words.get(remark.change_id), remark) or _about(one, state, structures),
        asked=f"{action_text(state.change)}\n{reason_text(state.change)}" if state else "",
        answer=remark.message if answered else say(f"remark_label.{_code(one)}"),
        text=shown_number(remark.text) if remark.code == NUMBER else remark.text,
        todo=_todo(one),
    )


def _todo(one: KeptRemark) -> str:
    if one.remark.code in TO_BE_SEEN_TO:
        return say(f"remark_todo.{one.remark.code}")
    kind = one.remark.kind
    if kind == "letter" and one.remark.code == "letter_with_file":
        return say("remark_todo.letter_with_file")
    if kind in ("asked", "uncounted") and one.post == ADMIN:
        return say(f"remark_todo.own_{kind}")
    if kind == "unread" and one.post is None and not one.sender:
        return say("remark_todo.unread_nobody")
    if kind == "refusal" and not one.remark.text:
        return say("remark_todo.refusal_bare")
    alone = kind == "letter" and not one.sender
    return say("remark_todo.letter_folder" if alone else f"remark_todo.{kind}", sender=one.sender)


def _word(word: Word | None, remark: Remark) -> str:
    """A word of a workbook is told as it is written there, and by no reference."""
    if word is None:
        return ""
    place = say("decisions.place", sheet=remark.sheet, row=remark.row) if remark.row else ""
    return "\n".join(filter(None, (say("remark.word", wording=word.wording, field=say(f"word.{word.field}")), place)))


def _about(one: KeptRemark, state: ChangeState | None, structures: Mapping[str, Structure]) -> str:
    """Whom and which establishment the line is about, its reference, and where it stands in the report."""
    remark = one.remark
    person = person_text(state.change) if state and state.change.person.last_name else ""
    where = structure_text(state.change.assignment, structures) if state else ""
    place = say("decisions.place", sheet=remark.sheet, row=remark.row) if remark.row else ""
    shown = "" if remark.change_id.startswith(WORD) else remark.change_id
    known: Sequence[str] = [part for part in (person, where, shown, place) if part]
    return "\n".join(known) or say("remark.about_nobody")


def _code(one: KeptRemark) -> str:
    coded = one.remark.kind in ("asked", "uncounted") or (one.remark.kind == "comment" and one.remark.code == NUMBER)
    return one.remark.code if coded else one.remark.kind


def _post(post: PostRef | None) -> str:
    return post_text(post) if post else say("remark.no_post")
