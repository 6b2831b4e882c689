"""What is written entry by entry is what would be written as a whole; and the night leaves Python as it found it."""

import csv
import gc
import json
from pathlib import Path

import pytest

from flows.night.outputs import write_changeset, write_rejects
from flows.run.without_gc import uncollected
from schemas.changes.change import NOT_WRITTEN, ChangeSet, RejectEntry, SourceEntry
from tests.invented_changes import DAY, Builder

STRANGE = 'Hélène « ÉTÉ » "guillemets" \\ tab\t fin\x07 \u202f🙂'
SOURCE = SourceEntry(name="annuaire", path=STRANGE, sha256="", rows_read=2, rows_rejected=0, status="ok")
REJECT = RejectEntry(source="workbook:a", location="F!B2", field="email", code="EMAIL_FORMAT", message="=1+1")


def whole(*, empty: bool) -> ChangeSet:
    build = Builder()
    build.add(
        "update_account", "contact_changed", "info", "FICTIF Ada", fields=[("email", None, STRANGE, "workbook:a")]
    )
    build.add("review", "no_titulaire", "access", guidance=STRANGE)
    full = {"sources": (SOURCE,), "changes": tuple(build.made), "rejects": (REJECT, REJECT)}
    return ChangeSet(run_id="r", as_of=DAY, status="complete", **({"sources": (), "changes": ()} if empty else full))


@pytest.mark.parametrize("empty", [True, False])
def test_the_change_set_is_written_as_json_would_write_it_whole(tmp_path: Path, empty: bool) -> None:
    changeset = whole(empty=empty)
    write_changeset(changeset, tmp_path)
    ours = {"changes": {"__all__": NOT_WRITTEN}}
    expected = json.dumps(changeset.model_dump(mode="json", exclude=ours), ensure_ascii=False, indent=2) + "\n"
    assert (tmp_path / "changeset.json").read_bytes() == expected.encode()
    assert (tmp_path / "changeset.json").stat().st_mode & 0o777 == 0o600


def test_every_reject_is_a_row_that_excel_opens_as_text(tmp_path: Path) -> None:
    write_rejects(whole(empty=False), tmp_path)
    content = (tmp_path / "rejects.csv").read_bytes()
    assert content.startswith("\ufeffsource;location;field;code;message\r\n".encode())
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1:] == [["workbook:a", "F!B2", "email", "EMAIL_FORMAT", "'=1+1"]] * 2


def test_the_search_for_garbage_is_on_again_after_a_night_that_failed() -> None:
    night = uncollected()
    night.__enter__()
    assert not gc.isenabled()
    error = ValueError("broken")
    assert not night.__exit__(ValueError, error, None)
    assert gc.isenabled()


def test_what_a_night_made_is_not_walked_at_once_when_the_search_is_on_again() -> None:
    walked: list[int] = []

    def hear(_phase: str, info: dict[str, int]) -> None:
        walked.append(info["generation"])

    before, frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    gc.unfreeze()
    gc.set_threshold(1_000)
    try:
        with uncollected():
            gc.callbacks.append(hear)
            made: list[list[int]] = [[] for _ in range(2_000)]
        kept: list[list[int]] = [[] for _ in range(100)]
    finally:
        gc.callbacks.remove(hear)
        gc.set_threshold(*before)
        if frozen:
            gc.freeze()
    assert not walked, (len(made), len(kept))
