"""One altered rule, the same files: what it brings waits as « rules » with the administrator; no updater hears of it.

The product is copied and a line of the copy altered, as a release or a slip on the machine would.
"""

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.store import open_store
from flows.state.version import ROOMS
from tests.night.country import TODAY, copy_country
from tests.typed import typed

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class House:
    """A copy of the product beside an installation of the invented country."""

    product: Path
    country: Path

    def sync(self, *words: str, day: date = TODAY) -> tuple[int, dict[str, Any]]:
        """(exit code, `run.json`) of a night played by the copy, in a process of its own."""
        config = ("-c", str(self.country / "annuaire.toml"), "--as-of", day.isoformat(), "--json", "--jobs", "1")
        done = typed("sync", *config, *words, folder=self.product, product=self.product)
        assert done.out, done.err.decode()
        return done.code, json.loads(done.out)

    def alter(self, file: str, before: str, after: str) -> None:
        """One line of the copy, or of the configuration."""
        path = (self.country if file == "annuaire.toml" else self.product) / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, file
        put(path, text.replace(before, after))

    def changes(self) -> dict[str, dict[str, Any]]:
        """Id → change of the last night."""
        found = json.loads((self.country / "out" / "changeset.json").read_text(encoding="utf-8"))
        return {one["id"]: one for one in found["changes"]}

    def mails(self) -> Counter[str]:
        """Post → how many mails."""
        return Counter(path.name.rsplit("-", 1)[0] for path in (self.country / "var" / "outbox").glob("*.eml"))

    def origins(self) -> dict[str, str]:
        """Change → whose doing it is, as the store has it."""
        with open_store(f"sqlite:///{self.country / 'var' / 'annuaire.db'}") as store:
            return {key: state.origin for key, state in store.states().items()}


