"""National extracts are read row-exact, whatever stands in them (formats.md)."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.bytescan import complaints
from connectors.bytescan.lines import LONGEST
from connectors.bytescan.sought.concerning import FOLDED, is_certain, name_bytes
from connectors.sources.register import read_register
from connectors.sources.result import Reading
from schemas.glyphs import typeset
from schemas.reading.source import EVERYONE, SourceStatus, Wanted, contract
from schemas.words import name_key
from tests.connectors.invented_extracts import (
    CARDS,
    PERSONS_48,
    PERSONS_52,
    PERSONS_56,
    PRO_SANTE_CONNECT,
    SKILLS,
    card,
    extract,
    labels,
    person,
    rpps,
)

Read = Callable[..., Reading]
A_HUNDRED = [person(number) for number in range(100)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes as an extract of the contract, after checking that nothing was lost on the way."""

    def read_bytes(
        content: bytes,
        wanted: Wanted = EVERYONE,
        contract_name: str = "register_persons",
        name: str = "x.txt",
    ) -> Reading:
        path = tmp_path / name
        path.write_bytes(content)
        reading = read_register(path, "register.persons", contract_name, wanted, shown=f"rpps/{name}")
        assert balanced(reading)
        return reading

    return read_bytes


def balanced(reading: Reading) -> bool:
    report = reading.report
    return report.rows_read == report.rows_accepted + report.rows_rejected + report.rows_duplicate


def account(reading: Reading) -> tuple[int, int, int, int]:
    report = reading.report
    return report.rows_read, report.rows_accepted, report.rows_rejected, report.rows_duplicate


def test_a_pair_of_stray_quotes_loses_no_row(read: Read):
    lines = list(A_HUNDRED)
    lines[9] = person(9, Raison_sociale_site='SERVICE "HEMOVIGILANCE')
    lines[59] = person(59, Raison_sociale_site='SUITE" DU SERVICE')
    reading = read(extract(PERSONS_56, lines))
    assert account(reading) == (100, 100, 0, 0)
    assert len(reading.frame) == 100
    assert reading.frame["structure_name"][9] == 'SERVICE "HEMOVIGILANCE'
    assert not reading.issues


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        (A_HUNDRED[41].removesuffix("|").rpartition("|")[0] + "|", "55"),
        (A_HUNDRED[41] + "|", "57"),
        (A_HUNDRED[41] + "trop", "57"),
        (A_HUNDRED[41].replace("|10|", "|"), "55"),
        ("n'importe quoi", "1"),
    ],
    ids=["short", "long", "long without trailing pipe", "a cell lost inside", "no row at all"],
)
def test_a_row_of_the_wrong_width_is_quarantined_with_its_line(read: Read, odd: str, found: str):
    reading = read(extract(PERSONS_56, [*A_HUNDRED[:41], odd, *A_HUNDRED[42:]]))
    assert account(reading) == (100, 99, 1, 0)
    (issue,) = reading.issues
    assert (issue.code, issue.location, issue.effect) == ("ROW_WIDTH", "ligne 43", "row")
    assert issue.message.startswith(f"La ligne a {found} colonnes au lieu de 56")


def test_whom_a_quarantined_row_may_be_about_is_known(read: Read):
    short = A_HUNDRED[1].replace("|10|", "|")
    wanted = Wanted(national_ids=frozenset({"8" + rpps(0), "8" + rpps(1)}))
    reading = read(extract(PERSONS_56, [A_HUNDRED[0], short, A_HUNDRED[2]]), wanted)
    assert reading.facts["unread"] == ("8" + rpps(1),)
    assert list(reading.frame["national_id"]) == ["8" + rpps(0)]


@pytest.mark.parametrize("size", [LONGEST + 1, 5 * LONGEST])
def test_whom_a_row_too_long_to_be_read_may_be_about_is_known_too(read: Read, size: int):
    wanted = Wanted(national_ids=frozenset({"8" + rpps(0), "8" + rpps(1)}))
    reading = read(extract(PERSONS_56, [A_HUNDRED[0], A_HUNDRED[1] + "x" * size, A_HUNDRED[2]]), wanted)
    assert reading.facts["unread"] == ("8" + rpps(1),)
    assert account(reading) == (3, 2, 1, 0)


def test_a_header_that_ends_otherwise_than_the_lines_is_no_header(read: Read):
    content = extract(PERSONS_56, A_HUNDRED).replace(b"\n", b"\r", 1)
    reading = read(content)
    assert reading.report.status is SourceStatus.FAILED
    assert "retour chariot" in reading.report.message


def test_latin_1_bytes_stop_nothing_and_are_said_once(read: Read):
    reading = read(extract(PERSONS_56, A_HUNDRED, encoding="latin-1"))
    assert account(reading) == (100, 100, 0, 0)
    assert set(reading.frame["first_name"]) == {"Zoé"}
    (issue,) = reading.issues
    assert (issue.code, issue.location, issue.effect) == ("ENCODING", "ligne 1", "warning")
    assert "101 lignes" in issue.message


