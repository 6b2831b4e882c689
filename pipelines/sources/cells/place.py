"""Where a workbook row says somebody works: which structure, of which type, region and ETS."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from pipelines.sources.cells.known_people import NOBODY, People
from pipelines.sources.cells.role import role_of
from schemas.nomenclatures import (
    code_of,
    ets_of,
    region_of,
    region_of_departement,
    rows,
    structure_levels,
)
from schemas.people.identifiers import classify_finess
from schemas.people.structure import FinessRow, Structure
from schemas.people.vocabulary import Words
from schemas.people.workbook_line import WorkbookRow
from schemas.reading.source import WorkbookScope
from schemas.table_words import words_where
from schemas.words import label_key, name_key

LONGEST_SHEET_NAME = 31  # signs


@dataclass(frozen=True)
class Surroundings:
    """What is known of structures apart from the workbook: the annuaire's, and the FINESS stock (None: not given).

    `all_known`: nothing is known to compare with, so no number is called unknown. `people`: whom the annuaire knows;
    `words`: what this installation's own words mean; `legend`: what this workbook's own legend says that they do.
    """

    structures: Mapping[str, Structure]
    establishments: Mapping[str, FinessRow] | None = None
    all_known: bool = False
    people: People = NOBODY
    words: Words = field(default_factory=dict)
    legend: Words = field(default_factory=dict)

    @cached_property
    def named(self) -> Mapping[str, list[str]]:
        """Name of a structure, compact → the codes of those that have it."""
        found: dict[str, list[str]] = defaultdict(list)
        for structure in self.structures.values():
            found[name_key(structure.name)].append(structure.code)
        return dict(found)

    @cached_property
    def _alike(self) -> Mapping[str, list[str]]:
        """The same by `structure_key`."""
        found: dict[str, list[str]] = defaultdict(list)
        for structure in self.structures.values():
            found[structure_key(structure.name)].append(structure.code)
        return dict(found)

    def names_somebody(self, word: str) -> bool:
        """Tell whether a word (`label_key`) stands in the name of somebody or of a structure known."""
        return word in self.people.by_words.words or word in self._words_of_structures

    @cached_property
    def _words_of_structures(self) -> frozenset[str]:
        return frozenset(word for one in self.structures.values() for word in label_key(one.name).split())

    def code_named(self, name: str) -> str:
        """Return the one structure of this name, as it stands or by its words; "" for none and for several."""
        found = self.codes_named(name)
        return found[0] if len(found) == 1 else ""

    def codes_named(self, name: str) -> list[str]:
        """Return the structures of this name, as it stands or by its words."""
        key = name_key(name)
        return self.named.get(key) or self._alike.get(structure_key(name), []) if key else []

    def code_beginning(self, name: str) -> str:
        """Return the one structure whose name a sheet's name is the beginning of: Excel cuts it after 31 signs."""
        if len(name) != LONGEST_SHEET_NAME or self.code_named(name):
            return ""
        key = name_key(name)
        found = {code for known, codes in self.named.items() if known.startswith(key) for code in codes}
        return found.pop() if len(found) == 1 else ""

    def code_meant(self, name: str) -> str:
        """Return the one structure that a name with its town behind it means, « CH de Valvert (01000 VALVERT) », or of
        which only the word for a hospital differs, « CH ST-ELOI »; "" where another begins alike, or a part is named.
        """
        if found := self.codes_named(name):
            return found[0] if len(found) == 1 else ""
        aside = _TOWN.match(name)
        tail = set(label_key(aside["town"]).split()) if aside else set()
        if aside and tail.isdisjoint(_listed("part")) and not tail.intersection(_full_words()):
            whole = set(structure_key(aside["name"]).split())
            like = {code for key, codes in self._alike.items() if whole and whole <= set(key.split()) for code in codes}
            if len(like) == 1 and (one := self.code_named(aside["name"])):
                return one
            name = aside["name"] if len(like) <= 1 else ""
        words = _own_words(name)
        same = {code for key, codes in self._alike.items() if words and _own_words(key) == words for code in codes}
        return same.pop() if len(same) == 1 else ""

    @cached_property
    def sites_of(self) -> Mapping[str, list[str]]:
        """Legal entity of the FINESS stock → its open establishments."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, row in (self.establishments or {}).items():
            if row.is_open and row.finess_legal:
                found[row.finess_legal].append(code)
        return dict(found)

    @cached_property
    def first_of_type(self) -> Mapping[str, str]:
        """Type → code of the first structure that has it."""
        found: dict[str, str] = {}
        for structure in self.structures.values():
            found.setdefault(structure.type, structure.code)
        return found


@cache
def _full_words() -> dict[str, str]:
    return {row["written"]: row["means"] for row in rows("structure_words")}


def structure_key(name: str) -> str:
    """Return the words of an establishment's name that count, in full and in order of the alphabet: « C.H.

    Valvert ».
    """
    text = label_key(name.replace(".", "") if _INITIALS.search(name) else name)
    words = " ".join(_full_words().get(word, word) for word in text.split()).split()
    return " ".join(sorted(words))


def own_words(name: str) -> frozenset[str]:
    """Return the words of a structure's name that are its own: no word for a hospital, no initial, no number."""
    words = set(structure_key(name).split()) - _listed("kind")
    return frozenset(word for word in words if len(word) > 2 and word.isalpha())


