"""The rows of every input file in another order give the same night."""

import gzip
import json
import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from odf import opendocument
from odf.table import Table, TableRow

from tests.night.country import copy_country, night_of

# The rows of header, in the workbooks that have more than one.
HEADER_ROWS = {"52-pays-de-la-loire.xlsx": 4, "idf.xlsx": 2}
TEXTS = ("rpps/*.txt", "adeli/*", "ets/*.csv", "finess/*.csv")


def shuffle_text(path: Path, chance: random.Random) -> None:
    """Every line but the first, as bytes: nothing is decoded."""
    first, *lines = path.read_bytes().splitlines(keepends=True)
    chance.shuffle(lines)
    assert all(line.endswith(b"\n") for line in lines)
    path.write_bytes(first + b"".join(lines))


def shuffle_stock(path: Path, chance: random.Random) -> None:
    """The legal entities of a FINESS+ stock, and the establishments of each."""
    stock = json.loads(gzip.decompress(path.read_bytes()))
    chance.shuffle(stock["pmej"])
    for entity in stock["pmej"]:
        chance.shuffle(entity["ege"])
    path.write_bytes(gzip.compress(json.dumps(stock, ensure_ascii=False).encode()))


def shuffle_xlsx(path: Path, chance: random.Random) -> None:
    """Every row below the header, on every sheet; merged cells and « idem » are written out first."""
    book = openpyxl.load_workbook(path)
    top = HEADER_ROWS.get(path.name, 1)
    for sheet in book.worksheets:
        for merged in [area for area in sheet.merged_cells.ranges if area.min_row > top]:
            value = sheet.cell(merged.min_row, merged.min_col).value
            sheet.unmerge_cells(merged.coord)
            for line, column in merged.cells:
                sheet.cell(line, column).value = value
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=top + 1)]
        for above, line in pairwise(lines):
            line[:] = [over if value == "idem" else value for over, value in zip(above, line, strict=True)]
        chance.shuffle(lines)
        for at, line in enumerate(lines, start=top + 1):
            for column, value in enumerate(line, start=1):
                sheet.cell(at, column).value = value
    book.save(path)


def shuffle_ods(path: Path, chance: random.Random) -> None:
    """Every row below the header, as elements of the document."""
    book = opendocument.load(str(path))
    for sheet in book.spreadsheet.getElementsByType(Table):
        lines = sheet.getElementsByType(TableRow)[HEADER_ROWS.get(path.name, 1) :]
        for line in lines:
            sheet.removeChild(line)
        chance.shuffle(lines)
        for line in lines:
            sheet.addElement(line)
    book.save(str(path))


def shuffle(country: Path, chance: random.Random) -> int:
    """Shuffle every input file; how many were."""
    kinds = [(pattern, shuffle_text) for pattern in TEXTS]
    kinds += [("finess/*.json.gz", shuffle_stock), ("**/*.ods", shuffle_ods)]
    kinds += [(f"{folder}*.xlsx", shuffle_xlsx) for folder in ("efit/", "regions/", "ets/", "")]
    files = [(path, way) for pattern, way in kinds for path in sorted(country.glob(pattern))]
    for path, way in files:
        way(path, chance)
    return len(files)


PLACES = re.compile(r"\([^)]*!\d+\)|ligne \d+|(?<=!)\d+")  # line numbers that a sentence cites
# Said once per file: with the case that came first, and the cells of the others.
GROUPED = re.compile(r".*(?=De même\s*:)|\([^)]*\)", re.DOTALL)


def unplaced(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "fields": [{**field, "after": PLACES.sub("", field["after"] or "")} for field in one["fields"]]}
        for one in changes
    ]


def compared(night: dict[str, Any]) -> dict[str, Any]:
    """The night without sha256 and sizes, of beginnings too, places, line numbers that sentences cite, and which case
    came first.
    """
    rejects = [
        {**one, "location": "", "message": PLACES.sub("", one["message"])}
        | ({"message": GROUPED.sub("", one["message"])} if "De même" in one["message"] else {})
        for one in night["rejects"]
        if one["code"] != "FILLED_DOWN"  # written out by the shuffle
    ]
    sources = [{**source, "sha256": "", "size": 0, "notes": (), "cuts": ()} for source in night["sources"]]
    rejects = sorted(rejects, key=lambda one: sorted(one.items()))
    return {**night, "sources": sources, "changes": unplaced(night["changes"]), "rejects": rejects}


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return night_of(copy_country(tmp_path_factory.mktemp("straight")))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_files_with_their_rows_shuffled_give_the_same_change_set(
    seed: int, straight: dict[str, Any], tmp_path: Path
) -> None:
    country = copy_country(tmp_path)
    assert shuffle(country, random.Random(seed)) == 14
    found, wanted = compared(night_of(country)), compared(straight)
    assert {key for key in wanted if found[key] != wanted[key]} == set()


def test_the_same_files_give_the_same_change_set_again(straight: dict[str, Any], tmp_path: Path) -> None:
    again = night_of(copy_country(tmp_path))
    assert again == straight
