"""What a list says of itself: « Manque encore les réponses de Savigne », « Suite page suivante », « + 2 assistants ».

It is not the whole of its places, or of the one that it names: nobody there is gone by standing in no row (§6a).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pipelines.sources.cells.place import own_words
from pipelines.sources.workbook.beside.sentences import LONGEST, few_cells
from schemas.nomenclatures import code_of
from schemas.people.structure import Structure
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.table_words import words_where
from schemas.words import clean, label_key

_STEM = 6  # letters that « assistant » and « assistante » share
_MOST_CELLS = 3  # of a sentence below or above a table
_MORE = re.compile(r"^\s*\+\s*\d+\b")
_COUNTED = re.compile(r"[^\W\d_]{4,}\s*:\s*\d\b")  # « assistants : 2 »
_DOTS = re.compile(r"[\s./|-]*(?:…|\.\.\.)[\s./|…-]*")


def not_whole(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], structures: Mapping[str, Structure]
) -> Iterator[UnreadRow]:
    """Yield a question for each sentence that says so: about the establishments that it names, else about all."""
    at = {line.location: line for line in lines}
    sheets = dict.fromkeys(place.rpartition("!")[0] for place in at)
    if sheets and not any(_kind("sheet").isdisjoint(label_key(name).split()) for name in sheets):
        yield _about(lines[0].source, lines[0].location, "", next(iter(sheets)))
    for row in written if lines else ():
        line = at.get(row.line)
        if line:
            for text in _remarks(row, line):
                yield _about(row.source, row.location, line.assignment.structure_code, text)
            continue
        text = " ".join([] if row.note else few_cells(row, _MOST_CELLS))
        if not text or len(text) > LONGEST or not _says_so(text):
            continue
        said = set(label_key(text).split())
        named = [code for code, one in structures.items() if (own := own_words(one.name)) and own <= said]
        for code in named or [""]:
            yield _about(row.source, row.location, code, text)


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
    if _DOTS.fullmatch(text):
        return True
    key = label_key(text)
    words = set(key.split())
    told = not _kind("word").isdisjoint(words) or key in _kind("alone")
    if told or any(f" {phrase} " in f" {key} " for phrase in _kind("phrase")):
        return _kind("instruction").isdisjoint(words) or any(f" {one} " in f" {key} " for one in _kind("listed"))
    return _tells_of_roles(text) or _is_of_a_profession(key.split())


def _is_of_a_profession(words: list[str]) -> bool:
    """« Liste des médecins », « Annuaire des infirmières »: of the others it says nothing."""
    if not words or words[0] not in _kind("list") or not _roles().isdisjoint(words):
        return False
    return any(code_of("professions", one) for word in words[1:] for one in (word, word.removesuffix("s")))


@cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(words_where("incomplete_words", kind=kind))


@cache
def _roles() -> frozenset[str]:
    return frozenset(words_where("nobody_words", kind="role"))
