"""The fast reader of national extracts gives what the plain one gives, row for row and word for word."""

import unicodedata
from pathlib import Path
from random import Random

import numpy as np
import pytest
from anyascii import anyascii
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.invented.national import people, write_cards, write_persons
from connectors.bytescan import lines, sieve
from connectors.bytescan.marks import Marks, first_letters, line_hashes
from connectors.sources.register import read_register
from sample_data.generate import HERE
from schemas.reading.source import EVERYONE, Wanted
from schemas.words import name_key
from tests.connectors.invented_extracts import CARDS, PERSONS_56, card, extract, person, rpps
from tests.connectors.plain_register import read_plainly

PERSONS, HOLDERS = "register_persons", "register_cards"
WANTED = Wanted(
    frozenset({"8" + rpps(1), "8" + rpps(5), "0999700014", "12"}),
    frozenset({"9990000002", "7"}),
    frozenset({"essai3|zoe", "delarocheelie|annemarie", "le|u", "oeuf|", "roy|anne"}),
)


def fast(path: Path, contract_name: str, wanted: Wanted) -> dict[str, object]:
    reading = read_register(path, "s", contract_name, wanted, shown="x")
    report = reading.report
    return {
        "counts": (report.rows_read, report.rows_accepted, report.rows_rejected, report.rows_duplicate),
        "rows": reading.frame.to_numpy().tolist(),
        "issues": [(one.code, one.location, one.field, one.message) for one in reading.issues],
        "unread": reading.facts["unread"],
    }


def names(number: int, last: str, first: str) -> str:
    return person(number, Nom_d_exercice=last, Prénom_d_exercice=first)


