"""Contract §6, functions and structures somebody must look at: roles, titulaires, closed establishments."""

import pytest

from schemas.glyphs import typeset
from tests.spec.night import Night, play
from tests.spec.tables import (
    ANNE,
    ASSISTANT,
    CRH,
    ES,
    ES_11,
    HEMOVIGILANT,
    LUC,
    PAUL,
    SITE,
    TITULAIRE,
    ZOE,
    Book,
    Line,
    Person,
    Role,
    account,
    card,
    ets,
    national,
    region,
    row,
)

# ── roles ────────────────────────────────────────────────────────────────────────────────────────


def as_role(who: Person, at: str, role: Role, **cells: str) -> Night:
    """Somebody whose account and workbook agree on this function."""
    line = row(who, at, role, **cells)
    books = {
        "ANSM": national(line),
        "CTSA": national(line),
        SITE: ets("ETS-CPDL", line),
        "ETS-CPDL": ets("ETS-CPDL", line),
    }
    book = books.get(at, region("24", line))
    return play([account(who, at, role, **cells)], books=[book])


@pytest.mark.parametrize(
    ("who", "at", "role"),
    [
        (ZOE, ES, TITULAIRE),
        (ZOE, "24", CRH),
        (PAUL, "ANSM", HEMOVIGILANT),
        (ANNE, ES, CRH),
        (ANNE, "24", TITULAIRE),
        (ANNE, "24", HEMOVIGILANT),
        (ANNE, "ANSM", TITULAIRE),
        (ANNE, ES, ("Assistant", "Titulaire")),
    ],
)
def test_role_incompatible_when_function_place_rank_or_profession_do_not_go_together(who: Person, at: str, role: Role):
    found = as_role(who, at, role)
    change = found.one("role_incompatible")
    assert (change.kind, change.account_id) == ("review", who.account_id)


def test_role_incompatible_when_the_card_is_one_of_training():
    found = play([account(ANNE, ES, TITULAIRE, card_type="CPF")], cards=[card(ANNE, card_type="CPF")])
    assert found.reasons() == ["role_incompatible"]


@pytest.mark.parametrize(
    ("who", "at", "role"),
    [
        (ANNE, ES, TITULAIRE),
        (LUC, SITE, TITULAIRE),
        (LUC, "ETS-CPDL", TITULAIRE),
        (ANNE, "24", CRH),
        (LUC, "CTSA", HEMOVIGILANT),
        (ZOE, ES, ASSISTANT),
        (PAUL, "24", ASSISTANT),
    ],
)
def test_role_incompatible_does_not_fire_for_what_goes_together(who: Person, at: str, role: Role):
    assert as_role(who, at, role).table() == []


def test_role_incompatible_does_not_fire_for_a_doctor_with_a_cpe():
    """Not registered with the Ordre: a note where the account is created, no review."""
    doctor = Person(40, "ÉPURE", "Éloi", "10", f"3{ES}/HV-EPURE")
    assert as_role(doctor, ES, TITULAIRE).table() == []
    change = play([], [row(doctor, ES, TITULAIRE)]).one("missing_account")
    assert "admis pour qui n’est pas inscrit à l’Ordre" in change.guidance


def test_role_incompatible_keeps_a_workbook_from_adding_the_function():
    found = play([account(ZOE)], [row(ZOE), row(ZOE, ES, TITULAIRE)])
    assert (found.all("missing_assignment"), found.one("role_incompatible").account_id) == ([], ZOE.account_id)


def test_role_incompatible_keeps_a_workbook_from_creating_the_account():
    found = play([], [row(ZOE, ES, TITULAIRE)])
    assert found.all("missing_account") == []
    assert found.one("role_incompatible").person.national_id == ZOE.rpps


def test_role_incompatible_says_what_does_not_go_together():
    change = as_role(ZOE, ES, TITULAIRE).one("role_incompatible")
    said = change.guidance + " ".join(f"{one.before} {one.after}" for one in change.fields)
    assert "Infirmier" in said


# ── structures ───────────────────────────────────────────────────────────────────────────────────


def of_structures(*annuaire: Line, rows: tuple[Line, ...] = (), closed: list[str] | None = None) -> Night:
    """The annuaire without the titulaires that other tests take for granted, and an incomplete workbook."""
    book = region("24", *rows, complete=False)
    return play(annuaire, books=[book], closed=closed, kept=False)


