"""Updaters who cannot act, as the administrator sees them: in the report, the mail, `status`; and what comes after."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest

from flows.cli.app import run
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from schemas.changes.change import Change
from tests.night.small import ADMIN, CARDS, PERSONS, Files, settings_of, write_files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
NURSE = Person(204, "QUATRIEME-FICTIF", "Max")
CAUSES = ["vacant", "no_address", "locked_out"]
SAID = {
    "vacant": "poste vacant",
    "no_address": "n’a pas d’adresse électronique",
    "locked_out": "depuis le 02/11/2026, sa carte a pris fin",
}


def country(cause: str, *, cards: bool = True) -> Files:
    """Region 24, whose CRH-ST cannot act for this cause ("": can), and a nurse whose address changed."""
    ended = "2026-11-01"
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (NURSE, ES, ASSISTANT)]
    accounts = [account(*place) for place in people]
    lines: Sequence[Line] = [row(*place) for place in people]
    lines = [
        replace(one, cells={**one.cells, "email": "new@example.org"}) if one.who is NURSE else one for one in lines
    ]
    told = {"vacant": {"active": "Non"}, "no_address": {"email": ""}, "locked_out": {"card_expires_on": ended}}
    accounts[0] = replace(accounts[0], cells={**accounts[0].cells, **told.get(cause, {})})
    held = [card(who, ended if who is HOLDER and cause == "locked_out" else "2028-05-31") for who, _, _ in people]
    if cause == "vacant":
        lines = lines[1:]
    known = [registered(who) for who, _, _ in people]
    return Files(accounts, {"regions/24.csv": lines}, known, held if cards else None)


def play(root: Path, cause: str, night: int = 0, *, cards: bool = True) -> Night:
    day = DAY + timedelta(days=night)
    if not cards:
        for path in root.glob("rpps/Porteurs*"):
            path.unlink()
    write_files(root, country(cause, cards=cards), day)
    settings = settings_of(root)
    settings = settings.model_copy(update={"workbook": settings.workbook[:1]}).at(root)
    return run_night(settings, Request(day, root / "out"))


def of_nurse(night: Night) -> Change:
    (found,) = [one for one in night.changeset.changes if one.account_id == NURSE.account_id]
    return found


def mails(root: Path) -> list[str]:
    """The post of every mail, oldest first."""
    paths = sorted((root / "var" / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [path.name.rsplit("-", 1)[0] for path in paths]


def texts(root: Path) -> dict[str, str]:
    """What the administrator reads of it: in the mail, in the « Synthèse », on the screen of `status`."""
    (path,) = (root / "var" / "outbox").glob("ADMIN_EFIT-*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    book = openpyxl.load_workbook(root / "out" / "reports" / "ADMIN_EFIT.xlsx")
    cells = [str(cell.value or "") for line in book["Synthèse"].iter_rows() for cell in line]
    return {"mail": body.get_content() if body else "", "report": " ".join(cells), "status": status(root)}


def status(root: Path, *words: str) -> str:
    config = root / "annuaire.toml"
    config.write_text(
        f'[register]\npersons = "{PERSONS.format("*")}"\ncards = "{CARDS.format("*")}"\n'
        '[[workbook]]\npath = "regions/24.csv"\nregion = "24"\n[annuaire]\nexport = "efit/export.csv"\n'
        f'[mail]\noutbox = "var/outbox"\nadmin = "{ADMIN}"\n',
        encoding="utf-8",
    )
    out = StringIO()
    with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
        run(["status", "-c", str(config), "--as-of", DAY.isoformat(), *words])
    return out.getvalue()


@pytest.mark.parametrize("cause", CAUSES)
def test_the_administrator_reads_the_cause_in_report_mail_and_status(tmp_path: Path, cause: str) -> None:
    night = play(tmp_path, cause)
    updater = of_nurse(night).updater
    assert (updater.post, updater.escalated_from, updater.escalated_because) == ("ADMIN_EFIT", "CRH_ST-24", cause)
    assert mails(tmp_path) == ["ADMIN_EFIT"]
    for place, text in texts(tmp_path).items():
        said = " ".join(text.split())
        assert "DESTINATAIRES QUI NE PEUVENT PAS AGIR" in said.upper(), place
        wanted = SAID if place != "status" else {**SAID, "locked_out": "ne peut pas se connecter à e-FIT"}
        assert [one for one in CAUSES if wanted[one] in said] == [cause], place


def test_status_has_them_in_its_document(tmp_path: Path) -> None:
    play(tmp_path, "vacant")
    (one,) = json.loads(status(tmp_path, "--json"))["unable"]
    assert (one["post"], one["because"]) == ("CRH_ST-24", "vacant")
    assert one["waiting"] > 0


def test_nobody_is_said_to_be_unable_where_all_can_act(tmp_path: Path) -> None:
    play(tmp_path, "")
    assert mails(tmp_path) == ["CRH_ST-24"]
    assert json.loads(status(tmp_path, "--json"))["unable"] == []


@pytest.mark.parametrize("cause", CAUSES)
def test_the_second_night_is_silent(tmp_path: Path, cause: str) -> None:
    play(tmp_path, cause)
    play(tmp_path, cause, 1)
    assert mails(tmp_path) == ["ADMIN_EFIT"]


def test_who_can_log_in_again_is_told_of_what_waits_once(tmp_path: Path) -> None:
    for night, cause in enumerate(["locked_out", "locked_out", "", ""]):
        play(tmp_path, cause, night)
    assert mails(tmp_path) == ["ADMIN_EFIT", "CRH_ST-24"]


def test_a_night_without_the_card_file_sends_nothing_to_and_fro(tmp_path: Path) -> None:
    play(tmp_path, "locked_out")
    unread = play(tmp_path, "locked_out", 1, cards=False)
    assert unread.exit_code == 3
    assert of_nurse(unread).updater.escalated_because == "locked_out"
    play(tmp_path, "locked_out", 2)
    assert "CRH_ST-24" not in mails(tmp_path)
