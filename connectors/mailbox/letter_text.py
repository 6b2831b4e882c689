"""What the writer of a mail wrote: without what it quotes, without mere politeness."""

import html
import re
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from functools import cache
from itertools import takewhile

from connectors.mailbox.bounces import OURS, header_text
from connectors.mailbox.quoted_mail import written_into
from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import clean, fold, holds, label_key

LONGEST = 4000  # characters of one mail: nobody writes a report in there
_TAGS = re.compile(r"<(?:style|script|head)\b.*?</(?:style|script|head)>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_QUOTE = re.compile(r"(?=<(?:blockquote|div id=\"(?:divRplyFwdMsg|appendonsend)\"|hr\b))", re.IGNORECASE)
_RULE = "\n________\n"  # above a quoted mail: what is written into that is told apart from ours
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_SIGNATURE = re.compile(r"^--\s?$")
_PHONE = re.compile(r"(?:\+\d{2,3}|\b0)\s?\d(?:[ .\-]?\d){7,8}\b")
_MOST_FORWARDED = 5  # mails in a mail
_MOST_SIGNED = 8  # lines of a signature; more is a text


def texts_of(message: EmailMessage, *, alone: bool) -> str:
    """Return what its writer wrote, and the writers of the mails that it forwards; not ours, which come back."""
    inner = [one for one in message.walk() if one is not message and isinstance(one, EmailMessage)]
    theirs = [one for one in inner if one["From"] and not OURS.search(header_text(one, "Message-ID"))]
    said = (text_of(message, alone=alone), *map(text_of, theirs[:_MOST_FORWARDED]))
    return "\n".join(filter(None, said))[:LONGEST]


def text_of(message: EmailMessage, *, alone: bool = False) -> str:
    """Return the text; "" where nothing is said, or it cannot be read. `alone`: no file came with it."""
    return said_in(_text(message) or "", alone=alone)


def is_blank(message: EmailMessage) -> bool:
    """Tell whether nothing at all stands above the quoted mail, not even a greeting."""
    text = _text(message)
    if text is None or said_in(text):
        return False
    above = takewhile(lambda line: not any(one.match(fold(line)) for one in _quotes()), text.splitlines())
    return not any(map(clean, above))


def _text(message: EmailMessage) -> str | None:
    """All of it, as plain text; None where it cannot be read, or is a file."""
    try:
        part = message.get_body(("plain", "html"))
        content = _content(part) if part is not None else ""
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, KeyError):
        return None
    if not isinstance(content, str) or (part is not None and part.get_filename()):
        return None
    plain = _plain(content) if part is not None and part.get_content_type() != "text/plain" else content
    page = message.get_body(("html",)) if not plain.strip() else None
    return _text(page) if isinstance(page, EmailMessage) and page is not part else plain  # a text that was left empty


def _content(part: MIMEPart) -> object:
    """What it holds; by its bytes where it names a charset that is none: gateways write « unknown-8bit »."""
    try:
        return part.get_content()
    except LookupError:
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes):
            raise
    try:
        return raw.decode()
    except UnicodeDecodeError:
        is_text = 2 * sum(byte < 0x80 for byte in raw) > len(raw)
        return raw.decode("cp1252", "replace") if is_text else ""


def _plain(content: str) -> str:
    bare = re.sub(r"<[^>]*>", " ", _BREAKS.sub("\n", _QUOTE.sub(_RULE, _TAGS.sub(" ", content[: LONGEST * 50]))))
    return html.unescape(bare)


def said_in(text: str, *, alone: bool = False) -> str:
    """Return what stands above the quoted mail, politeness and signature aside; all of it where anything else
    is said, or a file is promised that did not come (`alone`).
    """
    lines, signature = list[str](), list[str]()
    into = lines
    for at, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        folded = fold(line)
        if any(one.match(folded) for one in _quotes()):
            lines += written_into(text.replace("\r\n", "\n").split("\n")[at:])
            break
        into = signature if _SIGNATURE.match(line) else into
        into.append(clean(line))
    postscript = [one for one in signature[:_MOST_SIGNED] if _is_postscript(one)]
    if _is_polite(lines) and not postscript and not (alone and _promises(lines)):
        return ""
    lines += postscript + [one for one in signature[:_MOST_SIGNED] if _PHONE.search(one)]  # where to call them
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip())[:LONGEST]


@cache
def _quotes() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in rows("quote_marks"))


@cache
def _courtesies(kind: str = "") -> frozenset[tuple[str, ...]]:
    """Of a kind, or all: a signature follows `closing`; `enclosing` says that a file comes with the mail."""
    chosen = words_where("courtesies", kind=kind) if kind else words_where("courtesies")
    return frozenset(tuple(words.split()) for words in chosen)


def _promises(lines: list[str]) -> bool:
    words = " ".join(label_key(line) for line in lines)
    return holds(words, map(" ".join, _courtesies("enclosing")))


def _is_polite(lines: list[str]) -> bool:
    """Nothing is said but that something comes, and who sends it: greetings, then a closing and a short signature."""
    told = [line for line in lines if line]
    for at, line in enumerate(told):
        words = label_key(line).split()
        if not _made_of(words, _courtesies()):
            return False
        if any(tuple(words[-len(one) :]) == one for one in _courtesies("closing")):
            return len(told) - at - 1 <= _MOST_SIGNED and not any(_goes_on(one) for one in told[at + 1 :])
    return True


def _goes_on(line: str) -> bool:
    """After the closing, a line that is no signature: a postscript, or a sentence."""
    return _is_postscript(line) or line.rstrip().endswith((".", "!", "?"))


def _is_postscript(line: str) -> bool:
    return label_key(line).startswith(("ps ", "p s ", "nb ", "n b "))


def _made_of(words: list[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    at = 0
    while at < len(words):
        size = next((size for size in range(5, 0, -1) if tuple(words[at : at + size]) in phrases), 0)
        if not size:
            return False
        at += size
    return True
