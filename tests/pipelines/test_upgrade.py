"""« The data changed » is told apart from « our rules changed »."""

from datetime import timedelta

import pytest

from pipelines.upgrade import DATA, RULES, Unchanged, evidence_of, origins_of, upgrade_holds
from schemas.change import Change, ChangeStatus
from schemas.lifecycle import ChangeState, slot_of
from schemas.safeguard import Hold
from tests.invented_changes import ADMIN, CRH, ETS, Builder
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ES_52, LUC, REMPLACANT, account, card, region, row

USABLE = frozenset({"annuaire", "register.persons", "register.cards", "workbook:24", "workbook:52"})
SILENT: dict[tuple[str, str, str], int] = {}


@pytest.fixture(scope="module")
def night() -> Night:
    """An address that differs, in the region 24; its sources: the annuaire and that workbook."""
    books = [region("24", row(ANNE, role=REMPLACANT)), region("52")]
    return play([account(ANNE, role=REMPLACANT, email="old@example.org"), account(ANNE, ES_52)], books=books)


def change_of(night: Night) -> Change:
    return night.one("contact_changed")


def known(change: Change, status: ChangeStatus, origin: str) -> dict[str, ChangeState]:
    then = DAY - timedelta(days=5)
    return {change.id: ChangeState(change, slot_of(change), status, then, then, origin=origin)}


def origin(night: Night, states: dict[str, ChangeState], same: frozenset[str]) -> str:
    mine = change_of(night)
    return origins_of([mine], states, Unchanged(same), USABLE, night.world)[mine.id]


def test_without_an_upgrade_every_new_change_is_the_datas_doing(night: Night) -> None:
    assert origin(night, {}, frozenset()) == DATA


def test_what_unchanged_sources_say_under_other_rules_is_the_rules_doing(night: Night) -> None:
    assert origin(night, {}, USABLE) == RULES


@pytest.mark.parametrize("source", ["annuaire", "workbook:24"])
def test_a_source_that_changed_with_the_upgrade_is_given_the_credit(night: Night, source: str) -> None:
    assert origin(night, {}, USABLE - {source}) == DATA


def test_a_source_that_has_no_say_in_a_change_gets_no_credit(night: Night) -> None:
    assert origin(night, {}, USABLE - {"register.cards"}) == RULES


def test_an_export_that_changed_for_others_gets_no_credit(night: Night) -> None:
    """The export is another file every day; about this account it says what it said."""
    same = Unchanged(USABLE - {"annuaire"}, frozenset(evidence_of(night.world)))
    mine = change_of(night)
    assert origins_of([mine], {}, same, USABLE, night.world)[mine.id] == RULES


def test_the_evidence_of_a_card_changes_on_the_day_it_comes_within_the_warning() -> None:
    told = {}
    for day in (DAY, DAY + timedelta(days=1)):
        world = play([account(ANNE)], cards=[card(ANNE, f"{DAY + timedelta(days=91)}")], day=day).world
        told[day] = evidence_of(world)
    assert len({*told[DAY].items()} ^ {*told[DAY + timedelta(days=1)].items()}) == 2


def test_the_evidence_of_a_night_is_the_same_in_any_order_of_rows() -> None:
    one = evidence_of(play([account(ANNE), account(LUC)]).world)
    assert one == evidence_of(play([account(LUC), account(ANNE)]).world)


def test_an_open_change_keeps_its_origin(night: Night) -> None:
    mine = change_of(night)
    statuses: tuple[ChangeStatus, ...] = ("new", "notified", "accepted")
    for status in statuses:
        for before in (DATA, RULES):
            assert origin(night, known(mine, status, before), USABLE) == before


def test_what_the_data_once_brought_and_is_true_again_is_the_datas(night: Night) -> None:
    assert origin(night, known(change_of(night), "withdrawn", DATA), USABLE) == DATA


def test_what_an_upgrade_brought_waits_updater_by_updater() -> None:
    builder = Builder()
    for name, to in (("UN A", CRH), ("DEUX B", CRH), ("TROIS C", ETS), ("QUATRE D", ADMIN)):
        builder.add("card_alert", "card_missing", "access", name, to=to)
    origins = {one.id: RULES for one in builder.made[:3]} | {builder.made[3].id: DATA}
    assert upgrade_holds(builder.made, origins, SILENT) == (
        Hold("CHV_ST_ETS", "ETS-CPDL", RULES, 1, 1),
        Hold("CRH_ST", "24", RULES, 2, 2),
    )


def test_a_release_lets_an_upgrade_out_up_to_its_count() -> None:
    builder = Builder()
    for name in ("UN A", "DEUX B"):
        builder.add("card_alert", "card_missing", "access", name)
    origins = {one.id: RULES for one in builder.made}
    assert upgrade_holds(builder.made, origins, {("CRH_ST", "24", RULES): 2}) == ()
    assert upgrade_holds(builder.made, origins, {("CRH_ST", "24", RULES): 1}) == (Hold("CRH_ST", "24", RULES, 2, 2),)


def test_what_was_released_and_told_waits_no_more() -> None:
    builder = Builder()
    builder.add("card_alert", "card_missing", "access", "UN A", status="notified")
    assert upgrade_holds(builder.made, {builder.made[0].id: RULES}, SILENT) == ()
