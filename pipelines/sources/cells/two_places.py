"""Rows whose FINESS number is one establishment's and whose name is another's: a number dragged down, or copied."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.names import bag
from pipelines.sources.cells.known_people import Known, Record, Votes
from pipelines.sources.cells.place import Surroundings, structure_key
from schemas.people.identifiers import classify_finess
from schemas.reading.source import WorkbookScope
from schemas.words import name_key


@dataclass(frozen=True, slots=True)
class TwoPlaces:
    """Rows that say two places alike: `code` by the number, `named` by the name; `meant`: the one decided on, or ""."""

    code: str
    named: str
    rows: tuple[Record, ...]
    meant: str


def two_places(records: Iterable[Record], scope: WorkbookScope, around: Surroundings) -> Iterator[TwoPlaces]:
    """Decide where the rows are, all that say the same two places together.

    The one decides where the annuaire has the people of these rows (`reading_thresholds.csv`), the only row's person
    alone; else the one that the workbook is about, where the other lies outside. Else nobody can tell.
    """
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if pair := _contradicting(record, scope, around):
            found[pair].append(record)
    for (code, named), theirs in found.items():
        meant = _where_they_are(theirs, code, named, around) or _within(scope, code, named, around)
        yield TwoPlaces(code, named, tuple(theirs), meant)


def _contradicting(record: Record, scope: WorkbookScope, around: Surroundings) -> tuple[str, str] | None:
    """(the number's, the name's) where both are known and differ."""
    code = classify_finess(record["structure_code"])[0] if record["structure_code"] else ""
    name = record["structure_name"]
    if not code or not name or _is_called(code, name, around):
        return None
    named = _named(record, name, scope, around)
    if not named or named == code or not classify_finess(named)[0]:
        return None
    return (code, named) if code in around.structures or code in (around.establishments or {}) else None


def _named(record: Record, name: str, scope: WorkbookScope, around: Surroundings) -> str:
    """The establishment of this name; of several (« Clinique Saint-Joseph ») the one where the annuaire has the person,
    else that of the region or ETS; else any, for somebody to say which.
    """
    codes = around.codes_named(name)
    if len(codes) < 2:
        return codes[0] if codes else ""
    known = _who(record, around)
    theirs = [code for code in codes if known and code in known.places]
    inside = [code for code in codes if _lies_in(scope, code, around)]
    return min(theirs or inside or codes)


def _is_called(code: str, name: str, around: Surroundings) -> bool:
    """The name is one that the establishment of this number has, in the annuaire or in the stock."""
    known = (around.structures.get(code), (around.establishments or {}).get(code))
    return any(
        one and (name_key(one.name) == name_key(name) or structure_key(one.name) == structure_key(name))
        for one in known
    )


def _where_they_are(theirs: Sequence[Record], code: str, named: str, around: Surroundings) -> str:
    votes, pair = Votes(), {code, named}
    for record in theirs:
        known = _who(record, around)
        if known and not pair.isdisjoint(known.places):
            votes.add(pair & known.places)
    if len(theirs) == 1 and votes.asked == 1 and len(votes.given) == 1:
        return next(iter(votes.given))
    return votes.decided()


def _who(record: Record, around: Surroundings) -> Known | None:
    name = bag((record["last_name"], record["first_name"]))
    return around.people.who(record) or around.people.by_words.get(name)


def _within(scope: WorkbookScope, code: str, named: str, around: Surroundings) -> str:
    """The one of the two that lies in the region or ETS the workbook is for; "" where both or none do."""
    known = around.structures.get(named)
    of_the_name = around.codes_named(known.name) if known else []
    inside = [one for one in dict.fromkeys((code, named, *of_the_name)) if _lies_in(scope, one, around)]
    return inside[0] if len(inside) == 1 else ""


def _lies_in(scope: WorkbookScope, code: str, around: Surroundings) -> bool:
    known, stock = around.structures.get(code), (around.establishments or {}).get(code)
    if scope.kind == "ets":
        return bool(known and known.parent_code == scope.code)
    region = known.region_code if known else stock.region_code if stock else ""
    return scope.kind == "region" and region == scope.code
