"""A file of the inbox or the command line, which may hold others: a mail that somebody saved, a .zip."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.mailbox.letter_in import unpack
from connectors.sources.guard import read_bytes
from connectors.system.private_file import unpacked_in, write_private
from flows.returns.intake import Intake, printable, shown_sender
from flows.returns.same_mail import sendings
from flows.returns.taking import Admit, Desk, Sending, anybody, refuse, take, take_words
from flows.run import defects
from flows.run.defects import defect_of
from pipelines.lifecycle.decisions.mails.heard import heard
from pipelines.lifecycle.decisions.remarks import letter_reason, subject_told
from pipelines.lifecycle.decisions.senders import post_of_report
from pipelines.phrase import post_text
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import Parcel, ReturnOutcome
from schemas.changes.remark import Remark
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reports.letterbox import Letter

_ORDER: tuple[ReturnOutcome, ...] = ("recorded", "workbook", "stranger", "unreadable", "empty", "seen", "letter")


def take_parcel(desk: Desk, path: Path) -> Intake:
    """Take one file in, with all that is in it. Of a saved mail the sender is known, and counts as in the mailbox.

    One that brings a defect of ours to light is refused like one that nobody can read.
    """
    try:
        return _taken_in(desk, path)
    except defects.DEFECTS as error:
        return refuse(desk, path, _key_of(path), defect_of(error), (), "")


def _taken_in(desk: Desk, path: Path) -> Intake:
    try:
        content = read_bytes(path)
    except SourceError:
        return take(desk, path, Sending(Parcel(f"file:{path.name}")))
    unpacked = unpack(path.name, content)
    if unpacked is None:
        return take(desk, path, Sending(_key_of(path)))
    letter = heard(unpacked, saved=True)
    said = said_in(letter)
    parcel = Parcel(f"mail:{letter.key}", letter.sender, letter.message_id, letter.sent)
    answers = next(iter(letter.answers), "")
    if not letter.enclosures:
        outcome: ReturnOutcome = "letter" if letter.kind == "letter" else "automatic"
        return _without_a_report(desk, path, Sending(parcel, said=said, answers=answers), outcome)
    with unpacked_in(desk.settings.state_folder) as place:
        paths = write_enclosures(letter, place)
        mail = Sending(parcel, _admit(desk, letter.sender), said, answers)
        taken = [take(desk, one, sending) for one, sending in sendings(desk, paths, mail)]
    return _together(path, letter, taken)


def said_in(letter: Letter) -> tuple[Remark, ...]:
    """Return what a mail says besides its workbooks: its text, a subject that answers, and the files in it that no
    answer can be read from.
    """
    files = ", ".join(map(printable, letter.passed_over))
    pieces = Remark("piece", files, code="piece", message=say("remark_reason.piece", files=files))
    code = "letter_with_file" if letter.enclosures else "letter"
    subject = subject_told(letter.subject)
    said = "\n".join(filter(None, (subject, letter.text)))
    text = Remark("letter", said, code=code, message=letter_reason(said))
    return (*((text,) if said else ()), *((pieces,) if files else ()))


def write_enclosures(letter: Letter, place: Path) -> list[Path]:
    """Write the workbooks of a mail as files, each in a folder of its own: two may have one name."""
    paths = []
    for number, one in enumerate(letter.enclosures):
        name = printable(one.name).replace("/", "-").replace("\\", "-").lstrip(".") or "retour.xlsx"
        path = place / str(number) / name[-100:]
        write_private(path, one.content)
        paths.append(path)
    return paths


def _key_of(path: Path) -> Parcel:
    """The same file at the same place has the same key: found again after a crash it gets no second receipt."""
    return Parcel(f"file:{printable(path.name)}:{path.stat().st_mtime_ns}")


def _without_a_report(desk: Desk, path: Path, mail: Sending, outcome: ReturnOutcome) -> Intake:
    parcel, said, answers = mail.parcel, mail.said, mail.answers
    if said:
        taken = take_words(desk, parcel, said, answers, outcome)
        return Intake(path, "letter", message=taken.message, remarks=taken.remarks, sender=parcel.sender)
    if parcel.sender:  # « Merci ! », and nothing else: there is nothing to answer
        return Intake(path, "automatic", message=say("mailbox.nothing_said"), sender=parcel.sender)
    nothing = SourceError("FILE_UNREADABLE", say("report.unreadable", found=say("unreadable.nothing_inside")))
    return refuse(desk, path, parcel, nothing, said, answers)


def _admit(desk: Desk, sender: str) -> Admit:
    """Of a saved mail whose sender is known: whether they may. Where nobody knows, whoever put it there may."""
    if not sender:
        return anybody

    def admit(lines: Sequence[ReturnedLine], states: Mapping[str, ChangeState]) -> str:
        post = post_of_report(lines, states)
        if post is None or desk.posts.may(sender, post):
            return ""
        return say("mailbox.stranger", sender=shown_sender(sender), post=post_text(post))

    return admit


def _together(path: Path, letter: Letter, taken: Sequence[Intake]) -> Intake:
    """What became of the files within, as of the one that held them."""
    outcome = next(one for one in _ORDER if any(intake.outcome == one for intake in taken))
    counts: Counter[Verdict] = Counter()
    for one in taken:
        counts.update(one.counts)
    return Intake(
        path,
        outcome,
        counts,
        tuple(refusal for one in taken for refusal in one.refusals),
        message=" ".join(dict.fromkeys(filter(None, (one.message for one in taken)))),
        sender=letter.sender,
        message_id=letter.message_id,
        settled=tuple(key for one in taken for key in one.settled),
        remarks=tuple(remark for one in taken for remark in one.remarks),
        post=next((one.post for one in taken if one.post), None),
    )
