"""The store: what came back, and what is forgotten."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from connectors.store import Store, open_store
from connectors.store.returning import Answers
from schemas.changes.change import PersonRef
from schemas.changes.decision import DecisionEntry
from schemas.changes.lifecycle import Event
from schemas.changes.receipt import Facts, Parcel, Return
from schemas.changes.remark import Remark
from schemas.errors import IllegalTransitionError
from tests.invented_changes import CRH
from tests.invented_nights import (
    DAY,
    NOW,
    SOURCES,
    account,
    answer,
    born,
    changes,
    count,
    mailed,
    night,
    play,
    record,
    start,
    told,
)

UPDATE, ENDING, ALERT = changes()
DIGEST = "d" * 64
ACCEPTED = DecisionEntry(UPDATE.id, "accepted", None, "Vu avec Mme FICTIVE", CRH, "retour.xlsx", DIGEST, "accepted")
REFUSED = DecisionEntry(
    ENDING.id, "unknown", None, "", None, "retour.xlsx", DIGEST, "refused", "Ligne 4 : mot inconnu."
)


@pytest.fixture
def notified(store: Store) -> Store:
    """Three changes that their updater was told of."""
    play(store, "one", (UPDATE, ENDING, ALERT), born(UPDATE, ENDING, ALERT))
    store.record_mail(
        mailed("one", "<1@x>", CRH, [one.id for one in (UPDATE, ENDING, ALERT)]), NOW, told(UPDATE, ENDING, ALERT)
    )
    return store


def decide(store: Store) -> None:
    event = Event(UPDATE.id, night(1), "notified", "accepted", "decision", DIGEST[:16])
    answer(store, [ACCEPTED, REFUSED], [event], NOW + timedelta(days=1))


def test_a_decision_is_kept_with_its_file_and_shown_in_the_history(notified: Store) -> None:
    assert not notified.file_seen(DIGEST)
    decide(notified)
    assert notified.file_seen(DIGEST)
    first, second = notified.decisions()
    assert (first.entry, second.entry) == (ACCEPTED, REFUSED)
    assert (first.event, second.event) == (7, None)
    assert notified.decisions(ENDING.id) == [second]
    assert notified.states()[UPDATE.id].status == "accepted"
    assert notified.states()[ENDING.id].status == "notified"
    last = notified.history(UPDATE.id)[-1]
    assert (last.seq, last.run_id, last.comment, last.event.note) == (7, "", "Vu avec Mme FICTIVE", DIGEST[:16])
    assert last.at == NOW + timedelta(days=1)


def test_a_decision_outlives_the_run_it_answers_being_played_again(notified: Store) -> None:
    decide(notified)
    assert notified.states(without_run="one")[UPDATE.id].status == "accepted"


def test_decisions_of_which_one_is_illegal_are_all_left_out(notified: Store) -> None:
    events = [
        Event(UPDATE.id, DAY, "notified", "accepted", "decision"),
        Event(ENDING.id, DAY, "notified", "done", "decision"),
    ]
    with pytest.raises(IllegalTransitionError):
        answer(notified, [ACCEPTED], events)
    assert notified.decisions() == []
    assert notified.states()[UPDATE.id].status == "notified"


def test_what_is_older_than_the_day_is_forgotten_and_the_counts_stay(notified: Store, store_url: str) -> None:
    decide(notified)
    came = Return(Parcel("mail:1", "fictive@example.org", "1@x"), "r.xlsx", "d", CRH, Facts("empty"))
    notified.record_return(came, Answers(), [Remark("row", "Mme FICTIVE est partie")], DAY, NOW)
    notified.record_mail(mailed("one", "<2@x>", CRH, outcome="failed", error="550 fictive@example.org inconnue"), NOW)
    ends = [Event(UPDATE.id, night(2), "accepted", "done", "run")]
    ends += [Event(ENDING.id, night(2), "notified", "withdrawn", "run")]
    notified.begin_run(start("two", day=night(2)), SOURCES, NOW)
    record(notified, "two", (ALERT,), ends, day=night(2), accounts=[account(1), account(2)])
    notified.begin_run(start("three", day=night(4)), SOURCES, NOW)
    record(notified, "three", (ALERT,), (), day=night(4), accounts=[account(2)])
    rows = {table: count(store_url, table) for table in ("change", "event", "decision", "mail", "run_source")}

    later = NOW + timedelta(days=400)
    assert notified.purge(night(2), later) == {
        "changes": 0,
        "versions": 0,
        "decisions": 2,
        "mails": 1,
        "remarks": 1,
        "words": 0,
    }
    assert [one.remark.text for one in notified.remarks()] == [""]
    assert [one.returned.parcel.sender for one in notified.returns()] == ["", ""]
    counts = {
        "changes": 2,
        "versions": 2,
        "decisions": 0,
        "mails": 0,
        "remarks": 0,
        "words": 0,
    }  # the account gone and its assignment
    assert notified.purge(night(5), later) == counts
    assert notified.purge(night(5), later) == dict.fromkeys(counts, 0)

    states = notified.states()
    for closed in (UPDATE.id, ENDING.id):
        seen = states[closed].change
        assert (seen.account_id, seen.person, seen.guidance, seen.updater.recipients) == (None, PersonRef(), "", ())
        assert {(one.before, one.after) for one in seen.fields} <= {(None, None)}
    assert [one.field for one in states[UPDATE.id].change.fields] == ["last_name", "email"]
    assert (states[UPDATE.id].status, states[UPDATE.id].change.reasons) == ("done", ("identity_changed",))
    assert states[ALERT.id].change.person == ALERT.person
    assert [(one.entry.comment, one.entry.file_name, one.entry.reason) for one in notified.decisions()] == [
        ("", "", "")
    ] * 2
    assert notified.file_seen(DIGEST)
    assert list(notified.annuaire_at(night(5))[0]) == ["EF00002"]
    assert {table: count(store_url, table) for table in rows} == rows
    assert notified.runs()[0].sources[0].path == "efit/export.xlsx"
    assert notified.verify_chain() is None


def test_a_forgotten_change_that_is_true_again_has_its_people_again(notified: Store) -> None:
    play(notified, "two", (), [Event(UPDATE.id, night(1), "notified", "withdrawn", "run")], day=night(1))
    assert notified.purge(night(2), NOW + timedelta(days=9))["changes"] == 1
    again = [Event(UPDATE.id, night(3), "withdrawn", "new", "run")]
    play(notified, "three", (UPDATE,), again, day=night(3))
    state = notified.states()[UPDATE.id]
    assert (state.change.person, state.first_seen, state.status) == (UPDATE.person, DAY, "new")
    assert notified.purge(night(4), NOW + timedelta(days=9))["changes"] == 0


def test_nothing_of_the_days_to_come_is_forgotten(notified: Store) -> None:
    play(notified, "two", (), [Event(UPDATE.id, DAY, "notified", "withdrawn", "run")])
    assert notified.purge(date(2099, 1, 1), NOW)["changes"] == 0


def test_a_forgotten_name_is_nowhere_in_the_files_any_more(tmp_path: Path) -> None:
    path = tmp_path / "annuaire.db"
    with open_store(f"sqlite:///{path}") as store:
        play(store, "one", (UPDATE,), born(UPDATE))
        play(store, "two", (), [Event(UPDATE.id, night(1), "new", "withdrawn", "run")], day=night(1))
        assert b"FICTIVE" in b"".join(one.read_bytes() for one in tmp_path.iterdir())
        store.purge(night(2), NOW + timedelta(days=9))
        assert b"FICTIVE" not in b"".join(one.read_bytes() for one in tmp_path.iterdir())
