"""An extract is surveyed as the register reader reads it, and any of its rows can be fetched again (docs/delta.md)."""

import gzip
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.bytescan import lines as text_lines
from connectors.sources.extract import Extract, blocks, columns_of, open_extract, survey
from connectors.sources.register import read_register
from schemas.errors import SourceError
from schemas.reading.source import EVERYONE, contract
from tests.connectors.invented_extracts import CARDS, PERSONS_56, card, extract, labels, person, rpps

Open = Callable[..., AbstractContextManager[Extract]]
SOME = [person(number) for number in range(6)]
ADELI = person(5, Type_d_identifiant_PP="0", Identifiant_PP="759999999", Identification_nationale_PP="0759999999")


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def open_bytes(content: bytes, name: str = "x.txt") -> AbstractContextManager[Extract]:
        (tmp_path / name).write_bytes(content)
        return open_extract(tmp_path / name, "s")

    return open_bytes


def names(extract: Extract) -> list[str]:
    at = list(extract.columns).index("last_name")
    return [line.split("|")[at] for line in extract.lines(extract.survey.accepted)]


def judged_alike(path: Path) -> None:
    reading = read_register(path, "s", "register_persons", EVERYONE, shown="x")
    report = reading.report
    if not report.usable:
        with pytest.raises(SourceError) as refusal, open_extract(path, "s"):
            pass
        assert refusal.value.message == report.message
        return
    with open_extract(path, "s") as found:
        assert (found.survey.read, len(found.survey.rejected)) == (report.rows_read, report.rows_rejected)
        assert found.issues == reading.issues
        kept = dict.fromkeys(zip(found.survey.accepted.digests.tolist(), names(found), strict=True))
        assert [name.strip() for _, name in kept] == reading.frame["last_name"].to_list()


ODD_LINES = st.sampled_from(
    [
        *(text.encode() for text in SOME[:3]),
        SOME[3].encode("latin-1"),
        SOME[3].encode("latin-1") + b"|",
        SOME[4].removesuffix("|").encode(),
        SOME[4].replace("|10|", "|").encode(),
        SOME[4].replace("|10|", "|1|0|").encode(),
        SOME[4].encode().replace(b"ESSAI", b"\x81"),
        SOME[4].replace("|8", "|\u00a08", 1).encode(),
        SOME[4].replace("8|99", "8 |99", 1).encode(),
        SOME[4].replace("|99", "|89", 1).encode(),
        person(5, Identifiant_PP="", Identification_nationale_PP="").encode(),
        ADELI.encode(),
        b"", b"\r", b" ", b"|", b"|" * 56, b"|" * (56 + 256), b"x" * 100,
        b"|".join(label.encode() for label in labels(PERSONS_56)) + b"|",
    ]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@example([SOME[0].encode(), b"|" * (56 + (1 << 16))], "\n", b"", 1 << 18)
@given(
    st.lists(ODD_LINES, max_size=9),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([b"", b"8|99", b"\r"]),
    st.sampled_from([200, 1000, 1 << 18]),
)
def test_every_row_is_judged_as_the_register_reader_judges_it(
    tmp_path: Path, rows: list[bytes], end: str, tail: bytes, block: int
):
    path = tmp_path / "x.txt"
    path.write_bytes(extract(PERSONS_56, [], end=end) + b"".join(row + end.encode() for row in rows) + tail)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_lines.TextStream.read, "__defaults__", (block,))
        judged_alike(path)


def test_rows_are_fetched_again_in_any_order(opened: Open):
    with opened(extract(PERSONS_56, SOME, end="\r\n")) as found:
        rows = found.survey.accepted.take(np.array([4, 0, 5, 0]))
        at = list(found.columns).index("last_name")
        assert [line.split("|")[at] for line in found.lines(rows)] == ["ESSAI4", "ESSAI0", "ESSAI5", "ESSAI0"]


