"""An answer of the list, with what people write around it: « carte reçue hier », « prévenue le 20/11, merci »."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, named_in, offer_said, offers_of
from pipelines.lifecycle.decisions.said.limits import is_ahead, is_limited
from pipelines.lifecycle.decisions.said.phrases import reason_pattern
from pipelines.lifecycle.decisions.said.signed_answers import unsigned
from pipelines.lifecycle.decisions.written_dates import DATE_WORD, take_dates
from schemas.changes.change import Change
from schemas.nomenclatures import rows, say
from schemas.table_words import words_where
from schemas.words import clean, label_key

_ANY_DAY = date(2000, 1, 1)  # what day is meant does not matter

_VERDICTS = ("accepted", "refused", "postponed")
_TIME = re.compile(r"\s+(?:à|vers)\s+\d{1,2}\s?h(?:\s?\d{2})?\b")
_AFTER_NO = re.compile(r"\s*\w+\s*(?:[,;:.!]+|\s[-\u2013\u2014]+)\s+(?=\w)")
_LONGEST = 5  # words of a filler
_SAYING_MORE = ("what", "deed")  # « aucun changement » is not « aucun »


def offer_written(change: Change, said: str, day: date) -> Offer | None:
    """Return the answer that somebody wrote, whatever fillers and days stand around it; None for any other text.

    A day to come is no answer to what is so: « toujours ouvert jusqu'au 31/12 » is that the day after.
    """
    if "?" in said:
        return None
    said = _TIME.sub("", "".join(sign for sign in said if sign not in _yes_marks()))
    if found := offer_said(change, said):
        return found
    if found := _by_rank(change, said) or _denied_first(change, said):
        return found
    dated = take_dates(unsigned(clean(said)), day)
    if is_ahead(dated, day):
        return None
    words = label_key(dated.text).split()
    same = [one for one in offers_of(change) if any(_stands_in(way.split(), words) for way in _ways(one))]
    if not same and words and not dated.days:
        named = offer_said(change, _bare(words))
        same = [named] if named and named.key else []
    return same[0] if len(same) == 1 else None


def _by_rank(change: Change, said: str) -> Offer | None:
    """« la 1ère », « le premier », « 2 »: where the list and the candidates have the same order; « première
    réponse » as the list has it.
    """
    key = label_key(said)
    found = next((row for row in rows("answer_ranks") if re.fullmatch(row["pattern"], key)), None)
    offers = offers_of(change)
    rank = int(found["rank"]) if found else 0
    if not 0 < rank <= len(offers) or change.kind != "review":
        return None
    offer, named = offers[rank - 1], [one for one in named_in(change) if one.key != change.account_id]
    listed = bool(found and found["of"] == "list")
    same_order = len(named) >= rank and bool(offer.key) and named[rank - 1].key == offer.key
    return offer if same_order or (listed and offer.code not in _VERDICTS) else None


def _denied_first(change: Change, said: str) -> Offer | None:
    """« NON : en poste », where « en poste » is a way to refuse; « non en poste » says that nobody is."""
    cut = _AFTER_NO.match(said)
    noes = words_where("answer_words", ask="no")
    found = offer_said(change, said[cut.end() :]) if cut and label_key(cut[0]) in noes else None
    return found if found and found.verdict == "refused" else None


def offer_with_reason(change: Change, said: str, day: date) -> tuple[Offer, str] | None:
    """Return (the answer, what follows it): « Partie (à la retraite) », « prévenue, par téléphone »; None for any other
    text, and where what follows takes it back.
    """
    cut = reason_pattern().search(said)
    if cut is None or "?" in said:
        return None
    offer, rest = offer_written(change, said[: cut.start()], day), said[cut.end() :].rstrip(") ")
    if offer is None or offer.code in _VERDICTS or not rest or (offer.key and offer.code != "stays"):
        return None  # « c'est A0012, son homonyme »
    return None if is_limited(rest) or _denies(rest) else (offer, rest)


def confirmed_answer(change: Change, said: str) -> str:
    """Return the answer of « Fait, confirmé », which stands whatever is written beside it; "" for any other text."""
    key = label_key(said)
    found = next((one for one in words_where("answer_words", reads="confirmed") if key.endswith(f" {one}")), "")
    bare = key.removesuffix(found).strip()
    offer = offer_said(change, bare) if found else None
    return offer.text if offer else ""


def is_cancelled(said: str) -> bool:
    """Tell whether a text takes the answer before it back, and says nothing else: « Annuler », « annulé svp »,
    « annuler ma réponse du 23/11 ».
    """
    dated = take_dates(clean(said), _ANY_DAY)
    key = label_key(dated.text.replace(DATE_WORD, ""))
    ways = words_where("answer_words", reads="cancelled")
    return bool(key) and (key in ways or _bare(key.split()) in ways)


def without_field(said: str, change: Change) -> str:
    """Return « nom modifié » as « modifié » where the line is about the name; any other text as it is."""
    if change.kind != "update_account":
        return said
    nouns = {row["field"]: row["words"].split("|") for row in rows("answer_fields")}
    ways = (word for one in change.fields for word in nouns.get(one.field, ()))
    articles = say("offer.articles").split("|")
    key = label_key(said)
    for article in ("", *articles):
        key = key.removeprefix(f"{article} ") if article else key
    way = next((one for one in sorted(ways, key=len, reverse=True) if key.startswith(f"{one} ")), "")
    return key.removeprefix(f"{way} ") if way else said


def _denies(rest: str) -> bool:
    """« prévenue, pas joignable »."""
    words = words_where("answer_words", reads="denial")
    return bool({*label_key(rest).split()[:1]} & {*words})


def _stands_in(way: list[str], words: list[str]) -> bool:
    """The answer stands whole in the text, and nothing but fillers around it."""
    size = len(way)
    return bool(way) and any(
        words[at : at + size] == way and not _bare(words[:at]) and not _bare(words[at + size :])
        for at in range(len(words) - size + 1)
    )


def _ways(offer: Offer) -> Iterator[str]:
    """Fait, Refusé and Reporté with what stands around them are read as every other text, with their day."""
    own = () if offer.code in _VERDICTS else (offer.text,)
    yield from map(label_key, (*own, *offer.also))


def _bare(words: list[str]) -> str:
    """The words without fillers, days and what leads to a day."""
    kept, at = list[str](), 0
    beside = _fillers() | _leads() if DATE_WORD in words else _fillers()  # « partie lundi » says no day
    while at < len(words):
        sizes = range(min(_LONGEST, len(words) - at), 0, -1)
        size = next((size for size in sizes if " ".join(words[at : at + size]) in beside), 0)
        kept += [] if size else [words[at]]
        at += size or 1
    return " ".join(kept)


@cache
def _yes_marks() -> frozenset[str]:
    return frozenset(
        sign for row in rows("answer_marks") if row["reads"] == "accepted" for sign in row["marks"].split()
    )


@cache
def _fillers() -> frozenset[str]:
    return _words("filler")


@cache
def _leads() -> frozenset[str]:
    return frozenset({DATE_WORD}) | _words("lead")


def _words(reads: str) -> frozenset[str]:
    told = (row for row in rows("answer_words") if row["reads"] == reads)
    found = (row["words"] for row in told if row["question"] not in _SAYING_MORE)
    return frozenset(words for one in found for words in one.split("|"))
