"""A file that is being written while it is read: read again once it is done, and said not to be at rest otherwise."""

import threading
import time
from pathlib import Path

import pytest

from connectors.sources import steady
from connectors.sources.result import Reading, text_frame
from connectors.sources.steady import read_steadily
from schemas.reading.source import SourceReport
from tests.patience import patient


def reading_of(path: Path) -> Reading:
    rows = path.read_text(encoding="utf-8").splitlines()
    return Reading(SourceReport("workbook:a", "a", rows_read=len(rows)), text_frame([[row] for row in rows], ["row"]))


def test_a_file_at_rest_is_read_once(tmp_path: Path) -> None:
    path, reads = tmp_path / "a.csv", list[int]()
    path.write_text("a\nb\n", encoding="utf-8")

    def read() -> Reading:
        reads.append(len(reads))
        return reading_of(path)

    found = read_steadily([path], read)
    assert (reads, found.report.steady, found.report.rows_read) == ([0], True, 2)


def test_a_file_that_grows_meanwhile_is_read_again_until_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady, "PAUSE", 0.01)
    path, more = tmp_path / "a.csv", ["c\n", "d\n", ""]
    path.write_text("a\nb\n", encoding="utf-8")

    def read() -> Reading:
        found = reading_of(path)
        with path.open("a", encoding="utf-8") as file:
            file.write(more.pop(0))
        return found

    found = read_steadily([path], read)
    assert (found.report.steady, found.report.rows_read, more) == (True, 4, [])


def test_a_file_that_never_comes_to_rest_is_said_not_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "PAUSE", 0.02)
    monkeypatch.setattr(steady, "PATIENCE", 0.3)
    path = tmp_path / "a.csv"
    path.write_text("a\n", encoding="utf-8")

    def read() -> Reading:
        with path.open("a", encoding="utf-8") as file:
            file.write("b\n")
        return reading_of(path)

    started = time.monotonic()
    assert not read_steadily([path], read).report.steady
    assert time.monotonic() - started < patient(1)


def test_between_two_blocks_of_a_copy_a_file_is_not_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow copy: each block comes long after the reading is over, and before the file has been quiet for a second."""
    monkeypatch.setattr(steady, "QUIET", 0.5)
    monkeypatch.setattr(steady, "PAUSE", 0.05)
    path = tmp_path / "a.csv"
    path.write_text("row\n", encoding="utf-8")

    def copy() -> None:
        for _ in range(5):
            time.sleep(0.15)
            with path.open("a", encoding="utf-8") as file:
                file.write("row\n")

    copying = threading.Thread(target=copy)
    copying.start()
    found = read_steadily([path], lambda: reading_of(path))
    copying.join()
    assert (found.report.steady, found.report.rows_read) == (True, 6)


def test_a_file_that_is_not_there_is_at_rest(tmp_path: Path) -> None:
    found = read_steadily([tmp_path / "a.csv"], lambda: Reading(SourceReport("a", "a"), text_frame([], ["row"])))
    assert found.report.steady
