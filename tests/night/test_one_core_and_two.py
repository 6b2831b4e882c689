"""One core and two leave the same: change set, reports, rejects, pages, mails and what is recorded, byte for byte."""

import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.night.country import TODAY, copy_country
from tests.night.played import Installation

Left = dict[str, bytes]

# Of two nights the hour, how long each stage took, and which run it was: these alone may differ.
_HOURS = rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[0-9.:+Z]*|Date: [^\r\n]*"
_OF_NO_HOUR = {  # columns that hang on no hour: the chain of events is signed with theirs, extracts are packed with one
    "event": "seq, change_id, run_id, day, before, after, by, note",
    "run": "run_id, number, as_of, inputs_digest, rules_digest, status, counts",
    "extraction": "source, edition",
}
_SECONDS = rb'"seconds": \{[^}]*\}'


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Left, Left]:
    """The first night of the invented country by one core and by two, in the same folder, signed with the same key."""
    one = Installation(copy_country(tmp_path_factory.mktemp("cores")))
    with patch.dict(os.environ, {"EFIT_SIGNING_KEY": "0123456789abcdef" * 4}):
        return _left(one, "1"), _left(one, "2")


def _left(one: Installation, jobs: str) -> Left:
    code, said = one.run("sync", "--as-of", TODAY.isoformat(), "--jobs", jobs)
    assert code == 0, said
    run = one.changeset()["run_id"].encode()
    found = {name: _plain(content, run) for name, content in _files(one.folder)} | {"said": _plain(said.encode(), run)}
    for name in ("out", "var"):
        (one.folder / name).rename(one.folder.parent / f"{name}-{jobs}")
    return found


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for name in ("out", "var/outbox") for path in (folder / name).rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()
    with sqlite3.connect(folder / "var" / "annuaire.db") as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = sorted(map(repr, store.execute(f"SELECT {_OF_NO_HOUR.get(table, '*')} FROM {table}")))
            yield f"store/{table}", "\n".join(rows).encode()


def _plain(content: bytes, run: bytes) -> bytes:
    return re.sub(_SECONDS, b"", re.sub(_HOURS, b"", content.replace(run, b"RUN")))


@pytest.mark.parametrize("kind", ["reports", "changeset.json", "rejects.csv", "unknown.csv", "dashboard", "outbox"])
def test_both_write_the_same(nights: tuple[Left, Left], kind: str) -> None:
    one, two = ({name: content for name, content in left.items() if kind in name.split("/")} for left in nights)
    assert one
    assert [name for name in one if one[name] != two.get(name)] == []
    assert one.keys() == two.keys()


def test_both_record_the_same(nights: tuple[Left, Left]) -> None:
    one, two = ({name: content for name, content in left.items() if name.startswith("store/")} for left in nights)
    assert len(one["store/change"].splitlines()) > 9
    assert {name for name in one if one[name] != two.get(name)} == set()
    assert one.keys() == two.keys()


def test_both_say_the_same_and_give_the_same_account(nights: tuple[Left, Left]) -> None:
    one, two = nights
    assert one["said"] == two["said"]
    assert one["out/run.json"] == two["out/run.json"]
