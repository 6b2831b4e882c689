"""The store: changes, events, mails, and the annuaire of every night."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.store import Store, open_store
from schemas.changes.lifecycle import Event, slot_of
from schemas.errors import IllegalTransitionError, StoreError
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import classify_cpx
from schemas.people.structure import Structure
from tests.invented_changes import CRH
from tests.invented_nights import (
    DAY,
    NOW,
    SOURCES,
    STRUCTURE,
    account,
    answer,
    born,
    changes,
    count,
    mailed,
    night,
    play,
    record,
    rewrite,
    start,
    told,
)

UPDATE, ENDING, ALERT = changes()


def test_a_change_stands_where_its_events_led_it(store: Store) -> None:
    play(store, "one", (UPDATE, ENDING), born(UPDATE, ENDING))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id, ENDING.id]), NOW, told(UPDATE, ENDING))
    after = [Event(ENDING.id, night(1), "notified", "superseded", "run", ALERT.id), *born(ALERT, day=night(1))]
    play(store, "two", (UPDATE, ALERT), after, day=night(1))
    states = store.states()
    assert list(states) == sorted(one.id for one in (UPDATE, ENDING, ALERT))
    update, ending, alert = (states[one.id] for one in (UPDATE, ENDING, ALERT))
    assert (update.status, update.since, update.told_on, update.is_open) == ("notified", DAY, DAY, True)
    assert (ending.status, ending.since, ending.successor, ending.is_open) == ("superseded", night(1), ALERT.id, False)
    assert (alert.status, alert.since, alert.told_on, alert.successor) == ("new", night(1), None, "")
    assert update.change == UPDATE.model_copy(update={"status": "notified"})
    assert (update.slot, update.origin, update.first_seen) == (slot_of(UPDATE), "data", DAY)


def test_a_postponed_change_knows_until_when(store: Store) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
    answer(store, (), [Event(UPDATE.id, night(1), "notified", "postponed", "decision", "2026-12-24")], NOW)
    assert store.states()[UPDATE.id].postponed_to == date(2026, 12, 24)
    play(store, "two", (UPDATE,), [Event(UPDATE.id, night(32), "postponed", "notified", "run")], day=night(32))
    state = store.states()[UPDATE.id]
    assert (state.status, state.postponed_to, state.told_on) == ("notified", None, DAY)


def test_the_first_day_a_change_was_seen_never_changes(store: Store) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    later = UPDATE.model_copy(update={"first_seen": night(3), "guidance": "Autre conseil.", "severity": "info"})
    play(store, "two", (later,), (), day=night(3))
    state = store.states()[UPDATE.id]
    assert (state.first_seen, state.change.first_seen) == (DAY, DAY)
    assert (state.change.guidance, state.change.severity) == ("Autre conseil.", "info")


def test_changes_in_memory_stand_for_those_that_are_kept_only_where_they_are_what_is_kept(store: Store) -> None:
    later = UPDATE.model_copy(update={"first_seen": night(3)})
    play(store, "one", (UPDATE, ENDING), born(UPDATE, ENDING))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
    misremembered = ENDING.model_copy(update={"guidance": "Autre conseil."})
    assert store.states(seen=(later, misremembered)) == store.states()


def test_a_run_is_played_again_from_the_state_before_it(store: Store) -> None:
    play(store, "one", (UPDATE, ENDING), born(UPDATE, ENDING))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id, ENDING.id]), NOW, told(UPDATE, ENDING))
    before = store.states()
    store.begin_run(start("two", day=night(1)), SOURCES, NOW)
    events = [*born(ALERT, day=night(1)), Event(ENDING.id, night(1), "notified", "done", "run")]
    record(store, "two", (UPDATE, ALERT), events, day=night(1))
    store.record_mail(mailed("two", "<2@x>", CRH, [ALERT.id, UPDATE.id], day=night(1)), NOW, told(ALERT, day=night(1)))
    assert store.states()[UPDATE.id].told_on == night(1)
    assert store.states(without_run="two") == before


def test_a_night_recorded_twice_is_recorded_once(store: Store, store_url: str) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    record(store, "one", (UPDATE,), born(UPDATE), accounts=[account(1)])
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
    once = (store.states(), store.history(UPDATE.id), store.annuaire_at(DAY))
    record(store, "one", (UPDATE,), born(UPDATE), accounts=[account(1)])
    assert (store.states(), store.history(UPDATE.id), store.annuaire_at(DAY)) == once
    record(store, "one", (UPDATE, ENDING), born(UPDATE, ENDING), accounts=[account(1)])
    assert [one.event.after for one in store.history(ENDING.id)] == ["new"]
    assert count(store_url, "event") == 3
    assert store.verify_chain() is None


def test_a_mail_is_recorded_once_and_only_a_sent_one_counts_as_told(store: Store) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    store.record_mail(mailed("one", "<1@x>", CRH, outcome="failed", error="refusé par le serveur"), NOW)
    assert not store.mail_sent("<1@x>")
    assert store.states()[UPDATE.id].told_on is None
    for _ in range(2):
        store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id, UPDATE.id]), NOW, told(UPDATE))
    store.record_mail(mailed("one", "<1@x>", CRH, outcome="failed", error="trop tard pour échouer"), NOW)
    assert store.mail_sent("<1@x>")
    assert [one.event.after for one in store.history(UPDATE.id)] == ["new", "notified"]


def test_a_reminder_moves_the_day_of_the_last_word_alone(store: Store) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
    play(store, "two", (UPDATE,), (), day=night(14))
    store.record_mail(mailed("two", "<2@x>", CRH, [UPDATE.id], day=night(14)), NOW, ())
    state = store.states()[UPDATE.id]
    assert (state.status, state.since, state.told_on) == ("notified", DAY, night(14))


def test_a_past_day_is_told_as_it_stood(store: Store) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
    play(
        store,
        "two",
        (ALERT,),
        [*born(ALERT, day=night(2)), Event(UPDATE.id, night(2), "notified", "done", "run")],
        day=night(2),
    )
    assert {key: state.status for key, state in store.states(as_of=night(1)).items()} == {UPDATE.id: "notified"}
    assert store.states(as_of=night(-1)) == {}
    assert store.states(as_of=night(2)) == store.states()


def test_an_illegal_move_writes_nothing(store: Store, store_url: str) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    with pytest.raises(IllegalTransitionError):
        record(store, "one", (UPDATE,), [*born(UPDATE), Event(UPDATE.id, DAY, "new", "accepted", "decision")])
    assert store.states() == {}
    assert count(store_url, "change") == 0


def test_a_change_moved_behind_ones_back_is_not_moved_again(store: Store) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    store.record_mail(mailed("one", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
    answer(store, (), [Event(UPDATE.id, DAY, "notified", "refused", "decision")], NOW)
    store.begin_run(start("two", day=night(1)), SOURCES, NOW)
    with pytest.raises(StoreError, match="refused"):
        record(store, "two", (), [Event(UPDATE.id, night(1), "notified", "withdrawn", "run")], day=night(1))
    assert store.states()[UPDATE.id].status == "refused"


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE event SET note = 'x' WHERE seq = 2",
        "UPDATE event SET day = '2020-01-01' WHERE seq = 2",
        "UPDATE event SET after = 'refused' WHERE seq = 2",
        "UPDATE event SET hash = prev_hash WHERE seq = 2",
        "DELETE FROM event WHERE seq = 2",
    ],
)
def test_an_altered_history_shows(store: Store, store_url: str, alteration: str) -> None:
    play(store, "one", (UPDATE, ENDING, ALERT), born(UPDATE, ENDING, ALERT))
    assert store.verify_chain() is None
    assert rewrite(store_url, alteration) == 1
    assert store.verify_chain() == 2


@pytest.mark.parametrize(("cut", "first"), [(1, 1), (3, 3)])
def test_a_history_cut_short_shows(store: Store, store_url: str, cut: int, first: int) -> None:
    play(store, "one", (UPDATE, ENDING, ALERT), born(UPDATE, ENDING, ALERT))
    rewrite(store_url, f"DELETE FROM event WHERE seq >= {cut}")
    assert store.verify_chain() == first


def test_an_empty_history_is_whole(store: Store) -> None:
    assert store.verify_chain() is None
    play(store, "one", (), ())
    assert store.verify_chain() is None
    assert store.history("CHG-0") == []


def test_any_past_annuaire_can_be_shown(store: Store, store_url: str) -> None:
    anne, luc = account(1), account(2, last_name="MODELE", assignments=())
    moved = account(
        1, number=classify_cpx("8 999"), card_expires_on=None, assignments=(Assignment("24", "CRH_ST", ""),)
    )
    region = Structure("24", "REGION", "Centre-Val de Loire", "24")
    nights = {
        DAY: ((anne, luc), (STRUCTURE,)),
        night(1): ((anne, luc), (STRUCTURE,)),
        night(2): ((moved, luc), (STRUCTURE, region)),
        night(4): ((moved,), (region,)),
        night(5): ((anne, luc), (STRUCTURE,)),
    }
    for day, (accounts, structures) in nights.items():
        store.begin_run(start(str(day), day=day), SOURCES, NOW)
        record(store, str(day), (), (), day=day, accounts=accounts, structures=structures)
    for day, (accounts, structures) in nights.items():
        expected = {one.account_id: one for one in accounts}, {one.code: one for one in structures}
        assert store.annuaire_at(day) == expected
    assert store.annuaire_at(night(3)) == store.annuaire_at(night(2))
    assert store.annuaire_at(night(-1)) == ({}, {})
    assert store.annuaire_at(night(99)) == store.annuaire_at(night(5))
    assert count(store_url, "account_version") == 5


def test_a_second_export_of_the_same_day_replaces_the_first(store: Store, store_url: str) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    record(store, "one", (), (), accounts=[account(1), account(2)])
    for run_id, name in (("two", "PROVISOIRE"), ("three", "FICTIVE")):
        store.begin_run(start(run_id, day=night(1), inputs=run_id), SOURCES, NOW)
        record(store, run_id, (), (), day=night(1), accounts=[account(1, last_name=name)])
    assert store.annuaire_at(DAY)[0] == {one.account_id: one for one in (account(1), account(2))}
    assert store.annuaire_at(night(1))[0] == {"EF00001": account(1)}
    assert count(store_url, "account_version") == 2


def test_a_run_for_a_day_gone_by_does_not_undo_what_was_seen_later(store: Store) -> None:
    for run_id, day in (("one", DAY), ("two", night(5))):
        store.begin_run(start(run_id, day=day), SOURCES, NOW)
        record(store, run_id, (), (), day=day, accounts=[account(1, email=f"{run_id}@example.org")])
    store.begin_run(start("late", day=night(2)), SOURCES, NOW)
    record(store, "late", (), (), day=night(2), accounts=[])
    assert store.annuaire_at(night(3))[0]["EF00001"].email == "one@example.org"
    assert store.annuaire_at(night(5))[0]["EF00001"].email == "two@example.org"


ACCOUNTS = st.dictionaries(
    st.integers(1, 3),
    st.builds(
        lambda name, active, places: (name, active, places),
        st.sampled_from(["FICTIVE", "Ève-Modèle", ""]),
        st.booleans(),
        st.sets(st.sampled_from(["189990018", "24", "459990027"])),
    ),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(ACCOUNTS, max_size=6))
def test_whatever_the_nights_each_can_be_shown(nights: list[dict[int, tuple[str, bool, set[str]]]]) -> None:
    def people(drawn: dict[int, tuple[str, bool, set[str]]]) -> list[Account]:
        return [
            account(
                serial,
                last_name=name,
                active=active,
                assignments=tuple(sorted(Assignment(code, "CHV_ST", "") for code in places)),
            )
            for serial, (name, active, places) in drawn.items()
        ]

    with open_store("sqlite://") as store:
        for after, drawn in enumerate(nights):
            store.begin_run(start(str(after), day=night(after)), SOURCES, NOW)
            record(store, str(after), (), (), day=night(after), accounts=people(drawn))
        for after, drawn in enumerate(nights):
            assert store.annuaire_at(night(after))[0] == {one.account_id: one for one in people(drawn)}
