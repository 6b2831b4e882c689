"""An index of an extract gives, for whoever is newly wanted, what reading the whole extract would give."""

import os
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.invented.national import people, write_cards, write_persons
from connectors.bytescan import glance, lines
from connectors.bytescan.indexed import writing
from connectors.bytescan.indexed.held import open_index
from connectors.bytescan.indexed.writing import IndexPlace, forget_indexes
from connectors.sources import lookup, register
from connectors.sources.lookup import look_up
from connectors.sources.register import read_register
from connectors.sources.result import Reading
from schemas.reading.source import EVERYONE, Wanted
from schemas.words import name_key
from tests.connectors.invented_extracts import rpps
from tests.connectors.test_register_glance import HEADER, ODD, TORN, USUAL, WANTED
from tests.elsewhere import elsewhere

PERSONS, CARDS = "register_persons", "register_cards"
LINES = [*(line.encode() for line in USUAL + ODD), *TORN]
LATER = Wanted(
    WANTED.national_ids | {"8" + rpps(7), "8" + rpps(34), "3999700014/LONG-INTERNE-2", ""},
    WANTED.serials | {"9990000003", ""},
    WANTED.names | {"essai7|zoe", "essai3x|zoe", "|", "dera|anne"},
)


def told(reading: Reading) -> object:
    """All that a night uses of a reading."""
    return reading.report, reading.frame.to_numpy().tolist(), reading.issues, reading.facts["unread"]


def place_in(folder: Path, edition: str = "e") -> IndexPlace:
    return IndexPlace(folder / "index" / "s.idx", edition)


def read(path: Path, wanted: Wanted, index: IndexPlace | None = None, kind: str = PERSONS) -> Reading:
    return read_register(path, "s", kind, wanted, shown="x", index=index)


def looked_up(
    path: Path, place: IndexPlace, wanted: Wanted, first: Reading | None = None, kind: str = PERSONS
) -> Reading | None:
    index = open_index(place, "s", kind)
    known = first.facts["extraction"] if first else None
    return look_up(path, index, known, kind, wanted, shown="x") if index else None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=30)), max_size=60),
    st.sampled_from([b"", b"\r\n\n", b"\xef\xbb\xbf"]),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.sampled_from([2500, 9000, 1 << 20]),
    st.booleans(),
)
def test_who_is_new_is_found_as_by_reading_all(
    tmp_path: Path, content: list[bytes], head: bytes, end: bytes, ended: bool, block: int, in_c: bool
):
    path = tmp_path / "x.txt"
    path.write_bytes(head + HEADER + end.join([*content, *LINES[:3]]) + (end if ended else b""))
    place = place_in(tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "BLOCK", block)
        patched.setattr(writing, "CHUNK", 20)
        if not in_c:
            patched.setattr(glance, "compiled", lambda: None)
        first = read(path, WANTED, place)
        asked = (LATER, WANTED, Wanted(), Wanted(frozenset({"8" + rpps(2)})))
        whole = {wanted: told(read(path, wanted)) for wanted in asked}
        for wanted in asked:
            for known in (first, None):
                found = looked_up(path, place, wanted, known)
                assert found
                assert told(found) == whole[wanted]
                again = looked_up(path, place, LATER, found)  # what was kept of that is good for the night after
                assert again
                assert told(again) == whole[LATER]


def test_a_pipe_in_the_place_of_an_index_is_none(tmp_path: Path):
    path, place = tmp_path / "x.txt", place_in(tmp_path)
    path.write_bytes(HEADER + b"\n".join(LINES[:3]))
    place.path.parent.mkdir()
    os.mkfifo(place.path)
    assert looked_up(path, place, WANTED) is None
    assert told(read(path, WANTED, place)) == told(read(path, WANTED))


def test_of_an_extract_with_a_line_too_long_to_be_read_there_is_no_index(tmp_path: Path):
    """Whom it may be about is found by reading it, whoever is wanted by then."""
    path = tmp_path / "x.txt"
    path.write_bytes(HEADER + b"\n".join([*LINES[:3], LINES[0] + b"x" * (lines.LONGEST + 1), *LINES[:3]]))
    read(path, WANTED, place_in(tmp_path))
    assert looked_up(path, place_in(tmp_path), LATER) is None


