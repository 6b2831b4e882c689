"""`validate FILE` of a national extract: judged in blocks and never held; the same issues as the plain path."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.invented.national import write_cards, write_persons
from connectors.bytescan import complaints, lines
from connectors.sources import whole_extract
from connectors.sources.register import read_register
from connectors.sources.result import Reading
from flows.cli.app import run
from flows.jobs.validate import validate_file
from flows.looking.validate_extract import Listener
from pipelines.sources.national.register import cards_of, persons_of
from sample_data.generate import HERE
from schemas.reading.issue import Issue
from schemas.reading.source import EVERYONE
from tests.connectors.invented_extracts import CARDS, PERSONS_56, card, extract, person, rpps

Account = tuple[tuple[int, int, int, int], list[Issue]]
SILENT = Listener(lambda _what, _done, _total: None)


def at_once(path: Path, kind: str) -> Account:
    """As it was first written: every row held, then judged."""
    name = kind.replace("_", ".", 1)
    reading: Reading = read_register(path, name, kind, EVERYONE, shown=str(path))
    judged = (persons_of if kind == "register_persons" else cards_of)(reading.frame, name)
    report, lost = reading.report, judged.rejected
    counts = (report.rows_read, report.rows_accepted - lost, report.rows_rejected + lost, report.rows_duplicate)
    return counts, sorted([*reading.issues, *judged.issues])


def in_parts(path: Path) -> Account:
    heard: list[Issue] = []
    verdict = validate_file(path, None, Listener(SILENT.tell, heard.append))
    report = verdict.report
    counts = (report.rows_read, report.rows_accepted, report.rows_rejected, report.rows_duplicate)
    assert Counter(one.code for one in heard) == verdict.counts
    assert sorted(heard) == sorted(verdict.issues)  # of fewer than a thousand of each code
    return counts, sorted(verdict.issues)


WRONG = rpps(7)[:-1] + str((int(rpps(7)[-1]) + 1) % 10)


def numbered(kind: str, identifier: str, national: str | None = None) -> str:
    cells = {
        "Type_d_identifiant_PP": kind,
        "Identifiant_PP": identifier,
        "Identification_nationale_PP": kind + identifier if national is None else national,
    }
    return person(70, **cells)


PERSON_ROWS = [
    *(person(number) for number in range(8)),
    person(3, Nom_d_exercice="É" * 90),
    numbered("8", WRONG),
    numbered("8", WRONG).replace("|10|", "|60|"),
    numbered("89", WRONG[1:], "8" + "9" + WRONG[1:]),
    numbered("8", "9970000001"),
    numbered("8", "997000000010"),
    numbered("8", "9970000A013"),
    numbered("8", " 9970000013"),
    numbered("8", "99700000\u00a013"),
    numbered("8 ", rpps(9), "8 " + rpps(9)),
    numbered("8", "  " + rpps(9)[2:]),
    numbered("8", "\u0669970000013"),
    numbered("0", "999700014"),
    numbered("0", "2A9700014"),
    numbered("0", "99970001 "),
    numbered("0", "9997 0014"),
    numbered("3", "999700014/LONG-1"),
    numbered("3", "99970\x7f014/LONG"),
    numbered("", rpps(9)),
    numbered("", ""),
    numbered("8", rpps(9), "8" + rpps(8)),
    person(5).replace("|10|", "|"),
    person(6) + "|",
    person(6).removesuffix("|"),
    "",
]
DATES = [
    "",
    "2028-02-29",
    "2027-02-29",
    "2027-04-31",
    "2027-13-01",
    "2027-00-10",
    "2027-01-00",
    "1989-12-31",
    "1990-01-01",
    "2099-12-31",
    "2100-01-01",
    "2101-01-01",
    "20270101",
    "01/02/2027",
    "2027/01/01",
    "2027-1-01",
    " 2027-01-01",
    "2027-01-01 ",
    "２０27-01-01",
    "2027-01-0A",
    "46000",
    "x" * 90,
]
CARD_ROWS = [
    *(card(number) for number in range(8)),
    *(
        card(20 + at, **{column: text})
        for column in ("Date_début_validité", "Date_fin_validité", "Date_opposition")
        for at, text in enumerate(DATES)
    ),
    card(20, Date_fin_validité=""),
]
STRAYS = [person(30, Nom_d_exercice="ÉLIE").encode("latin-1"), person(31).encode() + b"\x81", b"\xff", b"|" * 56, b"8|"]


def written(path: Path, header: str, rows: list[bytes], end: bytes = b"\n") -> Path:
    path.write_bytes(extract(header, []) + end.join(rows) + end)
    return path


def some(rows: list[str], strays: list[bytes]) -> st.SearchStrategy[list[bytes]]:
    one = st.one_of(st.sampled_from(rows).map(str.encode), st.sampled_from(strays))
    return st.lists(one, min_size=1, max_size=40)


UNHURRIED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)


@UNHURRIED
@given(some(PERSON_ROWS, STRAYS), st.sampled_from([b"\n", b"\r\n"]))
@example([row.encode() for row in PERSON_ROWS] + STRAYS + [row.encode() for row in PERSON_ROWS[::-1]], b"\n")
@example([row.encode() for row in PERSON_ROWS], b"\r\n")
def test_any_rows_of_persons_are_judged_as_at_once(tmp_path: Path, rows: list[bytes], end: bytes):
    path = written(tmp_path / "p.txt", PERSONS_56, [person(1).encode(), *rows], end)
    assert in_parts(path) == at_once(path, "register_persons")


@UNHURRIED
@given(some(CARD_ROWS, [card(9, Nom_d_exercice="ÉLIE").encode("latin-1"), b"|" * 17, b"\x81"]))
@example([row.encode() for row in CARD_ROWS + CARD_ROWS[::-1]])
def test_any_rows_of_cards_are_judged_as_at_once(tmp_path: Path, rows: list[bytes]):
    path = written(tmp_path / "c.txt", CARDS, [card(1).encode(), *rows])
    assert in_parts(path) == at_once(path, "register_cards")


def spoilt(content: bytes, chance: Random) -> bytes:
    """A hundred bytes of the rows become others, wherever they stand; some persons have a wrong number on all rows."""
    for line in chance.choices(content.splitlines(), k=20):
        number = line.split(b"|")[1]
        if len(number) == 11:
            content = content.replace(number, number[:-1] + b"%d" % chance.randrange(10))
    body = bytearray(content)
    first = content.index(b"\n") + 1
    for _ in range(100):
        body[chance.randrange(first, len(body))] = chance.choice(b"0123456789|- /AZ\xe9\xc3\n\r")
    return bytes(body)


@pytest.mark.parametrize(
    ("write", "kind", "expected"),
    [(write_persons, "register_persons", "CPX_KEY"), (write_cards, "register_cards", "CARD_DATE_INVALID")],
)
def test_a_spoilt_national_file_in_small_is_judged_as_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Path, int, int], None],
    kind: str,
    expected: str,
):
    monkeypatch.setattr(lines, "BLOCK", 100_000)
    monkeypatch.setattr(whole_extract, "_AT_ONCE", 7)  # so that a person's rows come in different parts
    path = tmp_path / "x.txt"
    write(path, 2500, 7)
    content = path.read_bytes()
    for seed in range(2):
        path.write_bytes(spoilt(content, Random(seed)))
        counts, issues = in_parts(path)
        assert (counts, issues) == at_once(path, kind)
        assert {"CPX_FORMAT", "ROW_WIDTH", expected} <= {one.code for one in issues}


@pytest.mark.parametrize("name", ["rpps", "adeli", "broken/rpps"])
def test_the_invented_country_is_judged_as_at_once(name: str):
    for path in sorted((HERE / name).glob("*.txt")):
        kind = "register_cards" if "Porteurs" in path.name else "register_persons"
        assert in_parts(path) == at_once(path, kind)


def many_wrong(path: Path, count: int) -> Path:
    """So many rows with one cell too many, every tenth person with a wrong key."""
    wrong = [numbered("8", f"9971{at:07d}") for at in range(0, 10 * count // 10)]
    return written(path, PERSONS_56, [*((person(at) + "|").encode() for at in range(count)), *map(str.encode, wrong)])


def test_thousands_of_issues_are_a_page_a_capped_document_and_a_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(complaints, "MOST_ISSUES", 50)
    path, out = many_wrong(tmp_path / "p.txt", 400), tmp_path / "deep" / "rejets.csv"
    assert run(["validate", str(path), "--json", "--out", str(out)]) == 0
    (document,) = json.loads(capsys.readouterr().out)
    counts = document["issue_counts"]
    assert counts["ROW_WIDTH"] == document["rows_rejected"] == 400
    assert counts["CPX_KEY"] > 300
    cited = Counter(one["code"] for one in document["issues"])
    assert cited == {"ROW_WIDTH": 51, "CPX_KEY": 51}  # the last one says how many more there are
    assert out.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(StringIO(out.read_text("utf-8-sig")), delimiter=";"))
    assert Counter(row["code"] for row in rows) == counts
    assert {row["source"] for row in rows} == {str(path)}
    assert rows[0]["location"] == "ligne 2"
    assert run(["validate", str(path)]) == 0
    shown = capsys.readouterr().out
    assert len(shown.splitlines()) < 20
    assert max(map(len, shown.splitlines())) <= 80
    shown = shown.replace("\u00a0", " ")
    assert "  ROW_WIDTH  400\n" in shown
    assert "ligne 2, ligne 3, ligne 4, … : La ligne a 57 colonnes au lieu de 56" in shown
    assert "… et 397 autres" in shown
    assert "--out rejets.csv" in shown


def test_the_file_of_rejects_is_none_of_the_files_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = many_wrong(tmp_path / "p.txt", 1)
    before = path.read_bytes()
    assert run(["validate", str(path), "--out", str(path)]) == 2
    assert "un des fichiers à contrôler" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_workbook_or_a_file_of_no_kind_has_its_issues_in_the_file_too(tmp_path: Path):
    (tmp_path / "x.txt").write_bytes(b"a|b|\n1|2|\n")
    out = tmp_path / "rejets.csv"
    assert (
        run(["validate", str(tmp_path / "x.txt"), str(HERE / "adeli" / "correspondance.csv"), "--out", str(out)]) == 3
    )
    rows = list(csv.DictReader(StringIO(out.read_text("utf-8-sig")), delimiter=";"))
    assert [row["code"] for row in rows if row["source"].endswith("x.txt")] == ["COLUMN_MISSING"]


def test_few_issues_are_told_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path / "p.txt", PERSONS_56, [row.encode() for row in PERSON_ROWS])
    assert run(["validate", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "ligne 11  CPX_KEY" in shown
    assert "--out" not in shown
