"""The administrator's pages after a night on the invented country, and on demand."""

import re
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.night.country import TODAY
from tests.night.played import Installation, asked


@pytest.fixture(scope="module")
def night(first_night: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return first_night.copy(tmp_path_factory.mktemp("dashboard") / "there")


@pytest.fixture(scope="module")
def page(night: Installation) -> dict[str, Any]:
    """The figures, the same evening; the pages lie in « board », where those of last year were."""
    folder = night.folder / "board"
    folder.mkdir()
    (folder / "region-94.html").write_text("of last year")
    (folder / "mine.html").write_text("somebody's own")
    code, found = night.json("dashboard", "--as-of", TODAY.isoformat(), "--out", str(folder))
    assert code == 0
    return dict(found)


def test_a_night_leaves_its_pages_for_their_owner_alone(night: Installation) -> None:
    folder = night.folder / "out" / "dashboard"
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html",
        "region-11.html",
        "region-24.html",
        "region-52.html",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_figures_are_those_of_the_change_set(night: Installation, page: dict[str, Any]) -> None:
    changes = asked(night.changeset()["changes"])
    assert page["total"]["waiting"] == len(changes) > 0
    by_region = Counter(change["assignment"]["region_code"] for change in changes)
    assert {one["region"]: one["waiting"] for one in page["regions"]} == by_region
    by_updater = Counter((change["updater"]["post"], change["updater"]["scope"]) for change in changes)
    assert {(r["updater"]["post"], r["updater"]["scope"]): r["waiting"] for r in page["waiting"]} == by_updater
    access = sum(1 for change in changes if change["severity"] == "access")
    assert sum(row["access"] for row in page["waiting"]) == access
    rejects = Counter((reject["source"], reject["code"]) for reject in night.changeset()["rejects"])
    assert {(row["source"], row["code"]): row["count"] for row in page["rejects"]} == rejects


def test_the_accesses_are_those_that_status_tells(night: Installation, page: dict[str, Any]) -> None:
    _, told = night.json("status", "--as-of", TODAY.isoformat())
    lost = {one["region"]: one["lost"] for one in told["access"] if one["lost"]}
    assert {one["region"]: one["lost"] for one in page["regions"] if one["lost"]} == lost
    first, *weeks = page["weeks"]
    assert first["accounts"] == sum(lost.values())
    said = Counter[str]()
    for one in told["access"]:
        said.update(one["weeks"])
    assert {week["week"]: week["accounts"] for week in weeks if week["accounts"]} == said


def test_what_the_command_writes_is_what_the_night_wrote(night: Installation, page: dict[str, Any]) -> None:
    assert len(page["pages"]) == 4
    for path in map(Path, page["pages"]):
        assert path.read_bytes() == (night.folder / "out" / "dashboard" / path.name).read_bytes()


@pytest.mark.usefixtures("page")
def test_the_page_of_a_region_that_has_nothing_any_more_goes(night: Installation) -> None:
    assert not (night.folder / "board" / "region-94.html").exists()
    assert (night.folder / "board" / "mine.html").exists()


def test_no_person_number_or_address_stands_in_a_page(night: Installation, page: dict[str, Any]) -> None:
    with night.store() as store:
        accounts, _ = store.annuaire_at(TODAY)
    secrets = {text for one in accounts.values() for text in (one.last_name, one.number.raw, one.email, one.account_id)}
    secrets |= {change["person"]["last_name"] for change in night.changeset()["changes"]}
    for path in map(Path, page["pages"]):
        words = set(re.findall(r"[\w@.'’-]+", path.read_text()))
        assert not words & (secrets - {""})
        assert "@" not in re.sub(r"@(media|page)", "", path.read_text())


def test_the_run_keeps_what_the_pages_of_the_nights_to_come_need(night: Installation, page: dict[str, Any]) -> None:
    with night.store() as store:
        (run,) = store.runs()
    assert run.counts["health"]["11"]["lost"] == next(r["lost"] for r in page["regions"] if r["region"] == "11")
    rejected = Counter[str]()
    for codes in run.counts["rejects_by_source"].values():
        rejected.update(codes)
    assert rejected == run.counts["rejects"]
    assert page["nights"] == [
        {
            "day": TODAY.isoformat(),
            "status": "complete",
            "read": sum(one.rows_read for one in run.sources if one.name.startswith("workbook:")),
            "rejected": sum(one.rows_rejected for one in run.sources if one.name.startswith("workbook:")),
            "share": page["total"]["share"],
            "basis": "verified",
        }
    ]


def test_a_dry_run_writes_the_page_of_what_would_be_and_changes_nothing(night: Installation, tmp_path: Path) -> None:
    with night.store() as store:
        before = (store.runs(), store.states())
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    code, _ = night.run("sync", "--dry-run", "--as-of", tomorrow, "--out", str(tmp_path))
    assert code == 0
    text = (tmp_path / "dashboard" / "index.html").read_text()
    assert "Situation au 23/11/2026" in text
    assert "Dernière nuit réussie\u00a0: 22/11/2026." in text
    with night.store() as store:
        assert (store.runs(), store.states()) == before


def test_a_dry_run_before_the_first_night_has_its_page(night: Installation, tmp_path: Path) -> None:
    fresh = night.copy(tmp_path / "fresh")
    for path in (*(fresh.folder / "var").glob("annuaire.db*"), *(fresh.folder / "var").glob("*witness*")):
        path.unlink()
    assert fresh.run("sync", "--dry-run", "--as-of", TODAY.isoformat(), "--out", str(tmp_path / "dry"))[0] == 0
    text = (tmp_path / "dry" / "dashboard" / "index.html").read_text()
    assert "Aucune nuit n’a encore réussi." in text
    assert "Déclaration bloquée" in text
    code, said = fresh.json("dashboard")
    assert (code, said["status"]) == (2, "error")
    assert "Aucune nuit n’a encore été jouée" in said["errors"][0]


def test_a_source_that_cannot_be_used_is_said_and_the_rest_is_written(night: Installation, tmp_path: Path) -> None:
    other = night.copy(tmp_path / "other")
    (other.folder / "regions" / "11-ile-de-france.ods").write_bytes(b"MARTINOT;Luc;not a workbook")
    code, said = other.run("dashboard", "--as-of", TODAY.isoformat())
    assert code == 3
    assert "et 3 pages de région, à côté." in said
    assert "classeur 11-ile-de-france.ods\u00a0: source non utilisée" in said
    country, region = (other.folder / "out" / "dashboard" / name for name in ("index.html", "region-11.html"))
    assert "inutilisable" in country.read_text()
    assert "inutilisable" in region.read_text()
    assert "MARTINOT" not in country.read_text() + region.read_text(), "a header that is a line of somebody's"
