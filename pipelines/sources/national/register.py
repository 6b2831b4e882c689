"""National rows that concern somebody become persons, cards and correspondences."""

import hashlib
import re
from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any

import pandas as pd
from pydantic import ValidationError

from pipelines.normalize import add_years, parse_date
from pipelines.sources.judged import Judged, records, rows_of
from schemas.nomenclatures import profession_group, say
from schemas.people.card import Card
from schemas.people.identifiers import NumberKind, adeli_is_valid, adeli_is_well_formed, classify_cpx, rpps_is_valid
from schemas.people.person import ActivityRow, CrosswalkRow, RegisterPerson
from schemas.people.structure import FinessRow
from schemas.reading.issue import Issue, issue

_DIGEST = 12  # bytes
_CELL_END = "\x00"  # stands in no cell that is text
_LENGTH = len("899700000013")  # of a national identification
_ELEVEN = re.compile(r"[0-9]{11}")


def persons_of(frame: pd.DataFrame, source: str) -> Judged[dict[str, RegisterPerson]]:
    """Return national identification → person. A person is a multiset of activities: order and full duplicates say
    nothing.

    A wrong RPPS key is an anomaly of the register, kept and reported (formats.md « Identifiers »).
    """
    columns = list(frame.columns)
    at, activity_of = columns.index("national_id"), _activities(columns)
    issues: list[Issue] = []
    persons: dict[str, RegisterPerson] = {}
    rejected, unread = 0, set()
    shared = _Shared()
    for national_id, theirs in groupby(sorted(rows_of(frame), key=itemgetter(at)), key=itemgetter(at)):
        # No models: everybody of a wanted name is in here, and most of them are nobody whom we know.
        rows: list[_Activity] = []
        for row in theirs:
            activity = activity_of(row)
            if activity.id_type + activity.identifier != activity.national_id:
                issues.append(_mismatch(dict(zip(columns, row, strict=True)), source))
                rejected += 1
                unread |= {national_id, activity.id_type + activity.identifier}
                continue
            if activity.id_type == "8" and not rows and not rpps_is_valid(activity.identifier):
                issues.append(_wrong_key(dict(zip(columns, row, strict=True)), source))
            rows.append(activity)
        if rows:
            persons[intern(national_id)] = _person(intern(national_id), rows, shared)
    return Judged(persons, tuple(issues), rejected, frozenset(unread))


_FIELDS = tuple(ActivityRow.model_fields)
_Activity = namedtuple("_Activity", _FIELDS)  # type: ignore[misc]  # the same fields, unjudged


def _activities(columns: Sequence[str]) -> Callable[[Sequence[str]], Any]:
    """From a row to its activity; "" where a column is absent."""
    if set(_FIELDS) <= set(columns):
        chosen = itemgetter(*(columns.index(name) for name in _FIELDS))
        return lambda row: _Activity._make(chosen(row))
    places = [columns.index(name) if name in columns else None for name in _FIELDS]
    return lambda row: _Activity._make("" if at is None else row[at] for at in places)


def persons_in_parts(source: str) -> Callable[[pd.DataFrame], Judged[None]]:
    """Return what `persons_of` finds wrong, for an extract that comes part by part; only wrong numbers are
    remembered.
    """
    known: set[str] = set()

    def judge(part: pd.DataFrame) -> Judged[None]:
        issues: list[Issue] = []
        for record in records(part):
            try:
                row = ActivityRow.model_validate(record)
            except ValidationError:
                issues.append(_mismatch(record, source))
                continue
            if row.national_id not in known and not rpps_is_valid(row.national_id[1:]):
                known.add(row.national_id)
                issues += [_wrong_key(record, source)] if row.id_type == "8" else []
        return Judged(None, tuple(issues), sum(one.code == "CPX_FORMAT" for one in issues))

    return judge


def _mismatch(record: Mapping[str, str], source: str) -> Issue:
    return Issue(source, record["_location"], "national_id", "CPX_FORMAT", say("row.id_mismatch"))


def _wrong_key(record: Mapping[str, str], source: str) -> Issue:
    return Issue(source, record["_location"], "national_id", "CPX_KEY", say("row.rpps_key"))


_ALIKE = None  # before a combination of values, which is no value itself


