"""A file comes as it was sent, under a name with its stamp; what is there already is not sent again."""

import stat
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from flows.state.run_state import now
from schemas.zone import PARIS
from tests.file_servers import HOST, ZIP_NAME, proxy, zipped
from tests.night.fetching.post import Post


def test_the_file_lies_there_as_it_was_sent_under_the_servers_name(post: Post) -> None:
    found = post.fetch()
    assert (found.outcome, post.files, post.left) == ("fetched", [ZIP_NAME], [])
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert found.file is not None
    assert (found.file.rows, found.file.moment) == (2500, datetime(2026, 11, 22, 8, 24))
    assert stat.S_IMODE((post.folder / ZIP_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(post.folder.stat().st_mode) == 0o700


def test_what_is_there_already_is_not_sent_again(post: Post) -> None:
    post.fetch()
    before = (post.folder / ZIP_NAME).stat().st_mtime_ns
    assert post.fetch().outcome == "unchanged"
    assert post.shelf.answered == [200, 304]
    assert (post.folder / ZIP_NAME).stat().st_mtime_ns == before


def test_a_server_that_knows_only_days_is_asked_by_the_day(post: Post) -> None:
    post.shelf.etag, post.shelf.modified = False, datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    post.fetch()
    assert post.fetch().outcome == "unchanged"
    assert post.shelf.answered == [200, 304]


def test_without_any_validator_the_same_content_is_known_again(post: Post) -> None:
    post.shelf.etag = False
    post.fetch()
    assert post.fetch().outcome == "unchanged"
    assert post.shelf.answered == [200, 200]
    assert post.files == [ZIP_NAME]


def test_a_file_that_was_removed_by_hand_comes_again(post: Post) -> None:
    post.fetch()
    (post.folder / ZIP_NAME).unlink()
    assert post.fetch().outcome == "fetched"
    assert post.shelf.answered == [200, 200]


def test_another_address_is_not_asked_what_the_first_one_knew(post: Post) -> None:
    post.fetch()
    post.fetch(url=f'"{post.shelf.base}/autre"')
    assert "If-None-Match" not in post.shelf.asked[-1]


@pytest.mark.parametrize(
    ("offered", "modified", "name"),
    [
        (ZIP_NAME, None, ZIP_NAME),
        ("PS_LibreAcces.zip", datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "PS_LibreAcces_202611220030.zip"),
        ("", datetime(2026, 11, 21, 7, 5, tzinfo=UTC), "PS_LibreAcces_202611210805.zip"),
        ("../../etc/pass wd 20261122.zip", None, "pass_wd_20261122.zip"),
    ],
)
def test_its_name_has_the_stamp_of_the_server(post: Post, offered: str, modified: datetime | None, name: str) -> None:
    post.shelf.name, post.shelf.modified = offered, modified
    post.fetch()
    assert post.files == [name]
    assert not (post.root.parent / "etc").exists()


def test_content_that_no_server_dates_keeps_the_day_it_was_first_seen(post: Post) -> None:
    post.shelf.name, post.shelf.etag = "", False
    first = datetime(2026, 11, 20, 5, tzinfo=UTC)
    with patch("flows.fetching.filing.now", return_value=first):
        post.fetch()
    with patch("flows.fetching.filing.now", return_value=first + timedelta(days=1)):
        assert post.fetch().outcome == "unchanged"
    assert post.files == ["PS_LibreAcces_20261120.zip"]
    post.shelf.content = zipped(personnes=2100, savoirfaire=500)
    with patch("flows.fetching.filing.now", return_value=first + timedelta(days=2)):
        assert post.fetch().outcome == "fetched"
    assert post.files == ["PS_LibreAcces_20261120.zip", "PS_LibreAcces_20261122.zip"]


def test_a_text_comes_as_a_text(post: Post) -> None:
    post.shelf.content, post.shelf.name = b"a|b\n" * 100, "ps-libreacces-personne-activite.txt"
    found = post.fetch(url=f'"{post.shelf.base}/r/ps-libreacces-personne-activite.txt"')
    assert found.file is not None
    assert found.file.rows == 100
    assert post.files == [f"ps-libreacces-personne-activite_{now().astimezone(PARIS):%Y%m%d}.txt"]


def test_a_redirect_is_followed_and_its_file_named_by_the_server(post: Post) -> None:
    post.shelf.acts = ["redirect"]
    assert post.fetch().outcome == "fetched"
    assert post.files == [ZIP_NAME]


def test_how_far_it_is_is_told(post: Post) -> None:
    post.shelf.content = zipped(personnes=200_000)
    post.fetch()
    done = [(done, total) for what, done, total in post.told if "registre RPPS" in what]
    assert done[0] == (0, 0)
    assert done[-1] == (len(post.shelf.content),) * 2
    assert len(done) > 3


def test_it_goes_through_the_proxy_of_the_environment(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy() as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", address)
        assert post.fetch().outcome == "fetched"
        monkeypatch.setenv("NO_PROXY", HOST)
        assert post.fetch().outcome == "unchanged"
    assert asked == [post.shelf.base.removeprefix("https://")]