def test_one_latin_1_row_among_utf_8_is_read_as_such(read: Read):
    content = extract(PERSONS_56, A_HUNDRED[:50]) + (A_HUNDRED[50] + "\n").encode("latin-1")
    reading = read(content)
    assert account(reading) == (51, 51, 0, 0)
    assert set(reading.frame["first_name"]) == {"Zoé"}
    assert [issue.location for issue in reading.issues] == ["ligne 52"]


def test_one_stray_byte_does_not_garble_the_accents_beside_it(read: Read):
    """The name of the row would otherwise look changed, and somebody would be asked to correct it."""
    content = extract(PERSONS_56, A_HUNDRED[:3]).replace(b"ESSAI", b"ESS\xc9I")
    reading = read(content)
    assert set(reading.frame["first_name"]) == {"Zoé"}
    assert all("ESSÉI" in name for name in reading.frame["last_name"])


def test_bytes_that_are_no_text_quarantine_their_row_alone(read: Read):
    content = extract(PERSONS_56, A_HUNDRED[:3]).replace(b"ESSAI1", b"ESS\x81I")
    reading = read(content)
    assert account(reading) == (3, 2, 1, 0)
    (issue,) = reading.issues
    assert (issue.code, issue.location) == ("ENCODING", "ligne 3")
    assert "illisibles" in issue.message


def test_digits_stay_text(read: Read):
    assert set(read(extract(PERSONS_56, A_HUNDRED)).frame["finess_site"]) == {"0102030405"}


@pytest.mark.parametrize(
    ("header", "width"), [(PERSONS_48, 48), (PERSONS_52, 52), (PERSONS_56, 56), (PRO_SANTE_CONNECT, 49)]
)
def test_every_known_width_is_read_by_name(read: Read, header: str, width: int):
    assert len(labels(header)) == width
    reading = read(extract(header, [person(1, header)]))
    row = reading.frame.iloc[0]
    assert account(reading) == (1, 1, 0, 0)
    assert (row["national_id"], row["last_name"], row["finess_site"]) == (
        "8" + rpps(1),
        "ESSAI1",
        "0102030405",
    )
    assert row["role"] == ""
    assert list(reading.frame.columns) == [*contract("register_persons").columns, "_location"]
    assert not reading.report.notes


def test_a_new_column_is_welcome_and_said(read: Read):
    content = extract(PERSONS_56, A_HUNDRED).replace(b"|\n", "|Étoile|\n".encode())
    reading = read(content)
    assert account(reading) == (100, 100, 0, 0)
    assert reading.report.notes == (typeset("Colonnes nouvelles, non lues : Étoile."),)


def test_columns_are_found_by_name_in_any_order(read: Read):
    order = list(reversed(range(56)))
    rows = [labels(PERSONS_56), *(tuple(text.split("|")[:56]) for text in A_HUNDRED)]
    content = "".join("|".join(row[at] for at in order) + "|\n" for row in rows).encode()
    reading = read(content, Wanted(national_ids=frozenset({"8" + rpps(7)})))
    assert list(reading.frame["last_name"]) == ["ESSAI7"]


def test_a_missing_column_names_it_and_what_was_seen_instead(read: Read):
    reading = read(extract(PERSONS_56, A_HUNDRED).replace("Numéro FINESS site".encode(), b"Autre chose", 1))
    assert reading.report.status is SourceStatus.FAILED
    assert reading.frame.empty
    assert list(reading.frame.columns) == [*contract("register_persons").columns, "_location"]
    (issue,) = reading.issues
    assert (issue.code, issue.effect) == ("COLUMN_MISSING", "file")
    assert "Numéro FINESS site" in issue.message
    assert "Type d'identifiant PP, Identifiant PP" in issue.message
    assert issue.message == reading.report.message


def test_a_file_of_savoir_faire_or_cards_is_not_taken_for_persons(read: Read):
    for content in (extract(SKILLS, []), extract(CARDS, [card(1)])):
        assert [issue.code for issue in read(content).issues] == ["COLUMN_MISSING"]


@pytest.mark.parametrize("content", [b"", b"\n\r\n", extract(PERSONS_56, [])], ids=["nothing", "blank", "header alone"])
def test_an_empty_file_is_a_failed_source(read: Read, content: bytes):
    reading = read(content)
    assert reading.report.status is SourceStatus.FAILED
    assert [issue.code for issue in reading.issues] == ["FILE_EMPTY"]