class _Shared(dict[Any, Any]):
    """One of each value: many people have the same profession or establishment, and there may be millions of them."""

    def __missing__(self, value: Any) -> Any:
        """The value itself, the first time."""
        return self.setdefault(value, value)


def _person(national_id: str, rows: list[Any], shared: _Shared) -> RegisterPerson:
    if len(rows) == 1:
        return _person_of_one(national_id, rows[0], shared)
    unique = sorted(set(rows))
    civilities = {value for row in unique for value in (row.civility, row.civility_practice) if value}
    professions = {row.profession for row in unique if profession_group(row.profession)}
    categories = {row.category for row in unique if row.category}
    finess = frozenset(value for row in unique for value in (row.finess_site, row.finess_legal) if value)
    return RegisterPerson(
        national_id=national_id,
        last_name=intern(_first_given(row.last_name for row in unique)),
        first_name=intern(_first_given(row.first_name for row in unique)),
        civilities=shared[tuple(sorted(civilities))],
        professions=shared[tuple(sorted(professions))],
        categories=shared[tuple(sorted(categories))],
        finess=shared[finess],
        activities=hashlib.blake2b("\n".join(map(_CELL_END.join, unique)).encode(), digest_size=_DIGEST).digest(),
    )


def _person_of_one(national_id: str, row: Any, shared: _Shared) -> RegisterPerson:
    """The same of one row alone, as of most: its values come in few combinations."""
    known = shared.get(key := (_ALIKE, row.civility, row.civility_practice, row.profession, row.category))
    if known is None:
        civilities = tuple(sorted({value for value in key[1:3] if value}))
        professions = (row.profession,) if profession_group(row.profession) else ()
        categories = (row.category,) if row.category else ()
        known = shared[key] = shared[civilities], shared[professions], shared[categories]
    places = _ALIKE, row.finess_site, row.finess_legal
    finess = shared.get(places)
    if finess is None:
        finess = shared[places] = shared[frozenset(filter(None, places[1:]))]
    return RegisterPerson(
        national_id=national_id,
        last_name=intern(row.last_name),
        first_name=intern(row.first_name),
        civilities=known[0],
        professions=known[1],
        categories=known[2],
        finess=finess,
        activities=hashlib.blake2b(_CELL_END.join(row).encode(), digest_size=_DIGEST).digest(),
    )


def _first_given(values: Iterable[str]) -> str:
    """A row in which it is missing denies no other."""
    return next(filter(None, values), "")


def cards_of(frame: pd.DataFrame, source: str, validity_years: int = 3) -> Judged[tuple[Card, ...]]:
    """Return the cards, with dates as AAAA-MM-JJ, AAAAMMJJ or JJ/MM/AAAA; a card without a readable end is set aside.

    Where nothing but the start is given, the end is so many years later (procedure §2), and that is said.
    """
    cards: dict[tuple[str, ...], Card] = {}  # each once, under what they are put in order by
    issues: list[Issue] = []
    unread_holders: list[str] = []
    read = _Days()
    for record in records(frame):
        days = [read[record[name]] for name in _CARD_DATES]
        unread = [name for name, day in zip(_CARD_DATES, days, strict=True) if day is None and record[name]]
        start, end, opposed_on = days
        if unread or (end is None and start is None):
            message = say("row.date", expected=", ".join(unread or ["ends_on"]))
            issues.append(Issue(source, record["_location"], "ends_on", "CARD_DATE_INVALID", message))
            unread_holders.append(record["national_id"])
            continue
        if end is None:
            assert start is not None
            end = add_years(start, validity_years)
            issues.append(_end_from_start(record, source, start, end, validity_years))
        holder, content = intern(record["national_id"]), _number_in(record["content_id"])
        order = (holder, record["serial"], record["card_type"], content, str(end), str(start), str(opposed_on))
        if order not in cards:
            cards[order] = Card(holder, record["card_type"], record["serial"], content, start, end, opposed_on)
    kept = tuple(cards[order] for order in sorted(cards))
    return Judged(kept, tuple(issues), len(unread_holders), frozenset(unread_holders))


class _Days(dict[str, date | None]):
    """What is written → the day, None where none is: there are some thousands, and millions of cards."""

    def __missing__(self, text: str) -> date | None:
        found = self[text] = parse_date(text)[0] if text else None
        return found


