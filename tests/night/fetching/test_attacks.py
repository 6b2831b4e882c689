"""Servers that answer what was not asked, call files what they should not, or never end; and two who fetch at once."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from tests.file_servers import ZIP_NAME, Shelf, file_server, zipped
from tests.mail_servers import Authority
from tests.night.fetching.post import OF_THE_DAY, Post
from tests.patience import patient
from tests.typed import Begun, begun


@pytest.mark.parametrize("act", ["shift:7", "careless"])
def test_a_rest_that_is_not_the_rest_of_what_came_is_never_joined_to_it(post: Post, act: str) -> None:
    """A wrong Content-Range; where `If-Range` is not heeded, the end of another file."""
    post.shelf.content, post.shelf.name = b"ligne|1|x\n" * 300, "PS_LibreAcces_202611220824.txt"
    other = b"autre|2|y\n" * 310
    post.shelf.acts = ["cut:400", act]
    validators = Shelf.validators

    def changing(shelf: Shelf) -> dict[str, str]:
        if act == "careless" and len(shelf.asked) == 2:
            shelf.content = other
        return validators(shelf)

    with patch.object(Shelf, "validators", changing):
        found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("fetched", [post.shelf.name], [])
    assert (post.folder / post.shelf.name).read_bytes() == post.shelf.content
    assert post.shelf.content == (other if act == "careless" else b"ligne|1|x\n" * 300)


def test_a_part_that_nobody_asked_for_is_no_file(post: Post) -> None:
    post.shelf.acts = ["unasked"] * 9
    found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("failed", [], [])
    assert len(post.shelf.asked) <= 6


def test_what_was_packed_on_the_way_is_unpacked_once_and_lies_there_as_it_is(post: Post) -> None:
    post.shelf.acts = ["gzip"]
    assert post.fetch().outcome == "fetched"
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert post.fetch().outcome == "unchanged"


def test_another_host_is_followed_with_the_same_care(post: Post, authority: Authority) -> None:
    """Its certificate counts as the first one's does, and a name and password in the address open nothing here."""
    with file_server(Shelf(zipped(personnes=3000), name=OF_THE_DAY), authority) as far:
        post.shelf.acts, post.shelf.elsewhere = ["other"], far.base.replace("https://", "https://qui:secret@")
        found = post.fetch()
        assert (found.outcome, post.files) == ("fetched", [OF_THE_DAY])
        assert "secret" not in (post.folder / ".fetch.json").read_text()
    with file_server(far, authority, days=-1):
        post.shelf.acts, post.shelf.elsewhere = ["other"], far.base.replace("https://", "https://qui:secret@")
        post.shelf.etag = False
        found = post.fetch()
        assert found.outcome == "failed"
        assert "secret" not in found.message
        assert far.base.removeprefix("https://") in found.message  # whose certificate it is, not whom we asked first


@pytest.mark.parametrize(
    "offered",
    [
        "../../annuaire_20261122.zip",
        "..\\..\\annuaire_20261122.zip",
        "/etc/cron.d/PS_20261122.zip",
        ".fetch.json",
        "..",
        "PS_LibreAcces_20261122.zip\t; rm -rf /",
        "PS_20261122" + "é" * 400 + ".zip",
        "-rf.zip",
        "%2e%2e%2fPS_20261122.zip",
    ],
)
def test_no_name_of_a_server_leads_out_of_the_folder_or_onto_our_notes(post: Post, offered: str) -> None:
    before = {path for path in post.root.rglob("*") if not path.is_relative_to(post.folder)}
    post.shelf.name = offered.encode().decode("latin-1")
    found = post.fetch()
    assert found.outcome == "fetched"
    [name] = post.files
    assert {path for path in post.root.rglob("*") if not path.is_relative_to(post.folder)} - before <= {post.config}
    assert not name.startswith((".", "-"))
    assert len(name) < 200
    assert post.fetch().outcome == "unchanged", "our notes are whole"


def test_a_server_that_gives_a_byte_now_and_then_is_left_at_last(post: Post) -> None:
    with patch("connectors.web.fetch.LONGEST", -1.0):
        found = post.fetch()
    assert (found.outcome, post.files) == ("failed", post.left), "what came of it is for the next one to go on with"
    assert found.may_pass


def test_an_archive_that_unpacks_without_end_is_left(post: Post) -> None:
    with patch("connectors.system.arrivals.LARGEST", 10_000):
        found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("failed", [], [])


@contextmanager
def halfway(post: Post) -> Iterator[Begun]:
    """A fetch of its own process, in the middle of its file."""
    post.shelf.acts = ["stall:400"]
    post.configure(timeout="60")
    with begun("fetch", "-c", str(post.config), "--json") as program:
        until = time.monotonic() + patient(60)
        while (post.shelf.acts or not post.left) and time.monotonic() < until:  # the server has its request
            time.sleep(0.05)
        assert post.left
        yield program


def test_of_two_at_once_one_brings_it_in_and_the_other_says_so(post: Post) -> None:
    """The second one leaves what the first one has under way alone."""
    with halfway(post) as first:
        second = post.fetch()
        assert second.outcome == "failed"
        assert "en cours" in second.message
        assert post.left, "the part of the first"
        post.shelf.over.set()
        answer = first.answer()
    assert answer.code == 0, answer
    assert (post.files, post.left) == ([ZIP_NAME], [])
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content


def test_one_that_is_killed_in_the_middle_leaves_the_last_file_and_the_next_one_brings_it_in(post: Post) -> None:
    post.fetch()
    before = post.shelf.content
    post.shelf.content, post.shelf.name = zipped(personnes=2100, savoirfaire=500), OF_THE_DAY
    with halfway(post) as first:
        os.kill(first.pid, signal.SIGKILL)
        assert first.answer().code == -signal.SIGKILL
        assert (post.folder / ZIP_NAME).read_bytes() == before
    post.shelf.over.set()
    assert post.fetch().outcome == "fetched"
    assert (post.files, post.left) == (sorted([ZIP_NAME, OF_THE_DAY]), [])
