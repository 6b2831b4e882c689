"""How a file comes in whole or not at all: what is asked and when again, what counts as complete, what goes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from schemas.reading.arrival import FURTHEST, SEAM, Arrived, Extent, FileKind, Memory, ServerAnswer, retry_seconds
from schemas.zone import PARIS

MOST_BREAKS = 5  # in a row without a byte more than before
LONGEST_WAIT = 3600.0  # seconds; whoever is to come back later than that comes back another night
LEAST_SHARE = 0.8  # of the last file's rows and bytes: fewer, and it is not the whole of it
_SUFFIXES: Mapping[FileKind, str] = {"zip": ".zip", "gzip": ".gz", "text": ".txt"}
_KNOWN_SUFFIX = re.compile(r"\.(?:zip|gz|txt|csv|json|xlsx|xls|ods)$", re.IGNORECASE)
_STAMP = re.compile(r"(?<!\d)(?:19|20)\d{6}(?:[-_T]?\d{4}(?:\d{2})?)?(?!\d)")
_LONGEST_NAME = 120

Next = Literal["whole", "unchanged", "again", "afresh", "wait", "nothing", "page", "refused"]


@dataclass(frozen=True, slots=True)
class Course:
    """How far one file is: the bytes that lie there and of which version, the breaks in a row, the waits so far.

    `begun`: the answer that began it, which tells of its version and length.
    """

    have: int = 0
    furthest: int = 0
    begun: ServerAnswer = field(default_factory=lambda: ServerAnswer(0))
    breaks: int = 0
    waits: int = 0

    @property
    def validator(self) -> str:
        """What is asked for: the rest of that version, and of no other."""
        return self.begun.validator


def headers_for(course: Course, memory: Memory, url: str) -> dict[str, str]:
    """Return what is asked: the rest of what lies there if it is still the same, else the file if it is another than
    ours.
    """
    if course.have and course.validator:
        return {"Range": f"bytes={course.have}-", "If-Range": course.validator}
    if course.have or course.furthest or memory.url != url:
        return {}
    known = {"If-None-Match": memory.etag, "If-Modified-Since": memory.last_modified}
    return {name: value for name, value in known.items() if value}


def body_begins(answer: ServerAnswer, course: Course) -> int | None:
    """Tell where in the file the answer's content belongs; None where it is not wanted."""
    if answer.status == 200:
        return None if is_in_the_way(answer, course) else 0
    total = course.begun.total
    there = answer.status == 206 and answer.begins == course.have
    whole = None in (answer.total, total) or answer.total == total
    return course.have if there and whole and answer.continues(course.begun) else None


def is_in_the_way(answer: ServerAnswer, course: Course) -> bool:
    """Tell whether a page of the web comes where a file was begun that was none: what came of that is kept."""
    return answer.page and bool(course.validator) and not course.begun.page


def next_of(answer: ServerAnswer, course: Course, *, conditional: bool, taken: bool) -> Next:
    """Return what to do once an answer has come; `taken`: its content was wanted; `course` is as it is by then."""
    match answer.status:
        case 200:
            return "whole" if taken else "page"
        case 206:
            if not taken:  # another part than was asked for, or of another version
                return "afresh"
            return "whole" if answer.total in (None, course.have) else "again"
        case 304 if conditional:
            return "unchanged"
        case 416 if course.have:
            return "whole" if answer.total == course.have else "afresh"
        case 408 | 425 | 429:
            return "wait"
        case status if status >= 500:
            return "wait"
        case 204 | 304:
            return "nothing"
        case _:
            return "refused"


