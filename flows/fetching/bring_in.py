"""What `[[fetch]]` names is brought in, each file whole or not at all: for `fetch`, and as the night's first step.

A file that does not come leaves the last one where it is: the night goes on with it, and its age speaks.
"""

import difflib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedRandom
from pathlib import Path

from connectors.bytescan.stamps import stamp_of
from connectors.sources.catalogue import holds
from connectors.sources.first_line import check_opening, find_ending
from connectors.system.arrivals import (
    beginning,
    extents_of,
    growing,
    put_in_place,
    recall,
    remember,
    remove,
    same_content,
    sha256,
)
from connectors.web.fetch import HttpsLine, context_of
from flows.fetching.download import Download, Sleep
from flows.run.progress import Progress
from flows.run.steps import Step, StepRunner, Trouble, plainly
from flows.settings.model import Settings
from flows.settings.sources import FetchSettings
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
from schemas.errors import ConfigurationError, FetchError, SourceError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text
from schemas.reading.arrival import (
    Address,
    Arrived,
    Brought,
    Extent,
    FileKind,
    Memory,
    ServerAnswer,
    moment_of,
    pattern_for,
)
from schemas.reading.footprint import Ending
from schemas.reading.source_names import ADELI, ANNUAIRE, CARDS, PERSONS, contract_of, register_key, setting_of
from schemas.typography import size_text


def bring_in(
    settings: Settings,
    asked: Sequence[FetchSettings],
    tell: Progress,
    do: StepRunner = plainly,
    sleep: Sleep = time.sleep,
) -> tuple[Brought, ...]:
    """Return each source in turn; one that does not come keeps no other from coming, and raises nothing."""

    def work(one: FetchSettings) -> Callable[[], Brought]:
        return partial(_bring, settings, one, tell, sleep)

    return tuple(do(Step("fetch", one.name), work(one), not_brought) for one in asked)


def not_brought(brought: Brought) -> Trouble | None:
    """Return what kept a file from coming."""
    return Trouble(brought.message, may_pass=brought.may_pass) if brought.outcome == "failed" else None


def chosen(fetch: Sequence[FetchSettings], names: Sequence[str]) -> tuple[FetchSettings, ...]:
    """Return those of `[[fetch]]` that are named, or all. Raises ConfigurationError for a name that none has."""
    known = [one.name for one in fetch]
    if not known:
        raise ConfigurationError([say("fetch.none")])
    problems = []
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(say("fetch.unknown", found=name, near=near[0]))
    if problems:
        raise ConfigurationError(problems)
    return tuple(one for one in fetch if not names or one.name in names)


def files_missing(settings: Settings, asked: Sequence[FetchSettings]) -> None:
    """Refuse every authority, certificate and key that cannot be used; a proxy of the environment keeps a file from
    coming, and no more. Raises ConfigurationError.
    """
    problems = []
    for one in asked:
        try:
            context_of(address_of(settings, one))
        except FetchError as error:
            problems.append(str(error))
    if problems:
        raise ConfigurationError(problems)


