"""`delta OLD NEW`: what changed between two national extracts, person by person (docs/delta.md)."""

import json
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.cli.app import run
from schemas.glyphs import typeset
from tests.connectors.invented_extracts import CARDS, PERSONS_52, PERSONS_56, card, extract, person, rpps
from tests.night.invented_extract_pairs import write_pair

Json = dict[str, Any]
Compare = Callable[..., list[Json]]
QUIET = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    """The persons that differ between two extracts, given as bytes; the counts agree with them, and are checked."""

    def compare_bytes(
        old: bytes, new: bytes, *, code: int = 0, names: Sequence[str] = ("old.txt", "new.txt"), **counts: object
    ) -> list[Json]:
        for name, content in zip(names, (old, new), strict=True):
            (tmp_path / name).write_bytes(content)
        found, document = compare_files(*(tmp_path / name for name in names), capsys=capsys, code=code)
        assert {**document, **counts} == document
        return found

    return compare_bytes


def compare_files(
    old: Path, new: Path, *, capsys: pytest.CaptureFixture[str], code: int = 0
) -> tuple[list[Json], Mapping[str, Any]]:
    out = old.parent / "delta.jsonl"
    out.unlink(missing_ok=True)
    capsys.readouterr()
    assert run(["delta", str(old), str(new), "--out", str(out), "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    found = [json.loads(text) for text in out.read_text(encoding="utf-8").splitlines()]
    for operation in ("create", "modify", "remove"):
        assert document[operation] == sum(1 for one in found if one["operation"] == operation)
    return found, document


def persons(*rows: str, header: str = PERSONS_56, **options: Any) -> bytes:
    return extract(header, list(rows), **options)


def test_one_changed_cell_of_one_row_is_one_person_with_one_field(compare: Compare):
    before = persons(person(1), person(2), person(3))
    after = persons(person(1), person(2, Code_profession="60"), person(3))
    assert compare(before, after, create=0, modify=1, remove=0, rows_read=[3, 3], rows_rejected=[0, 0]) == [
        {
            "national_id": "8" + rpps(2),
            "operation": "modify",
            "fields": [{"field": "profession", "before": "10", "after": "60"}],
        }
    ]


@pytest.mark.parametrize("at", range(3, 56))
def test_a_change_of_any_column_is_told_by_its_name(compare: Compare, at: int):
    cells = person(2).split("|")
    cells[at] += "X"
    (found,) = compare(persons(person(1), person(2)), persons(person(1), "|".join(cells)))
    (field,) = found["fields"]
    assert (field["before"], field["after"]) == (cells[at][:-1], cells[at])
    assert field["field"].isidentifier()


def test_who_comes_and_who_goes_is_told_whole_in_the_order_of_the_numbers(compare: Compare):
    found = compare(persons(person(3), person(1)), persons(person(3), person(2)), create=1, modify=0, remove=1)
    assert [(one["national_id"], one["operation"]) for one in found] == [
        ("8" + rpps(1), "remove"),
        ("8" + rpps(2), "create"),
    ]
    assert {"field": "last_name", "before": "ESSAI1", "after": ""} in found[0]["fields"]
    assert {"field": "finess_site", "before": "", "after": "0102030405"} in found[1]["fields"]


def test_rows_in_another_order_or_twice_are_no_change(compare: Compare):
    rows = [person(number // 2, **{"Code_savoir-faire": f"SM{number}"}) for number in range(10)]
    assert compare(persons(*rows), persons(*rows[::-1], rows[3], rows[3]), rows_read=[10, 12]) == []


def test_another_encoding_line_end_or_trailing_delimiter_is_no_change(compare: Compare):
    rows = [person(number) for number in range(5)]
    plain = persons(*rows)
    assert compare(plain, persons(*rows, encoding="latin-1")) == []
    assert compare(plain, persons(*rows, end="\r\n")) == []
    assert compare(plain, plain.replace(b"|\n", b"\n")) == []


def test_one_latin_1_row_is_compared_as_text(compare: Compare):
    after = persons(person(1)) + (person(2, Nom_d_exercice="ÉLIE") + "\n").encode("latin-1")
    (found,) = compare(persons(person(1), person(2, Nom_d_exercice="ELIE")), after)
    assert found["fields"] == [{"field": "last_name", "before": "ELIE", "after": "ÉLIE"}]


def reordered(content: bytes, order: Sequence[int]) -> bytes:
    lines = [text.rstrip("|").split("|") for text in content.decode().splitlines()]
    return "".join("|".join([*cells, *[""] * 56][at] for at in order) + "|\n" for cells in lines).encode()


def test_columns_are_compared_by_name_whatever_their_order(compare: Compare):
    order = random.Random(1).sample(range(56), 56)
    before, after = persons(person(1), person(2)), persons(person(1), person(2, Code_profession="60"))
    assert compare(before, reordered(before, order)) == []
    (found,) = compare(before, reordered(after, order))
    assert found["fields"] == [{"field": "profession", "before": "10", "after": "60"}]


def test_two_columns_exchanged_in_the_header_alone_are_a_change_though_the_lines_are_the_same(compare: Compare):
    before = persons(person(1, Nom_d_exercice="ESSAI", Prénom_d_exercice="Zoé"))
    header, rest = before.decode().split("\n", 1)
    swapped = header.replace("Nom d'exercice|Prénom d'exercice", "Prénom d'exercice|Nom d'exercice")
    (found,) = compare(before, f"{swapped}\n{rest}".encode())
    assert found["fields"] == [
        {"field": "last_name", "before": "ESSAI", "after": "Zoé"},
        {"field": "first_name", "before": "Zoé", "after": "ESSAI"},
    ]


def test_new_columns_of_the_file_change_nobody_and_are_said(compare: Compare, tmp_path: Path, capsys: Any):
    after = persons(person(1, Code_rôle="FON-01"), person(2, Code_profession="60"))
    found = compare(persons(*(person(number, PERSONS_52) for number in (1, 2)), header=PERSONS_52), after)
    assert [one["national_id"] for one in found] == ["8" + rpps(2)]
    run(["delta", str(tmp_path / "old.txt"), str(tmp_path / "new.txt")])
    assert "Code rôle, Libellé rôle" in " ".join(capsys.readouterr().out.split())


def test_a_zip_is_compared_with_a_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "old.txt").write_bytes(persons(person(1), person(2)))
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as archive:
        archive.writestr("PS_LibreAcces_Personne_activite_1.txt", persons(person(1)))
    found, _ = compare_files(tmp_path / "old.txt", tmp_path / "new.zip", capsys=capsys)
    assert [(one["national_id"], one["operation"]) for one in found] == [("8" + rpps(2), "remove")]


def test_a_holder_is_modified_when_one_of_the_cards_is(compare: Compare):
    old_card = card(1, Numéro_carte="9990000000", Date_fin_validité="2024-01-01")
    cards = extract(CARDS, [card(1), old_card, card(2)])
    after = extract(CARDS, [old_card, card(2), card(1, Date_fin_validité="2031-01-14")])
    assert compare(cards, after, modify=1) == [
        {
            "national_id": "8" + rpps(1),
            "operation": "modify",
            "fields": [{"field": "ends_on", "before": "2028-01-14", "after": "2031-01-14"}],
        }
    ]


SHORT = person(2).replace("|10|", "|")
MISMATCHED = person(2).replace("8|9970", "8|9971", 1)


@pytest.mark.parametrize("bad", [SHORT, MISMATCHED], ids=["a cell lost", "identification"])
def test_a_bad_row_costs_that_row_and_removes_nobody(compare: Compare, bad: str):
    good = persons(person(1), person(2), person(3))
    spoilt = persons(person(1), bad, person(3, Code_profession="60"))
    (found,) = compare(good, spoilt, modify=1, remove=0, rows_read=[3, 3], rows_rejected=[0, 1])
    assert found["national_id"] == "8" + rpps(3)
    (found,) = compare(spoilt, good, modify=1, create=0, rows_rejected=[1, 0])
    assert found["national_id"] == "8" + rpps(3)


def test_a_bad_row_that_both_extracts_have_costs_that_row_alone(compare: Compare):
    before, after = persons(SHORT, person(2), person(1)), persons(SHORT, person(2, Code_profession="60"), person(1))
    (found,) = compare(before, after, rows_rejected=[1, 1])
    assert found["fields"] == [{"field": "profession", "before": "10", "after": "60"}]


def test_whoever_is_left_out_is_counted_and_the_bad_row_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "old.txt").write_bytes(persons(person(1), person(2)))
    (tmp_path / "new.txt").write_bytes(persons(person(1), SHORT))
    assert run(["delta", str(tmp_path / "old.txt"), str(tmp_path / "new.txt")]) == 0
    shown = capsys.readouterr().out
    assert "1 personne laissée de côté" in shown
    assert "ligne 3  ROW_WIDTH" in shown
    assert "ESSAI" not in shown
    assert rpps(2) not in shown


CELLS = st.sampled_from(["", "1", "2"])
ROWS = st.lists(st.tuples(st.integers(0, 4), CELLS, CELLS), min_size=1, max_size=8)


def rows_of(chosen: Sequence[tuple[int, str, str]]) -> list[str]:
    return [
        person(number, **{"Code_savoir-faire": skill, "Code_mode_exercice": mode}) for number, skill, mode in chosen
    ]


@settings(suppress_health_check=QUIET, max_examples=25)
@given(ROWS, st.randoms(use_true_random=False))
def test_an_extract_differs_in_nothing_from_itself_shuffled_and_repeated(
    compare: Compare, chosen: list[tuple[int, str, str]], chance: random.Random
):
    rows = rows_of(chosen)
    again = [*rows, *chance.choices(rows, k=3)]
    chance.shuffle(again)
    assert compare(persons(*rows), persons(*again)) == []


@settings(suppress_health_check=QUIET, max_examples=40)
@given(ROWS, ROWS)
def test_the_delta_of_a_and_b_applied_to_a_gives_b(
    compare: Compare, before: list[tuple[int, str, str]], after: list[tuple[int, str, str]]
):
    """With one row a person: several rows say which person and which values, not which row."""
    old, new = ({number: (skill, mode) for number, skill, mode in rows} for rows in (before, after))
    texts = [persons(*rows_of([(number, *cells) for number, cells in rows.items()])) for rows in (old, new)]
    book = dict(enumerate(("skill", "practice_mode")))
    state = {"8" + rpps(number): {book[at]: cell for at, cell in enumerate(cells)} for number, cells in old.items()}
    for one in compare(*texts):
        if one["operation"] == "remove":
            del state[one["national_id"]]
            continue
        cells = state.setdefault(one["national_id"], dict.fromkeys(book.values(), ""))
        for field in one["fields"]:
            if field["field"] in cells:
                assert cells[field["field"]] == field["before"]
                cells[field["field"]] = field["after"]
    assert state == {
        "8" + rpps(number): {book[at]: cell for at, cell in enumerate(cells)} for number, cells in new.items()
    }


@pytest.mark.parametrize(
    ("changed", "deleted", "code"),
    [(20_000, 0, 4), (0, 20_000, 4), (400, 400, 0), (400, 0, 0), (0, 400, 0)],
    ids=["20,000 changes", "20,000 deletes", "400 and 400", "400 changes", "400 deletes"],
)
def test_the_national_loaders_qualification_cases_give_exactly_these_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: int, deleted: int, code: int
):
    old, new = write_pair(tmp_path, 100_000, changed=changed, deleted=deleted)
    assert run(["delta", str(old), str(new), "--json"]) == code
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {
        "create": 0,
        "modify": changed,
        "remove": deleted,
        "rows_read": [100_000, 100_000 - deleted],
        "rows_rejected": [0, 0],
    }
    assert (typeset("ALARME : 20 000 personnes") in shown.err.replace("\u202f", " ")) == (code == 4)


def test_the_detail_is_written_under_an_alarm_too_private_and_the_same_on_repeat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    old, new = write_pair(tmp_path, 300, changed=60, created=5)
    out = tmp_path / "deep" / "delta.jsonl"
    assert run(["delta", str(old), str(new), "--out", str(out)]) == 4
    assert "(20 %), plus que les 5 % admis" in " ".join(capsys.readouterr().out.split())
    first = out.read_bytes()
    assert first.count(b"\n") == 65
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.parent.stat().st_mode & 0o777 == 0o700
    assert run(["delta", str(old), str(new), "--out", str(out)]) == 4
    assert out.read_bytes() == first
    assert [path.name for path in out.parent.iterdir()] == ["delta.jsonl"]


@pytest.mark.parametrize(
    ("names", "out", "code", "said"),
    [
        (("old.txt", "nowhere.txt"), "d.jsonl", 3, typeset("nowhere.txt : inutilisable")),
        (("old.txt", "other.txt"), "d.jsonl", 3, "Colonne introuvable"),
        (("old.txt", "cards.txt"), "d.jsonl", 2, "pas deux extractions de même nature"),
        (("old.txt", "new.txt"), "new.txt", 2, "un des deux fichiers à comparer"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_french_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, str], out: str, code: int, said: str
):
    contents = {
        "old.txt": persons(person(1)),
        "new.txt": persons(person(1)),
        "cards.txt": extract(CARDS, [card(1)]),
        "other.txt": b"a|b|\n1|2|\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    words = ["delta", *(str(tmp_path / name) for name in names), "--out", str(tmp_path / out)]
    assert run([*words, "--json"]) == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert json.loads(shown.out)["exit_code"] == code
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == contents
