"""One returned file: read, judged, recorded with all it says, its receipt due; nothing is lost, nothing twice."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from connectors.excel.returned import ReturnedReport, digest_of, read_returned
from connectors.store import Store
from connectors.store.returning import Answers
from flows.delivery.post_addresses import Posts
from flows.returns.intake import Intake, printable
from flows.run import defects
from flows.run.defects import defect_of
from flows.settings.model import Settings
from flows.state.run_state import now
from pipelines.lifecycle.decisions.answer_places import places_of
from pipelines.lifecycle.decisions.decide import JudgedFile, ReturnedFile, Verify, judge_decisions
from pipelines.lifecycle.decisions.given import settled_lines, standing_answers, urgent_lines
from pipelines.lifecycle.decisions.mails.other_texts import with_what_stands_beside
from pipelines.lifecycle.decisions.objections import Terms
from pipelines.lifecycle.decisions.remarks import file_told, remarks_of, strangers_of
from pipelines.lifecycle.decisions.senders import post_of_report
from pipelines.lifecycle.decisions.vocabulary_answers import judge_words, part_words, read_word
from pipelines.phrase import post_text
from schemas.changes.change import PostRef
from schemas.changes.decision import Refusal, ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import Facts, Parcel, ReceiptWords, Return, ReturnOutcome
from schemas.changes.remark import Remark
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.people.structure import Structure
from schemas.words import clean

Admit = Callable[[Sequence[ReturnedLine], Mapping[str, ChangeState]], str]
"""Why whoever sent a report may not answer it; "" where they may."""

_LONGEST_WORD = 60
_READ = ("recorded", "empty", "workbook")


def anybody(_lines: Sequence[ReturnedLine], _states: Mapping[str, ChangeState]) -> str:
    """Return nobody's name: of a file in a folder nobody knows who sent it, whoever may put it there may."""
    return ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking in needs: the store, the passwords that may open a file, and who may say what.

    `otherwise`: what a file is taken for that is no report, for this reason; None where it is nothing else either.
    """

    settings: Settings
    store: Store
    secrets: Mapping[str, str]
    verify: Verify
    posts: Posts
    day: date
    otherwise: "Callable[[Desk, Path, Parcel, SourceError], Intake | None]"


@dataclass(frozen=True, slots=True)
class Sending:
    """How a file came, who may answer with it; of a mail what it says besides (`said`), the Message-ID that it is about
    (`answers`), what its other files answer (`elsewhere`), and its text (`letter`), also where that was kept already;
    `returned`: what this file says, where it was read before.
    """

    parcel: Parcel
    admit: Admit = anybody
    said: Sequence[Remark] = ()
    answers: str = ""
    elsewhere: Sequence[ReturnedLine] = ()
    letter: str = ""
    returned: ReturnedReport | None = None


def take(desk: Desk, path: Path, sending: Sending) -> Intake:
    """Judge and record one file; one that brings a defect of ours to light is refused like one that nobody can read."""
    try:
        return _taken(desk, path, sending)
    except defects.DEFECTS as error:
        return refuse(desk, path, sending.parcel, defect_of(error), sending.said, sending.answers)


def _taken(desk: Desk, path: Path, sending: Sending) -> Intake:
    parcel, said, answers = sending.parcel, sending.said, sending.answers
    name = printable(path.name)
    try:
        digest = digest_of(path)
        if desk.store.file_seen(digest) and not _comes_without_its_text(desk.store, digest, parcel):
            return _seen(desk, path, digest, parcel)
        returned = sending.returned or read_returned(path, in_order(desk.secrets, path.name))
    except SourceError as error:
        return desk.otherwise(desk, path, parcel, error) or refuse(desk, path, parcel, error, said, answers)
    returned = _titled(returned, name)
    states = desk.store.states()
    letter = "\n".join(filter(None, (sending.letter, file_told(path.name))))
    lines = with_what_stands_beside(returned.lines, returned.written, letter, states, desk.day)
    returned = replace(returned, lines=lines)
    post = post_of_report(returned.lines, states) or _post_of(desk.posts, parcel, name, answers)
    if why := sending.admit(returned.lines, states):
        remark = Remark("stranger", parcel.sender, code="stranger", message=say("remark_reason.stranger"))
        written = (remark, *strangers_of(returned.lines, parcel.sender, states.keys()), *said)
        _record(desk, Return(parcel, name, digest, post, Facts("stranger", message=why)), JudgedFile(), written)
        own = desk.posts.of(parcel.sender)
        if post and own and own != post:  # somebody known, with the report of another post: they are told too
            message = say("mailbox.anothers", file=name, post=post_text(post))
            told = Return(parcel, name, f"{digest}:sender", own, Facts("anothers", message=message))
            _record(desk, told, JudgedFile(), ())
        return Intake(path, "stranger", message=why, post=post)
    found = Return(parcel, name, digest, post, Facts("empty"))
    return _judged(desk, path, returned, states, found, sending)


def _titled(returned: ReturnedReport, name: str) -> ReturnedReport:
    """A text has no sheets: its lines are told by the name of the file."""
    text = say("sheet.text")
    lines = tuple(replace(one, sheet=name) if one.sheet == text else one for one in returned.lines)
    written = tuple(replace(one, sheet=name) if one.sheet == text else one for one in returned.written)
    return replace(returned, lines=lines, written=written)


def _judged(
    desk: Desk,
    path: Path,
    returned: ReturnedReport,
    states: Mapping[str, ChangeState],
    found: Return,
    sending: Sending,
) -> Intake:
    structures = desk.store.annuaire_at(desk.day)[1]
    terms = _terms(desk, sending, structures, found.parcel.sent)
    file = ReturnedFile(found.file_name, found.digest)
    about_words, lines = part_words(returned.lines)
    judged = judge_decisions(lines, states, desk.verify, desk.day, file, terms)
    words = desk.store.words()
    read = [read_word(line, desk.day, words) for line in about_words]
    answered = judge_words(read, words, desk.verify, desk.day, file.name, file.digest)
    desk.store.record_words(answered.words)
    judged = replace(
        judged,
        refusals=(*judged.refusals, *answered.refusals),
        decisions=(*judged.decisions, *answered.decisions),
    )
    remarks = (*remarks_of(returned.lines, returned.written, judged, states), *sending.said)
    outcome: ReturnOutcome = "recorded" if judged.decisions else "empty"
    lot = next((line.lot for line in returned.lines if line.lot), "")
    counts = Counter(entry.verdict for entry in judged.decisions if entry.outcome == "accepted")
    facts = Facts(
        outcome,
        counts,
        again=len(judged.again),
        settled=len(judged.settled),
        read_as=tuple(
            ReceiptWords(clean(word)[:_LONGEST_WORD], verdict, until, count)
            for (word, verdict, until), count in Counter(judged.read_as).items()
        ),
        places=places_of(remarks, states, structures),
        lot=lot,
        given=(*judged.given, *answered.given),
        sent=found.parcel.sent,
        settled_lines=settled_lines(returned.lines, judged.settled),
        urgent=urgent_lines(returned.lines, states),
        standing=standing_answers(returned.lines, _said_of(judged, remarks), states, terms),
        for_its_mail=any(line.asked_for_mail for line in returned.lines),
    )
    _record(desk, Return(found.parcel, found.file_name, found.digest, found.post, facts), judged, remarks)
    if outcome == "empty":
        return Intake(path, "empty", message=say("decisions.nothing"), remarks=remarks, post=found.post)
    settled = judged.settled
    return Intake(path, "recorded", counts, judged.refusals, settled=settled, remarks=remarks, post=found.post)


def _terms(desk: Desk, sending: Sending, structures: Mapping[str, Structure], sent: datetime | None) -> Terms:
    """On what terms the answers of a file count."""
    return Terms(
        desk.store.issued(),
        desk.settings.policy.max_postpone_days,
        desk.store.last_answers(),
        {one.change_id: one for one in desk.store.judgements() if one.stands},
        sending.elsewhere,
        structures,
        sent,
    )


def _said_of(judged: JudgedFile, remarks: Sequence[Remark]) -> frozenset[str]:
    """The changes of which something stands in the file, or that something in it settles."""
    decided = (one.change_id for one in judged.decisions)
    return frozenset((*decided, *(one.change_id for one in remarks), *judged.settled, *judged.again))


def take_words(
    desk: Desk, parcel: Parcel, said: Sequence[Remark], answers: str, outcome: ReturnOutcome = "letter"
) -> Intake:
    """Return a mail with nothing but words: kept for whom it concerns, and answered where somebody wrote it."""
    name = say("mailbox.mail")
    post = _post_of(desk.posts, parcel, "", answers)
    digest = hashlib.sha256("\n".join(one.text for one in said).encode()).hexdigest()
    message = say("mailbox.letter")
    facts = Facts(outcome, places=places_of(said))
    _record(desk, Return(parcel, name, digest, post, facts), JudgedFile(), said)
    return Intake(Path(name), "letter", message=message, remarks=tuple(said), post=post)


def record_workbook(desk: Desk, path: Path, parcel: Parcel, post: PostRef, facts: Facts) -> None:
    """Write down, with its receipt, a workbook that its keeper sent, as a report is."""
    said = (Remark("unread", printable(path.name), code="unread", message=facts.message),)
    found = Return(parcel, printable(path.name), _digest_or_name(path), post, facts)
    _record(desk, found, JudgedFile(), said if facts.outcome == "unreadable" else ())


def _record(desk: Desk, found: Return, judged: JudgedFile, remarks: Sequence[Remark]) -> None:
    answers = Answers((*judged.decisions, *judged.implied), judged.events, judged.judgements, judged.retaken)
    desk.store.record_return(found, answers, remarks, desk.day, now())


def _comes_without_its_text(store: Store, digest: str, parcel: Parcel) -> bool:
    """It came with a mail whose text asked its answers back, and comes again by another one."""
    before = [
        one.returned for one in store.returns(digest=digest) if one.returned.facts.outcome in ("recorded", "empty")
    ]
    return bool(before and before[-1].facts.for_its_mail and before[-1].parcel.key != parcel.key)


def _seen(desk: Desk, path: Path, digest: str, parcel: Parcel) -> Intake:
    """This very file was taken in before: whoever sends it again, or finds it after a crash, is told the same."""
    before = [one for one in desk.store.returns(digest=digest) if one.returned.facts.outcome in _READ]
    refusals = _refused_then(desk.store, digest)
    if before:
        first = before[0]
        facts = Facts("seen", places=first.returned.facts.places, first_seen=first.day, lot=first.returned.facts.lot)
        _record(desk, Return(parcel, printable(path.name), digest, first.returned.post, facts), JudgedFile(), ())
    post = before[0].returned.post if before else None
    return Intake(path, "seen", refusals=refusals, message=say("decisions.seen"), post=post)


def _refused_then(store: Store, digest: str) -> tuple[Refusal, ...]:
    entries = [one.entry for one in store.decisions() if one.entry.file_digest == digest]
    return tuple(Refusal("", 0, one.change_id, one.reason) for one in entries if one.outcome == "refused")


def refuse(desk: Desk, path: Path, parcel: Parcel, error: SourceError, said: Sequence[Remark], answers: str) -> Intake:
    """Return what becomes of a file nobody could read: told to the post whose it seems to be, and to the
    administrator.
    """
    name = printable(path.name)
    post = _post_of(desk.posts, parcel, name, answers)
    if post or not parcel.sender or desk.posts.known(parcel.sender):
        remark = Remark("unread", name, code="unread", message=error.message)
        found = Return(parcel, name, _digest_or_name(path), post, Facts("unreadable", message=error.message))
        _record(desk, found, JudgedFile(), (remark, *said))
    return Intake(path, "unreadable", message=error.message, post=post)


def _digest_or_name(path: Path) -> str:
    try:
        return digest_of(path)
    except SourceError:
        return f"name:{printable(path.name)}"


def _post_of(posts: Posts, parcel: Parcel, name: str, answers: str) -> PostRef | None:
    """Whose it seems to be: of the mail it answers, of the file's name, else of whoever sent it."""
    return posts.named_in(answers) or posts.named_in(name) or posts.of(parcel.sender)


def in_order(secrets: Mapping[str, str], name: str) -> list[str]:
    """Return the passwords, that of the report the file is named after first."""
    return [secrets[key] for key in sorted(secrets, key=lambda key: (key not in name, key))]
