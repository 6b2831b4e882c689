"""Invented nights for the tests of the store: a run, what it found, what was said of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from connectors.store import RunStart, Store
from connectors.store.returning import Answers
from schemas.changes.change import Change, PostRef
from schemas.changes.decision import DecisionEntry
from schemas.changes.lifecycle import Event, slot_of
from schemas.changes.receipt import Facts, Parcel, Return
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import classify_cpx
from schemas.people.structure import Structure
from schemas.reading.source import SourceReport
from schemas.reports.mail import MailRow
from tests.invented_changes import Builder, number

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 15, 0, 123456, tzinfo=UTC)
SOURCES = (
    SourceReport("annuaire", "efit/export.xlsx", "aa11", 2048, 3, 3),
    SourceReport("workbook:regions/24.xlsx", "regions/24.xlsx", "bb22", 1024, 10, 8, 1, 1, stamp=DAY),
)


def night(after: int) -> date:
    """The day so many nights after the first."""
    return DAY + timedelta(days=after)


def start(run_id: str, *, day: date = DAY, inputs: str = "inputs", rules: str = "rules") -> RunStart:
    return RunStart(run_id, day, inputs, rules, "0.1.0")


def changes() -> tuple[Change, Change, Change]:
    """An update, an end and a card alert, first seen on DAY."""
    builder = Builder()
    fields: list[tuple[str, str | None, str | None, str]] = [
        ("last_name", "FICTIVE", "EXEMPLE-FICTIVE", "register.persons"),
        ("email", "a@example.org", "b@example.org", "workbook:regions/24.xlsx"),
    ]
    update = builder.add("update_account", "identity_changed", "important", "FICTIVE Anne", fields=fields)
    ending = builder.add("end_assignment", "left", "important", "MODELE Luc")
    alert = builder.add("card_alert", "card_expired", "access", "ESSAI Ève")
    first, second, third = (one.model_copy(update={"first_seen": DAY}) for one in (update, ending, alert))
    return first, second, third


def account(serial: int, **other: Any) -> Account:
    known: dict[str, Any] = {
        "account_id": f"EF{serial:05d}",
        "civility": "Mme",
        "last_name": "FICTIVE",
        "first_name": "Anne",
        "profession": "10",
        "number": classify_cpx(number(serial)),
        "card_type": "CPS",
        "card_expires_on": date(2027, 1, 31),
        "email": "a@example.org",
        "phone": "0199000000",
        "active": True,
        "assignments": (Assignment("189990018", "CHV_ST", "TITULAIRE"),),
    }
    return Account(**known | other)


STRUCTURE = Structure("189990018", "ES", "Centre hospitalier de Bourg-Fictif", "24")


def born(*seen: Change, day: date = DAY) -> list[Event]:
    return [Event(one.id, day, "", "new", "run") for one in seen]


def told(*seen: Change, day: date = DAY) -> list[Event]:
    return [Event(one.id, day, "new", "notified", "mail") for one in seen]


def mailed(
    run_id: str, message_id: str, updater: PostRef, change_ids: Sequence[str] = (), *, day: date = DAY, **more: Any
) -> MailRow:
    """A mail of a run; it left, unless something else is said."""
    known = {"outcome": "sent"} | more
    return MailRow(message_id, run_id, updater, day, change_ids=tuple(change_ids), **known)


def record(
    store: Store,
    run_id: str,
    seen: Sequence[Change],
    events: Sequence[Event],
    *,
    day: date = DAY,
    accounts: Sequence[Account] = (),
    structures: Sequence[Structure] = (STRUCTURE,),
    now: datetime = NOW,
) -> None:
    """One night's findings, all of origin « data »."""
    found = {one.id: (one, slot_of(one), "data") for one in seen}
    people = {one.account_id: one for one in accounts}
    store.record_night(run_id, day, events, found, people, {one.code: one for one in structures}, (), now)


def answer(store: Store, entries: Sequence[DecisionEntry], events: Sequence[Event], at: datetime = NOW) -> None:
    """What the updaters wrote of some changes comes back, in a file that is like no other."""
    which = f"{at} {[event.change_id for event in events]}"
    came = Return(Parcel(f"file:{which}"), "retour.xlsx", which, None, Facts("recorded"))
    store.record_return(came, Answers(entries, events), (), at.date(), at)


def play(store: Store, run_id: str, seen: Sequence[Change], events: Sequence[Event], *, day: date = DAY) -> str:
    """A whole run, begun and finished, nothing mailed."""
    run_id = store.begin_run(start(run_id, day=day, inputs=run_id), SOURCES, NOW)
    record(store, run_id, seen, events, day=day)
    store.finish_run(run_id, "complete", {"changes": len(seen)}, NOW)
    return run_id


def rewrite(url: str, statement: str) -> int:
    """Go behind the store's back; how many rows were touched."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        touched = connection.execute(sa.text(statement)).rowcount
    engine.dispose()
    return touched


def count(url: str, table: str) -> int:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(found)
