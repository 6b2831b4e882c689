"""Several errors in one row, or one beside a namesake: whoever is really meant keeps the post (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, fields_of, play
from tests.spec.tables import ANNE, ES, ES_11, LUC, OTHER_ES, Person, account, region, registered, row

HALF = Person(400, "LOUIS-SIDNEY", "Philippe")
STRANGER = Person(401, "BATTESTI", "Ghislaine")
CPE = Person(402, "VU", "Lan", "SEC", f"3{ES}/A77301")
NAMESAKE = Person(403, "EXEMPLE", "Anne")


def taken(found: Night) -> list[str]:
    """What would be taken away from somebody, or entered of them."""
    return [one.kind for one in found.changes if one.kind not in ("review", "card_alert")]


# ── names in each other's place ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [("Philippe", "Louis"), ("Philippe", "L. Sidney"), ("Philipe", "LOUIS-SIDNEY")])
def test_names_exchanged_and_one_of_them_cut_still_keep_the_post(name: tuple[str, str]) -> None:
    cells: dict[str, Any] = {
        "last_name": name[0],
        "first_name": name[1],
        "email": "ptran@example.org",
        "phone": "01 99 00 99 99",
    }
    line = row(STRANGER, **cells)
    assert taken(play([account(HALF)], [line], register=[registered(HALF), registered(STRANGER)])) == []


def test_an_address_told_under_exchanged_names_is_still_of_one_person() -> None:
    mine = Person(404, "ZOBDA", "Joseph")
    rows = [
        row(mine, first_name="J.", cpx_number=STRANGER.rpps, phone="01 99 00 99 99"),
        row(mine, OTHER_ES, last_name="Joseph", first_name="ZOBDA"),
    ]
    found = play([account(mine), account(mine, OTHER_ES)], rows, register=[registered(mine), registered(STRANGER)])
    assert taken(found) == []


# ── who has married, and the number is missing ───────────────────────────────────────────────────


@pytest.mark.parametrize("name", [("BATTESTI", ""), ("BATTESTI", "Ln"), ("BATTESTI NÉE VU", "Lzn")])
def test_a_new_name_without_a_number_keeps_who_has_the_telephone(name: tuple[str, str]) -> None:
    cells: dict[str, Any] = {
        "last_name": name[0],
        "first_name": name[1],
        "email": "lbattesti@example.org",
        "cpx_number": "",
    }
    line = row(CPE, civility="Mme", phone="01 99 00 77 01", **cells)
    found = play([account(CPE, civility="M.", phone="01 99 00 77 01")], [line])
    assert taken(found) == []


def test_an_address_filled_down_refutes_nobody() -> None:
    mine = Person(405, "MAZUR", "Jan")
    filled: dict[str, Any] = {"cpx_number": STRANGER.rpps, "email": "filled@example.org", "phone": "01 99 00 88 88"}
    others = [Person(406 + at, last, "Odile") for at, last in enumerate(("KERBRAT", "SANTONI", "RABE"))]
    rows = [row(mine, first_name="", civility="Mme", **filled), *(row(one, **filled) for one in others)]
    known = [account(one, phone=f"01 99 00 00 0{at}") for at, one in enumerate(others)]
    found = play([account(mine, civility="M.", phone="01 99 00 66 01"), *known], rows)
    assert "end_assignment" not in taken(found)


# ── the very number of somebody else ─────────────────────────────────────────────────────────────


def test_an_empty_last_name_does_not_make_another_first_name_the_holder() -> None:
    line = row(ANNE, last_name="", first_name="Pierre-Louis", phone="01 99 00 55 55")
    assert taken(play([account(ANNE)], [line])) == []


@pytest.mark.parametrize("first", ["Anne", "A."])
def test_a_near_namesake_who_is_told_elsewhere_lends_no_number(first: str) -> None:
    other = Person(410, "EXEMPLES", "Anne")
    rows = [row(other, ES_11, phone="01 99 00 44 44"), row(ANNE, first_name=first, cpx_number=other.rpps)]
    annuaire = [account(ANNE), account(other, ES_11, phone="01 99 00 44 44")]
    found = play(
        annuaire,
        books=[region("24", rows[1]), region("11", rows[0])],
        register=[registered(ANNE, finess_site=OTHER_ES), registered(other, finess_site=ES_11)],
    )
    assert taken(found) == []


def test_the_number_of_a_namesake_of_another_profession_is_not_hers_where_the_register_has_her_here() -> None:
    line = row(ANNE, cpx_number=NAMESAKE.rpps)
    found = play([], [line], register=[registered(ANNE), registered(NAMESAKE, profession="21", finess_site="")])
    assert taken(found) == []
    assert dict(fields_of(found.one("number_of_another")))["cpx_number"] == (NAMESAKE.rpps, ANNE.rpps)


# ── a name but half written ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("written", ["BATTESTI", "LE BATESTI"])
def test_a_name_that_the_address_spells_as_it_was_is_no_new_one(written: str) -> None:
    mine = Person(420, "LE BATTESTI", "Enora", "SEC", f"3{ES}/A77895")
    mail: dict[str, Any] = {"email": "enora.lebattesti@example.org"}
    assert play([account(mine, **mail)], [row(mine, last_name=written, **mail)]).reasons() == []


def test_a_new_name_that_its_address_spells_too_is_told() -> None:
    mine = Person(421, "BATTESTI", "Enora", "SEC", f"3{ES}/A77896")
    line = row(mine, last_name="BATTESTI KERBRAT", email="enora.battestikerbrat@example.org")
    assert "identity_changed" in play([account(mine)], [line]).reasons()


# ── who comes back ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", [f"3{ES}/A7730", f"3{ES}/B12345"])
def test_a_deactivated_account_of_this_name_here_is_used_again_under_a_new_cpe_number(typed: str) -> None:
    found = play([account(CPE, active="Non")], [row(CPE, cpx_number=typed)])
    assert "réactiver" in found.one("missing_account").guidance
    assert any(one.field == "account" and one.after == CPE.account_id for one in found.one("missing_account").fields)


def test_a_deactivated_account_of_somebody_else_of_this_name_is_not() -> None:
    found = play([account(NAMESAKE, OTHER_ES, active="Non", email="n@example.org")], [row(ANNE)])
    assert not any(one.field == "account" for one in found.one("missing_account").fields)


# ── a row's own name names nobody else ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("cells", [{"comment": "Mme EXEMPLE"}, {"email": "exemple.a@example.org"}])
def test_a_title_or_an_initial_beside_ones_own_name_keeps_no_namesake(cells: dict[str, Any]) -> None:
    gone = Person(430, "EXEMPLE", "Adèle")
    annuaire = [account(ANNE), account(gone, OTHER_ES, phone="01 99 00 33 33"), account(LUC, OTHER_ES)]
    found = play(annuaire, [row(ANNE, **cells), row(LUC, OTHER_ES)])
    assert "absent_from_workbook" in found.reasons()


def test_a_row_written_twice_keeps_no_namesake() -> None:
    gone = Person(431, "EXEMPLE", "Anne-Marie")
    annuaire = [account(ANNE), account(gone, OTHER_ES, phone="01 99 00 33 33"), account(LUC, OTHER_ES)]
    found = play(annuaire, [row(ANNE), row(ANNE), row(LUC, OTHER_ES)])
    assert "absent_from_workbook" in found.reasons()


# ── two of one name at one hospital ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [("Assistant", ""), ("CHV-ST", "Remplaçant")])
def test_a_second_row_of_a_name_without_a_number_and_with_other_addresses_is_a_question(role: tuple[str, str]) -> None:
    bare = row(NAMESAKE, role=role, cpx_number="", phone="01 99 00 22 22")
    found = play([account(ANNE)], [row(ANNE), bare])
    assert taken(found) == []
    assert any("EXEMPLE Anne" in (one.after or "") for change in found.all("ambiguous_match") for one in change.fields)


def test_a_second_row_of_a_name_without_a_number_and_with_their_address_is_a_second_function() -> None:
    bare = row(ANNE, role=("CHV-ST", "Remplaçant"), cpx_number="")
    assert taken(play([account(ANNE)], [row(ANNE), bare])) == ["add_assignment"]


# ── a slip beside the number of a namesake ───────────────────────────────────────────────────────


@pytest.mark.parametrize("known", [[], [account(ANNE)]])
def test_a_slip_does_not_make_a_namesake_elsewhere_out_of_the_one_here(known: list[Any]) -> None:
    line = row(ANNE, last_name="EXMEPLE", cpx_number=NAMESAKE.rpps, email="anne.exemple@example.org")
    found = play(known, [line], register=[registered(ANNE), registered(NAMESAKE, finess_site=ES_11)])
    assert taken(found) == []
    assert fields_of(found.one("number_of_another"))["cpx_number"] == (NAMESAKE.rpps, ANNE.rpps)


def test_an_address_under_another_first_name_in_the_other_cell_keeps_its_only_holder() -> None:
    cells: dict[str, Any] = {"last_name": "Ange", "first_name": "Exemple", "cpx_number": "0", "civility": "M."}
    rows = [row(ANNE, phone="01 99 00 21 21", **cells), row(LUC, email=ANNE.email, last_name="EXEMPLE")]
    annuaire = [account(ANNE), account(LUC, email=ANNE.email, last_name="EXEMPLE", phone="01 99 00 31 31")]
    found = play(annuaire, rows, register=[registered(ANNE), registered(LUC, last_name="EXEMPLE")])
    assert "end_assignment" not in taken(found)


def test_both_names_in_the_cell_of_the_first_one_are_both_names() -> None:
    assert play([account(ANNE)], [row(ANNE, last_name="", first_name="EXEMPLE Anne")]).reasons() == []


def test_a_name_of_birth_without_a_first_name_is_one_of_the_annuaires() -> None:
    cells: dict[str, Any] = {"first_name": "", "cpx_number": "", "email": "k.souviard@example.org"}
    line = row(ANNE, last_name="SOUVIARD née EXEMPLE", phone="01 99 00 14 14", **cells)
    found = play([account(ANNE, phone="01 99 00 14 14")], [line])
    assert taken(found) == []


def test_a_second_row_of_the_name_whom_the_register_has_here_once_is_a_question() -> None:
    bare = row(NAMESAKE, cpx_number="", phone="01 99 00 22 22")
    found = play([account(ANNE, email="")], [row(ANNE), bare], register=[registered(ANNE)])
    assert "EF0001" in str([one.fields for one in found.all("ambiguous_match")])
