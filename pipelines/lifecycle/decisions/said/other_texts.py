"""What else is written in a returned file, or in its mail, read with the answers that it may be about.

What stands on a line is read with that line, what names somebody with theirs. The rest of a mail, and what lies over a
title or in a box, may be about every line: where it is not wholly understood as innocent, every answer is asked back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from pipelines.lifecycle.decisions.said.comment_clauses import has
from pipelines.lifecycle.decisions.said.denials import puts_in_doubt
from pipelines.lifecycle.decisions.said.letters import is_innocent, sentences_of
from pipelines.lifecycle.decisions.said.other_values import is_value_of
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.changes.remark import ABOUT_THE_SHEET, WrittenText
from schemas.nomenclatures import say
from schemas.words import clean, label_key

_NO_LETTER = re.compile(r"^\W+")
_SHORT = 3  # letters of a word that is no evidence of a name


@dataclass(frozen=True, slots=True)
class _Text:
    """A sentence, the sheet it stands on (`sheet`: "" of a mail), and whether it has to be understood wholly."""

    sheet: str
    text: str
    wholly: bool

    def is_against(self, day: date) -> bool:
        """It takes answers back, or speaks of them and does not agree; or is not understood, where it has to be."""
        if self.wholly:
            return not is_innocent(self.text, day)
        return _takes_back(self.text, day)


def with_what_stands_beside(
    lines: Sequence[ReturnedLine],
    written: Sequence[WrittenText],
    letter: str,
    states: Mapping[str, ChangeState],
    day: date,
) -> tuple[ReturnedLine, ...]:
    """Return the lines with whatever else is written on them, and what their mail (`letter`) says of whom they are
    about: it may deny the answer as a comment does. A value that was typed over another asks its answer back.
    """
    found: dict[tuple[str, int], list[str]] = {}
    values: dict[tuple[str, int], str] = {}
    for one in written:
        if one.token and one.kind in ("note", "cell"):
            pieces = [one.text] if one.kind == "note" else [_bare(piece) for piece in one.text.split(" | ")]
            found.setdefault((one.sheet, one.row), []).extend(pieces)
            if one.code == "typed_over":
                values[one.sheet, one.row] = one.text
    names = [_names_of(line, states) for line in lines]
    told = list(_texts(written, letter))
    named = {word for one in names for word in one}
    general = [one for one in told if _is_about_all(one.text, named) and one.is_against(day)]
    about = [(text, _meant(text, names)) for one in told for text in [one.text]]
    sheets = {line.sheet for line in lines}
    return tuple(
        _told_of(
            _with_value(line, values.get((line.sheet, line.row), ""), _change_of(line, states)),
            [*found.get((line.sheet, line.row), ()), *(_without(text, mine) for text, who in about if mine in who)],
            next((one for one in general if one.sheet not in sheets - {line.sheet}), None),
        )
        for line, mine in zip(lines, names, strict=True)
    )


def _texts(written: Sequence[WrittenText], letter: str) -> Iterator[_Text]:
    yield from (_Text("", one, wholly=True) for one in sentences_of(letter))
    for one in written:
        if not one.token and one.kind in ("note", "row", "cell") and " | " not in one.text:
            wholly = one.code == ABOUT_THE_SHEET
            yield from (_Text(one.sheet, part, wholly=wholly) for part in sentences_of(one.text))


def _is_about_all(text: str, named: set[str]) -> bool:
    """It names nobody of the report, written as a name is: « petit » and « Petit » may be a word."""
    words = [_NO_LETTER.sub("", word) for word in text.split()]
    as_names = (word for at, word in enumerate(words) if word[:1].isupper() and (at or word.isupper()))
    return not any(named.intersection(label_key(one).split()) for one in as_names) or has(label_key(text), "alone_so")


def _takes_back(sentence: str, day: date) -> bool:
    key = label_key(sentence)
    if has(key, "cancels"):
        return not has(key, "earlier")  # « annule et remplace le précédent »
    return puts_in_doubt(sentence, day)


def _with_value(line: ReturnedLine, typed: str, change: Change | None) -> ReturnedLine:
    """The line; asked back where another value than one that it asks for was typed over ours."""
    pieces = [_bare(piece) for piece in typed.split(" | ")] if typed else []
    if not (line.decision and change and not line.asked) or all(is_value_of(piece, change) for piece in pieces):
        return line
    return replace(line, decision="unknown", asked=say("asked.typed_over", found=line.said, beside=typed))


def _told_of(line: ReturnedLine, beside: Sequence[str], back: _Text | None) -> ReturnedLine:
    if back and line.decision and not line.asked:
        asked = say("asked.sheet_takes_back" if back.sheet else "asked.mail_takes_back", found=clean(back.text))
        return replace(line, decision="unknown", asked=asked, beside=tuple(beside), asked_for_mail=not back.sheet)
    return replace(line, beside=tuple(beside))


def _change_of(line: ReturnedLine, states: Mapping[str, ChangeState]) -> Change | None:
    state = states.get(line.token.partition(":")[0])
    return state.change if state else None


def _names_of(line: ReturnedLine, states: Mapping[str, ChangeState]) -> frozenset[str]:
    """The words by which a mail names whom a line is about."""
    change = _change_of(line, states)
    told = f"{change.person.last_name} {change.person.first_name}" if change else ""
    return frozenset(word for word in label_key(told).split() if len(word) > _SHORT)


def _meant(text: str, names: Sequence[frozenset[str]]) -> frozenset[frozenset[str]]:
    """Whom of these a sentence names: where it has all names of somebody, them; else all who bear one that it has."""
    words = set(label_key(text).split())
    people = {one for one in names if one}
    whole = frozenset(one for one in people if one <= words)
    left = words.difference(*whole)
    return whole | {one for one in people if one & left}


def _without(sentence: str, names: frozenset[str]) -> str:
    """The sentence, « … » for the name: whoever wrote it knows it again."""
    hidden = ("…" if names.intersection(label_key(word).split()) else word for word in sentence.split())
    return " ".join(word for word, same in groupby(hidden) for _ in (same if word != "…" else "…"))


def _bare(text: str) -> str:
    """Without the heading of the column: « Réponse du Dr Roux : non »."""
    _, colon, rest = text.replace("\u00a0", " ").partition(" : ")
    return rest if colon else text
