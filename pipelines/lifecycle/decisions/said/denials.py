"""What a comment says of the answer that it stands beside: nothing, the same, or something else.

It is taken where every word of it is understood (`agreeing.py`); of understood words some deny: a negation that is
not of a thing that may be missing (`comment_words.csv`, kind « deniable »), a doubt, a time to come, words against that
very answer. How things were before speaks against nothing.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, asked_as, offers_of
from pipelines.lifecycle.decisions.said.agreeing import Answering, is_understood
from pipelines.lifecycle.decisions.said.comment_clauses import (
    clauses_of,
    has,
    is_ahead_by_verb,
    is_all,
    is_signed,
    is_task,
    is_was,
    is_would,
    said_plainly,
    spelled_out,
    without,
    without_signature,
)
from pipelines.lifecycle.decisions.said.limits import is_limited
from pipelines.lifecycle.decisions.said.phrases import phrases_in
from pipelines.lifecycle.decisions.said.refusals import gives_a_reason, takes_back_a_refusal
from pipelines.lifecycle.decisions.said.shapes import is_filed, is_of_another_field, is_otherwise
from pipelines.lifecycle.decisions.said.times_to_come import is_vague, names_a_day
from schemas.changes.change import Change
from schemas.nomenclatures import rows
from schemas.words import label_key

_UNDONE, _WAITING = ("undone", "silence"), ("coming", "waiting")
_NAMING = ("stays", "same", "number", "owner", "rename")
_NO_TIME = ("left", "told", "two", "one", "none", "same")  # what is so whatever the day
_ENDING_ONE_DAY = ("received", "convention")
_SHORT = 2  # letters of a word that names nobody
_LINK = re.compile(r"https?://\S+")
_OF_NO_DEED = frozenset(("taken", "accepted", "done"))
_OF_A_MAIL = _OF_NO_DEED | {"letter", *(f"{deed}:accepted" for deed in ("creating", "changing", "ending"))}


def takes_back(text: str, change: Change, chosen: Offer | None, verdict: str, day: date) -> bool:
    """Tell whether a comment denies the answer that it stands beside, doubts it, or puts it off to a day to come."""
    code = chosen.code if chosen else verdict
    roles = _roles(change, code)
    if "?" in _LINK.sub("", text):
        return True
    parts = without_signature(list(clauses_of(spelled_out(text))))
    alone = len(parts) == 1
    parts = [part for part in parts if not (is_filed(label_key(part), roles) or is_signed(part, alone=alone))]
    if any(is_all(without(label_key(part), "tolerated", roles), "alone", roles) for part in parts):
        return True
    if verdict == "postponed" and code in ("postponed", "elsewhere"):
        return any(has(label_key(part), "unpostponed", roles) for part in parts)
    others = set(_others(parts, change, chosen)) if chosen and chosen.key else set[str]()
    parts = [part for part in parts if part not in others]
    also = (*(chosen.also if chosen else ()), *_ways_of(verdict, change.deed))
    beside = Answering(roles, also, _known(change, chosen), day)
    if any(is_otherwise(label_key(part), "asks", roles) for part in parts):
        return True
    reasoned = code == "refused" and gives_a_reason(parts, change, roles)
    if not reasoned and any(not is_understood(part, beside) for part in parts):
        return True
    if code == "refused":
        return takes_back_a_refusal(parts, change, roles, day)
    if chosen and chosen.key and any(_names_another(part, change, chosen) for part in parts):
        return True
    if _is_in_trouble(parts, roles):
        return True
    return any(_denies(part, code, roles, day) or is_of_another_field(label_key(part), change) for part in parts)


def _is_in_trouble(parts: list[str], roles: frozenset[str]) -> bool:
    """Something went wrong or was asked of somebody, and nothing says that it is over: « problème de droits »; not
    « j'ai appelé la hotline, c'est réglé ».
    """
    for part in reversed([one for one in parts if not is_was(one)]):
        key = without(label_key(part), "tolerated", roles)
        over = has(key, "mended", roles) or any(
            one.reads == "accepted" and not one.question for one in phrases_in(part)
        )
        if over and not has(key, "negation") and not is_otherwise(key, "trouble", roles):
            return False
        if said_plainly(key, "trouble", roles) or is_otherwise(key, "trouble", roles):
            return True
    return False


def puts_in_doubt(sentence: str, day: date) -> bool:
    """Tell whether a sentence of a mail speaks of the answers in its file and does not agree that they are so."""
    beside = Answering(_OF_A_MAIL, _ways_of("accepted", ""), frozenset(), day)
    spoken = [part for part in clauses_of(sentence) if has(label_key(part), "of_answers")]
    if spoken and "?" in sentence:
        return True
    return any(not is_understood(part, beside) or _denies(part, "accepted", _OF_NO_DEED, day) for part in spoken)


def agrees_in_a_mail(part: str, day: date) -> bool:
    """Tell whether a clause of a mail is wholly understood beside the answers in its file, and denies none of them."""
    beside = Answering(_OF_A_MAIL, _ways_of("accepted", ""), frozenset(), day)
    if is_signed(part, alone=False):
        return True
    return is_understood(part, beside) and not _denies(part, "accepted", _OF_NO_DEED | {"letter"}, day)


def is_denied_in_a_mail(part: str, day: date) -> bool:
    """Tell whether a clause of a mail denies, doubts or puts off what it speaks of, whether or not all of it is
    understood.
    """
    roles = _OF_NO_DEED | {"letter"}
    return _denies(part, "accepted", roles, day) or _is_in_trouble([part], roles)


def _known(change: Change, chosen: Offer | None) -> frozenset[str]:
    """The words of the names and values of a line."""
    person = change.person
    values = (value for one in change.fields for value in (one.after, one.before) if value)
    told = (person.last_name, person.first_name, chosen.label if chosen else "", *values)
    return frozenset(word for one in told for word in label_key(one or "").split() if len(word) > _SHORT)


@cache
def _ways_of(verdict: str, deed: str) -> tuple[str, ...]:
    """How people say Fait, Refusé."""
    found = (row for row in rows("answer_words") if row["reads"] in (verdict, "filler") and row["deed"] in ("", deed))
    return tuple(word for row in found for word in row["words"].split("|"))


def _roles(change: Change, code: str) -> frozenset[str]:
    """Under which names `comment_words.csv` speaks of an answer."""
    told = {code, f"{asked_as(change)}:{code}", f"{change.kind}:{code}", f"{change.deed}:{code}"}
    if code == "refused":
        return frozenset(told)
    until = {"until"} if code in _ENDING_ONE_DAY else set[str]()
    return frozenset(told | until | {"taken"} | ({"done"} if code not in ("told", "postponed") else set()))


def _denies(part: str, code: str, roles: frozenset[str], day: date) -> bool:
    bare = without(label_key(part), "tolerated", roles)
    if is_was(part):
        return has(bare, "strong", roles) or has(bare, "unsure", roles)
    if has(bare, "former") and has(bare, "kept", roles):
        return True
    if is_task(part) or is_otherwise(label_key(part), "otherwise", roles):
        return True
    limited = is_limited(bare) and code != "told" and not (code == "two" and "meme" in bare.split())
    if limited or any(has(bare, kind, roles) for kind in ("unsure", "limited", "asking")):
        return True
    if code in ("two", "none"):
        bare = bare.removeprefix("non ")  # « non, une seule »
    denied = has(without(bare, "agreed_no", roles), "negation")
    if denied and not has(bare, "deniable", roles):
        return True
    if has(bare, "elsewhere", roles) and not (has(bare, "also") or has(bare, "source_of")):
        return True
    if said_plainly(bare, "against", roles) or said_plainly(bare, "staying", roles):
        return True
    return is_would(part) or _is_to_come(part, bare, code, day)


def _is_to_come(part: str, bare: str, code: str, day: date) -> bool:
    """« je l'appellerai », « effectif lundi », « demain »; of « Partie » only what is said of the leaving itself."""
    if code == "told":
        by_me = is_ahead_by_verb(part, by_me=True)
        return by_me or (has(bare, "by_me") and (names_a_day(part, day) or is_vague(bare, day)))
    if is_ahead_by_verb(part, by_me=False):
        return not has(bare, "also")
    if code in _ENDING_ONE_DAY and has(bare, "until"):
        return False  # « jusqu'au 30/11/2029 » is how long the new card is good for
    if code == "left":
        return is_vague(bare, day)  # its day was read already
    return code not in _NO_TIME and (names_a_day(part, day) or is_vague(bare, day))


