"""A fetch that was killed in the middle of its file: the next one goes on, or begins anew where that is not certain."""

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.system.growing import LEAST_KEPT, LONGEST_KEPT, growing
from flows.cli.app import run
from flows.state.run_state import now
from schemas.reading.arrival import ServerAnswer
from tests.file_servers import file_server, zipped
from tests.mail_servers import Authority
from tests.night.fetching.post import Post
from tests.night.killable import begin_child, ended
from tests.patience import patient

CAME = 30_000  # bytes that had come when it was killed
PART, NOTE = ".register.persons.part", ".register.persons.part.json"


def killed(post: Post, came: int = CAME) -> int:
    """Kill -9 a fetch of its own process in the middle of its file; how many bytes it left."""
    post.shelf.over.clear()
    post.shelf.acts = [f"stall:{came}"]
    post.configure(timeout="60")
    program = begin_child(partial(run, ["fetch", "-c", str(post.config)]))
    part = post.folder / PART
    until = time.monotonic() + patient(60)
    while time.monotonic() < until and (post.shelf.acts or not part.exists() or part.stat().st_size <= LEAST_KEPT):
        time.sleep(0.05)
    os.kill(program, signal.SIGKILL)
    assert ended(program) == -signal.SIGKILL
    post.shelf.over.set()
    return _left(post)


def broken_off(post: Post) -> int:
    """A fetch that ends for tonight in the middle of its file; how many bytes it left."""
    post.shelf.acts = [f"cut:{CAME}", "429:99999"]
    assert post.fetch().outcome == "failed"
    return _left(post)


def _left(post: Post) -> int:
    for told in (post.shelf.asked, post.shelf.answered, post.told):
        told.clear()
    assert post.left == [PART, NOTE]
    return (post.folder / PART).stat().st_size


def arrived(post: Post) -> None:
    """The file is there as the server has it, and nothing else."""
    found = post.fetch()
    assert (found.outcome, post.left) == ("fetched", [])
    assert found.file is not None
    assert (post.folder / found.file.name).read_bytes() == post.shelf.content


def test_what_came_is_not_asked_for_again(post: Post) -> None:
    had = killed(post)
    arrived(post)
    assert [one.get("Range") for one in post.shelf.asked] == [f"bytes={had - LEAST_KEPT}-"]
    assert post.shelf.asked[0]["If-Range"] == post.shelf.tag
    assert any("repris" in text for text, *_ in post.told)


def test_a_server_that_knows_only_days_is_gone_on_with_by_the_day(post: Post) -> None:
    post.shelf.etag, post.shelf.modified = False, datetime(2026, 11, 22, 8, 24, tzinfo=UTC)
    broken_off(post)
    arrived(post)
    assert post.shelf.answered == [206]


def test_a_kill_of_the_one_that_goes_on_loses_nothing_either(post: Post) -> None:
    killed(post)
    had = killed(post, 8_000)
    arrived(post)
    assert had > CAME // 2
    assert post.shelf.answered == [206]


def test_another_file_by_now_is_taken_from_its_beginning(post: Post) -> None:
    killed(post)
    post.shelf.content = zipped(personnes=2100, savoirfaire=500)
    arrived(post)
    assert post.shelf.answered == [200]


def test_a_server_without_ranges_sends_it_whole(post: Post) -> None:
    killed(post)
    post.shelf.ranges = False
    arrived(post)
    assert post.shelf.answered == [200]


def test_the_end_of_another_version_is_never_put_to_the_beginning_that_came(post: Post) -> None:
    """A server that does not heed `If-Range`, and a version of the very same length."""
    had = broken_off(post)
    other = bytearray(post.shelf.content)
    other[: had + 100] = bytes(byte ^ 1 for byte in other[: had + 100])
    post.shelf.content, post.shelf.acts = bytes(other), ["careless"]
    part = (post.folder / PART).read_bytes()
    with patch("flows.fetching.download.LONGEST", 0.0):
        assert post.fetch(retry_seconds="[]").outcome == "failed"
    assert (post.folder / PART).read_bytes() == part, "nothing of the other version was written"
    post.shelf.content = zipped(personnes=2050, savoirfaire=500)
    arrived(post)


@pytest.mark.parametrize("exactly", [False, True])
def test_a_file_that_is_shorter_by_now_is_taken_from_its_beginning(post: Post, exactly: bool) -> None:
    """« 416 », also where it is just as long as what need not be asked for again."""
    had = killed(post)
    length = had - LEAST_KEPT if exactly else had // 2
    post.shelf.content, post.shelf.name = (b"ligne|1|x\n" * length)[:length], "PS_LibreAcces_202611220824.txt"
    post.shelf.acts = ["careless"]
    arrived(post)
    assert post.shelf.answered == [416, 200]


