"""The addresses and telephones of a row that are its person's: not those to come, nor those that their own cell says
are somebody else's, « secrétariat : a@… », « 01 44 55 66 79 (König) ».

Such a one is left out where the annuaire has another: it is no news of the person.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from sys import intern

from pipelines.dates import date_in
from pipelines.names import words_of
from pipelines.normalize import parse_emails, parse_phones, phone_key
from pipelines.sources.workbook.row.cells import RowCells, RowNight
from schemas.nomenclatures import say
from schemas.reading.issue import Issue, quoted
from schemas.reading.mark import says_nothing
from schemas.table_words import words_where
from schemas.words import clean, label_key, name_key

_FEWEST_WORDS = 3  # an address or a number, a word, a day
_LONGEST = 500  # characters of a cell in which words beside a contact are weighed
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+|\b00)?\d(?:[ .\-/()]{0,2}\d){8,13}")
_PART = re.compile(r"[;,/|\n]")
_BEHIND = re.compile(r"^\s*\([^()]*\)?")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 3  # letters of a last name


def emails_of(cells: RowCells, night: RowNight) -> tuple[str, ...]:
    """Return the addresses of a row's person; what is none, or not theirs, is noted."""
    text = "" if says_nothing(cells.row.email) else cells.row.email
    if not text or _is_to_come(cells, "email", night):
        return ()
    good, bad = parse_emails(text)
    for part in bad:
        cells.add("email", "EMAIL_FORMAT", found=part)
    others = _of_others(cells, "email", night)
    theirs = _own_first([one for one in good if one not in others], cells)
    known = night.around.people.who(cells.texts)
    if len(theirs) == 1 and _is_cut(clean(text), cells) and not (known and known.email == theirs[0]):
        whole = [f"{said}{theirs[0]}" for said in _joined(clean(text))]
        if known is None or known.email not in whole:
            cells.add("email", "EMAIL_FORMAT", found=text)
        return ()
    return tuple(map(intern, theirs))


def _own_first(addresses: list[str], cells: RowCells) -> list[str]:
    """Of several, the one that bears the last name stands first: « chv@… ; a.martin@… »."""
    last = "".join(words_of(cells.row.last_name))
    own = [
        one for one in addresses if len(last) >= _LEAST and last in label_key(one.partition("@")[0]).replace(" ", "")
    ]
    return [*own, *(one for one in addresses if one not in own)] if len(own) == 1 else addresses


_SPACED = re.compile(r"((?:[^\W\d_][\w'\-]*\s+){1,3})([A-Za-zà-ÿ\-]+)@[\w-]+(?:\.[\w-]+)+")


def _is_cut(text: str, cells: RowCells) -> bool:
    """« anne martin@… », « le goff@… »: what stands before the space is the beginning of the address, and what stands
    behind it somebody else's, or nobody's.
    """
    found = _SPACED.fullmatch(text)
    if found is None:
        return False
    words, first = found[1].split(), words_of(cells.row.first_name)
    plain = _kind("label") | _kind("others")
    small = all(word[0].islower() for word in words) and plain.isdisjoint(label_key(found[1]).split())
    both = len(words) == 1 and words_of(words[0]) == first and words_of(found[2]) == words_of(cells.row.last_name)
    return small or both


def _joined(text: str) -> list[str]:
    """What the words before a space may be the beginning of: « anne. », « anne »."""
    found = _SPACED.fullmatch(text)
    words = [word.lower() for word in found[1].split()] if found else []
    return [f"{sign.join(words)}{sign}" for sign in (".", "", "-", "_")] if words else []


def phones_of(cells: RowCells, night: RowNight) -> tuple[str, ...]:
    """Return the telephones of a row's person; what is none, or not theirs, is noted."""
    text = "" if says_nothing(cells.row.phone) else cells.row.phone
    if not text or _is_to_come(cells, "phone", night):
        return ()
    good, bad, restored = parse_phones(text)
    for part in bad:
        cells.add("phone", "PHONE_FORMAT", found=part)
    if restored:
        cells.add("phone", "LEADING_ZERO_RESTORED", found=text, repaired="0" + text)
    others = _of_others(cells, "phone", night)
    return tuple(one for one in good if one not in others)


# ── to come ──────────────────────────────────────────────────────────────────────────────────────


def _is_to_come(cells: RowCells, name: str, night: RowNight) -> bool:
    """« a@… à compter du 1er mars 2027 »: nothing is known of today."""
    text = cells.texts.get(name, "")
    if len(text.split()) < _FEWEST_WORDS or not any(map(str.isalpha, text.partition("@")[2] or text)):
        return False
    when, _ = date_in(text)
    if when is None or when <= night.day:
        return False
    _note(cells, name, "row.contact_to_come", text)
    return True


def _note(cells: RowCells, name: str, key: str, text: str) -> None:
    code = "EMAIL_FORMAT" if name == "email" else "PHONE_FORMAT"
    cells.issues.append(Issue(cells.source, cells.place(name), name, code, say(key, found=quoted(text))))


# ── of somebody else ─────────────────────────────────────────────────────────────────────────────


def _of_others(cells: RowCells, name: str, night: RowNight) -> set[str]:
    """The contacts that the words beside them give to somebody else, but for the one that the annuaire has."""
    text = clean(getattr(cells.row, name))[:_LONGEST]
    pattern, key = (_EMAIL, str.lower) if name == "email" else (_PHONE, _number)
    if not any(map(str.isalpha, pattern.sub("", text))):  # nearly always
        return set()
    known = night.around.people.who(cells.texts)
    own = {*words_of(cells.row.last_name), *words_of(cells.row.first_name)}
    held = {known.email, phone_key(known.phone) if known.phone else ""} if known else set[str]()
    told = [(contact, _is_said_of_another(words, own, night)) for contact, words in _with_words(text, pattern, key)]
    others = {contact for contact, other in told if other} - {contact for contact, other in told if not other} - held
    if others:
        _note(cells, name, "row.contact_of_another", text)
    return others


def _number(text: str) -> str:
    good, _, _ = parse_phones(text)
    return good[0] if good else ""


def _with_words(
    text: str, pattern: re.Pattern[str], key: Callable[[str], str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each contact of a cell, with the words before it and in brackets behind it."""
    found = list(pattern.finditer(text))
    for at, one in enumerate(found):
        before = text[found[at - 1].end() if at else 0 : one.start()]
        before = _PART.split(_BEHIND.sub("", before) if at else before)[-1]
        after = text[one.end() : found[at + 1].start() if at + 1 < len(found) else len(text)]
        behind = _BEHIND.match(after)
        last = at + 1 == len(found)
        yield key(one[0]), (before, behind[0] if behind else _PART.split(after)[0] if last else "")


def _is_said_of_another(words: tuple[str, str], own: set[str], night: RowNight) -> bool:
    """A word for somebody else, somebody else's last name, or a label that is none of an address."""
    before, _ = words
    said = [word for part in words for word in label_key(part).split()]
    if own.intersection(said):
        return False
    if not _kind("others").isdisjoint(said) or any(
        _is_anothers_name(word, night) for part in words for word in _WORD.findall(part)
    ):
        return True
    label = label_key(before.rstrip().removesuffix(":")).split() if before.rstrip().endswith(":") else []
    return bool(label) and _kind("label").isdisjoint(label)


def _is_anothers_name(word: str, night: RowNight) -> bool:
    if len(word) < _LEAST or not word[0].isupper() or label_key(word) in _kind("label"):
        return False
    key = f"{name_key(word)}|"
    return any(one.startswith(key) for one in night.around.people.names)


@cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(words_where("contact_words", kind=kind))
