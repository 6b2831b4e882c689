"""National rows that concern somebody become persons, cards and correspondences."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from pydantic import ValidationError

from pipelines.normalize import parse_date
from pipelines.sources.judged import Judged, as_rows, records
from pipelines.sources.national.known_persons import PERSON_COLUMNS, KnownPersons
from pipelines.sources.national.read_cards import CARD_COLUMNS, CardDays, ReadCards
from schemas.nomenclatures import say
from schemas.people.card import Card
from schemas.people.identifiers import NumberKind, adeli_is_valid, adeli_is_well_formed, classify_cpx, rpps_is_valid
from schemas.people.person import ActivityRow, CrosswalkRow, RegisterPerson
from schemas.people.structure import FinessRow
from schemas.reading.issue import Issue, issue
from schemas.text_rows import ReadRows, TextPlaces

_ELEVEN = re.compile(r"[0-9]{11}")
_RPPS = 11  # digits of a number


def persons_of(table: pd.DataFrame | ReadRows, source: str) -> Judged[Mapping[str, RegisterPerson]]:
    """Return national identification → person. A person is a multiset of activities: order and full duplicates say
    nothing.

    A wrong RPPS key is an anomaly of the register, kept and reported (formats.md « Identifiers »). Nobody is made of
    their rows before they are asked for: everybody of a wanted name is in here, and most are nobody whom we know.
    """
    rows = as_rows(table)
    rows.read(PERSON_COLUMNS)
    kinds, identifiers, numbers = (rows.texts(name) for name in ("id_type", "identifier", "national_id"))
    parts = enumerate(zip(kinds, identifiers, numbers, strict=True))
    apart = frozenset(at for at, (kind, identifier, number) in parts if kind + identifier != number)
    places = TextPlaces(numbers, apart) if apart else rows.places("national_id")
    keyed = [at for _, at in places.firsts() if kinds[at] == "8"]
    wrong = [keyed[one] for one in _wrong_keys([identifiers[at] for at in keyed])]
    stands = rows.texts("_location") if apart or wrong else ()
    told = {at: _mismatch(stands[at], source) for at in apart} | {at: _wrong_key(stands[at], source) for at in wrong}
    issues = tuple(told[at] for at in sorted(told, key=lambda at: (numbers[at], at)))
    unread = frozenset(number for at in apart for number in (numbers[at], kinds[at] + identifiers[at]))
    rows.let_go(("id_type", "identifier", "national_id", "civility", "civility_practice"))
    return Judged(KnownPersons(rows, places), issues, len(apart), unread)


def _wrong_keys(identifiers: Sequence[str]) -> Sequence[int]:
    """Which of many are no RPPS numbers, as `rpps_is_valid` says of each: all at once where all are as long."""
    digits = "".join(identifiers)
    if {*map(len, identifiers)} != {_RPPS} or not (digits.isascii() and digits.isdigit()):
        return [at for at, text in enumerate(identifiers) if not rpps_is_valid(text)]
    values = np.frombuffer(digits.encode(), np.uint8).reshape(-1, _RPPS) - ord("0")
    doubled = values[:, 1::2] * 2
    sums = values[:, ::2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return np.flatnonzero(sums % 10).tolist()


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
                issues.append(_mismatch(record["_location"], source))
                continue
            if row.national_id not in known and not rpps_is_valid(row.national_id[1:]):
                known.add(row.national_id)
                issues += [_wrong_key(record["_location"], source)] if row.id_type == "8" else []
        return Judged(None, tuple(issues), sum(one.code == "CPX_FORMAT" for one in issues))

    return judge


def _mismatch(location: str, source: str) -> Issue:
    return Issue(source, location, "national_id", "CPX_FORMAT", say("row.id_mismatch"))


def _wrong_key(location: str, source: str) -> Issue:
    return Issue(source, location, "national_id", "CPX_KEY", say("row.rpps_key"))


def cards_of(table: pd.DataFrame | ReadRows, source: str, validity_years: int = 3) -> Judged[Sequence[Card]]:
    """Return the cards, with dates as AAAA-MM-JJ, AAAAMMJJ or JJ/MM/AAAA; a card without a readable end is set aside.

    Where nothing but the start is given, the end is so many years later (procedure §2), and that is said. No card is
    made before it is asked for.
    """
    rows = as_rows(table)
    rows.read(CARD_COLUMNS)
    cards = ReadCards(rows, validity_years)
    holders = rows.texts("national_id")
    stands = rows.texts("_location") if cards.aside or cards.without_end else ()
    told = {at: _unread_dates(stands[at], source, names) for at, names in cards.aside.items()}
    told |= {at: _end_from_start(stands[at], source, cards.days(at), validity_years) for at in cards.without_end}
    unread = frozenset(holders[at] for at in cards.aside)
    cards.let_go()
    return Judged(cards, tuple(told[at] for at in sorted(told)), len(cards.aside), unread)


def _unread_dates(location: str, source: str, names: Sequence[str]) -> Issue:
    message = say("row.date", expected=", ".join(names or ["ends_on"]))
    return Issue(source, location, "ends_on", "CARD_DATE_INVALID", message)


def _end_from_start(location: str, source: str, days: CardDays, years: int) -> Issue:
    told = {"found": f"{days.starts_on:%d/%m/%Y}", "years": years, "repaired": f"{days.ends_on:%d/%m/%Y}"}
    return issue(source, location, "ends_on", "END_DATE_FROM_ISSUE", **told)


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
    crosswalk: Mapping[str, tuple[str, ...]], cards: Iterable[Card]
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


def card_links(cards: Iterable[Card]) -> dict[str, set[str]]:
    """Return ADELI number still printed on a card → its holders' RPPS numbers."""
    found: dict[str, set[str]] = defaultdict(set)
    for card in cards.with_another_number() if isinstance(cards, ReadCards) else cards:
        if not card.content_id or card.content_id == card.holder:
            continue  # nearly all: no other number than the holder's own
        content, holder = classify_cpx(card.content_id), classify_cpx(card.holder)
        if content.kind is NumberKind.ADELI and holder.kind is NumberKind.RPPS:
            found[content.number].add(holder.number)
    return found
