"""A column « Parti », ticked or answered; « Oui », « Non » and « no end » where the day of a departure is expected."""

import re
from datetime import date

from pipelines.dates import LAST_YEAR
from pipelines.normalize import yes_or_no
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.presence import LEFT, PRESENT, SILENT, UNKNOWN, presence_of
from schemas.nomenclatures import label_of
from schemas.reading.mark import tells_no_end
from schemas.words import clean, label_key

_YES, _NO = {"oui", "yes", "o"}, {"non", "no", "n"}
_TICKED = "✓✔☑☒✗✘"


def read_gone(record: Record, day: date) -> None:
    """Say in the status what the column « Parti » says; ticked beside « en poste » it is a question."""
    said = clean(record.get("gone", ""))
    if not said or yes_or_no(said) is False:
        return
    status = record["status"]
    if yes_or_no(said) is None and said not in _TICKED:
        record["status"] = " ".join(filter(None, (status, said)))
    elif presence_of(status, day) == PRESENT or yes_or_no(status):
        record["status"] = f"{status} / {label_of('statuses', 'LEFT')} ?"
    else:
        record["status"] = label_of("statuses", "LEFT")


def read_end(record: Record) -> None:
    """Empty the cell of the end of function where it says that there is none: « indéterminée », « N/A », 31/12/9999, or
    the nought of a formula over an empty cell.
    """
    said = clean(record.get("ended_on", ""))
    if said and (tells_no_end(said) or _is_no_day(said)):
        record["ended_on"] = ""


def _is_no_day(said: str) -> bool:
    """A nought, by itself or shown as a date or a time (1899, 1900), or a day that nobody lives to see."""
    if _NOUGHT.fullmatch(said):
        return True
    if not _A_DAY.fullmatch(said):
        return False
    years = [int(one) for one in re.findall(r"\d{4}", said)]
    return len(years) == 1 and (years[0] in (0, 1899, 1900) or years[0] > LAST_YEAR)


_NOUGHT = re.compile(r"0+(?:[.,]0+)?|0?0:00(?::00)?|0?0[/.\-]0?0[/.\-]0{2,4}")
_A_DAY = re.compile(r"(?:\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{4}|\d{4}-\d{2}-\d{2})(?:[ T]00:00(?::00)?)?")


def departure_of(text: str, day: date) -> str:
    """Return LEFT, PRESENT, SILENT or UNKNOWN for a cell where the day of a departure is expected: « Non » is no
    departure.
    """
    key = label_key(text)
    if key in _YES:
        return LEFT
    if key in _NO:
        return SILENT
    return UNKNOWN if yes_or_no(text) is not None or (text and text in _TICKED) else presence_of(text, day)
