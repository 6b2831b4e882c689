"""An old copy of a workbook that comes back as a text: who arrived since is not ended for not being in it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.night.small import Files
from tests.night.test_safeguards import DAY, files, mails, play

CAME = "FICTIVE-L"  # to region 24


def without_who_came(found: Files) -> Files:
    """The workbooks as they were before."""
    rows = {name: book or () for name, book in found.books.items()}
    return replace(found, books={name: [one for one in rows[name] if one.who.last_name != CAME] for name in rows})


def two_nights(root: Path) -> None:
    """Without, then with whoever came."""
    before = without_who_came(files())
    play(root, replace(before, annuaire=[one for one in before.annuaire if one.who.last_name != CAME]))
    assert play(root, files(), DAY + timedelta(days=1)).changeset.changes == ()


def test_a_text_that_another_has_replaced_for_a_week_ends_nobody_whom_it_lacks(tmp_path: Path) -> None:
    two_nights(tmp_path)
    play(tmp_path, files(), DAY + timedelta(days=9))
    told = mails(tmp_path)
    night = play(tmp_path, without_who_came(files()), DAY + timedelta(days=10))
    assert night.changeset.changes == ()
    assert {one for one in mails(tmp_path) if one not in told} == {"ADMIN_EFIT"}
    assert any("ancienne version" in str(one) for one in night.summary["sources"])


def test_a_text_that_is_changed_back_the_next_day_ends_whom_it_lacks(tmp_path: Path) -> None:
    two_nights(tmp_path)
    night = play(tmp_path, without_who_came(files()), DAY + timedelta(days=2))
    assert {one.kind for one in night.changeset.changes} == {"end_assignment", "deactivate_account"}
