"""Of which lines a mail speaks: of those that it names, by a name, a number or their place; else of none of them.

« PS : pour Mme X je n'ai pas pu saisir, e-FIT bloque » is about her lines, and the sentence after it that says « elle »
too; « les autres ne sont pas faits » is about all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import groupby

from pipelines.lifecycle.decisions.mails.letters import sentences_of
from pipelines.lifecycle.decisions.said.comment_clauses import clauses_of, has, known_words, sentence_form, words_of
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.table_words import stands_in, words_where
from schemas.words import fold, label_key

_WORD = re.compile(r"[^\W\d_]+")
_LEAST, _LONG = 4, 5  # letters of a word that is evidence of a name; of one that may be misspelt
_ALIKE = 0.84  # of a name, misspelt
_DIGITS = re.compile(r"(?<!\d)\d(?:[ .]?\d){7,}(?!\d)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a mail, or a clause of it, and the places of the lines that it is about; none: of none alone, and
    of all but those of which the sentence says something else.
    """

    text: str
    lines: frozenset[int] = frozenset()
    but: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Addressed:
    """By what a mail may name a line: the words of the name, numbers and references, its sheet and row."""

    names: frozenset[str]
    numbers: frozenset[str]
    sheet: str
    row: int


def addressed(line: ReturnedLine, change: Change | None) -> Addressed:
    """Return by what a mail may name this line."""
    sheet = label_key(line.sheet)
    if change is None:
        return Addressed(frozenset(), frozenset(), sheet, line.row)
    person = change.person
    names = (word for word in label_key(f"{person.last_name} {person.first_name}").split() if len(word) >= _LEAST)
    values = (value for one in change.fields if one.field == "cpx_number" for value in (one.before, one.after))
    numbers = filter(None, (person.national_id, change.account_id, change.id, *values))
    return Addressed(frozenset(names), frozenset(map(label_key, numbers)), sheet, line.row)


def parts_of(letter: str, lines: Sequence[Addressed]) -> list[Passage]:
    """Return what a mail says, in order, each part with the lines that it means."""
    return list(_parts(sentences_of(letter), lines))


def _parts(sentences: Sequence[str], lines: Sequence[Addressed]) -> Iterator[Passage]:
    last = frozenset[int]()
    for sentence in sentences:
        key = label_key(sentence)
        if meant := lines_meant(sentence, lines):
            last = meant
            yield from _of_some_and_of_all(sentence, meant, lines)
        elif last and has(key, "of_them") and not any(has(key, kind) for kind in ("of_nobody", "of_rest", "of_all")):
            yield Passage(sentence, last)
        else:
            last = frozenset()
            yield Passage(sentence)


def _of_some_and_of_all(sentence: str, meant: frozenset[int], lines: Sequence[Addressed]) -> Iterator[Passage]:
    """What it says of those whom it names, and what of all: « X est créée, les autres pas encore »."""
    hidden = without_names(sentence, frozenset(word for at in meant for word in lines[at].names))
    key = label_key(hidden)
    before = sentence_form("but_for").split(hidden, maxsplit=1)[0]
    taken_back = has(key, "cancels") and has(key, "of_all")
    if has(key, "alone_so") or sentence_form("only").search(key) or taken_back:
        yield Passage(hidden)
    elif before != hidden and not lines_meant(sentence_form("but_for").split(sentence, maxsplit=1)[0], lines):
        yield Passage(before)
        yield Passage(hidden, meant)
    else:
        clauses = list(clauses_of(sentence))
        rest = [one for one in clauses if has(label_key(one), "of_rest") and not lines_meant(one, lines)]
        yield from (Passage(one, but=meant) for one in rest)
        theirs = ", ".join(one for one in clauses if one not in rest) if rest else sentence
        yield Passage(theirs, meant)


