"""`delta` says the same, to the byte, by the indexes of both extracts, of one, or of none (docs/delta.md)."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.invented.extract_pairs import write_pair
from benchmarks.invented.national import write_cards, write_persons
from connectors.bytescan import glance, lines
from connectors.bytescan.indexed.writing import IndexPlace
from connectors.sources.extract import indexed, survey
from connectors.sources.register import read_register
from flows.cli.app import run
from flows.state.indexes import index_of, index_place
from schemas.reading.source import Wanted
from schemas.reading.source_names import CARDS, PERSONS, contract_of
from tests.connectors.invented_extracts import PERSONS_56, extract, person
from tests.connectors.test_extract import ADELI
from tests.connectors.test_register_glance import HEADER, ODD, TORN, USUAL

QUIET = [HealthCheck.function_scoped_fixture]
LINES = [*(line.encode() for line in USUAL + ODD), *TORN]
Told = tuple[int, bytes, dict[str, Any]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A deployment that has never played: its state folder is `var`."""
    path = tmp_path / "annuaire.toml"
    path.write_text('[annuaire]\nexport = "annuaire.xlsx"\n', encoding="utf-8")
    return path


def index(config: Path, *paths: Path, source: str = PERSONS) -> IndexPlace:
    """As `fetch` does when each of them arrives."""
    place = index_place(config.parent / "var", source)
    for path in paths:
        read_register(path, source, contract_of(source), Wanted(), shown="x", index=place)
    return place


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    def compare(old: Path, new: Path, *words: str) -> Told:
        out = tmp_path / "delta.jsonl"
        out.unlink(missing_ok=True)
        capsys.readouterr()
        code = run(["delta", str(old), str(new), "--out", str(out), "--json", *words])
        return code, out.read_bytes() if out.exists() else b"", json.loads(capsys.readouterr().out)

    return compare


