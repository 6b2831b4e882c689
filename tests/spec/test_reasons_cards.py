"""Contract §6, cards: which one counts, when it is renewed, and when somebody must be told."""

from typing import Any

import pytest

from pipelines.phrase import reason_text
from pipelines.policy import Policy
from pipelines.sources.national.register import cards_of
from schemas.reading.source import contract
from tests.spec.night import Night, fields_of, frame_of, play
from tests.spec.tables import ANNE, LUC, PAUL, Line, account, adeli, card, row

ENDED, OTHER = "2026-10-31", "9990000077"


def of_cards(*cards: Line, expires_on: str = "", **cells: Any) -> Night:
    """Anne's account with this card in the annuaire, and her cards of tonight."""
    return play([account(ANNE, card_expires_on=expires_on, **cells)], cards=cards)


# ── renewed ──────────────────────────────────────────────────────────────────────────────────────


def test_card_renewed_gives_the_new_end_date():
    found = of_cards(card(ANNE, "2026-12-31"), card(ANNE, serial=OTHER), expires_on="2026-12-31")
    change = found.one("card_renewed")
    assert (change.kind, change.severity, len(found.changes)) == ("update_account", "important", 1)
    assert fields_of(change) == {"card_expires_on": ("2026-12-31", "2028-05-31")}
    assert change.fields[0].source == "register.cards"


def test_card_renewed_gives_the_new_type_too():
    found = of_cards(card(ANNE), expires_on="2026-12-31", card_type="CPF")
    assert fields_of(found.one("card_renewed")) == {
        "card_expires_on": ("2026-12-31", "2028-05-31"),
        "card_type": ("CPF", "CPS"),
    }


def test_card_renewed_follows_the_workbook_for_a_cpe():
    change = play([account(PAUL, card_expires_on=ENDED)], [row(PAUL)]).one("card_renewed")
    assert change.fields[0].source == "workbook:24"


@pytest.mark.parametrize(("ours", "theirs"), [("CDE", "CPE"), ("e-CPE", "CPE"), ("CPA", "CDA")])
def test_card_renewed_does_not_fire_for_another_name_of_one_card(ours: str, theirs: str):
    assert play([account(PAUL, card_type=ours)], [row(PAUL, card_type=theirs)]).table() == []


def test_card_renewed_corrects_an_end_that_the_annuaire_has_later_than_the_card():
    change = of_cards(card(ANNE, "2028-01-31"), expires_on="2028-05-31").one("card_renewed")
    assert fields_of(change) == {"card_expires_on": ("2028-05-31", "2028-01-31")}
    assert reason_text(change) == "La carte prend fin le 31/01/2028, plus tôt que ne le dit l’annuaire."


def test_card_renewed_leaves_an_end_that_a_card_to_come_makes_true():
    coming = card(ANNE, "2029-12-31", serial=OTHER, starts_on="2026-12-01")
    assert of_cards(card(ANNE, "2027-12-31"), coming, expires_on="2029-12-31").table() == []
    lost = card(ANNE, "2029-12-31", serial=OTHER, opposed_on="2026-11-01")
    assert of_cards(card(ANNE, "2027-12-31"), lost, expires_on="2029-12-31").reasons() == ["card_renewed"]


def test_card_renewed_shortens_no_end_by_a_workbook_while_the_card_file_is_unread():
    """Last year's workbook knows less of a registered person's card than an annuaire that was kept up to date."""
    old = row(ANNE, card_expires_on="2027-03-31")
    assert play([account(ANNE)], [old], cards_read=False).table() == []
    assert play([account(ANNE)], [old], cards=[]).table() == []


def test_card_renewed_follows_the_workbook_for_a_cpe_that_ends_earlier():
    change = play([account(PAUL)], [row(PAUL, card_expires_on="2027-03-31")]).one("card_renewed")
    assert fields_of(change) == {"card_expires_on": ("2028-05-31", "2027-03-31")}


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("fin mai 2028", []),
        ("05/2028", []),
        ("mai 2028", []),
        ("31/05/2028", ["2028-05-31"]),
        ("juin 2028", ["2028-06-30"]),
    ],
)
def test_a_month_that_agrees_with_the_day_of_the_card_is_no_other_day(written: str, after: list[str]):
    found = play([account(PAUL, card_expires_on="2028-05-05")], [row(PAUL, card_expires_on=written)])
    assert [field.after for change in found.changes for field in change.fields] == after


def test_card_renewed_says_what_the_annuaire_has_wrong():
    unknown = of_cards(card(ANNE)).one("card_renewed")
    assert reason_text(unknown) == "L’annuaire n’a pas la date de fin de la carte en cours."
    other_type = of_cards(card(ANNE), expires_on="2028-05-31", card_type="CPF").one("card_renewed")
    assert reason_text(other_type) == "Le type de carte de l’annuaire n’est pas celui de la carte en cours."
    renewed = of_cards(card(ANNE), expires_on="2026-12-31").one("card_renewed")
    assert reason_text(renewed) == "La carte a été renouvelée."