def address_of(settings: Settings, one: FetchSettings) -> Address:
    """Tell where a source is asked for. Raises FetchError when a file of the configuration is not there."""
    files = {}
    for key in ("ca_file", "certificate", "key"):
        name = getattr(one, key)
        files[key] = str(settings.path(name)) if name else ""
    if files["ca_file"] and not Path(files["ca_file"]).is_file():
        raise FetchError(say("config.fetch_ca_file", path=one.ca_file))
    return Address(url=one.url.strip(), timeout=one.timeout, **files)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One source under way: what is configured and known of it, who hears of it.

    `last`: the last file that came, where it is still there as it came.
    """

    settings: Settings
    asked: FetchSettings
    memory: Memory
    last: Arrived | None
    tell: Progress
    sleep: Sleep

    @property
    def folder(self) -> Path:
        return self.settings.path(self.asked.into)

    def progress(self, done: int, total: int) -> None:
        self.tell(say("step.fetch", source=source_name(self.asked.name)), done, max(done, total))


def source_name(name: str) -> str:
    """Return « registre RPPS »."""
    return say(f"source.{name.replace('.', '_')}")


def _bring(settings: Settings, asked: FetchSettings, tell: Progress, sleep: Sleep) -> Brought:
    folder = settings.path(asked.into)
    memory = recall(folder).get(asked.name, Memory())
    last = memory.newest if memory.newest and same_content(folder / memory.newest.name, memory.newest) else None
    errand = _Errand(settings, asked, memory, last, tell, sleep)
    try:
        with growing(folder, asked.name) as part, HttpsLine(address_of(settings, asked)) as line:
            errand.progress(0, 0)
            # what the server says is unchanged must still be here
            download = Download(line, part, asked, memory if last else Memory(), tell, sleep, errand.progress)
            answer = download.run()
            brought, known = _unchanged(errand) if answer is None else _filed(part, answer, errand)
            remember(folder, {**recall(folder), asked.name: known})
    except FetchError as error:
        brought = Brought(asked.name, "failed", str(error), errand.memory.newest, may_pass=error.may_pass)
        _remember_failure(errand, str(error))
    return brought


def _remember_failure(errand: _Errand, message: str) -> None:
    """For `doctor`; a folder that cannot be written is the failure itself."""
    memory = errand.memory.model_copy(update={"failed_at": now(), "failure": message})
    try:
        remember(errand.folder, {**recall(errand.folder), errand.asked.name: memory})
    except FetchError:
        return


def _unchanged(errand: _Errand) -> tuple[Brought, Memory]:
    memory = errand.memory.model_copy(update={"asked_at": now(), "failed_at": None, "failure": ""})
    newest = errand.memory.newest
    path = errand.settings.shown(errand.folder / newest.name) if newest else ""
    return Brought(errand.asked.name, "unchanged", "", newest, path, remarks=(*_stranger(errand, newest),)), memory


def _filed(part: BufferedRandom, answer: ServerAnswer, errand: _Errand) -> tuple[Brought, Memory]:
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
        return _unchanged(replace(errand, memory=known))
    extents = _whole(part, name, kind, errand)
    arrived = Arrived(name=name, sha256=digest, size=size, moment=moment, extents=extents)
    _put(part, arrived, errand)
    files = with_arrival(known, arrived)
    read = _read_tonight(errand, files)  # never removed: where the new one is not looked at, the night has it alone
    gone = [one for one in superseded(files, errand.asked.keep) if one.name not in (name, read)]
    removed = tuple(one.name for one in gone if remove(errand.folder / one.name, one))
    there = tuple(one for one in files if one not in gone)
    path = errand.settings.shown(errand.folder / name)
    elsewhere = tuple(_stranger(errand, arrived))
    brought = Brought(errand.asked.name, "fetched", "", arrived, path, removed, bool(elsewhere))
    remarks = (*elsewhere, *_older(arrived, errand), *_unlike(errand, errand.folder / name))
    brought = replace(brought, remarks=remarks)
    memory = known.model_copy(update={"asked_at": seen, "failed_at": None, "failure": "", "files": there})
    return brought, memory


def _whole(part: BufferedRandom, name: str, kind: FileKind, errand: _Errand) -> dict[str, Extent]:
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


def _ends_well(path: Path, errand: _Errand) -> None:
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


def _older(arrived: Arrived, errand: _Errand) -> Iterator[str]:
    """That a later file stays in service: the server went back."""
    last = errand.memory.newest
    if last and last.moment > arrived.moment and last.name != arrived.name:
        yield say("fetch.older", name=last.name, day=f"{last.moment:%d/%m/%Y}")


def _shrunk(now: Extent, before: Extent, path: str) -> str:
    """What is fewer: its lines, or what they hold."""
    if now.rows < before.rows:
        return say("fetch.shrunk", rows=now.rows, before=before.rows, path=path)
    return say("fetch.shrunk_bytes", size=size_text(now.size), before=size_text(before.size), path=path)


def _unlike(errand: _Errand, path: Path) -> Iterator[str]:
    """That the night would read nothing in it: on the first day there is no other to hold it against."""
    if unread := _unread(errand, path):
        yield say("fetch.unlike", source=source_name(errand.asked.name), found=unread)


def _unread(errand: _Errand, path: Path) -> str:
    """Why the night would read nothing in a file; "" where it would, or where a source is not known by its columns."""
    name = errand.asked.name
    if name in (PERSONS, CARDS, ADELI):
        try:
            check_opening(path, name, contract_of(name))
        except SourceError as error:
            return error.message
    return ""


def _read_tonight(errand: _Errand, files: Sequence[Arrived]) -> str:
    """The name of the newest of ours that the source looks at; "" where it looks at none."""
    pattern = pattern_of(errand.settings, errand.asked.name)
    if pattern is None:
        return ""
    root, folder = errand.settings.root, errand.folder
    return next((one.name for one in reversed(files) if holds(pattern, root, folder / one.name)), "")


def _put(part: BufferedRandom, arrived: Arrived, errand: _Errand) -> None:
    """Under its name, where no file that somebody else put there stands."""
    target = errand.folder / arrived.name
    ours = next((one for one in errand.memory.files if one.name == arrived.name), arrived)
    if (target.exists() or target.is_symlink()) and not (same_content(target, ours) or same_content(target, arrived)):
        raise FetchError(say("fetch.taken", path=errand.settings.shown(target)))
    try:
        put_in_place(part, target)
    except OSError as error:
        raise FetchError(say("fetch.disk", folder=errand.asked.into, found=refusal_text(error))) from error


def _stranger(errand: _Errand, arrived: Arrived | None) -> Iterator[str]:
    """That the source is configured, and would not look at this file."""
    pattern = pattern_of(errand.settings, errand.asked.name)
    if arrived and pattern and not holds(pattern, errand.settings.root, errand.folder / arrived.name):
        path = errand.settings.shown(errand.folder / arrived.name)
        values = {"key": setting_of(errand.asked.name), "pattern": pattern_for(path)}
        yield say("fetch.stranger", path=path, source=errand.asked.name, **values)


def pattern_of(settings: Settings, name: str) -> str | None:
    """Tell where a source looks for its file; None where it is not configured."""
    if name == ANNUAIRE:
        return settings.annuaire.export
    found: str | None = getattr(settings.register_, register_key(name))
    return found
