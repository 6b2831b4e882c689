"""A figure says how much of what it counts is known: what nobody knows is never a 0 nor a percentage."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.glyphs import NBSP
from schemas.reports.health import FIGURES, Health
from schemas.reports.known_figure import Figure, Last, causes_text, enough, figure_cell, figure_text
from schemas.reports.unknown_sentences import unknown_texts

THEN = Last(12, date(2026, 11, 21))

counts = st.integers(min_value=0, max_value=500)
healths = st.builds(Health, st.just("24"), ready=counts, lost=counts, unknown=counts)


def test_the_threshold_is_data() -> None:
    assert enough() == 0.8


@pytest.mark.parametrize(
    ("figure", "text", "cell", "value"),
    [
        (Figure(12, 402, 402), "12", "12", 12),
        (Figure(0, 402, 402), "0", "0", 0),
        (Figure(12, 400, 402), "au moins 12", f"≥{NBSP}12", 12),
        (Figure(0, 400, 402), "aucun sur 400 connus", "0 sur\u00a0400", 0),
        (Figure(12, 100, 402), "au moins 12", f"≥{NBSP}12", 12),
        (Figure(0, 100, 402), "inconnu (jamais connu)", "inconnu", None),
        (Figure(0, 0, 402, last=THEN), f"inconnu (dernier chiffre connu{NBSP}: 12 au 21/11/2026)", "inconnu", None),
        (Figure(0, 0, 0), "0", "0", 0),
        (Figure(0, 402, 402, declared=402), "0", "0", 0),
    ],
)
def test_a_figure_is_said_as_far_as_it_is_known(figure: Figure, text: str, cell: str, value: int | None) -> None:
    assert (figure_text(figure), figure_cell(figure), figure.value) == (text, cell, value)


@pytest.mark.parametrize(
    ("known", "declared", "basis"),
    [(80, 0, "verified"), (79, 0, "unknown"), (100, 20, "verified"), (100, 21, "declared"), (79, 79, "unknown")],
)
def test_four_fifths_must_be_known_and_a_declaration_verifies_nothing(known: int, declared: int, basis: str) -> None:
    assert Figure(0, known, 100, declared).basis == basis


def test_json_tells_a_minimum_from_a_count_and_from_nothing() -> None:
    assert Figure(3, 90, 100).document() == {"value": 3, "at_least": True, "last_known": None}
    assert Figure(0, 7, 100, last=THEN).document() == {
        "value": None,
        "at_least": True,
        "last_known": {"count": 12, "day": "2026-11-21"},
    }


def test_causes_are_counted_where_there_are_several() -> None:
    assert causes_text((("doubt", 4),)) == "identité à vérifier"
    said = causes_text((("unread", 140), ("doubt", 4)), "registre périmé")
    assert said == f"registre périmé{NBSP}: 140, identité à vérifier{NBSP}: 4"


@given(healths)
def test_no_share_no_green_and_no_naught_below_the_threshold(one: Health) -> None:
    known = (one.ready + one.lost) / one.accounts if one.accounts else 1
    if known < enough():
        assert one.share is None
        assert one.state in ("lost", "unknown")
        assert [one.figure(name).value for name in FIGURES if name != "blocked"].count(0) == 0
        assert unknown_texts(one, "registre périmé")
    elif one.accounts:
        assert one.state in ("lost", "good")
        assert one.share == one.ready / (one.ready + one.lost)


@given(healths, st.integers(min_value=1, max_value=10**4))
def test_dates_that_nothing_confirms_are_no_share_and_not_in_order(one: Health, ready: int) -> None:
    said = replace(one, ready=ready, declared=ready + one.lost)
    assert said.share is None
    assert said.state != "good"


def test_what_was_known_last_is_said_with_its_day() -> None:
    one = Health("24", ready=3, unknown=34, because=(("unread", 34),))
    assert unknown_texts(one, "registre périmé")[0].endswith("Jusqu’ici, il n’a jamais été connu.")
    known = replace(one, last=(("lost", THEN), ("ending", Last(1, THEN.day))))
    assert unknown_texts(known, "registre périmé") == (
        "Des 37 comptes que vous tenez à jour, 34 ont un accès inconnu (registre périmé)\u00a0: les accès perdus ou "
        "menacés indiqués ici ne sont qu’un minimum. Derniers chiffres connus, au 21/11/2026\u00a0: 12 sans accès, "
        "1 le perdant d’ici 30 jours.",
    )


def test_what_is_whole_needs_no_words() -> None:
    assert unknown_texts(Health("24", ready=3), "") == ()
    assert unknown_texts(Health("24"), "") == ()
