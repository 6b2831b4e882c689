"""The snapshot of a night: whom the national files are asked about, and what is concluded where one is not whole."""

from dataclasses import replace

from pipelines.policy import Policy
from pipelines.sources.joining import snapshot_of, wanted_beside, wanted_by
from pipelines.sources.judge import judge_annuaire
from pipelines.sources.judged_sources import Leads, Local, National
from pipelines.sources.national.register import cards_of
from schemas.people.assignment import AnnuaireRow
from schemas.reading.source import Wanted
from schemas.reading.source_names import ANNUAIRE
from tests.spec.night import DAY, extract_of, frame_of, play, text_of
from tests.spec.tables import ANNE, LUC, OTHER_ES, Line, Person, account, adeli, card, registered, row

MANY = [Person(60 + at, f"{'BCDFGHJKLMNP'[at]}ANDEAU", "Léa") for at in range(12)]


def local_of(*lines: Line) -> Local:
    return Local(judge_annuaire(text_of(ANNUAIRE, frame_of(lines, list(AnnuaireRow.model_fields))), Policy()))


def asked_for(*lines: Line, leads: Leads | None = None) -> Wanted:
    return wanted_by(local_of(*lines), leads or {})


# ── whom the national files are asked about ──────────────────────────────────────────────────────


def test_somebody_is_looked_for_by_number_and_by_whatever_it_leads_to() -> None:
    old = adeli(1)
    found = asked_for(account(ANNE, cpx_number=old), leads={old: (ANNE.rpps, LUC.rpps)})
    assert found.national_ids == {old, ANNE.rpps, LUC.rpps}


def test_somebody_of_whom_there_is_but_a_card_serial_is_looked_for_by_it() -> None:
    found = asked_for(account(ANNE, cpx_number=ANNE.card_serial))
    assert not found.national_ids
    assert found.serials == {ANNE.card_serial}


def test_somebody_without_a_number_is_looked_for_by_name() -> None:
    assert "exemple|anne" in asked_for(account(ANNE, cpx_number="")).names


def test_somebody_who_has_vanished_from_the_annuaire_is_looked_for_all_the_same() -> None:
    gone = local_of(account(LUC)).annuaire.items.accounts
    assert LUC.rpps in wanted_by(replace(local_of(account(ANNE)), missed=gone), {}).national_ids


def test_the_holders_of_the_cards_are_looked_for_among_the_persons() -> None:
    cards = cards_of(extract_of("register_cards", [card(ANNE)]), "register.cards").items
    assert wanted_beside({adeli(2): (LUC.rpps,)}, cards).national_ids == {ANNE.rpps, LUC.rpps}


# ── a source that is not whole ───────────────────────────────────────────────────────────────────


def test_of_an_adeli_number_nothing_is_said_while_its_file_cannot_be_read() -> None:
    old = adeli(1)
    lines = [row(ANNE), row(LUC, cpx_number=old)]
    assert play([account(ANNE)], lines, register=[registered(ANNE)]).reasons() == ["not_in_register"]
    assert play([account(ANNE)], lines, register=[registered(ANNE)], adeli_read=False).table() == []


def test_a_register_that_lacks_a_third_of_those_at_work_is_held_and_says_nothing() -> None:
    accounts = [account(who) for who in MANY]
    found = play(accounts, [row(who) for who in MANY], register=[registered(who) for who in MANY[:2]])
    assert [one.name for one in found.snapshot.sources.held] == ["register.persons"]
    assert found.snapshot.sources.night_held
    assert "not_in_register" not in found.reasons()


def test_a_card_file_that_lacks_a_third_of_the_holders_is_held_and_ends_no_access() -> None:
    accounts = [account(who) for who in MANY]
    found = play(accounts, cards=[card(who) for who in MANY[:2]])
    assert [one.name for one in found.snapshot.sources.held] == ["register.cards"]
    assert "card_missing" not in found.reasons()


def test_an_annuaire_that_lacks_a_third_of_those_at_work_is_told_to_the_administrator() -> None:
    found = play([account(ANNE)], [row(who) for who in MANY])
    assert found.snapshot.sources.notices
    assert not found.snapshot.sources.held


def test_an_annuaire_that_is_not_usable_is_compared_with_nothing() -> None:
    annuaire = local_of(account(ANNE)).annuaire
    local = Local(replace(annuaire, report=annuaire.report.failed("coupé")))
    found = snapshot_of(local, National(), DAY, Policy())
    assert (found.accounts, found.lines, found.structures) == ({}, (), {})
    assert [one.message for one in found.sources.reports] == ["coupé"]


def test_a_structure_that_only_a_workbook_names_has_the_name_it_gives() -> None:
    found = play([account(ANNE)], [row(ANNE), row(LUC, OTHER_ES, structure_name="Clinique inconnue")], kept=False)
    assert OTHER_ES not in found.snapshot.annuaire_structures
    assert found.snapshot.structures[OTHER_ES].name == "Clinique inconnue"