@pytest.mark.parametrize("trailing", [True, False])
@pytest.mark.parametrize("block", [50, 700])
def test_a_row_over_several_blocks_is_found_where_it_lies(
    opened: Open, monkeypatch: pytest.MonkeyPatch, block: int, trailing: bool
):
    content = extract(PERSONS_56, SOME)
    monkeypatch.setattr(text_lines.TextStream.read, "__defaults__", (block,))
    with opened(content if trailing else content.replace(b"|\n", b"\n")) as found:
        assert names(found) == [f"ESSAI{number}" for number in range(6)]


def test_an_archive_is_read_as_the_text_in_it(opened: Open, tmp_path: Path):
    content = extract(CARDS, [card(1), card(2)])
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("PS_LibreAcces_SavoirFaire.txt", "Type d'identifiant PP|\n8|\n")
        archive.writestr("Porteurs_CPS_CPF.txt", content)
    for found_in in (open_extract(tmp_path / "x.zip", "s"), opened(gzip.compress(content), "x.gz")):
        with found_in as found:
            assert (found.kind, names(found)) == ("register_cards", ["ESSAI1", "ESSAI2"])


def test_persons_are_numbers_that_two_files_share(opened: Open):
    odd = SOME[2].replace("|8", "|\u00a08", 1)
    with (
        opened(extract(PERSONS_56, [SOME[2], ADELI])) as one,
        opened(extract(PERSONS_56, [ADELI, odd]), "y.txt") as two,
    ):
        assert one.survey.accepted.persons.tolist() == two.survey.accepted.persons.tolist()[::-1]
    assert survey.person_key(("8" + rpps(2)).encode()) == int("8" + rpps(2))


def test_columns_are_named_as_in_the_contract_else_by_their_label():
    columns = columns_of(
        ["Nom d'exercice", "Numéro Voie (coord. structure)", "", "", "Nom d’exercice"], contract("register_persons")
    )
    assert list(columns) == [
        "last_name", "numero_voie_coord_structure", "colonne", "colonne_4", "nom_d_exercice"
    ]  # fmt: skip


def test_a_line_without_end_is_not_held_and_still_says_whom_it_is_about(opened: Open, monkeypatch: pytest.MonkeyPatch):
    for module in (text_lines, blocks, survey, __import__("connectors.sources.extract", fromlist=["LONGEST"])):
        monkeypatch.setattr(module, "LONGEST", 2000)
    monkeypatch.setattr(text_lines.TextStream.read, "__defaults__", (512,))
    swallowed = " ".join(person(number) for number in range(10, 40))
    with opened(extract(PERSONS_56, [SOME[0], swallowed, SOME[1]])) as found:
        assert names(found) == ["ESSAI0", "ESSAI1"]
        assert [issue.location for issue in found.issues] == ["ligne 3"]
        assert {"8" + rpps(number) for number in range(10, 40)} <= set(found.scraps(found.survey.rejected))


def test_a_file_that_changes_while_it_is_read_is_refused_by_name(opened: Open, tmp_path: Path):
    with opened(extract(PERSONS_56, SOME)) as found:
        (tmp_path / "x.txt").write_bytes(extract(PERSONS_56, SOME[::-1]))
        with pytest.raises(SourceError, match="modifié pendant la lecture") as refusal:
            names(found)
    assert refusal.value.location == str(tmp_path / "x.txt")


def test_a_full_disk_says_where_an_archive_was_unpacked(opened: Open, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("connectors.sources.extract._spool", lambda: open("/dev/full", "r+b", buffering=0))  # noqa: PTH123, SIM115
    with (
        pytest.raises(SourceError, match="pas assez de place"),
        opened(gzip.compress(extract(PERSONS_56, SOME)), "x.gz"),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"\n\n", extract(PERSONS_56, []), b"a|b|\n1|2|\n", b"PK\x03\x04abc"])
def test_a_file_that_is_no_extract_is_refused_by_name(opened: Open, tmp_path: Path, content: bytes):
    with pytest.raises(SourceError) as refusal, opened(content):
        pass
    assert refusal.value.location == str(tmp_path / "x.txt")
