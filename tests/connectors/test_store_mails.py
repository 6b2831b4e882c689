"""The store: mails that left for some, or perhaps, and what a human says of them."""

from datetime import timedelta

from connectors.store import Store
from schemas.changes.change import PostRef
from schemas.errors import RecipientRefusal
from tests.invented_nights import DAY, NOW, SOURCES, born, changes, mailed, play, record, start, told

CRH = PostRef(post="CRH_ST", scope="24")
OTHER = PostRef(post="CRH_ST", scope="52")
LATER = NOW + timedelta(hours=1)


def begun(store: Store) -> list[str]:
    """A run with three new changes, not over; their ids."""
    store.begin_run(start("one"), SOURCES, NOW)
    record(store, "one", changes(), born(*changes()))
    return sorted(change.id for change in changes())


def test_a_mail_on_its_way_when_its_run_was_killed_is_of_unknown_fate(store: Store) -> None:
    ids = begun(store)
    store.record_mail(mailed("one", "<a@x>", CRH, ids[:2], outcome="sending", day=DAY), NOW)
    assert not store.mail_sent("<a@x>")
    assert [row.outcome for row in store.unknown_mails()] == ["sending"]
    store.begin_run(start("again"), (), LATER)
    [row] = store.unknown_mails()
    assert (row.message_id, row.outcome, row.updater, row.day) == ("<a@x>", "unknown", CRH, DAY)
    assert row.change_ids == tuple(ids[:2])
    assert {state.status for state in store.states().values()} == {"new"}


def test_a_mail_that_left_after_all_is_no_longer_unknown(store: Store) -> None:
    ids = begun(store)
    store.record_mail(mailed("one", "<a@x>", CRH, ids, outcome="sending", day=DAY), NOW)
    store.record_mail(mailed("one", "<a@x>", CRH, ids), NOW, told(*changes()))
    assert store.mail_sent("<a@x>")
    assert store.unknown_mails() == []


def test_an_unknown_mail_that_arrived_has_told_its_changes_that_night(store: Store) -> None:
    ids = begun(store)
    store.record_mail(mailed("one", "<a@x>", CRH, ids[:2], outcome="unknown", day=DAY), NOW)
    store.settle_mail(store.unknown_mails()[0], arrived=True, by="engineer", now=LATER)
    assert store.mail_sent("<a@x>")
    states = store.states()
    assert [states[key].status for key in ids] == ["notified", "notified", "new"]
    assert [states[key].told_on for key in ids] == [DAY, DAY, None]
    assert store.verify_chain() is None


def test_an_unknown_mail_that_was_lost_may_leave_again(store: Store) -> None:
    ids = begun(store)
    store.record_mail(mailed("one", "<a@x>", CRH, ids, outcome="unknown", day=DAY), NOW)
    store.settle_mail(store.unknown_mails()[0], arrived=False, by="engineer", now=LATER)
    assert (store.unknown_mails(), store.mail_sent("<a@x>")) == ([], False)
    assert {state.status for state in store.states().values()} == {"new"}
    store.record_mail(mailed("one", "<a@x>", CRH, ids), LATER, told(*changes()))
    assert store.mail_sent("<a@x>")


def test_a_later_mail_to_the_same_updater_makes_an_unknown_one_matter_no_more(store: Store) -> None:
    ids = begun(store)
    for message_id, updater in (("<a@x>", CRH), ("<b@x>", OTHER)):
        store.record_mail(mailed("one", message_id, updater, ids, outcome="unknown", day=DAY), NOW)
    store.record_mail(mailed("one", "<notice@x>", CRH, []), LATER, [])  # tells of no change
    store.record_mail(mailed("one", "<reminder@x>", CRH, ids[:1]), LATER, [])  # nor of all that may have been lost
    assert len(store.unknown_mails()) == 2
    store.record_mail(mailed("one", "<c@x>", CRH, ids), LATER, told(*changes()))
    assert [row.message_id for row in store.unknown_mails()] == ["<b@x>"]


def test_whom_a_server_refused_is_kept_by_place_and_code(store: Store) -> None:
    ids = begun(store)
    store.record_mail(
        mailed("one", "<a@x>", CRH, ids, refusals=[RecipientRefusal(3, 550), RecipientRefusal(1, 0)]),
        NOW,
        told(*changes()),
    )
    store.record_mail(mailed("one", "<b@x>", OTHER, []), NOW, [])
    [row] = store.refused_mails("one")
    assert (row.updater, row.refusals) == (CRH, (RecipientRefusal(1, 0), RecipientRefusal(3, 550)))
    assert store.refused_mails("two") == []


def test_a_finished_night_leaves_nothing_unknown(store: Store) -> None:
    play(store, "one", (), ())
    assert store.unknown_mails() == []
