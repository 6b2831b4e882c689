"""What else stands on an answered line, in the file and in its mail: read with the answer, which it may deny."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipelines.lifecycle.decisions.said.comment_clauses import has, without
from pipelines.lifecycle.decisions.said.denials import puts_in_doubt
from pipelines.lifecycle.decisions.said.phrases import say_one_thing
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.changes.remark import WrittenText
from schemas.nomenclatures import say
from schemas.words import clean, label_key

_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHORT = 3  # letters of a word that is no evidence of a name


def with_what_stands_beside(
    lines: Sequence[ReturnedLine],
    written: Sequence[WrittenText],
    letter: str,
    states: Mapping[str, ChangeState],
    day: date,
) -> tuple[ReturnedLine, ...]:
    """Return the lines with whatever else is written on them, and what their mail (`letter`) says of whom they are
    about: it may deny the answer as a comment does. Where the mail takes its file back, or speaks of its answers and
    does not agree with them, every answer is asked back.
    """
    found: dict[tuple[str, int], list[str]] = {}
    for one in written:
        if one.token and one.kind in ("note", "cell"):
            pieces = [one.text] if one.kind == "note" else [_bare(piece) for piece in one.text.split(" | ")]
            found.setdefault((one.sheet, one.row), []).extend(pieces)
    sentences = [one for one in _SENTENCES.split(letter) if clean(one)]
    names = [_names_of(line, states) for line in lines]
    people = set(names)  # one with two lines is one
    shared = {word for word, count in Counter(word for one in people for word in one).items() if count > 1}
    named = {word for one in names for word in one}
    apart = [one for one in written if not one.token and one.kind in ("note", "row", "cell") and " | " not in one.text]
    about = [("", one) for one in sentences] + [
        (one.sheet, part) for one in apart for part in _SENTENCES.split(one.text)
    ]
    general = [(sheet, text) for sheet, text in about if _is_of_all(text, named) and _takes_back(text, day)]
    texts = [text for _, text in about]
    sheets = {line.sheet for line in lines}
    lines = [_typed_over(line, written, states) for line in lines]
    return tuple(
        _told_of(
            line,
            [*found.get((line.sheet, line.row), ()), *_about(texts, mine, shared)],
            next(((sheet, text) for sheet, text in general if sheet not in sheets - {line.sheet}), None),
        )
        for line, mine in zip(lines, names, strict=True)
    )


def _typed_over(line: ReturnedLine, written: Sequence[WrittenText], states: Mapping[str, ChangeState]) -> ReturnedLine:
    """The line; asked back where « Fait » stands beside another value that was typed over ours."""
    state = states.get(line.token.partition(":")[0])
    found = say_one_thing(line.said, question=False)
    accepted = line.decision == "accepted" or (found is not None and found.reads == "accepted")
    typed = (one for one in written if one.token == line.token and one.row == line.row and one.code == "typed_over")
    if state is None or line.asked or not accepted:
        return line
    ours = {label_key(one.after or "") for one in state.change.fields}
    values = [_bare(piece) for one in typed for piece in one.text.split(" | ")]
    other = next((value for value in values if label_key(value) not in ours), "")
    asked = say("asked.typed_over", found=line.said, value=other)
    return replace(line, decision="unknown", asked=asked) if other else line


def _is_of_all(sentence: str, named: Collection[str]) -> bool:
    """It names nobody of the file, or says that it is of all; « fichier d'essai » names no Mme d'Essai."""
    key = label_key(sentence)
    return set(without(key, "cancels").split()).isdisjoint(named) or has(key, "alone_so")


def _takes_back(sentence: str, day: date) -> bool:
    key = label_key(sentence)
    if has(key, "cancels"):
        return not has(key, "earlier")  # « annule et remplace le précédent »
    return puts_in_doubt(sentence, day)


def _told_of(line: ReturnedLine, beside: Sequence[str], back: tuple[str, str] | None) -> ReturnedLine:
    if back and line.decision and not line.asked:
        sheet, text = back
        asked = say("asked.sheet_takes_back" if sheet else "asked.mail_takes_back", found=clean(text))
        return replace(line, decision="unknown", asked=asked, beside=tuple(beside))
    return replace(line, beside=tuple(beside))


def _names_of(line: ReturnedLine, states: Mapping[str, ChangeState]) -> frozenset[str]:
    """The words by which a mail names whom a line is about."""
    state = states.get(line.token.partition(":")[0])
    told = f"{state.change.person.last_name} {state.change.person.first_name}" if state else ""
    return frozenset(word for word in label_key(told).split() if len(word) > _SHORT)


def _about(sentences: Sequence[str], names: frozenset[str], shared: Collection[str]) -> Iterator[str]:
    """The sentences of the mail that name whom a line is about, and nobody else by that name alone."""
    for sentence in sentences:
        found = names.intersection(label_key(sentence).split())
        if found - set(shared) or (found and found == names):
            yield " ".join(word for word in sentence.split() if not names.intersection(label_key(word).split()))


def _bare(text: str) -> str:
    """Without the heading of the column: « Réponse du Dr Roux : non »."""
    _, colon, rest = text.replace("\u00a0", " ").partition(" : ")
    return rest if colon else text
