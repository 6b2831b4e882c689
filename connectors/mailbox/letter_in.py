"""A mail that came in, taken apart: the workbooks in it, in mails in mails, zips, Outlook's .msg and winmail.dat.

Whoever writes to an address chooses what is in here: sizes, depths and numbers are limited, nothing is unpacked to
disk, and what is no mail at all is a mail with nothing in it.
"""

import email
import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime

import olefile

from connectors.mailbox import outlook_file
from connectors.mailbox.bounces import BROKEN, OURS, bounces_of, by_a_server, header_text
from connectors.mailbox.letter_text import forwarded_in, text_of
from schemas.nomenclatures import rows, say
from schemas.reports.letterbox import Bounce, Enclosure, Letter, LetterKind
from schemas.words import fold

DEEPEST = 5
MOST_ENCLOSURES = 50
LARGEST = 60_000_000  # bytes, of all that is unpacked out of one mail
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
# What people answer with, and no program can read an answer from.
_DOCUMENTS = ("word/document.xml", "ppt/presentation.xml")
_TEXTS = (".doc", ".docx", ".ppt", ".pptx", ".odt", ".odp", ".fods", ".pages", ".numbers", ".html", ".htm")
_NOBODYS = (".ics", ".vcf", ".p7s", ".asc", ".sig", ".dat")  # what programs add to mails by themselves
_NOTE = ".txt"
_LONGEST_NOTE = 4000  # bytes
_LOGO = 30_000  # bytes
_OLE, _ZIP, _TNEF = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x78\x9f\x3e\x22"
_TNEF_BEGINS, _TNEF_TITLE, _TNEF_DATA = 0x00069002, 0x00018010, 0x0006800F


def take_apart(raw: bytes) -> Letter:
    """Return what a mail is and holds. Never raises: what cannot be opened is not in it."""
    try:
        message = email.message_from_bytes(raw, policy=policy.default)
    except (MessageError, *BROKEN):
        return Letter("", "", "letter", key=_key("", raw))
    taken = _Taken()
    bounces = tuple(bounces_of(message))
    kind = _kind(message, bounces)
    own: str | None = None
    forwarded: tuple[str, ...] = ()
    if kind != "bounce":  # the report in it is ours, coming back as it went
        _open_message(message, taken, 0)
        own, forwarded = text_of(message), forwarded_in(message)
    answers = tuple(OURS.findall(header_text(message, "In-Reply-To") + header_text(message, "References")))
    message_id = header_text(message, "Message-ID").strip().strip("<>")
    return Letter(
        sender=_sender(message),
        message_id=message_id,
        kind=kind,
        enclosures=tuple(taken.enclosures),
        bounces=bounces,
        answers=answers,
        too_deep=taken.too_deep,
        subject=header_text(message, "Subject"),
        own=own,
        forwarded=forwarded,
        notes=tuple(taken.notes),
        key=_key(message_id, raw),
        passed_over=tuple(taken.passed_over),
        sent=_sent(message),
    )


def _sent(message: EmailMessage) -> datetime | None:
    """When it was sent; None where that cannot be read, or is still to come: such a clock tells nothing."""
    try:
        said = parsedate_to_datetime(header_text(message, "Date"))
    except (TypeError, ValueError, IndexError):
        return None
    sent = said if said.tzinfo else said.replace(tzinfo=UTC)
    return sent if sent <= datetime.now(UTC) else None


def unpack(name: str, content: bytes) -> Letter | None:
    """Return the workbooks in a file that holds others: a mail that was saved (.eml, .msg), a .zip, a winmail.dat.

    None for any other: it is taken as it is. Who sent a saved mail is known from an .eml, and from most .msg.
    """
    suffix = name.lower()[-4:]
    if suffix == ".eml":
        return take_apart(content)
    is_message = content.startswith(_OLE) and not name.lower()[-5:].endswith(_WORKBOOKS)
    if not (content.startswith(_TNEF) or is_message or (content.startswith(_ZIP) and _is_archive(content))):
        return None
    taken = _Taken()
    _open_file(name, content, taken, 0)
    sender = outlook_file.sender(content) if is_message else ""
    if is_message and not taken.enclosures and not sender:
        return None  # an encrypted workbook under another name, or nothing of ours
    return Letter(
        sender,
        "",
        "letter",
        tuple(taken.enclosures),
        too_deep=taken.too_deep,
        key=_key("", content),
        notes=tuple(taken.notes),
        passed_over=tuple(taken.passed_over),
    )


