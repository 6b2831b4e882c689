"""« The data changed » is told apart from « our rules changed »."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipelines.lifecycle.decisions.answer_digests import altered, answer_digests
from pipelines.lifecycle.fingerprints import account_key, fingerprints_of, place_key
from pipelines.lifecycle.new_rules import (
    DATA,
    ROUTING,
    RULES,
    SETTINGS,
    Before,
    Unchanged,
    Used,
    brought_by,
    origins_of,
    unchanged_of,
    upgrade_holds,
)
from schemas.changes.change import Change, ChangeStatus, PostRef, Updater
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.changes.safeguard import Hold
from schemas.reading.fingerprints import Fingerprints
from tests.invented_changes import ADMIN, CRH, ETS, Builder
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ES, ES_52, LUC, OTHER_ES, PAUL, REMPLACANT, ZOE, Person, account, card, region, row

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


def origin(
    night: Night,
    states: dict[str, ChangeState],
    same: frozenset[str],
    others: frozenset[str] = USABLE,
    evidence: frozenset[str] = frozenset(),
    status: ChangeStatus = "new",
) -> str:
    """`same`: the sources that are as they were; `others`: those that other rules last used."""
    mine = change_of(night).model_copy(update={"status": status})
    return origins_of([mine], states, Unchanged(same, evidence, others), USABLE, night.snapshot)[mine.id]


def test_without_an_upgrade_every_new_change_is_the_datas_doing(night: Night) -> None:
    assert origin(night, {}, USABLE, frozenset()) == DATA


def test_what_no_other_rules_have_ever_looked_at_is_the_datas_doing(night: Night) -> None:
    """A workbook that could not be read on the night of the upgrade was last used by the rules before."""
    assert origin(night, {}, USABLE, frozenset({"workbook:52"})) == RULES
    assert origin(night, {}, USABLE, frozenset({"register.cards"})) == DATA


def test_what_unchanged_sources_say_under_other_rules_is_the_rules_doing(night: Night) -> None:
    assert origin(night, {}, USABLE) == RULES


@pytest.mark.parametrize("source", ["annuaire", "workbook:24"])
def test_a_source_that_changed_with_the_upgrade_is_given_the_credit(night: Night, source: str) -> None:
    assert origin(night, {}, USABLE - {source}) == DATA


def test_a_source_that_has_no_say_in_a_change_gets_no_credit(night: Night) -> None:
    assert origin(night, {}, USABLE - {"register.cards"}) == RULES


def test_an_export_that_changed_for_others_gets_no_credit(night: Night) -> None:
    """The export is another file every day; about this account it says what it said."""
    said = frozenset(fingerprints_of(night.snapshot).accounts)
    assert origin(night, {}, USABLE - {"annuaire"}, evidence=said) == RULES
    assert origin(night, {}, USABLE - {"annuaire"}, evidence=said - {account_key(ANNE.account_id)}) == DATA


def test_where_every_file_is_another_one_what_says_the_same_is_still_the_rules(night: Night) -> None:
    assert origin(night, {}, frozenset(), evidence=frozenset(fingerprints_of(night.snapshot).all())) == RULES


@pytest.mark.parametrize(("place", "by"), [(ES, DATA), (ES_52, RULES), (OTHER_ES, RULES)])
def test_a_workbook_that_changed_for_others_gets_no_credit(place: str, by: str) -> None:
    """Somebody came to a structure of the workbook; the change is about Anne, who is not there (but in `ES`)."""
    lines = [row(ANNE, role=REMPLACANT), row(LUC, OTHER_ES)]
    held = [account(ANNE, role=REMPLACANT, email="old@example.org"), account(LUC, OTHER_ES), account(ZOE, ES_52)]
    more = [row(PAUL, place)] if place != ES_52 else []
    before = fingerprints_of(play(held, lines).snapshot)
    after = play(held, [*lines, *more], books=[region("52", row(ZOE, ES_52), row(PAUL, ES_52))] if not more else [])
    said = frozenset(fingerprints_of(after.snapshot).same_as(before.all()))
    assert origin(after, {}, USABLE - {"workbook:24"}, evidence=said) == by


def test_a_reading_that_changed_everywhere_is_no_change_of_the_data() -> None:
    """Or a digest of another make, as after an upgrade: nobody's row is known to have changed."""
    staff = [Person(80 + at, f"FICTIVE-{letter}", "Ode") for at, letter in enumerate("ABCDE")]
    tonight = fingerprints_of(play([account(one) for one in staff]).snapshot)
    before = dict.fromkeys(tonight.all(), "as another version wrote it")
    assert set(tonight.same_as(before)) >= {*tonight.accounts, *tonight.persons}
    (key, *_) = sorted(tonight.accounts)
    assert key not in set(tonight.same_as({**tonight.all(), key: "one account that changed"}))


