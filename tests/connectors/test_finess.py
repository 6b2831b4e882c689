"""The FINESS stock in its legacy and its JSON form: one frame, and closed only where FINESS+ says so."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sources.finess import COLUMNS, read_finess
from connectors.sources.result import Reading
from schemas.reading.source import SourceStatus

FIRST = "finess;etalab;98;2026-05-04\n"
PLACE = "geolocalisation;750999013;650000.0;6860000.0;1,ATLASANTE,100;2024-01-01\n"


def structure(finess: str = "750999013", departement: str = "75", long_name: str = "HÔPITAL FICTIF LONG") -> str:
    cells = [""] * 32
    cells[0:5] = ["structureet", finess, "750999005", "HOPITAL FICTIF", long_name]
    cells[13], cells[18] = departement, "355"
    return ";".join(cells) + "\n"


def ege(finess: str | None = "750999013", state: str = "A", commune: str = "75056", **more: Any) -> dict[str, Any]:
    return {
        "informationsGeneralesEGE": {"numFinessEge": finess, "nomEgeCourt": "HOP", "nomEgeLong": "HÔPITAL"},
        "categorieentiteGeographiqueExercice": "355",
        "etatObjet": state,
        "adresse": [{"cogCommune": commune, "codePostal": "75099"}],
        **more,
    }


def finess_plus(*sites: Any, **more: Any) -> bytes:
    legal = {"informationsGeneralesPMEJ": {"numFinessPm": "750999005", "siren": "1"}, "ege": list(sites)}
    return json.dumps({"gco": [{"pmejDuGco": []}], "pmej": [legal], **more}).encode()


def read(folder: Path, **files: bytes) -> Reading:
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    reading = read_finess(paths, "register.structures", shown="finess/*")
    report = reading.report
    assert report.rows_read == report.rows_accepted + report.rows_rejected + report.rows_duplicate
    assert list(reading.frame.columns) == list(COLUMNS)
    return reading


def account(reading: Reading) -> tuple[int, int, int, int]:
    report = reading.report
    return report.rows_read, report.rows_accepted, report.rows_rejected, report.rows_duplicate


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_the_legacy_stock_gives_name_category_and_region(tmp_path: Path, encoding: str):
    reading = read(tmp_path, stock=(FIRST + structure() + PLACE).encode(encoding))
    assert account(reading) == (2, 2, 0, 0)
    assert reading.frame.iloc[0].to_dict() == {
        "finess": "750999013",
        "finess_legal": "750999005",
        "name": "HÔPITAL FICTIF LONG",
        "category": "355",
        "departement": "75",
        "region_code": "11",
        "is_open": "oui",
        "closed_on": "",
        "_location": "ligne 2",
    }


@pytest.mark.parametrize(
    ("departement", "region"), [("9A", "01"), ("9D", "04"), ("9F", "06"), ("2A", "94"), ("1", "84")]
)
def test_departments_of_the_legacy_stock_lead_to_their_region(tmp_path: Path, departement: str, region: str):
    frame = read(tmp_path, stock=(FIRST + structure(departement=departement)).encode()).frame
    assert frame["region_code"][0] == region


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"LIEU DE VIE ""X"""', 'LIEU DE VIE "X"'),
        ('"FOYER ; ANNEXE ""Y"""', 'FOYER ; ANNEXE "Y"'),
        ('"A;B"', "A;B"),
        ('RUE "DU" PORT', 'RUE "DU" PORT'),
        ('"MAISON', '"MAISON'),
    ],
)
def test_a_name_may_be_quoted_with_delimiters_inside_or_have_a_stray_quote(tmp_path: Path, written: str, name: str):
    reading = read(tmp_path, stock=(FIRST + structure().replace("HÔPITAL FICTIF LONG", written)).encode())
    assert account(reading) == (1, 1, 0, 0)
    assert list(reading.frame["name"]) == [name]
    assert list(reading.frame["category"]) == ["355"]


def test_a_legacy_row_of_the_wrong_width_or_kind_is_quarantined(tmp_path: Path):
    lines = [FIRST, structure(), "structureet;750999021;trop court\n", "autre;1\n", structure(finess="")]
    reading = read(tmp_path, stock="".join(lines).encode())
    assert account(reading) == (4, 1, 3, 0)
    assert [(issue.code, issue.location) for issue in reading.issues] == [
        ("ROW_WIDTH", "ligne 3"),
        ("ROW_WIDTH", "ligne 4"),
        ("FINESS_FORMAT", "ligne 5"),
    ]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["json", "json.gz"])
