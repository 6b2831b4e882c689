"""Reports that come back by mail: taken once, moved where a person finds them; whatever is none of them stays as it is.

A mail is looked at once (its UID); what it decided is recorded before it is moved, so that a run that was killed finds
the file seen. Decisions count from the post's holder, delegate or configured recipients alone (contract §7).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from time import monotonic

from connectors.mail.receipt import NAME as RECEIPT
from connectors.mail.short_mail import compose_word
from connectors.mail.smime import sign
from connectors.mailbox.letter_in import take_apart
from connectors.mailbox.letterbox import MailboxLine, mark_of
from connectors.system.private_file import unpacked_in
from flows.delivery.post_addresses import Posts, posts_of
from flows.delivery.way_out import mail_signature, way_out
from flows.returns.anothers import answers_another, issued_here
from flows.returns.intake import Intake, printable, shown_sender
from flows.returns.looked_at import LookedAt, recall, remember
from flows.returns.parcels import said_in, write_enclosures
from flows.returns.taking import Admit, anybody
from flows.run import defects
from flows.run.defects import defect_of
from flows.run.progress import Progress
from flows.settings.model import Settings
from flows.state.opened import open_to_read
from pipelines.lifecycle.decisions.mails.heard import heard
from pipelines.lifecycle.decisions.senders import post_of_report
from pipelines.reports.mailing.addressees import allowed
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import Parcel, ReturnOutcome
from schemas.changes.remark import Remark
from schemas.errors import ConfigurationError, DeliveryError, MailboxError, NotMovedError
from schemas.nomenclatures import post_said, say
from schemas.reports.letterbox import Letter, Mailbox, mailbox_of
from schemas.reports.mail import usable_address
from schemas.words import fold
from schemas.zone import PARIS

Take = Callable[[Sequence[Path], Parcel, Admit, Sequence[Remark], str], list[Intake]]
"""Files, how they came, who may, what the mail says besides, the Message-ID it is about → what became of each."""

MOST_MAILS, MOST_BYTES, MOST_SECONDS = 200, 500_000_000, 900.0  # of one run; the rest waits for the next
LARGEST_MAIL = 60_000_000  # bytes; a larger one is nobody's report, and is not fetched


@dataclass(slots=True)
class Mails:
    """What the mailbox gave; how many mails were not looked at yet; why it could not be read."""

    taken: list[Intake] = field(default_factory=list)
    waiting: int = 0
    problem: str = ""


def mailbox(settings: Settings) -> Mailbox:
    """Return the mailbox with all that goes with it. Raises ConfigurationError when its password or authority is
    missing.
    """
    mail = settings.mail
    found = mailbox_of(mail.mailbox or "")
    if mail.oauth and not mail.oauth.client_secret:
        raise ConfigurationError([say("config.oauth_secret")])
    if not mail.oauth and not mail.mailbox_password:
        raise ConfigurationError([say("config.mailbox_password", user=found.user)])
    authority = settings.path(mail.mailbox_ca_file) if mail.mailbox_ca_file else None
    if authority and not authority.is_file():
        raise ConfigurationError([say("config.mailbox_ca_file", path=mail.mailbox_ca_file)])
    return replace(found, password=mail.mailbox_password or "", ca_file=str(authority or ""))


def with_token(settings: Settings, found: Mailbox) -> Mailbox:
    """Return it with a fresh token where the mailbox takes no password. Raises MailboxError."""
    oauth = settings.mail.oauth
    if oauth is None:
        return found
    from connectors.web.sign_in import TokenOffice, token_of  # whoever has a password does not wait for it

    secret = oauth.client_secret or ""
    office = TokenOffice(oauth.authority, oauth.tenant, oauth.client_id, secret, oauth.scope, found.ca_file)
    return replace(found, token=token_of(office))


def mailbox_place(settings: Settings) -> str:
    """Return « INBOX (mail.example.org:993) », for messages."""
    found = mailbox_of(settings.mail.mailbox or "")
    return say("mailbox.place", folder=found.folder, place=found.place)


def collect_mails(settings: Settings, day: date, tell: Progress, take: Take) -> Mails:
    """Take in what came by mail, the oldest first, a portion a run.

    Raises ConfigurationError, and as `take` does; what the server does not do is a problem in what is returned.
    """
    found = Mails()
    server = mailbox(settings)
    tell(say("mailbox.read", place=server.place), 0, 0)
    try:
        with MailboxLine(with_token(settings, server)) as line:
            _Round(settings, day, tell, take, line, found, _posts(settings, day)).play()
    except MailboxError as error:
        found.problem = str(error)
    return found


def _posts(settings: Settings, day: date) -> Posts:
    with open_to_read(settings) as store:
        return posts_of(settings, store, day)


@dataclass(slots=True)
class _Round:
    """One reading of the mailbox, mail by mail."""

    settings: Settings
    day: date
    tell: Progress
    take: Take
    line: MailboxLine
    found: Mails
    posts: Posts
    memory: LookedAt = field(default_factory=LookedAt)
    anothers: list[int] = field(default_factory=list)

    def play(self) -> None:
        """Look at every new mail; what is over the portion is counted as waiting."""
        self.memory = recall(self.settings.state_folder, self.line)
        again = self.memory.again
        self._look_at_all(again)
        if self.anothers:
            told = say("mailbox.another_installation", count=len(self.anothers))
            self.found.problem = " ".join(filter(None, (self.found.problem, told)))
        anothers = tuple(one for one in self.anothers if one not in again)
        self._remember(self.memory.model_copy(update={"again": anothers}))

    def _look_at_all(self, again: Sequence[int]) -> None:
        """The UIDs that are wanted again, and everything from the first new one on."""
        first = self.memory.next_uid
        found = self.line.since(min((*again, first)))
        sizes = {uid: size for uid, size in found.items() if uid in again or uid >= first}
        known = self._known([uid for uid in sizes if uid not in again])
        wanted = [uid for uid in sizes if uid not in known]
        until, left = monotonic() + MOST_SECONDS, MOST_BYTES
        for number, uid in enumerate(wanted):
            if number and (number >= MOST_MAILS or sizes[uid] > left or monotonic() > until):
                self.found.waiting = len(wanted) - number
                return
            left -= sizes[uid]
            mark, stays = self._try(uid) if sizes[uid] <= LARGEST_MAIL else ("", True)
            self._remember(self.memory.seen(uid, mark, left=stays))
        self._remember(self.memory.seen(max(sizes, default=0), "", left=True))

    def _known(self, uids: Sequence[int]) -> set[int]:
        """Those of a mailbox that moved, or was made anew, that were none of ours when they were looked at before."""
        left = frozenset(self.memory.left)
        older = [uid for uid in uids if uid < self.memory.known_below]
        if not left or not older:
            return set()
        known = {uid: mark for uid, mark in self.line.marks(older).items() if mark in left}
        self._remember(self.memory.passed_over(known.items()))
        return set(known)

    def _try(self, uid: int) -> tuple[str, bool]:
        """Look at one mail; one that brings a defect of ours to light stays where it is, and keeps no other waiting.

        What it is known again by, and whether it is left for good.
        """
        try:
            return self._look(uid)
        except defects.DEFECTS as error:
            told = say("mailbox.defect", uid=uid, why=str(defect_of(error)))
            self.found.problem = " ".join(filter(None, (self.found.problem, told)))
            return "", False

    def _look(self, uid: int) -> tuple[str, bool]:
        raw = self.line.read(uid)
        folder = self._folder_of(heard(take_apart(raw)), uid)
        if folder:
            try:
                self.line.move(uid, say(f"mailbox.folder_{folder}"))
            except NotMovedError as error:  # what it decides is recorded, and the next ones are read
                self.found.problem = str(error)
        once_more = uid in self.anothers and uid not in self.memory.again
        return mark_of(raw), not folder and not once_more

    def _folder_of(self, letter: Letter, uid: int) -> str:
        """Take in what a mail holds; the folder that it goes into, "" where it is none of ours."""
        if letter.kind == "bounce":
            return self._bounced(letter)
        if letter.enclosures:
            return self._answered(letter, uid)
        if letter.kind == "automatic" and (letter.answers or self.posts.known(letter.sender)):
            self.found.taken.append(_about(letter, "automatic", say("mailbox.automatic")))
            return "done"
        if letter.kind == "letter" and said_in(letter) and self._is_answer(letter):
            return self._wrote(letter, uid)
        return ""

    def _is_answer(self, letter: Letter) -> bool:
        """A mail without a workbook that answers one of ours: written under it; by somebody known, under its name or
        with a photo, a scan, a document. Who photographs the table believes to have answered, and is told.
        """
        ours = fold(say("mailbox.our_name")) in fold(letter.subject) or bool(letter.passed_over)
        known = self.posts.known(letter.sender)
        # to a receipt a stranger answers nothing: it may be a robot, to which the next receipt is a mail again
        reports = any(not one.startswith(RECEIPT) for one in letter.answers)
        return reports or ((ours or bool(letter.answers)) and known)

    def _wrote(self, letter: Letter, uid: int) -> str:
        """What is said without a workbook decides nothing: kept, answered, and put where somebody looks."""
        if answers_another(self.settings, letter):
            self.anothers.append(uid)
            return ""
        taken = self.take((), _parcel(letter), anybody, said_in(letter), next(iter(letter.answers), ""))
        self.found.taken += [replace(one, sender=letter.sender, message_id=letter.message_id) for one in taken]
        return "look"

    def _answered(self, letter: Letter, uid: int) -> str:
        """The folder for a mail with workbooks in it; "" where none of them is a report, and nobody known sent it, or
        where it is for another installation.
        """

        def admit(lines: Sequence[ReturnedLine], states: Mapping[str, ChangeState]) -> str:
            post = post_of_report(lines, states)
            if post is None or self.posts.may(letter.sender, post):
                return ""
            return say("mailbox.stranger", sender=shown_sender(letter.sender), post=post_said(post.post, post.scope))

        said = said_in(letter)
        with unpacked_in(self.settings.state_folder) as place:
            answers = next(iter(letter.answers), "")
            paths = write_enclosures(letter, place)
            if answers_another(self.settings, letter) and not issued_here(self.settings, paths):
                self.anothers.append(uid)
                return ""
            taken = self.take(paths, _parcel(letter), admit, said, answers)
        if all(one.outcome == "unreadable" for one in taken) and not self.posts.known(letter.sender):
            return ""
        told = [replace(one, sender=letter.sender, message_id=letter.message_id) for one in taken]
        self.found.taken += told
        return "look" if any(one.refused or one.kept or one.uncounted for one in told) or letter.too_deep else "done"

    def _bounced(self, letter: Letter) -> str:
        """A mail of ours that somebody did not get: the administrator is told. Another's is none of ours."""
        ours = [one for one in letter.bounces if one.message_id and self._sent(one.message_id)]
        # of the addresses in a text, those that may be a recipient's; where none is, the first
        meant = [one for one in ours if not one.in_words or self.posts.known(one.recipient)]
        ours = meant or ours[:1]
        if not ours:
            return ""
        lines = [
            say(
                "mailbox.bounced",
                recipient=printable(one.recipient),
                code=one.code,
                name=one.message_id.partition(".")[0],
            )
            for one in ours
        ]
        self.found.taken.append(_about(letter, "bounce", " ".join(lines)))
        about = "|".join(f"{one.message_id} {one.recipient}" for one in ours)
        self._write(say("mailbox.bounce_subject"), [*lines, say("mailbox.bounce_todo")], self.posts.admin, about)
        return "look"

    def _sent(self, message_id: str) -> bool:
        with open_to_read(self.settings) as store:
            return store.mail_sent(f"<{message_id}>")

    def _write(self, subject: str, lines: Sequence[str], to: Sequence[str], about: str) -> None:
        """A short mail, at most once: it is written down before it goes."""
        mail = self.settings.mail
        usable = [one for one in to if usable_address(one) and allowed(one, mail.allowed_domains)]
        if not usable or about in self.memory.told:
            return
        message = compose_word(
            subject, lines, sender=mail.sender, to=usable, name="RETOURS", about=about, sent_at=datetime.now(PARIS)
        )
        signature = mail_signature(self.settings)
        self._remember(self.memory.over(about))
        with suppress(DeliveryError), way_out(self.settings) as send:  # the folder « À voir » says it as well
            send(sign(message, signature) if signature else message, lambda: None)

    def _remember(self, memory: LookedAt) -> None:
        self.memory = memory
        remember(self.settings.state_folder, memory)


def _about(letter: Letter, outcome: ReturnOutcome, message: str) -> Intake:
    """What became of a mail as a whole."""
    name = Path(say("mailbox.mail"))
    return Intake(name, outcome, message=message, sender=letter.sender, message_id=letter.message_id)


def _parcel(letter: Letter) -> Parcel:
    return Parcel(f"mail:{letter.key}", letter.sender, letter.message_id, letter.sent)
