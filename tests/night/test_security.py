"""What docs/security.md promises of a whole night: closed files, no path out of the folder, no secret to a child."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.sources.guard import no_secrets
from flows.night.nightly import run_night
from flows.orchestration.parameters import settings_for
from flows.returns.decisions import Portion, arrived, collect
from flows.run.request import Request
from flows.settings.model import Settings
from schemas.errors import ConfigurationError
from tests.night.small import Files, settings_of, write_files
from tests.spec.tables import SITE, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
HOLDER, MOVED = Person(301, "PREMIER-FICTIF", "Ode"), Person(302, "SECOND-FICTIF", "Noé")
CLIMBING = "../../../../EVADE\x07"


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A machine on which everything one makes is everybody's, unless one says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def with_cells(line: Line, **cells: str) -> Line:
    return replace(line, cells={**line.cells, **cells})


def everything(root: Path) -> dict[str, int]:
    return {str(path.relative_to(root)): stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*")}


def night_in(root: Path) -> Settings:
    """A night whose annuaire names an ETS so as to climb out of the folder of reports."""
    site = with_cells(account(MOVED, SITE, TITULAIRE, email="old@example.org"), parent_code=CLIMBING)
    ets = with_cells(account(HOLDER, "ETS-CPDL", TITULAIRE), structure_code=CLIMBING)
    books = {"regions/24.csv": [row(MOVED, SITE, TITULAIRE, email="new@example.org")]}
    people = [HOLDER, MOVED]
    write_files(root, Files([ets, site], books, [*map(registered, people)], [*map(card, people)]), DAY)
    settings = settings_of(root)
    run_night(settings, Request(DAY, root / "out"))
    return settings


@pytest.mark.usefixtures("open_umask")
def test_all_that_a_night_writes_is_closed_to_others_and_lies_in_its_folders(tmp_path: Path) -> None:
    root = tmp_path / "a" / "b" / "c" / "d"
    root.mkdir(parents=True)
    night_in(root)
    made = {name: mode for name, mode in everything(root).items() if name.split("/")[0] in ("out", "var")}
    assert {mode for name, mode in made.items() if (root / name).is_dir()} == {0o700}
    assert {mode for name, mode in made.items() if (root / name).is_file()} == {0o600}
    assert {Path(name).parts[0] for name in everything(root)} == {"efit", "regions", "rpps", "out", "var"}
    assert [path.name for path in tmp_path.rglob("*EVADE*") if path.parent.name not in ("reports", "outbox")] == []
    (report,) = (root / "out" / "reports").glob("CHV_ST_ETS*")
    assert report.name.startswith("CHV_ST_ETS-EVADE-")
    assert not set(report.name) & set("/\\\x07")


def test_what_lies_in_the_inbox_and_is_no_file_is_left_alone(tmp_path: Path) -> None:
    settings = night_in(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "lien.xlsx").symlink_to(tmp_path / "efit" / "export.csv")
    (inbox / "dossier.xlsx").mkdir()
    os.mkfifo(inbox / "tube.xlsx")
    (inbox / "\u202exslx\n.xlsx").write_bytes(b"rien")
    (inbox / os.fsdecode(b"r\xe9.xlsx")).write_bytes(b"rien non plus")
    taken = collect(settings, inbox, DAY, lambda *_: None).files
    assert {one.outcome for one in taken} == {"unreadable"}
    assert len(taken) == 2
    assert arrived(inbox) == []
    assert (tmp_path / "efit" / "export.csv").read_text(encoding="utf-8")
    refused = inbox / "refused"
    assert {stat.S_IMODE(path.stat().st_mode) for path in refused.iterdir()} == {0o600}
    assert all(path.name.isprintable() for path in refused.iterdir())


def test_the_child_that_opens_a_strangers_file_has_no_secret_in_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EFIT_SIGNING_KEY", "x" * 40)
    monkeypatch.setenv("EFIT_MAIL__PASSWORD", "secret")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "a:b")
    assert "PATH" in no_secrets()
    assert not {name for name in no_secrets() if name.startswith(("EFIT_", "PREFECT_"))}


def test_a_run_started_through_the_api_may_not_bring_a_configuration_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, strange = tmp_path / "service" / "annuaire.toml", tmp_path / "autre" / "annuaire.toml"
    for path in (own, strange):
        path.parent.mkdir()
        path.write_text('[annuaire]\nexport = "export.csv"\n', encoding="utf-8")
    monkeypatch.setenv("EFIT_CONFIG", str(own))
    assert settings_for(None).root == settings_for(str(own)).root == own.parent
    for climbing in (str(strange), f"{own.parent}/../autre/annuaire.toml"):
        with pytest.raises(ConfigurationError, match="service"):
            settings_for(climbing)
    monkeypatch.delenv("EFIT_CONFIG")
    assert settings_for(str(strange)).root == strange.parent


def test_a_flood_in_the_inbox_takes_one_run_a_portion_and_the_rest_goes_on_next_time(tmp_path: Path) -> None:
    settings = night_in(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(12):
        path = inbox / f"{number:02}.xlsx"
        path.write_bytes(b"rien %d" % number)
        os.utime(path, (number, number))
    with (inbox / "05.xlsx").open("wb") as huge:
        huge.truncate(2_000_000_000)
    os.utime(inbox / "05.xlsx", (5, 5))
    portion = Portion(files=5, size=1_000_000)
    taken = [
        [one.path.stem for one in collect(settings, inbox, DAY, lambda *_: None, portion=portion).files]
        for _ in range(5)
    ]
    assert taken == [["00", "01", "02", "03", "04"], ["05"], ["06", "07", "08", "09", "10"], ["11"], []]
    assert "démesuré" in (inbox / "refused" / "05.xlsx.txt").read_text(encoding="utf-8")


def test_an_old_key_that_could_be_guessed_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an old key signed still counts: a short one would let anybody sign a decision."""
    monkeypatch.setenv("EFIT_SIGNING_KEY_PREVIOUS", f"{'a' * 64} court")
    with pytest.raises(ValueError, match="32") as refused:
        Settings.model_validate({"annuaire": {"export": "export.csv"}})
    assert "a" * 64 not in str(refused.value)