@pytest.mark.parametrize("kind", [".txt", ".zip"])
def test_an_index_from_parts_finds_the_same(tmp_path: Path, kind: str):
    path = tmp_path / f"x{kind}"
    text = HEADER + b"\n".join([*Random(3).choices(LINES, k=200), *LINES[:3]])
    if kind == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.txt", text)
    else:
        path.write_bytes(text)
    place = place_in(tmp_path)
    first = read_register(path, "s", PERSONS, WANTED, shown="x", index=place, spread=elsewhere, piece=900)
    for wanted in (LATER, Wanted(frozenset({"8" + rpps(2)}))):
        found = looked_up(path, place, wanted, first)
        assert found
        assert told(found) == told(read(path, wanted))


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize(("write", "kind"), [(write_persons, PERSONS), (write_cards, CARDS)])
def test_national_files_give_the_same_by_their_index(
    tmp_path: Path, write: Callable[..., None], kind: str, archived: bool
):
    path = tmp_path / "x.txt"
    with patch("benchmarks.invented.national.ODD", 40):
        write(path, 6000, 7)
    if archived:
        with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "x.txt")
        path = tmp_path / "x.zip"
    everybody = people(7, 6000)
    place, chance = place_in(tmp_path), Random(3)
    first = read(path, wanted_of(chance.sample(everybody, 300)), place, kind)
    for count in (1, 50, 2000):
        wanted = wanted_of(chance.sample(everybody, count))
        found = looked_up(path, place, wanted, first, kind)
        assert found
        assert told(found) == told(read(path, wanted, kind=kind))
        assert len(found.frame) >= count / 9
    assert looked_up(path, place, EVERYONE, first, kind) is None


def wanted_of(persons: list[tuple[str, str, str]]) -> Wanted:
    numbers = frozenset("8" + number for number, _, _ in persons if int(number) % 2)
    names = frozenset(f"{name_key(last)}|{name_key(first)}" for number, last, first in persons if not int(number) % 2)
    return Wanted(numbers, frozenset({"9800000007"}), names)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "x.txt"
    path.write_bytes(HEADER + b"\n".join(LINES * 4))
    return path


def test_it_is_for_its_owner_alone_and_whole_or_not_there(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    read(extract, WANTED, place)
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.path.parent.stat().st_mode) == 0o700
    assert [one.name for one in place.path.parent.iterdir()] == ["s.idx"]
    assert forget_indexes(place.path.parent) == 1
    assert not place.path.exists()


def test_whoever_writes_nothing_leaves_none(extract: Path, tmp_path: Path):
    read(extract, WANTED, replace(place_in(tmp_path), writes=False))
    assert not (tmp_path / "index").exists()


