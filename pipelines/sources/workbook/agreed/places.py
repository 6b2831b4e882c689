"""Establishments in words of the house: « Valvert », « Clinique du Lac Bleu SA », « Coordination régionale »."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from pipelines.sources.cells.known_people import Record, thresholds
from pipelines.sources.cells.place import Surroundings, own_words, place_of
from pipelines.sources.cells.role import role_of
from schemas.nomenclatures import rows
from schemas.people.workbook_line import WorkbookRow
from schemas.reading.source import WorkbookScope
from schemas.words import label_key

_OPEN = ("FINESS_FORMAT", "FINESS_KEY", "REGION_UNKNOWN")


def agreed_places(records: list[Record], scope: WorkbookScope, around: Surroundings) -> Iterator[tuple[Record, str]]:
    """Put the number of the establishment where the annuaire has the people of a name unknown to it; (row, name) of
    each.

    The name has a word of that establishment's own, and of no other one. « Coordination régionale » of a CRH-ST is of
    the region.
    """
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        name = record["structure_name"]
        if name and "_alone" not in record and any(map(str.isalpha, name)) and _is_open(record, scope, around):
            found[label_key(name)].append(record)
    for theirs in found.values():
        code = _meant(theirs, scope, around)
        for record in theirs if code else ():
            yield record, record["structure_name"]
            record["structure_code"] = code


def _is_open(record: Record, scope: WorkbookScope, around: Surroundings) -> bool:
    row = WorkbookRow.model_validate({**record, "location": record["_location"]})
    return place_of(row, scope, around)[1] in _OPEN


def _meant(theirs: list[Record], scope: WorkbookScope, around: Surroundings) -> str:
    votes: Counter[str] = Counter()
    asked = 0
    for record in theirs:
        person = around.people.who(record)
        if person and person.places:
            asked += 1
            votes.update(person.places)
    if not asked:
        return ""
    [(code, count)] = votes.most_common(1)
    if count < thresholds()["share"] * asked:
        return ""
    if scope.kind == "region" and code == scope.code:
        return code if any(_is_of_a_region(record) for record in theirs) else ""
    return code if _is_called(theirs[0]["structure_name"], code, asked, around) else ""


def _is_called(name: str, code: str, asked: int, around: Surroundings) -> bool:
    """The name shares words with this structure that no other one has; with more than these, two people must say so."""
    structure = around.structures.get(code)
    mine, theirs = own_words(name), own_words(structure.name) if structure else frozenset()
    common = mine & theirs
    if not common or any(common <= own_words(one.name) for one in around.structures.values() if one.code != code):
        return False
    return mine <= theirs or asked >= thresholds()["least"]


def _is_of_a_region(record: Record) -> bool:
    """Its function is held at a région alone (roles.csv)."""
    function, _ = role_of(record["function"], record["rank"], "REGION")
    return {one["structure_type"] for one in rows("roles") if one["function"] == function} == {"REGION"}
