"""Contract §6, what to enter: accounts and functions to create, numbers and fields to correct."""

from typing import Any

import pytest

from tests.spec.night import fields_of, play
from tests.spec.tables import (
    ANNE,
    ES,
    ES_11,
    LUC,
    OTHER_ES,
    PAUL,
    REMPLACANT,
    TITULAIRE,
    ZOE,
    Person,
    account,
    adeli,
    card,
    region,
    registered,
    row,
)

# ── accounts and functions to create ─────────────────────────────────────────────────────────────


def test_missing_account_creates_the_person_of_a_workbook_who_has_none():
    change = play([], [row(ANNE)]).one("missing_account")
    assert (change.kind, change.severity, change.account_id) == ("create_account", "access", None)
    assert change.person.national_id == ANNE.rpps
    assert (change.assignment.structure_code, change.assignment.function) == (ES, "Assistant")
    assert {one.field: (one.after, one.source) for one in change.fields} == {
        "cpx_number": (ANNE.rpps, "register.cards"),
        "civility": ("Mme", "register.persons"),
        "last_name": ("EXEMPLE", "register.persons"),
        "first_name": ("Anne", "register.persons"),
        "profession": ("Médecin", "register.persons"),
        "card_type": ("CPS", "register.cards"),
        "card_expires_on": ("2028-05-31", "register.cards"),
        "email": ("p1@example.org", "workbook:24"),
        "phone": ("01 99 00 12 34", "workbook:24"),
    }


def test_missing_account_takes_the_workbooks_word_for_a_cpe_holder():
    change = play([], [row(PAUL)]).one("missing_account")
    assert {one.source for one in change.fields} == {"workbook:24"}
    assert change.person.national_id == PAUL.cpe


def test_missing_account_of_somebody_at_two_structures_is_one_account_and_a_linked_function():
    found = play(books=[region("24", row(ANNE)), region("11", row(ANNE, ES_11))])
    created, added = found.one("missing_account"), found.one("missing_assignment")
    assert (added.account_id, added.assignment.structure_code) == (None, ES_11)
    assert (created.linked_to, added.linked_to) == ((added.id,), (created.id,))


def test_missing_account_of_somebody_deactivated_says_to_reactivate():
    change = play([account(ANNE, active="Non")], [row(ANNE)]).one("missing_account")
    assert (change.kind, change.account_id) == ("create_account", None)
    assert ANNE.account_id in change.guidance
    assert "réactiver" in change.guidance


def test_missing_account_is_not_asked_for_somebody_who_left():
    assert play([], [row(ANNE, status="Parti")]).table() == []


def test_missing_account_is_found_from_the_serial_of_the_card():
    found = play([], [row(ANNE, cpx_number=ANNE.card_serial)])
    assert found.one("missing_account").person.national_id == ANNE.rpps


def test_missing_account_finds_the_registered_person_of_that_name_and_establishment():
    found = play([], [row(ANNE, cpx_number="")])
    assert found.one("missing_account").person.national_id == ANNE.rpps
    elsewhere = play([], [row(ANNE, OTHER_ES, cpx_number="")])
    assert elsewhere.reasons() == ["card_missing"]


def test_missing_assignment_adds_the_function_that_only_the_workbook_has():
    found = play([account(ANNE)], [row(ANNE), row(ANNE, OTHER_ES)])
    change = found.one("missing_assignment")
    assert len(found.changes) == 1
    assert (change.kind, change.account_id) == ("add_assignment", ANNE.account_id)
    assert (change.assignment.structure_code, change.assignment.region_code) == (OTHER_ES, "24")


def test_missing_assignment_and_absent_from_workbook_are_the_linked_halves_of_a_new_rank():
    found = play([account(ANNE, ES, REMPLACANT)], [row(ANNE, ES, TITULAIRE)])
    added, ended = found.one("missing_assignment"), found.one("absent_from_workbook")
    assert (added.assignment.rank, ended.assignment.rank) == ("Titulaire", "Remplaçant")
    assert (added.linked_to, ended.linked_to) == ((ended.id,), (added.id,))
    assert len([one for one in found.changes if one.kind != "review"]) == 2


