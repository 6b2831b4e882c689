"""The number in a cell that says more than a number: « N° RPPS : 99… », « 8… (CPS) », « CPE 3…/12 » (contract §8).

A digit run is a number where its key bears it out, and one alone does. All that do are typed evidence, whatever else
stands in the cell: none of them is dropped.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from schemas.nomenclatures import rows, terms
from schemas.people.identifiers import CpxReading, NumberKind, classify_cpx
from schemas.table_words import words_where
from schemas.words import clean, fold

_LONGEST = 200  # characters of a cell that is searched for numbers
_ESTABLISHMENT = re.compile(r"(?<![0-9])[1-6][0-9AB ]{9,16}\s?/\s?[A-Za-z0-9][A-Za-z0-9\-_.]*")
_DIGITS = re.compile(
    r"(?<![0-9A-Za-z])[0-9](?:[\s.\-_]?[0-9]|[AB](?=[\s.\-_]?[0-9]))*(?![0-9])|(?<=[^0-9\s.\-_])[0-9](?:[\s.\-_]?[0-9])*(?![0-9])"
)
_LOOKING_LIKE = re.compile(r"[0-9OoIl|]{11,12}")
_LETTERS = str.maketrans("OoIl|", "00111")
_FEWEST_DIGITS = 5
_LEAST = 11  # digits of an RPPS number, signs of any other with what tells it
_SERIAL_LENGTH = 10
_OF_A_STRUCTURE = ("finess", "siret", "siren")
_UNREADABLE = {"CPX_FORMAT", "CPX_KEY", "CPX_OBSOLETE_TYPE"}
_REMARK_AFTER = re.compile(r"^(\S+/[^\s(,;]+)(?:\s*\(.*|\s+[^\W\d]+\b.*|\s*[,;].*)$")


@dataclass(frozen=True, slots=True)
class Typed:
    """How the cells of a number are read, every national number borne out in them, and the cell as it stands."""

    reading: CpxReading
    numbers: tuple[str, ...] = ()
    cell: str = ""


def read_number(cells: Iterable[str], not_a_person: str = "") -> Typed:
    """Read the number of the first cells, which share a header; a person's own goes before an old ADELI number beside
    it.
    """
    written = list(filter(clean, cells))
    if len(written) == 1:  # nearly all
        return _one(written[0], not_a_person)
    read = [_one(cell, not_a_person) for cell in written] or [Typed(classify_cpx("", not_a_person=not_a_person))]
    best = min(read, key=lambda one: _ORDER.index(one.reading.kind))
    numbers = tuple(dict.fromkeys(number for one in read for number in one.numbers))
    return replace(best, numbers=numbers)


def numbers_typed(cell: str) -> tuple[str, ...]:
    """Return every national number borne out in the one cell of a row's number."""
    return _one(cell, "").numbers


_ORDER = (NumberKind.RPPS, NumberKind.ESTABLISHMENT, NumberKind.ADELI, NumberKind.SERIAL, NumberKind.NONE)


@lru_cache(maxsize=4096)  # the number of a row is asked for by whoever asks whom it is about
def _one(cell: str, not_a_person: str) -> Typed:
    plain = classify_cpx(cell, not_a_person=not_a_person)
    if plain.usable:
        return _without_remark(plain, cell)
    if plain.kind is NumberKind.SERIAL or _UNREADABLE.isdisjoint(plain.codes) or len(cell) > _LONGEST:
        return Typed(plain, cell=cell)
    found = _among(clean(cell), not_a_person) or _with_digits(clean(cell))
    numbers = tuple(dict.fromkeys(one.number for one in found if one.usable))
    said = {one.number: one for one in found}
    if len(numbers) > 1:
        return Typed(replace(plain, codes=("CPX_FORMAT",)), numbers, cell)
    if len(said) != 1:
        mistyped = [run for run in _runs(clean(cell)) if "CPX_KEY" in classify_cpx(run).codes]
        alone = len(mistyped) == 1 and not said and "CPX_FORMAT" in plain.codes
        return Typed(replace(plain, codes=("CPX_KEY",)) if alone else plain, numbers, cell)
    [one] = said.values()
    if _among(clean(cell), not_a_person) and not dress_words().issuperset(
        _WORD.findall(fold(cell))
    ):  # « pas 8997… », « 8997… (ancienne) »: evidence
        return Typed(replace(plain, codes=("CPX_FORMAT",)), numbers, cell)
    return Typed(CpxReading(plain.raw, one.number, one.kind, ("NUMBER_UNDRESSED",)), numbers, cell)


@cache
def dress_words() -> frozenset[str]:
    """Return the words that may stand beside a number and say nothing of it: of its header, of kinds of cards."""
    headers = (row for row in rows("workbook_columns") if row["field"] in ("cpx_number", "card_type"))
    told = {text for row in headers for text in (row["label"], row["synonyms"])}
    told |= {text for one in terms("card_types").values() for text in (one.code, one.label, *one.synonyms)}
    return frozenset(word for text in told for word in _WORD.findall(fold(text))) | frozenset(
        words_where("plain_words", kind="dress")
    )


_WORD = re.compile(r"[a-z]+")


def _with_digits(text: str) -> list[CpxReading]:
    """The number of a cell in which letters stand for digits that look like them, where its key bears that out."""
    run = re.sub(r"[\s.\-_]", "", text)
    if not _LOOKING_LIKE.fullmatch(run) or sum(map(str.isdigit, run)) < _FEWEST_DIGITS:
        return []
    one = classify_cpx(run.translate(_LETTERS))
    return [one] if one.kind is NumberKind.RPPS and one.usable else []


