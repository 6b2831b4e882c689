"""The rows of a workbook as their authors meant them, before each is judged (contract §3).

What was read otherwise than it stands is told by a code or a note; `told.py` says each kind once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from pipelines.contacts import of_today
from pipelines.dates import renewed_to
from pipelines.sources.cells.appended import part_contacts, take_appended, take_contacts, take_number, take_remarks
from pipelines.sources.cells.departure import read_end, read_gone
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.married import known_first_name, known_name, mark_renamed
from pipelines.sources.cells.name_cells import name_says_left
from pipelines.sources.cells.own_words import TABLES, read_own_words
from pipelines.sources.cells.place import Surroundings, place_of
from pipelines.sources.cells.replacing import replaced_or_replacing
from pipelines.sources.cells.role import profile_of
from pipelines.sources.cells.sites import by_entity, legal_entities, named_here, undress
from pipelines.sources.cells.two_places import TwoPlaces, two_places
from pipelines.sources.workbook.agreed.continued_roles import continued_roles
from pipelines.sources.workbook.agreed.functions import agreed_functions
from pipelines.sources.workbook.agreed.places import agreed_places
from pipelines.sources.workbook.agreed.ranks import agreed_ranks
from pipelines.sources.workbook.agreed.statuses import agreed_statuses
from pipelines.sources.workbook.columns import (
    Columns,
    contradicted_ends,
    give_establishments,
    misnamed_dates,
    month_first,
    names_in_one_cell,
    positions,
    swapped_names,
    twins,
)
from pipelines.sources.workbook.continued import filled_down, repeated
from pipelines.sources.workbook.doubtful import doubt_of_cards
from pipelines.sources.workbook.gate.headings import mark_headings
from pipelines.sources.workbook.nobody import mark_titles
from pipelines.sources.workbook.others.contacts_below import contacts_taken_up
from pipelines.sources.workbook.others.own_cells import told_of_others
from pipelines.sources.workbook.row.several_places import one_for_each_place
from pipelines.sources.workbook.row.unnamed import mark_not_loaded, mark_unnamed
from pipelines.sources.workbook.sections import mark_leavers
from pipelines.sources.workbook.sheets import sorted_out
from schemas.nomenclatures import code_of, ets_of, label_of, region_of, rows, say
from schemas.people.identifiers import classify_finess
from schemas.people.workbook_line import UnreadRow, WorkbookRow
from schemas.reading.cell import cell_at
from schemas.reading.issue import Issue, issue
from schemas.reading.source import WorkbookScope

RowPlaces = Mapping[str, Mapping[str, str]]

_MOST = 10  # cells that one note names


@cache
def _labels() -> dict[str, str]:
    """Field → the header of its standard column."""
    return {row["field"]: row["label"] for row in rows("workbook_columns")}


@dataclass(slots=True)
class Understood:
    """The rows, where their fields stand, what was read otherwise, and whether everybody in the file is among them.

    `told`: the questions about departures that their cells tell of others.
    """

    source: str
    records: list[Record]
    columns: dict[str, Columns]
    issues: list[Issue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: bool = True
    told: list[UnreadRow] = field(default_factory=list)

    def tell(self, code: str, read: Iterable[tuple[Record, str]]) -> None:
        """Note that these cells were read otherwise than they stand."""
        for record, name in read:
            before = record.get("_entity") or record[name]
            where = self.cell(record, name)
            self.issues.append(issue(self.source, where, name, code, found=before, repaired=record[name]))

    def cell(self, record: Record, name: str) -> str:
        """Return « Feuil1!F12 »; the row where the field has no column."""
        column = self.columns.get(record["_place"], {}).get(name)
        return cell_at(column, record["_row"]) if column else record["_location"]


def understand(records: list[Record], places: RowPlaces, source: str, around: Surroundings, day: date) -> Understood:
    """Read the sheets against each other, and their columns against what the annuaire knows."""
    for record in records:
        record.setdefault("_sheet", record["_place"].partition("|")[0])
    sheets = sorted_out(records, source, day, around.people)
    columns = {place: dict(names) for place, names in places.items()}
    found = Understood(source, sheets.records, columns, sheets.issues, sheets.notes, whole=sheets.of_today)
    places_of = _by_place(sheets.records)
    misnamed = [place for place, theirs in places_of.items() if misnamed_dates(theirs, around.people)]
    for place, theirs in places_of.items():
        own = columns.setdefault(place, {})
        if place in misnamed or (misnamed and not any(around.people.who(record) for record in theirs)):
            _ends_of_cards(found, theirs, own)
        _columns(found, theirs, own, around)
        if positions(theirs, day):
            own["status"] = own.pop("rank", "")
        if contradicted_ends(theirs, day):
            found.notes.append(say("twin.ends_contradicted", column=own.get("ended_on", "")))
    return found


def _by_place(records: list[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record["_place"]].append(record)
    return found


def _columns(found: Understood, theirs: list[Record], columns: Columns, around: Surroundings) -> None:
    """What is decided for a column as a whole."""
    for twin in twins(theirs, columns, around):
        found.whole &= twin.why != "open" or twin.field != "last_name"
        where = ", ".join(column.rpartition("!")[2] for column in twin.columns)
        values = {"label": _labels()[twin.field], "sheet": theirs[0]["_sheet"], "columns": where, "column": twin.column}
        found.notes.append(say(f"twin.{twin.why}", **values))
    give_establishments(theirs, around)
    doubt_of_cards(theirs)
    for name, why in month_first(theirs, around.people):
        key = "twin.month_first" if why == "shape" else "twin.month_first_known"
        found.notes.append(say(key, column=columns.get(name, "")))
    if meant := replaced_or_replacing(theirs, around.people):
        found.notes.append(say(f"twin.{meant}", column=columns.get("status", "")))


def _ends_of_cards(found: Understood, theirs: list[Record], columns: Columns) -> None:
    """Take the « Date de fin » of this sheet for the cards'."""
    if any(record["card_expires_on"] for record in theirs) or not any(record["ended_on"] for record in theirs):
        return
    for record in theirs:
        record["card_expires_on"], record["ended_on"] = record["ended_on"], ""
    columns["card_expires_on"] = columns.pop("ended_on", "")
    found.notes.append(say("twin.card_date", column=columns["card_expires_on"]))