def test_finess_plus_says_which_establishments_are_closed(tmp_path: Path, pack: Any):
    reading = read(tmp_path, plus=pack(finess_plus(ege(), ege("2A0999020", "I", "2A004"))))
    assert account(reading) == (2, 2, 0, 0)
    assert list(reading.frame["is_open"]) == ["oui", "non"]
    assert list(reading.frame["departement"]) == ["75", "2A"]
    assert list(reading.frame["region_code"]) == ["11", "94"]
    assert list(reading.frame["finess_legal"]) == ["750999005"] * 2
    assert list(reading.frame["name"]) == ["HÔPITAL"] * 2
    assert list(reading.frame["category"]) == ["355"] * 2


def test_state_and_address_may_lie_among_the_general_information(tmp_path: Path):
    inside = {"numFinessEge": "970999018", "etatObjet": "I", "adresse": [{"codePostal": "97100"}]}
    content = json.dumps({"pmej": [{"ege": [{"informationsGeneralesEGE": inside}]}]}).encode()
    frame = read(tmp_path, plus=content).frame
    assert (frame["is_open"][0], frame["departement"][0], frame["region_code"][0]) == ("non", "971", "01")


def test_an_establishment_without_number_is_quarantined_with_its_place(tmp_path: Path):
    reading = read(tmp_path, plus=finess_plus(ege(), ege(None), "rien"))
    assert account(reading) == (3, 1, 2, 0)
    assert [issue.location for issue in reading.issues] == [
        "plus, personne morale n° 1, établissement n° 2",
        "plus, personne morale n° 1, établissement n° 3",
    ]


def test_finess_plus_wins_over_the_legacy_stock_in_any_order(tmp_path: Path):
    legacy, plus = (FIRST + structure()).encode(), finess_plus(ege(state="I"))
    for reading in (read(tmp_path, a=legacy, b=plus), read(tmp_path, a=plus, b=legacy)):
        assert account(reading) == (2, 1, 0, 1)
        assert list(reading.frame["is_open"]) == ["non"]


def test_a_large_finess_plus_file_is_read_entity_by_entity(tmp_path: Path):
    sites = [ege(f"75{number:07d}", nomEgeLong="É" * 900) for number in range(900)]
    assert account(read(tmp_path, plus=finess_plus(*sites[:450]))) == (450, 450, 0, 0)
    entities = [{"ege": [site]} for site in sites]
    assert account(read(tmp_path, plus=json.dumps({"pmej": entities}, indent=1).encode())) == (900, 900, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        finess_plus(ege())[:-40],
        finess_plus(ege())[:-1],
        finess_plus(ege()).replace(b"75056", b"75056\xff"),
        b"{}",
        b'{"pmej": ' + b"[" * 100_000,
        gzip.compress(finess_plus(ege()))[:-9],
        b"autre;fichier\n",
        b"%PDF-1.7",
    ],
    ids=[
        "cut inside",
        "cut at the end",
        "not UTF-8",
        "no pmej",
        "bottomless",
        "cut gzip",
        "other csv",
        "pdf",
    ],
)
def test_a_file_that_is_not_a_whole_stock_is_a_failed_source(tmp_path: Path, content: bytes):
    reading = read(tmp_path, x=content)
    assert reading.report.status is SourceStatus.FAILED
    assert [issue.code for issue in reading.issues] == ["FILE_UNREADABLE"]


def test_one_unusable_file_holds_back_the_whole_source(tmp_path: Path):
    assert read(tmp_path, a=finess_plus(ege()), b=b"{").report.status is SourceStatus.FAILED


@pytest.mark.parametrize(
    "content", [b"", FIRST.encode(), b'{"pmej": []}'], ids=["nothing", "first line alone", "no entity"]
)
def test_an_empty_stock_is_a_failed_source(tmp_path: Path, content: bytes):
    reading = read(tmp_path, x=content)
    assert reading.report.status is SourceStatus.FAILED
    assert {issue.code for issue in reading.issues} <= {"FILE_EMPTY", "FILE_UNREADABLE"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("750999013"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ege", "adresse", "numFinessEge", "informationsGeneralesEGE", "etatObjet"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(JSON, max_size=3))
def test_no_shape_of_json_makes_the_reader_raise(tmp_path: Path, entities: list[Any]):
    read(tmp_path, x=json.dumps({"pmej": entities}).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.sampled_from([b"", FIRST.encode(), (FIRST + structure()).encode(), b'{"pmej":[', b"\x1f\x8b"]),
    st.binary(max_size=200),
)
def test_no_bytes_whatever_make_the_reader_raise(tmp_path: Path, opening: bytes, content: bytes):
    read(tmp_path, x=opening + content)
