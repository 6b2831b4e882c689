"""Two people of one name at one hospital: who is meant is told by what is theirs alone, or asked (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES_11, OTHER_ES, TITULAIRE, Line, Person, account, region, registered, row

ELSA, NAMESAKE = Person(641, "BRATICEL", "Elsa"), Person(642, "BRATICEL", "Elsa")
MARRIED = Person(643, "KERAVEL", "Mohammed")
NOT_THEIRS = {"create_account", "end_assignment", "deactivate_account", "update_account", "add_assignment"}
OWN = {"email": {"phone": ""}, "phone": {"email": ""}}


def told(found: Night, who: Person) -> set[str]:
    """What is done to somebody's account."""
    return {str(one.kind) for one in found.changes if one.account_id == who.account_id} & NOT_THEIRS


@pytest.mark.parametrize("address", OWN)
def test_a_namesakes_number_beside_ones_own_address_is_a_question(address: str) -> None:
    """Her row has the number of the row above, where somebody of her name stands; the address is hers alone."""
    hers: dict[str, Any] = OWN[address] | ({"phone": "06 39 98 11 22"} if address == "phone" else {})
    other: dict[str, Any] = {"phone": ""} if address == "email" else {"phone": "", "email": ""}
    found = play(
        [account(ELSA, **hers), account(NAMESAKE, **other)],
        [row(ELSA, cpx_number=NAMESAKE.rpps, **hers)],
    )
    assert told(found, ELSA) == told(found, NAMESAKE) == set(), found.table()
    question = next(one for one in found.changes if one.kind == "review")
    assert {ELSA.account_id, NAMESAKE.account_id} <= set(question.candidates), found.table()


def test_her_own_number_beside_her_own_address_is_hers_whoever_else_has_the_name() -> None:
    hers: dict[str, Any] = {"email": "", "phone": "06 39 98 11 22"}
    found = play(
        [account(ELSA, **hers), account(NAMESAKE, phone="")],
        [row(ELSA, **hers), row(NAMESAKE, phone="")],
    )
    assert found.changes == (), found.table()


@pytest.mark.parametrize("turned", [False, True])
def test_the_second_of_a_name_is_not_the_first_where_the_address_says_who_the_first_is(turned: bool) -> None:
    """« KERAVEL-OSTIOT » with his address is KERAVEL, by then married; the other KERAVEL has a row and no account. The
    register has several of that name.
    """
    newcomer = {"cpx_number": "", "email": "", "phone": ""}
    rows: list[Line] = [
        row(MARRIED, cpx_number="", last_name="KERAVEL-OSTIOT", phone=""),
        row(MARRIED, role=TITULAIRE, **newcomer),
    ]
    several = (Person(644 + at, MARRIED.last_name, MARRIED.first_name) for at in range(2))
    register = [
        registered(MARRIED, last_name="KERAVEL-OSTIOT"),
        *(registered(one, finess_site=ES_11) for one in several),
    ]
    known = account(MARRIED, last_name="KERAVEL", phone="")
    found = play([known], rows[::-1] if turned else rows, register=register, kept=False)
    assert "add_assignment" not in told(found, MARRIED), found.table()
    assert found.all("card_missing") or found.all("ambiguous_match"), found.table()


def test_of_two_accounts_on_one_number_a_row_is_about_the_one_that_has_its_telephone() -> None:
    """ELSA's account carries her namesake's number; each has a row with her own number."""
    hers: dict[str, Any] = {"email": "", "phone": "06 39 98 11 22"}
    theirs: dict[str, Any] = {"email": "", "phone": "06 39 98 33 44"}
    found = play(
        [account(ELSA, cpx_number=NAMESAKE.rpps, **hers), account(NAMESAKE, **theirs)],
        [row(ELSA, **hers), row(NAMESAKE, **theirs)],
    )
    assert told(found, ELSA) == told(found, NAMESAKE) == set(), found.table()
    assert not found.all("missing_account"), found.table()


def test_whom_an_own_telephone_names_is_not_her_namesake_of_another_hospital() -> None:
    """« VU Linh » with the telephone of CŒUROMANN VU Linh, who is here; the register has a VU Linh here as well."""
    here, away = Person(646, "CŒUROMANN VU", "Linh"), Person(647, "VU", "Linh")
    hers: dict[str, Any] = {"email": "", "phone": "06 39 98 68 43"}
    line = row(here, last_name="VU", cpx_number="", **hers)
    found = play(
        [account(here, **hers), account(away, OTHER_ES)],
        [line, row(away, OTHER_ES)],
        register=[registered(here), registered(away)],
    )
    assert told(found, here) == told(found, away) == set(), found.table()


