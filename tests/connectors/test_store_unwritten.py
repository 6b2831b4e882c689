"""A store that is read and never written to: a dry run leaves nothing in it; before the first night it is empty."""

import inspect

from connectors.store import Store
from connectors.store.unwritten import Unwritten, no_store, open_unwritten
from tests.invented_changes import CRH
from tests.invented_nights import DAY, NOW, SOURCES, born, changes, mailed, play, record, start, told

UPDATE = changes()[0]

# Of humans and of those who hold the store: no run does so.
NOT_OF_A_RUN = {
    *("record_return", "set_receipt", "undo", "forget_word", "settle_mail", "purge", "lock"),
}


def test_everything_that_a_run_writes_is_unsaid() -> None:
    """Whoever lets a run write something more says here, in `Unwritten`, that a dry run does not."""
    methods = dict(inspect.getmembers(Store, inspect.isfunction))
    writing = {name for name, method in methods.items() if "_database.writing()" in inspect.getsource(method)}
    assert writing - NOT_OF_A_RUN == {name for name in vars(Unwritten) if inspect.isfunction(vars(Unwritten)[name])}


def test_what_a_dry_run_says_to_a_store_leaves_it_as_it_was(store: Store, store_url: str) -> None:
    play(store, "one", (UPDATE,), born(UPDATE))
    before = (store.states(), store.runs(), store.head(), store.message_ids())
    with open_unwritten(store_url) as dry:
        assert dry.begin_run(start("two"), SOURCES, NOW) == "two"
        record(dry, "two", (), told(UPDATE))
        dry.record_mail(mailed("two", "<2@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
        dry.finish_run("two", "complete", {}, NOW)
        assert dry.states() == before[0]
    assert (store.states(), store.runs(), store.head(), store.message_ids()) == before


def test_before_the_first_night_there_is_nothing_to_know() -> None:
    with no_store() as nothing:
        assert (nothing.states(), nothing.runs(), nothing.footprints(), nothing.stood()) == ({}, [], {}, {})
        assert (nothing.head(), nothing.first_run(), nothing.first_night()) == ((0, ""), "", None)
        assert nothing.annuaire_at(DAY) == ({}, {})
        assert not nothing.remembers("one", 3, "abc")
