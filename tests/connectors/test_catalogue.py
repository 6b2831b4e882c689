"""The newest of the files that arrived is chosen by the stamp in its name."""

import hashlib
import os
from datetime import date, datetime
from pathlib import Path

import pytest

from connectors.bytescan.stamps import stamp_of
from connectors.sources.catalogue import age_in_days, find_all, find_newest
from schemas.errors import SourceError

NOON = datetime(2026, 11, 20, 12).timestamp()


def put(folder: Path, *names: str, when: float = NOON) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
        os.utime(folder / name, (when, when))


def test_the_newest_by_the_stamp_in_its_name_wins(tmp_path: Path):
    put(
        tmp_path / "rpps",
        "PS_202611190801.txt",
        "PS_202611210755.zip",
        "PS_202611210801.txt",
        "PS_20261121.txt",
    )
    found = find_newest("rpps/PS_*", tmp_path)
    assert found.shown == "rpps/PS_202611210801.txt"
    assert (found.stamp, found.day) == (date(2026, 11, 21), date(2026, 11, 21))
    assert found.size == len("PS_202611210801.txt")
    assert found.sha256 == hashlib.sha256(b"PS_202611210801.txt").hexdigest()
    assert find_all("rpps/PS_*", tmp_path)[0].path.name == "PS_202611190801.txt"


def test_a_zip_may_be_the_newest(tmp_path: Path):
    put(tmp_path, "PS_202611190801.txt", "PS_202611210755.zip")
    assert find_newest("PS_*", tmp_path).path.suffix == ".zip"


def test_a_name_without_stamp_counts_from_the_day_it_was_written(tmp_path: Path):
    put(tmp_path, "ps-libreacces-personne-activite.txt")
    found = find_newest("*.txt", tmp_path)
    assert (found.stamp, found.day) == (None, date(2026, 11, 20))
    assert age_in_days(found, date(2026, 11, 22)) == 2


def test_equals_are_decided_by_name(tmp_path: Path):
    put(tmp_path, "b_20261121.txt", "a_20261121.txt")
    assert find_newest("*.txt", tmp_path).path.name == "b_20261121.txt"


def test_a_name_or_an_absolute_pattern_serves_as_well(tmp_path: Path):
    put(tmp_path, "un [fichier].csv")
    assert find_newest("un [fichier].csv", tmp_path).shown == "un [fichier].csv"
    assert find_newest(str(tmp_path / "*.csv"), Path("/nowhere")).path.parent == tmp_path


def test_nothing_found_says_which_pattern(tmp_path: Path):
    (tmp_path / "a folder.txt").mkdir()
    with pytest.raises(SourceError, match=r"«.\*\.txt.»") as error:
        find_newest("*.txt", tmp_path)
    assert error.value.code == "FILE_UNREADABLE"


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("PS_LibreAcces_Personne_activite_202611220801.txt", datetime(2026, 11, 22, 8, 1)),
        ("etalab-cs1100502-stock-20260504-0337.csv", datetime(2026, 5, 4, 3, 37)),
        ("stock_20260504.csv", datetime(2026, 5, 4)),
        ("stock_20260504_2561.csv", datetime(2026, 5, 4)),
        ("20261399_20260504.csv", datetime(2026, 5, 4)),
        ("899700000013.txt", None),
        ("porteurs-cps-cpf.txt", None),
    ],
)
def test_a_stamp_is_a_day_and_perhaps_an_hour(name: str, stamp: datetime | None):
    assert stamp_of(name) == stamp


def test_a_stamp_years_after_the_file_was_written_is_none(tmp_path: Path):
    put(tmp_path / "rpps", "PS_203001010000.zip", "PS_202611190801.zip")
    os.utime(tmp_path / "rpps" / "PS_203001010000.zip", (NOON - 9 * 86400,) * 2)
    assert find_newest("rpps/PS_*", tmp_path).path.name == "PS_202611190801.zip"
