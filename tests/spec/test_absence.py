"""Contract §6a: what may be concluded from absence, and what may not; people as small tables, sources as reports."""

import pytest

from pipelines.policy import Policy
from pipelines.sources.wholeness.completeness import wholeness
from schemas.reading.footprint import Ending, Footprint
from schemas.reading.source import SourceReport
from schemas.reading.source_names import PERSONS, holds_the_night
from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ANNE,
    ASSISTANT,
    CRH,
    ES,
    ES_11,
    ES_52,
    LUC,
    OTHER_ES,
    SITE,
    TITULAIRE,
    ZOE,
    Book,
    Line,
    Person,
    account,
    card,
    ets,
    region,
    row,
)

# ── a source is whole ────────────────────────────────────────────────────────────────────────────

# share of what was there, how much there was, how much there is, and whether that is too little
LOST = [
    ("annuaire", 100, 95, False),
    ("annuaire", 100, 94, True),
    ("annuaire", 20, 19, False),
    ("annuaire", 10, 9, False),  # a share of 0.1, and one person
    ("annuaire", 10, 8, True),
    ("annuaire", 100, 140, False),
    ("workbook:24.csv", 10, 8, False),
    ("workbook:24.csv", 10, 7, True),
    ("workbook:24.csv", 9, 4, True),
    ("workbook:24.csv", 4, 3, False),
    ("workbook:24.csv", 2, 0, True),
    ("register.persons", 1000, 950, False),
    ("register.persons", 1000, 949, True),
    ("register.cards", 12, 11, False),
    ("register.crosswalk", 12, 10, True),
]


@pytest.mark.parametrize(("name", "before", "now", "lost"), LOST)
def test_a_source_is_not_whole_when_two_people_and_more_than_its_share_are_gone(
    name: str, before: int, now: int, lost: bool
) -> None:
    report = SourceReport(name, name, rows_read=now, rows_accepted=now, people=now)
    found = wholeness(report, Footprint(before, before), Policy())
    assert found.whole is not lost
    assert found.lines_count  # what stands in it was read to its end


def test_a_source_that_was_never_used_has_lost_nothing() -> None:
    assert wholeness(SourceReport("annuaire", "a", rows_read=1, people=1), None, Policy()).whole


@pytest.mark.parametrize(
    ("accepted", "before", "whole"), [(1, 2694, False), (2500, 2694, False), (2600, 2694, True), (1, 0, True)]
)
def test_a_national_file_put_together_of_the_same_lines_again_is_not_whole(
    accepted: int, before: int, whole: bool
) -> None:
    report = SourceReport(PERSONS, "p", rows_read=2727, rows_accepted=accepted, rows_duplicate=2727 - accepted)
    found = wholeness(report, Footprint(2727, before), Policy())
    assert found.whole is whole
    assert ("répétées" in found.why) is not whole


def test_accounts_that_are_gone_are_counted_one_by_one() -> None:
    """As many as yesterday, and a third of them others: who is gone is gone all the same."""
    report = SourceReport("annuaire", "a", people=100)
    assert not wholeness(report, Footprint(0, 100), Policy(), gone=33).whole


def test_a_keeper_who_clears_out_the_rows_of_leavers_has_lost_nobody() -> None:
    assert wholeness(SourceReport("workbook:a", "a", rows_read=20, people=20), Footprint(30, 21), Policy()).whole


# how the last whole file ended, how this one does, and whether it was read to its end
ENDINGS = [
    (None, Ending.WHOLE, True),
    (None, Ending.BARE, True),  # some programs write no line end
    (None, Ending.SHORT, True),
    (None, Ending.CUT, False),
    (Ending.WHOLE, Ending.WHOLE, True),
    (Ending.WHOLE, Ending.BARE, False),
    (Ending.WHOLE, Ending.SHORT, False),
    (Ending.WHOLE, Ending.CUT, False),
    (Ending.BARE, Ending.BARE, True),
    (Ending.BARE, Ending.WHOLE, True),
    (Ending.BARE, Ending.CUT, False),
    (Ending.SHORT, Ending.SHORT, True),
    (Ending.SHORT, Ending.BARE, False),
    (Ending.NONE, Ending.CUT, False),
    (Ending.WHOLE, Ending.NONE, True),  # a spreadsheet where a text was: it opens, or it does not
]


@pytest.mark.parametrize("name", ["annuaire", "workbook:a.csv", "register.persons"])
@pytest.mark.parametrize(("before", "now", "whole"), ENDINGS)
def test_a_text_is_whole_when_it_ends_where_the_last_whole_one_ended(
    before: Ending | None, now: Ending, whole: bool, name: str
) -> None:
    report = SourceReport(name, name, rows_read=9, rows_accepted=9, people=9, ending=now)
    found = wholeness(report, None if before is None else Footprint(9, 9, before), Policy())
    assert found.whole is whole
    assert found.lines_count is whole  # its last line is nobody's word