def test_two_titulaires_of_one_structure_are_one_review():
    found = of_structures(account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE))
    change = found.one("two_titulaires")
    assert (change.kind, change.account_id, change.assignment.structure_code) == ("review", None, ES)
    assert len(found.changes) == 1


def test_two_titulaires_counts_the_one_who_comes_and_not_the_one_who_goes():
    here = account(ANNE, ES, TITULAIRE)
    coming = row(LUC, ES, TITULAIRE)
    assert of_structures(here, rows=(row(ANNE, ES, TITULAIRE), coming)).reasons() == [
        "missing_account",
        "two_titulaires",
    ]
    leaving = row(ANNE, ES, TITULAIRE, status="Parti")
    assert of_structures(here, rows=(leaving, coming)).all("two_titulaires") == []


def test_two_titulaires_does_not_count_a_remplacant_or_a_deactivated_account():
    lines = [account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE, active="Non")]
    lines.append(account(Person(41, "SONGE", "Isaure"), ES, ("CHV-ST", "Remplaçant")))
    assert of_structures(*lines).table() == []


@pytest.mark.parametrize("at", [ES, SITE, "ETS-CPDL"])
def test_no_titulaire_when_an_es_a_site_or_an_ets_has_none(at: str):
    change = of_structures(account(ANNE, at, ("CHV-ST", "Remplaçant"))).one("no_titulaire")
    assert (change.kind, change.severity, change.assignment.structure_code) == ("review", "access", at)


def test_no_titulaire_waits_for_the_end_to_be_entered_and_the_end_says_what_it_costs():
    leaving = row(ANNE, ES, TITULAIRE, status="Parti")
    found = of_structures(account(ANNE, ES, TITULAIRE), rows=(leaving,))
    assert found.reasons() == ["left", "no_assignment_left"]
    assert "n’aura plus de CHV-ST titulaire" in found.one("left").guidance
    replaced = of_structures(account(ANNE, ES, TITULAIRE), rows=(leaving, row(LUC, ES, TITULAIRE)))
    assert "n’aura plus" not in replaced.one("left").guidance


def test_no_titulaire_when_the_only_one_is_deactivated():
    assert of_structures(account(ANNE, ES, TITULAIRE, active="Non")).reasons() == ["no_titulaire"]


def test_no_titulaire_does_not_fire_where_the_efs_declares():
    nobody = row(ANNE, ES, ("", ""), last_name="", first_name="", cpx_number="", efs_convention="Oui")
    found = of_structures(account(ANNE), rows=(nobody,))
    assert (found.table(), found.codes()) == ([], [])


def test_no_titulaire_does_not_fire_for_a_region_or_a_national_body():
    assert of_structures(account(ANNE, "24"), account(LUC, "ANSM", HEMOVIGILANT)).table() == []


@pytest.mark.parametrize(("at", "book"), [(ES, region("24", usable=False)), (SITE, ets("ETS-CPDL", usable=False))])
def test_no_titulaire_and_two_titulaires_do_not_fire_while_the_workbook_of_the_place_sits_out(at: str, book: Book):
    """It may name the one who comes, or no longer the one who goes: the annuaire alone does not say."""
    nobody, both = [account(ANNE, at)], [account(ANNE, at, TITULAIRE), account(LUC, at, TITULAIRE)]
    for annuaire in (nobody, both):
        assert [c for c in play(annuaire, books=[book], kept=False).changes if c.assignment.structure_code == at] == []


def test_no_titulaire_fires_until_the_one_who_comes_is_entered():
    """Every declaration there waits for one today (contract §6)."""
    found = of_structures(account(ANNE), rows=(row(ANNE), row(LUC, ES, TITULAIRE)))
    assert sorted(found.reasons()) == ["missing_account", "no_titulaire"]
    assert typeset("proposé dans « À créer »") in found.one("no_titulaire").guidance


def test_structure_closed_is_one_review_for_all_who_work_there():
    found = play([account(ANNE), account(LUC)], closed=[ES])
    change = found.one("structure_closed")
    assert (change.kind, change.account_id, change.assignment.structure_code) == ("review", None, ES)
    assert len(found.changes) == 1


def test_structure_closed_does_not_fire_once_everybody_leaves_or_without_a_stock():
    leaving = (row(ANNE, status="Parti"),)
    assert of_structures(account(ANNE), rows=leaving, closed=[ES]).all("structure_closed") == []
    assert play([account(ANNE)], closed=None).table() == []
    assert play([account(ANNE)], closed=[ES_11]).table() == []
