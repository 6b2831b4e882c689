"""An answer of the list, with what people write around it: « carte reçue hier », « prévenue le 20/11, merci »."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, offer_said, offers_of
from pipelines.lifecycle.decisions.said.limits import is_ahead
from pipelines.lifecycle.decisions.said.signed_answers import unsigned
from pipelines.lifecycle.decisions.written_dates import DATE_WORD, take_dates
from schemas.changes.change import Change
from schemas.nomenclatures import rows
from schemas.words import clean, label_key

_VERDICTS = ("accepted", "refused", "postponed")
_LONGEST = 5  # words of a filler
_SAYING_MORE = ("what", "deed")  # « aucun changement » is not « aucun »


def offer_written(change: Change, said: str, day: date) -> Offer | None:
    """Return the answer that somebody wrote, whatever fillers and days stand around it; None for any other text.

    A day to come is no answer to what is so: « toujours ouvert jusqu'au 31/12 » is that the day after.
    """
    if "?" in said:
        return None
    if found := offer_said(change, said):
        return found
    dated = take_dates(unsigned(clean(said)), day)
    wanted = _bare(label_key(dated.text))
    same = [one for one in offers_of(change) if wanted and wanted in map(_bare, _ways(one))]
    if not same and wanted and not dated.days:
        named = offer_said(change, wanted)
        same = [named] if named and named.key else []
    if len(same) != 1 or is_ahead(dated, day, plain=same[0].verdict == "accepted"):
        return None
    return same[0]


def _ways(offer: Offer) -> Iterator[str]:
    """Fait, Refusé and Reporté with what stands around them are read as every other text, with their day."""
    own = () if offer.code in _VERDICTS else (offer.text,)
    yield from map(label_key, (*own, *offer.also))


def _bare(key: str) -> str:
    """The words without fillers, days and what leads to a day."""
    words, kept, at = key.split(), list[str](), 0
    while at < len(words):
        sizes = range(min(_LONGEST, len(words) - at), 0, -1)
        size = next((size for size in sizes if " ".join(words[at : at + size]) in _fillers()), 0)
        kept += [] if size else [words[at]]
        at += size or 1
    return " ".join(kept)


@cache
def _fillers() -> frozenset[str]:
    told = (row for row in rows("answer_words") if row["reads"] in ("filler", "lead"))
    found = (row["words"] for row in told if row["question"] not in _SAYING_MORE)
    return frozenset({DATE_WORD, *(words for one in found for words in one.split("|"))})