# ── a day that has come ──────────────────────────────────────────────────────────────────────────


def by_time(found: Night, reason: str, days: int) -> str:
    """Whose doing it is, when other rules last looked so many days ago at the very same files."""
    mine = found.one(reason)
    since = dict.fromkeys(USABLE, DAY - timedelta(days=days))
    return origins_of([mine], {}, Unchanged(USABLE, others=USABLE, days=since), USABLE, found.snapshot)[mine.id]


@pytest.mark.parametrize(("ends", "reason"), [(90, "card_expiring"), (30, "card_expiring"), (-1, "card_expired")])
def test_what_the_day_brings_is_not_the_rules_doing(ends: int, reason: str) -> None:
    ends_on = f"{DAY + timedelta(days=ends)}"
    found = play([account(ANNE, card_expires_on=ends_on)], cards=[card(ANNE, ends_on)])
    assert by_time(found, reason, 1) == DATA


def test_what_was_due_before_is_the_rules_doing() -> None:
    ends_on = f"{DAY + timedelta(days=80)}"
    found = play([account(ANNE, card_expires_on=ends_on)], cards=[card(ANNE, ends_on)])
    assert (by_time(found, "card_expiring", 1), by_time(found, "card_expiring", 20)) == (RULES, DATA)


def test_the_end_of_a_function_that_comes_by_its_date_is_not_the_rules_doing() -> None:
    gone = play([account(ANNE)], [row(ANNE, ended_on=f"{DAY}")])
    assert by_time(gone, "left", 1) == DATA
    assert by_time(play([account(ANNE)], [row(ANNE, ended_on="2026-10-31")]), "left", 1) == RULES


# ── an answer ────────────────────────────────────────────────────────────────────────────────────


def test_a_word_that_was_given_a_meaning_lets_the_same_workbook_say_something_else(night: Night) -> None:
    """As long as nobody answered, what the same file says otherwise is our reading of it."""
    mine, said = night.one("contact_changed"), frozenset(fingerprints_of(night.snapshot).all())
    place = {key for key in fingerprints_of(night.snapshot).places if key == place_key("workbook:24", ES)}
    words = replace(night.snapshot, words={("function", "cadre"): "ASSISTANT"})
    given = altered(answer_digests(words), answer_digests(night.snapshot))
    for answered, by in ((frozenset[str](), RULES), (given, DATA)):
        same = Unchanged(USABLE, said - place, USABLE, answered=answered)
        assert origins_of([mine], {}, same, USABLE, words)[mine.id] == by


def test_of_answers_that_a_version_before_this_one_did_not_keep_nothing_is_concluded(night: Night) -> None:
    words = replace(night.snapshot, words={("function", "cadre"): "ASSISTANT"})
    assert altered(answer_digests(words), {}) == frozenset()


@pytest.mark.parametrize(
    ("before", "by"), [("made.other", SETTINGS), ("other.policy", RULES), ("a digest of an older version", RULES)]
)
def test_a_setting_is_told_from_a_new_version(night: Night, before: str, by: str) -> None:
    mine, names = night.one("contact_changed"), ("annuaire", "workbook:24")
    used = {name: Used("the same file", before, DAY - timedelta(days=1)) for name in names}
    same = unchanged_of(dict.fromkeys(names, "the same file"), Fingerprints(), Before(used, {}, before), "made.policy")
    assert origins_of([mine], {}, same, names, night.snapshot)[mine.id] == by
    assert brought_by([mine], {mine.id: by}) == {(mine.updater.post, mine.updater.scope): by}