def test_missing_assignment_and_absent_from_workbook_are_the_linked_halves_of_a_transfer():
    found = play([account(ANNE)], books=[region("24"), region("11", row(ANNE, ES_11))])
    added, ended = found.one("missing_assignment"), found.one("absent_from_workbook")
    assert (added.linked_to, ended.linked_to) == ((ended.id,), (added.id,))
    assert len(found.changes) == 2


@pytest.mark.parametrize("word", ["Suppléant", "Adjoint", "Intérim", "REMPLACANTE"])
def test_missing_assignment_does_not_fire_for_another_word_for_remplacant(word: str):
    assert play([account(ANNE, ES, REMPLACANT)], [row(ANNE, ES, ("CHV-ST", word))]).table() == []


# ── the number ───────────────────────────────────────────────────────────────────────────────────


def test_adeli_to_rpps_replaces_the_old_number_that_the_correspondence_resolves():
    old = adeli(1)
    found = play([account(ANNE, cpx_number=old)], crosswalk={old: ANNE.rpps})
    change = found.one("adeli_to_rpps")
    assert len(found.changes) == 1
    assert (change.kind, change.severity) == ("update_account", "access")
    assert fields_of(change) == {"cpx_number": (old, ANNE.rpps)}


def test_adeli_to_rpps_knows_a_person_by_each_of_several_old_numbers():
    links = {adeli(1): ANNE.rpps, adeli(2): ANNE.rpps}
    for old in links:
        assert play([account(ANNE, cpx_number=old)], [row(ANNE)], crosswalk=links).reasons() == ["adeli_to_rpps"]


def test_adeli_to_rpps_is_not_asked_of_an_account_that_has_the_new_number_already():
    old = adeli(1)
    assert play([account(ANNE)], [row(ANNE, cpx_number=old)], crosswalk={old: ANNE.rpps}).table() == []


def test_adeli_to_rpps_waits_while_the_card_still_carries_the_old_number():
    old = adeli(1)
    cards = [card(ANNE, content_id=old)]
    assert play([account(ANNE, cpx_number=old)], cards=cards).table() == []


def test_adeli_to_rpps_of_somebody_whom_the_frozen_adeli_extract_still_has():
    old = adeli(1)
    both = [registered(ANNE), registered(ANNE, national_id=old)]
    found = play([account(ANNE, cpx_number=old)], [row(ANNE)], register=both)
    assert found.reasons() == ["adeli_to_rpps"]


def test_adeli_to_rpps_does_not_wait_for_an_old_card_that_has_ended():
    old = adeli(1)
    cards = [card(ANNE, "2026-01-31", content_id=old, serial="9990000099"), card(ANNE)]
    assert play([account(ANNE, cpx_number=old)], cards=cards).reasons() == ["adeli_to_rpps"]


def test_card_number_differs_where_the_annuaire_lacks_the_type_digit():
    change = play([account(ANNE, cpx_number=ANNE.rpps[1:])], [row(ANNE)]).one("card_number_differs")
    assert (change.severity, fields_of(change)) == ("access", {"cpx_number": (ANNE.rpps[1:], ANNE.rpps)})


def test_card_number_differs_where_the_annuaire_has_the_serial_of_the_card():
    found = play([account(ANNE, cpx_number=ANNE.card_serial)], [row(ANNE)])
    assert fields_of(found.one("card_number_differs")) == {"cpx_number": (ANNE.card_serial, ANNE.rpps)}
    assert len(found.changes) == 1


def test_card_number_differs_where_the_annuaire_has_a_number_with_a_wrong_key():
    wrong = ANNE.rpps[:-1] + str((int(ANNE.rpps[-1]) + 1) % 10)
    found = play([account(ANNE, cpx_number=wrong)], [row(ANNE)])
    assert fields_of(found.one("card_number_differs")) == {"cpx_number": (wrong, ANNE.rpps)}


def test_card_number_differs_where_the_workbook_has_a_new_cpe_number():
    found = play([account(PAUL)], [row(PAUL, cpx_number=f"3{ES}/HV-NOUVEAU")])
    assert fields_of(found.one("card_number_differs")) == {"cpx_number": (PAUL.cpe, f"3{ES}/HV-NOUVEAU")}


