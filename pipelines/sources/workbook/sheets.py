"""What a sheet is: of today, of those who left, or of the past; by its name, by the title above it, by its date."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pipelines.dates import date_in
from pipelines.sources.cells.known import Record
from schemas.nomenclatures import code_of, label_of, rows, say
from schemas.reading.issue import Issue, issue
from schemas.words import fold, label_key

LEAVERS, PAST, TODAY = "leavers", "past", ""
_STAYING = {"actif", "actifs", "present", "presents", "nouveau", "nouveaux", "titulaires", "en"}
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d{2})(?!\d)")
_LONGEST_TITLE = 8  # words; a longer text is a sentence about something else


def sorted_out(records: list[Record], source: str, day: date) -> tuple[list[Record], list[Issue], bool]:
    """Return (the rows of today, those of leavers marked as such; what is said of each sheet; whether one is of
    today).
    """
    titles: dict[str, str] = {}
    for record in records:
        titles.setdefault(record["_sheet"], record.get("_title", ""))
    meanings = meanings_of(titles, day)
    counts = {sheet: sum(record["_sheet"] == sheet for record in records) for sheet in titles}
    issues = [
        Issue(source, sheet, "", "SHEET_SKIPPED", say(f"sheet_read.{meaning}", sheet=sheet, count=counts[sheet]))
        for sheet, meaning in meanings.items()
        if meaning
    ]
    kept = [record for record in records if meanings[record["_sheet"]] != PAST]
    for record in kept:
        if meanings[record["_sheet"]] == LEAVERS:
            record["_leavers"] = LEAVERS
            said = code_of("statuses", record.get("status", ""))
            record["status"] = record["status"] if said == "LEFT" else label_of("statuses", "LEFT")
    return list(_once(kept, source, issues)), issues, not meanings or TODAY in meanings.values()


def _once(records: list[Record], source: str, issues: list[Issue]) -> Iterator[Record]:
    """The rows without those that another sheet has word for word, where both are of today, or both of leavers."""
    first: dict[tuple[str, str], str] = {}
    for record in records:
        same = (record.get("_again") or record["_location"], record.get("_leavers", ""))
        known = first.setdefault(same, record["_location"])
        if known == record["_location"]:
            yield record
        else:
            issues.append(issue(source, record["_location"], "", "DUPLICATE_ROW", first=known))


def meanings_of(titles: Mapping[str, str], day: date) -> dict[str, str]:
    """Return sheet → leavers, past or "", for a file's sheets with the titles above them. The last one left is of
    today.
    """
    found = {sheet: _by_words(sheet) or _by_words(title) for sheet, title in titles.items()}
    for sheet in _overtaken([name for name, meaning in found.items() if not meaning], day):
        found[sheet] = PAST
    if TODAY not in found.values():
        return {sheet: TODAY if meaning == PAST else meaning for sheet, meaning in found.items()}
    return found


def _by_words(text: str) -> str:
    words = label_key(text).split()
    if not words or len(words) > _LONGEST_TITLE or _STAYING.intersection(words):
        return TODAY
    for row in rows("sheet_names"):
        for phrase in row["words"].split("|"):
            wanted = phrase.split()
            if any(words[at : at + len(wanted)] == wanted for at in range(len(words))):
                return row["kind"]
    return TODAY


def _overtaken(sheets: list[str], day: date) -> Iterable[str]:
    """Sheets of earlier dates than another one of the same words; of a past year where another sheet has none."""
    dated = {sheet: _date_of(sheet, day) for sheet in sheets}
    undated = any(when is None for when, _ in dated.values())
    for sheet, (when, words) in dated.items():
        others = [other for other, rest in dated.values() if other and other <= day and rest == words]
        if when and (any(when < other for other in others) or (undated and when.year < day.year)):
            yield sheet


def _date_of(sheet: str, day: date) -> tuple[date | None, str]:
    """(the day a sheet is of, its other words); a year alone is its last day, the present one today."""
    when, rest = date_in(sheet)
    if when:
        of_this_month = (when.year, when.month) == (day.year, day.month)
        return (day if of_this_month else when), label_key(rest)
    years = _YEAR.findall(fold(sheet))
    words = label_key(_YEAR.sub(" ", fold(sheet)))
    if not years:
        return None, words
    last = int(max(years))
    return (day if last == day.year else date(last, 12, 31)), words
