"""What the store and the sources tell whoever asks: explain, status, history, purge."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from schemas.glyphs import typeset
from tests.night.country import TODAY
from tests.night.played import Installation, asked, fill, lines_of

TOMORROW = TODAY + timedelta(days=1)
DAY = ("--as-of", TODAY.isoformat())
REPORT = "CRH_ST-24.xlsx"


def change_for(there: Installation, reason: str) -> dict[str, Any]:
    """The first change of the night with this reason."""
    found: dict[str, Any] = next(one for one in there.changeset()["changes"] if reason in one["reasons"])
    return found


def explained(there: Installation, what: str) -> dict[str, Any]:
    code, found = there.json("explain", what, *DAY)
    assert code == 0
    assert isinstance(found, dict)
    return found


def enter_number(there: Installation, account_id: str, number: str) -> None:
    """The updater does what the report asks: the number in the annuaire's export."""
    path = there.folder / "efit" / "export.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[header.index("Identifiant")].value == account_id:
            row[header.index("N° CPx")].value = number
    book.save(path)


def second_night(there: Installation) -> dict[str, Any]:
    """The ADELI number of one account is replaced, and the next night is played."""
    change = change_for(there, "adeli_to_rpps")
    enter_number(there, change["account_id"], change["fields"][0]["after"])
    assert there.run("sync", "--as-of", TOMORROW.isoformat())[0] == 0
    return change


# ── explain ─────────────────────────────────────────────────────────────────────────────────────


def test_every_sources_view_stands_side_by_side(first_night: Installation) -> None:
    change = change_for(first_night, "adeli_to_rpps")
    found = explained(first_night, change["account_id"])
    sources = [view["source"] for view in found["sources"]]
    assert sources[0] == "annuaire"
    assert {"register.persons", "register.cards"} <= set(sources)
    assert any(source.startswith("workbook:") for source in sources)
    before, after = change["fields"][0]["before"], change["fields"][0]["after"]
    assert found["sources"][0]["values"]["cpx_number"] == before
    person = next(view for view in found["sources"] if view["source"] == "register.persons")
    assert person["values"]["cpx_number"].startswith(after)
    assert found["national_ids"] == sorted([before, after])


def test_the_rules_name_their_source_and_the_updater_the_row_of_the_procedure(first_night: Installation) -> None:
    change = change_for(first_night, "adeli_to_rpps")
    found = next(one for one in explained(first_night, change["account_id"])["changes"] if one["id"] == change["id"])
    assert [(rule["reason"], rule["source"]) for rule in found["rules"]] == [("adeli_to_rpps", "procédure §1")]
    why = " ".join(found["why_this_updater"])
    assert "procédure §4 ligne 4" in why
    assert change["updater"]["recipients"][0] in why


def test_a_vacant_post_is_told(first_night: Installation) -> None:
    change = next(one for one in first_night.changeset()["changes"] if one["updater"]["escalated_from"] == "CRH_ST-52")
    found = next(one for one in explained(first_night, change["id"])["changes"] if one["id"] == change["id"])
    assert any("dont le poste est vacant" in line for line in found["why_this_updater"])


def test_account_number_change_and_old_number_lead_to_the_same_answer(first_night: Installation) -> None:
    change = change_for(first_night, "adeli_to_rpps")
    field = change["fields"][0]
    asked = [change["account_id"], change["id"].lower(), field["before"]]
    answers = [explained(first_night, one) for one in asked]
    for answer in answers[1:]:
        assert answer["account_ids"] == answers[0]["account_ids"]
        assert answer["sources"] == answers[0]["sources"]
        assert [one["id"] for one in answer["changes"]] == [one["id"] for one in answers[0]["changes"]]


def test_the_candidates_of_a_doubt_are_told(first_night: Installation) -> None:
    change = change_for(first_night, "shared_number")
    found = explained(first_night, change["account_id"])
    assert [doubt["reason"] for doubt in found["doubts"]] == ["shared_number"]
    candidates = [str(field["after"]).split()[0] for field in change["fields"] if field["field"] == "candidate"]
    others = [account for account in candidates if account != change["account_id"]]
    assert others
    assert all(account in found["doubts"][0]["sentence"] for account in others)


