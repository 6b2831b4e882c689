"""Which establishment a row names, where its cells say it in another way: a FINESS within a text, a legal entity's."""

import re
from collections import defaultdict
from collections.abc import Iterator

from pipelines.sources.cells.known_people import Record, Votes
from pipelines.sources.cells.place import Surroundings
from schemas.nomenclatures import ets_of, region_of
from schemas.people.identifiers import classify_finess, finess_key_is_right
from schemas.reading.source import WorkbookScope
from schemas.words import clean

_FINESS = re.compile(r"(?:(?<![0-9A-Za-z])|(?<=\bET)|(?<=\bFINESS))([0-9][0-9AB](?:[ .\-]?[0-9]){7})(?![0-9A-Za-z])")
_LABEL = re.compile(
    r"^(?:[ée]tablissements?|[ée]tab\.?|structure|site|r[ée]gion(?: sanitaire)?|h[ôo]pital)\s*:\s*", re.I
)
_LEGAL = re.compile(r"\b(?:ej|juridique)\b\W*$", re.I)  # right before a number: of the legal entity
_CODE_FIRST = re.compile(r"^(\w{1,3}|ETS-\w+)\s*[-–:]\s*(.*)$")
_CODE_ASIDE = re.compile(r"^(.*?)\s*[(\[]\s*(\w{1,3}|ETS-\w+)\s*[)\]]\s*$")
_AROUND = re.compile(
    r"\b(?:n\s*°|no|num[ée]ro|finess|g[ée]ographique|g[ée]o|et|ej)\b\s*:?|[()\[\]:]|^\s*[-–]\s*|\s*[-–]\s*$", re.I
)


def undress(record: Record) -> None:
    """Put a FINESS number, a region's or an ETS's code that stands within a text into its own cell; and a
    name that stands where the number is expected.
    """
    code, name = record["structure_code"], record["structure_name"]
    if code and not classify_finess(code)[0]:
        found = finess_in(code) or _code_before(code)
        if found:
            record["structure_code"] = found[0]
            record["structure_name"] = name or found[1]
        elif not name and not any(map(str.isdigit, code)) and not region_of(code) and not ets_of(code):
            record["structure_code"], record["structure_name"] = "", _LABEL.sub("", clean(code))
    elif name and not code:
        found = finess_in(name) or _code_beside(name)
        if found:
            record["structure_code"], record["structure_name"] = found


def by_entity(record: Record) -> None:
    """Put in, where nothing else names the establishment, what its legal entity's own column says."""
    if not record["structure_code"]:
        record["structure_code"] = record.get("legal_entity", "")


def place_in(title: str) -> tuple[str, str]:
    """Return (code, name) of a title between rows: « CH de Valvert – FINESS 01… », « Bretagne (53) », a name."""
    text = _LABEL.sub("", clean(title))
    code, name = finess_in(text) or _code_before(text) or ("", text)
    return code, name or text


def finess_in(text: str) -> tuple[str, str] | None:
    """Return (the one number with its right key in a text, the text without it)."""
    cell = clean(text)
    found = [one for one in _FINESS.finditer(cell) if finess_key_is_right(re.sub(r"[ .\-]", "", one[1]))]
    rest = _FINESS.sub(" ", cell) if len(found) > 1 else ""
    if len(found) > 1:  # « EJ 450000104 / ET 450000203 »: the establishment's
        found = [one for one in found if _LEGAL.search(cell[: one.start()]) is None]
    if len(found) != 1:
        return None
    rest = rest or f"{cell[: found[0].start()]} {cell[found[0].end() :]}"
    return re.sub(r"[ .\-]", "", found[0][1]), clean(_AROUND.sub(" ", rest))


def _code_beside(name: str) -> tuple[str, str] | None:
    """« Auvergne-Rhône-Alpes (84) »: both say the same region or ETS."""
    found = _CODE_ASIDE.match(clean(name))
    return _agreed(found[2], found[1]) if found else None


def _code_before(text: str) -> tuple[str, str] | None:
    """« 84 - Auvergne-Rhône-Alpes » likewise."""
    found = _CODE_FIRST.match(clean(text))
    return _agreed(found[1], found[2]) if found else _code_beside(text)


def _agreed(code: str, name: str) -> tuple[str, str] | None:
    for which in (region_of, ets_of):
        if which(code) and which(code) == which(name):
            return which(code), name
    return None


def legal_entities(records: list[Record], scope: WorkbookScope, around: Surroundings) -> Iterator[Record]:
    """Give a row with a legal entity's FINESS the establishment that is meant, and tell it by `_entity`.

    The exact name beside it decides; then the stock, where the entity has one site; then the people whom the annuaire
    has at one place. Several sites and no name: `_doubted`, and somebody is asked.
    """
    unknown: dict[str, list[Record]] = defaultdict(list)
    held = {(id(known), record["structure_code"]) for record in records if (known := around.people.who(record))}
    for record in records:
        code, codes = classify_finess(record["structure_code"]) if record["structure_code"] else ("", ())
        if code and not codes and code not in around.structures and code not in (around.establishments or {}):
            unknown[code].append(record)
    for code, theirs in unknown.items():
        sites = around.sites_of.get(code, [])
        by_people = "" if sites else _where_they_are(theirs, around, held)
        for record in theirs:
            named = named_here(record["structure_name"], scope, around)
            found = named or (sites[0] if len(sites) == 1 else _site_named(record, sites, around) or by_people)
            if found:
                record["_entity"], record["structure_code"] = code, found
                yield record
            elif sites or record.get("legal_entity") == record["structure_code"]:
                record["_doubted"] = code


def named_here(name: str, scope: WorkbookScope, around: Surroundings) -> str:
    """Return the structure of the annuaire with this name, within what the workbook is complete for; "" for none."""
    found = around.structures.get(around.code_named(name))
    if found is None or (scope.kind == "region" and found.region_code != scope.code):
        return ""
    return found.code


def _site_named(record: Record, sites: list[str], around: Surroundings) -> str:
    """Of an entity's sites the one that has the name of the row in the stock."""
    stock = around.establishments or {}
    among = Surroundings({code: around.structures[code] for code in sites if code in around.structures})
    found = among.code_named(record["structure_name"])
    named = [code for code in sites if record["structure_name"] and stock[code].name == record["structure_name"]]
    return found or (named[0] if len(named) == 1 else "")


def _where_they_are(theirs: list[Record], around: Surroundings, held: set[tuple[int, str]]) -> str:
    """Where the annuaire has the people of these rows, unless other rows of the file name that place for them."""
    votes = Votes()
    for record in theirs:
        known = around.people.who(record)
        if known and known.places:
            votes.add(code for code in known.places if len(code) == 9 and (id(known), code) not in held)
    return votes.decided()
