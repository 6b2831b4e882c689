"""What stands beside a refusal: a reason, whatever its words are, or what takes it back.

Whoever refuses to enter something says why, and reasons have no bounds: one that has a word of a reason in it (kind
« reason ») is taken, whatever its other words, unless something says that the thing is so all the same, was done, is
still to be decided, or is only put off (kinds « unrefused », « plainly_so », « late », « unsure »). Of a question, and
without such a word, all of it has to be understood.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from pipelines.answer_choices import asked_as, offers_of
from pipelines.lifecycle.decisions.said.comment_clauses import (
    has,
    is_ahead_by_verb,
    said_plainly,
    says_nothing,
    without,
)
from pipelines.lifecycle.decisions.said.limits import is_limited
from pipelines.lifecycle.decisions.said.phrases import first_phrase, phrases_in
from pipelines.lifecycle.decisions.said.times_to_come import is_vague
from schemas.changes.change import Change
from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import holds, label_key

_LEAST = 4  # letters that a word of a departure is longer than
_ANY = frozenset(("taken",))  # under which a doubt stands that is one beside any answer


def takes_back_a_refusal(parts: list[str], change: Change, roles: frozenset[str], day: date) -> bool:
    """Tell whether the clauses beside « Refusé » take it back: « pas avant janvier », it is put off; « elle a bien
    changé d'hôpital », the end is so; « saisi quand même », it is done.
    """
    if gives_a_correction(parts, change):
        return True
    of_the_file = any(has(label_key(part), "of_workbook") for part in parts)
    return any(_takes_it_back(part, change, roles, day, of_the_file=of_the_file) for part in parts)


def gives_a_reason(parts: Iterable[str], change: Change, roles: frozenset[str]) -> bool:
    """Tell whether a clause beside the refusal of a deed says why, whatever other words stand in it."""
    return bool(change.deed) and any(has(label_key(part), "reason", roles) for part in parts)


def gives_a_correction(parts: Iterable[str], change: Change) -> bool:
    """Tell whether the clauses beside the refusal of a question, that nothing is to be corrected, say nothing but a
    value: « CHU », « CH du Lac = CH de Yvremont ».
    """
    told = [label_key(part) for part in parts if not says_nothing(part)]
    refusable = change.kind == "review" and any(one.code == "refused" for one in offers_of(change))
    return refusable and bool(told) and not any(has(key, "right_as_is") for key in told)


def _takes_it_back(part: str, change: Change, roles: frozenset[str], day: date, *, of_the_file: bool) -> bool:
    key = without(label_key(part), "tolerated", roles)
    denied = has(key, "negation")
    bare = " ".join(word for word in key.split() if word not in _fillers())
    if asked_as(change) == "ending" and not denied and holds(bare, _gone()):
        return True
    if (
        is_limited(key)
        or has(key, "unsure", roles | _ANY)
        or any(said_plainly(one, "plainly_so", roles) for one in (key, bare))
    ):
        return True
    if any(has(label_key(part), kind, roles) for kind in ("unrefused", "late", "limited")):
        return True
    if not denied and is_ahead_by_verb(part, by_me=asked_as(change) == "ending") and not of_the_file:
        return True
    first = first_phrase(key)
    if not of_the_file and first and first.reads == "ask" and first.question in ("coming", "waiting"):
        return True
    if not of_the_file and (has(key, "unrefused_deed", roles) or (not denied and _is_done(key, change))):
        return True
    return not has(key, "returning") and is_vague(key, day)


def _is_done(key: str, change: Change) -> bool:
    """What its line asks for is told as done: « compte ouvert ce matin »."""
    deed = change.deed
    return bool(deed) and any(one.deed == deed and one.reads == "accepted" for one in phrases_in(key))


@cache
def _fillers() -> frozenset[str]:
    """« elle a bien changé d'hôpital » is « elle a changé d'hôpital »."""
    found = (row for row in rows("answer_words") if row["reads"] == "filler" and not row["question"])
    return frozenset(word for row in found for word in row["words"].split("|") if " " not in word)


@cache
def _gone() -> frozenset[str]:
    return frozenset(_leaving_words())


def _leaving_words() -> Iterator[str]:
    table = words_where("answer_words", ask="gone")
    offers = (word for row in rows("offers") if row["code"] == "left" for word in row["also"].split("|"))
    yield from (key for one in (*table, *offers) if len(key := label_key(one)) > _LEAST)
