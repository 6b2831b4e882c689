"""What is out of the ordinary waits for a human look: held sets and registers, releases, upgrades of our rules."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from connectors.store import open_store
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from flows.terminal.night_screen import print_night
from pipelines.lifecycle.hold_texts import held_last
from schemas.errors import ConfigurationError
from tests.night.small import BOOKS, Files, settings_of, write_files
from tests.night.surfaces import page_text
from tests.spec.tables import (
    ASSISTANT,
    CRH,
    ES,
    ES_52,
    STRUCTURES,
    TITULAIRE,
    Line,
    Person,
    account,
    card,
    registered,
    row,
)

DAY = date(2026, 11, 22)
PEOPLE = [Person(60 + at, f"FICTIVE-{letter}", "Ode") for at, letter in enumerate("ABCDEFGHIJKLMNOP")]
STAFF = [
    (PEOPLE[0], "24", CRH),
    (PEOPLE[1], "52", CRH),
    (PEOPLE[2], "ETS-CPDL", TITULAIRE),
    (PEOPLE[3], ES, TITULAIRE),
    (PEOPLE[4], ES_52, TITULAIRE),
    *((who, ES, ASSISTANT) for who in PEOPLE[5:13]),
    *((who, ES_52, ASSISTANT) for who in PEOPLE[13:]),
]


def files(*, gone: int = 0, emails: tuple[str, ...] = ()) -> Files:
    """Everybody agrees, but that the last `gone` assistants of region 24 left, and `emails` (letters) changed."""
    leaving = {who.last_name for who in PEOPLE[13 - gone : 13]}
    books: dict[str, list[Line]] = {name: [] for name in BOOKS}
    for who, at, role in STAFF:
        one = STRUCTURES[at]
        name = f"regions/{one.region_code}.csv" if one.type in ("ES", "REGION") else "ets/cpdl.csv"
        changed = who.last_name[-1] in emails
        cells = {"email": f"new.{who.last_name[-1].lower()}@example.org"} if changed else {}
        status = {"status": "Parti"} if who.last_name in leaving else {}
        books[name].append(row(who, at, role, **cells, **status))
    return Files(
        [account(*place) for place in STAFF], books, [registered(one) for one in PEOPLE], [card(one) for one in PEOPLE]
    )


def play(root: Path, found: Files, day: date = DAY, release: str | None = None) -> Night:
    write_files(root, found, day)
    return run_night(settings_of(root), Request(day, root / "out", release=release))


def mails(root: Path) -> list[str]:
    return sorted(path.name.rsplit("-", 1)[0] for path in (root / "var" / "outbox").glob("*.eml"))


def statuses(night: Night) -> set[tuple[str, str]]:
    return {(change.updater.scope, change.status) for change in night.changeset.changes}


def test_a_set_with_too_many_endings_is_held_and_everything_else_goes_out(tmp_path: Path) -> None:
    night = play(tmp_path, files(gone=6, emails=("O",)))
    assert (night.exit_code, night.changeset.status) == (3, "partial")
    assert mails(tmp_path) == ["ADMIN_EFIT", "CRH_ST-52"]
    assert statuses(night) == {("24", "new"), ("52", "notified")}
    assert [(one["scope"], one["what"], one["count"]) for one in night.summary["held"]] == [("24", "deactivations", 6)]


def test_when_all_there_is_to_say_is_held_nothing_is_sent(tmp_path: Path) -> None:
    night = play(tmp_path, files(gone=6))
    assert (night.exit_code, night.changeset.status, mails(tmp_path)) == (4, "held", [])
    assert (tmp_path / "out" / "reports" / "CRH_ST-24.xlsx").is_file()


def test_what_is_held_is_named_with_its_count_and_limit_wherever_somebody_looks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Region, how many of how many, and the limit: in the terminal, in status, on the page; the command on its line."""
    night = play(tmp_path, files(gone=6))
    [said] = held_last(night.summary["counts"])
    assert re.search(r"Centre-Val de Loire \(24\)\s: 6 comptes .* sur \d+ \(limite\s: 5\s%\)", said)
    print_night(night, tmp_path / "out", "")
    shown = capsys.readouterr().out
    assert said.replace("\u00a0", " ") in " ".join(shown.replace("\u00a0", " ").split())
    command = next(line for line in shown.splitlines() if "--release" in line)
    assert command.strip() == f"efit-annuaire sync -c … --release {night.changeset.run_id}"
    assert max(len(line) for line in shown.splitlines() if str(tmp_path) not in line) <= 80
    assert said in page_text((tmp_path / "out" / "dashboard" / "index.html").read_text(encoding="utf-8"))


def test_a_release_lets_a_held_set_out_and_says_who_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EFIT_USER", "quelqu'un")
    held = play(tmp_path, files(gone=6))
    night = play(tmp_path, files(gone=6), release=held.changeset.run_id)
    assert (night.exit_code, mails(tmp_path)) == (0, ["CRH_ST-24"])
    with open_store(settings_of(tmp_path).store_url) as store:
        assert [(one.by, one.hold.scope, one.hold.count) for one in store.releases()] == [("quelqu'un", "24", 6)]


