"""What of a returned report is no decision that counts: kept, and told to whom it concerns (contract §7)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.answer_choices import offer_said, offered_text
from pipelines.lifecycle.decisions.decide import JudgedFile
from pipelines.lifecycle.decisions.facts.written_numbers import told_number
from pipelines.lifecycle.decisions.said.comment_clauses import has
from pipelines.lifecycle.decisions.said.offered_words import is_cancelled
from pipelines.lifecycle.decisions.written_answers import said_alone
from pipelines.lifecycle.decisions.written_dates import day_alone, number_alone
from schemas.changes.change import Change
from schemas.changes.decision import DecisionEntry, Refusal, ReturnedLine, Verdict
from schemas.changes.lifecycle import ChangeState
from schemas.changes.remark import COLOURED, ELSEWHERE, MERGED, NUMBER, Remark, RemarkKind, WrittenText
from schemas.nomenclatures import messages, say
from schemas.people.vocabulary import WORD
from schemas.table_words import stands_in
from schemas.words import clean, label_key

_MOST_LINES = 20_000
_REPLY = re.compile(r"^(?:(?:re|ré|rép|tr|fw|fwd)\s*:\s*)+", re.IGNORECASE)
_VERDICTS = ("accepted", "refused", "postponed")


def remarks_of(
    lines: Sequence[ReturnedLine],
    written: Sequence[WrittenText],
    judged: JudgedFile,
    states: Mapping[str, ChangeState] | None = None,
) -> tuple[Remark, ...]:
    """Return them in the order of the file: the answers that do not count as they were written, why something is
    refused, then what was written without an answer.
    """
    at = {(line.sheet, line.row): line for line in lines}
    changes = {key: state.change for key, state in (states or {}).items()}
    return (
        *(_uncounted(one, at[one.sheet, one.row], changes) for one in judged.refusals),
        *_refusals(judged, at, changes),
        *_alone(lines, judged, states or {}),
        *(_beside(one, changes) for one in written if one.code != COLOURED or _waits(one, judged, states or {})),
    )


def _waits(one: WrittenText, judged: JudgedFile, states: Mapping[str, ChangeState]) -> bool:
    """The line has no answer, neither in this file nor from before."""
    key = one.token.partition(":")[0]
    state = states.get(key)
    return state is not None and state.is_open and state.status not in _VERDICTS and key not in judged.settled


def subject_told(subject: str) -> str:
    """Return a subject that answers: « tout est fait sauf Mme Roux »; "" for one of ours, and for any that says
    nothing.
    """
    bare = _REPLY.sub("", clean(subject))
    words = set(label_key(bare).split())
    if not has(label_key(bare), "telling") or words <= _words_of_ours():
        return ""
    return say("remark.subject", text=bare)


def file_told(name: str) -> str:
    """Return the name of a file that takes back what is in it, « BROUILLON ne pas tenir compte »; "" for any other."""
    bare = clean(name.rpartition(".")[0].replace("_", " "))
    key = label_key(bare)
    instead = stands_in(key, "comment_facts", kind="instead")  # « annule et remplace »
    return bare if has(key, "trial") or (has(key, "cancels") and not instead) else ""


@cache
def _words_of_ours() -> frozenset[str]:
    """Every word of the subjects of our own mails, and figures."""
    ours = (text for key, text in messages().items() if key.startswith(("mail.", "receipt.", "post_name.", "urgency.")))
    figures = (str(number) for number in range(10_000))
    return frozenset(word for text in (*ours, *figures) for word in label_key(text).split())


def place_of(sheet: str, row: int) -> str:
    """Return « À créer » ligne 4; "" of what stands in no sheet."""
    return say("decisions.place", sheet=sheet, row=row) if row else ""


def _uncounted(refusal: Refusal, line: ReturnedLine, changes: Mapping[str, Change]) -> Remark:
    cells = (line.said, line.postponed_said, line.comment)
    return Remark(
        kind="asked" if refusal.asked else "uncounted",
        text=" | ".join(filter(None, map(clean, cells))),
        change_id=refusal.change_id,
        sheet=refusal.sheet,
        row=refusal.row,
        code=refusal.code,
        message=" ".join(
            filter(
                None,
                (
                    refusal.why,
                    told_number(line.comment, changes.get(refusal.change_id)) or _comment_kept(refusal, line),
                ),
            )
        ),
    )


def _comment_kept(refusal: Refusal, line: ReturnedLine) -> str:
    return say("remark_reason.comment_kept") if refusal.asked and clean(line.comment) else ""


def _refusals(
    judged: JudgedFile, at: Mapping[tuple[str, int], ReturnedLine], changes: Mapping[str, Change]
) -> Iterator[Remark]:
    """Why it is not to be entered, and what is written beside another answer: with the answer that it stands beside."""
    answers = {one.change_id: one.text for one in judged.given}
    merged = {one.change_id for one in judged.judgements if one.choice == "merged"}
    places = {
        line.token.partition(":")[0]: place for place, line in reversed(list(at.items())) if line.said or line.comment
    }
    for found in judged.decisions:
        entry = _without_what_was_read(found, at.get(places.get(found.change_id, ("", 0))))
        reason = entry.verdict == "refused" and not entry.change_id.startswith(WORD)  # a word needs none
        elsewhere = entry.said == say("offer.elsewhere")
        if entry.outcome == "accepted" and (reason or entry.comment or elsewhere):
            sheet, row = places.get(entry.change_id, ("", 0))
            kind: RemarkKind = "refusal" if entry.verdict == "refused" else "beside"
            text = answers.get(entry.change_id) or say(f"decision.{entry.verdict}")
            written = _with_own_words(entry, at.get((sheet, row)), changes.get(entry.change_id))
            number = told_number(written, changes.get(entry.change_id)) and entry.change_id not in judged.numbered
            code = NUMBER if number and not entry.change_id.startswith(WORD) else entry.verdict
            code = MERGED if entry.change_id in merged else ELSEWHERE if elsewhere else code
            yield Remark(kind, written, entry.change_id, sheet, row, code=code, message=text)


def _without_what_was_read(entry: DecisionEntry, line: ReturnedLine | None) -> DecisionEntry:
    """The entry without the lines of its comment that only say the answer again, or its day: « OK », « au 15/01 »."""
    if line is None or not entry.comment or entry.change_id.startswith(WORD):
        return entry
    return replace(
        entry, comment="\n".join(one for one in entry.comment.split("\n") if not _only_says(one, entry, line))
    )


def _only_says(text: str, entry: DecisionEntry, line: ReturnedLine) -> bool:
    day = entry.postponed_to or date.min
    if is_cancelled(text):
        return True
    if label_key(text) == label_key(line.said) or (entry.postponed_to and entry.postponed_to == day_alone(text, day)):
        return True
    return entry.verdict != "refused" and said_alone(text, day)[0] == entry.verdict


def _with_own_words(entry: DecisionEntry, line: ReturnedLine | None, change: Change | None) -> str:
    """The comment; of a refusal that was said in words of their own, those as well: they are the reason."""
    said = clean(line.said) if line else ""
    plain = label_key(said) in ("", label_key(say("decision.refused"))) or said_alone(said, date.min)[0] == "refused"
    offer = offer_said(change, said) if change and entry.said else None
    plain = plain or (offer is not None and offer.code not in _VERDICTS)  # « ouvert » is « Toujours ouvert »
    if entry.verdict != "refused" or plain or entry.change_id.startswith(WORD):
        return entry.comment
    if clean(entry.comment) and clean(entry.comment) in said:
        return entry.comment
    return "\n".join(filter(None, (said, entry.comment)))


def strangers_of(lines: Sequence[ReturnedLine], sender: str, known: Collection[str]) -> tuple[Remark, ...]:
    """Return the answers of somebody who may give none: kept for the administrator, and nothing decided by them."""
    found = []
    for line in lines[:_MOST_LINES]:
        text = " | ".join(filter(None, map(clean, (line.said, line.postponed_said, line.comment))))
        key = line.token.partition(":")[0]
        if text:
            about = key if key in known else ""
            found.append(Remark("stranger", text, about, line.sheet, line.row, "stranger", sender))
    return tuple(found)


def _alone(lines: Sequence[ReturnedLine], judged: JudgedFile, states: Mapping[str, ChangeState]) -> Iterator[Remark]:
    """A comment or a day without a decision, on a change that none of its lines decides."""
    decided = {entry.change_id for entry in judged.decisions}
    settled = {entry.change_id: entry.verdict for entry in judged.implied}
    for line in lines:
        change_id = line.token.partition(":")[0]
        if line.said or change_id in decided:
            continue
        state = states.get(change_id)
        if line.comment:
            text = " | ".join(filter(None, (line.postponed_said, line.comment)))
            told, why = told_number(line.comment, state.change if state else None), _why_alone(state, settled)
            code = NUMBER if told else "comment"
            yield Remark("comment", text, change_id, line.sheet, line.row, code, f"{told} {why}" if told else why)
        elif line.postponed_said:
            text = line.postponed_said
            readable = line.postponed_to or day_alone(text, date.min) or number_alone(text, date.min)
            answer = said_alone(text, date.min)[0] in _VERDICTS
            told = "decisions.in_the_day" if answer else "decisions.no_such_date"
            why = say("remark_reason.day") if readable else say(told, found=clean(text))
            yield Remark("day", text, change_id, line.sheet, line.row, "day", why)


def _why_alone(state: ChangeState | None, settled: Mapping[str, Verdict]) -> str:
    """What becomes of a comment without a decision: its line waits for one, has one, or is closed."""
    if state is None:
        return say("remark_reason.comment", offered=say("asked.offered"))
    verdict = settled.get(state.change.id) or (state.status if state.status in _VERDICTS else "")
    if verdict:
        return say("remark_reason.comment_answered", verdict=say(f"decision.{verdict}"))
    if not state.is_open:
        return say("remark_reason.comment_closed")
    return say("remark_reason.comment", offered=offered_text(state.change))


def _beside(one: WrittenText, changes: Mapping[str, Change]) -> Remark:
    change_id = one.token.partition(":")[0]
    why = _reason(one)
    if one.code:  # a value of ours was typed over, or a reference is gone: the number is not news
        return Remark(one.kind, one.text, change_id, one.sheet, one.row, one.code, why)
    told = told_number(one.text, changes.get(change_id))
    code, why = (NUMBER, f"{told} {why}") if told else (one.kind, why)
    return Remark(one.kind, one.text, change_id, one.sheet, one.row, code, why)


def letter_reason(text: str) -> str:
    """Return what to say of the text of a mail; with who calls back where it asks for a call."""
    call = say("remark_reason.letter_call", hotline=say("help.efit")) if has(label_key(text), "calls") else ""
    return " ".join(filter(None, (say("remark_reason.letter"), call)))


def _of_a_message(text: str) -> str:
    """What to say of a text that is no line and no answer: a call for help is answered with who calls back."""
    key = label_key(text)
    if has(key, "calls"):
        return say("remark_reason.call", hotline=say("help.efit"))
    return say("remark_reason.message") if has(key, "aside_of_mail") else ""


def _reason(one: WrittenText) -> str:
    """What to say of it, with the columns it stands in."""
    columns = ", ".join(say("remark_reason.typed_over_column", head=head) for head in one.heads)
    if not one.code and not one.token and " | " not in one.text and (why := _of_a_message(one.text)):
        return why
    if one.code == "typed_over":
        return say("remark_reason.typed_over", columns=columns)
    return say("remark_reason.cell_in", columns=columns) if columns else say(f"remark_reason.{one.code or one.kind}")
