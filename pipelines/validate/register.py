"""National rows that concern somebody become persons, cards and correspondences."""

from collections import defaultdict
from collections.abc import Callable

import pandas as pd
from pydantic import ValidationError

from pipelines.normalize import parse_date
from pipelines.validate.judged import Judged, records
from schemas.card import Card, CardRow
from schemas.identifiers import NumberKind, adeli_is_valid, classify_cpx, rpps_is_valid
from schemas.issue import Issue
from schemas.nomenclatures import profession_group, say
from schemas.person import ActivityRow, CrosswalkRow, RegisterPerson
from schemas.structure import FinessRow


def persons_of(frame: pd.DataFrame, source: str) -> Judged[dict[str, RegisterPerson]]:
    """National identification → person. A person is a multiset of activities: order and full duplicates say nothing.

    A wrong RPPS key is an anomaly of the register, kept and reported (formats.md « Identifiers »).
    """
    rows, issues, rejected = _activities(frame, source, set())
    grouped: dict[str, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        grouped[row.national_id].append(row)
    return Judged({key: _person(key, rows) for key, rows in sorted(grouped.items())}, issues, rejected)


def persons_in_parts(source: str) -> Callable[[pd.DataFrame], Judged[None]]:
    """What `persons_of` finds wrong, for an extract that comes part by part; only wrong numbers are remembered."""
    known: set[str] = set()

    def judge(part: pd.DataFrame) -> Judged[None]:
        _, issues, rejected = _activities(part, source, known)
        return Judged(None, issues, rejected)

    return judge


def _activities(frame: pd.DataFrame, source: str, known: set[str]) -> tuple[list[ActivityRow], tuple[Issue, ...], int]:
    """(rows, what is wrong, how many rows that costs); a wrong key is told once, `known` are the persons it is told of.

    Or would have been: on the person's first row another type may stand before the same digits.
    """
    rows: list[ActivityRow] = []
    issues: list[Issue] = []
    for record in records(frame):
        place = record["_location"]
        try:
            row = ActivityRow.model_validate(record)
        except ValidationError:
            issues.append(Issue(source, place, "national_id", "CPX_FORMAT", say("row.id_mismatch")))
            continue
        rows.append(row)
        if rpps_is_valid(row.national_id[1:]) or row.national_id in known:
            continue
        known.add(row.national_id)
        if row.id_type == "8":
            issues.append(Issue(source, place, "national_id", "CPX_KEY", say("row.rpps_key")))
    return rows, tuple(issues), len(frame) - len(rows)


def _person(national_id: str, rows: list[ActivityRow]) -> RegisterPerson:
    unique = sorted({tuple(row.model_dump().values()): row for row in rows}.items())
    activities = tuple(row for _, row in unique)
    first = activities[0]
    return RegisterPerson(
        national_id=national_id,
        last_name=first.last_name,
        first_name=first.first_name,
        civilities=tuple(sorted({v for row in activities for v in (row.civility, row.civility_practice) if v})),
        professions=tuple(sorted({row.profession for row in activities if profession_group(row.profession)})),
        categories=tuple(sorted({row.category for row in activities if row.category})),
        finess=frozenset(v for row in activities for v in (row.finess_site, row.finess_legal) if v),
        activities=activities,
    )


def cards_of(frame: pd.DataFrame, source: str) -> Judged[tuple[Card, ...]]:
    """The cards, with dates as AAAA-MM-JJ, AAAAMMJJ or JJ/MM/AAAA; a card without a readable end is set aside."""
    cards: list[Card] = []
    issues: list[Issue] = []
    for record in records(frame):
        dates = {name: parse_date(record[name])[0] for name in ("starts_on", "ends_on", "opposed_on")}
        unread = [name for name, value in dates.items() if record[name] and value is None]
        if unread or dates["ends_on"] is None:
            message = say("row.date", expected=", ".join(unread or ["ends_on"]))
            issues.append(Issue(source, record["_location"], "ends_on", "CARD_DATE_INVALID", message))
            continue
        row = CardRow.model_validate({**record, **dates})
        content = classify_cpx(row.content_id)
        cards.append(
            Card(
                holder=row.national_id,
                card_type=row.card_type,
                serial=row.serial,
                content_id=content.number if content.usable else "",
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                opposed_on=row.opposed_on,
            )
        )
    return Judged(tuple(sorted(set(cards), key=_card_order)), tuple(issues), len(issues))


def _card_order(card: Card) -> tuple[str, ...]:
    dates = (card.ends_on, card.starts_on, card.opposed_on)
    return card.holder, card.serial, card.card_type, card.content_id, *(str(day) for day in dates)


def crosswalk_of(frame: pd.DataFrame, source: str) -> Judged[dict[str, str]]:
    """`0`+ADELI → `8`+RPPS; several ADELI may lead to one RPPS, an ADELI that leads to two is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    issues: list[Issue] = []
    for record in records(frame):
        row = CrosswalkRow.model_validate(record)
        adeli = row.adeli.removeprefix("0") if len(row.adeli) == 10 else row.adeli.zfill(9)
        rpps = row.rpps.removeprefix("8") if len(row.rpps) == 12 else row.rpps
        if not adeli_is_valid(adeli) or not rpps_is_valid(rpps):
            issues.append(Issue(source, record["_location"], "adeli", "CPX_KEY", say("row.crosswalk")))
            continue
        found["0" + adeli].add("8" + rpps)
    links = {adeli: next(iter(rpps)) for adeli, rpps in sorted(found.items()) if len(rpps) == 1}
    return Judged(links, tuple(issues), len(issues))


def establishments_of(frame: pd.DataFrame) -> dict[str, FinessRow]:
    """FINESS → establishment; where two stocks differ the closed one is believed only if none says open."""
    found: dict[str, FinessRow] = {}
    for record in records(frame):
        row = FinessRow.model_validate({**record, "is_open": record["is_open"] != "non"})
        known = found.get(row.finess)
        if known is None or (row.is_open, row.name) > (known.is_open, known.name):
            found[row.finess] = row
    return found


def card_links(cards: tuple[Card, ...]) -> dict[str, str]:
    """ADELI number still printed on a card → its holder's RPPS number: the register's own correspondence."""
    found: dict[str, set[str]] = defaultdict(set)
    for card in cards:
        content, holder = classify_cpx(card.content_id), classify_cpx(card.holder)
        if content.kind is NumberKind.ADELI and holder.kind is NumberKind.RPPS:
            found[content.number].add(holder.number)
    return {adeli: next(iter(holders)) for adeli, holders in sorted(found.items()) if len(holders) == 1}
