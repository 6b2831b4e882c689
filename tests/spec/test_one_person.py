"""One person told of several times: accounts, workbooks, structures; and on the way from one region to another."""

import pytest

from schemas.changes.change import Change
from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ANNE,
    ASSISTANT,
    ES,
    ES_11,
    ES_52,
    LUC,
    OTHER_ES,
    TITULAIRE,
    Book,
    Line,
    Person,
    account,
    card,
    region,
    registered,
    row,
)

MARIE = Person(40, "FACTICE-SONGE", "Marie-Claude")


def candidates(change: Change) -> list[str]:
    return [(one.after or "").split(" ")[0] for one in change.fields if one.field == "candidate"]


# ── several accounts ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("last", "first"), [("SONGE FACTICE", "Marie-Claude"), ("Marie-Claude", "FACTICE-SONGE"), ("FACTICE", "Marie")]
)
def test_two_accounts_of_one_address_are_a_duplicate_however_the_name_is_written(last: str, first: str) -> None:
    again = Person(41, last, first)
    annuaire = [account(MARIE), account(again, OTHER_ES, cpx_number="", email=MARIE.email)]
    found = play(annuaire, register=[registered(MARIE)])
    one, two = found.all("duplicate_account")
    assert (one.linked_to, two.linked_to) == ((two.id,), (one.id,))


def test_two_accounts_in_one_mailbox_are_no_duplicate_of_each_other() -> None:
    box = "hemovigilance@example.org"
    found = play([account(who, email=box, cpx_number="") for who in (ANNE, LUC)], register=[])
    assert found.all("duplicate_account") == []


def test_one_number_on_two_accounts_is_one_review_of_the_wrong_one_and_the_other_updater_is_named() -> None:
    """Region 24 and region 11 each hold one of the accounts; the register gives the number to Anne, of region 24."""
    elsewhere = account(LUC, ES_11, cpx_number=ANNE.rpps)
    rows = [region("24", row(ANNE, email="new@example.org")), region("11", row(LUC, ES_11))]
    found = play([account(ANNE), elsewhere], books=rows)
    change = found.one("shared_number")
    assert (change.account_id, change.updater.scope) == (LUC.account_id, "11")
    assert [one.scope for one in change.also_concerned] == ["24"]
    assert candidates(change)[:2] == [LUC.account_id, ANNE.account_id]
    assert {one.kind for one in found.changes} == {"review"}


# ── several workbooks ────────────────────────────────────────────────────────────────────────────


def two_regions(here: str, there: str, *, annuaire: str = "old@example.org", usable: bool = True) -> Night:
    """Anne works in regions 24 and 11; each workbook gives an address."""
    held = [account(ANNE, email=annuaire), account(ANNE, ES_11, email=annuaire)]
    books = [
        region("11", row(ANNE, ES_11, email=there)),
        region("24", row(ANNE, email=here), usable=usable),
    ]
    return play(held, books=books)


def test_of_two_addresses_the_one_of_the_lowest_structure_is_kept_and_the_other_is_told() -> None:
    change = two_regions("ici@example.org", "la-bas@example.org").one("contact_changed")
    assert fields_of(change) == {"email": ("old@example.org", "ici@example.org")}
    assert change.fields[0].source == "workbook:24"
    assert "la-bas@example.org" in change.guidance
    assert "workbook" not in change.guidance
    assert "11" in change.guidance


@pytest.mark.parametrize("annuaire", ["ici@example.org", "la-bas@example.org"])
def test_either_address_once_entered_is_left_alone_on_every_night(annuaire: str) -> None:
    assert two_regions("ici@example.org", "la-bas@example.org", annuaire=annuaire).table() == []


def test_an_address_is_not_changed_while_the_workbook_that_may_confirm_it_cannot_be_read() -> None:
    """Else it would be asked for tonight, and taken back tomorrow."""
    kept = two_regions("ici@example.org", "la-bas@example.org", annuaire="ici@example.org", usable=False)
    assert kept.table() == []


def test_an_address_is_not_changed_while_the_row_that_may_confirm_it_cannot_be_read() -> None:
    held = [account(ANNE), account(ANNE, ES_11)]
    books = [
        region("11", row(ANNE, ES_11, email="la-bas@example.org")),
        region("24", row(ANNE, role=("Trésorier", ""))),
    ]
    assert play(held, books=books).all("contact_changed") == []


def test_two_names_for_one_number_are_one_person_where_the_register_knows_the_new_one() -> None:
    """Married: the account has the old name, the register and one workbook the new one."""
    married = Person(ANNE.serial, "SONGE", "Anne")
    found = play(
        [account(ANNE), account(ANNE, ES_11)],
        books=[region("24", row(ANNE)), region("11", row(married, ES_11))],
        register=[registered(married)],
    )
    assert found.table() == [("update_account", "identity_changed", "EXEMPLE Anne")]


def test_a_number_pasted_from_the_row_above_gives_nobody_the_account_of_somebody_else() -> None:
    """A newcomer of the same first name, with the number and the address of a colleague."""
    newcomer = Person(42, "CHIMÈRE", "Anne")
    found = play(
        [account(ANNE)], [row(ANNE), row(newcomer, cpx_number=ANNE.rpps, email=ANNE.email)], register=[registered(ANNE)]
    )
    change = found.one("ambiguous_match")
    assert (change.person.last_name, candidates(change)) == ("CHIMÈRE", [ANNE.account_id])
    assert len(found.changes) == 1