def understand_rows(found: Understood, scope: WorkbookScope, around: Surroundings, day: date) -> None:
    """Read row by row, and from one row to the next."""

    def resolve(record: Record) -> str:
        place, _, _ = place_of(row_of(record), scope, around)
        return place.structure_code if place and "FINESS_UNKNOWN" not in place.codes else ""

    found.records = list(one_for_each_place(list(contacts_taken_up(found.records)), around))
    mark_titles(found.records)
    mark_headings(found.records, around)
    for section in mark_leavers(found.records, day):
        values = {"title": section.title, "cell": section.location, "count": len(section.rows)}
        found.notes.append(say("sheet_read.section", **values))
    found.tell("FILLED_DOWN", repeated(found.records, around.people))
    _words(found, around, day)
    _cells(found, scope, around, day)
    found.tell("FILLED_DOWN", filled_down(found.records, around.people, resolve))
    for record in found.records:
        by_entity(record)
    for theirs in _by_place(found.records).values():
        names_in_one_cell(theirs, around.people)
        swapped = swapped_names(theirs, around.people)
        found.tell("NAMES_SWAPPED", [(record, "last_name") for record in swapped])
        for record in theirs:
            said_left = name_says_left(record, day)
            record["last_name"] = known_name(record, around.people, sentence=not said_left)
            if not said_left:
                record["first_name"] = known_first_name(record, around.people)
    mark_unnamed(found.records, around.people)
    found.whole &= not mark_not_loaded(found.records)
    entities = legal_entities(found.records, scope, around)
    found.tell("FINESS_LEGAL_ENTITY", ((record, "structure_code") for record in entities))
    _tell_places(found, list(agreed_places(found.records, scope, around)), around)
    found.tell("FILLED_DOWN", continued_roles(found.records, around, resolve))
    for wording, meaning, count in agreed_ranks(found.records, around.people, resolve):
        values = {"label": _labels()["rank"], "meaning": meaning, "count": count}
        found.notes.append(say("word.agreed_role", found=wording, **values))
    for wording, meaning, count in agreed_functions(found.records, around, resolve):
        values = {"label": _labels()["function"], "meaning": meaning, "count": count}
        found.notes.append(say("word.agreed_role", found=wording, **values))
    found.told = told_of_others(found.records, scope.source, resolve, around.people, day)
    for one in two_places(found.records, scope, around):
        _settle(found, one)


