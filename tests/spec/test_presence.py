"""Contract §6a: presence before identity, and identity by all the evidence; what becomes of the people is asserted."""

from collections.abc import Sequence
from typing import Any

import pytest

from schemas.changes.change import Change
from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ES,
    ES_11,
    OTHER_ES,
    PAUL,
    TITULAIRE,
    Line,
    Person,
    account,
    adeli,
    card,
    region,
    registered,
    row,
)

JEANNE, EDWIGE = Person(101, "PETIT-ŒUVRARD", "Jeanne"), Person(102, "PETIT", "Edwige")
CLAIRE, HOLDER = Person(103, "GIRARD", "Claire"), Person(104, "MOREAU", "Claire")
ALICE, NAMESAKE = Person(105, "THOMAS", "Alice"), Person(106, "THOMAS", "Alice")
LUC, INES = Person(107, "FAURE", "Luc"), Person(108, "BLANC", "Inès")
BEFORE, AFTER = Person(109, "MERCIER", "Sophie"), Person(110, "LAMBERT", "Sophie")
COLIN, VIDAL = Person(111, "COLIN", "Julie"), Person(112, "VIDAL", "Julie")
LUCIE, HER_BROTHER = Person(113, "CARON", "Lucie"), Person(114, "CARON", "Paul")
HARM = {"create_account", "end_assignment", "deactivate_account", "update_account", "add_assignment"}


def candidates(change: Change) -> list[str]:
    """The key of each, in the order in which they are named."""
    return [(one.after or "").split(" ")[0] for one in change.fields if one.field == "candidate"]


def proposed(change: Change) -> dict[str | None, str | None]:
    """The number as it stands → the one that would be right."""
    return {one.before: one.after for one in change.fields if one.field == "cpx_number"}


def unharmed(found: Night) -> bool:
    """Nobody is created, ended, renamed or given anything."""
    return not HARM & {change.kind for change in found.changes}


def only(found: Night, reason: str) -> Change:
    """The one question, beside which nothing is asked or done."""
    assert len(found.changes) == 1, found.table()
    assert unharmed(found)
    return found.one(reason)


# ── an account carries another's number ──────────────────────────────────────────────────────────


def test_number_of_another_on_an_account_proposes_the_right_number_and_creates_nobody_again() -> None:
    annuaire = [account(JEANNE, cpx_number=EDWIGE.rpps), account(EDWIGE, OTHER_ES)]
    register = [registered(JEANNE), registered(EDWIGE, finess_site=OTHER_ES)]
    change = only(play(annuaire, [row(JEANNE), row(EDWIGE, OTHER_ES)], register=register), "number_of_another")
    assert (change.account_id, change.reasons) == (JEANNE.account_id, ("shared_number", "number_of_another"))
    assert proposed(change) == {EDWIGE.rpps: JEANNE.rpps}
    assert {JEANNE.account_id, EDWIGE.account_id} <= set(candidates(change))


def test_number_of_another_goes_with_shared_number_and_each_line_stays_with_its_own_account() -> None:
    annuaire = [account(LUCIE, cpx_number=HER_BROTHER.rpps), account(HER_BROTHER)]
    change = only(play(annuaire, [row(LUCIE), row(HER_BROTHER)]), "shared_number")
    assert (change.account_id, proposed(change)) == (LUCIE.account_id, {HER_BROTHER.rpps: LUCIE.rpps})
    assert change.severity == "access"


def test_two_accounts_with_each_others_number_are_one_question_with_both_right_numbers() -> None:
    annuaire = [account(COLIN, cpx_number=VIDAL.rpps), account(VIDAL, cpx_number=COLIN.rpps)]
    register = [registered(COLIN), registered(VIDAL)]
    rows = [row(COLIN, cpx_number=""), row(VIDAL, cpx_number="")]
    change = only(play(annuaire, rows, register=register), "number_of_another")
    assert proposed(change) == {VIDAL.rpps: COLIN.rpps, COLIN.rpps: VIDAL.rpps}
    assert candidates(change)[:2] == [COLIN.account_id, VIDAL.account_id]