def test_a_file_without_one_usable_row_is_a_failed_source(read: Read):
    reading = read(extract(PERSONS_56, ["a|b", "c|d"]))
    assert reading.report.status is SourceStatus.FAILED
    assert [issue.code for issue in reading.issues] == ["FILE_UNREADABLE"]


def test_a_file_that_is_not_there_is_a_failed_source(tmp_path: Path):
    reading = read_register(tmp_path / "gone.txt", "register.persons", "register_persons", EVERYONE, shown="gone.txt")
    assert [issue.code for issue in reading.issues] == ["FILE_UNREADABLE"]
    assert "introuvable" in reading.report.message


def test_line_ends_byte_order_mark_and_the_last_line_change_nothing(read: Read):
    plain = extract(PERSONS_56, A_HUNDRED)
    expected = read(plain).frame
    for content in (
        extract(PERSONS_56, A_HUNDRED, end="\r\n"),
        b"\xef\xbb\xbf" + plain,
        plain.rstrip(b"\n"),
        plain + b"\n\r\n",
    ):
        reading = read(content)
        assert account(reading) == (100, 100, 0, 0)
        assert reading.frame.equals(expected)


def test_the_trailing_delimiter_may_be_absent_in_header_or_rows(read: Read):
    people = [person(number, Libellé_genre_activité="Soin") for number in range(100)]
    header, *rows = extract(PERSONS_56, people).decode().splitlines()
    bare = [row.removesuffix("|") for row in rows]
    for lines in ([header, *bare], [header.removesuffix("|"), *rows], [header.removesuffix("|"), *bare]):
        reading = read("\n".join(lines).encode())
        assert account(reading)[1:] == (100, 0, 0), reading.report.message


def test_full_duplicates_are_counted_and_kept_once(read: Read):
    reading = read(extract(PERSONS_56, [*A_HUNDRED, *A_HUNDRED[:5], A_HUNDRED[0]]))
    assert account(reading) == (106, 100, 0, 6)
    assert len(reading.frame) == 100


def test_a_row_whose_identification_disagrees_is_quarantined(read: Read):
    lines = [
        *A_HUNDRED[:2],
        person(2, Identification_nationale_PP="8" + rpps(3)),
        person(4, Identification_nationale_PP="", Identifiant_PP="", Type_d_identifiant_PP=""),
        person(5, Identification_nationale_PP=f"\u00a08{rpps(5)} "),
    ]
    wanted = Wanted(national_ids=frozenset({"8" + rpps(5)}))
    reading = read(extract(PERSONS_56, lines), wanted)
    assert account(reading) == (5, 3, 2, 0)
    assert [(issue.code, issue.location) for issue in reading.issues] == [
        ("CPX_FORMAT", "ligne 4"),
        ("CPX_MISSING", "ligne 5"),
    ]
    assert list(reading.frame["national_id"]) == ["8" + rpps(5)]


def test_only_the_wanted_are_kept_by_number_or_by_name(read: Read):
    lines = [*A_HUNDRED, person(200, Nom_d_exercice="D'ÉLIE-Roux", Prénom_d_exercice="Anne  Marie")]
    wanted = Wanted(national_ids=frozenset({"8" + rpps(3)}), names=frozenset({"delieroux|annemarie", "essai9|zoe"}))
    frame = read(extract(PERSONS_56, lines), wanted).frame
    assert list(frame["national_id"]) == ["8" + rpps(3), "8" + rpps(9), "8" + rpps(200)]
    assert list(frame["_location"]) == ["ligne 5", "ligne 11", "ligne 102"]
    assert frame["first_name"][2] == "Anne Marie"


def test_adeli_rows_are_read_like_the_others(read: Read):
    adeli = person(1, Type_d_identifiant_PP="0", Identifiant_PP="999700014", Identification_nationale_PP="0999700014")
    reading = read(extract(PERSONS_56, [adeli]), Wanted(national_ids=frozenset({"0999700014"})))
    assert list(reading.frame["id_type"]) == ["0"]


def test_cards_are_kept_by_holder_content_or_serial(read: Read):
    old_number = card(2, Identifiant_national_contenu_dans_la_carte="0999700014")
    wanted = Wanted(national_ids=frozenset({"8" + rpps(1), "0999700014"}), serials=frozenset({"9990000003"}))
    content = extract(CARDS, [card(1), old_number, card(3), card(4)], encoding="latin-1")
    reading = read(content, wanted, "register_cards")
    assert account(reading) == (4, 4, 0, 0)
    assert list(reading.frame["serial"]) == ["9990000001", "9990000002", "9990000003"]
    assert list(reading.frame["ends_on"]) == ["2028-01-14"] * 3
    assert [issue.code for issue in reading.issues] == ["ENCODING"]


