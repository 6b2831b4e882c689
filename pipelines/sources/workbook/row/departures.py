"""A departure told in another cell than the status, of a column that is read; `beside/` has those that are not.

Nothing is concluded of it: whoever is told of stays, and somebody is asked (contract §6a).
"""

import re
from datetime import date
from functools import cache, lru_cache

from pipelines import names
from pipelines.dates import date_in
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.phrases.status import listed as status_words
from pipelines.sources.cells.phrases.telling import telling
from pipelines.sources.cells.presence import (
    LEFT,
    begins_with_departure,
    departures,
    has_departure,
    has_sign,
    is_left,
    presence_of,
    says_only_departure,
)
from pipelines.sources.cells.role import role_of
from pipelines.sources.mentions import sounds_of_name, told_as_gone
from schemas.nomenclatures import code_of, rows
from schemas.people.workbook_line import BETWEEN_CELLS, NAME_FIELDS, WorkbookRow
from schemas.reading.mark import is_vacancy
from schemas.table_words import words_where
from schemas.words import clean, holds, label_key

_ASIDE = re.compile(r"\(([^()]*)\)?")
_UNTIL = re.compile(r"\bjusqu.*$", re.IGNORECASE)
_PART = re.compile(r"[,;]|\s[-–]\s")
_BY = re.compile(r"\spar\s.*$", re.IGNORECASE)
_ARROW = re.compile(r"-+>|=+>|→|➔|➜|⇒")
_LEAST = 4  # letters that tell of a departure: « non », « ex » answer anything
# a cell that is nothing but a departure
_WHOLE = ("rank", "civility", "profession", "email", "phone", "efs_convention", "bills", "card_type", "structure_type")
_DRESSED = ("structure_name", "cpx_number", "rank", "profession", "email", "phone")  # or says it in brackets
_LOOKED_AT = tuple(dict.fromkeys((*_WHOLE, *_DRESSED)))


def told_in_cell(record: Record, row: WorkbookRow, function: str, day: date) -> str:
    """Return the field, the status and the remark aside, whose cell tells of a departure, or is a rank that is none;
    "" where none does.
    """
    cells = {name: clean(getattr(row, name)) for name in _LOOKED_AT}
    names = (record.get(name, "") for name in NAME_FIELDS)
    may_tell = _may_tell(BETWEEN_CELLS.join((*cells.values(), *names, row.card_expires_on)))
    told = _told_in(cells, record, row, day) if may_tell else ""
    return told or ("rank" if _is_no_rank(row, function) else "")


def _told_in(cells: dict[str, str], record: Record, row: WorkbookRow, day: date) -> str:
    for name in _WHOLE:
        if cells[name] and _is_departure(cells[name], day, of_an_address=name == "email"):
            return name
    for name in _DRESSED:
        if "(" in cells[name] and any(leaves(part, day) and not _was(part) for part in _ASIDE.findall(cells[name])):
            return name
    if told := _told_behind(cells, day):
        return told
    end = clean(row.card_expires_on)
    if end[:1].isalpha() and not end.lower().startswith("fin") and leaves(end, day):
        return "card_expires_on"
    until = _UNTIL.search(cells["structure_name"])
    if until and presence_of(until[0], day) not in ("PRESENT", ""):
        return "structure_name"
    for name in NAME_FIELDS:
        text = record.get(name, "")
        if text and (has_sign(text) or _ARROW.search(text) or (_was(text) and len(text.split()) > 1)):
            return name
    return ""


def _may_tell(text: str) -> bool:
    """All cells at once: a sign, or a word of a phrase that tells of a departure, stands somewhere in them."""
    return not _signs().isdisjoint(text) or _phrases().search(label_key.__wrapped__(text)) is not None


@cache
def _signs() -> frozenset[str]:
    return status_words("SIGN") | frozenset(">→➔➜⇒")


@cache
def _phrases() -> re.Pattern[str]:
    return telling([*departures(), *listed("order"), *listed("was"), "jusqu"])


@lru_cache(maxsize=4096)  # functions, ranks, professions are few
def _is_departure(cell: str, day: date, *, of_an_address: bool) -> bool:
    """A cell is nothing but a departure; « ex » begins addresses."""
    return label_key(cell) in listed("order") or leaves(cell, day) or (not of_an_address and _was(cell))


def _told_behind(cells: dict[str, str], day: date) -> str:
    """« HÔPITAL SAINT-ÉLOI - départ 30/09/2026 », « 8997… ; parti », « Infirmier retraité »."""
    for name in ("cpx_number", "structure_name"):
        if any(leaves(part, day) for part in _PART.split(cells[name])[1:]):
            return name
    if not code_of("professions", cells["profession"]) and has_departure(cells["profession"]):
        return "profession"
    return ""


