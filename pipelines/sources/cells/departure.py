"""A column « Parti », ticked or answered; and « Oui » or « Non » where the day of a departure is expected."""

from datetime import date

from pipelines.normalize import yes_or_no
from pipelines.sources.cells.known import Record
from pipelines.sources.cells.presence import LEFT, PRESENT, SILENT, UNKNOWN, presence_of
from schemas.nomenclatures import label_of
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


def departure_of(text: str, day: date) -> str:
    """LEFT, PRESENT, SILENT or UNKNOWN for a cell where the day of a departure is expected: « Non » is no departure."""
    key = label_key(text)
    if key in _YES:
        return LEFT
    if key in _NO:
        return SILENT
    return UNKNOWN if yes_or_no(text) is not None or (text and text in _TICKED) else presence_of(text, day)