def test_issues_are_named_up_to_a_limit_and_then_counted(read: Read, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(complaints, "MOST_ISSUES", 3)
    reading = read(extract(PERSONS_56, [*A_HUNDRED[:10], *["court|"] * 8]))
    assert account(reading) == (18, 10, 8, 0)
    assert [issue.code for issue in reading.issues] == ["ROW_WIDTH"] * 4
    assert reading.issues[-1].message.startswith("5 autres lignes")


def test_a_line_without_end_is_passed_over_and_the_next_ones_read(read: Read):
    lines = [A_HUNDRED[0], "x" * (3 * LONGEST), A_HUNDRED[1], "y" * (LONGEST + 1), A_HUNDRED[2]]
    reading = read(extract(PERSONS_56, lines))
    assert account(reading) == (5, 3, 2, 0)
    assert [issue.location for issue in reading.issues] == ["ligne 3", "ligne 5"]


def test_a_nul_is_a_character_like_another(read: Read):
    reading = read(extract(PERSONS_56, [*A_HUNDRED, person(100, Raison_sociale_site="A\0B")]))
    assert account(reading) == (101, 101, 0, 0)


def zipped(path: Path, members: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path.read_bytes()


def test_the_fitting_member_of_a_zip_is_read(read: Read, tmp_path: Path):
    members = {
        "PS_LibreAcces_SavoirFaire_202611210800.txt": extract(SKILLS, []),
        "PS_LibreAcces_Personne_activite_202611210800.txt": extract(PERSONS_56, A_HUNDRED),
        "Porteurs_CPS_CPF_202611210800.txt": extract(CARDS, [card(1)]),
    }
    content = zipped(tmp_path / "made", members)
    assert account(read(content, name="PS_LibreAcces_202611220801.zip")) == (100, 100, 0, 0)
    cards = read(content, contract_name="register_cards", name="PS_LibreAcces_202611220801.zip")
    assert account(cards) == (1, 1, 0, 0)


def test_a_zip_that_cannot_serve_is_a_failed_source(read: Read, tmp_path: Path):
    good = zipped(tmp_path / "made", {"a.txt": extract(PERSONS_56, A_HUNDRED)})
    encrypted = good.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert encrypted != good
    for content in (
        zipped(tmp_path / "nested", {"a.zip": good}),
        zipped(tmp_path / "empty", {}),
        encrypted,
        good[: len(good) // 2],
        good[:200] + b"\0" * 50 + good[250:],
    ):
        reading = read(content, name="x.zip")
        assert [issue.code for issue in reading.issues] == ["FILE_UNREADABLE"], reading.report
        assert reading.report.status is SourceStatus.FAILED


def test_progress_ends_at_the_whole(tmp_path: Path):
    path = tmp_path / "x.txt"
    path.write_bytes(extract(PERSONS_56, A_HUNDRED))
    told: list[tuple[int, int]] = []
    read_register(path, "s", "register_persons", EVERYONE, shown="x", progress=lambda *done: told.append(done))
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_the_report_has_the_digest_of_the_file(read: Read):
    content = extract(PERSONS_56, A_HUNDRED)
    report = read(content).report
    assert (report.sha256, report.size) == (hashlib.sha256(content).hexdigest(), len(content))


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
@example("D'ÉLIE - Roux\u00a0d’Œuf")
def test_a_name_compared_as_bytes_is_the_name_compared_as_text(text: str):
    assert name_bytes(text.encode()) == name_key(text).encode()


@given(st.text(st.characters(max_codepoint=0x17F), max_size=12))
def test_letters_of_western_europe_are_what_they_are_beside_any_other(text: str):
    if not is_certain(text.encode()):
        return
    alone = (name_key(one).encode() if one.isascii() else _folded(ord(one)) for one in text)
    assert b"".join(alone) == name_bytes(text.encode())


def _folded(code: int) -> bytes:
    found = FOLDED[code - 0x80]
    return found.to_bytes(4, "little")[: found >> 24]


SOME_LINES = st.lists(
    st.one_of(st.sampled_from(A_HUNDRED[:4]).map(str.encode), st.binary(max_size=60), st.just(b"|" * 56)),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail)),
    SOME_LINES,
    st.booleans(),
)
def test_no_bytes_whatever_make_a_reader_raise(tmp_path: Path, junk: bytes, lines: list[bytes], headed: bool):
    path = tmp_path / "x.txt"
    header = extract(PERSONS_56, []) if headed else b""
    path.write_bytes((header + b"\n".join(lines) + junk) if headed else junk)
    for name in ("register_persons", "register_cards"):
        options: dict[str, Any] = {"shown": "x"}
        assert balanced(read_register(path, "s", name, EVERYONE, **options))


def test_a_column_label_of_a_page_is_not_repeated_whole(read: Read):
    content = extract(PERSONS_56, [person(1)]).replace(b"|\n", b"|" + b"x" * 30_000 + b"|\n", 1)
    assert all(len(note) < 1000 for note in read(content).report.notes)