# ── another updater ──────────────────────────────────────────────────────────────────────────────


def rerouted(night: Night, told: PostRef, now: Updater, before: str = DATA, others: frozenset[str] = USABLE) -> str:
    """The origin of a change that was told to one and is now another's."""
    mine = change_of(night)
    (state,) = known(mine, "notified", before).values()
    then = mine.model_copy(update={"updater": Updater(**told.model_dump(), recipients=("a@example.org",))})
    states = {mine.id: replace(state, change=then, told_to=told)}
    mine = mine.model_copy(update={"updater": now, "status": "notified"})
    return origins_of([mine], states, Unchanged(USABLE, others=others), USABLE, night.snapshot)[mine.id]


OTHER = Updater(post="CHV_ST_ETS", scope="ETS-CPDL", recipients=("b@example.org",))
STAND_IN = Updater(post="ADMIN_EFIT", escalated_from="CRH_ST-24", escalated_because="vacant")


def test_what_other_rules_give_to_another_updater_waits_too(night: Night) -> None:
    assert rerouted(night, CRH, OTHER) == ROUTING
    assert rerouted(night, CRH, OTHER, others=frozenset()) == DATA


def test_what_changes_hands_because_somebody_cannot_act_does_not(night: Night) -> None:
    assert rerouted(night, CRH, STAND_IN) == DATA


def test_an_older_version_wrote_the_post_without_its_scope(night: Night) -> None:
    mine = change_of(night)
    (state,) = known(mine, "notified", DATA).values()
    old = mine.model_copy(update={"updater": Updater(post="ADMIN_EFIT", escalated_from="CRH_ST")})
    states = {mine.id: replace(state, change=old, told_to=PostRef(post="ADMIN_EFIT"))}
    for now in (STAND_IN, Updater(post="CRH_ST", scope="24", recipients=("c@example.org",))):
        told = mine.model_copy(update={"updater": now, "status": "notified"})
        assert origins_of([told], states, Unchanged(USABLE, others=USABLE), USABLE, night.snapshot)[mine.id] == DATA


def test_once_its_new_updater_is_told_it_waits_no_more(night: Night) -> None:
    told = PostRef(post=OTHER.post, scope=OTHER.scope)
    assert rerouted(night, told, OTHER, before=ROUTING, others=frozenset()) == DATA
    assert rerouted(night, CRH, OTHER, before=ROUTING, others=frozenset()) == ROUTING
    assert rerouted(night, PostRef(post="ADMIN_EFIT"), STAND_IN, before=ROUTING, others=frozenset()) == DATA


def test_the_evidence_of_a_night_is_the_same_in_any_order_of_rows() -> None:
    one = fingerprints_of(play([account(ANNE), account(LUC)], [row(ANNE), row(LUC)]).snapshot)
    assert one == fingerprints_of(play([account(LUC), account(ANNE)], [row(LUC), row(ANNE)]).snapshot)


def test_an_open_change_keeps_its_origin(night: Night) -> None:
    mine = change_of(night)
    statuses: tuple[ChangeStatus, ...] = ("new", "notified", "accepted")
    for status in statuses:
        for before in (DATA, RULES):
            assert origin(night, known(mine, status, before), USABLE, status=status) == before


@pytest.mark.parametrize("before", [DATA, RULES])
def test_what_was_closed_and_is_true_again_is_judged_like_what_is_new(night: Night, before: str) -> None:
    """Other rules that bring back what was withdrawn are not the data."""
    states = known(change_of(night), "withdrawn", before)
    assert origin(night, states, USABLE) == RULES
    assert origin(night, states, USABLE - {"workbook:24"}) == DATA
    assert origin(night, states, USABLE, frozenset()) == DATA


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