@pytest.mark.parametrize("gone", [False, True])
def test_an_account_on_the_number_of_a_namesake_elsewhere_is_asked_about_and_never_renamed(gone: bool) -> None:
    """The public directory gives several of a name: the wrong one was picked."""
    register = [registered(ALICE), registered(NAMESAKE, finess_site=ES_11)]
    rows = [] if gone else [row(ALICE, cpx_number="")]
    found = play([account(ALICE, cpx_number=NAMESAKE.rpps)], rows, register=register)
    change = found.one("number_of_another")
    assert proposed(change) == {NAMESAKE.rpps: ALICE.rpps}
    assert ("absent_from_workbook" in found.reasons()) is gone  # a real leaver still leaves
    assert "update_account" not in {one.kind for one in found.changes}


def test_a_shared_first_name_alone_is_a_marriage_and_no_number_of_another() -> None:
    married = Person(CLAIRE.serial, "ROCHE", "Claire")
    found = play([account(CLAIRE)], register=[registered(married)])
    assert found.reasons() == ["identity_changed"]


def test_a_line_that_gives_another_number_which_the_register_confirms_refutes_the_marriage() -> None:
    annuaire = [account(CLAIRE, cpx_number=HOLDER.rpps)]
    register = [registered(CLAIRE, finess_site=""), registered(HOLDER)]
    change = only(play(annuaire, [row(CLAIRE)], register=register), "number_of_another")
    assert proposed(change) == {HOLDER.rpps: CLAIRE.rpps}


def test_another_place_alone_makes_no_number_of_another() -> None:
    assert play([account(CLAIRE)], [row(CLAIRE)], register=[registered(CLAIRE, finess_site=ES_11)]).table() == []


# ── a line carries another's number ──────────────────────────────────────────────────────────────


def test_number_of_another_on_a_line_names_the_account_first_and_ends_nobody() -> None:
    register = [registered(CLAIRE), registered(HOLDER, finess_site=ES_11)]
    change = only(
        play([account(CLAIRE)], [row(CLAIRE, cpx_number=HOLDER.rpps)], register=register), "number_of_another"
    )
    assert candidates(change)[0] == CLAIRE.account_id
    assert proposed(change) == {HOLDER.rpps: CLAIRE.rpps}
    assert "MOREAU Claire" in str(fields_of(change)["detail"])


def test_number_of_another_on_a_line_is_the_accounts_only_where_it_has_the_lines_name() -> None:
    """Whoever came after typed over the row: the number proposed is hers, the account that of whom she followed."""
    rows = [row(AFTER, cpx_number=BEFORE.rpps, email=BEFORE.email)]
    change = only(play([account(BEFORE)], rows, register=[registered(BEFORE), registered(AFTER)]), "number_of_another")
    assert change.account_id is None
    rows = [row(CLAIRE, cpx_number=HOLDER.rpps)]
    register = [registered(CLAIRE), registered(HOLDER, finess_site=ES_11)]
    change = only(play([account(CLAIRE)], rows, register=register), "number_of_another")
    assert change.account_id == CLAIRE.account_id


@pytest.mark.parametrize("closed", [CLAIRE, HOLDER])
def test_number_of_another_names_the_accounts_that_cannot_log_in_too(closed: Person) -> None:
    annuaire = [account(who, active="Non" if who is closed else "Oui") for who in (CLAIRE, HOLDER)]
    rows = [row(who, cpx_number=HOLDER.rpps) for who in (CLAIRE, HOLDER) if who is not closed or who is CLAIRE]
    register = [registered(CLAIRE), registered(HOLDER)]
    change = only(play(annuaire, rows, register=register), "number_of_another")
    assert closed.account_id in candidates(change)
    assert change.account_id != closed.account_id
    assert "(compte inactif)" in str([one.after for one in change.fields])


