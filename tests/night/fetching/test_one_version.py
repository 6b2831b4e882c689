"""Whatever a server says of it, what is put in its place is one version of the file, from beginning to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest

from flows.state.run_state import now
from tests.file_servers import Shelf, file_server
from tests.mail_servers import Authority
from tests.night.fetching.post import Post
from tests.night.fetching.test_taken_up import PART, arrived, broken_off

LINES = 6_000
FIRST, SECOND = (f"ligne|{at}|x\n".encode() * LINES for at in (1, 2))  # of one length, no line the same
CUT = "cut:30000"


@contextmanager
def exchanged(shelf: Shelf) -> Iterator[None]:
    """The other version lies there from the second request on."""
    validators = type(shelf).validators

    def changing(found: Shelf) -> dict[str, str]:
        found.content = FIRST if len(found.asked) < 2 else SECOND
        return validators(found)

    shelf.content, shelf.name = FIRST, "PS_LibreAcces_202611220824.txt"
    with patch.object(Shelf, "validators", changing):
        yield


@pytest.mark.parametrize(
    ("acts", "tag", "days"),
    [
        ([CUT, "careless"], '"a"', None),
        ([CUT], '"a"', None),
        ([CUT], 'W/"a"', 2),
        ([CUT], "", 2),
        ([CUT], "", 0),
    ],
    ids=["a rest without its tag", "one tag for both", "a weak tag", "a day that lies", "a day of this very minute"],
)
def test_a_file_that_is_another_by_now_is_fetched_whole(
    post: Post, acts: list[str], tag: str, days: int | None
) -> None:
    post.shelf.etag, post.shelf.fixed, post.shelf.acts = bool(tag), tag, acts
    post.shelf.modified = None if days is None else now() - timedelta(days=days)
    with exchanged(post.shelf):
        found = post.fetch()
    assert found.outcome == "fetched"
    assert found.file
    assert (post.folder / found.file.name).read_bytes() == SECOND
    assert post.shelf.answered[-1] == 200


def test_the_rest_is_taken_from_the_server_that_gave_the_beginning_alone(post: Post, authority: Authority) -> None:
    other = Shelf(SECOND, name="PS_LibreAcces_202611220824.txt", fixed='"a"')
    post.shelf.content, post.shelf.name, post.shelf.fixed = FIRST[:-40] + SECOND[-40:], other.name, '"a"'
    with file_server(other, authority):
        post.shelf.elsewhere, post.shelf.acts = other.base, [CUT, "other", "other"]
        found = post.fetch()
    assert found.file
    assert (post.folder / found.file.name).read_bytes() == SECOND
    assert other.answered == [206, 200]


def test_a_page_of_maintenance_leaves_what_came(post: Post) -> None:
    had = broken_off(post)
    post.shelf.acts = ["page"]
    found = post.fetch()
    assert found.outcome == "failed"
    assert "page" in found.message
    assert (post.folder / PART).stat().st_size == had
    post.shelf.asked.clear()
    arrived(post)
    assert post.shelf.asked[0]["Range"]


def test_a_page_in_the_middle_of_a_night_leaves_what_came(post: Post) -> None:
    post.shelf.acts = ["cut:30000", "page"]
    assert post.fetch().outcome == "failed"
    assert (post.folder / PART).stat().st_size == 30_000
