"""Procedure §4: who updates the annuaire, one test per row of routing.csv, then what the page leaves open."""

import pytest

from schemas.changes.change import Updater
from schemas.changes.routing import Route, built_in_routes
from tests.spec.night import ADMIN, Night, play
from tests.spec.tables import (
    ANNE,
    ASSISTANT,
    CRH,
    ES,
    ES_11,
    ES_52,
    HEMOVIGILANT,
    LUC,
    OTHER_ES,
    REMPLACANT,
    SITE,
    SITE_52,
    TITULAIRE,
    Book,
    Person,
    Role,
    account,
    ets,
    national,
    region,
    row,
)

CRH_24 = ("CRH_ST", "24")
CRH_11 = ("CRH_ST", "11")
TITULAIRE_CPDL = ("CHV_ST_ETS", "ETS-CPDL")
THE_ADMIN = ("ADMIN_EFIT", "")


def book_of(at: str, role: Role) -> Book:
    """The workbook that lists somebody's function."""
    line = row(ANNE, at, role)
    if at in ("ANSM", "EFS", "CTSA"):
        return national(line)
    if at in (SITE, SITE_52) or at.startswith("ETS"):
        return ets("ETS-IDF" if at == "ETS-IDF" else "ETS-CPDL", line)
    return region({ES: "24", OTHER_ES: "24", ES_52: "52", ES_11: "11"}.get(at, at), line)


def newcomer(role: Role, at: str, *routing: Route) -> Updater:
    """The updater of an account to create for this function."""
    return play(books=[book_of(at, role)], routing=routing).one("missing_account").updater


def post(updater: Updater) -> tuple[str, str]:
    return updater.post, updater.scope


# ── one test per row ─────────────────────────────────────────────────────────────────────────────


def test_crh_st_at_region_is_updated_by_admin_efit():
    updater = newcomer(("CRH-ST", "Remplaçant"), "24")
    assert (post(updater), updater.recipients, updater.uncovered) == (THE_ADMIN, (ADMIN,), False)
    assert post(newcomer(CRH, "52")) == THE_ADMIN


def test_chv_st_titulaire_at_ets_is_updated_by_admin_efit():
    updater = newcomer(TITULAIRE, "ETS-CPDL")
    assert (post(updater), updater.uncovered, updater.escalated_from) == (THE_ADMIN, False, None)


def test_hemovigilant_at_efs_national_is_updated_by_admin_efit():
    updater = newcomer(HEMOVIGILANT, "EFS")
    assert (post(updater), updater.uncovered) == (THE_ADMIN, False)


def test_hemovigilant_at_ctsa_is_updated_by_admin_efit():
    updater = newcomer(HEMOVIGILANT, "CTSA")
    assert (post(updater), updater.uncovered) == (THE_ADMIN, False)


def test_hemovigilant_at_ansm_is_updated_by_admin_efit():
    updater = newcomer(HEMOVIGILANT, "ANSM")
    assert (post(updater), updater.uncovered) == (THE_ADMIN, False)


def test_chv_st_at_es_is_updated_by_crh_st():
    assert [post(newcomer(role, ES)) for role in (TITULAIRE, REMPLACANT)] == [CRH_24, CRH_24]
    assert post(newcomer(TITULAIRE, ES_11)) == CRH_11


def test_assistant_at_es_is_updated_by_crh_st():
    assert post(newcomer(ASSISTANT, ES)) == CRH_24
    assert post(newcomer(ASSISTANT, ES_11)) == CRH_11


def test_assistant_at_region_is_updated_by_crh_st():
    assert post(newcomer(ASSISTANT, "24")) == CRH_24


def test_chv_st_at_site_is_updated_by_chv_st_ets():
    assert [post(newcomer(role, SITE)) for role in (TITULAIRE, REMPLACANT)] == [TITULAIRE_CPDL] * 2


def test_assistant_at_site_is_updated_by_chv_st_ets():
    assert post(newcomer(ASSISTANT, SITE)) == TITULAIRE_CPDL


@pytest.mark.parametrize(("role", "at"), [(REMPLACANT, "ETS-CPDL"), (ASSISTANT, "ETS-CPDL"), (ASSISTANT, "ANSM")])
def test_anything_else_is_updated_by_admin_efit(role: Role, at: str):
    updater = newcomer(role, at)
    assert (post(updater), updater.uncovered, updater.recipients) == (THE_ADMIN, True, (ADMIN,))


