"""An annuaire that is not whole, from the command line: what goes out, what waits, who is told, what a release does."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.night.commanded import BOOK_52, EXPORT, Service
from tests.night.surfaces import page_text, spaced, summary_of
from tests.night.whole import ACCOUNTS, NEW, ROWS, STAFF, of_nine
from tests.night.whole import first_night as first_night
from tests.night.whole import service as service
from tests.spec.tables import ASSISTANT, ES, OTHER_ES, SITE, account, row

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
    for claim in (
        "Personne ne perd l'accès",
        "Aucune région n'appelle",
        "0 compte",
        "0 région",
        "Aucun compte dans e-FIT",
    ):
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