def test_number_of_another_on_an_account_names_who_cannot_log_in_too() -> None:
    annuaire = [account(CLAIRE, cpx_number=HOLDER.rpps), account(HOLDER, active="Non")]
    change = only(play(annuaire, [row(CLAIRE, cpx_number="")]), "number_of_another")
    assert HOLDER.account_id in candidates(change)


def test_two_lines_with_each_others_number_are_one_question_that_says_so() -> None:
    found = play([account(LUC), account(INES)], [row(LUC, cpx_number=INES.rpps), row(INES, cpx_number=LUC.rpps)])
    change = only(found, "number_of_another")
    assert "échangés" in str(fields_of(change)["detail"])
    assert {LUC.account_id, INES.account_id} <= set(candidates(change))
    assert proposed(change) == {LUC.rpps: INES.rpps, INES.rpps: LUC.rpps}


PEOPLE = [Person(120 + at, name, first) for at, (name, first) in enumerate(
    [("ALLARD", "Anne"), ("BESSON", "Bruno"), ("CARLIER", "Cécile"), ("DELMAS", "Denis"), ("ESCOFFIER", "Ève")]
)]  # fmt: skip


@pytest.mark.parametrize("step", [1, -1])
def test_a_run_of_numbers_moved_by_one_line_is_one_question_that_says_so(step: int) -> None:
    numbers = [one.rpps for one in PEOPLE]
    moved = numbers[-step:] + numbers[:-step]
    rows = [row(one, cpx_number=number) for one, number in zip(PEOPLE, moved, strict=True)]
    change = only(play([account(one) for one in PEOPLE], rows), "number_of_another")
    assert "décalés d’une ligne" in str(fields_of(change)["detail"])
    assert len(proposed(change)) == len(PEOPLE)


def test_adeli_numbers_on_each_others_lines_are_one_question_that_says_so() -> None:
    crosswalk = {adeli(1): LUC.rpps, adeli(2): INES.rpps}
    rows = [row(LUC, cpx_number=adeli(2)), row(INES, cpx_number=adeli(1))]
    change = only(play([account(LUC), account(INES)], rows, crosswalk=crosswalk), "number_of_another")
    assert "échangés" in str(fields_of(change)["detail"])


def test_a_line_with_the_wrong_number_of_its_own_account_asks_nothing_a_second_time() -> None:
    register = [registered(CLAIRE), registered(HOLDER, finess_site=ES_11)]
    annuaire = [account(CLAIRE, cpx_number=HOLDER.rpps)]
    change = only(play(annuaire, [row(CLAIRE, cpx_number=HOLDER.rpps)], register=register), "number_of_another")
    assert (change.account_id, proposed(change)) == (CLAIRE.account_id, {HOLDER.rpps: CLAIRE.rpps})


def test_a_line_with_the_doubtful_number_of_its_own_account_asks_nothing_a_second_time() -> None:
    annuaire = [account(LUCIE, cpx_number=HER_BROTHER.rpps)]
    rows = [row(LUCIE, cpx_number=HER_BROTHER.rpps)]
    register = [registered(HER_BROTHER, finess_site=ES_11)]
    change = only(play(annuaire, rows, register=register, cards=[card(HER_BROTHER)]), "ambiguous_match")
    assert change.account_id == LUCIE.account_id


def test_two_lines_that_both_may_be_others_are_still_asked_about() -> None:
    """The account has the number too, but works elsewhere: the updater of the line is asked."""
    register = [registered(CLAIRE), registered(HOLDER, finess_site=ES_11)]
    annuaire = [account(CLAIRE, OTHER_ES, cpx_number=HOLDER.rpps)]
    found = play(annuaire, [row(CLAIRE, cpx_number=HOLDER.rpps)], register=register)
    assert {one.account_id for one in found.all("number_of_another")} >= {CLAIRE.account_id}
    assert len(found.all("number_of_another")) + len(found.all("ambiguous_match")) == 2


