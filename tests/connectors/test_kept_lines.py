"""Lines that are kept of a file are the same in memory and in a nameless file."""

import pickle
import tempfile

import pytest

from connectors.bytescan.sought import kept
from connectors.bytescan.sought.kept import Gathered, KeptLines

LINES = [b"8|899700000013|DUPONT", b"", b"0|990000011|\xc9LOI", *(b"%d|" % at * 50 for at in range(200))]


@pytest.fixture(params=[kept.MOST, 2], ids=["in memory", "in a file"])
def lines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> KeptLines:
    monkeypatch.setattr(kept, "MOST", request.param)
    monkeypatch.setattr(kept, "_AT_ONCE", 64)  # so that lines are longer than what is read at once
    return KeptLines(LINES)


def test_each_is_found_by_its_place_and_all_come_in_order(lines: KeptLines) -> None:
    assert list(lines) == LINES
    assert [lines[at] for at in range(len(lines))] == LINES
    assert lines[3:9] == LINES[3:9]


def test_they_are_gone_through_while_others_go_through_them(lines: KeptLines) -> None:
    assert list(zip(lines, lines, strict=True)) == list(zip(LINES, LINES, strict=True))


def test_another_process_gets_the_same(lines: KeptLines) -> None:
    assert list(pickle.loads(pickle.dumps(lines))) == LINES


def test_without_room_for_a_file_they_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError

    monkeypatch.setattr(kept, "MOST", 2)
    monkeypatch.setattr(kept, "_AT_ONCE", 64)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    lines = KeptLines(LINES)
    assert (list(lines), [lines[at] for at in range(len(lines))]) == (LINES, LINES)


def test_of_equal_lines_the_first_is_gathered(lines: KeptLines) -> None:
    found = Gathered((line, number) for number, line in enumerate([*lines, *lines, b"more"]))
    assert dict(found.items()) == {**{line: at for at, line in enumerate(LINES)}, b"more": 2 * len(LINES)}
    assert dict(pickle.loads(pickle.dumps(found)).items()) == dict(found.items())


def test_other_lines_of_the_same_hash_are_gathered_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "hash", lambda _: 1, raising=False)
    found = Gathered((line, at) for at, line in enumerate([b"one", b"two", b"three", b"two", b"one", b"three"]))
    assert list(found.items()) == [(b"one", 0), (b"two", 1), (b"three", 2)]