def test_an_unknown_function_of_the_annuaire_is_updated_by_the_admin_as_uncovered():
    found = play([account(ANNE, role=("Coordinateur d'essai", ""))], [])
    updater = found.one("absent_from_workbook").updater
    assert (post(updater), updater.uncovered) == (THE_ADMIN, True)


def test_an_account_without_any_function_is_updated_by_the_admin_as_uncovered():
    updater = play([account(ANNE, "")]).one("no_assignment_left").updater
    assert (post(updater), updater.uncovered) == (THE_ADMIN, True)


# ── what a deployment decides (contract §2 [[routing]]) ──────────────────────────────────────────


def test_an_override_sends_the_remplacant_of_an_ets_to_its_titulaire():
    ours = Route("CHV_ST", "ETS", "REMPLACANT", "CHV_ST_ETS", uncovered=False, source="configuration")
    updater = newcomer(REMPLACANT, "ETS-CPDL", ours)
    assert (post(updater), updater.uncovered) == (TITULAIRE_CPDL, False)


def test_an_override_wins_over_the_procedures_own_row():
    ours = Route("ASSISTANT", "ES", "*", "ADMIN_EFIT", uncovered=False, source="configuration")
    assert post(newcomer(ASSISTANT, ES, ours)) == THE_ADMIN
    assert post(newcomer(TITULAIRE, ES, ours)) == CRH_24


def test_the_first_of_two_overrides_wins():
    first = Route("*", "ETS", "REMPLACANT", "CHV_ST_ETS", uncovered=False, source="configuration")
    second = Route("*", "ETS", "*", "ADMIN_EFIT", uncovered=False, source="configuration")
    assert post(newcomer(REMPLACANT, "ETS-CPDL", first, second)) == TITULAIRE_CPDL
    assert post(newcomer(REMPLACANT, "ETS-CPDL", second, first)) == THE_ADMIN


# ── a vacant post ────────────────────────────────────────────────────────────────────────────────


def escalation(found: Night) -> tuple[tuple[str, str], str | None, bool]:
    updater = found.one("missing_account").updater
    return post(updater), updater.escalated_from, updater.uncovered


def test_a_region_without_crh_st_goes_to_the_admin_marked_with_the_post():
    found = play(books=[region("52", row(ANNE, ES_52))])
    assert escalation(found) == (THE_ADMIN, "CRH_ST-52", False)


def test_an_ets_without_titulaire_goes_to_the_admin_marked_with_the_post():
    remplacant = account(LUC, "ETS-CPDL", REMPLACANT)
    found = play([remplacant], books=[ets("ETS-CPDL", row(ANNE, SITE), complete=False)], kept=False)
    assert escalation(found) == (THE_ADMIN, "CHV_ST_ETS-ETS-CPDL", False)


def test_a_crh_st_who_leaves_tonight_holds_the_post_no_more():
    leaving = [row(LUC, "24", CRH, status="Parti"), row(ANNE)]
    found = play([account(LUC, "24", CRH)], leaving)
    assert escalation(found) == (THE_ADMIN, "CRH_ST-24", False)


def test_a_titulaire_of_an_ets_who_leaves_tonight_holds_the_post_no_more():
    leaving = row(LUC, "ETS-CPDL", TITULAIRE, status="Parti")
    found = play([account(LUC, "ETS-CPDL", TITULAIRE)], books=[ets("ETS-CPDL", leaving, row(ANNE, SITE))], kept=False)
    updater = found.one("missing_account").updater
    assert (updater.post, updater.escalated_from) == ("ADMIN_EFIT", "CHV_ST_ETS-ETS-CPDL")
    assert {one.updater.post for one in found.changes if one.account_id == LUC.account_id} == {"ADMIN_EFIT"}


def test_a_deactivated_crh_st_holds_no_post():
    found = play([account(LUC, "24", CRH, active="Non")], [row(ANNE)])
    assert escalation(found) == (THE_ADMIN, "CRH_ST-24", False)


