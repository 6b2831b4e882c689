"""National rows that concern somebody become persons, cards and correspondences."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
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
from schemas.people.card import Card, CardRow
from schemas.people.identifiers import NumberKind, adeli_is_valid, adeli_is_well_formed, classify_cpx, rpps_is_valid
from schemas.people.person import ActivityRow, CrosswalkRow, RegisterPerson
from schemas.people.structure import FinessRow
from schemas.reading.issue import Issue, issue

_DIGEST = 12  # bytes
_ELEVEN = re.compile(r"[0-9]{11}")


def persons_of(frame: pd.DataFrame, source: str) -> Judged[dict[str, RegisterPerson]]:
    """National identification → person. A person is a multiset of activities: order and full duplicates say nothing.

    A wrong RPPS key is an anomaly of the register, kept and reported (formats.md « Identifiers »).
    """
    columns = list(frame.columns)
    at = columns.index("national_id")
    issues: list[Issue] = []
    persons: dict[str, RegisterPerson] = {}
    rejected, unread = 0, set()
    shared = _Shared()
    # Person by person, so that no more than one person's rows are models at a time.
    for national_id, theirs in groupby(sorted(rows_of(frame), key=itemgetter(at)), key=itemgetter(at)):
        rows: list[ActivityRow] = []
        for record in (dict(zip(columns, row, strict=True)) for row in theirs):
            try:
                row = ActivityRow.model_validate(record)
            except ValidationError:
                issues.append(_mismatch(record, source))
                rejected += 1
                unread |= {national_id, record["id_type"] + record["identifier"]}
                continue
            if row.id_type == "8" and not rows and not rpps_is_valid(row.identifier):
                issues.append(_wrong_key(record, source))
            rows.append(row)
        if rows:
            persons[intern(national_id)] = _person(intern(national_id), rows, shared)
    return Judged(persons, tuple(issues), rejected, frozenset(unread))


def persons_in_parts(source: str) -> Callable[[pd.DataFrame], Judged[None]]:
    """What `persons_of` finds wrong, for an extract that comes part by part; only wrong numbers are remembered."""
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


class _Shared(dict[Any, Any]):
    """One of each value: many people have the same profession or establishment, and there may be millions of them."""

    def __missing__(self, value: Any) -> Any:
        """The value itself, the first time."""
        return self.setdefault(value, value)


def _person(national_id: str, rows: list[ActivityRow], shared: _Shared) -> RegisterPerson:
    activities = sorted({tuple(vars(row).values()): row for row in rows}.items())
    unique = [row for _, row in activities]
    return RegisterPerson(
        national_id=national_id,
        last_name=intern(_first_given(row.last_name for row in unique)),
        first_name=intern(_first_given(row.first_name for row in unique)),
        civilities=shared[tuple(sorted({v for row in unique for v in (row.civility, row.civility_practice) if v}))],
        professions=shared[tuple(sorted({row.profession for row in unique if profession_group(row.profession)}))],
        categories=shared[tuple(sorted({row.category for row in unique if row.category}))],
        finess=shared[frozenset(v for row in unique for v in (row.finess_site, row.finess_legal) if v)],
        activities=hashlib.sha256(repr([values for values, _ in activities]).encode()).digest()[:_DIGEST],
    )


def _first_given(values: Iterable[str]) -> str:
    """A row in which it is missing denies no other."""
    return next(filter(None, values), "")


def cards_of(frame: pd.DataFrame, source: str, validity_years: int = 3) -> Judged[tuple[Card, ...]]:
    """The cards, with dates as AAAA-MM-JJ, AAAAMMJJ or JJ/MM/AAAA; a card without a readable end is set aside.

    Where nothing but the start is given, the end is so many years later (procedure §2), and that is said.
    """
    cards: list[Card] = []
    issues: list[Issue] = []
    unread_holders: list[str] = []
    for record in records(frame):
        dates = {name: parse_date(record[name])[0] for name in ("starts_on", "ends_on", "opposed_on")}
        unread = [name for name, value in dates.items() if record[name] and value is None]
        start = dates["starts_on"]
        if unread or (dates["ends_on"] is None and start is None):
            message = say("row.date", expected=", ".join(unread or ["ends_on"]))
            issues.append(Issue(source, record["_location"], "ends_on", "CARD_DATE_INVALID", message))
            unread_holders.append(record["national_id"])
            continue
        if dates["ends_on"] is None and start is not None:
            dates["ends_on"] = end = add_years(start, validity_years)
            issues.append(_end_from_start(record, source, start, end, validity_years))
        row = CardRow.model_validate({**record, **dates})
        content = classify_cpx(row.content_id)
        cards.append(
            Card(
                holder=intern(row.national_id),
                card_type=row.card_type,
                serial=row.serial,
                content_id=intern(content.number) if content.usable else "",
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                opposed_on=row.opposed_on,
            )
        )
    kept = tuple(sorted(set(cards), key=_card_order))
    return Judged(kept, tuple(issues), len(unread_holders), frozenset(unread_holders))


def _end_from_start(record: Mapping[str, str], source: str, start: date, end: date, years: int) -> Issue:
    told = {"found": f"{start:%d/%m/%Y}", "years": years, "repaired": f"{end:%d/%m/%Y}"}
    return issue(source, record["_location"], "ends_on", "END_DATE_FROM_ISSUE", **told)


def _card_order(card: Card) -> tuple[str, ...]:
    dates = (card.ends_on, card.starts_on, card.opposed_on)
    return card.holder, card.serial, card.card_type, card.content_id, *(str(day) for day in dates)


def crosswalk_of(frame: pd.DataFrame, source: str) -> Judged[dict[str, tuple[str, ...]]]:
    """`0`+ADELI → every `8`+RPPS that it leads to; several ADELI may lead to one RPPS.

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
    """(links, forks): ADELI → the one RPPS that it leads to; ADELI → the several, of which none is certain.

    A card that still carries an ADELI number is the register's own correspondence, beside the file of that name.
    """
    found = {adeli: set(rpps) for adeli, rpps in crosswalk.items()}
    for adeli, rpps in card_links(cards).items():
        found.setdefault(adeli, set()).update(rpps)
    links = {adeli: min(rpps) for adeli, rpps in sorted(found.items()) if len(rpps) == 1}
    return links, {adeli: tuple(sorted(rpps)) for adeli, rpps in sorted(found.items()) if len(rpps) > 1}


def establishments_of(frame: pd.DataFrame, day: date) -> dict[str, FinessRow]:
    """FINESS → establishment as of a day; where two stocks differ the closed one is believed only if none says open.

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
    """ADELI number still printed on a card → its holders' RPPS numbers."""
    found: dict[str, set[str]] = defaultdict(set)
    for card in cards:
        content, holder = classify_cpx(card.content_id), classify_cpx(card.holder)
        if content.kind is NumberKind.ADELI and holder.kind is NumberKind.RPPS:
            found[content.number].add(holder.number)
    return found