def test_a_source_that_is_being_written_is_not_whole() -> None:
    assert not wholeness(SourceReport("workbook:a", "a", rows_read=9, steady=False), Footprint(9), Policy()).whole


def test_what_was_released_is_whole_up_to_what_was_looked_at() -> None:
    for rows, whole in ((5, True), (4, True), (3, False)):
        report = SourceReport("workbook:a", "a", rows_read=rows, people=rows, ending=Ending.CUT)
        assert wholeness(report, Footprint(9, 9, Ending.WHOLE), Policy(), released=4).whole is whole


def test_the_annuaire_and_the_registers_hold_the_night_and_a_workbook_does_not() -> None:
    names = ("annuaire", "register.persons", "register.cards", "register.adeli", "register.crosswalk")
    assert all(map(holds_the_night, names))
    assert not holds_the_night("workbook:24.csv")
    assert not holds_the_night("register.structures")


# ── a workbook that is not whole ─────────────────────────────────────────────────────────────────


def of_half(*rows: Line, annuaire: tuple[Line, ...] = (account(ANNE), account(LUC))) -> Night:
    return play(annuaire, books=[region("24", *rows, whole=False)])


def test_a_workbook_that_is_not_whole_ends_nobody_whom_it_lacks() -> None:
    assert of_half(row(ANNE)).table() == []


def test_a_workbook_that_is_not_whole_ends_nobody_by_saying_so() -> None:
    """A row that was lost may say that she is still there."""
    assert of_half(row(ANNE, status="Parti"), row(LUC)).table() == []


def test_what_stands_in_a_workbook_that_is_not_whole_counts() -> None:
    newcomer = Person(70, "ARRIVÉE", "Lise")
    assert of_half(row(newcomer)).reasons() == ["missing_account"]
    assert of_half(row(ANNE, OTHER_ES)).reasons() == ["missing_assignment"]


def test_a_workbook_that_is_not_whole_changes_no_address_and_accuses_no_structure() -> None:
    """A lost row may give the address that the annuaire has, name the titulaire, or tell of a convention."""
    assert of_half(row(ANNE, email="autre@example.org")).table() == []
    alone = play([account(ANNE)], books=[region("24", row(ANNE), whole=False)], kept=False)
    assert alone.all("no_titulaire") == []


# ── a deactivation waits ─────────────────────────────────────────────────────────────────────────

BROKEN = [
    ("unusable", region("52", usable=False)),
    ("not whole", region("52", row(LUC, ES_52), whole=False)),
    ("of another kind", ets("ETS-CPDL", usable=False)),
]


@pytest.mark.parametrize(("what", "broken"), BROKEN)
def test_a_deactivation_waits_while_any_workbook_could_not_be_heard(what: str, broken: Book) -> None:
    """She may have moved into it: the end that leads to it goes out, and says that the account stays."""
    found = play([account(ANNE), account(LUC, ES_52)], books=[region("24", row(ANNE, status="Parti")), broken])
    assert [one.reasons for one in found.changes] == [("left",)], what
    assert found.comparison.waiting == {ANNE.account_id}
    assert "Laisser le compte actif" in found.one("left").guidance


def test_a_deactivation_does_not_wait_once_every_workbook_was_heard() -> None:
    found = play([account(ANNE)], books=[region("24", row(ANNE, status="Parti")), region("52", complete=False)])
    assert found.reasons() == ["left", "no_assignment_left"]
    assert found.comparison.waiting == set()
    assert "Laisser le compte actif" not in found.one("left").guidance


# ── a structure nowhere mentioned ────────────────────────────────────────────────────────────────

NOBODY = {"last_name": "", "first_name": "", "cpx_number": ""}
MENTIONS = [
    ("nothing", [], False),
    ("somebody at another structure", [row(LUC, OTHER_ES)], False),
    ("somebody there", [row(LUC)], True),
    ("somebody who left", [row(LUC, status="Parti")], True),
    ("a convention", [row(LUC, ES, ("", ""), **NOBODY, efs_convention="Oui")], True),
    ("somebody whose function cannot be read", [row(LUC, ES, ("?", ""))], True),
]


@pytest.mark.parametrize(("what", "rows", "ended"), MENTIONS)
def test_absent_from_workbook_does_not_fire_where_the_workbook_is_silent_about_the_structure(
    what: str, rows: list[Line], ended: bool
) -> None:
    annuaire = [account(ANNE), account(LUC, rows[0].cells["structure_code"] if rows else ES_11)]
    found = play(annuaire, books=[region("24", *rows)], kept=False)
    assert (ANNE.account_id in {one.account_id for one in found.all("absent_from_workbook")}) is ended, what