def test_the_mail_goes_to_whoever_holds_the_post_in_the_annuaire():
    found = play([account(LUC, "24", CRH, email="Crh.Centre@Example.org")], [row(LUC, "24", CRH), row(ANNE)])
    assert found.one("missing_account").updater.recipients == ("crh.centre@example.org",)


def test_a_crh_st_remplacant_stands_in_where_there_is_no_titulaire():
    role = ("CRH-ST", "Remplaçant")
    found = play([account(LUC, "52", role)], books=[region("52", row(LUC, "52", role), row(ANNE, ES_52))])
    assert post(found.one("missing_account").updater) == ("CRH_ST", "52")


# ── an account with several functions ────────────────────────────────────────────────────────────


def renewed(*places: tuple[str, Role], who: Person = ANNE) -> Night:
    """Somebody with these functions whose card was renewed."""
    return play([account(who, at, role, card_expires_on="2026-12-31") for at, role in places])


def test_an_account_belongs_to_the_updater_of_its_highest_function():
    change = renewed((ES_11, ASSISTANT), ("24", CRH)).one("card_renewed")
    assert post(change.updater) == THE_ADMIN
    assert [(one.post, one.scope) for one in change.also_concerned] == [CRH_11]
    assert change.assignment.structure_code == "24"


def test_between_functions_of_one_level_the_lowest_code_decides():
    change = renewed((ES_11, ASSISTANT), (SITE, ASSISTANT), (ES, ASSISTANT)).one("card_renewed")
    assert post(change.updater) == CRH_24
    assert [(one.post, one.scope) for one in change.also_concerned] == [TITULAIRE_CPDL, CRH_11]


def test_an_updater_is_not_also_concerned_by_their_own_change():
    change = renewed((ES, ASSISTANT), (OTHER_ES, ASSISTANT)).one("card_renewed")
    assert (post(change.updater), change.also_concerned) == (CRH_24, ())


def test_a_national_function_comes_before_a_regional_one():
    change = renewed(("24", ASSISTANT), ("ANSM", HEMOVIGILANT)).one("card_renewed")
    assert post(change.updater) == THE_ADMIN
    assert [(one.post, one.scope) for one in change.also_concerned] == [CRH_24]


def test_each_function_to_add_or_end_goes_to_its_own_updater():
    found = play(
        [account(ANNE, ES)],
        books=[region("24"), region("11", row(ANNE, ES_11))],
    )
    assert post(found.one("absent_from_workbook").updater) == CRH_24
    assert post(found.one("missing_assignment").updater) == CRH_11


# ── two partitions ───────────────────────────────────────────────────────────────────────────────


def test_a_site_belongs_to_its_ets_whatever_its_region():
    """ETS-CPDL spans regions 24 and 52: the sites of both go to its titulaire."""
    assert [post(newcomer(ASSISTANT, at)) for at in (SITE, SITE_52)] == [TITULAIRE_CPDL, TITULAIRE_CPDL]


def test_an_es_belongs_to_its_region_whatever_the_ets_there():
    """Region 52 has no CRH-ST; that ETS-CPDL, which covers it, has a titulaire changes nothing."""
    assert newcomer(ASSISTANT, ES_52).escalated_from == "CRH_ST-52"


def test_the_ets_of_a_site_is_never_guessed_from_its_region():
    """A site of region 24 with no ETS de rattachement: nobody's, so the administrator's."""
    orphan = account(ANNE, SITE, parent_code="", card_expires_on="2026-12-31")
    updater = play([orphan]).one("card_renewed").updater
    assert (post(updater), updater.escalated_from) == (THE_ADMIN, "CHV_ST_ETS")


def test_the_workbook_of_a_region_ends_nobody_at_a_site_of_that_region():
    assert play([account(ANNE, SITE)], []).table() == []


def test_the_workbook_of_an_ets_ends_nobody_at_an_es_of_its_regions():
    assert play([account(ANNE, ES), account(LUC, ES_52)], books=[ets("ETS-CPDL")]).table() == []


def test_every_change_has_a_post_and_is_sent_to_somebody():
    rows = [row(ANNE, ES_52), row(LUC, "24")]
    for change in play([account(ANNE), account(LUC, SITE)], rows).changes:
        assert change.updater.post in {route.updater for route in built_in_routes()}
        assert change.updater.recipients