def test_card_number_differs_does_not_fire_for_what_an_export_does_to_a_number():
    for artefact in (f"{ANNE.rpps}.0", f"{ANNE.rpps[:1]} {ANNE.rpps[1:]}", f"{ANNE.rpps[:4]}\u00a0{ANNE.rpps[4:]}"):
        assert play([account(ANNE, cpx_number=artefact)], [row(ANNE)]).table() == []


def test_card_number_differs_does_not_fire_for_a_number_mistyped_in_the_workbook_alone():
    assert play([account(ANNE)], [row(ANNE, cpx_number=ANNE.rpps[1:])]).table() == []


# ── the other fields ─────────────────────────────────────────────────────────────────────────────


def test_identity_changed_gives_the_name_of_the_register():
    married = registered(ANNE, last_name="EXEMPLE-LUNE")
    change = play([account(ANNE)], [row(ANNE)], register=[married]).one("identity_changed")
    assert fields_of(change) == {"last_name": ("EXEMPLE", "EXEMPLE-LUNE")}
    assert change.fields[0].source == "register.persons"


def test_identity_changed_never_follows_the_workbook_for_somebody_registered():
    assert play([account(ANNE)], [row(ANNE, last_name="EXEMPLE-LUNE")]).table() == []


def test_identity_changed_follows_the_workbook_for_somebody_outside_the_register():
    change = play([account(PAUL)], [row(PAUL, last_name="SONGE-LUNE")]).one("identity_changed")
    assert fields_of(change) == {"last_name": ("SONGE", "SONGE-LUNE")}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("LE GALL", "LEGALL"), ("D’ESSAI", "d'essai"), ("ÉMILE-EXEMPLE", "EMILE EXEMPLE"), ("Noël", "NOEL")],
)
def test_identity_changed_does_not_fire_for_case_accents_spaces_or_punctuation(ours: str, theirs: str):
    lines = [account(ANNE, last_name=ours)], [row(ANNE, last_name=theirs)]
    assert play(*lines, register=[registered(ANNE, last_name=theirs)]).table() == []


def test_identity_changed_compares_civility_with_both_of_the_register():
    both = [registered(ANNE, civility="MME", civility_practice="DR")]
    for right in ("Mme", "Madame", "Dr", "docteur"):
        assert play([account(ANNE, civility=right)], register=both).table() == []
    change = play([account(ANNE, civility="M.")], register=both).one("identity_changed")
    assert fields_of(change) == {"civility": ("M.", "Mme")}


def test_profession_changed_gives_the_profession_of_the_register():
    change = play([account(ANNE)], [row(ANNE)], register=[registered(ANNE, profession="21")])
    assert fields_of(change.one("profession_changed")) == {"profession": ("Médecin", "Pharmacien")}
    assert change.one("profession_changed").severity == "info"


def test_profession_changed_admits_each_of_a_persons_two_professions():
    both = [registered(ANNE, profession="10"), registered(ANNE, profession="21")]
    for profession in ("Médecin", "Pharmacien", "praticien hospitalier"):
        assert play([account(ANNE, profession=profession)], register=both).table() == []


def test_contact_changed_gives_the_workbooks_address_and_telephone():
    change = play([account(ANNE)], [row(ANNE, email="Neuf@Example.org", phone="01.99.00.99.99")])
    assert fields_of(change.one("contact_changed")) == {
        "email": ("p1@example.org", "neuf@example.org"),
        "phone": ("01 99 00 12 34", "01 99 00 99 99"),
    }


@pytest.mark.parametrize("phone", ["0199001234", "01.99.00.12.34", "+33 1 99 00 12 34", "01 99 00 12 34"])
def test_contact_changed_does_not_fire_for_the_form_of_a_telephone_or_the_case_of_an_address(phone: str):
    assert play([account(ANNE)], [row(ANNE, email="P1@EXAMPLE.ORG", phone=phone)]).table() == []


