"""Places that a comment names beside « Fait »: another establishment than the one of its line asks the answer back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipelines.answer_choices import offered_text
from pipelines.lifecycle.decisions.said.comment_clauses import clauses_of
from pipelines.lifecycle.decisions.said.offered_words import confirmed_answer
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import say
from schemas.people.structure import Structure
from schemas.table_words import stands_in, words_where
from schemas.words import clean, label_key

_WHERE = ("create_account", "add_assignment", "end_assignment")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONGEST = 4  # words of a proper name
_SHORT = 2  # letters of a word that names nothing


def at_its_place(
    read: ReturnedLine, line: ReturnedLine, states: Mapping[str, ChangeState], structures: Mapping[str, Structure]
) -> ReturnedLine:
    """Return a line that was read; asked back where its comment says « Fait » of another place than its own.

    `line`: as it was written, where a confirmed answer is taken whatever stands beside it.
    """
    state = states.get(line.token.partition(":")[0])
    if state is None or read.decision != "accepted" or read.asked or state.change.kind not in _WHERE:
        return read
    if confirmed_answer(state.change, line.said):
        return read
    texts = (*filter(None, map(clean, read.comment.split("\n"))), *read.beside)
    beside = next((text for text in texts if names_another_place(text, state.change, structures)), "")
    if not beside:
        return read
    found = clean(line.said) or say(f"decision.{read.decision}")
    asked = say("asked.contradicted", found=found, beside=beside, offered=offered_text(state.change))
    return replace(read, decision="unknown", asked=asked, as_read="")


def names_another_place(text: str, change: Change, structures: Mapping[str, Structure]) -> bool:
    """Tell whether a text says that it was done at a place, « au CH de X », « sur le site de X », that is not that of
    its line. Where somebody comes from or went to is no such place.
    """
    known = structures.get(change.assignment.structure_code)
    own = {*_parts(known.name if known else ""), *_parts(change.assignment.structure_code)}
    others = {word for one in structures.values() for word in _parts(one.name)} if not own else set[str]()
    for clause in clauses_of(text):
        if _tells_of_a_way(clause, change):
            continue
        for name in _places_in(clause):
            if own.isdisjoint(name) if own else name & others:
                return True
    return False


def _tells_of_a_way(clause: str, change: Change) -> bool:
    """« mutée au CHU de X », « vient du CH de X »: where from, where to."""
    leaving = change.kind == "end_assignment" and stands_in(label_key(clause), "comment_facts", kind="gone_to")
    return leaving or stands_in(label_key(clause), "comment_facts", kind="comes_from")


def _places_in(clause: str) -> Iterator[set[str]]:
    """The proper names behind a word of a place, led by « à », « au », « sur le »: « sur le site de Grisolac »."""
    words = _WORD.findall(clause)
    keys = [label_key(word) for word in words]
    kinds, leads = words_where("comment_facts", kind="place_word"), words_where("comment_facts", kind="place_lead")
    for at, key in enumerate(keys):
        before = f" {' '.join(keys[:at])}"
        if key not in kinds or (at and not any(before.endswith(f" {lead}") for lead in leads)):
            continue
        name = _proper(words[at + 1 : at + 1 + _LONGEST + 2])
        if name:
            yield name


def _proper(words: list[str]) -> set[str]:
    """The capitalised words, small ones between them skipped, up to the first that is neither."""
    found = list[str]()
    for word in words:
        if word[:1].isupper():
            found += _parts(word)
        elif label_key(word) not in words_where("comment_words", kind="skipped"):
            break
    return set(found)


def _parts(text: str) -> set[str]:
    common = {*words_where("comment_facts", kind="place_word"), *words_where("place_words", kind="kind")}
    return {word for word in label_key(text).split() if len(word) > _SHORT and word not in common}