@lru_cache(maxsize=4096)  # a cell of a row is asked more than once, and may be long
def numbers_in(cell: str, not_a_person: str = "") -> tuple[str, ...]:
    """Return every national number borne out in any cell, a remark or a number with its remark too."""
    if not may_number(cell):
        return ()
    found = _among(clean(cell)[:_LONGEST], not_a_person)
    return tuple(dict.fromkeys(one.number for one in found if one.usable))


def may_number(cell: str) -> bool:
    """Tell whether a national number may stand in a cell: most have fewer digits, or are a telephone."""
    if len(cell) < _LEAST:
        return False
    if not cell.isascii() or "/" in cell or sum(map(str.isdigit, cell)) >= _LEAST:
        return True
    return "adeli" in cell.lower()  # such a number has less digits, and is one only where it is called so


def _without_remark(plain: CpxReading, cell: str) -> Typed:
    """« 3690008883/777 (CPE) »: an internal number is free text, but a remark after it is not part of it."""
    runs = _ESTABLISHMENT.findall(plain.raw) if plain.kind is NumberKind.ESTABLISHMENT else []
    several = _establishments(runs) if len(runs) > 1 else []
    if len(several) > 1:  # « 3…/1 remplacée par 3…/2 »: none has a key that would tell which
        return Typed(CpxReading(plain.raw, codes=("CPX_FORMAT",)), tuple(several), cell)
    found = _REMARK_AFTER.match(plain.raw) if plain.kind is NumberKind.ESTABLISHMENT else None
    alone = classify_cpx(found[1]) if found else plain
    if alone is plain or not alone.usable:
        return Typed(plain, (plain.number,), cell)
    return Typed(CpxReading(plain.raw, alone.number, alone.kind, ("NUMBER_UNDRESSED",)), (alone.number,), cell)


def _establishments(runs: Iterable[str]) -> list[str]:
    """The different numbers of an establishment's cards that several runs are."""
    read = (classify_cpx(run.replace(" ", "").rstrip(".-_")) for run in runs)
    return list(dict.fromkeys(one.number for one in read if one.usable))


def with_evidence(typed: Typed, elsewhere: Iterable[str]) -> Typed:
    """Return it with the numbers that other cells of the row have, where its own cell has none: typed evidence too."""
    found = tuple(dict.fromkeys(elsewhere))
    return replace(typed, numbers=found) if found and not typed.reading.usable and not typed.numbers else typed


def _among(text: str, not_a_person: str) -> list[CpxReading]:
    """What the runs of a text are: national numbers with their right key; without any, a serial that stands alone."""
    if text.isascii() and text.isdigit():  # nearly every cell of a number
        alone = classify_cpx(text)
        serial = alone.kind is NumberKind.SERIAL and len(alone.number) == _SERIAL_LENGTH
        return [alone] if text != not_a_person and (serial or alone.kind is NumberKind.RPPS) else []
    rest, found = text, []
    for run in _ESTABLISHMENT.findall(text):
        reading = classify_cpx(run.replace(" ", "").rstrip(".-_"))
        if reading.usable:
            found.append(reading)
            rest = rest.replace(run, " / ")
    runs = [run for run in _runs(rest) if run != not_a_person]
    read = [classify_cpx(run) for run in runs if not _is_a_structures(rest, run)]
    found += [one for one in read if one.kind is NumberKind.RPPS]
    found += [one for one in read if one.kind is NumberKind.ADELI and "adeli" in fold(text)]
    serials = [one for one in read if one.kind is NumberKind.SERIAL and len(one.number) == _SERIAL_LENGTH]
    return found or (serials if len(runs) == 1 else [])


def _runs(text: str) -> list[str]:
    return [re.sub(r"[\s.\-_]", "", part) for run in _DIGITS.findall(text) for part in _parted(run)]


def _parted(run: str) -> list[str]:
    """Two numbers with nothing but a space or a line break between them are two where their keys say so."""
    words = run.split()
    for at in range(1, len(words)):
        first = "".join(words[:at])
        if classify_cpx(first).kind is NumberKind.RPPS:
            rest = _parted(" ".join(words[at:]))
            if any(classify_cpx(part).kind is NumberKind.RPPS for part in rest):
                return [first, *rest]
    return [run]


def _is_a_structures(text: str, run: str) -> bool:
    """« FINESS 010007771 » beside a number names a structure."""
    before = fold(text.replace(" ", "").partition(run)[0])[-12:]
    return any(word in before for word in _OF_A_STRUCTURE)


def with_known_zeros(typed: Typed, known: Container[str]) -> Typed:
    """Return a CPE or CPA number with the zeros before its serial that the annuaire has and a spreadsheet took away:
    « 3380022335/77 » is « 3380022335/0077 », where nobody has the shorter one.
    """
    place, slash, serial = typed.reading.number.partition("/")
    if not slash or typed.reading.number in known:
        return typed
    bare = serial.lstrip("0")
    forms = (f"{place}/{bare.zfill(width)}" for width in range(len(bare), _LONGEST_SERIAL + 1))
    found = [one for one in forms if one in known]
    return replace(typed, reading=replace(typed.reading, number=found[0])) if bare and len(found) == 1 else typed


_LONGEST_SERIAL = 10
