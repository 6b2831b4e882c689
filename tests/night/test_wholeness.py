"""Sources that are not whole, from the command line: what goes out, what waits, who is told, what a release does."""

import json
import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sources import steady
from flows.state.run_state import now
from pipelines.changes.rules.silent_structures import NOT_MENTIONED
from schemas.changes.change import PostRef
from schemas.changes.decision import DecisionEntry
from schemas.changes.lifecycle import Event
from tests.invented_nights import answer
from tests.night.commanded import BOOK_24, BOOK_52, EXPORT, Service
from tests.night.surfaces import page_text, spaced, summary_of
from tests.spec.tables import ASSISTANT, ES, ES_52, OTHER_ES, SITE, Line, Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(20)]
ACCOUNTS = [account(who) for who in STAFF]
ROWS = [row(who) for who in STAFF]
NEW = [Person(300 + at, f"ARRIVEE-{chr(65 + at)}", "Lise") for at in range(20)]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A first night over a country that agrees with itself, but for somebody who left."""
    made = Service(tmp_path)
    made.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    code, _ = made.night()
    assert (code, made.reasons()) == (0, {"left": 1, "no_assignment_left": 1})
    assert made.mails() == {"CRH_ST-24": 1}
    return made


# ── the annuaire ─────────────────────────────────────────────────────────────────────────────────


def test_an_export_cut_at_half_holds_the_night_and_proves_nothing_done(service: Service) -> None:
    service.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    service.cut(EXPORT, 0.5)
    code, run = service.night()
    assert (code, run["status"], service.mails()) == (4, "held", {"CRH_ST-24": 1})
    assert service.statuses() == {"notified": 2}
    assert [(one["what"], one["scope"]) for one in run["held"]] == [("source", "annuaire")]
    assert service.sources() == {"annuaire": "held"}
    assert service.reasons() == {"left": 1, "no_assignment_left": 1}  # as they stood; nothing is compared


def test_an_export_at_85_percent_proves_nobodys_end_done(service: Service) -> None:
    """Whole lines: it opens, and three accounts and the leaver's are not there."""
    service.write(ACCOUNTS[:-4], [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    code, run = service.night()
    assert (code, service.statuses(), service.mails()) == (4, {"notified": 2}, {"CRH_ST-24": 1})
    assert run["held"] == [
        {"post": "", "scope": "annuaire", "what": "source", "count": 21, "total": 25, "because": None}
    ]
    service.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    code, _ = service.night()
    assert (code, service.statuses(), service.mails()) == (0, {"notified": 2}, {"CRH_ST-24": 1})


def test_a_held_annuaire_is_let_pass_up_to_what_was_looked_at(service: Service) -> None:
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    service.write(ACCOUNTS[4:], leaving)
    _, held = service.night()
    service.write(ACCOUNTS[5:], leaving)
    assert service.night("--release", held["run_id"])[0] == 4  # fewer than a human looked at
    service.write(ACCOUNTS[4:], leaving)
    code, _ = service.night("--release", held["run_id"])
    assert (code, service.sources()["annuaire"]) == (0, "ok")
    assert service.night()[0] == 0  # and it is what the next night is held against


EMPTIED = {
    "active": ({"active": "Non"}, "10 comptes actifs sur 25 ne sont plus actifs"),
    "assignments": ({"function": "", "rank": ""}, "10 fonctions sur 25 manquent"),
    "numbers": ({"cpx_number": ""}, "10 numéros sur 25 manquent"),
}


@pytest.mark.parametrize("name", EMPTIED)
def test_an_export_that_has_lost_a_column_for_many_proves_nothing(service: Service, name: str) -> None:
    cells, said = EMPTIED[name]
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    spoilt = [*(account(who, ES, ASSISTANT, **cells) for who in STAFF[:10]), *ACCOUNTS[10:]]
    before = {one["id"] for one in service.changeset()["changes"]}
    service.write(spoilt, leaving)
    code, run = service.night()
    assert (code, service.mails(), service.sources()["annuaire"]) == (4, {"CRH_ST-24": 1}, "held")
    assert {one["id"] for one in service.changeset()["changes"]} == before
    assert [(one["scope"], one["what"], one["count"], one["total"]) for one in run["held"]] == [
        ("annuaire", "source", 25, 25),
        ("annuaire", name, 15, 25),
    ]
    assert said in run["sources"][0]["message"].replace("\u00a0", " ")
    service.write(ACCOUNTS, leaving)
    assert (service.night()[0], service.mails()) == (0, {"CRH_ST-24": 1})


def test_titulaires_whose_rank_the_export_lost_accuse_no_structure(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    made.night()
    made.write(ACCOUNTS, ROWS)
    content = made.file(EXPORT).read_text(encoding="utf-8")
    made.file(EXPORT).write_text(content.replace(";Titulaire;", ";;"), encoding="utf-8")
    code, run = made.night()
    assert (code, made.reasons(), made.mails()) == (4, {}, {})
    assert [one["what"] for one in run["held"]] == ["source", "ranks"]


def test_a_mass_deactivation_that_was_meant_is_let_pass_up_to_what_was_looked_at(service: Service) -> None:
    off = [account(who, active="Non") for who in STAFF]
    service.write([*off[:8], *ACCOUNTS[8:]], ROWS)
    _, held = service.night()
    service.write([*off[:9], *ACCOUNTS[9:]], ROWS)
    assert service.night("--release", held["run_id"])[0] == 4  # fewer than a human looked at
    service.write([*off[:8], *ACCOUNTS[8:]], ROWS)
    assert service.night("--release", held["run_id"])[0] in (0, 3)
    assert service.sources()["annuaire"] == "ok"
    service.write([*off[:8], *ACCOUNTS[8:]], ROWS)
    service.night()
    assert service.sources()["annuaire"] == "ok"  # and it is what the next night is held against


def test_what_was_asked_to_be_taken_away_is_no_loss(tmp_path: Path) -> None:
    """Five functions are ended and their accounts deactivated on one day, as the reports asked."""
    made = Service(tmp_path)
    made.write(ACCOUNTS, [*ROWS[:-5], *(row(who, status="Parti") for who in STAFF[-5:])])
    made.night()
    entered = [account(who, active="Non", function="", rank="") for who in STAFF[-5:]]
    made.write([*ACCOUNTS[:-5], *entered], ROWS[:-5])
    code, _ = made.night()
    assert (code, made.statuses()) == (0, {"done": 10})


def test_one_person_with_many_functions_and_none_tonight_is_no_landslide(tmp_path: Path) -> None:
    made = Service(tmp_path)
    places = (ES, SITE, OTHER_ES)
    made.write([*ACCOUNTS, *(account(NEW[0], place) for place in places)], ROWS)
    made.night()
    made.write([*ACCOUNTS, account(NEW[0], "")], ROWS)
    made.night()
    assert made.sources()["annuaire"] == "ok"


def test_one_account_less_holds_nobody(service: Service) -> None:
    service.write(ACCOUNTS[1:], [*ROWS[1:-1], row(STAFF[-1], status="Parti")])
    assert service.night()[0] == 0


def test_a_first_night_that_is_held_says_unknown_everywhere(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    made.cut(EXPORT, 0.5)
    code, said = made.run("sync", "--as-of", made.day.isoformat())
    assert (code, made.mails()) == (4, {})
    assert "Rien à signaler" not in spaced(said)
    assert "Inconnu : rien n'a pu être comparé" in spaced(said).replace("’", "'")
    access = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["counts"]["access"]
    nothing = {"value": None, "at_least": True, "last_known": None}
    assert (access["lost"], access["ending"], access["blocked"]) == (nothing, nothing, nothing)
    assert {access[name] for name in ("accounts", "known", "unknown", "known_share", "structures")} == {None}
    assert access["message"].startswith("Inconnu")
    page = (tmp_path / "out" / "dashboard" / "index.html").read_text(encoding="utf-8")
    assert "s-good" not in page.split("<main", 1)[1]
    text = spaced(page_text(page))
    for claim in ("Personne ne perd l'accès", "Aucune région n'appelle", "0 compte", "0 région", "Sans compte"):
        assert claim not in text.replace("’", "'"), claim


def test_a_fresh_checkout_never_waits(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS[:2], [*ROWS, *(row(who) for who in NEW)])
    code, run = made.night()
    assert (code, run["held"], made.reasons()["missing_account"]) == (0, [], 38)


def test_an_annuaire_in_a_database_is_held_against_its_last_night_too(tmp_path: Path) -> None:
    made = Service(tmp_path, annuaire="url = 'sqlite:///efit.db'")
    url = f"sqlite:///{tmp_path / 'efit.db'}"
    for staff, expected in ((STAFF, 0), (STAFF[:15], 4), (STAFF, 0)):
        made.write([account(who) for who in staff], ROWS)
        assert made.run_alone("annuaire", "load", str(made.file(EXPORT)), "--url", url) == 0
        code, run = made.night()
        assert code == expected
        assert [one["scope"] for one in run["held"]] == (["annuaire"] if code else [])


@pytest.mark.parametrize("command", ["status", "dashboard", "explain"])
def test_who_asks_between_two_nights_is_told_that_the_annuaire_is_not_whole(service: Service, command: str) -> None:
    service.write(ACCOUNTS[4:], ROWS)
    words = [STAFF[0].account_id] if command == "explain" else []
    code, found = service.json(command, *words, "--as-of", service.day.isoformat())
    told = json.dumps(found, ensure_ascii=False)
    assert code == (3 if command == "status" else 1)
    assert "4 comptes sur 25" in told.replace("\u00a0", " ")
    assert found.get("access") is None


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────


def of_nine(root: Path) -> tuple[Service, list[Line], list[Line]]:
    """Region 52 has nine people in its workbook, two of them heads; everybody agrees."""
    made = Service(root)
    accounts = [account(who, ES_52) for who in STAFF[:7]]
    rows = [row(who, ES_52) for who in STAFF[:7]]
    made.write(accounts, rows)
    assert made.night()[0] == 0
    return made, accounts, rows


def test_a_small_workbook_half_copied_ends_nobody_and_says_so(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows)
    lines = made.file(BOOK_52).read_bytes().splitlines(keepends=True)
    made.file(BOOK_52).write_bytes(b"".join(lines[:4]) + lines[4][:40])
    code, run = made.night()
    assert (code, made.changeset()["changes"], made.sources()[f"workbook:{BOOK_52}"]) == (3, [], "held")
    assert [one["whole"] for one in run["sources"] if one["name"] == f"workbook:{BOOK_52}"] == [False]
    assert made.mails() == {"ADMIN_EFIT": 1}
    assert BOOK_52.rpartition("/")[2] in made.letters("ADMIN_EFIT")
    assert "ne va pas jusqu’au bout" in made.letters("ADMIN_EFIT")


def test_the_last_row_of_a_cut_file_is_nobodys_word(tmp_path: Path) -> None:
    """« FICTIVE-G » of FICTIVE-GG, without a number: nobody is told to get her a card."""
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows)
    content = made.file(BOOK_52).read_text(encoding="utf-8")
    made.file(BOOK_52).write_text(content[: content.index("FICTIVE-GG") + 9], encoding="utf-8")
    assert made.night()[0] == 3
    assert made.changeset()["changes"] == []


def test_a_workbook_cut_at_a_line_counts_for_who_stands_in_it(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, [*rows[:4], row(NEW[0], ES_52)])
    code, run = made.night()
    assert (code, made.reasons()) == (3, {"missing_account": 1})
    assert made.sources()[f"workbook:{BOOK_52}"] == "held"
    assert "Ce qui y figure compte" in made.letters("ADMIN_EFIT")
    code, _ = made.night("--release", run["run_id"])
    assert (code, made.reasons()["absent_from_workbook"]) == (0, 3)  # a human has looked
    assert made.sources()[f"workbook:{BOOK_52}"] == "ok"


def test_a_text_that_lost_its_last_lines_and_nothing_else_ends_nobody_until_a_human_has_looked(tmp_path: Path) -> None:
    """Three people of twenty are less than the share: what tells of a cut is that all the rest is as it was."""
    made, accounts, rows = of_many(tmp_path)
    made.write(accounts, rows[:-3])
    code, run = made.night()
    assert (code, made.reasons(), made.sources()[f"workbook:{BOOK_52}"]) == (3, {}, "held")
    assert "3 lignes manquent à la fin" in spaced(made.letters("ADMIN_EFIT"))
    assert made.night()[0] == 3  # nor the night after
    code, _ = made.night("--release", run["run_id"])
    assert (code, made.reasons()["absent_from_workbook"]) == (0, 3)


@pytest.mark.parametrize("change", ["two left", "another row was changed", "one came", "those before the last"])
def test_people_who_are_struck_off_a_text_leave(change: str, tmp_path: Path) -> None:
    made, accounts, rows = of_many(tmp_path)
    left = {
        "two left": rows[:-2],
        "another row was changed": [row(STAFF[0], ES_52, email="nouveau@example.org"), *rows[1:-3]],
        "one came": [*rows[:-3], row(NEW[0], ES_52)],
        "those before the last": [*rows[:-4], rows[-1]],
    }
    made.write(accounts, left[change])
    assert (made.night()[0], made.sources()[f"workbook:{BOOK_52}"]) == (0, "ok")
    assert made.reasons()["absent_from_workbook"] == (2 if change == "two left" else 3)


def of_many(root: Path) -> tuple[Service, list[Line], list[Line]]:
    """Region 52 has twenty people and two heads in its workbook; everybody agrees."""
    made = Service(root)
    accounts, rows = [account(who, ES_52) for who in STAFF], [row(who, ES_52) for who in STAFF]
    made.write(accounts, rows)
    assert made.night()[0] == 0
    return made, accounts, rows


def test_a_workbook_that_was_released_is_what_the_next_night_is_held_against(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows[:4])
    _, run = made.night()
    assert made.sources()[f"workbook:{BOOK_52}"] == "held"
    made.night("--release", run["run_id"])
    code, _ = made.night()
    assert (code, made.sources()[f"workbook:{BOOK_52}"], made.reasons()["absent_from_workbook"]) == (0, "ok", 3)


def test_a_workbook_that_is_being_written_is_read_once_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows)
    monkeypatch.setattr(steady, "QUIET", 0.6)
    lines = made.file(BOOK_52).read_bytes().splitlines(keepends=True)
    made.file(BOOK_52).write_bytes(lines[0])
    written = threading.Event()

    def copy() -> None:
        for line in lines[1:]:
            time.sleep(0.2)
            with made.file(BOOK_52).open("ab") as file:
                file.write(line)
        written.set()

    threading.Thread(target=copy).start()
    code, _ = made.night()
    assert (code, made.changeset()["changes"], written.is_set()) == (0, [], True)


def test_a_workbook_that_never_comes_to_rest_ends_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows[:-1])
    monkeypatch.setattr(steady, "QUIET", 0.2)
    monkeypatch.setattr(steady, "PATIENCE", 0.6)
    over = threading.Event()

    def touch() -> None:
        while not over.wait(0.02):
            made.file(BOOK_52).touch()

    touching = threading.Thread(target=touch)
    touching.start()
    code, _ = made.night()
    over.set()
    touching.join()
    assert (code, made.changeset()["changes"], made.sources()[f"workbook:{BOOK_52}"]) == (3, [], "held")
    assert "en cours d’écriture" in made.letters("ADMIN_EFIT")


# ── registers ────────────────────────────────────────────────────────────────────────────────────


def test_an_extract_cut_in_a_line_holds_the_night(service: Service) -> None:
    """No row is lost but the last, which is nobody's here: how it ends is all that tells."""
    strangers = [Person(900 + at, f"PASSANT-{at}", "Noé") for at in range(60)]
    leaving = [*ROWS[:-1], row(STAFF[-1], status="Parti")]
    service.write(ACCOUNTS, leaving, strangers)
    assert service.night()[0] == 0
    service.write(ACCOUNTS, leaving, strangers)
    (extract,) = service.folder.glob(f"rpps/PS_*_{service.day:%Y%m%d}*")
    extract.write_bytes(extract.read_bytes()[:-20])
    code, run = service.night()
    assert (code, [one["scope"] for one in run["held"]]) == (4, ["register.persons"])


def test_cards_whose_opposition_is_not_known_change_nothing_and_are_told(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write([account(who, card_expires_on="2027-05-31") for who in STAFF[:3]], ROWS[:3])
    (cards,) = made.folder.glob("rpps/Porteurs*")
    cards.write_text(cards.read_text(encoding="utf-8").replace("Date opposition", "Date d'oposition"), encoding="utf-8")
    code, run = made.night()
    assert (code, made.reasons(), made.sources()["register.cards"]) == (3, {}, "ok")
    assert "En-tête proche : Date d'oposition" in made.letters("ADMIN_EFIT").replace("\u00a0", " ")
    health = run["counts"]["health"]
    assert sum(one["ready"] for one in health.values()) == 0
    assert sum(one["unknown"] for one in health.values()) == 8
    made.write([account(who, card_expires_on="2027-05-31") for who in STAFF[:3]], ROWS[:3])
    assert made.night()[0] == 0
    assert made.reasons() == {"card_renewed": 3}


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


def test_a_night_played_again_does_not_tell_the_administrator_again(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    made.write(accounts, rows[:4])
    for _ in range(2):
        assert made.json("sync", "--as-of", made.day.isoformat())[0] == 3
    assert made.mails() == {"ADMIN_EFIT": 1}


def test_nobody_is_reminded_of_a_deactivation_that_waits(service: Service) -> None:
    service.write(ACCOUNTS, [*ROWS[:-1], row(STAFF[-1], status="Parti")])
    service.file(BOOK_52).write_bytes(b"")
    assert service.night()[0] == 3
    later = (service.day + timedelta(days=20)).isoformat()
    assert service.json("remind", "--as-of", later)[1]["changes"] == 1
    assert "Désactiver le compte" not in service.letters("CRH_ST-24").split("RAPPEL")[-1]


def test_a_held_annuaire_is_shown_as_unknown_with_what_was_known_last(service: Service) -> None:
    service.write(ACCOUNTS[4:], ROWS)
    code, run = service.night()
    assert code == 4
    access = run["counts"]["access"]
    assert (access["known"], access["unknown"]) == (0, 25)
    assert access["because"] == {"annuaire": 25}
    assert access["lost"] == {"value": None, "at_least": True, "last_known": {"count": 0, "day": "2026-11-22"}}
    page = spaced(page_text((service.folder / "out" / "dashboard" / "index.html").read_text(encoding="utf-8")))
    assert "L'accès de 25 comptes sur 25 est inconnu (annuaire incomplet)" in page
    assert "La dernière nuit a été retenue par un garde-fou" in page
    said = spaced(summary_of(service.reports / "ADMIN_EFIT.xlsx"))
    assert "Dans tout l'annuaire, l'accès de 25 comptes sur 25 est inconnu (annuaire incomplet)" in said
    assert service.night()[1]["counts"]["access"]["lost"]["last_known"]["day"] == "2026-11-22"


def test_a_held_annuaire_is_told_on_the_terminal(service: Service) -> None:
    service.write(ACCOUNTS[4:], ROWS)
    code, said = service.run("sync", "--as-of", service.day.isoformat())
    assert code == 4
    assert "est inconnu (annuaire incomplet)" in spaced(said)


def test_a_store_of_the_version_before_remembers_how_many_rows_there_were(tmp_path: Path) -> None:
    made, accounts, rows = of_nine(tmp_path)
    with sqlite3.connect(tmp_path / "var" / "annuaire.db") as store:
        store.execute("DELETE FROM footprint")
    made.write(accounts, rows[:4])
    assert (made.night()[0], made.sources()[f"workbook:{BOOK_52}"]) == (3, "held")