def _others(parts: list[str], change: Change, chosen: Offer) -> Iterator[str]:
    """What is said of those who were not chosen, and fits that: « Maëlle est remplaçante, pas titulaire »."""
    mine, theirs = _names(change, chosen)
    of_theirs = False
    for part in parts:
        key = label_key(part)
        words = set(key.split())
        of_theirs = bool(words & theirs) or (of_theirs and not words & mine)
        if of_theirs and (has(key, "negation") or has(key, "aside")):
            yield part


def _names_another(part: str, change: Change, chosen: Offer) -> bool:
    """« ensuite Maëlle », « pas Damien », beside « Reste titulaire : Damien »."""
    mine, theirs = _names(change, chosen)
    key = label_key(part)
    words = set(key.split())
    return bool(words & theirs) or (bool(words & mine) and has(key, "negation"))


def _names(change: Change, chosen: Offer) -> tuple[set[str], set[str]]:
    """The names of whom an answer chose, and of whom else one may think."""
    mine = _words_of(chosen.label)
    theirs = {word for one in offers_of(change) if one.key and one.key != chosen.key for word in _words_of(one.label)}
    if chosen.code == "rename":
        theirs |= _words_of(f"{change.person.last_name} {change.person.first_name}")
    return mine, theirs - mine


def _words_of(label: str) -> set[str]:
    return {word for word in label_key(re.split(r"[,(]", label)[0]).split() if len(word) > _SHORT}
