"""The glance in C gives what the one in numpy gives: the same arrays, byte for byte."""

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.invented.national import people, write_cards, write_persons
from connectors.bytescan import compiled as in_c
from connectors.bytescan import glance
from connectors.bytescan.compiled import build
from connectors.bytescan.delimited import Width, different_among
from connectors.bytescan.lines import Batch, decode
from connectors.bytescan.sought import twelve_digits
from connectors.bytescan.sought.concerning import concerning
from connectors.bytescan.sought.twelve_digits import numbers_at
from connectors.bytescan.soundness import unsound
from schemas.reading.source import Wanted
from schemas.words import name_key
from tests.connectors.invented_extracts import person, rpps
from tests.connectors.test_register_glance import HEADER, ODD, SOME_LINES, TORN, USUAL, WANTED

AT = {"id_type": 0, "identifier": 1, "national_id": 2, "last_name": 7, "first_name": 8}
CARDS_AT = {
    "id_type": 0, "identifier": 1, "national_id": 2, "last_name": 3, "first_name": 4, "serial": 11, "content_id": 12,
    "starts_on": 13, "ends_on": 14, "opposed_on": 15,
}  # fmt: skip
PERSONS = Width(56, 56, True)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    if build.build() is None:
        pytest.skip("no C compiler here: numpy alone looks at the lines")
    in_c.compiled.cache_clear()
    assert in_c.compiled()


def batch_of(block: bytes) -> Batch:
    return Batch(1, b"...\n" + block, 4, 4 + len(block))


def glance_of(
    at: Mapping[str, int], width: Width, wanted: Wanted, *, c: bool, kind: str = "", **more: bool
) -> glance.Glance:
    """In C or in numpy; `kind`: judged like `validate` too."""
    return _glance_of(in_c.compiled(), tuple(at.items()), width, wanted, c, kind, tuple(more.items()))


@cache  # one glance looks at all batches of a file
def _glance_of(
    _library: object,
    places: tuple[tuple[str, int], ...],
    width: Width,
    wanted: Wanted,
    c: bool,
    kind: str,
    more: tuple[tuple[str, bool], ...],
) -> glance.Glance:
    at = dict(places)
    with pytest.MonkeyPatch.context() as patch:
        if not c:
            patch.setattr(glance, "compiled", lambda: None)
        eye = glance.Glance(at, width, wanted, unsound(kind, at) if kind else None, **dict(more))
    assert (eye._eye is not None) == (c and not eye._blind)
    return eye


def certain(found: glance.LinesSeen) -> list[int]:
    """The lines that are certainly of somebody wanted."""
    return [] if found.wanted is None else np.flatnonzero(found.wanted).tolist()


def same(block: bytes, at: Mapping[str, int], width: Width, wanted: Wanted, kind: str = "") -> glance.LinesSeen:
    """What both found, once they are seen to be the same, with keys and without."""
    bare = [
        glance_of(at, width, wanted, c=c, kind=kind, keyed=False).look(batch_of(block), placed=False)
        for c in (True, False)
    ]
    assert bare[0].doubtful.tobytes() == bare[1].doubtful.tobytes()
    assert certain(bare[0]) == certain(bare[1])
    one, other = (glance_of(at, width, wanted, c=c, kind=kind, keyed=True).look(batch_of(block)) for c in (True, False))
    for name in ("keys", "plain"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert (mine is None) == (theirs is None)
        if mine is not None and one.plain is not None and other.plain is not None:
            assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
            assert mine[..., one.plain].tobytes() == theirs[..., one.plain].tobytes(), name
            assert one.plain.tobytes() == other.plain.tobytes()
    assert certain(one) == certain(other)
    for name in ("starts", "ends", "hashes", "doubtful"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.dtype == theirs.dtype
        assert mine.tobytes() == theirs.tobytes(), name
    assert (one.is_utf8, one.strays, one.first_stray) == (other.is_utf8, other.strays, other.first_stray)
    assert (one.cells is None) == (other.cells is None)
    if one.cells and other.cells:
        sure = ~one.doubtful
        for column in range(4):
            assert np.array_equal(one.cells.start(column)[sure], other.cells.start(column)[sure])
    return one


@settings(max_examples=300, deadline=None)
@given(SOME_LINES, st.sampled_from(["", "register_persons"]))
def test_any_lines_are_seen_alike(content: list[bytes], kind: str):
    same(b"\n".join(content) + b"\n", AT, PERSONS, Wanted() if kind else WANTED, kind)


LETTERS = [
    b"8",
    b"|",
    b"|",
    b"||",
    b"\n",
    b"a",
    b"Z",
    b"-",
    b" ",
    b"\xc3\xa9",
    b"\xe9",
    b"\xe2\x80\x99",
    b"\xa9",
    b"\r",
]
ROW = b"8|99700000013|899700000013|"


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(LETTERS), st.just(ROW), st.binary(max_size=9)), max_size=150),
    st.integers(5, 12),
    st.booleans(),
    st.sampled_from(
        [WANTED, Wanted(), Wanted(frozenset({""}), frozenset({""}), frozenset({"|", "a|", "aaaaaaaaaz|z"}))]
    ),
)
def test_any_bytes_are_seen_alike(parts: list[bytes], width: int, trailing: bool, wanted: Wanted):
    at = {"id_type": 0, "identifier": 1, "national_id": 2, "last_name": 3, "first_name": width - 2}
    same(b"".join(parts) + b"\n" * 64, at, Width(width, width if trailing else width - 1, trailing), wanted)


