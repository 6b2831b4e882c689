"""One number has one counter: mail, « Synthèse », terminal, page and status say the same of what waits."""

import re
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipelines.phrase import post_text
from schemas.changes.change import PostRef
from schemas.typography import say_count
from tests.night.country import TODAY
from tests.night.played import Installation, asked, fill, lines_of
from tests.night.surfaces import Surfaces, body, spaced, surfaces

DAY = ("--as-of", TODAY.isoformat())
POSTS = ("ADMIN_EFIT", "CRH_ST-11", "CRH_ST-24", "CHV_ST_ETS-ETS-IDF")


def called(name: str) -> str:
    """How a post is named where it is read."""
    post, _, scope = name.partition("-")
    return spaced(post_text(PostRef(post=post, scope=scope)))


def in_status(there: Installation, name: str, day: str) -> dict[str, Any]:
    """What `status` says of a post."""
    post, _, scope = name.partition("-")
    found: dict[str, Any] = next(
        one
        for one in there.json("status", "--as-of", day)[1]["updaters"]
        if (one["post"], one["scope"]) == (post, scope)
    )
    return found


def mail_of(found: Surfaces, name: str) -> EmailMessage:
    """The mail to a post."""
    return next(one for one in found.mails.values() if f"– {called(name)}" in spaced(body(one, "plain")))


def in_mail(mail: EmailMessage) -> int:
    """The last number of the table « À faire »."""
    total = re.search(r"- Total : (\d+)", spaced(body(mail, "plain")))
    assert total
    return int(total.group(1))


@pytest.mark.parametrize("name", POSTS)
def test_what_waits_for_a_post_is_one_number_wherever_it_is_read(name: str, first_night: Installation) -> None:
    changes = asked(first_night.changeset()["changes"])
    mine = Counter("-".join(filter(None, (one["updater"]["post"], one["updater"]["scope"]))) for one in changes)[name]
    lines = {change_id for _, change_id in lines_of(first_night.reports / f"{name}.xlsx")}
    assert len(lines) == mine
    assert in_status(first_night, name, TODAY.isoformat())["waiting"] == mine
    _, page = first_night.json("dashboard", *DAY, "--out", str(first_night.folder / "out" / "dashboard"))
    rows = {(row["updater"]["post"], row["updater"]["scope"]): row["waiting"] for row in page["waiting"]}
    assert rows[tuple(name.partition("-")[::2])] == mine  # type: ignore[index]


def test_nothing_is_known_less_than_never(there: Installation) -> None:
    """The first night of the sample: every line is new, and no mail counts one that was told before."""
    found = surfaces(there, (TODAY + timedelta(days=1)).isoformat())
    for mail in found.mails.values():
        assert "Déjà signalé : -" not in spaced(body(mail, "plain"))


def test_a_reminder_says_what_waits_for_a_decision_and_what_was_said_to_be_done(
    there: Installation, tmp_path: Path
) -> None:
    report = there.reports / "CRH_ST-24.xlsx"
    lines = [one for one in lines_of(report) if one[0] == "À désactiver"]
    done = list(dict.fromkeys(lines))[:2]
    fill(report, tmp_path / report.name, *((sheet, key, "Fait", None, "") for sheet, key in done))
    there.run("decisions", str(tmp_path / report.name), *DAY)
    later = (TODAY + timedelta(days=15)).isoformat()
    found = surfaces(there, later)
    mail = mail_of(found, "CRH_ST-24")
    told = in_status(there, "CRH_ST-24", later)
    waiting, said = told["waiting"], told["answered"]["accepted"]
    text = spaced(body(mail, "plain"))
    assert f"Rappel : {waiting} lignes attendent votre décision." in text
    assert said
    assert spaced(say_count("letter.said_done", said)) in text
    assert in_mail(mail) == waiting + said
    assert "répondu : dit fait" in spaced(found.status)
