"""Store and witness put back together from one backup: what lies elsewhere tells."""

import shutil
import time
from pathlib import Path

import pytest

from tests.night.by_command import Service, called_new, flat
from tests.night.test_restored import AFTER, FIRST, SECOND, THIRD, TOMORROW, held_run, keep, put_back, service_in
from tests.night.test_safeguards import DAY


def back_together(service: Service, to: Path) -> None:
    """A backup of both after the first night; the second is played, and both are put back.

    A letter says no less than the second in which it left: two nights are that far apart here, as they are anywhere.
    """
    assert service.night(FIRST, DAY)[0] == 0
    keep(service, to / "kept.db")
    kept = (service.root / "var" / "witness.json").read_bytes()
    time.sleep(1)
    assert service.night(SECOND, TOMORROW)[0] == 0
    put_back(service, to / "kept.db")
    (service.root / "var" / "witness.json").write_bytes(kept)


@pytest.fixture
def restored(tmp_path: Path) -> Service:
    service = service_in(tmp_path)
    back_together(service, tmp_path)
    return service


def empty_the_outbox(service: Service) -> None:
    for letter in (service.root / "var" / "outbox").glob("*.eml"):
        letter.unlink()


def test_the_copy_among_the_results_tells_and_nothing_is_announced_twice(restored: Service) -> None:
    before = len(restored.mails())
    code, said = restored.night(THIRD, AFTER)
    assert (code, len(restored.mails())) == (4, before)
    assert flat("plus ancienne que son témoin (out/.witness.json)") in flat(said)
    assert restored.night(THIRD, AFTER)[0] == 4
    assert restored.night(THIRD, AFTER, "--release", held_run(restored))[0] == 0
    assert sorted(called_new(restored.mails()).values()) == [1, 1, 1]
    before = len(restored.mails())
    assert restored.night(THIRD, AFTER)[0] == 0
    assert len(restored.mails()) == before


def test_whoever_else_would_write_is_stopped_and_doctor_says_it(restored: Service) -> None:
    assert restored.run("decisions", str(restored.report("CRH_ST-52")))[0] == 4
    code, out, _ = restored.run("doctor")
    assert code == 1
    assert flat("plus ancienne que son témoin") in flat(out)


def test_without_the_results_the_letters_in_the_outbox_tell(restored: Service) -> None:
    shutil.rmtree(restored.root / "out")
    before = len(restored.mails())
    code, said = restored.night(THIRD, AFTER)
    assert (code, len(restored.mails())) == (4, before)
    assert flat("La base ne connaît pas 1 courriel parti après sa dernière nuit (var/outbox") in flat(said)
    assert restored.night(THIRD, AFTER)[0] == 4  # a night that was held is no night
    assert restored.night(THIRD, AFTER, "--release", held_run(restored))[0] == 0
    assert restored.night(THIRD, AFTER)[0] == 0


def test_other_results_and_an_empty_outbox_prove_nothing(restored: Service, tmp_path: Path) -> None:
    shutil.rmtree(restored.root / "out")
    empty_the_outbox(restored)
    assert restored.night(THIRD, AFTER, "--out", str(tmp_path / "elsewhere"))[0] == 0


def test_a_copy_of_another_store_or_one_that_is_damaged_proves_nothing(tmp_path: Path) -> None:
    service, other = service_in(tmp_path / "a"), service_in(tmp_path / "b")
    service.night(FIRST, DAY)
    other.night(FIRST, DAY)
    other.night(SECOND, TOMORROW)
    copy = service.root / "out" / ".witness.json"
    copy.write_bytes((other.root / "out" / ".witness.json").read_bytes())
    assert service.night(SECOND, TOMORROW)[0] == 0
    copy.write_text("{", encoding="utf-8")
    assert service.night(THIRD, AFTER)[0] == 0


def test_a_night_that_leaves_its_results_elsewhere_clears_the_copy_that_contradicted(
    restored: Service, tmp_path: Path
) -> None:
    elsewhere = ("--out", str(tmp_path / "elsewhere"))
    assert restored.night(THIRD, AFTER, *elsewhere)[0] == 4
    assert restored.night(THIRD, AFTER, *elsewhere, "--release", held_run(restored))[0] == 0
    assert restored.night(THIRD, AFTER)[0] == 0


def test_a_dry_run_leaves_no_copy_and_where_there_is_to_be_no_witness_there_is_none(tmp_path: Path) -> None:
    dry = service_in(tmp_path / "a")
    dry.night(FIRST, DAY, "--dry-run")
    none = service_in(tmp_path / "b", '[store]\nwitness = ""')
    none.night(FIRST, DAY)
    assert not list(tmp_path.rglob(".witness.json"))
