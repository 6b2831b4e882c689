"""What may say that somebody left, and may not: nothing is concluded from such a row (contract §6a).

A status struck through or not understood; one of the cards, beside « Expirée » and « Perdue »; a remark that goes on.
"""

from datetime import date
from functools import cache

from pipelines.dates import date_in
from pipelines.normalize import civility_code, parse_date
from pipelines.sources.cells.departure import departure_of
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.married import RENAMED
from pipelines.sources.cells.name_cells import name_says_left
from pipelines.sources.cells.phrases.status import listed
from pipelines.sources.cells.presence import (
    LEFT,
    PRESENT,
    SILENT,
    UNKNOWN,
    begins_with_departure,
    has_sign,
    presence_of,
    says_left,
    says_weakly,
)
from pipelines.sources.workbook.others.own_cells import FORMER
from pipelines.sources.workbook.row.departures import contradicts, may_end, orders_closing, tells_of_own, told_in_cell
from pipelines.sources.workbook.row.left_what import comes_here, left_something_else, was_of_another_role
from pipelines.sources.workbook.row.two_states import HIDDEN_ONLY, ONE_STATE, SIDE_ONLY
from pipelines.sources.workbook.sheets import IN_BOTH, IN_DOUBT, IN_SHEET, UNDER_TITLE
from schemas.people.workbook_line import WorkbookRow
from schemas.table_words import words_where
from schemas.words import label_key

CARDS = "_card_status"
SAID_IN = {
    "remark": "comment",
    "section": "status",
    "both": IN_BOTH,
    "renamed": RENAMED,
    "sheet": IN_SHEET,
    "under_title": UNDER_TITLE,
    "one_state": ONE_STATE,
    "hidden_only": HIDDEN_ONLY,
    "side_only": SIDE_ONLY,
}  # kind of doubt → the field with the words


_MARKED = {
    "_struck": "struck",
    RENAMED: "renamed",
    IN_BOTH: "both",
    IN_SHEET: "sheet",
    UNDER_TITLE: "under_title",
    ONE_STATE: "one_state",
    HIDDEN_ONLY: "hidden_only",
    SIDE_ONLY: "side_only",
}


def unclear_of(record: Record, row: WorkbookRow, function: str, day: date) -> str:
    """Return the field that may say that somebody left, and may not, or the kind of doubt (`SAID_IN`); "" where none
    does.
    """
    state = presence_of(row.status, day)
    if marked := next((kind for mark, kind in _MARKED.items() if record.get(mark)), ""):
        return marked
    if state == UNKNOWN or CARDS in record or FORMER in record:
        return "status"
    if state == LEFT and _of_something_else(row, function):
        return "status"
    if row.ended_on and _is_no_plain_end(row.ended_on, day):
        return "ended_on"
    if state == PRESENT and _says_otherwise(row.comment, day):
        return "comment"
    if state in (PRESENT, SILENT) and tells_of_own(row.comment, row.last_name, row.first_name, day):
        return "comment" if state == PRESENT else "remark"
    if IN_DOUBT in record:
        return "section"
    if state == LEFT or row.ended_on:
        return ""
    remark = "remark" if state == SILENT and _tells_more(row.comment, day) else ""
    return name_says_left(record, day) or remark or told_in_cell(record, row, function, day)


def _is_no_plain_end(text: str, day: date) -> bool:
    """No day, and nothing understood, or why somebody leaves and not when, « retraite »; or a day that has come beside
    words that say something else of it: « 30/09/2026 (fin de CDD, renouvelé) ».
    """
    if parse_date(text)[0] is None:
        said = departure_of(text, day)
        return said == UNKNOWN or (said == LEFT and label_key(text) in listed("NOUN"))
    when, words = date_in(text)
    told = set(label_key(words).split()) - listed("ASIDE")
    beside = when is not None and when <= day and bool(told)
    return beside and departure_of(text, day) in (UNKNOWN, PRESENT)


def _of_something_else(row: WorkbookRow, function: str) -> bool:
    return left_something_else(row.status) or was_of_another_role(row, function) or comes_here(row)


def _says_otherwise(remark: str, day: date) -> bool:
    """That its person left, whatever the status says; « a quitté le service de réa » says nothing of the hospital."""
    elsewhere = left_something_else(remark) and "plus" not in label_key(remark).split()
    return says_left(remark, day) or ((contradicts(remark, day) or may_end(remark, day)) and not elsewhere)


def _tells_more(remark: str, day: date) -> bool:
    """« Mutée au CHU depuis septembre »: that its person left, and more than is understood."""
    return (
        orders_closing(remark)
        or has_sign(remark)
        or may_end(remark, day)
        or (begins_with_departure(remark, day) and not says_left(remark, day))
    )


def doubt_of_cards(records: list[Record]) -> None:
    """Mark the rows whose status may be their card's, in a column that speaks of cards."""
    weak = [record for record in records if says_weakly(record["status"])]
    if weak and (_speaks_of_cards(records) or any(map(_is_of_a_man_and_feminine, weak))):
        for record in weak:
            record[CARDS] = record["status"]


def _speaks_of_cards(records: list[Record]) -> bool:
    said = {label_key(record["status"]) for record in records} - {""}
    return not said.isdisjoint(_words("card")) or (
        not said.isdisjoint(_words("either")) and said.isdisjoint(_words("person"))
    )


def _is_of_a_man_and_feminine(record: Record) -> bool:
    """« M. … Inactive »: a card is feminine, he is not."""
    return civility_code(record["civility"]) == "M" and label_key(record["status"]) in _words("feminine")


@cache
def _words(kind: str) -> frozenset[str]:
    """Of a card alone; of a card or a person; of a person alone; of a card or a woman."""
    return frozenset(words_where("card_words", about=kind))
