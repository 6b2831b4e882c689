"""The machine the nights run on: room, time, rights, fonts, what reads the extracts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.bytescan.compiled import compiled, is_outdated
from connectors.sources.catalogue import Found, find_newest
from connectors.system.machine import disks, folder_size, font_for, open_to_others
from flows.doctor.examination import Visit
from flows.settings.passwords import DEFAULT_FILE
from flows.settings.signing import keyring
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reports.checkup import Finding, failure, ok, warning
from schemas.typography import size_text, span_text

LEAST = 50_000_000  # bytes: a first night, before anything is known of its size
SAME_TIME = timedelta(minutes=2)
LIKE_ARIAL = ("Arial", "Liberation Sans", "Arimo", "Nimbus Sans", "Helvetica")


def check_disk(visit: Visit) -> Iterator[Finding]:
    """Check the room for a night (twice the last results, the store's journal) and for the extracts that come next."""
    extracts = list(_newest_extracts(visit))
    for disk in disks([*_written(visit), *(one.path.parent for one in extracts)]):
        needed = sum(size for folder, size in _written(visit).items() if folder in disk.folders)
        wished = needed + sum(one.size for one in extracts if one.path.parent in disk.folders)
        names = ", ".join(dict.fromkeys(visit.settings.shown(one) for one in disk.folders))
        values = {"free": size_text(disk.free), "folders": names}
        if disk.free < needed:
            yield failure(say("doctor.disk_full", needed=size_text(needed), **values), say("doctor.disk_full_todo"))
        elif disk.free < wished:
            yield warning(say("doctor.disk_low", needed=size_text(wished), **values), say("doctor.disk_low_todo"))
        else:
            yield ok(say("doctor.disk", needed=size_text(needed), **values))


def _written(visit: Visit) -> dict[Path, int]:
    """Folder → bytes that a night may write there."""
    results = max(LEAST, 2 * folder_size(visit.out))
    store = visit.settings.store_file
    found = {visit.out: results}
    if store:
        found[store.parent] = max(LEAST, store.stat().st_size if store.is_file() else 0)
    if visit.settings.mail.outbox:
        found[visit.settings.path(visit.settings.mail.outbox)] = results
    return found


def _newest_extracts(visit: Visit) -> Iterator[Found]:
    register = visit.settings.register_
    for pattern in (register.persons, register.cards, register.adeli, register.structures):
        if pattern:
            try:
                yield find_newest(pattern, visit.settings.root)
            except SourceError:  # said where the files are looked at
                continue


def check_clock(visit: Visit) -> Iterator[Finding]:
    """Check that the zone is known, and neither a file, the last night nor the database server lives in our future."""
    try:
        paris = visit.now.astimezone(ZoneInfo("Europe/Paris"))
    except ZoneInfoNotFoundError:
        yield failure(say("doctor.clock_no_zone"), say("doctor.clock_no_zone_todo"))
        return
    told = f"{paris:%d/%m/%Y %H:%M}"
    faults = [*_from_the_future(visit, told), *_server_apart(visit)]
    yield from faults
    here = visit.now.astimezone()
    zone = here.tzname() or ""
    if here.utcoffset() != paris.utcoffset():
        values = {"zone": zone, "now": told}
        yield warning(say("doctor.clock_other_zone", **values), say("doctor.clock_other_zone_todo"))
    elif not faults:
        yield ok(say("doctor.clock", now=told, zone=zone))


def _from_the_future(visit: Visit, told: str) -> Iterator[Finding]:
    latest = visit.now + SAME_TIME
    todo = say("doctor.clock_before_todo")
    for one in _newest_extracts(visit):
        written = datetime.fromtimestamp(one.path.stat().st_mtime, UTC)
        if written > latest or one.day > visit.day:
            moment = f"{max(one.day, written.astimezone().date()):%d/%m/%Y}"
            yield warning(say("doctor.clock_before_file", name=one.path.name, moment=moment, now=told), todo)
    night = visit.known.last_success if visit.known else None
    if night and night.finished_at > latest:
        moment = f"{night.finished_at.astimezone():%d/%m/%Y %H:%M}"
        yield failure(say("doctor.clock_before_night", moment=moment, now=told), todo)


def _server_apart(visit: Visit) -> Iterator[Finding]:
    clock = visit.known.clock if visit.known else None
    if clock and abs(clock - visit.now) > SAME_TIME:
        yield warning(say("doctor.clock_apart", span=span_text(abs(clock - visit.now))), say("doctor.clock_apart_todo"))


def check_rights(visit: Visit) -> Iterator[Finding]:
    """Check that whatever holds a secret or names people is closed to the other accounts of the machine."""
    opened = [visit.settings.shown(path) for path in _confidential(visit) if open_to_others(path)]
    if not opened:
        yield ok(say("doctor.rights"))
        return
    paths = " ".join(map(quote, opened))
    yield warning(say("doctor.rights_open", count=len(opened)), say("doctor.rights_todo", paths=paths))


def _confidential(visit: Visit) -> Iterator[Path]:
    settings = visit.settings
    yield visit.config.resolve()
    yield keyring(settings).path
    if store := settings.store_file:
        yield store
    keys = [one.key for one in settings.fetch]
    for secret in (
        _own_file(settings.secrets_file),
        settings.mail.passwords_file or DEFAULT_FILE,
        settings.mail.smime_key,
        *keys,
    ):
        if secret:
            yield settings.path(secret)
    if settings.annuaire.export:
        yield settings.path(settings.annuaire.export)
    yield from (settings.path(one.path) for one in settings.workbook)
    yield from sorted(settings.root.glob("*.env"))


def _own_file(name: str | None) -> str | None:
    """None for one that systemd gives: it is closed by systemd."""
    return None if name and name.startswith("$") else name


def check_fonts(_visit: Visit) -> Iterator[Finding]:
    """Check the fonts: reports are opened elsewhere, they only matter to whoever looks at them on this very machine."""
    font = font_for("Arial")
    if font in LIKE_ARIAL:
        yield ok(say("doctor.fonts", font=font))
    else:
        found = say("doctor.fonts_other", font=font) if font else say("doctor.fonts_unknown")
        yield warning(found, say("doctor.fonts_todo"))


def check_reading(_visit: Visit) -> Iterator[Finding]:
    """Check what reads the national extracts here; both find the same."""
    if is_outdated():
        yield warning(say("doctor.reading_outdated"), say("doctor.reading_todo"))
    else:
        yield ok(say("doctor.reading_compiled" if compiled() else "doctor.reading_plain"))
