"""Only what was fetched ever goes, and nothing that somebody else put there is replaced."""

import shutil
from unittest.mock import patch

from tests.file_servers import ZIP_NAME, zipped
from tests.night.fetching.post import OF_THE_DAY, Post, Served
from tests.night.installed import TODAY


def test_the_newest_stay_and_only_what_was_fetched_goes(post: Post) -> None:
    post.folder.mkdir(mode=0o700)
    by_hand = post.folder / "PS_LibreAcces_20200101.zip"
    by_hand.write_bytes(b"by hand")
    for day in range(1, 6):
        post.shelf.content = zipped(personnes=2000 + day)
        post.shelf.name = f"PS_LibreAcces_2026110{day}0800.zip"
        if day == 4:  # somebody has written into one of ours since
            (post.folder / "PS_LibreAcces_202611020800.zip").write_bytes(b"changed")
        found = post.fetch(keep="2")
    assert found.removed == ("PS_LibreAcces_202611030800.zip",)
    assert post.files == [
        "PS_LibreAcces_20200101.zip",
        "PS_LibreAcces_202611020800.zip",
        "PS_LibreAcces_202611040800.zip",
        "PS_LibreAcces_202611050800.zip",
    ]
    assert by_hand.read_bytes() == b"by hand"


def test_a_file_of_somebody_else_is_not_replaced(post: Post) -> None:
    post.folder.mkdir(mode=0o700)
    (post.folder / ZIP_NAME).write_bytes(b"by hand")
    found = post.fetch()
    assert found.outcome == "failed"
    assert "vient d’ailleurs" in found.message
    assert (post.folder / ZIP_NAME).read_bytes() == b"by hand"


def test_the_same_name_with_new_content_replaces_ours(post: Post) -> None:
    post.fetch()
    post.shelf.content = zipped(personnes=2001, savoirfaire=500)
    assert post.fetch().outcome == "fetched"
    assert (post.folder / ZIP_NAME).read_bytes() == post.shelf.content
    assert post.files == [ZIP_NAME]


def test_notes_that_cannot_be_read_make_nothing_ours(post: Post) -> None:
    post.fetch()
    (post.folder / ".fetch.json").write_text("{")
    post.shelf.content, post.shelf.name = zipped(personnes=2001), OF_THE_DAY
    assert post.fetch(keep="1").outcome == "fetched"
    assert post.files == sorted([ZIP_NAME, OF_THE_DAY])


def test_a_full_disk_is_told_and_leaves_the_last_file(post: Post) -> None:
    post.fetch()
    post.shelf.content, post.shelf.name = zipped(personnes=2001, savoirfaire=500), OF_THE_DAY
    with patch("os.fsync", side_effect=OSError(28, "No space left on device")):
        found = post.fetch()
    assert found.outcome == "failed"
    assert "place et les droits" in found.message
    assert (post.files, post.left) == ([ZIP_NAME], [])


def test_a_killed_fetch_leaves_a_part_that_the_next_one_clears(post: Post) -> None:
    post.folder.mkdir(mode=0o700)
    (post.folder / ".register.persons.part").write_bytes(b"half")
    assert post.fetch().outcome == "fetched"
    assert post.left == []
    shutil.rmtree(post.folder)


def test_the_last_file_that_the_source_looks_at_stays_when_the_server_calls_them_otherwise(post: Post) -> None:
    post.fetch(keep="2")
    for day in (23, 24, 25):
        post.shelf.content, post.shelf.name = zipped(personnes=2000 + day), f"Extraction_202611{day}0800.zip"
        found = post.fetch()
    assert found.removed == ("Extraction_202611230800.zip",)
    assert ZIP_NAME in post.files
    assert "ne regarde pas là" in found.remarks[0]


def test_a_name_that_the_source_does_not_know_is_said_by_the_night(served: Served) -> None:
    served.play()
    served.shelf.name, served.shelf.etag = f"Extraction_{TODAY:%Y%m%d}0900.zip", False
    _, night = served.play()
    assert night["fetched"][0]["outcome"] == "fetched"
    assert "[register] persons" in night["fetched"][0]["message"]
    assert next(one for one in night["sources"] if one["name"] == "register.persons")["status"] == "ok"