def _words(found: Understood, around: Surroundings, day: date) -> None:
    """What the file's legend, the installation, and the annuaire say that a word means."""
    for words, key in ((around.legend, "word.legend"), (around.words, "word.read")):
        own = Counter(read_own_words(found.records, words))
        for (name, wording, meaning), count in sorted(own.items()):
            shown = label_of(TABLES[name], meaning) if name in TABLES else meaning
            found.notes.append(say(key, found=wording, label=_labels()[name], meaning=shown, count=count))
    for wording, count in agreed_statuses(found.records, around.people, day):
        found.notes.append(say("word.agreed", found=wording, label=_labels()["status"], count=count))


def _cells(found: Understood, scope: WorkbookScope, around: Surroundings, day: date) -> None:
    """What is read within each row; what a name decides is said once for each wording."""
    by_name: list[tuple[Record, str]] = []
    for record in found.records:
        for name in ("email", "phone"):
            record[name] = of_today(record[name])
        record["card_expires_on"] = renewed_to(record["card_expires_on"])
        take_number(record)
        take_contacts(record)
        take_appended(record)
        mark_renamed(record, around.people)
        take_remarks(record, around.people, day)
        read_gone(record, day)
        read_end(record)
        part_contacts(record)
        if not record["structure_code"]:
            record["structure_code"] = around.code_beginning(record["structure_name"])
        undress(record)
        _place_by_name(record, around, scope, by_name)
        profile = profile_of(record["function"])
        record["structure_type"] = record["structure_type"] or profile.get("structure_type", "")
    _tell_places(found, by_name, around)


def _tell_places(found: Understood, told: list[tuple[Record, str]], around: Surroundings) -> None:
    for (wording, meant), theirs in _grouped(told).items():
        cells = ", ".join(found.cell(record, "structure_code") for record in theirs[:_MOST])
        values = {
            "found": wording,
            "cells": cells,
            "count": len(theirs),
            "name": getattr(around.structures.get(meant), "name", meant),
        }
        found.notes.append(say("row.place_by_name", meant=meant, **values))


def _place_by_name(record: Record, around: Surroundings, scope: WorkbookScope, told: list[tuple[Record, str]]) -> None:
    """Let the name decide where the number beside it is none, or where it stands with its town."""
    code, name = record["structure_code"], record["structure_name"]
    if not code:
        title = record.get("_title", "")
        if name and name == record["_sheet"] and not around.code_named(name) and around.code_named(title):
            name = record["structure_name"] = title
        meant = around.code_meant(name) or _own_code(name, scope) if name and not around.code_named(name) else ""
        if meant:
            record["structure_code"] = meant
            told.append((record, name))
    elif not classify_finess(code)[0] and not region_of(code) and not ets_of(code):
        meant = named_here(name, scope, around)
        if meant:
            record["structure_code"] = meant
            told.append((record, code))


def _own_code(name: str, scope: WorkbookScope) -> str:
    """« ETS » in the workbook of one, « ARS » in that of a region: the one that it is of."""
    return scope.code if scope.kind.upper() == code_of("structure_types", name) else ""


def _grouped(told: list[tuple[Record, str]]) -> dict[tuple[str, str], list[Record]]:
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record, wording in told:
        found[wording, record["structure_code"]].append(record)
    return found


def _settle(found: Understood, one: TwoPlaces) -> None:
    """Put the rows where they are meant, and say so; where nobody can tell, somebody is asked."""
    for record in one.rows:
        if one.meant:
            record["structure_code"] = one.meant
        else:
            record["_two_places"] = f"{one.code} / {record['structure_name']}"
    if one.meant:
        cells = ", ".join(found.cell(record, "structure_code") for record in one.rows[:_MOST])
        values = {"cells": cells, "code": one.code, "name": one.rows[0]["structure_name"], "named": one.named}
        found.notes.append(say("row.two_places", count=len(one.rows), meant=one.meant, **values))


def row_of(record: Record) -> WorkbookRow:
    """Return the row as it is judged."""
    return WorkbookRow.model_validate({**record, "location": record["_location"]})