def test_a_card_whose_newest_row_cannot_be_read_is_left_in_peace():
    """Unreadable is not gone: the row set aside may be of the card that the annuaire has."""
    spoilt = card(ANNE, "31/02/2028", serial=OTHER)
    assert of_cards(card(ANNE, "2027-01-31"), spoilt, expires_on="2028-02-28").table() == []


# ── the end that nobody wrote down ───────────────────────────────────────────────────────────────


def test_end_date_from_issue_where_the_card_file_has_a_start_alone():
    found = of_cards(card(ANNE, "", starts_on="2025-06-01"), expires_on="2026-12-31")
    assert fields_of(found.one("card_renewed")) == {"card_expires_on": ("2026-12-31", "2028-06-01")}
    assert found.codes() == ["END_DATE_FROM_ISSUE"]


def test_end_date_from_issue_of_the_card_file_follows_the_validity_of_the_deployment():
    six = play(
        [account(ANNE, card_expires_on="2026-12-31")],
        cards=[card(ANNE, "", starts_on="2025-06-01")],
        policy=Policy(card_validity_years=6),
    )
    assert fields_of(six.one("card_renewed"))["card_expires_on"] == ("2026-12-31", "2031-06-01")


def test_end_date_from_issue_of_an_ended_card_is_an_ended_card():
    found = of_cards(card(ANNE, "", starts_on="2023-10-31"), expires_on="2026-10-31")
    assert fields_of(found.one("card_expired"))["card_expires_on"] == (None, "2026-10-31")


def test_a_card_without_any_date_is_set_aside():
    lines = [card(ANNE, "", starts_on=""), card(LUC, "", starts_on="2024-02-29")]
    judged = cards_of(frame_of(lines, list(contract("register_cards").columns)), "register.cards")
    assert [str(one.ends_on) for one in judged.items] == ["2027-02-28"]
    assert [one.code for one in judged.issues] == ["CARD_DATE_INVALID", "END_DATE_FROM_ISSUE"]
    assert (judged.rejected, judged.unread) == (1, frozenset({ANNE.rpps}))


def test_card_renewed_does_not_fire_for_a_renewed_card_that_is_under_opposition():
    renewed = card(ANNE, serial=OTHER, opposed_on="2026-11-01")
    assert of_cards(card(ANNE, "2027-12-31"), renewed, expires_on="2027-12-31").table() == []


# ── the current card ─────────────────────────────────────────────────────────────────────────────


def test_the_current_card_is_the_usable_one_that_ends_last():
    cards = [card(ANNE, "2027-06-30"), card(ANNE, "2028-05-31", serial=OTHER), card(ANNE, ENDED, serial="9990000078")]
    for order in (cards, cards[::-1]):
        assert fields_of(of_cards(*order).one("card_renewed"))["card_expires_on"] == ("", "2028-05-31")


def test_without_a_usable_card_the_current_one_is_the_one_that_ended_last():
    ended, opposed = card(ANNE, ENDED), card(ANNE, "2028-05-31", serial=OTHER, opposed_on="2026-11-15")
    assert of_cards(ended, opposed).reasons() == ["card_opposed"]
    older = card(ANNE, "2028-05-31", serial=OTHER, opposed_on="2026-03-01")
    assert of_cards(ended, older).reasons() == ["card_expired"]


def test_a_card_that_has_not_begun_does_not_count_yet():
    cards = [card(ANNE, "2027-12-31"), card(ANNE, "2029-12-31", serial=OTHER, starts_on="2026-12-01")]
    assert of_cards(*cards, expires_on="2027-12-31").table() == []


def test_a_card_of_an_old_adeli_number_is_its_holders():
    old = adeli(1)
    found = play(
        [account(ANNE, card_expires_on="2026-12-31")], cards=[card(ANNE, holder=old)], crosswalk={old: ANNE.rpps}
    )
    assert fields_of(found.one("card_renewed")) == {"card_expires_on": ("2026-12-31", "2028-05-31")}


# ── alerts ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ends_on", "severity"),
    [("2027-02-20", "important"), ("2026-12-23", "important"), ("2026-12-22", "access"), ("2026-11-22", "access")],
)
def test_card_expiring_warns_90_days_ahead_and_threatens_access_at_30(ends_on: str, severity: str):
    alert = of_cards(card(ANNE, ends_on), expires_on=ends_on).one("card_expiring")
    assert (alert.kind, alert.severity) == ("card_alert", severity)


def test_card_expiring_does_not_fire_91_days_ahead():
    assert of_cards(card(ANNE, "2027-02-21"), expires_on="2027-02-21").table() == []


def test_card_expiring_follows_the_warning_days_of_the_deployment():
    policy = Policy(expiry_warning_days=(10,))
    for ends_on, reasons in (("2026-12-02", ["card_expiring"]), ("2026-12-03", [])):
        lines = [account(ANNE, card_expires_on=ends_on)], [row(ANNE)]
        assert play(*lines, cards=[card(ANNE, ends_on)], policy=policy).reasons() == reasons


