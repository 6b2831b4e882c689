"""What waits while the rest goes out: creations by the dozen, deactivations; and a structure that fell silent."""

from datetime import timedelta
from pathlib import Path

from flows.state.run_state import now
from pipelines.changes.rules.silent_structures import NOT_MENTIONED
from schemas.changes.change import PostRef
from schemas.changes.decision import DecisionEntry
from schemas.changes.lifecycle import Event
from tests.invented_nights import answer
from tests.night.commanded import BOOK_24, BOOK_52, Service
from tests.night.whole import ACCOUNTS, NEW, ROWS, STAFF
from tests.night.whole import first_night as first_night
from tests.night.whole import service as service
from tests.spec.tables import ES_52, OTHER_ES, SITE, Person, account, row

# ── creations ────────────────────────────────────────────────────────────────────────────────────


def test_too_many_creations_wait_alone(service: Service) -> None:
    """Twelve for an updater of twenty-one accounts; a card that was renewed leaves all the same."""
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    late = [account(who, card_expires_on="2027-01-31") for who in STAFF[:1]]
    further = row(NEW[0], SITE)
    service.write([*late, *ACCOUNTS[1:]], [*leaving, *(row(who) for who in NEW[:12]), further])
    code, run = service.night()
    assert code == 3
    found = {(one["updater"]["scope"], one["kind"], one["status"]) for one in service.changeset()["changes"]}
    assert {("24", "create_account", "new"), ("24", "update_account", "notified")} <= found
    assert ("ETS-CPDL", "add_assignment", "new") in found  # of an account that is not to be created yet
    assert [(one["scope"], one["what"], one["count"]) for one in run["held"]] == [("24", "creations", 12)]
    assert service.mails() == {"CRH_ST-24": 2, "ADMIN_EFIT": 1}
    assert "ARRIVEE" not in service.letters("CRH_ST-24")
    assert "12 d’un coup" in service.letters("ADMIN_EFIT").replace("\u00a0", " ")
    code, _ = service.night("--release", run["run_id"])
    assert (code, {one["status"] for one in service.changeset()["changes"]}) == (0, {"notified"})


def test_ten_percent_more_accounts_and_nine_of_any_are_no_avalanche(service: Service) -> None:
    service.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti"), *(row(who) for who in NEW[:9])])
    code, run = service.night()
    assert (code, run["held"]) == (0, [])


def test_when_all_there_is_to_say_is_creations_held_nothing_is_sent(service: Service) -> None:
    service.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti"), *(row(who) for who in NEW[:12])])
    code, run = service.night()
    assert (code, run["status"], service.mails()) == (4, "held", {"CRH_ST-24": 1})


# ── a deactivation waits ─────────────────────────────────────────────────────────────────────────


def test_a_move_into_a_workbook_that_cannot_be_read_ends_the_function_and_not_the_account(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS, [row(STAFF[0], status="Parti"), *ROWS[1:], row(STAFF[0], ES_52)])
    made.file(BOOK_52).write_bytes(b"PK\x03\x04 not a workbook")
    code, run = made.night()
    assert (code, made.reasons(), run["counts"]["waiting_deactivations"]) == (3, {"left": 1}, 1)
    assert "1 compte à désactiver attend" in made.letters("ADMIN_EFIT").replace("\u00a0", " ")
    assert BOOK_52.rpartition("/")[2] in made.letters("ADMIN_EFIT")
    made.write(ACCOUNTS, [row(STAFF[0], status="Parti"), *ROWS[1:], row(STAFF[0], ES_52)])
    code, run = made.night()
    assert (code, made.reasons(), run["counts"]["waiting_deactivations"]) == (
        0,
        {"left": 1, "missing_assignment": 1},
        0,
    )


