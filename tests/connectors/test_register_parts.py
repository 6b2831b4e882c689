"""An extract read in parts, by several, gives what one reading gives: wherever it is cut, whatever lies at the cut."""

import gzip
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.bytescan import complaints
from connectors.bytescan.delimited import fitness
from connectors.bytescan.lines import open_text
from connectors.bytescan.parts import PartSurvey, Range, open_part
from connectors.sources.register import read_register
from connectors.sources.result import Reading
from schemas.errors import SourceError
from schemas.reading.extraction import Extraction
from schemas.reading.source import EVERYONE, Wanted, contract
from tests.connectors.invented_extracts import person, rpps
from tests.connectors.test_register_glance import HEADER, ODD, TORN, USUAL, WANTED
from tests.elsewhere import elsewhere

PERSONS = "register_persons"
HEADS = [HEADER, b"\n\r\n" + HEADER, b"\xef\xbb\xbf" + HEADER, HEADER.replace("é".encode(), b"\xe9")]
FIT = fitness(contract(PERSONS))
LINES = [*(line.encode() for line in USUAL + ODD), *TORN]


def unmarked(found: Extraction | None) -> Extraction | None:
    """A file has a mark once it has lain there for some seconds."""
    return replace(found, mark="") if found else None


def written(folder: Path, text: bytes, kind: str) -> Path:
    path = folder / f"x{kind}"
    if kind == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.txt", text)
    else:
        path.write_bytes(gzip.compress(text) if kind == ".gz" else text)
    return path


def ranges(path: Path, piece: int) -> list[Range]:
    with open_text(path, FIT) as text:
        return list(PartSurvey(path, text, FIT, 1, piece).ranges())


def whole(path: Path, wanted: Wanted = WANTED) -> dict[str, object]:
    return told(read_register(path, "s", PERSONS, wanted, shown="x"))


def parted(path: Path, piece: int, wanted: Wanted = WANTED) -> dict[str, object]:
    return told(read_register(path, "s", PERSONS, wanted, shown="x", spread=elsewhere, piece=piece))


def told(reading: Reading) -> dict[str, object]:
    return {
        "report": reading.report,
        "rows": reading.frame.to_numpy().tolist(),
        "issues": reading.issues,
        "facts": {**reading.facts, "extraction": unmarked(reading.facts.get("extraction"))},
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=30)), max_size=40),
    st.sampled_from(HEADS),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.sampled_from([1, 40, 400, 1500, 6000]),
    st.sampled_from([".txt", ".zip", ".gz"]),
)
@example(LINES, HEADS[0], b"\r\n", True, 1, ".txt")
@example(LINES * 2, HEADS[3], b"\n", False, 700, ".zip")
@example([], HEADS[1], b"\n", True, 1, ".gz")
def test_parts_put_together_are_the_whole(
    tmp_path: Path, content: list[bytes], head: bytes, end: bytes, ended: bool, piece: int, kind: str
):
    path = written(tmp_path, head + end.join(content) + (end if ended else b""), kind)
    assert parted(path, piece) == whole(path)


@pytest.mark.parametrize("kind", [".zip", ".gz"])
def test_an_archive_is_cut_too_and_a_damaged_one_is_damaged_in_parts(tmp_path: Path, kind: str):
    path = written(tmp_path, HEADER + b"\n".join(Random(7).choices(LINES, k=3000)), kind)
    assert len(ranges(path, 300)) > 3
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2] + bytes(50) + body[len(body) // 2 + 50 :])
    assert parted(path, 300) == whole(path)
    assert "abîmé" in str(whole(path)["report"])


def test_a_file_that_another_takes_the_place_of_is_read_by_neither_half(tmp_path: Path):
    path = written(tmp_path, HEADER + b"\n".join(LINES), ".txt")
    with open_text(path, FIT) as text:
        survey = PartSurvey(path, text, FIT, 1, 300)
        other = written(tmp_path, HEADER, ".gz")
        other.replace(path)
        with pytest.raises(SourceError, match="modifié"):
            next(survey.ranges())


def test_duplicates_and_complaints_are_counted_across_the_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(complaints, "MOST_ISSUES", 7)
    chance = Random(5)
    path = tmp_path / "x.txt"
    path.write_bytes(HEADER + b"\n".join(chance.choices(LINES, k=300)))
    for wanted in (WANTED, EVERYONE):
        alone = whole(path, wanted)
        assert any(not one.location for one in alone["issues"])  # type: ignore[attr-defined]  # some are only counted
        for piece in (300, 5000, 40_000):
            assert parted(path, piece, wanted) == alone


def test_a_line_that_never_ends_is_no_reason_to_cut_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("connectors.bytescan.lines.LONGEST", 2000)
    monkeypatch.setattr("connectors.bytescan.lines.BLOCK", 1000)
    path = tmp_path / "x.txt"
    path.write_bytes(HEADER + b"\n".join([LINES[1], b"x" * 9000, LINES[2], b"|" * 5000]))
    assert parted(path, 500) == whole(path)


def test_the_ranges_follow_one_another_and_count_their_lines(tmp_path: Path):
    path = tmp_path / "x.txt"
    path.write_bytes(HEADER + b"\n".join(LINES))
    body = path.read_bytes()
    found = ranges(path, 300)
    assert len(found) > 10
    assert (found[0].begin, found[0].first, found[-1].end) == (len(HEADER), 2, len(body))
    assert all((one.end, one.first + one.lines) == (other.begin, other.first) for one, other in pairwise(found))
    assert all(body[one.end - 1] == ord("\n") for one in found[:-1])


def test_another_file_by_the_same_name_is_told(tmp_path: Path):
    path = tmp_path / "x.txt"
    path.write_bytes(HEADER + "\n".join(map(person, range(9))).encode())
    part = ranges(path, 300)[0]
    with (
        pytest.raises(SourceError, match="modifié"),
        open_part(path, contract(PERSONS), "s", replace(part, lines=part.lines + 1)) as table,
    ):
        list(table.rows())
    gone = Range(10**6, 10**6 + 5, 99, 1)
    with pytest.raises(SourceError), open_part(path, contract(PERSONS), "s", gone) as table:
        list(table.rows())


def test_who_is_wanted_is_not_named_in_a_log():
    wanted = Wanted(frozenset({"8" + rpps(1)}), names=frozenset({"essai|zoe"}))
    assert repr(wanted) == "Wanted(1 numbers, 0 serials, 1 names)"
    assert repr(EVERYONE) == "Wanted(everyone)"
