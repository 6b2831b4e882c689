"""What is read ahead on another core comes out as it would without."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.bytescan.ahead import MOST, ahead, with_hands
from connectors.sources.register import read_register
from schemas.errors import SourceError
from schemas.reading.source import EVERYONE, Wanted
from tests.connectors.invented_extracts import PERSONS_56, extract, person, rpps
from tests.connectors.test_register_glance import ODD, PERSONS, TORN, USUAL, fast


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


@pytest.mark.parametrize("hands", [1, 2, 5])
def test_everything_comes_in_its_order(hands: int):
    with with_hands(hands):
        assert list(ahead(iter(range(1000)))) == list(range(1000))
        assert list(ahead(iter(()))) == []


def test_no_more_is_made_than_may_wait():
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with with_hands(2):
        found = ahead(items())
        assert next(found) == 0
        threading.Event().wait(0.3)
        assert len(made) <= MOST + 3
        found.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(made) < 100


def test_what_cannot_be_read_is_said_behind_what_could():
    def items() -> Iterator[int]:
        yield 1
        raise SourceError("FILE_UNREADABLE", "damaged")

    with with_hands(2):
        found = ahead(items())
        assert next(found) == 1
        with pytest.raises(SourceError, match="damaged"):
            next(found)


def test_whoever_stumbles_over_an_item_stops_the_one_who_makes_them():
    def stumble() -> None:
        for number in ahead(iter(range(10**9))):
            assert number < 5, "a stumble"

    with with_hands(2), pytest.raises(AssertionError, match="a stumble"):
        stumble()


@pytest.mark.parametrize("wanted", [EVERYONE, Wanted(frozenset({"8" + rpps(1)}), names=frozenset({"essai3|zoe"}))])
def test_a_register_is_read_the_same_by_two_hands(tmp_path: Path, wanted: Wanted, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("connectors.bytescan.lines.BLOCK", 900)
    path = tmp_path / "x.txt"
    rows = [row.encode() for row in (*USUAL, *ODD)] + TORN
    path.write_bytes(extract(PERSONS_56, []) + b"\n".join(rows * 5) + b"\n")
    alone = fast(path, PERSONS, wanted)
    with with_hands(2):
        assert fast(path, PERSONS, wanted) == alone


def test_a_damaged_archive_is_told_of_by_two_hands_too(tmp_path: Path):
    path = tmp_path / "x.gz"
    path.write_bytes(b"\x1f\x8b" + person(1).encode() * 100)
    with with_hands(2):
        reading = read_register(path, "s", PERSONS, EVERYONE, shown="x")
    assert not reading.report.usable
    assert reading.report.message
