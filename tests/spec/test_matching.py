"""How a workbook line finds its account, in the order of certainty, and which spellings of a name suffice."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipelines.matching.match import Match, match
from schemas.people.identifiers import with_luhn_key
from tests.spec.night import play
from tests.spec.tables import (
    ANNE,
    ES_11,
    OTHER_ES,
    Line,
    Person,
    account,
    registered,
    row,
)

MARIE = Person(70, "DE LA FACTICE-SONGE", "Marie-Claude")
OLD, OLDER = ("0" + with_luhn_key(f"4599000{number}") for number in (1, 2))


def matched(annuaire: Sequence[Line], line: Line, *, register: Sequence[Line] | None = None, **more: object) -> Match:
    """The match of one line; nobody else is in the workbook."""
    found = play(annuaire, [line], register=register, kept=False, **more)  # type: ignore[arg-type]  # play's own
    (one,) = match(found.snapshot)
    return one


# ── in the order of certainty ────────────────────────────────────────────────────────────────────


def test_by_the_national_number_wherever_they_work() -> None:
    found = matched([account(ANNE, ES_11)], row(ANNE, email="autre@example.org"))
    assert (found.how, found.account_id) == ("number", ANNE.account_id)


@pytest.mark.parametrize("typed", [OLD, OLDER])
def test_by_each_of_several_adeli_numbers_of_one_person(typed: str) -> None:
    found = matched(
        [account(ANNE, ES_11)],
        row(ANNE, cpx_number=typed, email="autre@example.org"),
        crosswalk={OLD: ANNE.rpps, OLDER: ANNE.rpps},
    )
    assert (found.how, found.account_id, found.person_id) == ("number", ANNE.account_id, ANNE.rpps)
    assert found.likeness is not None
    assert found.likeness.evidence.number == "crosswalk"


def test_by_the_serial_of_the_card() -> None:
    found = matched([account(ANNE, ES_11)], row(ANNE, cpx_number=ANNE.card_serial, email="autre@example.org"))
    assert (found.how, found.account_id) == ("number", ANNE.account_id)
    assert found.likeness is not None
    assert found.likeness.evidence.number == "serial"


def test_by_the_address_with_the_name_without_a_number_at_another_structure() -> None:
    found = matched([account(ANNE, OTHER_ES)], row(ANNE, cpx_number=""))
    assert (found.how, found.account_id) == ("name_email", ANNE.account_id)


def test_by_the_name_with_the_establishment_without_a_number_or_an_address() -> None:
    found = matched([account(ANNE)], row(ANNE, cpx_number="", email="", phone=""))
    assert (found.how, found.account_id) == ("name_structure", ANNE.account_id)


def test_by_the_register_where_the_account_has_another_name() -> None:
    """Married: the account keeps the old name, and its number; the line has the new one and none."""
    married = replace(ANNE, last_name="SONGE")
    found = matched(
        [account(ANNE, OTHER_ES, email="autre@example.org")],
        row(married, cpx_number="", email="", phone=""),
        register=[registered(married)],
    )
    assert (found.how, found.account_id, found.person_id) == ("register_name", ANNE.account_id, ANNE.rpps)


def test_what_is_only_alike_is_for_somebody_to_decide_with_the_candidates_and_the_evidence() -> None:
    night = play([account(ANNE)], [row(ANNE, last_name="EXMEPLE", cpx_number="", email="", phone="")])
    change = night.one("ambiguous_match")
    assert any(ANNE.account_id in (one.after or "") for one in change.fields)


def test_the_name_alone_elsewhere_gives_nobody_an_account() -> None:
    found = matched([account(ANNE, ES_11)], row(ANNE, cpx_number="", email="", phone=""), register=[])
    assert (found.how, found.account_id) == ("doubt", None)


def test_a_line_that_is_like_nobody_is_somebody_new() -> None:
    assert matched([account(ANNE)], row(MARIE)).how == "new"


# ── names ────────────────────────────────────────────────────────────────────────────────────────

USED = {
    "without accents": ("DE LA FACTICE-SONGE", "MARIE-CLAUDE"),
    "birth name": ("FACTICE", "Marie-Claude"),
    "married name": ("SONGE", "Marie-Claude"),
    "born": ("SONGE née FACTICE", "Marie-Claude"),
    "compound in the other order": ("DE LA SONGE-FACTICE", "Marie-Claude"),
    "hyphens lost": ("DE LA FACTICE SONGE", "Marie Claude"),
    "hyphens and spaces lost": ("DELAFACTICESONGE", "MarieClaude"),
    "swapped": ("Marie-Claude", "DE LA FACTICE-SONGE"),
    "one of several first names": ("DE LA FACTICE-SONGE", "Marie"),
    "more first names": ("DE LA FACTICE-SONGE", "Marie-Claude Anne"),
    "a title inside": ("Dr DE LA FACTICE-SONGE", "Marie-Claude"),
    "in one cell": ("DE LA FACTICE-SONGE Marie-Claude", ""),
}
USED_WITH_A_TELEPHONE = {
    "particle lost": ("FACTICE-SONGE", "Marie-Claude"),
}
DECIDED = {
    "initials": ("DE LA FACTICE-SONGE", "M.-C."),
    "typing error in the name": ("DE LA FACTICE-SOGNE", "Marie-Claude"),
    "typing error in the first name": ("DE LA FACTICE-SONGE", "Marie-Cladue"),
}


@pytest.mark.parametrize("form", USED)
def test_a_name_written_in_another_way_at_the_same_establishment_is_used(form: str) -> None:
    last, first = USED[form]
    found = matched([account(MARIE)], row(MARIE, last_name=last, first_name=first, cpx_number="", email="", phone=""))
    assert found.account_id == MARIE.account_id, found


@pytest.mark.parametrize("form", USED_WITH_A_TELEPHONE)
def test_what_says_less_than_a_name_wants_the_telephone_too(form: str) -> None:
    last, first = USED_WITH_A_TELEPHONE[form]
    line = row(MARIE, last_name=last, first_name=first, cpx_number="", email="")
    assert matched([account(MARIE)], line).account_id == MARIE.account_id
    silent = replace(line, cells={**line.cells, "phone": ""})
    assert matched([account(MARIE)], silent).how == "doubt"


@pytest.mark.parametrize("form", DECIDED)
def test_a_guess_at_a_name_is_left_to_somebody_and_used_beside_the_number(form: str) -> None:
    last, first = DECIDED[form]
    alone = row(MARIE, last_name=last, first_name=first, cpx_number="")
    assert matched([account(MARIE)], alone).how == "doubt"
    assert matched([account(MARIE)], row(MARIE, last_name=last, first_name=first)).account_id == MARIE.account_id


@pytest.mark.parametrize(
    ("account_name", "line_name"), [("CŒURFICTIF", "COEURFICTIF"), ("MÜLLERFICTIF", "MUELLERFICTIF")]
)
def test_ligatures_and_transliterations_are_used(account_name: str, line_name: str) -> None:
    who = Person(71, account_name, "Zoé")
    line = row(who, last_name=line_name, cpx_number="", email="", phone="")
    assert matched([account(who)], line).account_id == who.account_id
