"""The updater is a directory entry too: who leaves, is replaced, cannot log in, or is on leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from flows.night.nightly import Night, run_night
from flows.run.request import Request
from flows.settings.mail import DelegationSettings
from schemas.changes.change import Change
from tests.night.small import ADMIN, Files, settings_of, write_files
from tests.spec.tables import (
    ASSISTANT,
    CRH,
    ES,
    TITULAIRE,
    Line,
    Person,
    account,
    card,
    registered,
    row,
)

DAY = date(2026, 11, 22)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
SUCCESSOR = Person(202, "SECOND-FICTIF", "Noé")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
NURSE = Person(204, "QUATRIEME-FICTIF", "Max")
DEPUTY = ("CRH-ST", "Remplaçant")


def country(
    crh: Sequence[tuple[Person, tuple[str, str]]], *, left: Sequence[Person] = (), moved: bool = True, ends: str = ""
) -> Files:
    """Region 24: these CRH-ST, a titulaire and an assistant whose address changed; `left`: said Parti there.

    `ends`: the day the first CRH-ST's card ends, without another.
    """
    places = [*((who, "24", role) for who, role in crh), (CHV, ES, TITULAIRE), (NURSE, ES, ASSISTANT)]
    lines: list[Line] = []
    for who, at, role in places:
        cells = {"status": "Parti"} if who in left else {}
        if who is NURSE and moved:
            cells["email"] = "new@example.org"
        lines.append(row(who, at, role, **cells))
    cards = [card(who, ends if ends and who is crh[0][0] else "2028-05-31") for who, _, _ in places]
    accounts = [account(*place) for place in places]
    if ends:
        accounts[0] = replace(accounts[0], cells={**accounts[0].cells, "card_expires_on": ends})
    return Files(accounts, {"regions/24.csv": lines}, [registered(who) for who, _, _ in places], cards)


def play(root: Path, files: Files, day: date = DAY, delegation: Sequence[DelegationSettings] = ()) -> Night:
    write_files(root, files, day)
    settings = settings_of(root).model_copy(update={"delegation": tuple(delegation)}).at(root)
    return run_night(settings, Request(day, root / "out"))


def of_nurse(night: Night) -> Change:
    (found,) = [one for one in night.changeset.changes if one.account_id == NURSE.account_id]
    return found


def written_to(root: Path) -> list[set[str]]:
    """The recipients of every mail about region 24, oldest first."""
    mails = sorted((root / "var" / "outbox").glob("CRH_ST-24-*.eml"), key=lambda path: path.stat().st_mtime_ns)
    parsed = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in mails]
    return [{one.addr_spec for one in mail["To"].addresses} for mail in parsed]


def test_the_change_of_the_crh_st_goes_up_and_the_others_stay_theirs(tmp_path: Path) -> None:
    night = play(tmp_path, country([(HOLDER, CRH)], ends="2026-12-10"))
    own = [one for one in night.changeset.changes if one.account_id == HOLDER.account_id]
    assert own
    assert {one.updater.post for one in own} == {"ADMIN_EFIT"}
    assert of_nurse(night).updater.post == "CRH_ST"


def test_when_the_crh_st_leaves_without_successor_the_administrator_stands_in(tmp_path: Path) -> None:
    night = play(tmp_path, country([(HOLDER, CRH)], left=[HOLDER]))
    updater = of_nurse(night).updater
    assert (updater.post, updater.escalated_from, updater.recipients) == ("ADMIN_EFIT", "CRH_ST-24", (ADMIN,))
    assert written_to(tmp_path) == []


def test_a_successor_is_told_of_everything_that_waits_once(tmp_path: Path) -> None:
    play(tmp_path, country([(HOLDER, CRH)]))
    tomorrow = DAY + timedelta(days=1)
    play(tmp_path, country([(SUCCESSOR, CRH)]), tomorrow)
    play(tmp_path, country([(SUCCESSOR, CRH)]), tomorrow + timedelta(days=1))
    assert written_to(tmp_path) == [{HOLDER.email}, {SUCCESSOR.email}]


def test_of_two_successors_both_are_written_to(tmp_path: Path) -> None:
    play(tmp_path, country([(HOLDER, CRH), (SUCCESSOR, CRH)]))
    assert written_to(tmp_path) == [{HOLDER.email, SUCCESSOR.email}]


def test_beside_a_titulaire_who_cannot_log_in_the_remplacant_who_can_is_written_to(tmp_path: Path) -> None:
    play(tmp_path, country([(HOLDER, CRH), (SUCCESSOR, DEPUTY)], ends="2026-11-01"))
    assert written_to(tmp_path) == [{HOLDER.email, SUCCESSOR.email}]


def test_beside_a_titulaire_who_can_the_remplacant_is_left_in_peace(tmp_path: Path) -> None:
    play(tmp_path, country([(HOLDER, CRH), (SUCCESSOR, DEPUTY)]))
    assert written_to(tmp_path) == [{HOLDER.email}]


def delegation(first: str, last: str) -> list[DelegationSettings]:
    told = {"post": "CRH_ST-24", "from": first, "until": last, "to": ["interim@example.org"]}
    return [DelegationSettings.model_validate(told)]


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-11-22", "2026-11-22", "interim@example.org"),
        ("2026-11-01", "2026-11-21", HOLDER.email),
        ("2026-11-23", "2026-12-31", HOLDER.email),
    ],
)
def test_on_the_days_of_a_delegation_the_mail_goes_to_who_stands_in(
    tmp_path: Path, first: str, last: str, told: str
) -> None:
    play(tmp_path, country([(HOLDER, CRH)]), delegation=delegation(first, last))
    assert written_to(tmp_path) == [{told}]


def test_back_from_leave_the_holder_is_told_what_waits(tmp_path: Path) -> None:
    play(tmp_path, country([(HOLDER, CRH)]), delegation=delegation("2026-11-22", "2026-11-22"))
    play(tmp_path, country([(HOLDER, CRH)]), DAY + timedelta(days=1))
    assert written_to(tmp_path) == [{"interim@example.org"}, {HOLDER.email}]


def test_a_delegation_that_ends_before_it_begins_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="until"):
        delegation("2026-11-23", "2026-11-22")
