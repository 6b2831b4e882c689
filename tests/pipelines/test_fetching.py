"""What counts as complete, what is asked again and when, and what a file is called."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.sources.wholeness.fetching import (
    Course,
    body_begins,
    cut_short,
    filed_name,
    headers_for,
    kind_of,
    next_of,
    nothing_new,
    shortfall,
    undated,
    wait_before,
)
from schemas.reading.arrival import Arrived, Extent, Memory, ServerAnswer

NOW = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
DELAYS = (60, 120)


@pytest.mark.parametrize(
    ("retry_after", "waits", "seconds"),
    [
        ("", 0, 60),
        ("", 1, 120),
        ("", 2, None),
        ("5", 0, 5),
        ("5", 2, None),
        ("3601", 0, None),
        ("Sun, 22 Nov 2026 04:16:30 GMT", 0, 90),
        ("Sun, 22 Nov 2026 04:00:00 GMT", 0, 0),
        ("bientôt", 1, 120),
    ],
)
def test_the_server_says_how_long_else_the_configuration(retry_after: str, waits: int, seconds: float | None) -> None:
    assert wait_before(Course(waits=waits), ServerAnswer(429, retry_after=retry_after), DELAYS, NOW) == seconds


@pytest.mark.parametrize(
    ("answer", "have", "step"),
    [
        (ServerAnswer(200), 10, "whole"),
        (ServerAnswer(206, etag='"a"', begins=4, total=10), 10, "whole"),
        (ServerAnswer(206, etag='"a"', begins=4, total=12), 10, "again"),
        (ServerAnswer(206, etag='"b"', begins=4, total=10), 4, "afresh"),
        (ServerAnswer(206, etag='"a"', begins=4, total=10, encoded=True), 4, "afresh"),
        (ServerAnswer(416, total=10), 10, "whole"),
        (ServerAnswer(416, total=12), 10, "afresh"),
        (ServerAnswer(416), 0, "refused"),
        (ServerAnswer(304), 0, "unchanged"),
        (ServerAnswer(429), 0, "wait"),
        (ServerAnswer(502), 0, "wait"),
        (ServerAnswer(401), 0, "refused"),
    ],
)
def test_what_an_answer_is_followed_by(answer: ServerAnswer, have: int, step: str) -> None:
    before = Course(have=answer.begins or 0, begun=ServerAnswer(200, etag='"a"'))
    taken = body_begins(answer, before) is not None
    assert next_of(answer, replace(before, have=have), conditional=True, taken=taken) == step


def test_a_304_nobody_asked_for_brings_nothing() -> None:
    assert next_of(ServerAnswer(304), Course(), conditional=False, taken=False) == "nothing"


LATER = "Sun, 22 Nov 2026 04:16:30 GMT"


@pytest.mark.parametrize(
    ("answer", "validator"),
    [
        (ServerAnswer(200, etag='"a"'), '"a"'),
        (ServerAnswer(200, etag='"a"', encoded=True), ""),
        (ServerAnswer(200, etag='W/"a"'), ""),
        (ServerAnswer(200, etag='W/"a"', last_modified="Fri, 20 Nov 2026 04:16:30 GMT", date=LATER), ""),
        (ServerAnswer(200, last_modified="Sun, 22 Nov 2026 04:15:30 GMT", date=LATER), "Sun, 22 Nov 2026 04:15:30 GMT"),
        (ServerAnswer(200, last_modified="Sun, 22 Nov 2026 04:16:29 GMT", date=LATER), ""),
        (ServerAnswer(200, last_modified="Sun, 22 Nov 2026 04:15:30 GMT"), ""),
        (ServerAnswer(200, last_modified="hier", date=LATER), ""),
    ],
)
def test_what_may_be_another_file_under_the_same_name_is_no_ground_to_go_on(
    answer: ServerAnswer, validator: str
) -> None:
    assert answer.validator == validator


def test_what_is_known_is_asked_of_the_same_address_only() -> None:
    memory = Memory(url="https://a/x", etag='"a"')
    assert headers_for(Course(), memory, "https://a/x") == {"If-None-Match": '"a"'}
    assert headers_for(Course(), memory, "https://b/x") == {}
    assert headers_for(Course(furthest=5), memory, "https://a/x") == {}


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"PK\x03\x04...", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xef\xbb\xbf  \n<!DOCTYPE html>", "page"),
        (b"<html>", "page"),
        (b"", "empty"),
        (b" \n", "empty"),
        ("Identification|Prénom".encode(), "text"),
        (b'{"x": []}', "text"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(beginning: bytes, kind: str) -> None:
    assert kind_of(beginning) == kind


def extent(rows: int, width: int = 10, *, ended: bool = True) -> Extent:
    return Extent(rows=rows, size=rows * width, ended=ended)


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ({"a_20261122.txt": extent(80), "b.txt": extent(50)}, None),
        ({"a_20261122.txt": extent(79), "b.txt": extent(500)}, (79, 100)),
        ({"a_20261122.txt": extent(100, 7), "b.txt": extent(50)}, (100, 100)),
        ({"b.txt": extent(50)}, (50, 150)),
        ({"autre.txt": extent(150)}, None),
    ],
)
def test_each_text_and_all_together_have_four_fifths_of_the_last_ones(
    now: dict[str, Extent], missing: tuple[int, int] | None
) -> None:
    found = shortfall({"a_20261121.txt": extent(100), "b.txt": extent(50)}, now)
    assert (found and tuple(one.rows for one in found)) == missing


def test_a_text_that_never_ended_its_last_line_need_not_now() -> None:
    was, now = {"a_20261121.txt": extent(9)}, {"a_20261122.txt": extent(9, ended=False)}
    assert cut_short(was, now)
    assert not cut_short(now, now)
    assert not cut_short({}, now)


@pytest.mark.parametrize(
    ("offered", "stamp", "kind", "name"),
    [
        ("X_202611220824.zip", datetime(2026, 11, 22, 8, 24), "zip", "X_202611220824.zip"),
        ("PS_LibreAcces", None, "zip", "PS_LibreAcces_20261122.zip"),
        ("liste.csv", None, "text", "liste_20261122.csv"),
        ("", None, "text", "extraction_20261122.txt"),
        ("..\\..\\.ssh/.clé", None, "text", "cl__20261122.txt"),
    ],
)
def test_a_file_is_called_as_the_server_calls_it(offered: str, stamp: datetime | None, kind: str, name: str) -> None:
    assert filed_name(offered, stamp, None, NOW, kind)[0] == name  # type: ignore[arg-type]  # a word of the table


def test_a_day_is_that_of_paris() -> None:
    late = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    assert filed_name("x", None, late, NOW, "zip") == ("x_202607150030.zip", datetime(2026, 7, 15, 0, 30))
    assert filed_name("x", None, None, late, "zip")[0] == "x_20260715.zip"


def test_the_same_content_is_news_only_where_a_server_says_of_a_later_day() -> None:
    newest = Arrived(name="x_20261121.zip", sha256="s", size=1, moment=datetime(2026, 11, 21))
    later = datetime(2026, 11, 22)
    assert nothing_new("x_20261122.zip", later, "s", newest, dated=False)
    assert not nothing_new("x_20261122.zip", later, "s", newest, dated=True)
    assert nothing_new("x_20261120.zip", datetime(2026, 11, 20), "s", newest, dated=True)
    assert not nothing_new("x_20261122.zip", later, "t", newest, dated=False)
    assert not nothing_new("x_20261122.zip", later, "s", None, dated=False)


def test_a_name_is_the_same_every_day() -> None:
    assert undated("Porteurs_CPS_CPF_202611220824.txt") == undated("Porteurs_CPS_CPF_202611230901.txt")
