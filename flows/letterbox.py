"""Reports that come back by mail: taken once, moved where a person finds them; whatever is none of them stays as it is.

A mail is looked at once (its UID); what it decided is recorded before it is moved, so that a run that was killed finds
the file seen. Decisions count from the post's holder, delegate or configured recipients alone (contract §7).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.letter_in import take_apart
from connectors.letterbox import MailboxLine
from connectors.mail.letter import usable_address
from connectors.mail.smime import sign
from connectors.mail.word import compose_word
from connectors.private_file import make_private_folder, write_private
from flows.addressees import allowed
from flows.delivery import PARIS
from flows.intake import Intake, Outcome, printable
from flows.nightly import admin, named
from flows.settings import Settings
from flows.store import open_to_read
from flows.telling import Tell
from flows.way_out import mail_signature, way_out
from pipelines.senders import Post, holders, may_answer, post_of_report
from schemas.change import PostRef
from schemas.decision import ReturnedLine
from schemas.errors import ConfigurationError, DeliveryError, MailboxError
from schemas.letterbox import Bounce, Letter, Mailbox, mailbox_of
from schemas.lifecycle import ChangeState
from schemas.nomenclatures import ADMIN_EFIT, say

Admit = Callable[[Sequence[ReturnedLine], Mapping[str, ChangeState]], str]
"""Why whoever sent a report may not answer it; "" where they may."""
Take = Callable[[Sequence[Path], Admit], list[Intake]]

MEMORY = "mailbox.json"
MOST_MAILS, MOST_BYTES, MOST_SECONDS = 200, 500_000_000, 900.0  # of one run; the rest waits for the next
LARGEST_MAIL = 60_000_000  # bytes; a larger one is nobody's report, and is not fetched
REMEMBERED = 5000  # Message-IDs


def anybody(_lines: Sequence[ReturnedLine], _states: Mapping[str, ChangeState]) -> str:
    """Of a file in a folder nobody knows who sent it: whoever may put it there may."""
    return ""


@dataclass(slots=True)
class Mails:
    """What the mailbox gave; how many mails were not looked at yet; why it could not be read."""

    taken: list[Intake] = field(default_factory=list)
    waiting: int = 0
    problem: str = ""


class _Memory(BaseModel):
    """Which mails were looked at: all below `next_uid`; the Message-IDs that decided something; what was told."""

    model_config = ConfigDict(frozen=True)

    place: str = ""
    uid_validity: int = 0
    next_uid: int = 1
    taken: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def mailbox(settings: Settings) -> Mailbox:
    """The mailbox with all that goes with it. Raises ConfigurationError when its password or authority is missing."""
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
    """With a fresh token where the mailbox takes no password. Raises MailboxError."""
    oauth = settings.mail.oauth
    if oauth is None:
        return found
    from connectors.sign_in import TokenOffice, token_of  # whoever has a password does not wait for it

    secret = oauth.client_secret or ""
    office = TokenOffice(oauth.authority, oauth.tenant, oauth.client_id, secret, oauth.scope, found.ca_file)
    return replace(found, token=token_of(office))


def mailbox_place(settings: Settings) -> str:
    """« INBOX (mail.example.org:993) », for messages."""
    found = mailbox_of(settings.mail.mailbox or "")
    return say("mailbox.place", folder=found.folder, place=found.place)


def collect_mails(settings: Settings, day: date, tell: Tell, take: Take) -> Mails:
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


@dataclass(frozen=True, slots=True)
class _Posts:
    """Whose addresses are whose today."""

    held_by: Mapping[Post, frozenset[str]]
    named: Mapping[Post, Sequence[str]]
    admin: Sequence[str]
    states: Mapping[str, ChangeState]

    def known(self, sender: str) -> bool:
        """The address is one of a post, whichever."""
        posts: set[Post] = {*self.held_by, *self.named, (ADMIN_EFIT, "")}
        posts |= {(one.change.updater.post, one.change.updater.scope) for one in self.states.values()}
        return bool(sender) and any(self.may(sender, _post(post)) for post in posts)

    def may(self, sender: str, post: PostRef) -> bool:
        """It may answer for this one."""
        return may_answer(sender, post, self.states, self.held_by, self.named, self.admin)

    def addresses(self, post: PostRef) -> list[str]:
        """To whom something is said about a post."""
        key = (post.post, post.scope)
        recipients = {
            address.lower()
            for one in self.states.values()
            if one.is_open and (one.change.updater.post, one.change.updater.scope) == key
            for address in one.change.updater.recipients
        }
        return sorted({*self.named.get(key, ())} or recipients or {*self.held_by.get(key, ())} or {*self.admin})


def _posts(settings: Settings, day: date) -> _Posts:
    with open_to_read(settings) as ledger:
        accounts, structures = ledger.annuaire_at(day)
        return _Posts(holders(accounts.values(), structures), named(settings, day), admin(settings), ledger.states())


@dataclass(slots=True)
class _Round:
    """One reading of the mailbox, mail by mail."""

    settings: Settings
    day: date
    tell: Tell
    take: Take
    line: MailboxLine
    found: Mails
    posts: _Posts
    memory: _Memory = field(default_factory=_Memory)

    def play(self) -> None:
        """Look at every new mail; what is over the portion is counted as waiting."""
        self.memory = self._recall()
        sizes = self.line.since(self.memory.next_uid)
        until, left = monotonic() + MOST_SECONDS, MOST_BYTES
        for number, (uid, size) in enumerate(sizes.items()):
            if number and (number >= MOST_MAILS or size > left or monotonic() > until):
                self.found.waiting = len(sizes) - number
                return
            left -= size
            if size <= LARGEST_MAIL:
                self._look(uid)
            self._remember(next_uid=uid + 1)

    def _look(self, uid: int) -> None:
        letter = take_apart(self.line.read(uid))
        if letter.kind == "bounce":
            folder = self._bounced(letter)
        elif letter.enclosures:
            folder = self._answered(letter)
        elif letter.kind == "automatic" and (letter.answers or self.posts.known(letter.sender)):
            self.found.taken.append(_about(letter, "automatic", say("mailbox.automatic")))
            folder = "done"
        else:
            folder = ""
        if folder:
            self.line.move(uid, say(f"mailbox.folder_{folder}"))

    def _answered(self, letter: Letter) -> str:
        """The folder for a mail with workbooks in it; "" where none of them is a report, and nobody known sent it."""
        if letter.message_id and letter.message_id in self.memory.taken:
            self.found.taken.append(_about(letter, "seen", say("mailbox.seen")))
            return "done"
        strangers: list[PostRef] = []

        def admit(lines: Sequence[ReturnedLine], states: Mapping[str, ChangeState]) -> str:
            post = post_of_report(lines, states)
            if post is None or self.posts.may(letter.sender, post):
                return ""
            strangers.append(post)
            return say("mailbox.stranger", sender=printable(letter.sender), post=_shown(post))

        folder = self.settings.state_folder
        make_private_folder(folder)
        with TemporaryDirectory(dir=folder, prefix=".retours-") as place:
            taken = self.take(_written(letter, Path(place)), admit)
        if all(one.outcome == "unreadable" for one in taken) and not self.posts.known(letter.sender):
            return ""
        told = [replace(one, sender=letter.sender, message_id=letter.message_id) for one in taken]
        self.found.taken += told
        if letter.message_id and any(one.outcome == "recorded" for one in told):
            self._remember(taken=(*self.memory.taken, letter.message_id)[-REMEMBERED:])
        for post in dict.fromkeys((one.post, one.scope) for one in strangers):
            self._tell_holders(letter, _post(post))
        return "look" if any(one.refused for one in told) or letter.too_deep else "done"

    def _bounced(self, letter: Letter) -> str:
        """A mail of ours that somebody did not get: the administrator is told. Another's is none of ours."""
        ours = [one for one in letter.bounces if one.message_id and self._sent(one.message_id)]
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
        with open_to_read(self.settings) as ledger:
            return ledger.mail_sent(f"<{message_id}>")

    def _tell_holders(self, letter: Letter, post: PostRef) -> None:
        sender = printable(letter.sender)
        lines = [say("mailbox.stranger_told", sender=sender, post=_shown(post)), say("mailbox.stranger_todo")]
        about = f"{letter.message_id} {post.post} {post.scope}"
        self._write(say("mailbox.stranger_subject"), lines, self.posts.addresses(post), about)

    def _write(self, subject: str, lines: Sequence[str], to: Sequence[str], about: str) -> None:
        """A short mail, at most once: it is written down before it goes."""
        mail = self.settings.mail
        usable = [one for one in to if usable_address(one) and allowed(one, mail)]
        if not usable or about in self.memory.told:
            return
        message = compose_word(
            subject, lines, sender=mail.sender, to=usable, name="RETOURS", about=about, sent_at=datetime.now(PARIS)
        )
        signature = mail_signature(self.settings)
        self._remember(told=(*self.memory.told, about)[-REMEMBERED:])
        with suppress(DeliveryError), way_out(self.settings) as send:  # the folder « À voir » says it as well
            send(sign(message, signature) if signature else message, lambda: None)

    def _recall(self) -> _Memory:
        """What was looked at in this very mailbox; nothing of another, or of one that was made anew."""
        try:
            found = _Memory.model_validate_json((self.settings.state_folder / MEMORY).read_bytes())
        except (OSError, ValidationError):
            found = _Memory()
        here = f"{self.line.mailbox.user} {self.line.mailbox.place} {self.line.mailbox.folder}"
        if (found.place, found.uid_validity) == (here, self.line.uid_validity):
            return found
        return found.model_copy(update={"place": here, "uid_validity": self.line.uid_validity, "next_uid": 1})

    def _remember(self, **facts: object) -> None:
        self.memory = self.memory.model_copy(update=facts)
        text = json.dumps(self.memory.model_dump(mode="json"), ensure_ascii=False)
        write_private(self.settings.state_folder / MEMORY, text.encode())


def _about(letter: Letter, outcome: Outcome, message: str) -> Intake:
    """What became of a mail as a whole."""
    name = Path(say("mailbox.mail"))
    return Intake(name, outcome, message=message, sender=letter.sender, message_id=letter.message_id)


def _written(letter: Letter, place: Path) -> list[Path]:
    """The workbooks of a mail as files, each in a folder of its own: two may have one name."""
    paths = []
    for number, one in enumerate(letter.enclosures):
        name = printable(one.name).replace("/", "-").replace("\\", "-").lstrip(".") or "retour.xlsx"
        path = place / str(number) / name[-100:]
        write_private(path, one.content)
        paths.append(path)
    return paths


def _report_name(bounce: Bounce) -> str:
    """« CRH_ST-24 », with which our Message-IDs begin."""
    return bounce.message_id.partition(".")[0]


def _post(post: Post) -> PostRef:
    return PostRef.model_validate({"post": post[0], "scope": post[1]})


def _shown(post: PostRef) -> str:
    return say(f"post.{post.post}", scope=post.scope)
