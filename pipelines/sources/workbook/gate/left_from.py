"""Departures that another cell, or their own words, set elsewhere or later than the row they stand in.

« Parti » beside an end to come; « Ancienne CHV de la clinique du Lac Bleu » of somebody at Valvert (contract §6a).
"""

import re
from datetime import date

from pipelines.sources.cells.phrases.status import listed as status_words
from pipelines.sources.cells.place import Surroundings, own_words
from pipelines.sources.cells.presence import departure_in, left_on
from pipelines.sources.workbook.row.departures import listed
from schemas.people.workbook_line import WorkbookLine
from schemas.words import clean, label_key

_TO = re.compile(r"\b(?:pour|vers|rejoint|rejoindre)\b.*$")


def left_later(line: WorkbookLine, status: str, day: date) -> bool:
    """Tell whether a status says « Parti », with no day of its own, and the end stands elsewhere as a day to come."""
    return line.ended_on is not None and line.ended_on > day and left_on(status) is None


def left_from_elsewhere(text: str, code: str, around: Surroundings) -> bool:
    """Tell whether the establishment that was left is named, and is another that is known than that of the row."""
    words = _TO.sub("", label_key(clean(text))).split()
    phrase, after = departure_in(words)
    if not phrase and set(words[:1]) & listed("was"):
        after = words[1:]
    at = next((at for at, word in enumerate(after) if word in status_words("OF")), None)
    if at is None:
        return False
    said = set(after[at + 1 :])
    named = [one for one, known in around.structures.items() if (own := own_words(known.name)) and own <= said]
    return bool(named) and code not in named
