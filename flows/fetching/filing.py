"""What came from a server: judged, put in its place, older files of ours removed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BufferedRandom
from pathlib import Path

from connectors.bytescan.stamps import stamp_of
from connectors.sources.catalogue import holds
from connectors.sources.first_line import check_opening, find_ending
from connectors.system.arrivals import (
    beginning,
    extents_of,
    put_in_place,
    remove,
    same_content,
    sha256,
)
from flows.fetching.errand import Errand, pattern_of, source_name, strange, unchanged
from flows.state.run_state import now
from pipelines.sources.wholeness.fetching import (
    cut_short,
    filed_name,
    kind_of,
    nothing_new,
    says_otherwise,
    shortfall,
    superseded,
    with_arrival,
)
from schemas.errors import FetchError, SourceError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text
from schemas.reading.arrival import (
    Arrived,
    Brought,
    Extent,
    FileKind,
    Memory,
    ServerAnswer,
    moment_of,
)
from schemas.reading.footprint import Ending
from schemas.reading.source_names import ADELI, CARDS, PERSONS, contract_of
from schemas.typography import size_text


def file_away(part: BufferedRandom, answer: ServerAnswer, errand: Errand) -> tuple[Brought, Memory]:
    """Judge what came, and put it in its place; older files of ours go. Raises FetchError where it is not whole."""
    kind = kind_of(beginning(part))
    if kind in ("page", "empty"):
        raise FetchError(say(f"fetch.{kind}"), may_pass=kind == "empty")
    if says_otherwise(answer.name, kind):
        raise FetchError(say("fetch.other_kind", name=answer.name))
    digest, size = sha256(part)
    seen = now()
    modified = moment_of(answer.last_modified) if answer.last_modified else None
    stamp = stamp_of(answer.name)
    name, moment = filed_name(answer.name, stamp, modified, seen, kind)
    known = errand.memory.model_copy(
        update={
            "url": errand.asked.url,
            "etag": answer.etag,
            "last_modified": answer.last_modified,
        }
    )
    if nothing_new(name, moment, digest, errand.last, dated=bool(stamp or modified)):
        return unchanged(replace(errand, memory=known))
    extents = _whole(part, name, kind, errand)
    arrived = Arrived(name=name, sha256=digest, size=size, moment=moment, extents=extents)
    _put(part, arrived, errand)
    files = with_arrival(known, arrived)
    read = _read_tonight(errand, files)  # never removed: where the new one is not looked at, the night has it alone
    gone = [one for one in superseded(files, errand.asked.keep) if one.name not in (name, read)]
    removed = tuple(one.name for one in gone if remove(errand.folder / one.name, one))
    there = tuple(one for one in files if one not in gone)
    path = errand.settings.shown(errand.folder / name)
    elsewhere = tuple(strange(errand, arrived))
    brought = Brought(errand.asked.name, "fetched", "", arrived, path, removed, bool(elsewhere))
    remarks = (*elsewhere, *_older(arrived, errand), *_unlike(errand, errand.folder / name))
    brought = replace(brought, remarks=remarks)
    memory = known.model_copy(update={"asked_at": seen, "failed_at": None, "failure": "", "files": there})
    return brought, memory


def _whole(part: BufferedRandom, name: str, kind: FileKind, errand: Errand) -> dict[str, Extent]:
    """What each text holds, where nothing is missing of it."""
    last = errand.last
    extents = extents_of(Path(part.name), name, kind, errand.asked.max_ratio)
    if not sum(one.rows for one in extents.values()):
        raise FetchError(say("fetch.empty"), may_pass=True)
    if last is None:
        _ends_well(Path(part.name), errand)
        return extents
    unread = _unread(errand, Path(part.name))
    if unread and not _unread(errand, errand.folder / last.name):
        raise FetchError(say("fetch.unlike_the_last", source=source_name(errand.asked.name), found=unread))
    missing = shortfall(last.extents, extents)
    if missing:
        path = errand.settings.shown(errand.folder / last.name)
        raise FetchError(_shrunk(*missing, path))
    if cut_short(last.extents, extents):
        raise FetchError(say("fetch.cut_short"), may_pass=True)
    return extents


def _ends_well(path: Path, errand: Errand) -> None:
    """By itself, on the first day: a header alone is no register, and a last line that lacks fields was cut.

    Raises FetchError. Of a file that the night would not read at all `_unlike` tells.
    """
    name = errand.asked.name
    if name not in (PERSONS, CARDS, ADELI) or _unread(errand, path):
        return
    ending = find_ending(path, name, contract_of(name))
    if ending is Ending.NONE:
        raise FetchError(say("fetch.header_alone"), may_pass=True)
    if ending is Ending.CUT:
        raise FetchError(say("fetch.cut_short"), may_pass=True)


def _older(arrived: Arrived, errand: Errand) -> Iterator[str]:
    """That a later file stays in service: the server went back."""
    last = errand.memory.newest
    if last and last.moment > arrived.moment and last.name != arrived.name:
        yield say("fetch.older", name=last.name, day=f"{last.moment:%d/%m/%Y}")


def _shrunk(now: Extent, before: Extent, path: str) -> str:
    """What is fewer: its lines, or what they hold."""
    if now.rows < before.rows:
        return say("fetch.shrunk", rows=now.rows, before=before.rows, path=path)
    return say("fetch.shrunk_bytes", size=size_text(now.size), before=size_text(before.size), path=path)


def _unlike(errand: Errand, path: Path) -> Iterator[str]:
    """That the night would read nothing in it: on the first day there is no other to hold it against."""
    if unread := _unread(errand, path):
        yield say("fetch.unlike", source=source_name(errand.asked.name), found=unread)


def _unread(errand: Errand, path: Path) -> str:
    """Why the night would read nothing in a file; "" where it would, or where a source is not known by its columns."""
    name = errand.asked.name
    if name in (PERSONS, CARDS, ADELI):
        try:
            check_opening(path, name, contract_of(name))
        except SourceError as error:
            return error.message
    return ""


def _read_tonight(errand: Errand, files: Sequence[Arrived]) -> str:
    """The name of the newest of ours that the source looks at; "" where it looks at none."""
    pattern = pattern_of(errand.settings, errand.asked.name)
    if pattern is None:
        return ""
    root, folder = errand.settings.root, errand.folder
    return next((one.name for one in reversed(files) if holds(pattern, root, folder / one.name)), "")


def _put(part: BufferedRandom, arrived: Arrived, errand: Errand) -> None:
    """Under its name, where no file that somebody else put there stands."""
    target = errand.folder / arrived.name
    ours = next((one for one in errand.memory.files if one.name == arrived.name), arrived)
    if (target.exists() or target.is_symlink()) and not (same_content(target, ours) or same_content(target, arrived)):
        raise FetchError(say("fetch.taken", path=errand.settings.shown(target)))
    try:
        put_in_place(part, target)
    except OSError as error:
        raise FetchError(say("fetch.disk", folder=errand.asked.into, found=refusal_text(error))) from error
