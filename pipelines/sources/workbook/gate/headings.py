"""The heading that a row stands below: « Historique », « Arrivées prévues », « Invités de la réunion ».

Below the name of an establishment, a role, or words that say that those below are there, somebody may come; below any
other heading nobody does, and it is asked (contract §6a).
"""

import re
from dataclasses import dataclass
from datetime import date

from pipelines.dates import date_in
from pipelines.names import bag
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.cells.sites import finess_in, place_in
from pipelines.sources.workbook.gate.held import HeldBack
from pipelines.sources.workbook.gate.words import HEADING, OWN, listed, says_they_came, strange_words
from pipelines.sources.workbook.nobody import ALONE_TEXT
from pipelines.sources.workbook.sheets import UNDER_TITLE
from schemas.nomenclatures import ets_of, region_of
from schemas.people.role_words import says_only_a_role
from schemas.reading.mark import is_legend, is_total
from schemas.reading.sheet_meaning import FUTURE, PAST, TODAY, may_mean_leavers, meaning_of_title
from schemas.words import holds, label_key

HEADING_ABOVE = "_heading"  # the words of a heading that is no establishment's and no role's
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST = 150  # signs: more is a sentence about the list


@dataclass(slots=True)
class _Headings:
    """The heading of a sheet as its rows are gone through; `over`: establishments stand below it.

    `within`: people stand above it.
    """

    text: str = ""
    over: bool = False
    rows: int = 0
    within: bool = False

    def take(self, text: str, *, place: bool) -> None:
        self.within = self.within or self.rows > 0
        if not place:
            self.text, self.over = text, False
        elif self.rows and not self.over:
            self.text = ""
        self.over = self.over or place
        self.rows = 0


def mark_headings(records: list[Record], around: Surroundings) -> None:
    """Mark each row with the heading that it stands below, a cell alone in its row; not with what stands above the
    whole table.
    """
    above: dict[str, str] = {}  # sheet → the title of the table
    found: dict[str, _Headings] = {}
    for record in records:
        own = found.setdefault(record["_sheet"], _Headings())
        text = record.get(ALONE_TEXT, "")
        if "_alone" in record:
            if text and len(text) <= _LONGEST and not is_total(text) and not is_legend(text):
                own.take(text, place=_is_of_a_place(text, around))
            continue
        own.rows += 1
        merged = record.get("_title", "")
        if merged == above.setdefault(record["_sheet"], merged) or _is_of_a_place(merged, around):
            merged = ""
        if own.text or merged:
            record[HEADING_ABOVE] = own.text or merged
            if own.within and meaning_of_title(own.text) == PAST and _has_account(record, around):
                record[UNDER_TITLE] = own.text


def held_below(record: Record, day: date, around: Surroundings) -> HeldBack | None:
    """Return what a heading says against somebody's coming by the rows below it; None for nothing."""
    text = record.get(HEADING_ABOVE, "")
    if not text:
        return None
    meeting = holds(label_key(text), listed(("meeting",)))  # and not the island
    came = says_they_came(text)
    kind = meaning_of_title(text)
    if came and kind == FUTURE and str(day.year) in text:  # « Arrivées 2026 »
        kind = TODAY
    if meeting or _says_of_another_time(text, day, came=came) or may_mean_leavers(text) or kind != TODAY:
        return HeldBack("heading", text)
    strange = [] if came else strange_words(text, HEADING, (), around)
    return HeldBack("heading", text, tuple((OWN[HEADING], word) for word in strange)) if strange else None


def _has_account(record: Record, around: Surroundings) -> bool:
    known = around.people.who(record) or around.people.by_words.get(bag((record["last_name"], record["first_name"])))
    return known is not None and bool(known.held)


def _is_of_a_place(text: str, around: Surroundings) -> bool:
    if not text or says_only_a_role(text) or finess_in(text) or region_of(text) or ets_of(text):
        return True
    code, name = place_in(text)
    return bool(code or around.code_meant(name))


def _says_of_another_time(text: str, day: date, *, came: bool) -> bool:
    when = date_in(text)[0]
    years = set(map(int, _YEAR.findall(text)))
    told = not came and not listed(("limiting",)).isdisjoint(label_key(text).split())
    return told or (when is not None and when > day) or bool(years - {day.year})