def test_one_bit_is_enough_to_disbelieve_it(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    read(extract, WANTED, place)
    content = place.path.read_bytes()
    assert open_index(place, "s", PERSONS)
    chance = Random(1)
    for at in (*range(16), *range(len(content) - 60, len(content)), *chance.choices(range(len(content)), k=200)):
        spoilt = bytearray(content)
        spoilt[at] ^= 1 << chance.randrange(8)
        place.path.write_bytes(spoilt)
        assert open_index(place, "s", PERSONS) is None, at


def test_a_piece_of_it_is_nothing(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    read(extract, WANTED, place)
    content = place.path.read_bytes()
    for length in (*range(60), *range(60, len(content), 97), len(content) - 1):
        place.path.write_bytes(content[:length])
        assert open_index(place, "s", PERSONS) is None, length
    place.path.write_bytes(content + b"\n")
    assert open_index(place, "s", PERSONS) is None
    place.path.unlink()
    assert open_index(place, "s", PERSONS) is None
    place.path.mkdir()
    assert open_index(place, "s", PERSONS) is None


def test_one_of_another_version_source_or_kind_is_nothing(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    read(extract, WANTED, place)
    assert open_index(replace(place, edition="next"), "s", PERSONS) is None
    assert open_index(place, "other", PERSONS) is None
    assert open_index(place, "s", CARDS) is None


def test_one_of_another_file_is_nothing(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    with patch.object(lines, "SETTLED", -60.0):
        first = read(extract, WANTED, place)
        assert looked_up(extract, place, LATER, first)
        content = extract.read_bytes()
        extract.write_bytes(content.replace(b"ESSAI7", b"ESSAI8"))  # as long as it was
        assert looked_up(extract, place, LATER, first) is None
        assert looked_up(extract, place, LATER) is None
        extract.write_bytes(content)  # another mark, the same bytes
        found = looked_up(extract, place, LATER, first)
        assert found
        assert told(found) == told(read(extract, LATER))


def test_a_file_changed_behind_its_mark_is_seen_at_the_lines_that_are_fetched(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    first = read(extract, WANTED, place)
    extract.write_bytes(extract.read_bytes().replace(b"ESSAI7", b"ESSAI8"))
    with patch.object(lookup, "is_same", lambda *_: True):
        assert looked_up(extract, place, LATER, first) is None


def test_a_file_that_could_not_be_used_leaves_no_index(tmp_path: Path):
    path, place = tmp_path / "x.txt", place_in(tmp_path)
    path.write_bytes(HEADER + b"nonsense\n" * 400)
    assert not read(path, WANTED, place).report.usable
    assert not place.path.parent.exists() or not [*place.path.parent.iterdir()]


def test_a_disk_that_refuses_costs_the_index_alone(extract: Path, tmp_path: Path):
    (tmp_path / "index").write_text("a file where a folder should be")
    assert told(read(extract, WANTED, place_in(tmp_path))) == told(read(extract, WANTED))
    (tmp_path / "index").unlink()
    with patch.object(writing.IndexWriter, "_put", autospec=True, side_effect=_full):
        assert told(read(extract, WANTED, place_in(tmp_path))) == told(read(extract, WANTED))
    assert not [*(tmp_path / "index").iterdir()]


def _full(self: writing.IndexWriter) -> None:
    assert self._file
    self._file.close()  # whatever is written from now on is refused
    self._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115  # closed by whom it is given to
    self._write([b"x"])


def test_killed_while_it_writes_it_leaves_the_one_before(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    first = read(extract, WANTED, place)
    before = place.path.read_bytes()
    script = f"""
import os, signal
from pathlib import Path
from connectors.bytescan.indexed import writing
from tests.connectors.test_register_index import LATER, place_in, read
writing.CHUNK = 20
put = writing.IndexWriter._put
def killed(self):
    put(self)
    self._file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
writing.IndexWriter._put = killed
read(Path({str(extract)!r}), LATER, place_in(Path({str(tmp_path)!r})))
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    (partial,) = place.path.parent.glob(".*.part")
    assert place.path.read_bytes() == before
    found = looked_up(extract, place, LATER, first)
    assert found
    os.utime(partial, (1, 1))
    read(extract, WANTED, place)
    assert [one.name for one in place.path.parent.iterdir()] == ["s.idx"]  # what was begun is swept


def test_where_most_lines_would_have_to_be_fetched_the_file_is_read(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    first = read(extract, WANTED, place)
    with patch.object(lookup, "MOST_FETCHED", 3):
        assert looked_up(extract, place, LATER, first) is None


def test_what_is_too_much_to_be_kept_is_looked_up_every_night(extract: Path, tmp_path: Path):
    place = place_in(tmp_path)
    whole = read(extract, LATER)
    with patch.object(register, "MOST_KEPT", 2), patch.object(lookup, "MOST_KEPT", 2):
        first = read(extract, LATER, place)
        assert "extraction" not in first.facts
        found = looked_up(extract, place, LATER)
    assert found
    assert "extraction" not in found.facts
    assert len(found.frame) > 2
    assert told(found) == told(first) == told(whole)
