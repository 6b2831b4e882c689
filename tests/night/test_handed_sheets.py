"""The handed sheets: one truth in many shapes, each with what a careful human concludes (tests/cases)."""

from pathlib import Path

import pytest

from tests.night.sheets import SHEETS, Played, play_sheet

TEN = ["BÉRANGER", "D'ORNANO", "DUPONT-MARTIN", "KÖNIG", "LE GOFF", "LEROY", "MARTIN", "NGUYEN", "PETIT", "ROUX"]
RIGHT: dict[str, tuple[list[tuple[str, str]], list[str]]] = {  # sheet → its changes, what is said of it
    "00": ([], []),
    "06": ([], ["FILLED_DOWN"]),
    "12": ([], ["NUMBER_UNDRESSED", "NUMBER_REFORMATTED", "TYPE_DIGIT_ADDED"]),
    "14": ([], []),
    "19": ([], ["FINESS_LEGAL_ENTITY"]),
    # the annuaire has a later end: for a CPE the workbook knows best, and the date is corrected, too (contract §6)
    "31": ([("card_expiring", "LEROY"), ("card_renewed", "LEROY")], ["DATE_REFORMATTED"]),
    "37": ([], ["VACANCY"]),
    "38": ([], ["FILLED_DOWN"]),
    "40": ([], []),
    "42": ([], []),
    "43": ([], ["NAMES_SWAPPED"]),
    "51": ([], ["SHEET_SKIPPED"]),
    "60": ([], []),
    "63b": ([("ambiguous_match", "NOUVELLE")], ["NUMBER_UNDRESSED"]),
    "65": ([], ["VACANCY"]),
    "66": ([(reason, name) for reason in ("left", "no_assignment_left") for name in TEN], []),
}


def play(folder: Path, sheet: str) -> Played:
    [path] = SHEETS.glob(f"{sheet}_*.xlsx")
    return play_sheet(folder, path)


def test_every_handed_sheet_has_its_right_answer():
    assert {path.name.partition("_")[0] for path in SHEETS.iterdir()} == set(RIGHT)


@pytest.mark.parametrize("sheet", sorted(RIGHT))
def test_the_truth_is_the_same_in_every_shape(tmp_path: Path, sheet: str):
    """No change but the right ones, every row used, and each kind of reading said once for the file."""
    found = play(tmp_path, sheet)
    changes, said = RIGHT[sheet]
    assert found.table == sorted(changes)
    assert sorted(found.codes) == sorted(said)
    assert (found.source["status"], found.source["rows_rejected"]) == ("ok", 0)


def test_the_cpe_that_ends_in_words_is_told_39_days_before(tmp_path: Path):
    [change] = [one for one in play(tmp_path, "31").changes if one["reasons"] == ["card_expiring"]]
    assert ("card_expires_on", "2026-12-31") in [(one["field"], one["after"]) for one in change["fields"]]


def test_a_typed_number_is_asked_about_and_never_replaced_by_the_namesakes(tmp_path: Path):
    [change] = play(tmp_path, "63b").changes
    assert (change["kind"], change["person"]["national_id"]) == ("review", "899700009998")
    assert [one["field"] for one in change["fields"] if not one["field"].startswith("differs:")] == [
        "line",
        "candidate",
    ]


def test_the_sheet_of_leavers_is_said_to_be_one(tmp_path: Path):
    [said] = [one["message"] for one in play(tmp_path, "51").rejects]
    assert "« Partis »" in said.replace("\xa0", " ")
    assert "départs" in said


def test_the_column_that_agrees_with_the_annuaire_is_named_in_the_night(tmp_path: Path):
    assert any("Feuil1!G" in note for note in play(tmp_path, "60").source["notes"])
