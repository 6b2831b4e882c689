"""A store that an older release wrote goes on: nobody is told « new » again, nothing that was answered is forgotten.

`stores/*.sql.gz`: what two nights of the sample and a returned report left, written by the release before the tree was
laid out anew (November 2026). Its digests of rules and of readers are of modules that have other names now.
"""

import gzip
import json
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from connectors.store import look_at_store
from flows.cli.app import run
from tests.night.country import copy_country

STORES = sorted((Path(__file__).parent / "stores").glob("*.sql.gz"))
KEY = "un-trousseau-ancien-un-trousseau-ancien"
FIRST_DAY, ANSWERED = "2026-11-23", {"CHG-1737BCEC0EA60701": "accepted", "CHG-8C5A96C62635C8E9": "refused"}


@pytest.fixture(params=STORES, ids=lambda path: path.name.partition(".")[0])
def country(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, with the state that the older release left beside it."""
    monkeypatch.setenv("EFIT_SIGNING_KEY", KEY)
    country = copy_country(tmp_path)
    (country / "var").mkdir(mode=0o700)
    with sqlite3.connect(country / "var" / "annuaire.db") as store:
        store.executescript(gzip.decompress(request.param.read_bytes()).decode())
    store.close()
    return country


def night(country: Path, day: str) -> Counter[str]:
    """How many changes stand how after a night."""
    run(["sync", "-c", str(country / "annuaire.toml"), "--as-of", day])
    changes = json.loads((country / "out" / "changeset.json").read_text(encoding="utf-8"))["changes"]
    return Counter(one["status"] for one in changes)


def test_the_first_night_after_it_tells_nobody_anything_as_new(country: Path) -> None:
    assert night(country, "2026-11-25") == {"notified": 66, "accepted": 2, "refused": 2}
    written_to = {path.name.partition("-")[0] for path in (country / "var" / "outbox").glob("*.eml")}
    assert written_to <= {"ADMIN_EFIT"}  # of the extracts, which are too old by then


def test_what_was_answered_and_seen_before_is_known(country: Path) -> None:
    night(country, "2026-11-25")
    with look_at_store(f"sqlite:///{country / 'var' / 'annuaire.db'}") as store:
        states = store.states()
        assert {key: states[key].status for key in ANSWERED} == ANSWERED
        assert {str(one.first_seen) for one in states.values()} == {FIRST_DAY}
        assert store.verify_chain() is None


def test_the_night_after_that_is_as_silent(country: Path) -> None:
    night(country, "2026-11-25")
    assert night(country, "2026-11-26") == {"notified": 66, "accepted": 2, "refused": 2}