def test_somebody_without_account_and_number_is_found_by_their_change(first_night: Installation) -> None:
    changes = first_night.changeset()["changes"]
    change = next(
        one
        for one in changes
        if one["account_id"] is None and one["person"]["last_name"] and not one["person"]["national_id"]
    )
    found = explained(first_night, change["id"])
    assert [view["values"]["last_name"] for view in found["sources"]] == [change["person"]["last_name"]]
    assert [one["id"] for one in found["changes"]] == [change["id"]]


def test_a_change_about_a_structure_shows_who_works_there(first_night: Installation) -> None:
    change = change_for(first_night, "two_titulaires")
    views = [view for view in explained(first_night, change["id"])["sources"] if view["source"] == "annuaire"]
    assert sum("CHV-ST titulaire" in view["values"]["function"] for view in views) >= 2


def test_an_explanation_reads_in_eighty_columns(first_night: Installation) -> None:
    for reason in ("missing_account", "no_titulaire"):
        change = change_for(first_night, reason)
        code, text = first_night.run("explain", change["id"], *DAY)
        assert code == 0
        assert change["id"] in text
        assert max(map(len, text.splitlines())) <= 80


def test_an_identifier_that_nobody_has_is_a_usage_error(first_night: Installation) -> None:
    assert first_night.run("explain", "CHG-0000000000000000", *DAY)[0] == 2


def test_the_history_of_a_change_has_its_events_and_its_decisions(there: Installation, tmp_path: Path) -> None:
    sheet, change_id = lines_of(there.reports / REPORT)[0]
    returned = tmp_path / REPORT
    fill(there.reports / REPORT, returned, (sheet, change_id, "Refusé", None, "déjà vu"))
    assert there.run("decisions", str(returned), *DAY)[0] == 0
    found = next(one for one in explained(there, change_id)["changes"] if one["id"] == change_id)
    assert [(event["after"], event["by"]) for event in found["history"]] == [
        ("new", "run"),
        ("notified", "mail"),
        ("refused", "decision"),
    ]
    assert (found["status"], found["told_on"]) == ("refused", TODAY.isoformat())
    assert [(one["verdict"], one["comment"], one["file"]) for one in found["decisions"]] == [
        ("refused", "déjà vu", REPORT)
    ]
    assert typeset("« Refusé » dans CRH_ST-24.xlsx") in there.run("explain", change_id, *DAY)[1]


def test_a_change_that_is_over_is_still_explained(there: Installation) -> None:
    change = second_night(there)
    code, found = there.json("explain", change["id"], "--as-of", TOMORROW.isoformat())
    assert code == 0
    one = next(one for one in found["changes"] if one["id"] == change["id"])
    assert (one["status"], one["tonight"]) == ("done", False)


def test_explaining_needs_no_store_and_makes_none(there: Installation) -> None:
    account = change_for(there, "left")["account_id"]
    shutil.rmtree(there.folder / "var")
    assert there.run("explain", account, *DAY)[0] == 0
    assert not (there.folder / "var").exists()


# ── status ──────────────────────────────────────────────────────────────────────────────────────


def test_what_waits_is_counted_by_updater_and_severity(first_night: Installation) -> None:
    code, found = first_night.json("status", *DAY)
    assert code == 0
    changes = asked(first_night.changeset()["changes"])
    assert found["waiting"] == len(changes)
    for one in found["updaters"]:
        mine = [c for c in changes if (c["updater"]["post"], c["updater"]["scope"]) == (one["post"], one["scope"])]
        assert one["waiting"] == len(mine) == sum(one["severities"].values())
        assert one["severities"]["access"] == sum(c["severity"] == "access" for c in mine)
        assert (one["oldest_days"], one["overdue"]) == (0, 0)