def contradicts(remark: str, day: date) -> bool:
    """Tell whether a remark tells the departure of its person, whatever the status says: « Parti en septembre »."""
    if orders_closing(remark) or _orders_first(remark):
        return True
    if not remark or not begins_with_departure(remark, day):
        return False
    when = date_in(remark)[0]
    if when is not None and when <= day:  # « Départ le 15/09/2026, non remplacé »
        return True
    first, _, rest = remark.partition(" ")
    remark = rest if label_key(first) in status_words("PRONOUN") else remark  # « Il est parti »
    return presence_of(remark, day) == LEFT or presence_of(_BY.sub("", remark), day) == LEFT or _is_away(remark)


@lru_cache(maxsize=4096)
def may_end(remark: str, day: date) -> bool:
    """Tell whether a remark may say that its person is no longer there, in words that decide nothing: « KO », « ne pas
    garder », « fonction arrêtée »; not of a day to come, nor of a ward, a leave or a card.
    """
    when, words = date_in(remark)
    key = label_key(words)
    if not key or (when is not None and when > day):
        return False
    alone = _BEFORE_DAY.sub("", key).split()
    if alone and listed("may_end_alone").issuperset(alone):
        return True
    if holds(key, listed("may_end_not")):
        return False
    if holds(key, listed("may_end")):
        return True
    return holds(key, listed("may_end_to")) and not holds(key, listed("may_end_to_not"))


_BEFORE_DAY = re.compile(r"\b(?:le|du|au|en|depuis|partie?)\b")


def orders_closing(remark: str) -> bool:
    """Tell whether an access of this person is to be closed: « fermeture du compte à prévoir », « accès à révoquer »;
    not « ne pas fermer le compte », « fermer le compte de Mme X ».
    """
    words = label_key(remark).split()
    at = next((at for at, word in enumerate(words) if word in listed("access")), None)
    if at is None or listed("closing").isdisjoint(words) or not listed("closing_not").isdisjoint(words):
        return False
    after = words[at + 1 : at + 3]
    return not (after[:1] and after[0] in listed("access_of") and not set(after[1:]) & listed("access_own"))


def tells_of_own(remark: str, last: str, first: str, day: date) -> bool:
    """Tell whether a remark names the row's own person as gone, « Mme CORLAY est partie »; not on a day to come."""
    if not remark or _phrases().search(label_key(remark)) is None:  # nearly always
        return False
    said = {names.sound(word) for word in names.words_of(remark)}
    if not any(own and said.issuperset(own) for own in (sounds_of_name(last), sounds_of_name(first))):
        return False
    when = date_in(remark)[0]
    return (when is None or when <= day) and told_as_gone(remark, (last, first))


def _orders_first(remark: str) -> bool:
    """« Supprimer (départ) »: what is to be done, and why."""
    words = label_key(remark).split()
    return bool(words) and words[0] in listed("order") and says_only_departure(" ".join(words[1:]))


def leaves(text: str, day: date) -> bool:
    """Tell whether a cell says that its person left, or holds a sign of it."""
    return has_sign(text) or (len(label_key(text)) >= _LEAST and is_left(text, day))


def _was(text: str) -> bool:
    """« ex M. », « ancien titulaire », « feu X »."""
    return bool(set(label_key(text).split()[:1]) & listed("was"))


def _is_away(remark: str) -> bool:
    key = f" {label_key(remark)} "
    begins = any(key.startswith(f" {phrase} ") for phrase in listed("away"))
    return begins or any(f" {phrase} " in key for phrase in listed("away") if phrase.count(" ") > 1)


def _is_no_rank(row: WorkbookRow, function: str) -> bool:
    """« zzz », « vice-titulaire » for a function that has ranks, and no rank, number or function in it."""
    text = clean(row.rank)
    if not text or not label_key(text) or function not in _ranked() or is_vacancy(text):
        return False
    if role_of(row.function, text, row.structure_type)[1] or role_of(text, "", row.structure_type)[0]:
        return False
    words = [word for word in label_key(text).split() if word not in listed("rank_aside") and not word[0].isdigit()]
    return bool(words) and not all(code_of("ranks", word) for word in words)


@cache
def _ranked() -> frozenset[str]:
    return frozenset(row["function"] for row in rows("roles") if row["rank"])


@cache
def listed(kind: str) -> frozenset[str]:
    """Return the words of a kind (`departure_words.csv`)."""
    return frozenset(words_where("departure_words", kind=kind))
