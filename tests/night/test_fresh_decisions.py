"""A decision counts on a report sent since the change was last announced; half of a pair settles the pair."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.night.by_command import Service, flat, only
from tests.night.test_safeguards import DAY, PEOPLE, files

LEAVER = PEOPLE[12]
REPORT = "CRH_ST-24"


def after(nights: int) -> date:
    return DAY + timedelta(days=nights)


def kept(service: Service, name: str) -> Path:
    """A copy of tonight's report, as its updater has it in the mail."""
    return Path(shutil.copy(service.report(REPORT), service.root / f"{name}.xlsx"))


def status(service: Service, change_id: str) -> str:
    with service.store() as store:
        return store.states()[change_id].status


def refusal(found: dict[str, Any]) -> str:
    """Why the only line of a returned file does not count."""
    [one] = found["refused"]
    return flat(str(one["message"]))


def test_a_report_of_thirty_days_ago_does_not_answer_a_change_that_came_back(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(files(emails=("F",)), DAY)
    [mine] = service.changes()
    old = kept(service, "ancien")
    service.night(files(), after(1))
    assert status(service, mine) == "withdrawn"
    service.night(files(emails=("F",)), after(30))
    assert status(service, mine) == "notified"
    assert service.announcements() == {mine: 2}
    said = refusal(service.answer(old, after(30), {mine: ("Refusé", None)}))
    assert flat("ce rapport est du 22/11/2026") in said
    assert flat("annoncée de nouveau le 22/12/2026") in said
    assert status(service, mine) == "notified"
    assert service.answer(service.report(REPORT), after(31), {mine: ("Fait", None)})["recorded"]["accepted"] == 1
    assert status(service, mine) == "accepted"


def test_an_answer_on_a_newer_report_stands_against_one_on_an_older(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(files(emails=("F",)), DAY)
    [mine] = service.changes()
    first = kept(service, "premier")
    service.night(files(emails=("F", "G")), after(2))
    second = kept(service, "second")
    service.answer(second, after(3), {mine: ("Refusé", None)})
    assert flat("a déjà été répondu") in refusal(service.answer(first, after(4), {mine: ("Fait", None)}))
    assert status(service, mine) == "refused"
    assert service.answer(second, after(4), {mine: ("Fait", None)})["recorded"]["accepted"] == 1
    assert status(service, mine) == "accepted"


def test_a_change_is_put_off_no_further_than_the_configuration_allows(tmp_path: Path) -> None:
    service = Service(tmp_path, more="[policy]\nmax_postpone_days = 60")
    service.night(files(emails=("F",)), DAY)
    [mine] = service.changes()
    said = refusal(service.answer(service.report(REPORT), DAY, {mine: ("Reporté", after(61))}))
    assert flat("à plus de 60 jours. Indiquer un jour au plus tard le 21/01/2027") in said
    assert service.answer(service.report(REPORT), DAY, {mine: ("Reporté", after(60))})["recorded"]["postponed"] == 1


def test_an_end_refused_takes_the_deactivation_with_it_until_the_updater_thinks_again(tmp_path: Path) -> None:
    service = Service(tmp_path)
    leaving = files(gone=1)
    service.night(leaving, DAY)
    report = kept(service, "rapport")
    [end], [deactivation] = (
        only(service.changes(), kind, [LEAVER.account_id]) for kind in ("end_assignment", "deactivate_account")
    )
    found = service.answer(report, DAY, {end["id"]: ("Refusé", None)})
    assert (found["recorded"]["refused"], found["settled"]) == (1, [deactivation["id"]])
    assert status(service, deactivation["id"]) == "withdrawn"
    code, out, _ = service.run("explain", deactivation["id"])
    assert code == 0
    assert flat(f"sans objet, avec l'écart {end['id']}") in flat(out)
    before = service.posts().count("CRH_ST-24")
    for night in (1, 2, 20):
        service.night(leaving, after(night))
    assert service.posts().count("CRH_ST-24") == before  # the administrator is told of the refusal
    assert status(service, deactivation["id"]) == "withdrawn"
    service.answer(report, after(20), {end["id"]: ("Fait", None)})
    service.night(leaving, after(21))
    assert status(service, deactivation["id"]) == "notified"
    assert service.posts().count("CRH_ST-24") == before + 1


def test_an_end_put_off_puts_the_deactivation_off_and_both_wake_that_day(tmp_path: Path) -> None:
    service = Service(tmp_path)
    leaving = files(gone=1)
    service.night(leaving, DAY)
    [end], [deactivation] = (
        only(service.changes(), kind, [LEAVER.account_id]) for kind in ("end_assignment", "deactivate_account")
    )
    service.answer(service.report(REPORT), DAY, {end["id"]: ("Reporté", after(20))})
    before = len(service.mails())
    for night in (1, 16):
        service.night(leaving, after(night))
        assert {status(service, one["id"]) for one in (end, deactivation)} == {"postponed"}
    assert len(service.mails()) == before
    service.night(leaving, after(20))
    assert {status(service, one["id"]) for one in (end, deactivation)} == {"notified"}
    assert len(service.mails()) == before + 1
