"""« PETIT ép. BLANC », « DUPONT (née MARTIN) »: two names in one cell, of which the annuaire has one."""

import re
from collections.abc import Collection
from functools import cache

from pipelines.names import bag, full_key, last_names, tells_of_birth, words_of
from pipelines.sources.cells.known_people import Known, People, Record
from pipelines.sources.cells.presence import has_sign
from schemas.nomenclatures import code_of, rows
from schemas.words import clean, label_key

_WORD = re.compile(r"[^\W\d_]+")

_LINK = re.compile(
    r"\s*\(?\s*\b(?:n[ée]e?|[ée]p\.?|[ée]pouse|veuve|vve|divorc[ée]e?|devenue?|ex|ou|anciennement|nouveau nom)"
    r"(?:\b|(?<=\.))\s*[:.]?\s*",
    re.IGNORECASE,
)
_ADDED = re.compile(r"[,;(.]")  # what is not part of a name stands behind such a sign
RENAMED = "_renamed"


def known_first_name(record: Record, people: People) -> str:
    """Return the first name that the annuaire has of the person, where the cell begins with it and goes on with the
    last name or a remark: « Claire LEROY », « Claire - secrétariat »; the cell as it stands otherwise.
    """
    cell = record["first_name"]
    known = people.who(record) if len(cell.split()) > 1 and not has_sign(cell) else None
    words, own = words_of(cell), words_of(known.first_name) if known else ()
    if not known or not own or len(words) == len(own):
        return cell
    if set(words) == {*own, *words_of(known.last_name)}:  # the whole name, in whatever order
        return known.first_name
    if _has_remarks_alone(cell, own, words_of(known.last_name)):
        return known.first_name
    if words[: len(own)] == own:
        rest = set(words[len(own) :])
        if rest <= set(words_of(known.last_name)) or _ADDED.search(cell):
            return known.first_name
    return known.first_name if _is_in_a_sentence(cell, own) else cell


def mark_renamed(record: Record, people: People) -> None:
    """Mark a last name that tells of another one: « PETIT s'appelle désormais BLANC », « DURAND (anciennement LEROY) »:
    nobody but its person says which is theirs today.
    """
    cell = clean(record["last_name"])
    known = people.who(record) if len(cell.split()) > 1 else None
    if not known or len(words_of(cell)) <= len(words_of(known.last_name)):
        return
    said = f" {label_key(cell)} "
    if any(f" {phrase} " in said for phrase in _words("renamed")) or (
        "/" in record["cpx_number"]
        and _has_another(cell, known)
        and not _SHARED.search(record["first_name"])  # of others the register tells
    ):
        record[RENAMED] = cell


def _without_first_name(cell: str, first_name: str, people: People) -> str:
    """« Leroy Claire | Claire » of LEROY Claire, whom the annuaire has: the first name stands in both cells."""
    words, first = cell.split(), len(first_name.split())
    if not first or len(words) <= first:
        return ""
    for beside, rest in ((words[-first:], words[:-first]), (words[:first], words[first:])):
        same = words_of(" ".join(beside)) == words_of(first_name)
        if same and full_key(" ".join(rest), first_name) in people.names:
            return " ".join(rest)
    return ""


def _has_another(cell: str, known: Known) -> bool:
    """« ROUSSEL (BARBIER) », « BARBIER = ROUSSEL »: the known name, a sign that is none of a name, and another name."""
    own = words_of(known.last_name)
    if not set(own) <= set(words_of(cell)) or _tells_of_birth(cell) or not _NO_NAME.search(cell):
        return False
    return bool(_further_names(cell, {*own, *words_of(known.first_name)}))


def _tells_of_birth(cell: str) -> bool:
    return tells_of_birth(cell) or not {"naissance", "jeune"}.isdisjoint(label_key(cell).split())


