"""The invented country: made again the same, complete, and read by the night as its storylines say."""

import csv
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from sample_data.generate import EXPECTED_CHANGES, EXPECTED_REJECTS, HERE, generate, tell
from schemas.changes.routing import built_in_routes
from schemas.nomenclatures import code_of, issue_effects, messages, reasons, rows
from tests.patience import patient

COMMAND = Path(sys.executable).parent / "efit-annuaire"
BY_HAND = {"annuaire.toml", "annuaire-pannes.toml", ".gitignore"}
PLACED = {"create_account", "add_assignment", "end_assignment"}
BROKEN = "broken/"


def files_of(folder: Path) -> set[str]:
    """What lies in a sample folder, code and a run's traces aside."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix() for path in found if path.suffix not in (".py", ".pyc") and path.parts[0] not in ("var", "out")
    }


def content_of(path: Path) -> Any:
    """Bytes of a text file, unpacked bytes of a .gz, cells of a spreadsheet."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix in (".xlsx", ".ods") and path.read_bytes().startswith(b"PK"):
        book = CalamineWorkbook.from_path(str(path))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return path.read_bytes()


def expected(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("remade")
    generate(folder)
    return folder


def test_the_generator_makes_every_committed_file_and_no_other(remade: Path) -> None:
    assert files_of(remade) == files_of(HERE) - BY_HAND


def test_the_generator_makes_the_same_files_again(remade: Path) -> None:
    differing = [name for name in files_of(remade) if content_of(remade / name) != content_of(HERE / name)]
    assert differing == []


OF_A_LATER_NIGHT = {"structure_not_mentioned"}  # tests/night/test_what_waits.py


def test_every_reason_of_the_contract_is_expected() -> None:
    told = {reason for line in expected(EXPECTED_CHANGES) for reason in line["reason"].split("|")}
    assert told == set(reasons()) - OF_A_LATER_NIGHT


def test_every_reject_and_repair_code_of_the_contract_is_expected() -> None:
    assert {line["code"] for line in expected(EXPECTED_REJECTS)} == set(issue_effects())


def test_every_row_of_the_routing_table_has_a_change() -> None:
    country, _ = tell()
    types = {structure.code: structure.type for structure in country.structures.values()}
    used = {
        next(
            r
            for r in built_in_routes()
            if r.fits(
                code_of("functions", c["function"]),
                types.get(c["structure_code"], ""),
                code_of("ranks", c["rank"]),
            )
        )
        for c in expected(EXPECTED_CHANGES)
    }
    assert used == set(built_in_routes())


def test_no_updater_has_enough_endings_to_be_held() -> None:
    endings = Counter(
        (line["updater_post"], line["updater_scope"])
        for line in expected(EXPECTED_CHANGES)
        if line["kind"] in ("end_assignment", "deactivate_account")
    )
    assert max(endings.values()) < 5


def test_every_registered_number_is_an_invented_one() -> None:
    text = next(HERE.glob("rpps/PS_LibreAcces*202611*.txt")).read_bytes().decode("windows-1252")
    numbers = {line.split("|")[1] for line in text.splitlines()[1:]}
    assert {number[:4] for number in numbers} == {"9970"}


# ── the night itself ─────────────────────────────────────────────────────────────────────────────


def play(folder: Path, configuration: str) -> tuple[int, dict[str, Any]]:
    """A dry night on a copy of the country: (exit code, changeset)."""
    country, out = folder / "country", folder / "out"
    shutil.copytree(HERE, country, ignore=shutil.ignore_patterns("*.py", "__pycache__", "var", "out"))
    options = ["-c", str(country / configuration), "--as-of", "2026-11-22", "--out", str(out), "--dry-run"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EFIT_")}
    run = subprocess.run(
        [str(COMMAND), "sync", *options],
        capture_output=True,
        text=True,
        timeout=patient(120),
        env=environment,
        check=False,
    )
    assert "Traceback" not in run.stderr, run.stderr
    assert (out / "changeset.json").is_file(), run.stderr
    return run.returncode, json.loads((out / "changeset.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    return play(tmp_path_factory.mktemp("night"), "annuaire.toml")


@pytest.fixture(scope="module")
def bad_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    return play(tmp_path_factory.mktemp("bad_night"), "annuaire-pannes.toml")


def lines_found(changeset: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The changes in the form of expected_changes.csv: a line per change, a line per field of an update."""
    for change in changeset["changes"]:
        fields = change["fields"] if change["kind"] == "update_account" else [{}]
        for field in fields:
            yield {
                "kind": change["kind"],
                "reason": "|".join(change["reasons"]),
                "account_id": change["account_id"] or "",
                "national_id": change["person"]["national_id"],
                "last_name": change["person"]["last_name"],
                "first_name": change["person"]["first_name"],
                **{key: change["assignment"][key] for key in ("structure_code", "function", "rank")},
                **{key: field.get(key) or "" for key in ("field", "before", "after")},
                "severity": change["severity"],
                "updater_post": change["updater"]["post"],
                "updater_scope": change["updater"]["scope"],
                "escalated_from": change["updater"]["escalated_from"] or "",
                "uncovered": "oui" if change["updater"]["uncovered"] else "non",
            }


def compared(line: dict[str, str]) -> tuple[str, ...]:
    """What must be equal: everything, but the name and number of whom an account already designates."""
    told = {key: value for key, value in line.items() if key != "story"}
    if told["account_id"]:
        told.update(national_id="", last_name="", first_name="")
    return tuple(told.values())


def test_the_night_finds_every_expected_change_with_its_updater_and_nothing_else(
    night: tuple[int, dict[str, Any]],
) -> None:
    found = Counter(compared(line) for line in lines_found(night[1]))
    wanted = Counter(compared(line) for line in expected(EXPECTED_CHANGES))
    assert {"missing": sorted(wanted - found), "extra": sorted(found - wanted)} == {
        "missing": [],
        "extra": [],
    }


def test_a_night_on_the_sample_is_complete(night: tuple[int, dict[str, Any]]) -> None:
    code, changeset = night
    assert (code, changeset["status"]) == (0, "complete")


def test_the_night_reports_exactly_the_expected_rejects_and_repairs(
    night: tuple[int, dict[str, Any]],
) -> None:
    paths = {source["name"]: source["path"] for source in night[1]["sources"]}
    found = Counter((paths[reject["source"]], reject["code"]) for reject in night[1]["rejects"])
    wanted = {(r["file"], r["code"]): int(r["count"]) for r in expected(EXPECTED_REJECTS)}
    wanted = {key: count for key, count in wanted.items() if not key[0].startswith(BROKEN)}
    assert set(found) == set(wanted)
    assert {key: found[key] for key, count in wanted.items() if count} == {k: v for k, v in wanted.items() if v}


@pytest.mark.parametrize("story", ["mutation de la région 24 à la région 11", "le remplaçant devient titulaire"])
def test_the_halves_of_one_move_are_linked(story: str, night: tuple[int, dict[str, Any]]) -> None:
    account = next(line["account_id"] for line in expected(EXPECTED_CHANGES) if line["story"] == story)
    halves = [change for change in night[1]["changes"] if change["account_id"] == account]
    assert {half["kind"] for half in halves} == {"add_assignment", "end_assignment"}
    assert [half["linked_to"] for half in halves] == [[halves[1]["id"]], [halves[0]["id"]]]


@pytest.mark.parametrize("case", [row["case"] for row in rows("card_cases")])
def test_every_case_of_the_guidance_table_is_told_to_somebody(case: str, night: tuple[int, dict[str, Any]]) -> None:
    assert any(messages()[f"card_case.{case}"] in change["guidance"] for change in night[1]["changes"])


def test_a_bad_night_says_which_files_failed_and_why(bad_night: tuple[int, dict[str, Any]]) -> None:
    code, changeset = bad_night
    wanted = {r["code"] for r in expected(EXPECTED_REJECTS) if r["file"].startswith(BROKEN)}
    assert wanted == {code for code, effect in issue_effects().items() if effect == "file"}
    assert wanted <= {reject["code"] for reject in changeset["rejects"]}
    assert (code, changeset["status"]) == (3, "partial")


def test_a_bad_night_ends_nobodys_function(bad_night: tuple[int, dict[str, Any]]) -> None:
    assert [change for change in bad_night[1]["changes"] if change["kind"] == "end_assignment"] == []
