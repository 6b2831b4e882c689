"""What the name of a sheet, or its title, says that it is: of leavers, of the past, a draft, or to come."""

import re
from functools import cache

from schemas.nomenclatures import region_of, rows
from schemas.reading.mark import is_legend
from schemas.words import fold, label_key

LEAVERS, PAST, DRAFT, FUTURE, TODAY = "leavers", "past", "draft", "future", ""
_NUMBER = re.compile(r"\d+")
_LONGEST = 12  # words of a title of leavers
_LONGEST_TITLE = 8  # words; a longer text is a sentence about something else


_PLACES = re.compile(
    r"\bdep(?:art(?:ement)?)?s?[ .\-]*(?:n ?°? ?)?((?:0[1-9]|[1-9]\d|2[ab]|9[78]\d)\b(?!\s*(?:/|personnes?|agents?)))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def is_of_a_place(text: str) -> bool:
    """Tell whether it is a place that sounds of leaving: « Départ. 01 », « Ex-Auvergne », « Anciens CHRU »."""
    if _PLACES.search(fold(text)) and not _YEAR.search(text):
        return True
    words = label_key(text).split()
    at = next((at for at, word in enumerate(words) if word in _old()), None)
    rest = words[at + 1 :] if at is not None else []
    return bool(rest) and (
        not _places().isdisjoint(rest) or bool(region_of(" ".join(rest))) or bool(region_of(rest[0]))
    )


@cache
def _old() -> frozenset[str]:
    return frozenset(
        word for row in rows("departure_words") if row["kind"] == "was" for word in row["words"].split("|")
    )


@cache
def _places() -> frozenset[str]:
    """Words for establishments, their kinds and areas."""
    full = {word for row in rows("structure_words") if row["means"] for word in (row["written"], *row["means"].split())}
    areas = {word for row in rows("place_words") if row["kind"] == "area" for word in row["words"].split("|")}
    return frozenset(full | areas) - {"dr", "pr", "st"}


def meaning_of_title(text: str) -> str:
    """Return what the longest known phrase says; of equal ones the first of the table."""
    words = label_key(text).split()
    if not words or len(words) > _LONGEST_TITLE or is_legend(text):
        return TODAY
    best, size = TODAY, 0
    for row in rows("sheet_names"):
        for phrase in row["words"].split("|"):
            wanted = phrase.split()
            if len(wanted) > size and any(words[at : at + len(wanted)] == wanted for at in range(len(words))):
                best, size = row["kind"], len(wanted)
    return TODAY if best == "today" or (best == LEAVERS and is_of_a_place(text)) else best


def means_leavers(title: str) -> bool:
    """Tell whether every word of it is about leaving, or says nothing: « Anciens correspondants », not « Ancien hôpital
    de … ».
    """
    return _is_made_of(title, (LEAVERS,), ("aside",))


def may_mean_leavers(title: str) -> bool:
    """Tell whether it is a title below which nobody is taken for present: « À retirer de l'annuaire », « Comptes à
    fermer ». One that plainly means leavers is one, too.
    """
    return _is_made_of(title, (LEAVERS, "to_ask"), ("aside", "ask_aside"))


def orders_leaving(title: str) -> bool:
    """Tell whether it says what is to be done, « Comptes à désactiver », and not who left."""
    return not _listed(("order",)).isdisjoint(label_key(title).split())


def is_template(title: str) -> bool:
    """Tell whether a draft is a template: « Trame », « Modèle 2026 »."""
    return not _listed(("template",)).isdisjoint(label_key(title).split())


def _is_made_of(title: str, core: tuple[str, ...], aside: tuple[str, ...]) -> bool:
    """Some phrase of `core` is in it, and nothing but those and words of `aside`."""
    if "?" in title or is_legend(title) or is_of_a_place(title):
        return False
    words = _NUMBER.sub(" ", label_key(title)).split()
    if not words or len(words) > _LONGEST:
        return False
    known: set[int] = set()
    for phrase in map(str.split, _listed(core)):
        for at in range(len(words) - len(phrase) + 1):
            if words[at : at + len(phrase)] == phrase:
                known.update(range(at, at + len(phrase)))
    return bool(known) and all(at in known or word in _listed(aside) for at, word in enumerate(words))


@cache
def _listed(kinds: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for row in rows("section_words") if row["kind"] in kinds for word in row["words"].split("|"))