def test_who_moved_keeps_the_account_though_a_part_of_the_name_is_here() -> None:
    """« DIALLO BARRY Ibrahima » at a new hospital, where DIALLO Moussa-Ibrahima is without a row."""
    moved, here = Person(648, "DIALLO BARRY", "Ibrahima"), Person(649, "DIALLO", "Moussa-Ibrahima")
    line = row(moved, ES_11, cpx_number="", email="ailleurs@example.org")
    books = [region("24"), region("11", line)]
    found = play(
        [account(moved), account(here, ES_11, profession="Infirmier")],
        books=books,
        register=[registered(moved), registered(here)],
    )
    assert "deactivate_account" not in told(found, moved), found.table()


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_rows_with_one_number_the_one_that_says_more_is_its_holders(turned: bool) -> None:
    """Both of a name stand here; her row has the number and the mailbox of the row below, her telephone and her
    profession are her own: whichever row comes first, nobody is ended.
    """
    hers: dict[str, Any] = {"profession": "Infirmier", "phone": "06 39 98 11 22"}
    his: dict[str, Any] = {"profession": "Pharmacien", "phone": "06 39 98 33 44"}
    copied = row(ELSA, cpx_number=NAMESAKE.rpps, email=NAMESAKE.email, **hers)
    rows = [copied, row(NAMESAKE, **his)]
    found = play([account(ELSA, **hers), account(NAMESAKE, **his)], rows[::-1] if turned else rows)
    assert told(found, ELSA) == told(found, NAMESAKE) == set(), found.table()


def test_a_number_is_not_anothers_who_has_no_address_beside_whose_very_address_stands_there() -> None:
    """Two of one name here: the number of the one who has no address, the mailbox of the other one."""
    found = play(
        [account(ELSA, phone=""), account(NAMESAKE, email="", phone="")],
        [row(ELSA, cpx_number=NAMESAKE.rpps, phone=""), row(NAMESAKE, cpx_number=ELSA.rpps, email="", phone="")],
    )
    assert told(found, ELSA) == told(found, NAMESAKE) == set(), found.table()


def test_who_comes_with_the_own_address_from_elsewhere_is_not_the_one_of_the_name_who_is_here() -> None:
    """The register has one of this name here, whose account by now is under another name; the address is that of
    somebody elsewhere who bears the name.
    """
    comes, stays = MARRIED, Person(650, "KERAVEL", "Mohammed")
    found = play(
        [account(comes, OTHER_ES, phone=""), account(stays, last_name="KERAVEL-OSTIOT", email="", phone="")],
        [row(comes, cpx_number="", phone=""), row(stays, last_name="KERAVEL-OSTIOT", email="", phone="")],
        register=[registered(comes, finess_site=""), registered(stays)],
    )
    assert "deactivate_account" not in told(found, comes), found.table()
    assert "contact_changed" not in found.reasons(), found.table()


def test_half_of_a_name_is_not_an_accounts_to_which_another_row_comes_nearer() -> None:
    """« KERAVEL » without a number, and « KERAVEL-OSTIOT » with the number that the account has with a slip."""
    comes, stays = Person(651, "KERAVEL", "Mohammed"), Person(652, "KERAVEL-OSTIOT", "Mohammed")
    slipped = stays.rpps[:3] + str((int(stays.rpps[3]) + 1) % 10) + stays.rpps[4:]
    other: dict[str, Any] = {"email": "ailleurs@example.org", "phone": ""}
    found = play(
        [account(comes, OTHER_ES, phone=""), account(stays, cpx_number=slipped, email="", phone="")],
        [row(comes, cpx_number="", **other), row(stays, phone="")],
        register=[registered(comes, finess_site=ES_11), registered(stays, finess_site=ES_11)],
    )
    assert "deactivate_account" not in told(found, comes), found.table()
    assert told(found, stays) <= {"update_account"}, found.table()
    assert [one.kind for one in found.changes if one.kind == "create_account"] == [], found.table()
