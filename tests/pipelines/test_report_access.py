"""What a report says of accesses: when each is lost, who is counted, the calendar of the weeks to come."""

from datetime import date, timedelta

import pytest

from pipelines.changes.foresee import AccessEnd
from pipelines.reports.report import Accesses
from schemas.nomenclatures import rows
from schemas.reports.health import Health
from schemas.reports.stake_sentences import consequence
from tests.invented_changes import (
    CRH,
    DAY,
    Builder,
    invented_changes,
)
from tests.invented_reports import only_line, reports_of, sheet_of, stakes


def test_a_card_alert_knows_its_day_and_says_it() -> None:
    line = only_line(Builder().add(
        "card_alert", "card_expiring", "access", "FICTIVE Ode",
        fields=[("card_expires_on", "2026-12-10", None, "register.cards")],
    ))  # fmt: skip
    assert line.lost_on == date(2026, 12, 11)
    assert "valable jusqu’au 10/12/2026 inclus" in line.reason
    assert "accès perdu le 11/12/2026" in line.reason


def test_an_opposed_card_ends_on_the_day_of_the_opposition() -> None:
    line = only_line(invented_changes()[12])
    assert line.lost_on == date(2026, 11, 15)
    assert "en opposition depuis le 15/11/2026" in line.reason


def test_people_are_counted_by_the_day_their_access_ends() -> None:
    deadlines = reports_of(invented_changes())["CRH_ST-24"].deadlines
    assert [(deadline.label, deadline.count) for deadline in deadlines] == [
        ("Sans accès aujourd’hui", 3),
        ("Perdent l’accès d’ici 30 jours", 1),
        ("Perdent l’accès plus tard", 1),
    ]


def test_a_card_opens_nothing_on_the_day_of_its_opposition() -> None:
    change = Builder().add(
        "card_alert", "card_opposed", "access", "FICTIVE Ode",
        fields=[("card_opposed_on", DAY.isoformat(), None, "register.cards")],
    )  # fmt: skip
    report = reports_of([change])["CRH_ST-24"]
    assert [deadline.now for deadline in report.deadlines] == [True]
    assert (stakes(report), report.stakes.first_loss) == ({"lost": 1}, None)


def test_an_access_is_lost_the_day_after_the_last_day_of_the_card() -> None:
    report = reports_of(invented_changes())["CRH_ST-24"]
    assert (stakes(report)["soon"], report.stakes.first_loss) == (1, date(2026, 12, 11))


def test_only_who_cannot_log_in_is_counted_as_locked_out() -> None:
    """A wrong number of a workbook, a person without an account and a structure lock nobody out."""
    report = reports_of(invented_changes())["CRH_ST-24"]
    assert stakes(report) == {"lost": 4, "soon": 1, "structure": 1, "account": 2, "no_card": 1}
    assert consequence(report).startswith("D’après ce qui est connu\u00a0: au moins 4 personnes ne peuvent plus")
    assert (
        "1 structure sans titulaire\u00a0; 2 personnes sans compte\u00a0; 1 personne sans carte connue"
        in consequence(report)
    )


def test_somebody_of_whom_two_lines_tell_is_one_person() -> None:
    made = Builder()
    card = made.add(
        "card_alert", "card_expired", "access", "FICTIVE Ode", account_id="EF1",
        fields=[("card_expires_on", "2026-11-01", None, "register.cards")],
    )  # fmt: skip
    number = made.add(
        "update_account", "card_number_differs", "access", "FICTIVE Ode", account_id="EF1",
        fields=[("cpx_number", "8", "9", "register.cards")],
    )  # fmt: skip
    report = reports_of([card, number])["CRH_ST-24"]
    assert "au moins 1 personne ne peut plus se connecter. Sans accès" in consequence(report)


def test_a_card_alert_has_the_form_of_its_case_at_hand() -> None:
    forms = {line.person: line.form for line in sheet_of(reports_of(invented_changes())["CRH_ST-24"], "cards")}
    assert forms["CHIMÈRE Gédéon"] is None
    form = forms["ESQUISSE Perrine"]
    assert form is not None
    assert (form.label, form.address.rpartition("/")[2]) == ("Formulaire 301", "F301.pdf")


def test_every_address_of_the_card_cases_has_its_name() -> None:
    assert all(bool(row["link"]) == bool(row["link_name"]) for row in rows("card_cases"))


def test_the_calendar_has_every_week_of_the_horizon_and_those_lost_already() -> None:
    ends = [
        AccessEnd("EF1", "24", date(2026, 11, 10), "card_expired", lost=True),
        AccessEnd("EF2", "24", date(2026, 12, 9), "card_expiring"),
        AccessEnd("EF3", "24", date(2027, 2, 20), "card_expiring"),
    ]
    report = reports_of([invented_changes()[0]], accesses=Accesses({}, {CRH: ends}, Health("")))["CRH_ST-24"]
    calendar = {bar.label: bar.access for bar in report.calendar}
    assert list(calendar)[:3] == ["Déjà", "16/11", "23/11"]
    assert (len(calendar), list(calendar)[-1]) == (15, "15/02")
    assert {label: count for label, count in calendar.items() if count} == {"Déjà": 1, "07/12": 1, "15/02": 1}


def test_without_an_end_there_is_no_calendar() -> None:
    assert reports_of([invented_changes()[0]])["CRH_ST-24"].calendar == ()


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (0, "7 jours et moins"),
        (7, "7 jours et moins"),
        (8, "8 à 14 jours"),
        (14, "8 à 14 jours"),
        (15, "15 à 30 jours"),
        (30, "15 à 30 jours"),
        (31, "Plus de 30 jours"),
        (4000, "Plus de 30 jours"),
    ],
)
def test_what_was_told_is_counted_by_its_age(days: int, label: str) -> None:
    told = Builder().add(
        "review", "no_titulaire", "access", status="notified", first_seen=DAY - timedelta(days=days)
    )  # fmt: skip
    new = Builder().add("create_account", "missing_account", "important", "FICTIVE Ode")
    ages = {bar.label: (bar.access, bar.others) for bar in reports_of([told, new])["CRH_ST-24"].ages}
    assert {key: counts for key, counts in ages.items() if any(counts)} == {"Nouveau": (0, 1), label: (1, 0)}


def test_a_card_still_opens_on_its_last_day() -> None:
    change = Builder().add(
        "card_alert", "card_expiring", "access", "FICTIVE Ode",
        fields=[("card_expires_on", DAY.isoformat(), None, "register.cards")],
    )  # fmt: skip
    assert [deadline.now for deadline in reports_of([change])["CRH_ST-24"].deadlines] == [False]
