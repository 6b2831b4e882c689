"""What an accepted word of this installation is read as, in the cells where it stands."""

import re
from collections.abc import Iterable, Iterator

from pipelines.dates import date_in
from pipelines.sources.cells.known_people import Record
from schemas.nomenclatures import label_of
from schemas.people.vocabulary import Words
from schemas.words import clean, label_key

FUNCTION, STATUS, PLACE, TYPE, PROFESSION = "function", "status", "structure_code", "structure_type", "profession"
TABLES = {FUNCTION: "functions", STATUS: "statuses", TYPE: "structure_types", PROFESSION: "professions"}
REMARK_WORD, LEAVING_WORD, FRAME_WORD = "remark_word", "leaving_word", "frame_word"
PLAIN_WORDS = (REMARK_WORD, LEAVING_WORD, FRAME_WORD)  # single words of a remark, beside a departure, of a title
MEANINGS = TABLES | dict.fromkeys(PLAIN_WORDS, "plain_meanings")  # field → the table of what a word of it may mean
_BEFORE_A_DATE = re.compile(r"le|du|au|en|depuis|a|de|compter|partir|fin")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def word_key(field: str, wording: str) -> str:
    """Tell how a wording is known again; of a status without its date."""
    text = clean(wording)
    if field != STATUS:
        return label_key(text)
    words = label_key(_YEAR.sub(" ", date_in(text)[1])).split()
    while words and _BEFORE_A_DATE.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)


def read_own_words(records: Iterable[Record], words: Words) -> Iterator[tuple[str, str, str]]:
    """Put what the installation's words mean into the cells; (field, wording, meaning) of each that was read so."""
    for record in records if words else ():
        for field in (*TABLES, PLACE):
            wording = record.get(field, "") or (record.get("structure_name", "") if field == PLACE else "")
            meaning = words.get((field, word_key(field, wording)), "") if wording else ""
            if meaning:
                record[field] = _cell(field, wording, meaning)
                yield field, wording, meaning


def _cell(field: str, wording: str, meaning: str) -> str:
    if field == PLACE:
        return meaning
    label = label_of(TABLES[field], meaning)
    when = date_in(clean(wording))[0] if field == STATUS else None
    return f"{label} {when:%d/%m/%Y}" if when and meaning == "LEFT" else label