def test_a_number_filled_down_is_one_question_and_its_owner_is_in_none_of_it() -> None:
    rows = [row(one, cpx_number=PEOPLE[0].rpps) for one in PEOPLE]
    change = only(play([account(one) for one in PEOPLE], rows), "number_of_another")
    assert "recopié" in str(fields_of(change)["detail"])
    assert {one.account_id for one in PEOPLE[1:]} <= set(candidates(change))


def test_two_mix_ups_of_two_hospitals_are_two_questions() -> None:
    one, two, three, four = PEOPLE[:4]
    annuaire = [account(one), account(two), account(three, ES_11), account(four, ES_11)]
    books = [
        region("24", row(one, cpx_number=two.rpps), row(two, cpx_number=one.rpps)),
        region("11", row(three, ES_11, cpx_number=four.rpps), row(four, ES_11, cpx_number=three.rpps)),
    ]
    register = [registered(one), registered(two), *(registered(who, finess_site=ES_11) for who in (three, four))]
    found = play(annuaire, books=books, register=register)
    assert [change.updater.scope for change in found.all("number_of_another")] == ["24", "11"]
    assert unharmed(found)


@pytest.mark.parametrize("known_here", [True, False])
def test_a_row_overwritten_by_the_successor_concludes_nothing_of_either(known_here: bool) -> None:
    after = AFTER if known_here else Person(115, "LAMBERT", "Odile")
    register = [registered(BEFORE), *([registered(after)] if known_here else [])]
    rows = [row(after, cpx_number=BEFORE.rpps, email=BEFORE.email)]
    change = only(play([account(BEFORE)], rows, register=register), "number_of_another")
    assert candidates(change)[0] == BEFORE.account_id
    assert proposed(change) == {BEFORE.rpps: after.rpps if known_here else None}


def test_what_somebody_typed_against_the_only_one_of_the_name_is_a_question() -> None:
    """A right key that is in no extract, and a namesake there: her number is not proposed for an account."""
    typed = Person(116, "THOMAS", "Alice")
    change = only(play([], [row(typed)], register=[registered(NAMESAKE)], cards=[card(NAMESAKE)]), "ambiguous_match")
    assert candidates(change) == [NAMESAKE.rpps]


GIRAUD = Person(119, "GIRAUD", "Claire")


@pytest.mark.parametrize("address", ["email", "phone"])
@pytest.mark.parametrize("has_account", [True, False])
def test_the_number_of_a_near_namesake_elsewhere_beside_ones_own_address_is_a_question(
    address: str, has_account: bool
) -> None:
    """The name is written with a slip, and the directory was asked for the number of who bears it so."""
    mine = {"email": CLAIRE.email, "phone": "01 99 00 56 78"}
    told: dict[str, Any] = {name: value if name == address else "" for name, value in mine.items()}
    annuaire = [account(CLAIRE, phone="01 99 00 56 78")]
    annuaire += [account(GIRAUD, ES_11, phone="01 99 00 99 99")] if has_account else []
    register = [registered(CLAIRE), registered(GIRAUD, finess_site=ES_11)]
    found = play(annuaire, [row(GIRAUD, **told)], register=register)
    assert CLAIRE.account_id in candidates(only(found, "ambiguous_match"))


def test_two_registered_people_of_near_names_at_one_hospital_are_two_for_all_their_common_telephone() -> None:
    found = play([account(CLAIRE, phone="01 99 00 56 78")], [row(GIRAUD, phone="01 99 00 56 78")])
    assert found.reasons() == ["absent_from_workbook", "missing_account", "no_assignment_left"]


# ── who may be meant ─────────────────────────────────────────────────────────────────────────────


def test_a_perfect_name_without_a_number_keeps_its_post_though_there_is_a_namesake_elsewhere() -> None:
    register = [registered(ALICE), registered(NAMESAKE, finess_site=ES_11)]
    rows = [row(ALICE, cpx_number="", email="", phone="")]
    assert play([account(ALICE)], rows, register=register).table() == []