def test_a_release_is_a_ceiling_and_not_a_blank_cheque(tmp_path: Path) -> None:
    held = play(tmp_path, files(gone=6))
    night = play(tmp_path, files(gone=7), release=held.changeset.run_id)
    assert (night.exit_code, mails(tmp_path)) == (4, [])


def test_a_run_that_held_nothing_cannot_be_released(tmp_path: Path) -> None:
    quiet = play(tmp_path, files())
    with pytest.raises(ConfigurationError, match="n’a rien retenu"):
        play(tmp_path, files(), release=quiet.changeset.run_id)


def test_a_truncated_register_holds_the_night_until_it_is_released(tmp_path: Path) -> None:
    play(tmp_path, files())
    tomorrow = DAY + timedelta(days=1)
    short = replace(files(emails=("O",)), persons=[registered(one) for one in PEOPLE[:8]])
    held = play(tmp_path, short, tomorrow)
    assert (held.exit_code, held.changeset.status, mails(tmp_path)) == (4, "held", [])
    assert {entry.name: entry.status for entry in held.changeset.sources}["register.persons"] == "held"
    assert play(tmp_path, files(emails=("O",)), tomorrow + timedelta(days=1)).exit_code == 0
    assert mails(tmp_path) == ["CRH_ST-52"]


def test_a_workbook_that_shrank_sits_out_and_ends_nobody(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, min_lost_rows_to_hold=5)
    found = files()
    write_files(tmp_path, found, DAY)
    run_night(settings, Request(DAY, tmp_path / "out"))
    books = {**found.books, "regions/24.csv": [row(*STAFF[0])]}
    write_files(tmp_path, replace(found, books=books), DAY)
    night = run_night(settings, Request(DAY, tmp_path / "out"))
    assert {entry.name: entry.status for entry in night.changeset.sources}["workbook:regions/24.csv"] == "held"
    assert (night.exit_code, night.changeset.changes) == (3, ())


def test_what_only_an_upgrade_brought_goes_to_the_administrator_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files, other rules: played here by rules that had not seen a difference in the workbook's addresses."""
    found = files(emails=("O", "F"))
    with monkeypatch.context() as before:
        before.setattr("flows.state.run_state.rules_digest", lambda _: "the rules of yesterday")
        before.setattr("pipelines.changes.compare.diff_account", lambda *_: [])
        assert play(tmp_path, found).changeset.changes == ()
    night = play(tmp_path, found)
    assert {change.status for change in night.changeset.changes} == {"new"}
    assert (night.exit_code, mails(tmp_path)) == (3, ["ADMIN_EFIT"])
    assert {(one["scope"], one["what"]) for one in night.summary["held"]} == {("24", "rules"), ("52", "rules")}
    released = play(tmp_path, found, release=night.changeset.run_id)
    assert {change.status for change in released.changeset.changes} == {"notified"}
    assert mails(tmp_path) == ["ADMIN_EFIT", "CRH_ST-24", "CRH_ST-52"]


def test_what_the_data_brought_on_the_day_of_an_upgrade_goes_straight_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("flows.state.run_state.rules_digest", lambda _: "the rules of yesterday")
        play(tmp_path, files())
    night = play(tmp_path, files(emails=("O",)))
    assert (night.exit_code, mails(tmp_path)) == (0, ["CRH_ST-52"])


def without(*letters: str) -> Files:
    """They have left, and the annuaire shows it: no row, no account."""
    found = files()
    named = {f"FICTIVE-{letter}" for letter in letters}
    rows = {name: book or () for name, book in found.books.items()}
    books = {name: [one for one in book if one.who.last_name not in named] for name, book in rows.items()}
    accounts = [
        replace(one, cells=one.cells | {"active": "Non"}) if one.who.last_name in named else one
        for one in found.annuaire
    ]
    return replace(found, annuaire=accounts, books=books)


@pytest.mark.parametrize("letters", ["KL", "L"])
def test_an_old_copy_of_a_workbook_that_was_saved_anew_brings_nobody_back(tmp_path: Path, letters: str) -> None:
    """Who left and was taken away stands in it again: several of them in one night wait for a human look, one comes."""
    left = without(*letters)
    ending = replace(files(), books=left.books)
    play(tmp_path, ending)
    assert play(tmp_path, left, DAY + timedelta(days=1)).changeset.changes == ()
    before = mails(tmp_path)
    old = play(tmp_path, replace(left, books=files().books), DAY + timedelta(days=9))
    if letters == "L":
        assert (old.exit_code, mails(tmp_path)) == (0, sorted([*before, "CRH_ST-24"]))
        return
    assert (old.exit_code, mails(tmp_path)) == (4, before)
    assert [(one["scope"], one["what"], one["count"]) for one in old.summary["held"]] == [("24", "undone", 2)]
    assert "ancienne version" in held_last(old.summary["counts"])[0]
    released = play(tmp_path, replace(left, books=files().books), DAY + timedelta(days=9), old.changeset.run_id)
    assert (released.exit_code, mails(tmp_path)) == (0, sorted([*before, "CRH_ST-24"]))