def broken_off(course: Course, have: int) -> Course:
    """Go on after a break: it is taken up where it broke, if the server can; a break without progress is
    counted.
    """
    breaks = 0 if have > course.furthest else course.breaks + 1
    kept = have - min(SEAM, have // 8) if course.validator else 0  # the last ones come once more, to be compared
    return replace(course, have=kept, furthest=max(course.furthest, have), breaks=breaks)


def afresh(course: Course) -> Course:
    """Return what lies there is of another version: from its beginning, counted as a break without progress."""
    return replace(course, have=0, begun=ServerAnswer(0), breaks=course.breaks + 1, furthest=max(course.furthest, 1))


def worn_out(course: Course) -> bool:
    """Tell whether it broke off too often without progress."""
    return course.breaks >= MOST_BREAKS


def wait_before(course: Course, answer: ServerAnswer, delays: Sequence[float], now: datetime) -> float | None:
    """Return seconds until the next try: as the server says, else as configured; None where it is to be left for
    tonight.
    """
    if course.waits >= len(delays):
        return None
    said = retry_seconds(answer.retry_after, now)
    seconds = delays[course.waits] if said is None else said
    return seconds if seconds <= LONGEST_WAIT else None


# ── what came ────────────────────────────────────────────────────────────────────────────────────


def kind_of(beginning: bytes) -> FileKind:
    """Return what a file is by its first bytes; a page of the web is what a server sends instead of a file."""
    if beginning.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if beginning.startswith(b"\x1f\x8b"):
        return "gzip"
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "empty"
    return "page" if text.startswith(b"<") else "text"


def shortfall(last: Mapping[str, Extent], now: Mapping[str, Extent]) -> tuple[Extent, Extent] | None:
    """Return (what there is now, what was in the last one) where a text, or all together, is too small to be whole.

    Texts are the same by their names without stamps. Bytes count as rows do: columns may be missing too.
    """
    was, has = ({undated(name): one for name, one in each.items()} for each in (last, now))
    pairs = [(one, was[name]) for name, one in has.items() if name in was]
    pairs.append((_sum(has), _sum(was)))
    for one, before in pairs:
        if one.rows < LEAST_SHARE * before.rows or one.size < LEAST_SHARE * before.size:
            return one, before
    return None


def cut_short(last: Mapping[str, Extent], now: Mapping[str, Extent]) -> bool:
    """Tell whether a text stops in the middle of a line where the last one did not: its end is missing."""
    was = {undated(name): one for name, one in last.items()}
    return any(not one.ended and was[undated(name)].ended for name, one in now.items() if undated(name) in was)


def _sum(extents: Mapping[str, Extent]) -> Extent:
    return Extent(rows=sum(one.rows for one in extents.values()), size=sum(one.size for one in extents.values()))


def undated(name: str) -> str:
    """Return a name without its stamp: the same every day."""
    return _STAMP.sub("", name)


def filed_name(
    offered: str, stamp: datetime | None, modified: datetime | None, seen: datetime, kind: FileKind
) -> tuple[str, datetime]:
    """Return (the name under which it is kept, the moment it is of): the server's own stamp, else when it changed, else
    seen.

    `stamp` is that of the offered name; it stays as it is. Another gets the moment before its suffix. A moment further
    off than FURTHEST is none: no later file would ever be the newest.
    """
    stamp = None if stamp and stamp - FURTHEST > seen.astimezone(PARIS).replace(tzinfo=None) else stamp
    modified = None if modified and modified - FURTHEST > seen else modified
    safe = re.sub(r"[^\w.-]", "_", re.split(r"[/\\]", offered)[-1], flags=re.ASCII)[-_LONGEST_NAME:].lstrip(".-")
    suffix = _KNOWN_SUFFIX.search(safe)
    stem, ending = (safe[: suffix.start()], suffix[0]) if suffix else (safe, _SUFFIXES.get(kind, ""))
    stem = stem or "extraction"
    if stamp:
        return stem + ending, stamp
    if modified:
        here = modified.astimezone(PARIS).replace(tzinfo=None, second=0, microsecond=0)
        return f"{stem}_{here:%Y%m%d%H%M}{ending}", here
    day = seen.astimezone(PARIS).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    return f"{stem}_{day:%Y%m%d}{ending}", day


def says_otherwise(name: str, kind: FileKind) -> bool:
    """Tell whether a name promises a packed file, and something else came."""
    suffix = _KNOWN_SUFFIX.search(name)
    promised = {".zip": "zip", ".gz": "gzip"}.get(suffix[0].lower()) if suffix else None
    return promised is not None and promised != kind


def nothing_new(name: str, moment: datetime, sha256: str, newest: Arrived | None, *, dated: bool) -> bool:
    """Tell whether it is the same content again, and no server says that it is of a later day; `dated`: a server said
    of when it is.
    """
    if newest is None or newest.sha256 != sha256:
        return False
    return not dated or newest.name == name or moment <= newest.moment


def with_arrival(memory: Memory, arrived: Arrived) -> tuple[Arrived, ...]:
    """Return the files with the new one in its place, the oldest first; one of the same name is replaced."""
    others = [one for one in memory.files if one.name != arrived.name]
    return tuple(sorted([*others, arrived], key=lambda one: (one.moment, one.name)))


def superseded(files: Sequence[Arrived], keep: int) -> tuple[Arrived, ...]:
    """Return those that go, the newest `keep` staying."""
    return tuple(files[:-keep])
