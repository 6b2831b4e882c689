"""A national night in small: the quick ways to read the register change nothing of what is found."""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from benchmarks.invented.country import write_configuration, write_country, write_zips
from benchmarks.invented.national import CARDS, PERSONS, SEED, people
from connectors.bytescan import lines
from connectors.bytescan.indexed.held import open_index
from connectors.sources.register import read_again, read_register
from connectors.sources.result import Reading
from connectors.store import open_store
from connectors.system.forked import Aside
from flows.fetching.indexing import index_arrivals
from flows.settings.load import load_settings
from flows.state.run_state import RunState
from schemas.reading.arrival import Brought
from schemas.reading.source import EVERYONE, Wanted
from schemas.words import name_key
from tests.connectors.plain_register import plain_reading
from tests.invented_nights import rewrite
from tests.night.played import Installation

DAY = "2026-11-22"


class National(Installation):
    """A small national country; `read` counts how often a whole file was."""

    def __init__(self, folder: Path, configuration: str = "annuaire.toml") -> None:
        super().__init__(folder)
        self.config = folder / configuration
        self.read: list[str] = []

    def night(self, *, reader: Any = read_register, memory: bool = True, dry_run: bool = False, jobs: int = 1) -> bytes:
        """`changeset.json` of a night, byte for byte but for its run."""
        self.read = []

        def counted(path: Path, source: str, *others: Any, **more: Any) -> Any:
            self.read.append(source)
            return reader(path, source, *others, **more)

        recall = RunState.recall if memory else lambda *_: None
        index = open_index if memory else lambda *_: None
        with (
            patch("flows.reading.national.read_register", counted),
            patch.object(RunState, "recall", recall),
            patch("flows.reading.national.open_index", index),
        ):
            more = ["--jobs", str(jobs), *(["--dry-run"] if dry_run else [])]
            code, said = self.run("sync", "--as-of", DAY, *more)
        assert code in (0, 3), said
        written = (self.folder / "out" / "changeset.json").read_bytes()
        return written.replace(json.loads(written)["run_id"].encode(), b"RUN")

    def copy(self, folder: Path) -> "National":
        """The same elsewhere."""
        shutil.copytree(self.folder, folder)
        return National(folder, self.config.name)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With odd rows and people without a number enough, and three workbooks of its thirty-two: each costs a process."""
    folder = tmp_path_factory.mktemp("national") / "country"
    with (
        patch("benchmarks.invented.national.ODD", 60),
        patch.dict("benchmarks.invented.country._EVERY", nameless_number=8),
    ):
        write_country(folder, accounts=400, rows=3000, cards=1500)
    kept = {"national.xlsx", "regions/01.xlsx", "ets/ETS-IDF.xlsx", "efit/export.xlsx"}
    for path in folder.rglob("*.xlsx"):
        if path.relative_to(folder).as_posix() not in kept:
            path.unlink()
    write_zips(folder)
    write_configuration(folder / "annuaire.toml", ".txt")
    return folder


@pytest.fixture
def national(country: Path, tmp_path: Path) -> National:
    return National(country).copy(tmp_path / "country")


def settled() -> Any:
    """Files written a moment ago count as settled."""
    return patch.object(lines, "SETTLED", -60.0)


@pytest.mark.parametrize("configuration", ["annuaire.toml", "annuaire-zip.toml"])
def test_the_quick_path_finds_what_the_plain_one_finds(national: National, configuration: str) -> None:
    night = National(national.folder, configuration)
    quick = night.night(dry_run=True)
    assert night.read == ["register.cards", "register.persons"]
    assert quick == night.night(reader=plain_reading, dry_run=True)
    found = json.loads(quick)
    kinds = {change["kind"] for change in found["changes"]}
    assert {"update_account", "card_alert", "review"} <= kinds
    assert {"ROW_WIDTH", "CPX_MISSING"} <= {one["code"] for one in found["rejects"]}


def test_one_core_and_two_find_the_same(national: National) -> None:
    national.night()  # the reports are signed with a key from here on
    found = []
    for jobs in ("1", "2"):
        code, said = national.run("sync", "--as-of", DAY, "--dry-run", "--jobs", jobs)
        assert code in (0, 3), said
        written = (national.folder / "out" / "changeset.json").read_bytes()
        reports = {path.name: path.read_bytes() for path in (national.folder / "out" / "reports").iterdir()}
        found.append((written.replace(json.loads(written)["run_id"].encode(), b"RUN"), reports))
    assert len(found[0][1]) > 1
    assert found[0] == found[1]
    assert len(json.loads(found[0][0])["changes"]) > 9
    code, _ = national.run("sync", "--as-of", DAY, "--jobs", "0")
    assert code == 2


def test_the_night_nothing_changed_reads_no_extract_and_says_the_same(national: National, tmp_path: Path) -> None:
    with settled():
        national.night()
        assert national.read == ["register.cards", "register.persons"]
        other = national.copy(tmp_path / "other")
        kept = national.night()
        assert national.read == []
        assert kept == other.night(memory=False)
        assert other.read == ["register.cards", "register.persons"]
        (store,) = (national.folder / "var").glob("*.db")
        assert stat.S_IMODE(store.stat().st_mode) == 0o600
        os.utime(national.folder / "rpps" / PERSONS)  # a copy: another mark, the same bytes
        cards = national.folder / "rpps" / CARDS
        cards.write_bytes(cards.read_bytes().replace(b"|2028-", b"|2029-"))  # of the same size
        changed = national.night()
        assert national.read == ["register.cards"]
        assert changed != kept


def with_so_many_accounts_less(export: Path, count: int) -> None:
    book = load_workbook(export)
    sheet = book.worksheets[0]
    sheet.delete_rows(sheet.max_row - count + 1, count)
    book.save(export)


@pytest.mark.parametrize("configuration", ["annuaire.toml", "annuaire-zip.toml"])
def test_new_accounts_are_looked_up_and_no_extract_is_read_for_them(
    national: National, tmp_path: Path, configuration: str
) -> None:
    night = National(national.folder, configuration)
    export = night.folder / "efit" / "export.xlsx"
    everybody = export.read_bytes()
    with settled():
        with_so_many_accounts_less(export, 50)
        night.night()
        assert night.read == ["register.cards", "register.persons"]
        export.write_bytes(everybody)
        other = night.copy(tmp_path / "other")
        found = night.night()
        assert night.read == []
        assert found == other.night(memory=False)
        assert other.read == ["register.cards", "register.persons"]
        for path in (night.folder / "var" / "index").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        code, said = night.run("purge")
        assert code == 0, said
        assert not [*(night.folder / "var" / "index").iterdir()]
        assert night.night() == other.night()  # forgotten, all is read again, and found again
        assert night.read == ["register.cards", "register.persons"]


def test_extracts_indexed_when_they_came_are_not_read_by_the_first_night(national: National, tmp_path: Path) -> None:
    other = national.copy(tmp_path / "other")
    came = [
        Brought(source, "fetched", path=f"rpps/{name}")
        for source, name in (("register.persons", PERSONS), ("register.cards", CARDS))
    ]
    index_arrivals(load_settings(national.config), came, lambda *_: None)
    found = national.night()
    assert national.read == []
    assert found == other.night()
    assert other.read == ["register.cards", "register.persons"]


@pytest.fixture
def large() -> Iterator[None]:
    """A file of a few hundred kilobytes is worth an index of its own."""
    with patch("flows.reading.beside.LEAST", 1), settled():
        yield


@pytest.mark.usefixtures("large")
def test_a_second_core_indexes_the_extracts_while_the_workbooks_are_read(national: National, tmp_path: Path) -> None:
    alone, other = national.copy(tmp_path / "alone"), national.copy(tmp_path / "other")
    found = national.night(jobs=2)
    assert national.read == []
    assert found == alone.night()
    assert alone.read == ["register.cards", "register.persons"]
    with patch("flows.reading.beside.Aside", side_effect=AssertionError("an index is there")):
        assert national.night(jobs=2) == alone.night()
    with patch("flows.reading.beside.read_register", side_effect=MemoryError):  # a process that ends before its work
        assert other.night(jobs=2) == found
    assert other.read == ["register.cards", "register.persons"]


@pytest.mark.usefixtures("large")
def test_what_is_too_large_to_be_looked_up_is_read_once(national: National) -> None:
    with (
        patch("flows.reading.beside.MOST", 1),
        patch("flows.reading.beside.Aside", side_effect=AssertionError("not read twice")),
    ):
        national.night(jobs=2)
    assert national.read == ["register.cards", "register.persons"]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("configuration", ["annuaire.toml", "annuaire-zip.toml"])
def test_nothing_is_indexed_beside_of_an_archive_or_by_a_dry_run(national: National, configuration: str) -> None:
    night = National(national.folder, configuration)
    night.night(jobs=2, dry_run=True)
    assert night.read == ["register.cards", "register.persons"]
    night.night(jobs=2)
    assert night.read == (["register.cards", "register.persons"] if "zip" in configuration else [])


@pytest.mark.usefixtures("large")
def test_an_extract_that_changes_once_it_was_indexed_is_read(national: National, tmp_path: Path) -> None:
    other = national.copy(tmp_path / "other")
    cards = national.folder / "rpps" / CARDS
    spoilt = cards.read_bytes().replace(b"|2028-", b"|2029-")
    waited = Aside.wait

    def changing(aside: Aside) -> None:
        waited(aside)
        if cards.read_bytes() != spoilt:
            cards.write_bytes(spoilt)

    with patch("flows.reading.beside.Aside.wait", changing):
        found = national.night(jobs=2)
    assert national.read == ["register.cards"]
    (other.folder / "rpps" / CARDS).write_bytes(spoilt)
    assert found == other.night()


def test_a_dry_run_leaves_no_index(national: National) -> None:
    national.night(dry_run=True)
    assert not (national.folder / "var").exists()


def test_what_was_kept_gives_what_a_reading_would_give_for_fewer_people(country: Path) -> None:
    everybody = [(number, last, first) for number, last, first in people(SEED, 900)]
    chance = Random(7)
    for name, contract_name in ((PERSONS, "register_persons"), (CARDS, "register_cards")):
        path = country / "rpps" / name
        wanted = wanted_of(everybody)
        with settled():
            whole = read_register(path, "s", contract_name, wanted, shown="x")
            known = whole.facts["extraction"]
            for share in (1, 3, 50):
                fewer = wanted_of(chance.sample(everybody, len(everybody) // share))
                again = read_again(path, known, contract_name, fewer, shown="y")
                assert again
                assert told(again) == told(read_register(path, "s", contract_name, fewer, shown="y"))
            assert len(whole.frame) > 400
            assert (
                read_again(path, known, contract_name, wanted_of([("99700000000", "AUTRE", "Ada")]), shown="y") is None
            )
            assert read_again(path, known, contract_name, EVERYONE, shown="y") is None


def wanted_of(persons: list[tuple[str, str, str]]) -> Wanted:
    """Some by number, some by name, as odd rows have them too."""
    numbers = frozenset("8" + number for number, _, _ in persons if int(number) % 2)
    names = frozenset(f"{name_key(last)}|{name_key(first)}" for number, last, first in persons if not int(number) % 2)
    return Wanted(numbers, names=names)


def told(reading: Reading) -> object:
    """All that a night uses of a reading."""
    return reading.report, reading.frame.to_numpy().tolist(), reading.issues, reading.facts["unread"]


def test_what_is_damaged_or_of_another_edition_or_forgotten_is_not_believed(country: Path, tmp_path: Path) -> None:
    reading = read_register(
        country / "rpps" / CARDS, "register.cards", "register_cards", wanted_of(people(SEED, 50)), shown="x"
    )
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with open_store(url) as store:
        for statement in (
            "UPDATE extraction SET payload = CAST(substr(payload, 1, 900) || x'00' || substr(payload, 902) AS BLOB)",
            "UPDATE extraction SET payload = x''",
            "UPDATE extraction SET edition = 'other'",
            "UPDATE extraction SET digest = ''",
            "DELETE FROM extraction",
        ):
            store.keep_extraction(reading.facts["extraction"], "edition")
            assert store.extraction("register.cards", "edition") == reading.facts["extraction"]
            assert store.extraction("register.cards", "next edition") is None
            rewrite(url, statement)
            assert store.extraction("register.cards", "edition") is None, statement
        store.keep_extraction(reading.facts["extraction"], "edition")
        store.purge(date(2020, 1, 1), datetime(2026, 11, 22, tzinfo=UTC))
        assert store.extraction("register.cards", "edition") is None


def test_a_file_still_being_written_has_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    assert lines.mark_of(path) == ""
    assert lines.mark_of(tmp_path / "missing.txt") == ""
    os.utime(path, (1, 1))  # the entry has changed just now all the same
    assert lines.mark_of(path) == ""
    with settled():
        assert lines.mark_of(path)


def test_persons_without_a_number_are_found_by_name_and_establishment_in_the_same_pass(national: National) -> None:
    found = json.loads(national.night(dry_run=True))
    assert national.read == ["register.cards", "register.persons"]
    entered = [
        change
        for change in found["changes"]
        if change["kind"] == "update_account"
        and any(field["field"] == "cpx_number" and not field["before"] for field in change["fields"])
    ]
    assert entered  # accounts and lines with a name and an establishment alone: the register has the number
    for change in entered:
        (number,) = (field["after"] for field in change["fields"] if field["field"] == "cpx_number")
        assert number in (national.folder / "numbers.csv").read_text().split()