def test_a_deactivation_that_was_announced_waits_unseen_and_is_not_announced_again(service: Service) -> None:
    """Region 52's workbook breaks for two nights; the leaver is in region 24."""
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    for _ in range(2):
        service.write(ACCOUNTS, leaving)
        service.file(BOOK_52).write_bytes(b"")
        code, run = service.night()
        assert (code, service.reasons(), run["counts"]["waiting_deactivations"]) == (3, {"left": 1}, 1)
        assert service.statuses() == {"notified": 2}
    service.write(ACCOUNTS, leaving)
    assert service.night()[0] == 0
    assert service.reasons() == {"left": 1, "no_assignment_left": 1}
    assert (service.statuses(), service.mails()["CRH_ST-24"]) == ({"notified": 2}, 1)


# ── an end waits for an answer ───────────────────────────────────────────────────────────────────


def test_an_end_that_was_announced_and_comes_into_question_waits_unseen_and_is_not_announced_again(
    service: Service,
) -> None:
    """A line without number and first name may be about the leaver; the night after says again that she left."""
    leaver = STAFF[-1]
    maybe = row(leaver, cpx_number="", first_name="", email="", phone="")
    service.write(ACCOUNTS, [*ROWS[:-1], maybe])
    code, _ = service.night()
    assert code == 0
    assert not {"left", "absent_from_workbook", "no_assignment_left"} & set(service.reasons())
    with service.store() as store:
        ends = {one.status for one in store.states().values() if one.change.kind != "review"}
    assert ends == {"notified"}
    service.write(ACCOUNTS, [*ROWS[:-1], row(leaver, status="Parti")])
    assert service.night()[0] == 0
    assert service.reasons() == {"left": 1, "no_assignment_left": 1}
    assert (service.statuses(), service.mails()["CRH_ST-24"]) == ({"notified": 2, "withdrawn": 1}, 2)  # the question
    service.write(ACCOUNTS, ROWS)
    assert service.night()[0] == 0
    assert service.reasons() == {}


def test_who_is_kept_by_a_row_about_which_another_is_asked_is_asked_about_too(tmp_path: Path) -> None:
    """A like name in a doubtful row of another hospital keeps her; that row's question names others alone."""
    made = Service(tmp_path)
    gone, like = Person(470, "MARTIN", "Marie", "60"), Person(471, "MARTIN", "Marie-Christine", "60")
    holder = Person(472, "THOMAS", "Nour", "SEC", f"3{OTHER_ES}/43803")
    kept = account(gone, phone="01 99 00 44 44"), account(like, OTHER_ES), account(holder, OTHER_ES)
    rows = row(like, OTHER_ES, cpx_number=holder.cpe), row(holder, OTHER_ES)
    made.write([*ACCOUNTS, *kept], [*ROWS, *rows])
    made.night()
    assert not {"absent_from_workbook", "no_assignment_left"} & set(made.reasons())
    asked = {one["reasons"][0]: str(one["fields"]) for one in made.changeset()["changes"] if one["kind"] == "review"}
    assert gone.account_id in asked["line_not_understood"]
    assert gone.account_id not in asked["ambiguous_match"]


# ── a structure that a workbook no longer mentions ───────────────────────────────────────────────


def reply(service: Service, verdict: str) -> None:
    """What the updater says to the question."""
    with service.store() as store:
        (state,) = [one for one in store.states().values() if NOT_MENTIONED in one.change.reasons]
        change = state.change
        updater = PostRef(post=change.updater.post, scope=change.updater.scope)
        entry = DecisionEntry(change.id, verdict, None, "", updater, "retour.xlsx", "0" * 64, "accepted")  # type: ignore[arg-type]
        event = Event(change.id, service.day, state.status, verdict, "decision", "0" * 16)  # type: ignore[arg-type]
        answer(store, [entry], [event], now())


def ward(service: Service, *, listed: bool) -> None:
    """Two people of a clinic that has five times as many neighbours in the workbook."""
    theirs = [account(who, OTHER_ES) for who in NEW[:2]]
    rows = [row(who, OTHER_ES) for who in NEW[:2]] if listed else []
    service.write([*ACCOUNTS[:-1], *theirs], [*ROWS[:-1], *rows])


