"""A defect of ours that one file brings to light costs that file: it is said, nothing is concluded, the rest goes."""

import json
from typing import Any

import pytest

from connectors.excel.returned import read_returned
from flows.reading import local, workbooks
from flows.returns import taking
from flows.run import defects
from pipelines.sources.workbook.rows import workbook_of
from schemas.glyphs import typeset
from tests.night.played import Installation, fill, lines_of
from tests.night.test_receipts import DAY, REPORT, holder, receipts, text_of

CAUGHT = (LookupError,)
AGAIN = "CRH_ST-24 (1).xlsx"


@pytest.fixture(autouse=True)
def caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defects, "DEFECTS", CAUGHT)


def stumble(over: str, work: Any) -> Any:
    """The same, which has a defect over one file."""

    def stumbling(*said: Any, **named: Any) -> Any:
        if any(over in str(one) for one in said):
            raise KeyError("Durand")
        return work(*said, **named)

    return stumbling


def test_a_returned_file_that_brings_a_defect_to_light_is_answered_and_keeps_no_other(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(sheet, key), (other_sheet, other)] = lines_of(there.reports / REPORT)[:2]
    fill(there.reports / REPORT, there.inbox / REPORT, (sheet, key, "Fait", None, ""))
    fill(there.reports / REPORT, there.inbox / AGAIN, (other_sheet, other, "Fait", None, ""))
    monkeypatch.setattr(taking, "read_returned", stumble(AGAIN, read_returned))
    assert there.json("decisions", *DAY)[0] == 3
    found = receipts(there)
    assert {one["To"] for one in found} == {holder(there)}
    said = " ".join(" ".join(text_of(one).split()) for one in found)
    assert typeset("le défaut est dans le programme, non dans le fichier") in said
    assert "KeyError" in said
    assert "Durand" not in said
    with there.store() as store:
        states = store.states()
    assert states[key].status == "accepted"
    assert states[other].status == "notified"
    assert (there.inbox / "refused" / AGAIN).is_file()


def test_a_workbook_that_brings_a_defect_to_light_ends_nobody_and_keeps_no_other(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(frame: Any, places: Any, night: Any, *rest: Any) -> Any:
        if night.scope.code == "24" and len(frame):
            raise KeyError("Durand")
        return workbook_of(frame, places, night, *rest)

    for module in (local, workbooks):  # where a workbook is judged by its own step, and ahead of it
        monkeypatch.setattr(module, "workbook_of", judged)
    code, _ = there.run("sync", *DAY, "--dry-run", "--out", str(there.folder / "elsewhere"))
    assert code == 3
    found = json.loads((there.folder / "elsewhere" / "run.json").read_text())
    states = {one["name"]: one for one in found["sources"]}
    [failed] = [one for one in states.values() if one["status"] == "failed"]
    assert "24" in failed["name"]
    assert typeset("le défaut est dans le programme") in typeset(failed["message"])
    assert "Durand" not in json.dumps(found)
