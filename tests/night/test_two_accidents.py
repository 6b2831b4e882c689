"""Two accidents in one night: nobody is harmed, nothing is told twice as new, and the night after all is as it was.

A country where everybody agrees but two: one left, one changed their address. What each accident does alone has its own
file; here are the pairs, and what is looked at is what an updater would read and enter.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.night.by_command import Service, called_new
from tests.night.small import PERSONS, Files, write_files
from tests.night.test_restored import held_run, keep, lose, put_back
from tests.night.test_safeguards import DAY, files

EXPORT, BOOK = "efit/export.csv", "regions/24.csv"
BEFORE, NOW = files(emails=("O",)), files(gone=1, emails=("O", "P"))
TONIGHT, NEXT = DAY + timedelta(days=2), DAY + timedelta(days=3)
HARM = ("create_account", "add_assignment", "update_account", "end_assignment", "deactivate_account")


@dataclass
class Accidents:
    """The service on the night they happen."""

    service: Service
    kept: Path
    day: date = TONIGHT
    old_register: bool = False

    def lines(self, name: str) -> list[bytes]:
        """Of one of the files."""
        return (self.service.root / name).read_bytes().splitlines(keepends=True)

    def leave(self, name: str, lines: list[bytes]) -> None:
        """So much of a file is there."""
        (self.service.root / name).write_bytes(b"".join(lines))


def cut_annuaire(one: Accidents) -> None:
    lines = one.lines(EXPORT)
    one.leave(EXPORT, lines[: len(lines) // 2])


def shortened_workbook(one: Accidents) -> None:
    one.leave(BOOK, one.lines(BOOK)[:-3])


def no_workbook(one: Accidents) -> None:
    (one.service.root / BOOK).unlink()


def cut_register(one: Accidents) -> None:
    name = PERSONS.format(f"{one.day:%Y%m%d}")
    lines = one.lines(name)
    one.leave(name, lines[: len(lines) // 2])


def old_register(one: Accidents) -> None:
    one.old_register = True


def emptied_store(one: Accidents) -> None:
    lose(one.service)


def older_store(one: Accidents) -> None:
    put_back(one.service, one.kept)


def clock_back(one: Accidents) -> None:
    one.day = DAY - timedelta(days=1)


def new_rules(one: Accidents) -> None:
    text = one.service.config.read_text(encoding="utf-8")
    one.service.config.write_text(f"{text}\n[policy]\nexpiry_warning_days = [1500, 30]\n", encoding="utf-8")


ACCIDENTS: Mapping[str, Callable[[Accidents], None]] = {
    "annuaire cut": cut_annuaire,
    "workbook shortened": shortened_workbook,
    "workbook gone": no_workbook,
    "register cut": cut_register,
    "register old": old_register,
    "store emptied": emptied_store,
    "store older": older_store,
    "clock put back": clock_back,
    "rules new": new_rules,
}
ONE_OF = (
    {"workbook shortened", "workbook gone"},
    {"register cut", "register old"},
    {"register old", "clock put back"},
    {"store emptied", "store older"},
)
PAIRS = [pair for pair in combinations(ACCIDENTS, 2) if not any(set(pair) <= one for one in ONE_OF)]


def said(service: Service) -> set[tuple[str, str, str]]:
    """What the change set would have somebody enter, and of whom."""
    return {
        (one["kind"], one["account_id"] or one["person"]["national_id"], one["assignment"]["structure_code"])
        for one in service.changes().values()
        if one["kind"] in HARM
    }


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights, the second of which announced more than the first; and the store of the first."""
    root = tmp_path_factory.mktemp("lived")
    service = Service(root, attachments="plain")
    assert service.night(BEFORE, DAY)[0] == 0
    keep(service, root / "kept.db")
    assert service.night(NOW, DAY + timedelta(days=1))[0] == 0
    return root


@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_two_accidents_in_one_night_harm_nobody_and_tell_nothing_twice(
    pair: tuple[str, str], lived: Path, tmp_path: Path
) -> None:
    service = copy_of(lived, tmp_path / "country")
    true = said(service)
    assert true
    met = Accidents(service, service.root / "kept.db")
    write_files(service.root, NOW, TONIGHT)
    for name in sorted(pair, key=lambda one: one == "clock put back"):
        ACCIDENTS[name](met)
    if met.old_register:
        for path in service.root.glob("rpps/*.txt"):
            path.unlink()
        write_files(service.root, Files(NOW.annuaire, {}, NOW.persons, NOW.cards), TONIGHT - timedelta(days=20))
    code, _ = service.night(None, met.day)
    assert code in (3, 4) or pair == ("clock put back", "rules new"), code
    assert said(service) <= true
    recovered(service, pair, true)


def recovered(service: Service, pair: tuple[str, str], true: set[tuple[str, str, str]]) -> None:
    """All files are there the night after, and whoever was asked has let out what waits."""
    code, _ = service.night(NOW, NEXT)
    if any(one.startswith("store") for one in pair):
        assert code == 4
        code, _ = service.night(None, NEXT, "--release", held_run(service))
    assert code in (0, 3), code
    assert said(service) == true
    again = {key: times for key, times in called_new(service.mails()).items() if times > 1}
    assert not again, [describe(service, key) for key in again]


def describe(service: Service, key: str) -> Any:
    """What was told twice."""
    return service.changes().get(key, key)


def copy_of(lived: Path, folder: Path) -> Service:
    """The same installation elsewhere."""
    shutil.copytree(lived, folder)
    service = Service.__new__(Service)
    service.root, service.config = folder, folder / "annuaire.toml"
    return service