def test_a_structure_that_fell_silent_is_asked_and_nobody_there_is_ended(tmp_path: Path) -> None:
    made = Service(tmp_path)
    ward(made, listed=True)
    assert made.night()[0] == 0
    quiet = made.reasons()
    ward(made, listed=False)
    assert made.night()[0] == 0
    assert made.reasons() - quiet == {NOT_MENTIONED: 1}
    ward(made, listed=False)
    made.night()
    assert made.reasons() - quiet == {NOT_MENTIONED: 1}  # it stands until answered
    assert made.mails()["CRH_ST-24"] == 1 + bool(quiet)


def test_an_end_for_having_no_row_waits_unseen_while_the_establishments_of_the_workbook_are_in_doubt(
    tmp_path: Path,
) -> None:
    """Those of a clinic are under the hospital's number for a night: of who has no row there nothing is known."""
    made = Service(tmp_path)
    held = [*ACCOUNTS, *(account(who, OTHER_ES) for who in NEW[:3])]
    right = [*ROWS[:-1], *(row(who, OTHER_ES) for who in NEW[:3])]
    made.write(held, right)
    made.night()
    ended = made.reasons()["absent_from_workbook"]
    mails = made.mails()["CRH_ST-24"]
    made.write(held, [*ROWS[:-1], *map(row, NEW[:3])])
    made.night()
    assert (ended, made.reasons()["absent_from_workbook"], made.reasons()["line_not_understood"]) == (1, 0, 1)
    with made.store() as store:
        ends = {one.status for one in store.states().values() if one.change.kind != "review"}
    assert ends == {"notified"}
    made.write(held, right)
    made.night()
    assert made.reasons()["absent_from_workbook"] == 1
    assert made.mails()["CRH_ST-24"] == mails + 1  # the question about the column


def test_a_question_answered_fait_ends_those_of_the_structure_and_refused_leaves_them(tmp_path: Path) -> None:
    for verdict, ended in (("accepted", 2), ("refused", 0)):
        made = Service(tmp_path / verdict)
        ward(made, listed=True)
        made.night()
        ward(made, listed=False)
        made.night()
        reply(made, verdict)
        for _ in range(2):
            made.night()
            assert made.reasons()["absent_from_workbook"] == ended, verdict
        ward(made, listed=True)
        made.night()
        assert (made.reasons()["absent_from_workbook"], made.reasons()[NOT_MENTIONED]) == (0, 0)


def test_a_structure_of_which_the_workbook_never_spoke_is_silence(tmp_path: Path) -> None:
    made = Service(tmp_path)
    ward(made, listed=False)
    for _ in range(2):
        made.night()
        assert (made.reasons()["absent_from_workbook"], made.reasons()[NOT_MENTIONED]) == (0, 0)


def test_a_workbook_under_another_name_remembers_what_the_old_one_mentioned(tmp_path: Path) -> None:
    made = Service(tmp_path)
    ward(made, listed=True)
    made.night()
    ward(made, listed=False)
    made.file(BOOK_24).rename(made.folder / "regions" / "24-2027.csv")
    made.config.write_text(made.config.read_text(encoding="utf-8").replace("24.csv", "24-2027.csv"), encoding="utf-8")
    made.night()
    assert made.reasons()[NOT_MENTIONED] == 1


def test_nobody_is_reminded_of_a_deactivation_that_waits(service: Service) -> None:
    service.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    service.file(BOOK_52).write_bytes(b"")
    assert service.night()[0] == 3
    later = (service.day + timedelta(days=20)).isoformat()
    assert service.json("remind", "--as-of", later)[1]["changes"] == 1
    assert "Désactiver le compte" not in service.letters("CRH_ST-24").split("RAPPEL")[-1]