def test_what_has_not_moved_for_as_long_as_a_reminder_takes_is_overdue(first_night: Installation) -> None:
    for days, late in ((13, 0), (14, len(asked(first_night.changeset()["changes"])))):
        _, found = first_night.json("status", "--as-of", (TODAY + timedelta(days=days)).isoformat())
        assert found["overdue"] == late
        assert {one["oldest_days"] for one in found["updaters"]} == {days}


def test_a_refused_change_waits_for_nobody(there: Installation, tmp_path: Path) -> None:
    sheet, change_id = lines_of(there.reports / REPORT)[0]
    fill(there.reports / REPORT, tmp_path / REPORT, (sheet, change_id, "Refusé", None, ""))
    there.run("decisions", str(tmp_path / REPORT), *DAY)
    _, found = there.json("status", *DAY)
    mine = next(one for one in found["updaters"] if one["scope"] == "24")
    assert mine["statuses"]["refused"] == 1
    assert mine["waiting"] == sum(mine["statuses"].values()) - 1
    assert mine["answered"] == {"refused": 1}


def test_who_will_lose_access_is_counted_by_region_and_week_without_a_name(first_night: Installation) -> None:
    code, text = first_night.run("status", "--json", *DAY)
    found = json.loads(text)
    assert code == 0
    for one in found["access"]:
        assert set(one) == {"region", "lost", "weeks", "accounts", "known", "unknown", "enough", "at_least"}
        weeks = [date.fromisoformat(week) for week in one["weeks"]]
        assert all(week.weekday() == 0 and week <= TODAY + timedelta(days=90) for week in weeks)
    assert sum(sum(one["weeks"].values()) for one in found["access"]) > 0
    names = {change["person"]["last_name"] for change in first_night.changeset()["changes"]} - {""}
    assert not any(name in text for name in names)


def test_status_reads_in_eighty_columns(first_night: Installation) -> None:
    code, text = first_night.run("status", *DAY)
    assert code == 0
    assert max(map(len, text.splitlines())) <= 80
    assert "Accès prenant fin d’ici 90 jours, par région" in text


def test_without_the_annuaire_status_still_tells_what_waits(there: Installation) -> None:
    (there.folder / "efit" / "export.xlsx").write_bytes(b"rien")
    code, found = there.json("status", *DAY)
    assert code == 3
    assert found["access"] is None
    assert found["waiting"] > 0
    assert found["unused_sources"][0]["source"] == "annuaire"


def test_before_the_first_night_there_is_nothing_to_tell(there: Installation) -> None:
    shutil.rmtree(there.folder / "var")
    for command in ("status", "history", "purge"):
        assert there.run(command)[0] == 2
    assert not (there.folder / "var").exists()


# ── history ─────────────────────────────────────────────────────────────────────────────────────


def test_the_past_runs_are_told_newest_first_with_their_sources(there: Installation) -> None:
    second_night(there)
    code, found = there.json("history")
    assert code == 0
    assert [run["as_of"] for run in found["runs"]] == [TOMORROW.isoformat(), TODAY.isoformat()]
    assert found["runs"][0]["counts"]["changes"] == len(there.changeset()["changes"])
    assert {"annuaire", "register.persons"} <= {source["name"] for source in found["runs"][0]["sources"]}
    assert max(map(len, there.run("history")[1].splitlines())) <= 80


def test_a_past_day_has_its_annuaire_and_its_open_changes(there: Installation) -> None:
    change = second_night(there)
    code, first = there.json("history", *DAY)
    _, second = there.json("history", "--as-of", TOMORROW.isoformat())
    assert code == 0
    numbers = [
        next(one["number"] for one in found["accounts"] if one["account_id"] == change["account_id"])
        for found in (first, second)
    ]
    assert numbers == [change["fields"][0]["before"], change["fields"][0]["after"]]
    assert change["id"] in {one["id"] for one in first["changes"]}
    assert change["id"] not in {one["id"] for one in second["changes"]}
    assert sum(first["counts"]["structures"].values()) == len(first["structures"])