def _key(message_id: str, raw: bytes) -> str:
    return message_id or hashlib.sha256(raw).hexdigest()


@dataclass(slots=True)
class _Taken:
    """What was found so far, and how much more may be unpacked."""

    enclosures: list[Enclosure] = field(default_factory=list)
    left: int = LARGEST
    too_deep: bool = False
    passed_over: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def pass_over(self, name: str) -> None:
        """Remember a file from which no answer is read."""
        self.passed_over += [name] if len(self.passed_over) < MOST_ENCLOSURES else []

    def spend(self, size: int) -> bool:
        """Whether there is still room for so much more."""
        self.left -= size
        self.too_deep |= self.left < 0
        return self.left >= 0


def _address(text: str) -> str:
    """The one address of a header; "" where there is none, or several."""
    found = [address for _, address in getaddresses([text]) if "@" in address]
    return found[0].lower() if len(found) == 1 else ""


def _sender(message: EmailMessage) -> str:
    """Who sent it; "" where there are two headers of it: which of them a server vouched for is not known."""
    return _address(header_text(message, "From")) if len(message.get_all("From", ())) == 1 else ""


def _kind(message: EmailMessage, bounces: Iterable[Bounce]) -> LetterKind:
    if list(bounces):
        return "bounce"
    # a delay; « Lu : … », which Outlook sends when a mail is opened
    if message.get_content_type() == "multipart/report" or by_a_server(message):
        return "automatic"
    said = header_text(message, "Auto-Submitted").partition(";")[0].strip().lower()
    said = said or header_text(message, "Precedence").strip().lower().replace("_", "-")
    answering = {"X-Autoreply", "X-Autorespond", "X-Autoresponder"}
    subject = fold(header_text(message, "Subject"))
    words = tuple(fold(one["beginning"]) for one in rows("automatic_subjects"))
    if said.startswith("auto-") or any(name in message for name in answering) or subject.startswith(words):
        return "automatic"
    return "letter"


# ── what is in it ────────────────────────────────────────────────────────────────────────────────


def _open_message(message: Message, taken: _Taken, depth: int) -> None:
    """Its parts; what is in a mail within it as well."""
    for part in message.walk():
        if part.get_content_type() == "multipart/encrypted":
            taken.passed_over.append(say("mailbox.encrypted"))
        if part.get_content_maintype() == "multipart" or part.get_content_type() == "message/rfc822":
            if not part.is_multipart():  # its boundary is not the one it names: what is in it is not known
                taken.passed_over.append(say("mailbox.malformed"))
            continue  # its inner mail is walked through as well
        try:
            content, name = part.get_payload(decode=True), part.get_filename() or ""
        except (MessageError, *BROKEN, AttributeError, TypeError):
            continue
        if isinstance(content, bytes) and name and _is_a_logo(part, content):
            continue
        if isinstance(content, bytes) and (name or content.startswith((_OLE, _ZIP, _TNEF))):
            _open_file(name, content, taken, depth)


def _is_a_logo(part: Message, content: bytes) -> bool:
    """The small picture of a signature, shown within the text: nobody means it as an answer."""
    shown = "Content-ID" in part or part.get_content_disposition() == "inline"
    return part.get_content_maintype() == "image" and shown and len(content) < _LOGO