def test_one_that_was_killed_with_all_of_it_there_asks_for_its_end_alone(post: Post) -> None:
    broken_off(post)
    (post.folder / PART).write_bytes(post.shelf.content)
    arrived(post)
    assert post.shelf.answered == [206]
    assert post.shelf.asked[0]["Range"] == f"bytes={len(post.shelf.content) - LEAST_KEPT}-"


def _older(note: Path) -> None:
    _altered(note, begun_at=(now() - LONGEST_KEPT - timedelta(hours=1)).isoformat())


def _altered(note: Path, **values: str) -> None:
    note.write_text(json.dumps({**json.loads(note.read_text()), **values}))


SPOILT: dict[str, Callable[[Post], object]] = {
    "a note that is damaged": lambda post: (post.folder / NOTE).write_text("{"),
    "a note of another address": lambda post: _altered(post.folder / NOTE, url="https://ailleurs.example/x"),
    "a note of some days ago": lambda post: _older(post.folder / NOTE),
    "a note of tomorrow": lambda post: _altered(post.folder / NOTE, begun_at="2126-01-01T00:00:00Z"),
    "a note of another file": lambda post: _replaced(post.folder / PART),
    "a part of before the machine stopped": lambda post: _altered(post.folder / NOTE, place="autre 1 2"),
    "a part without its note": lambda post: (post.folder / NOTE).unlink(),
    "a note without its part": lambda post: (post.folder / PART).unlink(),
    "a link in the place of the part": lambda post: _linked(post.folder / PART),
}


def _replaced(part: Path) -> None:
    other = part.with_name("autre")
    other.write_bytes(b"x" * CAME)
    other.replace(part)


def _linked(part: Path) -> None:
    part.rename(part.parent.parent / "autre")
    part.symlink_to(part.parent.parent / "autre")


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_not_certain_is_begun_anew(post: Post, how: str) -> None:
    broken_off(post)
    SPOILT[how](post)
    arrived(post)
    assert [one.get("Range") for one in post.shelf.asked] == [None]


def test_of_two_at_once_one_alone_goes_on_with_it(post: Post) -> None:
    had = broken_off(post)
    with growing(post.folder, "register.persons", post.shelf.url, now()) as part:
        assert part.size == had
        found = post.fetch()
        assert (found.outcome, post.shelf.asked) == ("failed", [])
        assert "en cours" in found.message
        part.begin(post.shelf.url, ServerAnswer(200, etag='"autre"'), now())
    assert post.left == []


def test_what_a_source_left_that_is_configured_no_more_goes_after_some_days(post: Post, authority: Authority) -> None:
    broken_off(post)
    long_ago = now().timestamp() - LONGEST_KEPT.total_seconds() - 60
    os.utime(post.folder / NOTE, (long_ago, long_ago))
    with file_server(post.shelf.__class__(zipped(porteurs=900), name="Porteurs_202611220824.zip"), authority) as other:
        found = post.fetch(name='"register.cards"', url=f'"{other.url}"')
    assert (found.outcome, post.left) == ("fetched", [])


def test_a_disk_that_is_full_keeps_nothing_of_it(post: Post) -> None:
    broken_off(post)
    with patch("connectors.system.growing.GrowingFile.write", side_effect=OSError(28, "No space left on device")):
        found = post.fetch()
    assert found.outcome == "failed"
    assert "place et les droits" in found.message
    assert post.left == []


def test_what_is_no_register_is_not_gone_on_with(post: Post) -> None:
    post.shelf.content = b"<!DOCTYPE html>" + b"x" * 50_000
    assert (post.fetch().outcome, post.left) == ("failed", [])


def test_a_machine_that_stopped_costs_no_more_than_what_was_not_yet_on_the_disk(post: Post) -> None:
    with patch("connectors.system.growing.NOTED_EVERY", 10_000):
        post.shelf.acts = [f"cut:{CAME}", "429:99999"]
        assert post.fetch().outcome == "failed"
    kept = json.loads((post.folder / NOTE).read_text())["kept"]
    assert 10_000 <= kept <= CAME
    _altered(post.folder / NOTE, place="autre 1 2")
    (post.folder / PART).write_bytes((post.folder / PART).read_bytes()[:kept] + b"\0" * 20_000)
    post.shelf.asked.clear()
    arrived(post)
    assert post.shelf.asked[0]["Range"] == f"bytes={kept - LEAST_KEPT}-"
