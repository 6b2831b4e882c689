"""How a text ends, as every reader tells it: what was cut on its way shows, wherever the cut is."""

import gzip
from pathlib import Path

import pytest

from connectors.bytescan.parts import PIECE
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.sources.crosswalk import read_crosswalk
from connectors.sources.finess import read_finess
from connectors.sources.register import read_again, read_register
from connectors.sources.workbook import read_workbook
from schemas.nomenclatures import rows
from schemas.parallel import ParallelMap
from schemas.reading.footprint import Ending
from schemas.reading.source import EVERYONE, Wanted
from tests.connectors.invented_extracts import CARDS, PERSONS_56, card, extract, person, rpps
from tests.invented_workbooks import ANNE, HEADER, LUC, ZOE, write_csv

BOOK = (
    "FINESS;Fonction;Nom;Prénom;N° CPx;Courriel\r\n"
    "1;Assistant;A;B;8;a@example.org\r\n"
    "2;Assistant;C;D;8;c@example.org\r\n"
)

# what is written, and how it ends
TEXTS = [
    (BOOK, Ending.WHOLE),
    (BOOK + "\r\n\r\n", Ending.WHOLE),
    (BOOK.removesuffix("\r\n"), Ending.BARE),
    (BOOK.removesuffix("ple.org\r\n"), Ending.BARE),  # cut within the last cell: nothing but the line end tells
    (BOOK.removesuffix("8;c@example.org\r\n"), Ending.CUT),
    (BOOK.removesuffix(";c@example.org\r\n"), Ending.CUT),
    (BOOK + "3;Assi", Ending.CUT),
    (BOOK + "3", Ending.CUT),
    (BOOK + "mis à jour le 3/11\n", Ending.SHORT),
    ("Région 24\n" + BOOK, Ending.WHOLE),  # a title above the header is narrow, and no row
    (BOOK + "3;Assistant;E;F\r\n4;Assistant;G;H", Ending.BARE),  # typed by hand: lines of many widths
    (BOOK + '3;Assistant;E;"F', Ending.CUT),
]


@pytest.mark.parametrize(("text", "ending"), TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_text_of_a_workbook_tells_how_it_ends(tmp_path: Path, text: str, ending: Ending, encoding: str) -> None:
    path = tmp_path / "24.csv"
    path.write_bytes(text.encode(encoding))
    assert read_workbook(path, "workbook:24.csv", shown="24.csv").report.ending is ending


def test_every_cut_in_the_middle_of_a_line_shows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "24.csv", [HEADER, ANNE, LUC, ZOE])
    content = path.read_bytes()
    ends = {at + 1 for at, byte in enumerate(content) if byte == ord("\n")}
    seen = set()
    for cut in range(content.index(b"\n") + 2, len(content)):
        path.write_bytes(content[:cut])
        ending = read_workbook(path, "workbook:24.csv", shown="24.csv").report.ending
        at_an_end = cut in ends or (cut + 1 in ends and content[cut - 1 : cut] == b"\r")
        assert ending.closed is at_an_end, cut
        seen.add(ending)
    assert seen > {Ending.BARE, Ending.CUT}


def test_an_export_as_text_tells_how_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    labels = [column["label"] for column in rows("annuaire_columns")]
    lines = [";".join(labels), "EF1" + ";x" * (len(labels) - 1), "EF2;Mme;C"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_annuaire_export(path, "annuaire", shown="export.csv").report.ending is Ending.CUT


# ── the national files ───────────────────────────────────────────────────────────────────────────

WHOLE = extract(PERSONS_56, [person(number) for number in range(50)])
NATIONAL = [
    (WHOLE, Ending.WHOLE),
    (WHOLE.removesuffix(b"\n"), Ending.BARE),
    (WHOLE[:-40], Ending.CUT),
    (WHOLE + b"fin\n", Ending.SHORT),
]


class Here:
    """Whoever carries out the parts: nobody else."""

    here, others = True, True

    def __call__(self, work, common, parts):
        return (work(common, part) for part in parts)


@pytest.mark.parametrize(("content", "ending"), NATIONAL)
@pytest.mark.parametrize("how", ["at once", "in parts", "from an archive", "in parts of an archive"])
def test_an_extract_tells_how_it_ends(tmp_path: Path, content: bytes, ending: Ending, how: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(gzip.compress(content) if how.endswith("an archive") else content)
    spread: ParallelMap | None = Here() if how.startswith("in parts") else None
    piece = 2000 if spread else PIECE
    reading = read_register(
        path, "register.persons", "register_persons", EVERYONE, shown="x", spread=spread, piece=piece
    )
    assert reading.report.ending is ending


def test_what_is_remembered_of_an_extract_is_how_it_ended(tmp_path: Path) -> None:
    path, wanted = tmp_path / "x.txt", Wanted(frozenset({rpps(1)}))
    path.write_bytes(WHOLE[:-40])
    first = read_register(path, "register.persons", "register_persons", wanted, shown="x")
    again = read_again(path, first.facts["extraction"], "register_persons", wanted, shown="x")
    assert again is not None
    assert again.report.ending is Ending.CUT


def test_a_correspondence_tells_how_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("N° ADELI;N° RPPS\n123456782;10000000009\n1234", encoding="utf-8")
    assert read_crosswalk(path, "register.crosswalk", shown="c").report.ending is Ending.CUT


def test_a_stock_of_establishments_tells_how_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    row = "structureet;450000104" + ";" * 30
    path.write_text(f"finess;etalab;93;2026-01-01\n{row}\n{row[:-9]}", encoding="utf-8")
    assert read_finess([path], "register.structures", shown="f").report.ending is Ending.CUT
    path.write_text(f"finess;etalab;93;2026-01-01\n{row}\n", encoding="utf-8")
    assert read_finess([path], "register.structures", shown="f").report.ending is Ending.WHOLE


# ── a column on which much hangs ─────────────────────────────────────────────────────────────────

HEADERS = [
    ("Date opposition", ""),
    ("Date d'opposition", ""),
    ("Date d'oposition", "Date d'oposition"),
    ("Date Opposition", ""),
    ("Opposition", "Opposition"),
    ("Observations", "–"),
]


@pytest.mark.parametrize(("header", "near"), HEADERS)
def test_a_header_near_to_that_of_the_opposition_is_not_passed_over(tmp_path: Path, header: str, near: str) -> None:
    path = tmp_path / "cards.txt"
    content = extract(CARDS, [card(1), card(2)])
    path.write_bytes(content.replace(b"Date opposition", header.encode("latin-1"), 1))
    report = read_register(path, "register.cards", "register_cards", EVERYONE, shown="cards").report
    assert report.usable
    if not near:
        assert report.message == ""
    else:
        assert "Date opposition" in report.message
        assert (f"En-tête proche : {near}" in report.message.replace("\u00a0", " ")) is (near != "–")
        assert report.message in report.notes


def test_a_header_near_to_a_needed_column_leaves_the_file_out(tmp_path: Path) -> None:
    path = tmp_path / "cards.txt"
    path.write_bytes(extract(CARDS, [card(1)]).replace("Date fin validité".encode(), b"Date fin validate", 1))
    reading = read_register(path, "register.cards", "register_cards", EVERYONE, shown="cards")
    assert [one.code for one in reading.issues] == ["COLUMN_MISSING"]
