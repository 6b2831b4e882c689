"""Reports come back by mail in every form; each counts once, and everything else stays as it was."""

import os
import re

import pytest

from tests.connectors.test_letter_in import letter
from tests.mailboxes import DONE, DOVECOT, WHY_NOT
from tests.night.country import TODAY
from tests.night.mailbox.house import FORMS, REPORT, House, numbered

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)


def test_answers_in_every_form_are_taken_and_put_away(house: House) -> None:
    changes = []
    for number, form in enumerate(FORMS.values()):
        content, change = house.answered()
        changes.append(change)
        house.arrives(numbered(form(content), number))
    code, found = house.collect()
    assert code == 0
    assert [one["recorded"]["accepted"] for one in found["files"]] == [1] * len(FORMS)
    assert {one["from"] for one in found["files"]} == {house.holder}
    assert [one["message_id"] for one in found["files"]] == [f"{n}@example.org" for n in range(len(FORMS))]
    assert found["waiting"] == 0
    assert {house.status(key) for key in changes} == {"accepted"}
    assert house.post.subjects() == []
    assert len(house.post.subjects(DONE)) == len(FORMS)
    assert not list((house.there.folder / "var").glob(".retours-*"))
    assert house.collect() == (0, {"files": [], "waiting": 0})


def test_what_a_killed_run_left_unpacked_goes_with_the_next_one(house: House) -> None:
    """Not what another that is at work has unpacked."""
    state = house.there.folder / "var"
    for number in ("4194304", str(os.getppid())):  # the first is above every process's number
        (state / f".retours-{number}-abc" / "0").mkdir(parents=True)
        (state / f".retours-{number}-abc" / "0" / REPORT).write_bytes(b"x")
    assert house.collect()[0] == 0
    assert [one.name for one in state.glob(".retours-*")] == [f".retours-{os.getppid()}-abc"]


def test_everything_else_stays_as_it_was(house: House) -> None:
    content, _ = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    others = {"dejeuner": "", "efface": r"(\Deleted)", "facture": r"(\Seen \Flagged)", "budget": ""}
    files = {"facture": ("facture.pdf", b"%PDF-1.7"), "budget": ("budget.xlsx", content[:200])}
    for subject, flags in others.items():
        message = letter(*([files[subject]] if subject in files else []), subject=subject)
        del message["From"]
        message["From"] = "boutique@ailleurs.example.org"
        house.post.put(message.as_bytes(), flags)
    code, found = house.collect()
    assert (code, len(found["files"])) == (0, 1)
    left = house.post.flags()
    assert list(left) == list(others)
    kept = {subject: set(re.findall(r"\\\w+", flags)) - {"\\Recent"} for subject, flags in left.items()}
    assert kept == {subject: set(re.findall(r"\\\w+", flags)) for subject, flags in others.items()}


def test_the_same_mail_twice_counts_once(house: House) -> None:
    content, change = house.answered()
    message = numbered(letter((REPORT, content)), 1)
    house.arrives(message)
    assert house.collect()[0] == 0
    house.arrives(message)
    code, found = house.collect()
    assert code == 0
    assert [one["outcome"] for one in found["files"]] == ["seen"]
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1
    assert len(house.post.subjects(DONE)) == 2


def test_the_same_workbook_in_another_mail_says_that_it_was_seen(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    house.arrives(numbered(letter((REPORT, content)), 2))
    _, found = house.collect()
    assert [one["outcome"] for one in found["files"]] == ["recorded", "seen"]
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1


def test_a_run_that_was_killed_before_it_moved_the_mail_takes_it_once(house: House) -> None:
    content, change = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("connectors.mailbox.letterbox.MailboxLine.move", _killed)
        with pytest.raises(KeyboardInterrupt):
            _collect_directly(house)
    code, found = house.collect()
    assert code == 0
    assert [one["outcome"] for one in found["files"]] == ["seen"]
    assert len(house.post.subjects(DONE)) == 1
    with house.there.store() as store:
        assert len(store.decisions(change)) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def _collect_directly(house: House) -> None:
    from flows.returns.decisions import collect_all
    from flows.settings.load import load_settings

    collect_all(load_settings(house.there.config), TODAY, lambda *_: None)
