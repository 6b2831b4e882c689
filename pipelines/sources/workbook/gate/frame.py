"""What a list says of itself: « Manque encore les réponses de Savigne », « Suite page suivante », « + 2 assistants ».

It is not the whole of its places, or of the one that it names: nobody there is gone by standing in no row (§6a).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from pipelines.sources.cells.place import Surroundings, own_words
from pipelines.sources.cells.presence import has_departure
from pipelines.sources.workbook.beside.sentences import LONGEST, NAMED, few_cells
from pipelines.sources.workbook.gate.words import FRAME, OWN, listed, says_they_came, strange_words
from schemas.nomenclatures import code_of
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.reading.mark import is_legend, is_total
from schemas.reading.sheet_meaning import may_mean_leavers
from schemas.table_words import words_where
from schemas.words import clean, fold, holds, label_key

_STEM = 6  # letters that « assistant » and « assistante » share
_MOST_CELLS = 3  # of a sentence below or above a table
_SENTENCE = 4  # words
_OF_WHOM = 4  # words within which a list says of whom it is
_MARKED = re.compile(r"\s*(?:[*§†‡¹²³]|\(?\d{1,2}\s?\))")  # the beginning of a footnote
_PAGE = re.compile(
    r"\b(?:page|p|feuillet|feuille|partie|volet|lot|fichier|envoi|liste)\.?\s*(\d{1,2})\s*(?:/|sur|de)\s*(\d{1,2})\b",
    re.I,
)
_PART = re.compile(r"\b(\d)\s?(?:er|ere|re|e|eme|nde?)\s+(?:partie|volet|envoi|lot|tranche)\b")
_SHORT_PAGE = re.compile(r"[Pp]\.?\s*\d")
_VERBAL = re.compile(r"(?:ée?s?|er|ir|ant|ont|ait|aient|ez|[^i]ons|rai|ras|ra)$")  # how verbs end: « tronqué »
_INTEGER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_MORE = re.compile(r"^\s*\+\s*\d+\b")
_COUNTED = re.compile(r"[^\W\d_]{4,}\s*:\s*\d\b")  # « assistants : 2 »
_DOTS = re.compile(r"[\s./|-]*(?:…|\.\.\.)[\s./|…-]*")


def not_whole(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], around: Surroundings
) -> Iterator[UnreadRow]:
    """Yield a question for each sentence that says so: about the establishments that it names, else about all."""
    at = {line.location: line for line in lines}
    sheets = dict.fromkeys(place.rpartition("!")[0] for place in at)
    if sheets and all(_is_a_part(name) for name in sheets):
        yield _about(lines[0].source, lines[0].location, "", next(iter(sheets)))
    pages = _pages(written)
    inside: dict[str, int] = {}  # sheet → how many of its people stand below
    for line in lines:
        inside[line.location.rpartition("!")[0]] = inside.get(line.location.rpartition("!")[0], 0) + 1
    whole = dict(inside)
    for row in written if lines else ():
        one = at.get(row.line)
        if one:
            inside[row.sheet] -= not row.note
            for text in _remarks(row, one):
                yield _about(row.source, row.location, one.assignment.structure_code, text)
            continue
        cells = [] if row.note else few_cells(row, _MOST_CELLS)
        text = " ".join(cells)
        below = inside.get(row.sheet, 0)
        between = 0 < below < whole.get(row.sheet, 0)
        if not text or len(text) > LONGEST or ((between or not below) and says_they_came(text)):
            continue
        free = row.sheet in sheets and (len(cells) == 1 or not row.read)  # else a row of somebody, or a vacancy
        strange: list[str] = []
        if not (
            _says_so(text)
            or _counts_more(text, lines, written, around)
            or _is_a_page_of(text, pages, between)
            or (free and _limits(text, between))
        ):
            strange = _strange(text, around, between) if free else []
            if not strange:
                continue
        said = set(label_key(text).split())
        named = [code for code, one in around.structures.items() if (own := own_words(one.name)) and own <= said]
        words = tuple((OWN[FRAME], word) for word in strange)
        for code in named or [""]:
            yield replace(_about(row.source, row.location, code, text), strange=words)


def _is_a_part(sheet: str) -> bool:
    """« Suite », « Ajouts », by its name alone."""
    return not _kind("sheet").isdisjoint(label_key(sheet).split()) or says_they_came(sheet)


def closed_places(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], around: Surroundings
) -> Iterator[UnreadRow]:
    """Yield a question for each « Clinique du Lac Bleu : FERMÉE au 30/06/2026 » of which no row has anybody."""
    there = {line.assignment.structure_code for line in lines}
    read = {line.location for line in lines}
    for row in written:
        text = "" if row.note or row.line in read else " ".join(few_cells(row, _MOST_CELLS))
        said = set(label_key(text).split()) if text and len(text) <= LONGEST else set[str]()
        if _kind("closed").isdisjoint(said):
            continue
        named = [code for code, one in around.structures.items() if (own := own_words(one.name)) and own <= said]
        if len(named) == 1 and named[0] not in there:
            yield replace(_about(row.source, row.location, named[0], text), not_understood="unnamed")


def _limits(text: str, between: bool) -> bool:
    """A title or a footer with a word that limits, « hors CHU »."""
    words = label_key(text).split()
    if _is_of_people(text):
        return False
    if not listed(("delta",)).isdisjoint(words) and not listed(("only",)).isdisjoint(words):
        return True
    if not listed(("instruction",)).isdisjoint(words):
        return not listed(("strong",)).isdisjoint(words)
    limits = {after for one, after in pairwise((*words, "")) if one in listed(("limiting",)) and not after.isdigit()}
    # « hors assistants » is asked once
    return (
        bool(limits) and (_is_a_sentence(words) or not between) and not _all_answered(words) and not _roles() >= limits
    )


def _strange(text: str, around: Surroundings, between: bool) -> list[str]:
    """The words of a title or a footer that nobody knows: the verbs, or, of a sentence anywhere, any."""
    words = label_key(text).split()
    told = _is_of_people(text) or _all_answered(words) or NAMED.search(text)  # of somebody, and not of the list
    if told or not listed(("instruction",)).isdisjoint(words):
        return []
    sentence = _is_a_sentence(words)
    strange = strange_words(text, FRAME, (), around) if sentence or not between else []
    return strange if sentence or any(map(_VERBAL.search, strange)) else []


def _is_of_people(text: str) -> bool:
    return bool(is_legend(text) or _MARKED.match(text) or has_departure(text) or may_mean_leavers(text))


def _is_a_sentence(words: Sequence[str]) -> bool:
    return len(words) >= _SENTENCE and not listed(("verb",)).isdisjoint(words)


def _all_answered(words: Sequence[str]) -> bool:
    """« Tous … ont répondu »."""
    return not listed(("all",)).isdisjoint(words) and words[-1] in listed(("answered",))


def _counts_more(text: str, lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], around: Surroundings) -> bool:
    """« Total CHU : 7 personnes », and two of them stand in the list."""
    if not is_total(text) or len(told := _INTEGER.findall(text)) != 1:
        return False
    said = {word for word in label_key(text).split() if not word.isdigit() and word not in listed(FRAME)}
    named = {code for code, one in around.structures.items() if said and said <= set(label_key(one.name).split())}
    if not said:  # which may count sub-totals too
        return int(told[0]) > len(written)
    return bool(named) and int(told[0]) > sum(line.assignment.structure_code in named for line in lines)


def _pages(written: Sequence[WrittenRow]) -> set[tuple[int, int]]:
    """(number, of how many) of each page or part that the texts of a file say they are."""
    texts = [row.text for row in written if not row.note]
    of_all = {(int(one[1]), int(one[2])) for text in filter(_may_be_a_page, texts) for one in _PAGE.finditer(text)}
    may_tell = (text for text in texts if not text.isascii() or _names(text, _kind("of_parts")))
    return of_all | {(int(one[1]), 0) for text in may_tell for one in _PART.finditer(fold(text))}


def _may_be_a_page(text: str) -> bool:
    """Whether `_PAGE` could find anything: asked of every row, it is ten times the pattern's pace."""
    return _names(text, _kind("of_pages")) or _SHORT_PAGE.search(text) is not None