USUAL = [person(number) for number in range(12)]
ODD = [
    names(20, "DE LA ROCHE-ÉLIE", "Anne  Marie"),
    names(21, "De\u00a0la Roche-Elie", "ANNE-MARIE"),
    names(22, "dela\u200brocheelie", "Anne Marie"),
    names(23, "D.E L'A R", "Anne"),
    names(24, "LE", "Ü"),
    names(25, "Œuf", ""),
    names(43, "Roy", " Anne"),  # a space first: nothing of her first name belongs to the last
    names(44, " Roy ", "'Anne"),
    names(26, "E\u0301SSAI3", "Zoé"),
    names(27, "essai3", "ZOE\u0301"),
    names(28, "ESSAI3X", "Zoé"),
    person(30, Raison_sociale_site="« L’Étang »"),
    person(31, Raison_sociale_site="x" * 900),
    person(32, Libellé_civilité="x" * 70),
    person(33, Identification_nationale_PP="8" + rpps(1)),
    person(34, Identification_nationale_PP=f"\u00a08{rpps(34)} "),
    person(35, Identification_nationale_PP="", Identifiant_PP="", Type_d_identifiant_PP=""),
    person(36, Type_d_identifiant_PP="", Identifiant_PP="12", Identification_nationale_PP="12"),
    person(37, Type_d_identifiant_PP="1", Identifiant_PP="2", Identification_nationale_PP="12"),
    person(38, Type_d_identifiant_PP="0", Identifiant_PP="999700014", Identification_nationale_PP="0999700014"),
    person(
        39,
        Type_d_identifiant_PP="3",
        Identifiant_PP="999700014/LONG-INTERNE-1",
        Identification_nationale_PP="3999700014/LONG-INTERNE-2",
    ),
    person(40).removesuffix("|"),
    person(41) + "|",
    person(5).replace("|10|", "|"),
    person(42, Nom_d_exercice="\tESSAI3", Prénom_d_exercice="Zoé\x00"),
    "",
]  # fmt: skip
TORN = [
    person(1).encode("latin-1"),
    person(50).replace("é", "É").encode() + "|é".encode("latin-1"),
    person(51, Nom_d_exercice="ESSAI@").encode().replace(b"@", b"\x81"),
    person(52, Nom_d_exercice="ESSAI@").encode().replace(b"@", b"\xc3"),
    person(53, Nom_d_exercice="ESSAI@").encode().replace(b"@", b"\xe2\x80"),
    person(54, Nom_d_exercice="ESSAI@").encode().replace(b"@", b"\xc0\x80"),
    person(55, Nom_d_exercice="ESSAI@").encode().replace(b"@", b"\xa9"),
    person(56, Nom_d_exercice="ESSAI@").encode().replace(b"@", b"\xc3\xa9\xa9"),
    b"\xa9" + person(57).encode(),
    b"\r" + person(58).encode() + b"\r",
]
HEADER = extract(PERSONS_56, [])
SOME_LINES = st.lists(
    st.one_of(
        st.sampled_from(USUAL).map(str.encode),
        st.sampled_from(ODD).map(str.encode),
        st.sampled_from(TORN),
        st.binary(max_size=30),
    ),
    min_size=1,
    max_size=40,
)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines straddle blocks, and lines are too long."""
    monkeypatch.setattr(lines, "BLOCK", 700)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(SOME_LINES, st.sampled_from([b"\n", b"\r\n"]), st.booleans())
@example([line.encode() for line in ODD] + TORN + [line.encode() for line in USUAL], b"\n", False)
@example([line.encode() for line in USUAL + ODD], b"\n", True)
@example([line.encode("latin-1") for line in USUAL], b"\n", True)
@example([USUAL[0].encode() + b"\r"], b"\n", False)
@example([USUAL[0].encode() + b"|\r\r"], b"\n", False)
@example([b"\r"], b"\n", False)
def test_any_lines_are_read_as_line_by_line(tmp_path: Path, content: list[bytes], end: bytes, ended: bool):
    path = tmp_path / "x.txt"
    body = HEADER + person(60).encode() + b"\n" + end.join(content) + (end if ended else b"")
    path.write_bytes(body)
    assert fast(path, PERSONS, WANTED) == read_plainly(body, PERSONS, WANTED)


@pytest.mark.usefixtures("small_blocks")
def test_lines_across_blocks_are_read_as_line_by_line(tmp_path: Path):
    path = tmp_path / "x.txt"
    chance = Random(5)
    for _ in range(20):
        body = HEADER + b"\n".join(chance.choices([line.encode() for line in USUAL + ODD] + TORN, k=60))
        path.write_bytes(body)
        assert fast(path, PERSONS, WANTED) == read_plainly(body, PERSONS, WANTED)


def test_cards_in_either_encoding_are_read_as_line_by_line(tmp_path: Path):
    rows = [card(number) for number in range(9)]
    rows += [card(20, Identifiant_national_contenu_dans_la_carte="0999700014"), card(21, Numéro_carte="7")]
    rows += [card(22, Identifiant_national_contenu_dans_la_carte="12"), card(23, Nom_d_exercice="É" * 50), rows[3]]
    path = tmp_path / "x.txt"
    for encoding in ("utf-8", "latin-1"):
        for end in ("\n", "\r\n"):
            body = extract(CARDS, rows, encoding=encoding, end=end)
            path.write_bytes(body)
            assert fast(path, HOLDERS, WANTED) == read_plainly(body, HOLDERS, WANTED)


def test_columns_that_stand_last_are_looked_at_too(tmp_path: Path):
    """Without a delimiter behind the last cell its end is the line's."""
    head = "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code profession|Numéro FINESS site|"
    header = head + "Prénom d'exercice|Nom d'exercice"
    rows = [f"8|{rpps(at)}|8{rpps(at)}|10||Zoé|ESSAI{at}" for at in range(8)]
    path = tmp_path / "x.txt"
    for end in ("\n", "|\n"):
        body = "".join(line + end for line in [header, *rows]).encode()
        path.write_bytes(body)
        plain = read_plainly(body, PERSONS, WANTED)
        assert fast(path, PERSONS, WANTED) == plain
        assert len(plain["rows"]) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("folder", ["rpps", "adeli", "broken/rpps"])