def test_the_day_before_the_first_night_has_nothing(first_night: Installation) -> None:
    code, found = first_night.json("history", "--as-of", "2026-11-01")
    assert code == 0
    assert (found["recorded"], found["accounts"], found["changes"]) == (False, [], [])


def test_a_day_after_the_last_night_is_told_as_that_night_was(first_night: Installation) -> None:
    code, found = first_night.json("history", "--as-of", "2030-01-01")
    assert (code, found["as_of"], found["known_on"]) == (0, "2030-01-01", TODAY.isoformat())
    _, text = first_night.run("history", "--as-of", "2030-01-01")
    told = " ".join(text.split())
    assert f"L’annuaire le {TODAY:%d/%m/%Y}" in told
    assert "rien n’est connu du 01/01/2030" in told
    assert "n’est connu" not in first_night.run("history", *DAY)[1]


def test_two_nights_are_compared_by_day_or_by_run(there: Installation) -> None:
    change = second_night(there)
    runs = [run["run_id"] for run in there.json("history")[1]["runs"]]
    code, found = there.json("history", "--diff", TODAY.isoformat(), TOMORROW.isoformat())
    assert code == 0
    assert [(one["key"], one["field"]) for one in found["altered"]] == [(change["account_id"], "cpx_number")]
    moved = {one["id"]: (one["before"], one["after"]) for one in found["changes"]}
    assert moved[change["id"]] == ("notified", "done")
    assert there.json("history", "--diff", *runs)[1] == found
    assert there.run("history", "--diff", TODAY.isoformat(), TOMORROW.isoformat())[0] == 0


def test_a_night_compared_with_itself_shows_nothing(first_night: Installation) -> None:
    _, found = first_night.json("history", "--diff", TODAY.isoformat(), TODAY.isoformat())
    assert not any(found[key] for key in found if key not in ("before", "after"))


def test_a_night_that_is_none_is_a_usage_error(first_night: Installation) -> None:
    assert first_night.run("history", "--diff", "hier", TODAY.isoformat())[0] == 2
    assert first_night.run("history", "--as-of", "hier")[0] == 2
    assert first_night.run("history", *DAY, "--diff", TODAY.isoformat(), TODAY.isoformat())[0] == 2


# ── purge ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_purged_is_gone_and_the_counts_stay(there: Installation) -> None:
    change = second_night(there)
    runs = there.json("history")[1]["runs"]
    with there.config.open("a", encoding="utf-8") as file:
        file.write("\n[retention]\nlogs_months = 1\ntrail_years = 1\n")
    code, _ = there.json("purge")
    assert code == 0
    assert there.json("explain", change["id"], "--as-of", TOMORROW.isoformat())[1]["changes"]
    with there.store() as store:
        found = store.purge(TOMORROW + timedelta(days=1), datetime(2027, 1, 1, tzinfo=UTC))
        assert found["changes"] >= 1
        assert store.verify_chain() is None
        assert store.states()[change["id"]].change.person.last_name == ""
    assert there.json("history")[1]["runs"] == runs


def test_old_mails_and_returned_reports_are_forgotten_new_ones_are_not(there: Installation) -> None:
    done = there.inbox / "done"
    done.mkdir()
    outbox = there.folder / "var" / "outbox"
    old, new = done / "ancien.xlsx", done / "recent.xlsx"
    waiting, mail = there.inbox / "a_lire.xlsx", sorted(outbox.iterdir())[0]
    for path in (old, new, waiting):
        path.write_bytes(b"x")
    for path in (old, waiting, mail):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    code, found = there.json("purge", "--before", "2021-01-01")
    assert (code, found["files"]) == (0, 2)
    assert [path.exists() for path in (old, new, waiting, mail)] == [False, True, True, False]


def test_a_day_to_come_is_not_purged_and_a_word_is_no_day(there: Installation) -> None:
    assert there.run("purge", "--before", "2999-01-01")[0] == 2
    assert there.run("purge", "--before", "hier")[0] == 2