@pytest.mark.parametrize("length", [0, 7, 8, 63, 64, 4095, 4096, 8191, 8192, 70_000])
def test_lines_of_any_length_have_the_same_hash(length: int):
    chance = Random(length)
    line = bytes(chance.choices(b"abcdef|8\xe9", k=length))
    found = same(b"\n".join([line, line[:-1] + b"x", line, b"y" * 64]) + b"\n", AT, PERSONS, WANTED)
    assert found.hashes[0] == found.hashes[2]
    assert length == 0 or found.hashes[0] != found.hashes[1]


@pytest.mark.parametrize("name", ["DE LA ROCHE-ÉLIE", "ESSAI3", "É", "L'A-B.C D'E-F", "ESSAI" * 4, "", " | ", "A" * 70])
def test_names_are_looked_for_alike(name: str):
    rows = [row.replace("ESSAI", name) for row in (*USUAL, *ODD)]
    wanted = Wanted(names=frozenset({f"{name_key(name)}|zoe", "essai3|zoe", "delarocheelie|annemarie"}))
    same("\n".join([*rows, ""]).encode(), AT, PERSONS, wanted)
    same("\n".join([*rows, ""]).encode("cp1252", "replace"), AT, PERSONS, wanted)


@pytest.mark.parametrize("kind", ["", "register_persons", "register_cards"])
def test_national_files_are_seen_alike(tmp_path: Path, kind: str):
    write, at = (write_cards, CARDS_AT) if kind == "register_cards" else (write_persons, AT)
    write(tmp_path / "x.txt", 3000, 7)
    _, _, body = (tmp_path / "x.txt").read_bytes().partition(b"\n")
    cells = body.split(b"\n")[0].count(b"|")
    everybody = people(7, 3000)
    numbers = frozenset(number for number, _, _ in everybody[::50])
    names = frozenset(f"{name_key(last)}|{name_key(first)}" for _, last, first in everybody[::70])
    wanted = Wanted() if kind == "register_persons" else Wanted(numbers, frozenset({"9800000007"}), names)
    found = same(body, at, Width(cells, cells, True), wanted, kind)
    assert 0 < found.doubtful.sum() < len(found.doubtful) / 4