def test_the_invented_country_is_read_as_line_by_line(folder: str):
    for path in sorted((HERE / folder).glob("*.txt")):
        contract_name = HOLDERS if "Porteurs" in path.name else PERSONS
        body = path.read_bytes()
        everybody = read_plainly(body, contract_name, EVERYONE)
        some = [row for row in everybody["rows"] if int(row[1]) % 7 == 0]  # type: ignore[attr-defined]
        wanted = Wanted(frozenset(row[2] for row in some[::2]), names=frozenset(f"{name_key(row[3])}|" for row in some))
        assert fast(path, contract_name, EVERYONE) == everybody
        assert fast(path, contract_name, wanted) == read_plainly(body, contract_name, wanted)


def test_a_national_file_in_small_is_read_as_line_by_line(tmp_path: Path):
    everybody = people(7, 6000)
    wanted = Wanted(
        frozenset("8" + number for number, _, _ in everybody[::50]),
        names=frozenset(f"{name_key(last)}|{name_key(first)}" for _, last, first in everybody[25::50]),
    )
    write_persons(tmp_path / "p.txt", 6000, 7)
    write_cards(tmp_path / "c.txt", 6000, 7)
    for name, contract_name in (("p.txt", PERSONS), ("c.txt", HOLDERS)):
        plain = read_plainly((tmp_path / name).read_bytes(), contract_name, wanted)
        assert fast(tmp_path / name, contract_name, wanted) == plain
        assert plain["rows"]
        assert plain["issues"]


def test_a_mark_on_a_letter_leaves_the_letter_its_first():
    """What `first_letters` rests on: « É » written as E and an accent begins with e either way."""
    marks = [chr(code) for code in range(0x300, 0x1100) if unicodedata.combining(chr(code))]
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
        for mark in marks:
            composed = unicodedata.normalize("NFC", letter + mark)
            assert anyascii(composed).lower().startswith(letter.lower()), (letter, hex(ord(mark)))


@given(st.text(alphabet=st.sampled_from("aZé'- |0œ\u00a0"), max_size=14), st.text(max_size=8))
@example("Roy", " Anne")
@example("-a", "'b")
@example("", "-b")
def test_the_first_letters_of_a_name_begin_its_key(last: str, rest: str):
    text = f"{last.replace('|', '')}|{rest}".encode() + bytes(40)
    (letters,) = first_letters(np.frombuffer(text, np.uint8), np.array([0]), 8).tolist()
    found = letters.to_bytes(8, "little").rstrip(b"\0").decode()
    assert (name_key(last.replace("|", "")) + "|").startswith(found)


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_marks_are_found_where_they_are(flags: list[bool]):
    assert Marks(np.array(flags)).places().tolist() == [at for at, flag in enumerate(flags) if flag]


def test_the_beginnings_of_names_are_the_same_worked_out_together_or_in_parts(monkeypatch: pytest.MonkeyPatch):
    names = frozenset(f"{last}|{first}" for last in ("dupont", "d", "lefictif", "") for first in ("anne", "", "zo"))
    together = sieve.beginnings.__wrapped__(names)
    monkeypatch.setattr(sieve, "_TOGETHER", 5)
    in_parts = sieve.beginnings.__wrapped__(names)
    assert len(together)
    assert in_parts.tolist() == together.tolist()


def test_lines_that_differ_in_one_byte_differ_in_their_hash():
    for length in (1, 7, 8, 9, 31, 64, 255, 256, 511, 1025, 4099):
        texts = {bytes([65 + (at == changed) for at in range(length)]) for changed in range(-1, length)}
        block = np.frombuffer(b"".join(text + b"\n" for text in texts) * 2, np.uint8)
        ends = np.flatnonzero(block == 10)
        starts = np.concatenate(([0], ends[:-1] + 1))
        hashes = line_hashes(block, starts, ends)
        assert len(set(hashes.tolist())) == len(texts)
        assert (hashes[: len(texts)] == hashes[len(texts) :]).all()
