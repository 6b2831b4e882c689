"""A column of statuses that is about the cards: beside « Expirée », « Perdue », « Désactivée » ends nobody."""

from functools import cache

from pipelines.normalize import civility_code
from pipelines.sources.cells.known import Record
from pipelines.sources.cells.presence import says_weakly
from schemas.nomenclatures import rows
from schemas.words import label_key

CARDS = "_card_status"


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
    return civility_code(record["civility"]) == "M" and label_key(record["status"]).endswith(("ee", "ive"))


@cache
def _words(kind: str) -> frozenset[str]:
    """Of a card alone; of a card or a person; of a person alone."""
    return frozenset(word for row in rows("card_words") if row["about"] == kind for word in row["words"].split("|"))
