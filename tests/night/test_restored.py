"""A store that was backed up and put back: the night after it ends as it had, no mail twice (docs/operations.md)."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from tests.night.test_safeguards import DAY, files, mails, play


def test_the_night_after_a_restore_is_the_night_there_was(tmp_path: Path) -> None:
    store, kept = tmp_path / "var" / "annuaire.db", tmp_path / "kept.db"
    play(tmp_path, files(emails=("O",)))
    with sqlite3.connect(store) as live, sqlite3.connect(kept) as copy:
        live.backup(copy)  # as `sqlite3 annuaire.db ".backup kept.db"`: whole, though the store may be in use
    for connection in (live, copy):
        connection.close()
    tomorrow = DAY + timedelta(days=1)
    there_was = play(tmp_path, files(emails=("O", "P")), tomorrow)
    sent = mails(tmp_path)
    for leftover in tmp_path.glob("var/annuaire.db*"):
        leftover.unlink()
    store.write_bytes(kept.read_bytes())
    again = play(tmp_path, files(emails=("O", "P")), tomorrow)
    assert [(one.id, one.status, one.first_seen) for one in again.changeset.changes] == [
        (one.id, one.status, one.first_seen) for one in there_was.changeset.changes
    ]
    assert mails(tmp_path) == sent
