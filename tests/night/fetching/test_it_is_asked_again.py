"""A server that is busy, or breaks off: waited for as it says, taken up where it broke, left for tonight."""

from unittest.mock import patch

import pytest

from tests.file_servers import ZIP_NAME, Shelf, zipped
from tests.night.fetching.post import Post
from tests.patience import patient


def test_it_waits_as_long_as_the_server_says_else_as_configured(post: Post) -> None:
    post.shelf.acts = ["429", "503:7", "429", "500"]
    assert post.fetch().outcome == "fetched"
    assert post.slept == [60, 7, 240, 480]
    assert any("code 429" in what for what, _, _ in post.told)


def test_a_date_to_come_back_is_waited_for(post: Post) -> None:
    post.shelf.acts = ["429:Wed, 21 Oct 2015 07:28:00 GMT"]
    assert post.fetch().outcome == "fetched"
    assert post.slept == [0]


def test_a_server_that_never_has_time_is_left_for_tonight(post: Post) -> None:
    post.shelf.acts = ["503"] * 9
    found = post.fetch(retry_seconds="[1, 2]")
    assert (found.outcome, post.slept, post.files) == ("failed", [1, 2], [])
    assert "code 503" in found.message


def test_a_server_that_is_busy_until_tomorrow_is_not_waited_for(post: Post) -> None:
    post.shelf.acts = ["429:86400"]
    assert (post.fetch().outcome, post.slept) == ("failed", [])


@pytest.mark.parametrize("act", ["cut:400", "stall:400"])
def test_a_break_is_taken_up_where_it_broke(post: Post, act: str) -> None:
    """An eighth of what came is asked for once more, 4,096 bytes at most, to be compared."""
    post.shelf.acts = [act, act, act]
    assert post.fetch(timeout=f"{patient(0.5)}").outcome == "fetched"
    assert [one.get("Range") for one in post.shelf.asked] == [None, "bytes=350-", "bytes=657-", "bytes=925-"]
    assert {one.get("If-Range") for one in post.shelf.asked[1:]} == {post.shelf.tag}
    assert post.shelf.answered == [200, 206, 206, 206]
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert post.slept == []


def test_more_breaks_than_five_are_no_matter_while_it_goes_on(post: Post) -> None:
    post.shelf.acts = ["cut:100"] * 12
    assert post.fetch().outcome == "fetched"
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content


def test_another_file_in_the_meantime_is_taken_from_its_beginning(post: Post) -> None:
    other = zipped(personnes=2400, savoirfaire=500)
    post.shelf.acts = ["cut:400"]
    get = type(post.shelf).validators

    def changing(shelf: Shelf) -> dict[str, str]:
        if len(shelf.asked) == 2:
            shelf.content = other
        return get(shelf)

    with patch.object(Shelf, "validators", changing):
        assert post.fetch().outcome == "fetched"
    assert post.shelf.answered == [200, 200]
    assert (post.folder / ZIP_NAME).read_bytes() == other


def test_without_a_validator_a_break_begins_anew(post: Post) -> None:
    post.shelf.etag, post.shelf.acts = False, ["cut:400"]
    assert post.fetch().outcome == "fetched"
    assert [one.get("Range") for one in post.shelf.asked] == [None, None]
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content


def test_a_server_without_ranges_sends_it_whole_again(post: Post) -> None:
    post.shelf.ranges, post.shelf.acts = False, ["cut:400"]
    assert post.fetch().outcome == "fetched"
    assert post.shelf.answered == [200, 200]


@pytest.mark.parametrize("act", ["cut:400", "lie:50", "drip"])
def test_breaks_without_progress_are_five_at_most(post: Post, act: str) -> None:
    post.shelf.etag, post.shelf.acts = False, [act] * 40
    found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("failed", [], [])
    assert "a coupé" in found.message
    assert len(post.shelf.asked) == 6  # the first one came further than nothing
    assert found.may_pass


def test_nobody_there_is_tried_five_times_at_once_and_no_more(post: Post) -> None:
    found = post.fetch(url='"https://127.0.0.1:9/x"')
    assert (found.outcome, post.slept) == ("failed", [])
    assert "127.0.0.1:9 ne peut pas être joint" in found.message


def test_a_proxy_that_sends_another_part_than_was_asked_for_costs_a_beginning_afresh(post: Post) -> None:
    post.shelf.acts = ["cut:400", "shift:7"]
    assert post.fetch().outcome == "fetched"
    assert [one.get("Range") for one in post.shelf.asked] == [None, "bytes=350-", None]
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content


def test_a_server_that_gives_a_byte_a_time_is_left_for_another_night(post: Post) -> None:
    post.shelf.acts = ["drip"] * 400
    with patch("flows.fetching.download.LONGEST", 0.0):
        found = post.fetch()
    assert (found.outcome, found.may_pass, post.files, post.left) == ("failed", True, [], [])
    assert "trop lentement" in found.message
