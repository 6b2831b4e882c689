"""Newcomers whom several rows name, or whose number nobody gives: asked about once, and of nothing that is known."""

from typing import Any

import pytest

from schemas.changes.change import Change
from tests.spec.night import Night, play
from tests.spec.tables import (
    ASSISTANT,
    ES,
    ES_11,
    OTHER_ES,
    TITULAIRE,
    Person,
    account,
    adeli,
    card,
    region,
    registered,
    row,
)

NINA, NAMESAKE, THIRD = (Person(281 + at, "DUPRAT", "Nina", "60") for at in range(3))
SECRETARY = Person(284, "SONGE", "Odile", "SEC")
BARE: dict[str, Any] = {"cpx_number": ""}


def candidates(change: Change) -> list[str]:
    """The key of each, in the order in which they are named."""
    return [(one.after or "").split(" ")[0] for one in change.fields if one.field == "candidate"]


def newcomer(*, there: str = OTHER_ES, numbered_first: bool = True, **bare: Any) -> Night:
    """Two hospitals, of which one gives the number."""
    one, two = row(NINA), row(NINA, there, **{**BARE, **bare})
    if not numbered_first:
        one, two = row(NINA, **{**BARE, **bare}), row(NINA, there)
    books = [region("24", one, *([two] if there == OTHER_ES else [])), region("11", *([two] if there == ES_11 else []))]
    return play(books=books, register=[registered(NINA, finess_site="")], cards=[card(NINA)])


ALIKE: dict[str, dict[str, Any]] = {
    "both addresses": {},
    "the e-mail": {"phone": ""},
    "the telephone": {"email": ""},
    "a number with a wrong key": {"cpx_number": NINA.rpps[:-1] + str((int(NINA.rpps[-1]) + 1) % 10)},
    "words for a number": {"cpx_number": "en cours"},
    "the name in another form": {"last_name": "Duprat", "first_name": "NINA"},
}


@pytest.mark.parametrize("there", [OTHER_ES, ES_11])
@pytest.mark.parametrize("numbered_first", [True, False])
@pytest.mark.parametrize("case", ALIKE)
def test_one_newcomer_of_two_rows_is_created_once_with_the_number_of_either(
    case: str, numbered_first: bool, there: str
) -> None:
    found = newcomer(there=there, numbered_first=numbered_first, **ALIKE[case])
    assert found.reasons() == ["missing_account", "missing_assignment"], found.table()
    one, two = found.one("missing_account"), found.one("missing_assignment")
    assert (one.person.national_id, one.linked_to) == (NINA.rpps, (two.id,))


def test_a_namesake_with_other_addresses_is_somebody_else() -> None:
    found = newcomer(email="autre@example.org", phone="01 99 00 77 77")
    assert found.reasons() == ["card_missing", "missing_account"]


def test_a_bare_row_that_two_newcomers_of_that_name_may_mean_is_neithers() -> None:
    rows = [row(NINA), row(NAMESAKE, email=NINA.email), row(NINA, OTHER_ES, **BARE)]
    found = play([], rows, register=[registered(NINA), registered(NAMESAKE)])
    assert found.reasons() == ["card_missing", "missing_account", "missing_account"]


@pytest.mark.parametrize("there", [OTHER_ES, ES_11])
def test_one_newcomer_without_a_number_is_asked_once_for_all_their_functions(there: str) -> None:
    rows = [row(SECRETARY, **BARE)], [row(SECRETARY, there, **BARE)]
    books = [
        region("24", *rows[0], *(rows[1] if there == OTHER_ES else [])),
        region("11", *(rows[1] if there == ES_11 else [])),
    ]
    found = play(books=books, register=[])
    change = found.one("card_missing")
    assert [one.scope for one in change.also_concerned] == (["11"] if there == ES_11 else [])


def test_two_newcomers_without_a_number_are_asked_about_one_by_one() -> None:
    found = play([], [row(SECRETARY, **BARE), row(NINA, OTHER_ES, TITULAIRE, **BARE)], register=[])
    assert len(found.all("card_missing")) == 2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_whom_the_register_knows_by_that_name_elsewhere_is_named_beside_the_missing_card(count: int) -> None:
    known = [NINA, NAMESAKE, THIRD][:count]
    found = play([], [row(NINA, **BARE)], register=[registered(one, finess_site=ES_11) for one in known])
    change = found.one("card_missing")
    assert candidates(change) == [one.rpps for one in known]
    assert all(one.rpps in change.guidance for one in known)
    assert found.reasons() == ["card_missing"]


def test_who_has_another_profession_at_the_register_is_not_named() -> None:
    found = play([], [row(NINA, **BARE)], register=[registered(NINA, finess_site=ES_11, profession="10")])
    assert candidates(found.one("card_missing")) == []
    assert ES != ES_11


HUGO = Person(285, "MONTAGNAC", "Hugo", "60")
HELD: dict[str, tuple[str, dict[str, str]]] = {
    "as it is": (HUGO.rpps, {}),
    "as an ADELI number": (adeli(85), {adeli(85): HUGO.rpps}),
    "as a serial": (HUGO.card_serial, {}),
}


@pytest.mark.parametrize("at", [ES, OTHER_ES])
@pytest.mark.parametrize("how", HELD)
def test_a_creation_with_a_number_that_stands_on_anothers_account_comes_after_the_review_of_that_account(
    how: str, at: str
) -> None:
    number, crosswalk = HELD[how]
    found = play(
        [account(NINA, at, cpx_number=number)],
        [row(NINA, at), row(HUGO)],
        register=[registered(NINA, finess_site=at), registered(HUGO)],
        cards=[card(NINA), card(HUGO)],
        crosswalk=crosswalk,
    )
    create, review = found.one("missing_account"), found.one("number_of_another")
    assert (create.linked_to, review.linked_to) == ((review.id,), (create.id,))
    assert NINA.account_id in create.guidance
    assert "corriger d’abord" in create.guidance


def test_a_creation_with_a_number_of_nobodys_account_is_linked_to_no_review() -> None:
    found = play([account(NINA)], [row(NINA), row(HUGO)])
    assert found.one("missing_account").linked_to == ()
    assert "d’abord" not in found.one("missing_account").guidance


# ── who comes back with another number ───────────────────────────────────────────────────────────

BACK = Person(290, "VERMEIL", "Solène", "60")
DOCTOR = Person(291, "VERMEIL", "Solène")  # her RPPS number of another profession; or a namesake's
COLLEAGUE = Person(292, "TARDIEU", "Maxime", "60")
RETURNING: dict[str, tuple[dict[str, str], Person, bool]] = {
    "another number and profession, her address": ({"email": DOCTOR.email}, DOCTOR, True),
    "another number and profession, no address in common": ({"phone": "01 99 00 55 55"}, DOCTOR, False),
    "a colleague's number": ({"cpx_number": COLLEAGUE.rpps, "email": "autre@example.org"}, BACK, True),
}


@pytest.mark.parametrize("case", RETURNING)
def test_a_deactivated_account_of_whoever_comes_back_with_another_number_is_named(case: str) -> None:
    cells, back, named = RETURNING[case]
    found = play(
        [account(BACK, ES, ASSISTANT, active="Non", **cells)],
        [row(back)],
        register=[registered(one) for one in (BACK, DOCTOR, COLLEAGUE)],
    )
    change = found.one("missing_account")
    accounts = [one.after for one in change.fields if one.field == "account"]
    assert accounts == ([BACK.account_id] if named else [])
    assert ("si c’est bien cette personne, le réactiver" in change.guidance) is named
    assert change.person.national_id == back.rpps
