"""Where something stands in a returned file, and what is to be said of it, for a mail: with nobody's name in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from pipelines.answer_choices import Offer, named_in, offers_of
from pipelines.lifecycle.decisions.facts.written_numbers import told_number
from pipelines.lifecycle.decisions.said.comment_clauses import says_nothing
from pipelines.lifecycle.decisions.said.phrases import answer_words
from pipelines.phrase import structure_text
from schemas.changes.change import Change
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import AnswerPlace
from schemas.changes.remark import NUMBER, Remark
from schemas.nomenclatures import messages, say
from schemas.people.structure import Structure
from schemas.words import clean, label_key

_QUOTED = re.compile(r"«[ \u00a0](.*?)[ \u00a0]»")
_LONG_NUMBER = re.compile(r"(?:\d[ .]?){8,}|@")
_CAPITALS = re.compile(r"\b[^\W\d_]{2,}\b")
_SHOWN, _A_PHONE = 4, 10  # digits
_LONGEST_QUOTE = 160
_QUOTED_AS_WRITTEN = ("note", "row", "cell", "comment", "day", "letter")
_SHORT = 3  # letters of a name that are no evidence


def places_of(
    remarks: Sequence[Remark],
    states: Mapping[str, ChangeState] | None = None,
    structures: Mapping[str, Structure] | None = None,
) -> tuple[AnswerPlace, ...]:
    """Return each with its sheet and row, its establishment and reference, and what to say of it."""
    states, structures = states or {}, structures or {}
    names = _names(state.change for state in states.values())
    told = (one for one in remarks if one.text or one.kind not in ("refusal", "beside"))  # there is nothing to say
    return tuple(
        _place(shown, states.get(one.change_id), structures, names)
        for one in told
        for shown in _with_number(one, states.get(one.change_id))
    )


def _with_number(one: Remark, state: ChangeState | None) -> Iterator[Remark]:
    """A comment beside an answer is counted; the number in it is answered as well."""
    yield one
    if one.code == NUMBER and one.kind in ("beside", "refusal"):
        yield replace(one, kind="note", message=told_number(one.text, state.change if state else None))


def _place(
    one: Remark, state: ChangeState | None, structures: Mapping[str, Structure], names: frozenset[str]
) -> AnswerPlace:
    if state is None:
        told = one.text if one.kind == "piece" else _quoted(one.text, names) if one.kind in _QUOTED_AS_WRITTEN else ""
        return AnswerPlace(one.sheet, one.row, one.kind, without_names(one.message, None, names), text=told)
    change = state.change
    place = structure_text(change.assignment, structures) if change.assignment.structure_code else ""
    known = ", ".join(filter(None, (place, change.id)))
    beside = one.kind in ("refusal", "beside") and not says_nothing(one.text)
    quoted = _quoted(one.text, names) if beside or one.kind in _QUOTED_AS_WRITTEN else ""
    return AnswerPlace(one.sheet, one.row, one.kind, without_names(one.message, change, names), known, quoted)


def without_names(text: str, change: Change | None, names: frozenset[str]) -> str:
    """Return the sentence without the candidates' names, and without what was typed where that may name somebody."""
    text = _without_candidates(text, offers_of(change) if change else ())
    return _QUOTED.sub(lambda found: _hidden(found, names), text)


def _hidden(found: re.Match[str], names: frozenset[str]) -> str:
    """A quotation without the words that may name somebody; our own labels as they are."""
    if found[1] in _labels() or not _may_name(found[1], names):
        return found[0]
    shown = _masked(found[1], names).strip()
    if shown.strip("… ,.;:!"):
        return say("receipt.word", word=shown)
    return say("receipt.what_you_wrote") if found.start() == 0 else say("receipt.word", word="…")


@cache
def _labels() -> frozenset[str]:
    return frozenset(messages().values())


def _without_candidates(text: str, offers: Sequence[Offer]) -> str:
    """Candidates stand together in a list: of several there is one entry left, which says how the list has them."""
    for code in dict.fromkeys(one.code for one in offers if one.key):
        named = [one for one in offers if one.code == code]
        if len(named) > 1:
            text = text.replace(" · ".join(one.text for one in named), say(f"offer.{code}_listed"))
    for one in offers:
        text = text.replace(one.text, one.unnamed)
    return text


def _masked(typed: str, names: frozenset[str]) -> str:
    """What was read, without the words that may name somebody: whoever wrote it knows them."""
    bare = re.sub(r"\S*@\S*|(?:\d[ .]?){8,}", _end_of_a_number, typed)
    words = bare.split(" ")
    hidden = [_hides(word, at, names, shouted=typed.isupper()) for at, word in enumerate(words)]
    return re.sub(
        r"(?:… ?){2,}", "… ", " ".join("…" if hide else word for word, hide in zip(words, hidden, strict=True))
    )


def _quoted(text: str, names: frozenset[str]) -> str:
    """A comment as a mail may quote it, and no longer than one looks at."""
    shown = _masked(clean(text), names).strip()
    return shown if len(shown) <= _LONGEST_QUOTE else f"{shown[:_LONGEST_QUOTE].rstrip()}…"


def _end_of_a_number(found: re.Match[str]) -> str:
    """Of a card's number, written as one, the last digits: whoever wrote it knows it again by them."""
    digits = found[0].strip()
    return f"…{digits[-_SHOWN:]} " if digits.isdecimal() and len(digits) > _A_PHONE else "… "


def _hides(word: str, at: int, names: frozenset[str], *, shouted: bool) -> bool:
    if not names.isdisjoint(label_key(word).split()):
        return True
    letters = _CAPITALS.findall(word)
    return at > 0 and not shouted and any(one[0].isupper() and not _is_known_short(one) for one in letters)


def _is_known_short(word: str) -> bool:
    """« CPS », « DRH », « Refusé »: capitals that are no name."""
    return word in say("receipt.known_shorts").split("|") or label_key(word) in answer_words()


def _may_name(typed: str, names: frozenset[str]) -> bool:
    """A word of it is somebody's name, is written as a name is, or it has a long number or an address."""
    written = _CAPITALS.findall(typed)
    as_names = any(word[0].isupper() and not _is_known_short(word) for word in written[1:]) and not typed.isupper()
    return as_names or bool(_LONG_NUMBER.search(typed)) or not names.isdisjoint(label_key(typed).split())


def _name_of(label: str) -> str:
    """A candidate's name, without what else is said of them: function, address, whether the account is active."""
    return re.split(r"[,(]", label)[0]


def _names(changes: Iterable[Change]) -> frozenset[str]:
    """Every word of the names of those whom the changes are about, and of their candidates."""
    found: set[str] = set()
    for change in changes:
        person = change.person
        told = (person.last_name, person.first_name, *(_name_of(one.label) for one in named_in(change)))
        found |= {word for name in told for word in label_key(name).split() if len(word) >= _SHORT}
    return frozenset(found)
