"""What a sheet is: of today, of leavers, of the past, a draft or of what is to come; by name, title, date and content.

That comes first: only rows of one meaning repeat each other, and the order of the sheets says nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.dates import date_in
from pipelines.names import full_key
from pipelines.sources.cells.known_people import People, Record
from pipelines.sources.cells.presence import PRESENT, presence_of
from pipelines.sources.workbook.row.two_states import mark_two_states
from schemas.nomenclatures import code_of, label_of, say
from schemas.reading.issue import Issue, issue
from schemas.reading.sheet_meaning import (
    DRAFT,
    FUTURE,
    LEAVERS,
    PAST,
    TODAY,
    is_template,
    may_mean_leavers,
    meaning_of_title,
    means_leavers,
)
from schemas.words import fold, label_key, name_key

COPY = "copy"
IN_DOUBT = "_section"  # among leavers, and « Actif » all the same
IN_SHEET = "_leaver_sheet"  # among many leavers of whom no word says that they left
UNDER_TITLE = "_under_title"  # below a title, or on a sheet, of those to be removed: its words
IN_BOTH = "_both"  # among leavers, and on a sheet of today all the same: where
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d{2})(?!\d)")
_VERSION = re.compile(r"\b(?:v|ver|version)\s?(\d{1,3})(?:\s?[._]\s?(\d{1,3}))?\b")
_PERIOD = re.compile(
    r"(?:[tqsmw]|trim\w*|sem\w*|mois|envoi|extract\w*|releve|maj|mise a jour)[\s.n°]*(\d{1,2})\b.*|0*(\d{1,2})"
    r"|(\d{1,2})\s?(?:er|e|eme|nd|n)?\s?(?:trim|sem|mois|envoi)\w*.*"
)
_COPIED = re.compile(r"\(\d{1,2}\)\s*$|\bcopie\b")
_FEWEST_THERE, _SHARE_THERE = 3, 0.25  # people of the annuaire whom a sheet's name alone does not end
_LEAST_COPIED = 3  # rows of another sheet that a copy has


@dataclass(frozen=True, slots=True)
class SortedSheets:
    """The rows of today, those of leavers marked as such; what is said of the sheets; whether one is of today."""

    records: list[Record]
    issues: list[Issue]
    notes: list[str]
    of_today: bool


def sorted_out(records: list[Record], source: str, day: date, people: People) -> SortedSheets:
    """Tell which sheet each row is of, and what that means. `people`: a sheet of leavers does not hold those who are
    there.
    """
    titles: dict[str, str] = {}
    for record in records:
        titles.setdefault(record["_sheet"], record.get("_title", ""))
    meanings = meanings_of(titles, day)
    for sheet in _copies(records, meanings):
        meanings[sheet] = COPY
    for sheet in _earlier_periods(records, meanings, titles, day):
        meanings[sheet] = PAST
    there = _of_those_there(records, meanings, day)
    for sheet in _drafts_of_those_there(records, meanings, people):
        meanings[sheet] = TODAY
    notes = [say("sheet_read.not_leavers", sheet=sheet) for sheet in there]
    meanings.update(dict.fromkeys(there, TODAY))
    counts = {sheet: sum(record["_sheet"] == sheet for record in records) for sheet in titles}
    issues = [
        Issue(source, sheet, "", "SHEET_SKIPPED", say(f"sheet_read.{meaning}", sheet=sheet, count=counts[sheet]))
        for sheet, meaning in meanings.items()
        if meaning
    ]
    kept = [record for record in records if meanings[record["_sheet"]] in (TODAY, LEAVERS)]
    leavers = [record for record in kept if meanings[record["_sheet"]] == LEAVERS]
    today = [record for record in kept if meanings[record["_sheet"]] == TODAY]
    _mark(leavers, today)
    _ask_of(today)
    mark_two_states(today, people)
    _doubt([record for record in leavers if IN_BOTH not in record], kept, people)
    of_today = not meanings or TODAY in meanings.values()
    return SortedSheets(list(_once(kept, source, issues)), issues, notes, of_today)


def _of_those_there(records: list[Record], meanings: Mapping[str, str], day: date) -> list[str]:
    """Sheets of leavers by their name, whose rows say « Actif »: too many to be an oversight, or no other sheet is of
    today.
    """
    theirs: dict[str, list[Record]] = {}
    for record in records:
        if meanings[record["_sheet"]] == LEAVERS:
            theirs.setdefault(record["_sheet"], []).append(record)
    alone = TODAY not in meanings.values()
    everybody = sum(meanings[record["_sheet"]] in (TODAY, LEAVERS) for record in records)
    found = {
        sheet: sum(presence_of(one.get("status", ""), day) == PRESENT for one in own) for sheet, own in theirs.items()
    }
    mostly = [sheet for sheet, count in found.items() if count and 2 * count >= len(theirs[sheet])]
    many = sum(found[sheet] for sheet in mostly)
    return mostly if alone or (many >= _FEWEST_THERE and many > _SHARE_THERE * everybody) else []


def _drafts_of_those_there(records: list[Record], meanings: Mapping[str, str], people: People) -> Iterator[str]:
    """Sheets named as templates on which people of the annuaire stand who are on no sheet of today: « Trame » filled
    in.
    """
    templates = [sheet for sheet, meaning in meanings.items() if meaning == DRAFT and is_template(sheet)]
    if not templates:
        return
    on: dict[str, set[tuple[str, str]]] = {}
    for record in records:
        if (one := people.who(record)) is not None and one.held:
            on.setdefault(record["_sheet"], set()).add((one.last_name, one.first_name))
    seen = {who for sheet, theirs in on.items() if meanings[sheet] == TODAY for who in theirs}
    everybody = len(set().union(*on.values()))
    for sheet in templates:
        own = len(on.get(sheet, set()) - seen)
        if own >= _FEWEST_THERE and own > _SHARE_THERE * everybody:
            yield sheet


def _ask_of(today: list[Record]) -> None:
    """Mark those of a sheet « Comptes à fermer » beside others of today: nobody confirms them there."""
    aside = {sheet for sheet in dict.fromkeys(record["_sheet"] for record in today) if may_mean_leavers(sheet)}
    if aside and any(record["_sheet"] not in aside for record in today):
        for record in today:
            if record["_sheet"] in aside:
                record[UNDER_TITLE] = record["_sheet"]


def _doubt(leavers: list[Record], everybody: list[Record], people: People) -> None:
    """Ask about the people of the annuaire who stand among leavers without a word of it, where they are many."""
    if not leavers:
        return
    silent = [
        record
        for record in leavers
        if "_said" not in record and (known := people.who(record)) is not None and known.held
    ]
    count = sum(people.who(record) is not None for record in everybody)
    if len(silent) >= _FEWEST_THERE and len(silent) > _SHARE_THERE * count:
        for record in silent:
            record[IN_SHEET] = record["_sheet"]


def _mark(leavers: list[Record], today: list[Record]) -> None:
    """Read them as gone; whom a sheet of today still has in the same function is somebody to ask about."""
    there: dict[str, list[Record]] = {}
    for record in today if leavers else ():
        if code_of("statuses", record.get("status", "")) != "LEFT":
            for key in _keys(record):
                there.setdefault(key, []).append(record)
    for record in leavers:
        same = [one for key in _keys(record) for one in there.get(key, ()) if _same_function(record, one)]
        if same:
            record[IN_BOTH] = same[0]["_sheet"]
            continue
        record["_leavers"] = LEAVERS
        said = code_of("statuses", record.get("status", ""))
        if record.get("status") or record.get("ended_on"):
            record["_said"] = "yes"
        record["status"] = record["status"] if said == "LEFT" else label_of("statuses", "LEFT")


def _keys(record: Record) -> Iterator[str]:  # whom a row is of, and where: by the number and by the name
    place = name_key(record.get("structure_code", "")) or name_key(record.get("structure_name", ""))
    number = re.sub(r"\W", "", record.get("cpx_number", ""))
    if number:
        yield f"{number[-11:]}|{place}"
    if name := full_key(record.get("last_name", ""), record.get("first_name", "")).strip():
        yield f"{name}|{place}"


def _same_function(one: Record, other: Record) -> bool:
    pairs = ((label_key(one.get(name, "")), label_key(other.get(name, ""))) for name in ("function", "rank"))
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _copies(records: list[Record], meanings: Mapping[str, str]) -> Iterator[str]:
    """Sheets of today that are hidden, or named a copy, and mostly repeat one that is neither."""
    theirs: dict[str, list[Record]] = {}
    for record in records:
        if meanings[record["_sheet"]] == TODAY:
            theirs.setdefault(record["_sheet"], []).append(record)
    aside = {sheet for sheet, found in theirs.items() if _COPIED.search(fold(sheet)) or any(map(_is_hidden, found))}
    shown = {
        record.get("_again") or record["_location"] for name in theirs if name not in aside for record in theirs[name]
    }
    for sheet in sorted(aside):
        again = sum((record.get("_again") or record["_location"]) in shown for record in theirs[sheet])
        if again >= _LEAST_COPIED and again * 2 >= len(theirs[sheet]):
            yield sheet


def _earlier_periods(
    records: list[Record], meanings: Mapping[str, str], titles: Mapping[str, str], day: date
) -> list[str]:
    """« T1 » beside « T4 », « Situation au … » of two days, that mostly have the same people: the earlier is of the
    past.
    """
    today = [sheet for sheet, meaning in meanings.items() if meaning == TODAY]
    named = {sheet: said for sheet in today if (said := _PERIOD.fullmatch(fold(sheet).strip()))}
    numbers = {sheet: int(said[1] or said[2] or said[3]) for sheet, said in named.items()}
    days = {sheet: when.toordinal() for sheet in today if (when := date_in(titles[sheet])[0]) and when <= day}
    people: dict[str, set[str]] = {sheet: set() for sheet in (*numbers, *days)}
    for record in (one for one in records if one["_sheet"] in people):
        people[record["_sheet"]].update(_keys(record))
    found: list[str] = []
    for order in (numbers, days):
        last = max(order, key=lambda sheet: order[sheet], default="")
        earlier = (one for one in order if order[one] < order[last])
        found += [one for one in earlier if 2 * len(people[one] & people[last]) >= len(people[one]) > 0]
    return found


def _is_hidden(record: Record) -> bool:
    return bool(record.get("_hidden"))


def _once(records: list[Record], source: str, issues: list[Issue]) -> Iterator[Record]:
    """The rows without those that another sheet has word for word, where both are of today, or both of leavers."""
    first: dict[tuple[str, str, str], str] = {}
    for record in records:
        same = (
            record.get("_again") or record["_location"],
            record.get("_leavers", ""),
            record.get(IN_BOTH) or record.get(UNDER_TITLE, ""),
        )
        known = first.setdefault(same, record["_location"])
        if known == record["_location"]:
            yield record
        else:
            issues.append(issue(source, record["_location"], "", "DUPLICATE_ROW", first=known))


def meanings_of(titles: Mapping[str, str], day: date) -> dict[str, str]:
    """Return sheet → leavers, past, draft, future or "", for a file's sheets with the titles above them. The last one
    left is of today.
    """
    if len(titles) == 1:  # the only sheet, or a .csv by the name of its file, is today's, unless nothing else is said
        return {sheet: LEAVERS if means_leavers(sheet) else TODAY for sheet in titles}
    found = {sheet: meaning_of_title(sheet) or _of_title(title) for sheet, title in titles.items()}
    for sheet in _overtaken([name for name, meaning in found.items() if not meaning], day):
        found[sheet] = PAST
    for sheet in _versions([name for name, meaning in found.items() if not meaning]):
        found[sheet] = PAST
    for sheet in [name for name, meaning in found.items() if not meaning]:
        if (years := _YEAR.findall(fold(sheet))) and min(map(int, years)) > day.year:
            found[sheet] = FUTURE
    if TODAY not in found.values():
        return {sheet: meaning if meaning == LEAVERS else TODAY for sheet, meaning in found.items()}
    return found


def _of_title(title: str) -> str:
    """« Merci de barrer les personnes parties » is a sentence, and no title of leavers."""
    meaning = meaning_of_title(title)
    return TODAY if meaning == LEAVERS and not means_leavers(title) else meaning


def _versions(sheets: list[str]) -> Iterator[str]:
    """« V1 » beside « V2 (à jour) »: the earlier versions of the same words."""
    found: dict[str, list[tuple[tuple[int, int], str]]] = {}
    for sheet in sheets:
        said = _VERSION.search(fold(sheet))
        if said:
            rest = label_key(_VERSION.sub(" ", fold(sheet)))
            for phrase in _UP_TO_DATE:
                rest = re.sub(rf"\b{phrase}\b", " ", rest)
            number = (int(said[1]), int(said[2] or 0))
            found.setdefault(" ".join(rest.split()), []).append((number, sheet))
    for versions in found.values():
        newest = max(number for number, _ in versions)
        yield from (sheet for number, sheet in versions if number < newest)


_UP_TO_DATE = ("a jour", "mise a jour", "maj", "definitive", "definitif", "finale", "final", "validee", "valide", "ok")


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