DOUBTFUL: dict[str, dict[str, Any]] = {
    "near name": {"last_name": "GIRAUD", "cpx_number": "", "email": "", "phone": ""},
    "address": {"last_name": "SONGEUR", "first_name": "Odile", "cpx_number": ""},
    "first name": {"last_name": "ROCHE", "cpx_number": "", "email": "", "phone": ""},
    "said to have left": {"last_name": "GIRAUD", "cpx_number": "", "status": "Parti"},
    "left out": {"function": "?", "last_name": "GIRAUD", "cpx_number": ""},
}


@pytest.mark.parametrize("line", DOUBTFUL)
def test_whoever_a_doubtful_line_may_be_about_keeps_the_post(line: str) -> None:
    found = play([account(CLAIRE)], [row(CLAIRE, **DOUBTFUL[line])])
    assert unharmed(found), found.table()
    assert found.changes


def test_it_keeps_every_function_at_that_structure_and_the_account_but_no_function_elsewhere() -> None:
    held = [account(CLAIRE), account(CLAIRE, ES, TITULAIRE), account(CLAIRE, OTHER_ES)]
    found = play(held, [row(CLAIRE, **DOUBTFUL["near name"])])
    ended = [(one.kind, one.assignment.structure_code) for one in found.changes if one.kind in HARM]
    assert ended == [("end_assignment", OTHER_ES)]


SECOND_LINES: dict[str, dict[str, Any]] = {
    **{key: cells for key, cells in DOUBTFUL.items() if key != "address"},  # her own line gives it too: a mailbox
    "number of another": {"cpx_number": HOLDER.rpps},
    "number of another, near name": {"cpx_number": HOLDER.rpps, "last_name": "GIRAUD", "email": "", "phone": ""},
    "another rank": {"last_name": "GIRAUD", "cpx_number": "", "rank": "Remplaçant", "email": "", "phone": ""},
}


@pytest.mark.parametrize(
    ("line", "at"),
    [(line, at) for line in SECOND_LINES for at in (ES, OTHER_ES) if (line, at) != ("first name", OTHER_ES)],
)
def test_whoever_is_certain_for_one_function_keeps_the_other_that_a_doubtful_line_may_name(line: str, at: str) -> None:
    held = [account(CLAIRE), account(CLAIRE, at, TITULAIRE), account(HOLDER, ES_11)]
    register = [registered(CLAIRE), registered(HOLDER, finess_site=ES_11)]
    rows = [row(CLAIRE), row(CLAIRE, at, TITULAIRE, **SECOND_LINES[line])]
    found = play(held, rows, register=register)
    assert unharmed(found), found.table()
    assert found.changes


def test_a_first_name_in_common_keeps_no_function_of_whoever_is_certain_elsewhere() -> None:
    """Who moved leaves the old post, though a colleague in doubt there has the first name."""
    rows = [row(CLAIRE, OTHER_ES), row(CLAIRE, **DOUBTFUL["first name"])]
    found = play([account(CLAIRE)], rows)
    assert {"missing_assignment", "absent_from_workbook"} <= set(found.reasons())


def test_a_function_of_which_a_certain_line_tells_is_not_open_to_a_successor_in_doubt() -> None:
    after: dict[str, Any] = {"last_name": "LEMOINE", "first_name": "Claire", "cpx_number": "", "email": "", "phone": ""}
    found = play([account(CLAIRE)], [row(CLAIRE), row(CLAIRE, **after)])
    assert CLAIRE.account_id not in {key for one in found.changes for key in candidates(one)}


def test_a_line_that_is_certainly_somebody_elses_keeps_nobody() -> None:
    other = Person(117, "GIRARD", "Clara")
    found = play([account(CLAIRE)], [row(other)])
    assert found.reasons() == ["absent_from_workbook", "missing_account", "no_assignment_left"]


def test_nobody_is_created_while_an_account_of_nobody_known_may_be_theirs() -> None:
    """Married since, and the account has no number: it is not ended beside a creation of the same person."""
    married = Person(CLAIRE.serial, "ROCHE", "Claire")
    found = play([account(CLAIRE, cpx_number="")], [row(married)], register=[registered(married)])
    assert unharmed(found), found.table()
    assert CLAIRE.account_id in candidates(found.one("ambiguous_match"))