def put(path: Path, text: str) -> None:
    """Put another file in the place of one, which others may have too."""
    path.unlink()
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The first night, by the product as it is."""
    folder = tmp_path_factory.mktemp("played")
    product = folder / "product"
    for room in ROOMS:
        shutil.copytree(ROOT / room, product / room)  # with what Python compiled: of what is altered, it does anew
    house = House(product, copy_country(folder))
    assert house.sync()[0] == 0
    return house


@pytest.fixture
def house(played: House, tmp_path: Path) -> House:
    """The same, to be altered at will."""
    shutil.copytree(played.product, tmp_path / "product", copy_function=os.link)  # a thousand files: see `put`
    shutil.copytree(played.country, tmp_path / "country")
    return House(tmp_path / "product", tmp_path / "country")


ALTERED = {
    "names": ("schemas/words.py", 'return _NOT_ALNUM.sub("", fold(text))', "return fold(text)"),
    "phones": ("pipelines/normalize.py", "return good[0] if good else", "return text if good else"),
    "a table": ("schemas/tables/professions.csv", "60,Infirmier,", "60,Infirmière diplômée,"),
    "the warning": ("annuaire.toml", "expiry_warning_days = [90, 30]", "expiry_warning_days = [900, 30]"),
}
ROUTE = '[[routing]]\nstructure_type = "Site transfusionnel"\nfunction = "Assistant"\nupdater = "CRH_ST"\n\n[mail]\n'


def same_files_of_another_day(country: Path) -> None:
    """The national files and the export as they come every day: other files, which say the same of everybody."""
    for name in ("PS_LibreAcces_*202611*", "Porteurs_*202611*"):
        for path in country.glob(f"rpps/{name}"):
            lines = path.read_bytes().splitlines(keepends=True)
            path.write_bytes(b"".join([lines[0], *reversed(lines[1:])]))
    book = openpyxl.load_workbook(country / "efit" / "export.xlsx")
    book.save(country / "efit" / "export.xlsx")


@pytest.mark.parametrize("day", ["the same files", "the files of another day"])
@pytest.mark.parametrize("name", list(ALTERED))
def test_what_one_altered_line_brings_waits_at_the_administrators(house: House, name: str, day: str) -> None:
    before, told = house.changes(), house.mails()
    house.alter(*ALTERED[name])
    if day != "the same files":
        same_files_of_another_day(house.country)
    code, run = house.sync()
    brought = {key: one for key, one in house.changes().items() if key not in before}
    assert brought
    origins = house.origins()
    assert {origins[key] for key in brought} == {"settings" if name == "the warning" else "rules"}
    assert house.mails() - told == Counter({"ADMIN_EFIT": 1})
    assert ({one["what"] for one in run["held"]}, code) == ({"rules"}, 3)
    assert {one["status"] for one in brought.values() if one["updater"]["post"] != "ADMIN_EFIT"} <= {"new"}


def test_what_waits_is_new_to_the_administrator_once(house: House) -> None:
    house.alter(*ALTERED["names"])
    house.sync()
    waiting = {key for key, one in house.changes().items() if one["status"] == "new"}
    assert waiting

    def states() -> set[str]:
        book = openpyxl.load_workbook(house.country / "out" / "reports" / "ADMIN_EFIT.xlsx", read_only=True)
        rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
        mine = [row for row in rows if any(str(cell or "").partition(":")[0] in waiting for cell in row)]
        return {str(cell) for row in mine for cell in row if str(cell).startswith(("Nouveau", "Retenu"))}

    assert states() == {"Nouveau"}
    house.sync(day=TODAY + timedelta(days=1))
    assert states() == {"Retenu, constaté le 22/11/2026"}


def test_once_released_they_go_to_their_updaters(house: House) -> None:
    told = house.mails()
    house.alter(*ALTERED["names"])
    _, run = house.sync()
    assert house.sync("--release", run["run_id"])[0] == 0
    assert set(house.mails() - told) > {"ADMIN_EFIT"}
    assert {one["status"] for one in house.changes().values()} == {"notified"}


def test_a_line_put_back_leaves_no_trace_at_the_updaters(house: House) -> None:
    before, told = house.changes(), house.mails()
    file, was, now = ALTERED["names"]
    house.alter(file, was, now)
    house.sync()
    house.alter(file, now, was)
    house.sync()
    after, origins = house.changes(), house.origins()
    left = {key: one for key, one in after.items() if key not in before}
    assert before.keys() <= after.keys()
    # of whom a row that cannot be read may speak, nothing is withdrawn: it waits, and is told to nobody
    assert {(origins[key], one["status"]) for key, one in left.items()} <= {("rules", "new")}
    assert set(house.mails() - told) == {"ADMIN_EFIT"}


def test_what_a_new_route_gives_to_another_updater_waits_too(house: House) -> None:
    told = house.mails()
    house.alter("annuaire.toml", "[mail]\n", ROUTE)
    code, run = house.sync()
    moved = {key for key, origin in house.origins().items() if origin == "routing"}
    assert moved
    changes = house.changes()
    assert {changes[key]["updater"]["post"] for key in moved} == {"CRH_ST", "ADMIN_EFIT"}  # for a vacant one
    assert (code, house.mails() - told) == (3, Counter({"ADMIN_EFIT": 1}))
    assert house.sync("--release", run["run_id"])[0] == 0
    assert any(post.startswith("CRH_ST") for post in house.mails() - told)
    told = house.mails()
    assert house.sync()[0] == 0
    assert (house.mails() - told, set(house.origins().values())) == (Counter(), {"data"})


def test_another_sentence_is_no_other_rule(house: House) -> None:
    """But the one that stands in an id: see `schemas.nomenclatures.rules_in_words`."""
    told = house.mails()
    path = house.product / "schemas" / "tables" / "messages.toml"
    text = path.read_text(encoding="utf-8")
    put(path, text.replace("Corriger l'identité dans l'annuaire.", "Corriger l'identité."))
    assert (house.sync()[0], house.mails() - told) == (0, Counter())
    text = path.read_text(encoding="utf-8")
    put(path, text.replace("demande un médecin ou un pharmacien", "veut un médecin ou un pharmacien"))
    house.sync()
    assert set(house.mails() - told) == {"ADMIN_EFIT"}
