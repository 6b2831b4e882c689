"""What the writer of a mail wrote: without what it quotes, without mere politeness."""

import re
from dataclasses import replace
from functools import cache
from itertools import takewhile

from pipelines.lifecycle.decisions.mails.quoted_mail import begins_a_quote, written_into
from schemas.nomenclatures import say
from schemas.reports.letterbox import Letter
from schemas.table_words import words_where
from schemas.words import clean, holds, label_key

_LONGEST = 4000  # characters of one mail: nobody writes a report in there
_SIGNATURE = re.compile(r"^--\s?$")
_PHONE = re.compile(r"(?:\+\d{2,3}|\b0)\s?\d(?:[ .\-]?\d){7,8}\b")
_MOST_SIGNED = 8  # lines of a signature; more is a text


def heard(letter: Letter, *, saved: bool = False) -> Letter:
    """Return the mail with its `text`: what its writer, those whom it forwards, and the notes beside the report say.

    An answer that a program gave says nothing, unless somebody `saved` it: they want it read.
    """
    if letter.kind == "automatic" and saved:
        return replace(letter, text=said_in(letter.own or ""))
    if letter.kind != "letter":
        return letter
    alone = not (letter.enclosures or letter.passed_over)
    said = (said_in(letter.own or "", alone=alone), *map(said_in, letter.forwarded))
    text = "\n".join(filter(None, ("\n".join(filter(None, said))[:_LONGEST], *map(said_in, letter.notes))))
    if letter.answers and alone and not text and _is_blank(letter.own):
        text = say("mailbox.blank")  # whoever pressed « answer » and no more believes to have answered
    return replace(letter, text=text)


def _is_blank(text: str | None) -> bool:
    """Nothing at all stands above the quoted mail, not even a greeting; None: it cannot be read."""
    if text is None:
        return False
    above = takewhile(lambda line: not begins_a_quote(line), text.splitlines())
    return not any(map(clean, above))


def said_in(text: str, *, alone: bool = False) -> str:
    """Return what stands above the quoted mail, politeness and signature aside; all of it where anything else
    is said, or a file is promised that did not come (`alone`).
    """
    lines, signature = list[str](), list[str]()
    into = lines
    for at, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        if begins_a_quote(line):
            lines += written_into(text.replace("\r\n", "\n").split("\n")[at:])
            break
        into = signature if _SIGNATURE.match(line) else into
        into.append(clean(line))
    postscript = [one for one in signature[:_MOST_SIGNED] if _is_postscript(one)]
    if _is_polite(lines) and not postscript and not (alone and _promises(lines)):
        return ""
    lines += postscript + [one for one in signature[:_MOST_SIGNED] if _PHONE.search(one)]  # where to call them
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip())[:_LONGEST]


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