def _names(text: str, words: Collection[str]) -> bool:
    """One of these words, in any case, as a pattern knows cases."""
    said = text.lower().replace("ſ", "s").replace("ı", "i")
    return any(map(said.__contains__, words))


def _is_a_page_of(text: str, pages: Collection[tuple[int, int]], between: bool) -> bool:
    """« Page 1/2 », and no « Page 2/2 » in the file, nor people below it; « 1re partie », and no second."""
    for one in _PAGE.finditer(text):
        last = int(one[2])
        if any((number, last) not in pages for number in range(1, last)) or not (between or (last, last) in pages):
            return True
    return _PART.search(fold(text)) is not None and (2, 0) not in pages


def _about(source: str, location: str, code: str, text: str) -> UnreadRow:
    return UnreadRow(source, location, code, ("", ""), (), "", "not_whole", text)


def _remarks(row: WrittenRow, line: WorkbookLine) -> list[str]:
    """What a colleague's row says of the others of its place: « Remplaçant inchangé », « + 1 assistante »; not
    « toujours titulaire » of a titulaire, nor « même téléphone que le titulaire ».
    """
    cells = (
        [row.text] if row.note else [text for at, text in enumerate(row.cells) if row.read.get(at, "comment") in _FREE]
    )
    return [text for text in map(clean, cells) if text and len(text) <= LONGEST and _tells_of_others(text, line)][:1]


_FREE = ("comment", "structure_name")


def _tells_of_others(text: str, line: WorkbookLine) -> bool:
    words = set(label_key(text).split())
    own = label_key(f"{line.assignment.function} {line.assignment.rank}").split()
    others = {role for role in words & _roles() if not any(role[:_STEM] == word[:_STEM] for word in own)}
    return bool(others) and _kind("contact").isdisjoint(words) and _tells_of_roles(text)


def _tells_of_roles(text: str) -> bool:
    words = set(label_key(text).split())
    told = _MORE.match(text) or _COUNTED.search(text) or not _kind("same").isdisjoint(words)
    return bool(told) and not _roles().isdisjoint(words)


def _says_so(text: str) -> bool:
    if _DOTS.match(text):  # « … », « … liste du CHU à compléter »
        return True
    key = label_key(text)
    words = set(key.split())
    told = not _kind("word").isdisjoint(words) or key in _kind("alone")
    if says_they_came(text):  # of newcomers alone
        return True
    if told or holds(key, _kind("phrase")):
        return _kind("instruction").isdisjoint(words) or holds(key, _kind("listed"))
    return _tells_of_roles(text) or _is_of_a_profession(key.split())


def _is_of_a_profession(words: list[str]) -> bool:
    """« Liste des médecins », « Annuaire des infirmières »: of the others it says nothing."""
    if not words or words[0] not in _kind("list") or not _roles().isdisjoint(words):
        return False
    return any(code_of("professions", one) for word in words[1:_OF_WHOM] for one in (word, word.removesuffix("s")))


@cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(words_where("incomplete_words", kind=kind))


@cache
def _roles() -> frozenset[str]:
    return frozenset(words_where("nobody_words", kind="role"))
