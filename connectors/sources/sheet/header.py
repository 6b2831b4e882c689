"""Where the header of a sheet stands, and which of its columns is which of our fields.

The words are data: `tables/workbook_columns.csv` and `annuaire_columns.csv`. Headers are compared without
case, accents, punctuation and small words; « N° », « No » and « Numéro » are one. An unknown header is left
alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import islice

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from connectors.sources.sheet.grid import Grid
from schemas.errors import SourceError
from schemas.nomenclatures import rows, say
from schemas.words import clean, label_key

SEARCHED_ROWS = 30
_VALUES = 3  # cells with digits or addresses: a row of values, and no header
_DEEPEST = 500  # rows above which a header stands, whatever was written above it, a text a row
_FEWEST_COMBINED = 2  # words of a header that combine
_LONG_WORD = 6  # letters of a header in which a slip is no other word
_NEAR = 75  # of 100, by rapidfuzz: a header that may be meant
LONGEST_HEADER = 200  # characters; a longer text is no header, and not worth the search
_SMALL_WORDS = {"de", "du", "des", "d", "la", "le", "les", "l"}
_NUMBER_WORDS = {"no", "nos", "num", "numero", "numeros", "nr"}
_DEGREE = re.compile(r"[°º]")
_ASIDE = re.compile(r"\([^)]*\)")
_GOES_ON = re.compile(r"(?:de|du|des)\s|d['’]")  # « de structure », below « Type »: no label of its own
_COUNTED = re.compile(r"^\s*\(?\d{1,2}\s*(?:[.):°]|[-–]\s)\s*(?=\D)")  # « 5. Fonction », « 3) Nom »

HeaderKey = tuple[str, str]  # (group, field); group "" for the row's own


@dataclass(frozen=True, slots=True)
class Header:
    """The header's rows (from 0), the columns offered for each (group, field), the headers nobody reads.

    `dates`: field → « day », « month », « year » → column, of a date in three (`date_parts.py`).
    `before`: field → the column « Ancien … » of what stands in the column « Nouveau … » that is read.
    `titled`: titles between the rows say the establishment; `people_cells`: a cell holds whole people.
    """

    first_row: int
    last_row: int
    columns: dict[HeaderKey, list[int]]
    unread: tuple[str, ...] = ()
    texts: tuple[str, ...] = field(default=())
    dates: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    titled: bool = False
    people_cells: bool = False
    before: Mapping[str, int] = field(default_factory=dict)

    @property
    def fields(self) -> set[str]:
        """Fields found, in whatever group."""
        return {name for _, name in self.columns}


@lru_cache(maxsize=16384)
def key_of(text: str) -> str:
    """Return the words of a header that matter: « N° de la carte », « Numéro carte » → « n carte »."""
    if len(text) > LONGEST_HEADER:
        return ""
    words = label_key(_DEGREE.sub(" ", text)).split()
    return " ".join("n" if word in _NUMBER_WORDS else word for word in words if word not in _SMALL_WORDS)


@cache
def synonyms(table: str) -> dict[str, str]:
    """Return HeaderKey of a header → field, by the labels and synonyms of a table of columns; labels go first."""
    found = {key_of(row["label"]): row["field"] for row in rows(table)}
    for row in rows(table):
        for word in filter(None, row["synonyms"].split("|")):
            found.setdefault(key_of(word), row["field"])
    return {**{key.replace(" ", ""): name for key, name in found.items()}, **found}


def labels(table: str) -> dict[str, str]:
    """Return field → French label of the standard column, in the standard order."""
    return {row["field"]: row["label"] for row in rows(table)}


@lru_cache(maxsize=16384)
def _variants(text: str) -> tuple[str, ...]:
    """The text, without what stands in brackets, and without the number it is counted by: nearly always one."""
    return tuple(dict.fromkeys((text, _ASIDE.sub(" ", text), _COUNTED.sub("", text))))


def field_of(text: str, table: str, chosen: Mapping[str, str]) -> str:
    """Return the field a header stands for, "" when none; `chosen` (key → field, from the configuration) wins."""
    known = synonyms(table)
    variants = _variants if len(text) <= LONGEST_HEADER else _variants.__wrapped__  # no long text is worth keeping
    for variant in variants(text):
        key = key_of(variant)
        found = chosen.get(key) or known.get(key) or known.get(key.replace(" ", ""), "")
        if key and found:
            return found
    return ""


@cache
def _loose_synonyms(table: str) -> dict[str, str]:
    """The words of each synonym in full and in order of the alphabet → field, where one field alone has them."""
    found: dict[str, set[str]] = {}
    for key, name in synonyms(table).items():
        found.setdefault(_loose_key(key), set()).add(name)
    return {key: next(iter(names)) for key, names in found.items() if key and len(names) == 1}


@cache
def _full_words() -> dict[str, str]:
    return {row["written"]: row["means"] for row in rows("header_abbreviations")}


def _loose_key(key: str) -> str:
    words = " ".join(_full_words().get(word, word) for word in key.split()).split()
    return " ".join(sorted(set(words)))


@lru_cache(maxsize=16384)
def loose_field_of(text: str, table: str) -> str:
    """Return the field of a header whose words combine, are short or misspelt: « Fct », « Etablisement »."""
    text = _COUNTED.sub("", text)
    for variant in (text, _ASIDE.sub(" ", text), *_ASIDE.findall(text)):
        key = _loose_key(key_of(variant))
        known = _loose_synonyms(table)
        found = known.get(key) or known.get(" ".join(word for word in key.split() if word != "n"), "")
        if key and found:
            return found
    return _combined(_loose_key(key_of(text)).split(), table) or _misspelt(key_of(text), table)


@cache
def _vocabulary(table: str) -> dict[str, set[str]]:
    """Word → the fields in whose headers it stands."""
    found: dict[str, set[str]] = {}
    for key, name in synonyms(table).items():
        for word in _loose_key(key).split():
            found.setdefault(word, set()).add(name)
    return found


def _combined(words: list[str], table: str) -> str:
    """The one field to whose headers all the words belong, one of them to no other: « N° CPS/ADELI »."""
    theirs = [_vocabulary(table).get(word, set()) for word in words]
    if len(words) < _FEWEST_COMBINED or not all(theirs):
        return ""
    common = set.intersection(*theirs)
    own = any(len(fields) == 1 for fields in theirs)
    return common.pop() if len(common) == 1 and own else ""


def _misspelt(key: str, table: str) -> str:
    """One slip in a long word, where it can be of one field alone."""
    if len(key) < _LONG_WORD:
        return ""
    known = synonyms(table)
    words = [word for length in range(len(key) - 1, len(key) + 2) for word in _of_length(table).get(length, ())]
    found = process.extract(key, words, scorer=OSA.distance, score_cutoff=1, limit=None)
    near = {known[word] for word, _, _ in found}
    return near.pop() if len(near) == 1 else ""


@cache
def _of_length(table: str) -> dict[int, list[str]]:
    """Length → the synonyms of it: one slip makes a word longer or shorter by one letter at most."""
    found: dict[int, list[str]] = {}
    for word in synonyms(table):
        found.setdefault(len(word), []).append(word)
    return found


def nearest(text: str, table: str) -> str:
    """Return the field whose header comes nearest to one that is not understood; "" where none does."""
    words = list(synonyms(table))
    near = process.extractOne(key_of(text), words, scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR)
    return synonyms(table)[near[0]] if near else ""


def loosened(header: Header, table: str) -> Header:
    """Return the same header; what it does not know by name is read by its words, for fields that nothing else is."""
    columns = {key: list(at) for key, at in header.columns.items()}
    before = {}
    for name, (new, old) in _renewed(header, table).items():
        columns["", name], before[name] = [new], old
    taken = {at for offered in columns.values() for at in offered} | set(before.values())
    unread = []
    for at, text in enumerate(header.texts):
        name = "" if at in taken or not text or _GOES_ON.match(text) else loose_field_of(text, table)
        if name and ("", name) not in header.columns and name not in before:
            columns.setdefault(("", name), []).append(at)
        elif text and at not in taken:
            unread.append(" ".join(text.split())[:40])
    return replace(header, columns=columns, unread=tuple(unread), before=before)


def _renewed(header: Header, table: str) -> dict[str, tuple[int, int]]:
    """Field → (new, old) column of two headers « Nouveau téléphone », « Ancien téléphone », where no other is of it."""
    found: dict[str, dict[str, int]] = {}
    for at, text in enumerate(header.texts):
        first, _, rest = key_of(text).partition(" ")
        way = next((way for way, words in _WAYS.items() if first in words), "")
        name = (field_of(rest, table, {}) or loose_field_of(rest, table)) if way and rest else ""
        if name and ("", name) not in header.columns:
            found.setdefault(name, {}).setdefault(way, at)
    return {name: (ways["new"], ways["old"]) for name, ways in found.items() if len(ways) == len(_WAYS)}


_WAYS = {
    "new": {"nouveau", "nouvelle", "nouvel", "nouveaux", "nouvelles", "new"},
    "old": {"ancien", "ancienne", "anciens", "anciennes", "precedent", "precedente", "old", "ex"},
}


def plain_header(grid: Grid, row: int, table: str, chosen: Mapping[str, str]) -> Header:
    """Return the row read as a header of one line, one person a row."""
    columns: dict[HeaderKey, list[int]] = {}
    unread: list[str] = []
    texts = tuple(grid.cell(row, at) for at in range(len(grid.rows[row])))
    for at, text in enumerate(texts):
        name = field_of(text, table, chosen) if text and not _GOES_ON.match(text) else ""
        if name:
            offered = columns.setdefault(("", name), [])
            offered.insert(0 if key_of(text) in chosen else len(offered), at)
        elif text:
            unread.append(" ".join(text.split())[:40])
    for key, offered in columns.items():
        named = [at for at in offered if key_of(texts[at]) in chosen]
        columns[key] = named or offered  # the configuration leaves no choice
    return Header(row, row, columns, tuple(unread), texts)


def candidates(grid: Grid, only: int | None) -> list[int]:
    """Return the rows (from 0) where a header may stand: the configuration's, or the first thirty written, or of two
    cells.
    """
    if only is not None:
        return [only - 1] if 0 < only <= len(grid.rows) else []
    filled = (row for row, values in enumerate(grid.rows[:_DEEPEST]) if len(list(filter(None, values))) > 1)
    written = [row for row, values in enumerate(grid.rows[:200]) if any(values)][:SEARCHED_ROWS]
    return sorted({*written, *islice(filled, SEARCHED_ROWS)})


def _is_written(grid: Grid, header: Header, column: int) -> bool:
    """Something stands below the header in it."""
    return any(grid.cell(row, column) for row in range(header.last_row + 1, len(grid.rows)))


def first_filled(grid: Grid, header: Header) -> dict[HeaderKey, int]:
    """Return one column for each (group, field): the first, unless it is empty throughout and another is not."""
    return {
        key: next((column for column in offered if len(offered) > 1 and _is_written(grid, header, column)), offered[0])
        for key, offered in header.columns.items()
    }


def twins(grid: Grid, header: Header) -> dict[HeaderKey, list[int]]:
    """Return the (group, field) that several written columns are offered for: only one of them is read."""
    several = {key: offered for key, offered in header.columns.items() if len(offered) > 1}
    found = {
        key: [column for column in offered if _is_written(grid, header, column)] for key, offered in several.items()
    }
    return {key: columns for key, columns in found.items() if len(columns) > 1}


def widened(grid: Grid, header: Header) -> dict[HeaderKey, list[int]]:
    """Return the (group, field) whose header is merged over further written columns that have none of their own."""
    taken = {column for offered in header.columns.values() for column in offered}
    reach = {(row, first): last for row, first, _, last in grid.merged if row in (header.first_row, header.last_row)}
    found: dict[HeaderKey, list[int]] = {}
    for key, offered in header.columns.items():
        last = reach.get((header.last_row, offered[0]), offered[0])
        more = [
            column
            for column in range(offered[0] + 1, min(last, len(header.texts) + SEARCHED_ROWS) + 1)
            if column not in taken and _is_written(grid, header, column)
        ]
        if more:
            found[key] = [offered[0], *more]
    return found


def column_missing(grid: Grid, header: Header, missing: Sequence[str]) -> SourceError:
    """Return the error of a sheet that lacks columns, with the headers that were seen; of a row of somebody none, whom
    no message needs to name.
    """
    seen = [clean(text)[:40] for text in header.texts if clean(text)][:25]
    if not header.columns and sum(any(map(str.isdigit, text)) or "@" in text for text in seen) >= _VALUES:
        seen = []
    found = " | ".join("".join(sign for sign in text if sign.isprintable()) for text in seen) or "—"
    told = say("issue.COLUMN_MISSING", expected=", ".join(missing), found=found)
    return SourceError("COLUMN_MISSING", told, f"{grid.name}!{header.last_row + 1}")