def test_a_list_without_a_row_of_a_function_that_several_have_ends_none_of_them() -> None:
    annuaire = [account(ANNE), account(LUC), account(ZOE, ES, TITULAIRE)]
    of_others = play(annuaire, books=[region("24", row(ZOE, ES, TITULAIRE))])
    assert of_others.all("absent_from_workbook") == []
    assert fields_of(of_others.one("line_not_understood"))["candidate"][1] is not None
    of_all = play(annuaire, books=[region("24", row(ZOE, ES, TITULAIRE), row(LUC))])
    assert of_all.one("absent_from_workbook").account_id == ANNE.account_id


def silent(*rows: Line, before: tuple[str, ...] = (ES,), left: tuple[str, ...] = (), kept: bool = False) -> Night:
    """Region 24's workbook has once been about `before`."""
    mentioned = {"region:24": frozenset(before)}
    annuaire = [account(ANNE), account(LUC, ES, TITULAIRE)]
    return play(annuaire, books=[region("24", *rows)], mentioned_before=mentioned, left=left, kept=kept)


def test_structure_not_mentioned_is_one_question_for_a_structure_that_was_mentioned_before() -> None:
    found = silent()
    change = found.one("structure_not_mentioned")
    assert found.reasons() == ["structure_not_mentioned"]
    assert (change.kind, change.account_id, change.assignment.structure_code) == ("review", None, ES)
    people = [one.before for one in change.fields]
    assert people == [f"{who.account_id} {who.last_name} {who.first_name}" for who in (ANNE, LUC)]


def test_structure_not_mentioned_goes_to_whoever_keeps_the_workbook() -> None:
    mentioned = {"region:24": frozenset({ES, "24"}), "ets:ETS-CPDL": frozenset({SITE, "ETS-CPDL"})}
    holders = [
        account(Person(80, "GARDE", "Rose"), "24", CRH),
        account(Person(81, "GARDE", "Iris"), "ETS-CPDL", TITULAIRE),
    ]
    annuaire = [*holders, account(ANNE), account(LUC, SITE)]
    found = play(annuaire, books=[region("24"), ets("ETS-CPDL")], mentioned_before=mentioned, kept=False)
    asked = {one.assignment.structure_code: one.updater.post for one in found.all("structure_not_mentioned")}
    assert asked == {ES: "CRH_ST", "24": "ADMIN_EFIT", SITE: "CHV_ST_ETS", "ETS-CPDL": "ADMIN_EFIT"}


@pytest.mark.parametrize(
    ("what", "night"),
    [
        ("never mentioned", silent(before=())),
        ("mentioned tonight", silent(row(ANNE), row(LUC, ES, TITULAIRE))),
        ("of a workbook that is not whole", play([account(ANNE)], books=[region("24", whole=False)])),
    ],
)
def test_structure_not_mentioned_does_not_fire(what: str, night: Night) -> None:
    assert night.all("structure_not_mentioned") == [], what


def test_structure_not_mentioned_does_not_fire_where_nobody_is_to_be_ended() -> None:
    mentioned = {"region:24": frozenset({ES})}
    assert play([account(ANNE, ES_11)], books=[region("24")], mentioned_before=mentioned).table() == []


def test_structure_not_mentioned_answered_fait_ends_its_people_and_stands_until_they_are_gone() -> None:
    found = silent(left=(ES,))
    assert found.reasons().count("absent_from_workbook") == 2
    assert len(found.all("structure_not_mentioned")) == 1


# ── a card of which nobody knows whether it is under opposition ──────────────────────────────────

SOON, ENDED, LATER = "2026-12-10", "2026-11-01", "2029-05-31"


def uncertain(*cards: Line, **cells: str) -> Night:
    return play([account(ANNE, ES, ASSISTANT, **cells)], [row(ANNE)], cards=cards, cards_certain=False)


def test_a_card_that_may_be_under_opposition_renews_nothing() -> None:
    assert uncertain(card(ANNE, LATER)).table() == []
    assert play([account(ANNE)], [row(ANNE)], cards=[card(ANNE, LATER)]).reasons() == ["card_renewed"]


def test_a_card_that_may_be_under_opposition_gives_no_number() -> None:
    assert uncertain(card(ANNE), cpx_number=LUC.rpps[:-1]).all("card_number_differs") == []


def test_a_card_that_may_be_under_opposition_ends_on_its_day_all_the_same() -> None:
    change = uncertain(card(ANNE, SOON), card_expires_on=SOON).one("card_expiring")
    assert fields_of(change)["card_expires_on"] == (None, SOON)
    assert uncertain(card(ANNE, ENDED), card_expires_on=ENDED).reasons() == ["card_expired"]


def test_a_card_that_may_be_under_opposition_is_no_card_to_create_an_account_with() -> None:
    found = play([], [row(ANNE)], cards_certain=False).one("missing_account")
    assert {"card_type", "card_expires_on"}.isdisjoint(fields_of(found))