def _own_words(name: str) -> frozenset[str]:
    """The words of a hospital's name without those for a hospital."""
    words = set(structure_key(name).split())
    return frozenset(words - _listed("hospital")) if words & _listed("hospital") else frozenset()


@cache
def _listed(kind: str) -> frozenset[str]:
    """Words of names: for a hospital, for any kind of structure, for a part of one."""
    return frozenset(words_where("place_words", kind=kind))


_TOWN = re.compile(r"^(?P<name>.*?\S)(?:\s*\(|\s+[-–]\s+|,\s*)(?P<town>[^(),–]+?)\s*\)?\s*$")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")


@dataclass(frozen=True, slots=True)
class Place:
    """A structure found; `codes` are repairs and warnings on the way."""

    structure_code: str
    structure_type: str
    region_code: str
    parent_code: str
    codes: tuple[str, ...] = ()


_TYPE_IN_SCOPE = {"region": "ES", "ets": "SITE"}


def place_of(row: WorkbookRow, scope: WorkbookScope, around: Surroundings) -> tuple[Place | None, str, str]:
    """Return (place, "", "") or (None, code of why not, what was found).

    The annuaire's own type, region and ETS win for a structure it knows: a workbook tells who works there, not what
    it is. A name stands for an empty code only where exactly one known structure has it.
    """
    typed = code_of("structure_types", row.structure_type)
    kind = _kind(row, typed, scope, around)
    if kind == "finess":
        code, codes = _finess(row, around)
        if not code:
            return None, codes[0], row.structure_code or row.structure_name
    elif kind == "region":
        written = row.structure_code or row.structure_name or row.region
        code, codes = (region_of(written) if written else scope.code if scope.kind == "region" else ""), ()
        if not code:
            return None, "REGION_UNKNOWN", written
    elif kind == "ets":
        written = row.structure_code or row.structure_name
        code, codes = (ets_of(written) if written else scope.code if scope.kind == "ets" else ""), ()
        if not code:
            return None, "REGION_UNKNOWN", written
    elif kind == "national":
        code, codes = _national(typed, around), ()
    else:
        return None, "STRUCTURE_TYPE_UNKNOWN", row.structure_type
    return _placed(code, typed, row, scope, around, codes), "", ""


def _kind(row: WorkbookRow, typed: str, scope: WorkbookScope, around: Surroundings) -> str:
    """Which kind of code the row must have: of its type, of the structure it names, or of its shape."""
    if typed:
        return structure_levels()[typed][1]
    if ets_of(row.structure_code):
        return "ets"
    if len(row.structure_code) <= 3 and region_of(row.structure_code) and row.structure_code:
        return "region"
    if classify_finess(row.structure_code)[0]:
        return "finess"
    if not row.structure_code and around.code_named(row.structure_name):
        return "finess"  # a known name says which structure, and so of which type
    if row.structure_type:
        return ""
    if not row.structure_code and row.structure_name and region_of(row.structure_name):
        return "region"
    if not row.structure_code and not row.structure_name and region_of(row.region) and _is_of_regions(row):
        return "region"
    return "finess" if scope.kind in _TYPE_IN_SCOPE else ""


def _is_of_regions(row: WorkbookRow) -> bool:
    """Its function is held at no other type of structure (roles.csv): « CRH-ST » beside a région."""
    function, _ = role_of(row.function, row.rank, "REGION")
    return {one["structure_type"] for one in rows("roles") if one["function"] == function} == {"REGION"}


def _finess(row: WorkbookRow, around: Surroundings) -> tuple[str, tuple[str, ...]]:
    if not row.structure_code:
        named = around.code_named(row.structure_name)
        return (named, ()) if named else ("", ("FINESS_FORMAT",))
    code, codes = classify_finess(row.structure_code)
    if not code:
        return "", codes
    known = around.all_known or code in around.structures or code in (around.establishments or {})
    return code, codes if known else (*codes, "FINESS_UNKNOWN")


def _national(typed: str, around: Surroundings) -> str:
    return around.first_of_type.get(typed, typed)


def _placed(
    code: str,
    typed: str,
    row: WorkbookRow,
    scope: WorkbookScope,
    around: Surroundings,
    codes: tuple[str, ...],
) -> Place:
    if row.structure_type and not typed:
        codes = (*codes, "STRUCTURE_TYPE_UNKNOWN")
    known = around.structures.get(code)
    if known:
        return Place(code, known.type, known.region_code, known.parent_code, codes)
    kind = typed or _TYPE_IN_SCOPE.get(scope.kind, "") if len(code) == 9 else typed
    kind = kind or ("ETS" if ets_of(code) else "REGION" if region_of(code) else "ES")
    return Place(code, kind, _region(code, kind, row, scope, around), _parent(kind, scope), codes)


def _region(code: str, kind: str, row: WorkbookRow, scope: WorkbookScope, around: Surroundings) -> str:
    """Region of a structure that the annuaire does not know: said, or of the stock, or of its département."""
    if kind == "REGION":
        return code
    if row.region and region_of(row.region):
        return region_of(row.region)
    if scope.kind == "region":
        return scope.code
    stock = (around.establishments or {}).get(code)
    if stock and stock.region_code:
        return stock.region_code
    return region_of_departement().get(code[:2], "") if len(code) == 9 else ""


def _parent(kind: str, scope: WorkbookScope) -> str:
    return scope.code if kind == "SITE" and scope.kind == "ets" else ""