_CARD_DATES = ("starts_on", "ends_on", "opposed_on")


def _number_in(content: str) -> str:
    """What a card carries, where it is a number."""
    if len(content) == _LENGTH and content[0] == "8" and content.isascii() and rpps_is_valid(content[1:]):
        return intern(content)  # nearly always, and reading whatever may be typed takes ten times as long
    reading = classify_cpx(content)
    return intern(reading.number) if reading.usable else ""


def _end_from_start(record: Mapping[str, str], source: str, start: date, end: date, years: int) -> Issue:
    told = {"found": f"{start:%d/%m/%Y}", "years": years, "repaired": f"{end:%d/%m/%Y}"}
    return issue(source, record["_location"], "ends_on", "END_DATE_FROM_ISSUE", **told)


def crosswalk_of(frame: pd.DataFrame, source: str) -> Judged[dict[str, tuple[str, ...]]]:
    """Return `0`+ADELI → every `8`+RPPS that it leads to; several ADELI may lead to one RPPS.

    An official correspondence is believed: a failing key is noted, only what is no number at all is left out.
    """
    found: dict[str, set[str]] = defaultdict(set)
    issues: list[Issue] = []
    rejected = 0
    for record in records(frame):
        row = CrosswalkRow.model_validate(record)
        adeli = row.adeli.removeprefix("0") if len(row.adeli) == 10 else row.adeli.zfill(9)
        rpps = row.rpps.removeprefix("8") if len(row.rpps) == 12 else row.rpps
        if not adeli_is_well_formed(adeli) or not _ELEVEN.fullmatch(rpps):
            issues.append(Issue(source, record["_location"], "adeli", "CPX_FORMAT", say("row.crosswalk")))
            rejected += 1
            continue
        if not adeli_is_valid(adeli) or not rpps_is_valid(rpps):
            issues.append(Issue(source, record["_location"], "adeli", "CPX_KEY", say("row.crosswalk_key")))
        found["0" + adeli].add("8" + rpps)
    leads = {adeli: tuple(sorted(rpps)) for adeli, rpps in sorted(found.items())}
    return Judged(leads, tuple(issues), rejected)


def correspondences(
    crosswalk: Mapping[str, tuple[str, ...]], cards: tuple[Card, ...]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return (links, forks): ADELI → the one RPPS that it leads to; ADELI → the several, of which none is certain.

    A card that still carries an ADELI number is the register's own correspondence, beside the file of that name.
    """
    found = {adeli: set(rpps) for adeli, rpps in crosswalk.items()}
    for adeli, rpps in card_links(cards).items():
        found.setdefault(adeli, set()).update(rpps)
    links = {adeli: min(rpps) for adeli, rpps in sorted(found.items()) if len(rpps) == 1}
    return links, {adeli: tuple(sorted(rpps)) for adeli, rpps in sorted(found.items()) if len(rpps) > 1}


def establishments_of(frame: pd.DataFrame, day: date) -> dict[str, FinessRow]:
    """Return FINESS → establishment as of a day; where two stocks differ the closed one is believed only if none says
    open.

    A closing date decides: before it an establishment is open, from it on closed, whatever its state says.
    """
    found: dict[str, FinessRow] = {}
    for record in records(frame):
        closing, _ = parse_date(record.get("closed_on", ""))
        is_open = record["is_open"] != "non" if closing is None else closing > day
        row = FinessRow.model_validate({**record, "is_open": is_open})
        known = found.get(row.finess)
        if known is None or (row.is_open, row.name) > (known.is_open, known.name):
            found[row.finess] = row
    return found


def card_links(cards: tuple[Card, ...]) -> dict[str, set[str]]:
    """Return ADELI number still printed on a card → its holders' RPPS numbers."""
    found: dict[str, set[str]] = defaultdict(set)
    for card in cards:
        if not card.content_id or card.content_id == card.holder:
            continue  # nearly all: no other number than the holder's own
        content, holder = classify_cpx(card.content_id), classify_cpx(card.holder)
        if content.kind is NumberKind.ADELI and holder.kind is NumberKind.RPPS:
            found[content.number].add(holder.number)
    return found