# ── several structures ───────────────────────────────────────────────────────────────────────────

SHARED = [account(ANNE, ES, TITULAIRE), account(ANNE, OTHER_ES, TITULAIRE)]


def test_a_chv_st_shared_by_several_es_is_one_account_of_several_functions() -> None:
    assert play(SHARED, [row(ANNE, ES, TITULAIRE), row(ANNE, OTHER_ES, TITULAIRE)]).table() == []


def test_a_chv_st_of_one_es_who_serves_another_too_gets_the_function_and_no_second_account() -> None:
    found = play(SHARED[:1], [row(ANNE, ES, TITULAIRE), row(ANNE, OTHER_ES, TITULAIRE, cpx_number="")])
    change = found.one("missing_assignment")
    assert (change.account_id, change.assignment.structure_code) == (ANNE.account_id, OTHER_ES)
    assert "create_account" not in {one.kind for one in found.changes}


def test_a_chv_st_shared_by_several_es_who_leaves_one_keeps_the_account() -> None:
    rows = [row(ANNE, ES, TITULAIRE), row(ANNE, OTHER_ES, TITULAIRE, status="Parti")]
    found = play(SHARED, rows)
    assert found.one("left").assignment.structure_code == OTHER_ES
    assert "deactivate_account" not in {one.kind for one in found.changes}


def test_the_account_of_a_chv_st_shared_by_two_regions_has_one_updater_and_the_other_is_named() -> None:
    held = [account(ANNE, role=TITULAIRE), account(ANNE, ES_11, TITULAIRE)]
    books = [region("24", row(ANNE, role=TITULAIRE)), region("11", row(ANNE, ES_11, TITULAIRE))]
    change = play(held, books=books, cards=[card(ANNE, "2026-10-31")]).one("card_expired")
    assert change.updater.scope == "24"
    assert [one.scope for one in change.also_concerned] == ["11"]


# ── from one region to another ───────────────────────────────────────────────────────────────────

ARRIVAL: dict[str, tuple[list[Book], str]] = {
    "absent": ([region("24"), region("11", row(ANNE, ES_11))], "absent_from_workbook"),
    "left": ([region("24", row(ANNE, status="Parti")), region("11", row(ANNE, ES_11))], "left"),
    "without number": ([region("24"), region("11", row(ANNE, ES_11, cpx_number=""))], "absent_from_workbook"),
}


@pytest.mark.parametrize("books", ARRIVAL)
def test_a_transfer_is_an_addition_and_an_end_each_for_its_region_linked_both_ways(books: str) -> None:
    tables, reason = ARRIVAL[books]
    found = play([account(ANNE)], books=tables)
    add, end = found.one("missing_assignment"), found.one(reason)
    assert (add.updater.scope, end.updater.scope) == ("11", "24")
    assert (add.linked_to, end.linked_to) == ((end.id,), (add.id,))
    assert len(found.changes) == 2


def test_the_end_of_a_transfer_says_to_wait_for_the_addition_and_not_to_deactivate() -> None:
    found = play([account(ANNE)], books=ARRIVAL["absent"][0])
    assert "une fois l’autre fonction ajoutée" in found.one("absent_from_workbook").guidance
    assert "une fois l’autre fonction ajoutée" not in found.one("missing_assignment").guidance


def test_the_end_of_the_last_titulaires_transfer_says_both() -> None:
    books = [region("24", row(LUC)), region("11", row(ANNE, ES_11))]
    end = play([account(ANNE, role=TITULAIRE), account(LUC)], books=books).one("absent_from_workbook")
    assert "une fois l’autre fonction ajoutée" in end.guidance
    assert "n’aura plus de CHV-ST titulaire" in end.guidance


def test_somebody_who_may_have_arrived_elsewhere_is_not_deactivated_meanwhile() -> None:
    """Gone from region 24; region 52 has the name without a number: somebody decides first (contract §6a)."""
    found = play([account(ANNE)], books=[region("24"), region("52", row(ANNE, ES_52, cpx_number="", email=""))])
    assert found.reasons() == ["absent_from_workbook", "ambiguous_match"]


def test_a_deactivation_says_what_to_do_with_somebody_expected_elsewhere() -> None:
    change = play([account(ANNE)], []).one("no_assignment_left")
    assert "Reporté" in change.guidance


ELSEWHERE: list[Line] = [account(ANNE, role=ASSISTANT)]


def test_the_halves_of_a_transfer_are_read_the_addition_first() -> None:
    kinds = [one.kind for one in play(ELSEWHERE, books=ARRIVAL["absent"][0]).changes]
    assert kinds == ["add_assignment", "end_assignment"]


def test_a_second_row_of_somebody_whose_number_the_annuaire_lacks_is_hers() -> None:
    """The first row tells who she is, by the number and her hospital; the second one, elsewhere, gives that number."""
    she = Person(691, "BAQUEFIRIN", "Ode")
    rows = [row(she, email="", phone=""), row(she, OTHER_ES, email="", phone="")]
    found = play([account(she, cpx_number="")], rows)
    assert "create_account" not in {one.kind for one in found.changes}, found.table()
    assert [one.account_id for one in found.all("missing_assignment")] == [she.account_id]