class Surveyed:
    """How many extracts were looked at as a whole."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "Surveyed":
        whole = survey.Surveyor.survey

        def counted(surveyor: survey.Surveyor, blocks: Any) -> survey.Survey:
            self.count += 1
            return whole(surveyor, blocks)

        self._patch = patch.object(survey.Surveyor, "survey", counted)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    with patch("benchmarks.invented.national.ODD", 40):
        made = write_pair(tmp_path, 6000)
    return made.old, made.new


def test_two_indexes_one_or_none_say_the_same_and_spare_as_many_passes(
    pair: tuple[Path, Path], config: Path, told: Callable[..., Told]
):
    old, new = pair
    without = told(old, new)
    for indexed_too, passes in ((), 2), ((old,), 1), ((old, new), 0):
        index(config, *indexed_too)
        with Surveyed() as surveyed:
            assert told(old, new, "-c", str(config)) == without
        assert surveyed.count == passes
    with Surveyed() as surveyed:
        assert told(new, old, "-c", str(config)) == told(new, old)
    assert surveyed.count == 2  # those of the second alone


def test_an_index_made_again_of_the_same_file_leaves_the_one_before(pair: tuple[Path, Path], config: Path):
    old, new = pair
    place = index(config, old, new, new)
    found = [index_of(config.parent / "var", path, "register_persons") for path in pair]
    assert [one.path for one in found if one] == [place.before.path, place.path]
    assert sorted(one.name for one in place.path.parent.iterdir()) == [place.before.path.name, place.path.name]


@pytest.mark.parametrize("spoil", ["cut", "flipped", "foreign", "of another edition", "a folder"])
def test_a_damaged_or_foreign_index_is_as_if_it_were_not_there(
    pair: tuple[Path, Path], config: Path, told: Callable[..., Told], spoil: str, tmp_path: Path
):
    old, new = pair
    without, place = told(old, new), index(config, old, new)
    whole = place.path.read_bytes()
    match spoil:
        case "cut":
            place.path.write_bytes(whole[:-1])
        case "flipped":
            place.path.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
        case "foreign":
            place.path.unlink()
            write_persons(tmp_path / "third.txt", 500, 3)
            index(config, tmp_path / "third.txt")
        case "of another edition":
            place.path.write_bytes(whole.replace(place.edition.encode(), b"e" * len(place.edition)))
        case _:
            place.path.unlink()
            place.path.mkdir()
    with Surveyed() as surveyed:
        assert told(old, new, "-c", str(config)) == without
    assert surveyed.count == 1


def test_a_file_changed_since_it_was_indexed_is_read(pair: tuple[Path, Path], config: Path, told: Callable[..., Told]):
    old, new = pair
    index(config, old, new)
    text = new.read_bytes()
    at = text.rindex(b"@exemple")
    new.write_bytes(text[:at] + b"#" + text[at + 1 :])  # as long as it was
    with Surveyed() as surveyed:
        changed = told(old, new, "-c", str(config))
    assert surveyed.count == 1
    assert changed == told(old, new)


def test_a_file_that_was_copied_is_known_by_its_bytes(
    pair: tuple[Path, Path], config: Path, told: Callable[..., Told], tmp_path: Path
):
    old, new = pair
    index(config, old, new)
    os.utime(old, (1, 1))
    (tmp_path / "elsewhere.txt").write_bytes(new.read_bytes())
    with Surveyed() as surveyed:
        found = told(old, tmp_path / "elsewhere.txt", "-c", str(config))
    assert (surveyed.count, found) == (0, told(old, tmp_path / "elsewhere.txt"))


def test_where_too_many_rows_would_have_to_be_fetched_to_know_whose_they_are_all_is_read(
    tmp_path: Path, config: Path, told: Callable[..., Told]
):
    paths = tmp_path / "old.txt", tmp_path / "new.txt"
    for path, code in zip(paths, ("10", "60"), strict=True):
        path.write_bytes(extract(PERSONS_56, [person(1), ADELI.replace("|10|", f"|{code}|")]))
    without = told(*paths)
    assert without[2]["modify"] == 1
    index(config, *paths)
    for most, passes in (1, 0), (0, 2):
        with patch.object(indexed, "MOST_FETCHED", most), Surveyed() as surveyed:
            assert told(*paths, "-c", str(config)) == without
        assert surveyed.count == passes


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("source", [PERSONS, CARDS])
def test_archives_and_cards_give_the_same_by_their_indexes(
    tmp_path: Path, config: Path, told: Callable[..., Told], source: str, archived: bool
):
    paths = []
    for name, seed in ("old", 7), ("new", 8):
        path = tmp_path / f"{name}.txt"
        with patch("benchmarks.invented.national.ODD", 40):
            (write_persons if source == PERSONS else write_cards)(path, 2000, seed)
        if archived:
            with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(path, path.name)
            path = path.with_suffix(".zip")
        paths.append(path)
    without = told(*paths)
    index(config, *paths, source=source)
    with Surveyed() as surveyed:
        assert told(*paths, "-c", str(config)) == without
    assert surveyed.count == 0
    if archived:
        with patch.object(indexed, "MOST_FETCHED", 0):  # unpacked by then, and looked at all the same
            assert told(*paths, "-c", str(config)) == without


def test_a_stray_space_in_a_number_makes_nobody_another_wherever_the_row_lies(
    tmp_path: Path, config: Path, told: Callable[..., Told]
):
    kind, identifier, national, rest = person(2).split("|", 3)
    both = "|".join([kind, f"{identifier} ", f"{national} ", rest])
    paths = tmp_path / "old.txt", tmp_path / "new.txt"
    for path, row in zip(paths, (person(2), both), strict=True):
        path.write_bytes(extract(PERSONS_56, [person(1), row, person(3)]))
    without = told(*paths)
    index(config, *paths)
    assert told(*paths, "-c", str(config)) == without
    assert [without[2][name] for name in ("create", "modify", "remove")] == [0, 0, 0]


@settings(suppress_health_check=QUIET, max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=40),
    st.lists(st.sampled_from(LINES), max_size=40),
    st.sampled_from([b"", b"\r\n\n", b"\xef\xbb\xbf"]),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([2500, 1 << 20]),
    st.booleans(),
)
def test_whatever_stands_in_them(
    tmp_path: Path,
    config: Path,
    told: Callable[..., Told],
    before: list[bytes],
    after: list[bytes],
    head: bytes,
    end: bytes,
    block: int,
    in_c: bool,
):
    paths = tmp_path / "old.txt", tmp_path / "new.txt"
    for path, content in zip(paths, (before, after), strict=True):
        path.write_bytes(head + HEADER + end.join([*content, *LINES[:3]]))
    without = told(*paths)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "BLOCK", block)
        if not in_c:
            patched.setattr(glance, "compiled", lambda: None)
        index(config, *paths)
    assert told(*paths, "-c", str(config)) == without