@pytest.mark.parametrize("starts_on", ["2026-11-01", "2026-12-01"])
def test_card_expiring_never_when_a_newer_valid_card_exists(starts_on: str):
    """Begun already, or only to begin: the renewal is on its way."""
    newer = card(ANNE, serial=OTHER, starts_on=starts_on)
    found = of_cards(card(ANNE, "2026-12-10"), newer, expires_on="2028-05-31")
    assert found.table() == []


def test_card_expiring_fires_when_the_newer_card_is_under_opposition():
    newer = card(ANNE, serial=OTHER, opposed_on="2026-11-01")
    assert of_cards(card(ANNE, "2026-12-10"), newer, expires_on="2026-12-10").reasons() == ["card_expiring"]


def test_card_expiring_believes_the_card_file_and_not_the_annuaire():
    assert of_cards(card(ANNE, "2026-12-10"), expires_on="2028-05-31").reasons() == ["card_expiring", "card_renewed"]


def test_card_expiring_fires_for_a_cpe_known_to_the_annuaire_alone():
    assert play([account(PAUL, card_expires_on="2026-12-10")]).reasons() == ["card_expiring"]


def test_card_expired_when_the_only_card_has_ended():
    alert = of_cards(card(ANNE, ENDED), expires_on=ENDED).one("card_expired")
    assert (alert.kind, alert.severity) == ("card_alert", "access")
    reached = {"email": (None, ANNE.email), "phone": (None, "01 99 00 12 34")}
    assert fields_of(alert) == {"card_type": (None, "CPS"), "card_expires_on": (None, ENDED)} | reached


def test_card_expired_never_when_a_newer_valid_card_exists():
    assert of_cards(card(ANNE, ENDED), card(ANNE, serial=OTHER), expires_on="2028-05-31").table() == []


def test_card_opposed_when_the_card_is_under_opposition_on_the_day():
    alert = of_cards(card(ANNE, opposed_on="2026-11-22"), expires_on="2028-05-31").one("card_opposed")
    assert (alert.severity, fields_of(alert)["card_opposed_on"]) == ("access", (None, "2026-11-22"))


def test_card_opposed_does_not_fire_before_the_day_of_opposition():
    assert of_cards(card(ANNE, opposed_on="2026-11-23"), expires_on="2028-05-31").table() == []


def test_card_opposed_never_when_a_newer_valid_card_exists():
    assert (
        of_cards(card(ANNE, ENDED, opposed_on="2026-05-01"), card(ANNE, serial=OTHER), expires_on="2028-05-31").table()
        == []
    )


def test_card_missing_where_neither_register_nor_workbook_knows_a_card():
    blank = row(ANNE, card_type="", card_expires_on="")
    alert = play([account(ANNE)], [blank], cards=[]).one("card_missing")
    assert (alert.account_id, alert.severity) == (ANNE.account_id, "access")


def test_card_missing_does_not_fire_where_the_workbook_knows_a_card():
    assert play([account(ANNE)], [row(ANNE)], cards=[]).reasons() == []


def test_card_missing_does_not_fire_where_the_line_of_the_card_could_not_be_read():
    night = play([account(ANNE)], cards=[card(ANNE, "31/02/2027")])
    assert night.codes() == ["CARD_DATE_INVALID"]
    assert night.all("card_missing") == []


def test_card_missing_tells_of_the_person_of_a_workbook_without_a_usable_number():
    for unusable in ("", "en cours", ANNE.rpps[:-1] + str((int(ANNE.rpps[-1]) + 1) % 10)):
        found = play([], [row(ANNE, cpx_number=unusable)], register=[], cards=[])
        assert (found.reasons(), found.one("card_missing").account_id) == (["card_missing"], None)


def test_card_missing_is_said_once_per_account():
    expired_twice = [card(ANNE, ENDED), card(ANNE, "2026-09-30", serial=OTHER)]
    assert of_cards(*expired_twice, expires_on=ENDED).reasons() == ["card_expired"]


def test_no_alert_while_the_card_file_could_not_be_read():
    blank = row(ANNE, card_type="", card_expires_on="")
    assert play([account(ANNE, card_expires_on=ENDED)], [blank], cards_read=False).table() == []


def test_no_alert_for_a_deactivated_account():
    assert play([account(ANNE, active="Non")], cards=[]).table() == []


def test_no_alert_for_a_person_whose_row_of_the_register_could_not_be_read():
    assert play([account(ANNE)], cards=[], unread=[ANNE.rpps]).table() == []


def test_a_card_without_a_readable_end_is_set_aside():
    lines = [card(ANNE, "31/02/2028"), card(LUC, "20280531")]
    judged = cards_of(frame_of(lines, list(contract("register_cards").columns)), "register.cards")
    assert [one.holder for one in judged.items] == [LUC.rpps]
    assert ([one.code for one in judged.issues], judged.rejected) == (["CARD_DATE_INVALID"], 1)


@pytest.mark.parametrize("spelling", ["2028-05-31", "20280531", "31/05/2028"])
def test_a_date_of_the_card_file_may_have_each_of_three_spellings(spelling: str):
    assert of_cards(card(ANNE, spelling), expires_on="2028-05-31").table() == []