def test_a_certain_leaver_still_leaves_beside_somebody_else_in_doubt() -> None:
    found = play(
        [account(CLAIRE), account(LUC)], [row(CLAIRE, status="Parti"), row(LUC, last_name="FAURRE", cpx_number="")]
    )
    assert [one.account_id for one in found.all("left")] == [CLAIRE.account_id]
    assert LUC.account_id not in {one.account_id for one in found.changes if one.kind in HARM}


def test_the_five_likeliest_are_named_and_how_many_more() -> None:
    crowd = [Person(130 + at, "GIRARD", "Claire") for at in range(7)]
    found = play([account(one, cpx_number=adeli(at)) for at, one in enumerate(crowd)], [row(CLAIRE, cpx_number="")])
    change = next(one for one in found.all("ambiguous_match") if one.account_id is None)
    named = [key for key in candidates(change) if key.startswith("EF")]
    assert len(named) == 5
    assert "2 autres comptes possibles" in change.guidance
    assert unharmed(found)


def test_nobody_is_created_while_a_row_of_the_annuaire_that_has_no_account_may_be_theirs() -> None:
    found = play([account(CLAIRE, account_id=""), account(LUC)], [row(CLAIRE), row(LUC), row(INES)])
    assert [one.person.last_name for one in found.all("missing_account")] == [INES.last_name]


def test_a_row_left_out_of_another_regions_workbook_keeps_the_account_and_no_function_here() -> None:
    """Gone from region 24; region 11 has a row of hers that could not be placed: her account waits."""
    books = [region("24"), region("11", row(CLAIRE, ES_11, role=("?", "")))]
    found = play([account(CLAIRE)], books=books)
    assert "absent_from_workbook" in found.reasons()
    assert "deactivate_account" not in {one.kind for one in found.changes}


# ── outside the register ─────────────────────────────────────────────────────────────────────────


def cpe_night(rows: Sequence[Line]) -> Night:
    return play([account(PAUL)], rows)


def test_another_name_under_a_cpe_number_is_a_question_for_no_register_tells() -> None:
    change = only(cpe_night([row(PAUL, last_name="TERRASSE")]), "ambiguous_match")
    assert candidates(change) == [PAUL.account_id]


def test_a_cpe_number_that_another_line_has_under_another_name_changes_nobodys() -> None:
    other = Person(118, "SONGE", "Paule", "SEC", PAUL.cpe + "X")
    found = play([account(PAUL), account(other)], [row(PAUL), row(other, cpx_number=PAUL.cpe)])
    assert unharmed(found), found.table()


@pytest.mark.parametrize("name", [("SONGER", "Paul"), ("TERRASSE", "Odile")])
def test_a_cpe_number_one_figure_off_may_be_a_colleagues_and_decides_nothing(name: tuple[str, str]) -> None:
    rows = [row(PAUL, last_name=name[0], first_name=name[1], cpx_number=f"{PAUL.cpe}1")]
    found = play([account(PAUL, cpx_number=f"{PAUL.cpe}2")], rows)
    assert candidates(only(found, "ambiguous_match")) == [PAUL.account_id]


def test_a_first_name_in_common_keeps_nobody_of_another_profession_and_civility() -> None:
    """« FAURE Christine », nurse, is in doubt; PETIT Christine, physician, who has another address, has left."""
    she = Person(681, "PETIT", "Claude")
    he: dict[str, Any] = {"civility": "M.", "profession": "Infirmier", "phone": "", "email": "faure@example.org"}
    line = row(Person(682, "FAURE", "Claude"), cpx_number="en cours", **he)
    found = play([account(she, civility="Mme", phone="")], [line])
    assert "absent_from_workbook" in found.reasons(), found.table()
    married = row(Person(682, "FAURE", "Claude"), cpx_number="en cours", civility="Mme", profession="Médecin", email="")
    assert "absent_from_workbook" not in play([account(she, civility="Mme", phone="")], [married]).reasons()