def lines_meant(text: str, lines: Sequence[Addressed]) -> frozenset[int]:
    """Return the places of the lines that a text names."""
    key = label_key(text)
    digits = {found.replace(" ", "").replace(".", "") for found in _DIGITS.findall(text)} | set(key.split())
    joined = key.replace(" ", "")
    by_number = {
        at
        for at, one in enumerate(lines)
        if any(number in digits or number.replace(" ", "") in digits for number in one.numbers)
        or any(number.startswith("chg") and number.replace(" ", "") in joined for number in one.numbers)
    }
    return frozenset(by_number | _by_place(key, lines) | _by_name(text, lines))


def _by_place(key: str, lines: Sequence[Addressed]) -> set[int]:
    """« À créer ligne 4 », « la ligne 4 »; « feuille Cartes » all of it."""
    sheets = {one.sheet for one in lines if f" {one.sheet} " in f" {key} "}
    found = [match for way in _rows() for match in way.finditer(key)]
    rows = {int(number) for match in found for number in re.findall(r"\d+", match["rows"])}
    if rows:
        return {at for at, one in enumerate(lines) if one.row in rows and (not sheets or one.sheet in sheets)}
    said = {
        sheet for sheet in sheets if any(f"{lead} {sheet}" in key for lead in words_where("mail_places", kind="sheet"))
    }
    return {at for at, one in enumerate(lines) if one.sheet in said}


def of_sheets_named(text: str, lines: Sequence[Addressed]) -> frozenset[int]:
    """Return the places of the lines of the sheets that a text names by what is done there: « les désactivations »."""
    key = label_key(text)
    said = {sheet for sheet in {one.sheet for one in lines} if stands_in(key, "mail_places", kind=f"deed {sheet}")}
    return frozenset(at for at, one in enumerate(lines) if one.sheet in said)


@cache
def _rows() -> tuple[re.Pattern[str], ...]:
    lead = "|".join(words_where("mail_places", kind="row"))
    return (re.compile(rf"\b(?:{lead}) (?:n |no |numero )?(?P<rows>\d{{1,4}}(?: (?:et |a )?\d{{1,4}})*)\b"),)


def _by_name(text: str, lines: Sequence[Addressed]) -> set[int]:
    """Where a text has all names of somebody, them; else all who bear one that it has."""
    named = names_in(text, frozenset(word for one in lines for word in one.names))
    people = {one.names for one in lines if one.names}
    whole = {one for one in people if one <= named}
    left = named.difference(*whole)
    meant = whole | {one for one in people if one & left}
    return {at for at, one in enumerate(lines) if one.names in meant}


def names_in(text: str, names: frozenset[str]) -> frozenset[str]:
    """Return those of the names that a text uses as such: written as a name, behind « Mme » or « pour », or no other
    word; « petit » and « Petit » may be a word.
    """
    found, before = set[str](), ""
    for at, match in enumerate(_WORD.finditer(text)):
        word, key = match[0], fold(match[0])
        led = before in _leads() or (before in _within_a_name() and found)
        as_name = (word[:1].isupper() and (at or word.isupper())) or led
        if key in names and (as_name or key not in known_words()):
            found.add(key)
        elif len(key) >= _LONG and word[:1].isupper() and as_name and key not in known_words():
            found |= set(get_close_matches(key, [one for one in names if len(one) >= _LONG], 1, _ALIKE))
        before = key
    return frozenset(found)


@cache
def _within_a_name() -> frozenset[str]:
    """« d' » of « Anne d'Essai »."""
    return words_of("skipped", frozenset())


@cache
def _leads() -> frozenset[str]:
    return words_of("title", frozenset()) | words_of("name_lead", frozenset())


def without_names(sentence: str, names: frozenset[str]) -> str:
    """Return the sentence, « … » for the name: whoever wrote it knows it again."""
    hidden = ("…" if names.intersection(label_key(word).split()) else word for word in sentence.split())
    return " ".join(word for word, same in groupby(hidden) for _ in (same if word != "…" else "…"))
