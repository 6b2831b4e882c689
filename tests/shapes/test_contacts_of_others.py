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


@pytest.mark.parametrize("text", ["thomas martin@exemple.org", "MARTIN thomas@exemple.org"])
def test_an_address_torn_from_its_first_part_is_nobodys(text: str) -> None:
    assert changed("Courriel", text) == []


def test_a_whole_name_before_an_address_tears_nothing() -> None:
    assert changed("Courriel", "Thomas MARTIN martin@exemple.org") == ["martin@exemple.org"]


@pytest.mark.parametrize(
    "text",
    [
        "ne plus composer le 02 99 00 12 00, composer le 06 39 98 00 22",
        "02 99 00 12 00 (ne fonctionne plus, prendre le 06 39 98 00 22)",
        "remplacée par le 06 39 98 00 22",
        "06 39 98 00 22 - ancien numéro : 02 99 00 12 00",
    ],
)
def test_of_an_old_and_a_new_number_the_new_one_is_read(text: str) -> None:
    assert changed("Téléphone", text) == ["06 39 98 00 22"]


@pytest.mark.parametrize("text", ["ex 02 99 00 12 00", "06 39 98 00 22 hors service"])
def test_a_number_that_is_said_to_be_dead_is_no_news_and_no_departure(text: str) -> None:
    assert changed("Téléphone", text) == []


@pytest.mark.parametrize("text", ["le goff@exemple.org", "de la roche@exemple.org", "nouvelle@example.org, tél idem"])
def test_the_end_of_somebody_elses_address_and_what_is_unchanged_are_no_news(text: str) -> None:
    assert changed("Courriel", text) == []


def test_an_address_ends_where_the_next_word_begins() -> None:
    assert changed("Courriel", "nouvelle@example.orgTél 02 99 00 12 00") == [NEW]


def test_of_two_addresses_the_one_with_their_name_goes_before_a_shared_box() -> None:
    assert changed("Courriel", "hemovigilance@exemple.org ; t.martin@exemple.org") == ["t.martin@exemple.org"]


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
