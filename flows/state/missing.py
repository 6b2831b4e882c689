"""Who the annuaire had and has no more, found out from our own state."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from connectors.store import Store
from pipelines.lifecycle.vanished_accounts import Missing, count_absences
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.reading.absence import Absence
from schemas.reading.source_names import ANNUAIRE

_A_DAY = timedelta(days=1)


def missing_of(
    store: Store, day: date, present: Collection[str], concerned: Collection[str] = (), digest: str = ""
) -> Missing:
    """Tell who is missing among the `present` accounts of a night; `concerned`: accounts that open changes are about.

    `digest`: of the export; the same bytes on another night are no further export. "": every night is one.
    """
    before = store.absences(day)
    # The day itself may have been played before, over an export that had them.
    known = store.account_ids_until(day - _A_DAY, present) | store.account_ids_until(day, present)
    known |= store.vanished_on(day)
    known |= {key for key in concerned if key}
    absences = count_absences(before, known, present, day, _read_before(store, before, day, digest))
    news = tuple(one for key, one in absences.items() if key not in before or not before[key].gone)
    found = Missing(absences, news, *_last_seen(store, absences))
    return replace(found, former=_former(store, absences))


def _former(store: Store, absences: Mapping[str, Absence]) -> dict[str, Account]:
    """Those who are gone, as they last were: whom somebody might create a second time."""
    gone = [one for one in absences.values() if one.gone]
    former = {key: account for key, (account, _) in store.last_seen(gone).items()}
    for since in sorted({one.since for one in gone if one.account_id not in former}):
        then, _ = store.annuaire_at(since - _A_DAY)
        former |= {one.account_id: then[one.account_id] for one in gone if one.account_id in then}
    return former


def still_missing(store: Store, day: date) -> Missing:
    """Tell who was missing from the last annuaire up to `day`, for whoever reads none."""
    absences = store.absences(day + _A_DAY)
    return Missing(absences, (), *_last_seen(store, absences))


def _read_before(store: Store, before: Mapping[str, Absence], day: date, digest: str) -> date | None:
    """The last night on which this very export was read, no earlier than the first that somebody is missing since."""
    if not before or not digest:
        return None
    nights = store.digests(ANNUAIRE, min(one.since for one in before.values()), day)
    return max((night for night, digests in nights.items() if digest in digests), default=None)


def _last_seen(store: Store, absences: Mapping[str, Absence]) -> tuple[dict[str, Account], dict[str, Structure]]:
    """Those in doubt as they were on their last night, or earlier that very day, and the structures of then."""
    doubtful = [one for one in absences.values() if not one.gone]
    seen = store.last_seen(doubtful)
    accounts = {key: account for key, (account, _) in seen.items()}
    structures = {place.code: place for _, places in seen.values() for place in places}
    for since in sorted({one.since for one in doubtful if one.account_id not in seen}):
        keys = {one.account_id for one in doubtful if one.since == since} - accounts.keys()
        for night in (since - _A_DAY, since):
            then, places = store.annuaire_at(night)
            accounts |= {key: then[key] for key in keys - accounts.keys() if key in then}
            structures = places | structures
    return accounts, structures