def test_contact_changed_does_not_fire_where_one_of_several_addresses_is_the_right_one():
    assert play([account(ANNE)], [row(ANNE, email="autre@example.org ; p1@example.org")]).table() == []


COLUMN = [Person(30 + at, name, "Anne", "10") for at, name in enumerate(("ALPHA", "BRAVO", "CHARLIE", "DELTA"))]


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("cell", ["email", "phone"])
def test_contact_changed_gives_nobody_the_address_of_the_row_above_or_below(cell: str, step: int):
    mine = [{"email": one.email, "phone": f"01 99 00 50 {one.serial}"}[cell] for one in COLUMN]
    moved = mine[step:] + mine[:step]
    held: list[dict[str, Any]] = [{cell: value} for value in mine]
    told: list[dict[str, Any]] = [{cell: value} for value in moved]
    annuaire = [account(one, **cells) for one, cells in zip(COLUMN, held, strict=True)]
    assert play(annuaire, [row(one, **cells) for one, cells in zip(COLUMN, told, strict=True)]).table() == []


def test_contact_changed_gives_nobody_an_address_that_spells_the_name_of_somebody_else():
    """Hers is new, and stands on the row of another: no account has it yet."""
    anne, luc = "anne.exemple@example.org", "luc.modele@example.org"
    night = play([account(ANNE), account(LUC)], [row(ANNE, email=luc), row(LUC, email=anne)])
    assert night.table() == []
    night = play([account(ANNE), account(LUC)], [row(ANNE, email=anne), row(LUC, email=luc)])
    assert night.reasons() == ["contact_changed", "contact_changed"]


@pytest.mark.parametrize("local", ["l.modele", "modele.l", "lmodele", "L-MODELE", "luc.modele"])
def test_contact_changed_gives_nobody_an_address_that_spells_somebody_else_with_the_letter_of_the_first_name(
    local: str,
):
    night = play([account(ANNE), account(LUC)], [row(ANNE, email=f"{local}@autre.example.org"), row(LUC)])
    assert night.table() == []


@pytest.mark.parametrize("local", ["a.exemple", "secretariat.hemovigilance", "hemo.modele", "ibsud"])
def test_contact_changed_gives_her_own_shortened_name_and_any_other_mailbox(local: str):
    night = play([account(ANNE), account(LUC)], [row(ANNE, email=f"{local}@autre.example.org"), row(LUC)])
    assert night.reasons() == ["contact_changed"]


def test_contact_changed_gives_the_mailbox_of_a_service_that_several_accounts_have():
    box = "hemovigilance@example.org"
    annuaire = [account(ANNE), account(LUC, email=box), account(ZOE, email=box)]
    rows = [row(ANNE, email=box), row(LUC, email=box), row(ZOE, email=box)]
    assert fields_of(play(annuaire, rows).one("contact_changed"))["email"] == ("p1@example.org", box)


def test_contact_changed_takes_the_second_address_where_the_first_is_a_colleagues():
    rows = [row(ANNE, email=f"{LUC.email} ; neuf@example.org"), row(LUC)]
    change = play([account(ANNE), account(LUC)], rows).one("contact_changed")
    assert fields_of(change)["email"] == ("p1@example.org", "neuf@example.org")


def test_an_address_left_by_who_cannot_log_in_any_more_goes_to_whoever_follows_unless_it_bears_the_name():
    for email, given in (("hemovigilance@example.org", True), ("luc.modele@example.org", False)):
        annuaire = [account(ANNE), account(LUC, email=email, active="Non")]
        assert ("contact_changed" in play(annuaire, [row(ANNE, email=email)]).reasons()) is given


def test_missing_account_is_created_without_the_address_of_a_colleague():
    change = play([account(LUC)], [row(ANNE, email=LUC.email), row(LUC)]).one("missing_account")
    assert "email" not in fields_of(change)


def test_contact_changed_never_erases():
    assert play([account(ANNE)], [row(ANNE, email="", phone="")]).table() == []


def test_contact_changed_does_not_fire_for_an_address_that_is_none():
    assert play([account(ANNE)], [row(ANNE, email="p1(at)example.org", phone="poste 12")]).table() == []
