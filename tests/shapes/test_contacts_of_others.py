"""An address or a telephone that its own cell gives to somebody else is no news of the person of the row."""

import pytest

from tests.shapes.test_told_beside import grid, told

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}
NEW = "nouvelle@example.org"


def changed(column: str, text: str) -> list[str]:
    cells = grid()
    cells[1][LABELS_AT[column]] = text
    return [str(one.after) for change in told({"Liste": cells}).changes for one in change.fields]


@pytest.mark.parametrize(
    "text",
    [
        f"secrétariat : {NEW}",
        f"{NEW} (secr.)",
        f"{NEW} (Mme Petit)",
        f"UHV : {NEW}",
        f"Marie PETIT <{NEW}>",
        f"copie à {NEW}",
        f"{NEW} - assistante",
    ],
)
def test_an_address_said_to_be_anothers_changes_nobody(text: str) -> None:
    assert changed("Courriel", text) == []


@pytest.mark.parametrize("text", [NEW, f"pro : {NEW}", f"Thomas MARTIN <{NEW}>", f"mail {NEW}", f"{NEW} (bureau)"])
def test_an_address_with_words_that_say_nothing_of_others_is_theirs(text: str) -> None:
    assert changed("Courriel", text) == [NEW]


def test_of_two_telephones_the_one_that_is_the_secretarys_is_left_out() -> None:
    assert changed("Téléphone", "secr. 01 99 00 11 22 / portable 06 39 98 00 11") == ["06 39 98 00 11"]
    assert changed("Téléphone", "01 99 00 11 22 (standard)") == []


@pytest.mark.parametrize(
    "text",
    [
        "thomas martin@clinique.example.org",
        "béranger zoe@example.org",
        "Thomas martin@clinique.example.org",
        "p0@example.orgTél. 02 99 00 12 00",
        "p0@example.orgport 06 39 98 00 11",
    ],
)
def test_an_address_cut_at_a_space_or_glued_to_a_word_is_not_taken_for_another(text: str) -> None:
    assert changed("Courriel", text) == []


def test_of_two_addresses_the_one_that_bears_the_name_is_theirs() -> None:
    assert changed("Courriel", "hemovigilance@chv.example.org ; t.martin@chv.example.org") == [
        "t.martin@chv.example.org"
    ]


TODAY = "06 39 98 00 11"


@pytest.mark.parametrize(
    "text",
    [
        f"ne plus composer le 02 99 00 12 00, appeler le {TODAY}",
        f"02 99 00 12 00 ne répond plus : faire le {TODAY}",
        f"remplacée par {TODAY}",
        f"{TODAY} fax 02 99 77 66 55",
        f"Télécopie : 02 99 77 66 55 - Tél : {TODAY}",
    ],
)
def test_a_number_that_took_another_s_place_is_told_and_a_fax_is_none(text: str) -> None:
    assert changed("Téléphone", text) == [TODAY]


def test_a_number_of_before_says_nothing_of_today_and_nobody_left() -> None:
    cells = grid()
    cells[1][LABELS_AT["Téléphone"]] = "ex 02 99 00 12 00"
    assert told({"Liste": cells}).changes == ()


@pytest.mark.parametrize(("last", "first"), [("Leroy Claire", "Claire"), ("Claire LEROY", "Claire")])
def test_a_first_name_that_stands_in_both_cells_is_no_other_name(last: str, first: str) -> None:
    cells = grid()
    row = next(one for one in cells if one[LABELS_AT["Nom"]] == "LEROY")
    row[LABELS_AT["Nom"]], row[LABELS_AT["Prénom"]], row[LABELS_AT["N° CPx"]] = last, first, ""
    assert [one.reasons[0] for one in told({"Liste": cells}).changes if one.fields] == []