def _further_names(cell: str, own: Collection[str]) -> list[str]:
    """The words of a cell that may be further names: with a capital, and no word for a job, a role or a remark."""
    found = [word for word in _WORD.findall(cell) if len(word) >= _LEAST and word[0].isupper()]
    return [word for word in found if not _is_of_remarks(word) and not set(words_of(word)) <= set(own)]


def _has_remarks_alone(cell: str, own: Collection[str], other: Collection[str]) -> bool:
    """« Secrétariat BARBIER », « Nadège 80 % »: the known name, with words of a remark or figures, and no other."""
    if not set(own) <= set(words_of(cell)) or _further_names(cell, {*own, *other}):
        return False
    rest = [word for word in words_of(cell) if word not in {*own, *other}]
    return any(word.isdigit() or _is_of_remarks(word) for word in rest) and not set(rest) <= _particles()


@cache
def _particles() -> frozenset[str]:
    return frozenset(w for row in rows("name_words") if row["kind"] == "particle" for w in row["words"].split())


def _is_of_remarks(word: str) -> bool:
    return label_key(word) in _remark_words() or any(code_of(table, word) for table in _TABLES)


@cache
def _remark_words() -> frozenset[str]:
    kinds = ("role", "helper", "aside", "ordinary", "unspoken_aside")
    return frozenset(word for row in rows("nobody_words") if row["kind"] in kinds for word in row["words"].split("|"))


_TABLES = ("professions", "functions", "ranks", "civilities")
_NO_NAME = re.compile(r"[0-9=%()/:+&.,;→]")
_LEAST = 3  # letters of a name
_SHARED = re.compile(r"[/&+;,\n]|\b(?:et|ou|puis)\b", re.IGNORECASE)  # two first names: two people, and no marriage


def _is_in_a_sentence(cell: str, own: tuple[str, ...], beside: Collection[str] = ()) -> bool:
    """The name that is known, and beside it words of a sentence alone, in small letters, or `beside`: no other name."""
    words = words_of(cell)
    at = next((at for at in range(len(words)) if words[at : at + len(own)] == own), None)
    if at is None:
        return False
    small = {word for text in _WORD.findall(cell) if text[0].islower() for word in words_of(text)}
    return (small | set(beside)).issuperset((*words[:at], *words[at + len(own) :]))


def _with_first_name(cell: str, first_name: str, people: People) -> str:
    """« Leroy Claire | Claire »: the last name of the one whom the annuaire has of these very words; "" for nobody."""
    words, own = words_of(cell), set(words_of(first_name))
    if len(words) < 2 or not own or not own < set(words):
        return ""
    known = people.by_words.get(bag((cell, "")))
    return known.last_name if known and set(words_of(known.first_name)) == own else ""


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["words"] for row in rows("name_words") if row["kind"] == kind)


def known_name(record: Record, people: People, *, sentence: bool = True) -> str:
    """Return the one of two last names under which the annuaire has the person; the cell as it stands where it has
    neither.
    """
    cell = clean(record["last_name"])
    if whole := _with_first_name(cell, record["first_name"], people):
        return whole
    known = people.who(record) if len(cell.split()) > 1 and not has_sign(cell) else None
    own = words_of(known.last_name) if known else ()
    if (
        known
        and own
        and sentence
        and len(words_of(cell)) > len(own)
        and (
            (_has_remarks_alone(cell, own, words_of(known.first_name)) and record["first_name"])
            or _is_in_a_sentence(cell, own, {*words_of(known.first_name), *_words("beside")})
        )
    ):
        return known.last_name
    if repeated := _without_first_name(cell, record["first_name"], people):
        return repeated
    parts = [part.strip(" ()") for part in _LINK.split(cell, maxsplit=1)]
    if len(parts) != 2 or not all(parts):
        return record["last_name"]
    known = people.who(record)
    if known:
        same = [part for part in parts if last_names(part, known.last_name) in ("same", "particle", "order")]
    else:
        same = [part for part in parts if full_key(part, record["first_name"]) in people.names]
    return same[0] if len(same) == 1 else record["last_name"]