def _open_file(name: str, content: bytes, taken: _Taken, depth: int) -> None:
    """One file: a workbook is kept, what holds others is opened, the rest is passed over."""
    if depth > DEEPEST or len(taken.enclosures) >= MOST_ENCLOSURES or not taken.spend(len(content)):
        taken.too_deep = True
        return
    suffix = name.lower()
    try:
        if content.startswith(_TNEF):
            _open_tnef(content, taken, depth + 1)
        elif suffix.endswith(_TEXTS) or (content.startswith(_ZIP) and _is_document(content)):
            taken.pass_over(name)
        elif content.startswith(_OLE) and not suffix.endswith(_WORKBOOKS):
            _open_msg(content, taken, depth + 1)
        elif suffix.endswith(_NOTE) and depth:  # put into a zip beside the report
            taken.notes.append(_decoded(content[:_LONGEST_NOTE]))
        elif content.startswith(_ZIP) and _is_archive(content):
            _open_zip(content, taken, depth + 1)
        elif suffix.endswith(".eml"):
            _open_message(email.message_from_bytes(content, policy=policy.default), taken, depth + 1)
        else:
            _take(name, content, taken)
    except (MessageError, *BROKEN):  # damaged: what came out of it until then counts
        return


def _take(name: str, content: bytes, taken: _Taken) -> None:
    """A file that holds no others: a workbook, or a .rar, a photo, whatever was meant to be read."""
    suffix = name.lower()
    if suffix.endswith(_WORKBOOKS) or content.startswith(_ZIP):
        taken.enclosures.append(Enclosure(name or "retour.xlsx", content))
    elif name and not suffix.endswith(_NOBODYS):
        taken.pass_over(name)


def _decoded(content: bytes) -> str:
    """A note as an editor saves it."""
    try:
        return content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _is_archive(content: bytes) -> bool:
    """A zip that is no workbook or document itself; a damaged one is what its name says."""
    names = _names_in(content)
    return bool(names) and not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml", *_DOCUMENTS}


def _is_document(content: bytes) -> bool:
    """A text of Word, or slides: nobody reads answers from it."""
    return not _names_in(content).isdisjoint(_DOCUMENTS)


def _names_in(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except BROKEN:
        return set()


def _open_zip(content: bytes, taken: _Taken, depth: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist()[: 4 * MOST_ENCLOSURES]:
            if member.is_dir() or member.flag_bits & 1 or member.filename.startswith("__MACOSX/"):
                continue
            if member.file_size > taken.left:
                taken.too_deep = True
                continue
            with archive.open(member) as file:
                inner = file.read(taken.left + 1)  # whatever it says of its size
            _open_file(member.filename.rpartition("/")[2], inner, taken, depth)


def _open_msg(content: bytes, taken: _Taken, depth: int) -> None:
    """Outlook's own form: attachments as files, and other messages within as folders of the same shape."""
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        entries = ole.listdir(streams=True, storages=False)
        taken.notes.extend(outlook_file.bodies(ole))
        folders = {tuple(path[:-1]) for path in entries if path[-1].lower() == outlook_file.DATA}
        for folder in sorted(folders)[:MOST_ENCLOSURES]:
            names = [path for path in entries if tuple(path[:-1]) == folder]
            label = next(
                (
                    outlook_file.text(ole, one)
                    for key in outlook_file.NAMES
                    for one in names
                    if one[-1].lower().startswith(key)
                ),
                "",
            )
            path = [*folder, outlook_file.DATA]
            if ole.get_size(path) > taken.left:
                taken.too_deep = True
                continue
            _open_file(label, ole.openstream(path).read(), taken, depth)


def _open_tnef(content: bytes, taken: _Taken, depth: int) -> None:
    """winmail.dat: attributes one after the other; a name and a content follow each beginning of an attachment."""
    at, name = 6, ""
    while at + 9 <= len(content):
        attribute, size = struct.unpack_from("<II", content, at + 1)
        value = content[at + 9 : at + 9 + size]
        at += 9 + size + 2
        if attribute == _TNEF_BEGINS:
            name = ""
        elif attribute == _TNEF_TITLE:
            name = value.rstrip(b"\x00").decode("cp1252", "replace")
        elif attribute == _TNEF_DATA:
            _open_file(name, value, taken, depth)