def test_a_processor_of_narrower_words_sees_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Compiled for any of its kind, as where the compiler knows of no other."""
    monkeypatch.setattr(build, "HERE", tmp_path)
    monkeypatch.setattr(build, "OPTIONS", ((),))
    in_c.compiled.cache_clear()
    assert build.build()
    try:
        test_national_files_are_seen_alike(tmp_path, "")
        test_hostile_lines_are_seen_alike()
    finally:
        in_c.compiled.cache_clear()


def test_hostile_lines_are_seen_alike():
    rows = [row.encode() for row in USUAL]
    hostile = [
        b"|" * 56, b"\x00" * 300, b"8|" * 28, b"\xff" * 200, b"|" * 300, b"\xf0\x9f\x92\xa9" * 60, ROW + b"|" * 53,
        ROW.replace(b"8|", b"8|" + b"9" * 60, 1) + b"|" * 53, b"\xed\xa0\x80" + rows[0], b"\xf4\x90\x80\x80" + rows[1],
        b"\xe0\x80\x80" + rows[2], b"\xc3" + rows[3], rows[4] + b"\xc3",
        b"8|" + b"1" * 17 + b"|8" + b"1" * 17 + b"|" * 54,
    ]  # fmt: skip
    for one in (*hostile, *TORN):
        same(b"\n".join([*rows, one, *rows]) + b"\n", AT, PERSONS, WANTED)
        same(b"\n".join([one, *rows]) + b"\n", AT, PERSONS, WANTED, "register_persons")
        same(b"\n".join([*rows, one]) + b"\n", AT, PERSONS, Wanted())
        same(one + b"\n" + one + b"\n" * 64, AT, PERSONS, WANTED)


def test_without_a_compiler_numpy_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """On a machine that has none, or whose compiler fails, nothing is said and nothing is left behind."""
    (tmp_path / "glance.c").write_bytes(build.SOURCE.read_bytes())
    monkeypatch.setattr(build, "HERE", tmp_path)
    monkeypatch.setattr(build, "SOURCE", tmp_path / "glance.c")
    for compiler in ("/nowhere/cc", "false", f"{sys.executable} -c pass"):
        monkeypatch.setenv("CC", compiler)
        assert build.build() is None
    assert [one.name for one in tmp_path.iterdir()] == ["glance.c"]


def test_another_source_is_not_taken_for_this_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """An update that nobody compiled for reads in numpy, never with what was compiled of the source before."""
    (tmp_path / "glance.c").write_bytes(build.SOURCE.read_bytes())
    monkeypatch.setattr(build, "HERE", tmp_path)
    monkeypatch.setattr(build, "SOURCE", tmp_path / "glance.c")
    monkeypatch.setattr(build, "OPTIONS", (("-O0",),))  # nothing runs it here
    before = build.build()
    assert before
    assert before.exists()
    (tmp_path / "glance.c").write_bytes(build.SOURCE.read_bytes() + b"\n")
    assert not build.library().exists()
    after = build.build()
    assert after
    assert after != before
    assert not before.exists()


def test_a_number_is_looked_for_in_a_block():
    block = HEADER + b"\n".join(row.encode() for row in USUAL) + b"\n"
    found = same(block, AT, PERSONS, Wanted(frozenset({"8" + rpps(5)})))
    assert found.doubtful.tolist() == [True, *(False for _ in USUAL)]
    assert certain(found) == [1 + 5]


@settings(max_examples=200, deadline=None)
@given(SOME_LINES, st.sampled_from([WANTED, Wanted(WANTED.national_ids), Wanted(names=frozenset({"essai3|zoe", "|"}))]))
def test_whoever_is_certain_is_whom_the_cells_say(content: list[bytes], wanted: Wanted):
    found = same(b"\n".join(content) + b"\n" * 64, AT, PERSONS, wanted)
    concerns = concerning(AT, wanted)
    lines = b"\n".join(content).split(b"\n")
    for at in np.flatnonzero(~found.doubtful).tolist():
        assert concerns(lines[at].split(b"|")) == (at in certain(found))


ACCENTED = [
    b"E",
    b"\xc3\xa9",
    b"\xe9",
    b"\xc9",
    b"\xc5\x93",
    b"\x9c",
    b"\xc0",
    b"\xa0",
    b"\xbf",
    b"\xe2",
    b"\x82",
    b"\xf5",
    b"\xc6",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(ACCENTED), max_size=5).map(b"".join), min_size=2, max_size=9))
def test_an_accented_name_is_settled_as_it_is_read_in_either_encoding(given_names: list[bytes]):
    lines = [
        person(30 + at).encode().replace(b"|ESSAI%d|" % (30 + at), b"|%b|" % one) for at, one in enumerate(given_names)
    ]
    wanted = Wanted(names=frozenset(f"{name_key(decode(one))}|zoe" for one in given_names[::2]))
    found = same(b"\n".join([*lines, b""]), AT, PERSONS, wanted)
    concerns = concerning(AT, wanted)
    for at in np.flatnonzero(~found.doubtful).tolist():
        assert concerns(lines[at].split(b"|")) == (at in certain(found))


def test_names_in_windows_1252_are_settled_at_a_glance():
    rows = [person(number, Nom_d_exercice=f"ÉTANG{number}").encode("cp1252") for number in range(60, 64)]
    found = same(b"\n".join([*rows, b""]), AT, PERSONS, Wanted(names=frozenset({"etang61|zoe"})))
    assert found.doubtful.tolist() == [False] * 4
    assert certain(found) == [1]


@given(st.lists(st.one_of(st.just(b"899700000013"), st.text("0123456789/:é", max_size=13).map(str.encode)), min_size=2))
def test_numbers_are_read_alike(texts: list[bytes]):
    block = np.frombuffer(b"|".join([*texts, bytes(16)]), np.uint8)
    ends = np.cumsum([len(one) + 1 for one in texts]) - 1
    starts = np.concatenate(([0], ends[:-1] + 1))
    found = numbers_at(block, starts, ends)
    assert found.tolist() == twelve_digits._numbers_at(block, starts, ends).tolist()
    assert (found > 0).tolist() == [one.isdigit() and len(one) == 12 and one[:1] != b"0" for one in texts]


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), min_size=1, max_size=60), st.integers(1, 400))
def test_different_numbers_are_counted_alike(numbers: list[int], times: int):
    """Spread out or not, in one part or all: what C leaves to numpy is counted there."""
    hashes = np.array(numbers * times, np.int64)
    found = in_c.different_of(hashes.copy())
    assert found in (-1, len(set(numbers)))
    assert found >= 0 or len(hashes) > 4096
    assert different_among(hashes) == len(set(numbers))


def test_two_million_different_numbers_are_counted():
    hashes = np.random.default_rng(3).integers(-(2**63), 2**63 - 1, 2_000_000)
    hashes[-1000:] = hashes[:1000]
    in_order = np.sort(hashes)
    different = 1 + np.count_nonzero(in_order[1:] != in_order[:-1])
    assert in_c.different_of(hashes.copy()) == different == different_among(hashes)
