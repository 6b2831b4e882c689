"""Names of one person as different hands write them, and names of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.names import Name, bag, compare, first_names, last_names, sound, spellings, without_particles, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FACTICE-MODÈLE", "Factice Modele"),
        ("D'ESSAI", "DESSAI"),
        ("CŒURVRAI", "COEURVRAI"),
        ("Dr SONGE", "SONGE"),
        ("SONGE Pr", "SONGE"),
        ("ST-INVENTÉ", "SAINT INVENTE"),
    ],
)
def test_case_accents_hyphens_ligatures_titles_and_abbreviations_are_no_difference(one: str, other: str) -> None:
    assert last_names(one, other) == "same"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("DE LA BRUME", "BRUME", "particle"),
        ("D'ESSAI", "ESSAI", "particle"),
        ("VAN DER CHIMÈRE", "CHIMERE", "particle"),
        ("FACTICE-MODÈLE", "MODELE FACTICE", "order"),
        ("FACTICE-MODÈLE", "FACTICE", "part"),
        ("VU-SCHMITT", "VU", "part"),
        ("SONGE née FACTICE", "FACTICE", "part"),
        ("FACTICE épouse SONGE", "SONGE FACTICE", "order"),
        ("MUELLERIN", "MÜLLERIN", "sound"),
        ("TCHIMOVSKI", "CHIMOWSKY", "sound"),
        ("EXEMPLE", "EXAMPLE", "near"),
        ("EXEMPLE", "EXMEPLE", "near"),
        ("EXEMPLE", "SONGE", "other"),
        ("", "SONGE", "missing"),
    ],
)
def test_a_last_name_says_how_it_is_like_another(one: str, other: str, level: str) -> None:
    assert last_names(one, other) == last_names(other, one) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Anne-Sophie", "ANNE SOPHIE", "same"),
        ("Anne-Sophie", "Sophie Anne", "same"),
        ("Anne-Sophie", "Anne", "several"),
        ("Marie, Claude, Anne", "Claude", "several"),
        ("Jean-Pierre", "J.-P.", "initial"),
        ("Jean-Pierre", "JP", "initial"),
        ("Marie-Claude", "M. Claude", "initial"),
        ("Anne", "A.", "initial"),
        ("Mohammed", "Mohamed", "sound"),
        ("Youssef", "Yousef", "sound"),
        ("Philippe", "Filippe", "sound"),
        ("Nathalie", "Natahlie", "near"),
        ("Anne", "Luc", "other"),
        ("Anne", "", "missing"),
    ],
)
def test_a_first_name_says_how_it_is_like_another(one: str, other: str, level: str) -> None:
    assert first_names(one, other) == first_names(other, one) == level


@pytest.mark.parametrize(
    ("one", "other"),
    [("René", "Renée"), ("Michel", "Michèle"), ("Frédéric", "Frédérique"), ("Jean", "Jeanne"), ("Daniel", "Danielle")],
)
def test_a_husband_and_a_wife_of_like_first_names_are_never_strongly_alike(one: str, other: str) -> None:
    assert not compare(("EXEMPLE", one), ("EXEMPLE", other)).strong


def test_a_short_name_is_near_to_none() -> None:
    assert last_names("LEE", "LEA") == "other"


def test_a_particle_alone_is_a_name() -> None:
    assert without_particles(words_of("DA")) == ("da",)


def test_last_and_first_name_swapped_are_one_name() -> None:
    found = compare(("Anne", "EXEMPLE"), ("EXEMPLE", "Anne"))
    assert (found.order, found.strong) == ("swapped", True)


def test_a_name_in_one_cell_is_the_name_in_two() -> None:
    found = compare(("EXEMPLE Anne", ""), ("EXEMPLE", "Anne"))
    assert (found.order, found.strong) == ("joined", True)


def test_a_last_name_without_first_name_is_not_strong() -> None:
    assert not compare(("EXEMPLE", ""), ("EXEMPLE", "Anne")).strong


@pytest.mark.parametrize("first", ["A.", "Amne", "Luc"])
def test_an_initial_or_a_typing_error_is_never_strong(first: str) -> None:
    assert not compare(("EXEMPLE", "Anne"), ("EXEMPLE", first)).strong


def test_the_bag_of_words_is_equal_for_swapped_reversed_hyphenless_and_respelled_names() -> None:
    forms: list[Name] = [
        ("MÜLLERIN-D'ESSAI", "Mohammed"),
        ("ESSAI MUELLERIN", "Mohamed"),
        ("Mohamed", "Muellerin d'Essai"),
    ]
    assert len({bag(form) for form in forms}) == 1


def test_a_register_is_asked_for_the_name_as_it_stands_swapped_reversed_and_without_particle() -> None:
    assert spellings("FACTICE-MODÈLE", "Anne") == ("facticemodele|anne", "anne|facticemodele", "modelefactice|anne")
    assert spellings("D'ESSAI", "Anne") == ("dessai|anne", "anne|dessai", "essai|anne")


def test_doubled_vowels_are_heard_and_doubled_consonants_are_not() -> None:
    assert sound("renee") != sound("rene")
    assert sound("mohammed") == sound("mohamed")


some_name = st.tuples(
    st.text("ABCDÉÈeio -'.", min_size=1, max_size=12), st.text("abcdéèEIO -'.", min_size=0, max_size=10)
)


@given(some_name, some_name)
def test_a_likeness_is_the_same_from_either_side(one: Name, other: Name) -> None:
    assert compare(one, other).strong == compare(other, one).strong


@given(some_name.filter(lambda name: any(map(str.isalnum, name[0])) and any(map(str.isalnum, name[1]))))
def test_a_name_is_strongly_like_itself(name: Name) -> None:
    assert compare(name, name).strong
