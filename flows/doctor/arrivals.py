"""What is brought in by `[[fetch]]`: authority and certificates with their end, the server's answer, the last file."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.sources.catalogue import holds
from connectors.system.arrivals import recall
from connectors.web.fetch import HttpsLine, read_certificates
from flows.doctor.examination import Visit, age_text
from flows.doctor.own_state import LATE_AFTER
from flows.fetching.errand import address_of, pattern_of, source_name
from flows.settings.sources import FetchSettings
from schemas.errors import FetchError
from schemas.nomenclatures import say
from schemas.reading.arrival import Address, Arrived, Certificate, Memory, pattern_for
from schemas.reading.source_names import setting_of
from schemas.reports.checkup import Finding, failure, ok, warning
from schemas.typography import size_text, span_text

SECONDS = 10.0  # a night may wait longer; whoever waits for this answer may not
NEARLY_OVER = timedelta(days=30)


def check_fetch(visit: Visit) -> Iterator[Finding]:
    """Check each source that is brought in."""
    if not visit.settings.fetch:
        yield ok(say("doctor.fetch_none"))
    for one in visit.settings.fetch:
        yield from _source(visit, one)


def _source(visit: Visit, one: FetchSettings) -> Iterator[Finding]:
    subject = source_name(one.name)
    memory = recall(visit.settings.path(one.into)).get(one.name, Memory())
    try:
        address = address_of(visit.settings, one)
        yield from _certificates(visit, one, address, subject)
        yield from _server(visit, address, memory, subject)
    except FetchError as error:
        yield failure(str(error), say("doctor.fetch_todo"), subject)
    if memory.failure and memory.failed_at:
        span = span_text(visit.now - memory.failed_at)
        yield warning(say("doctor.fetch_failed", span=span, found=memory.failure), say("doctor.fetch_todo"), subject)
    elif memory.asked_at and visit.now - memory.asked_at > LATE_AFTER:
        told = say("doctor.fetch_late", span=span_text(visit.now - memory.asked_at))
        yield warning(told, say("doctor.fetch_late_todo"), subject)
    yield from _read(visit, one, memory, subject)


def _certificates(visit: Visit, one: FetchSettings, address: Address, subject: str) -> Iterator[Finding]:
    """The authority's and ours: whose they are, and those that end soon or have ended."""
    authority = read_certificates(address.ca_file) if address.ca_file else ()
    ours = read_certificates(address.certificate)[:1] if address.certificate else ()
    for found, path in (*((each, one.ca_file) for each in authority), *((each, one.certificate) for each in ours)):
        yield from _ending(visit, found, str(path), subject)
    for found in authority[:1]:
        told = say("doctor.fetch_authority", name=found.name, until=f"{found.until:%d/%m/%Y}")
        yield ok(told, subject)
    if not authority:
        yield ok(say("doctor.fetch_system"), subject)


def _ending(visit: Visit, found: Certificate, path: str, subject: str) -> Iterator[Finding]:
    values = {"name": found.name, "until": f"{found.until.astimezone():%d/%m/%Y}"}
    todo = say("doctor.fetch_over_todo", path=path)
    if found.until <= visit.now:
        yield failure(say("doctor.fetch_over", **values), todo, subject)
    elif found.until - visit.now < NEARLY_OVER:
        yield warning(say("doctor.fetch_soon", **values), todo, subject)


def _server(visit: Visit, address: Address, memory: Memory, subject: str) -> Iterator[Finding]:
    """Greeted, not asked for the file: its certificate is accepted, and until when."""
    quick = Address(address.url, address.ca_file, address.certificate, address.key, min(address.timeout, SECONDS))
    with HttpsLine(quick) as line:
        code, certificate = line.greet()
    if code >= 400 and code not in (405, 501):  # it answers, and knows no HEAD
        told = say("doctor.fetch_code", place=address.place, code=code)
        yield warning(told, say("doctor.fetch_todo"), subject)
        return
    until = f"{certificate.until:%d/%m/%Y}" if certificate else ""
    newest = memory.newest
    if newest is None:
        yield warning(
            say("doctor.fetch_never", place=address.place, until=until), say("doctor.fetch_never_todo"), subject
        )
        return
    days = max(0, (visit.day - newest.moment.date()).days)
    values = {"name": newest.name, "size": size_text(newest.size), "age": age_text(days), "place": address.place}
    yield ok(say("doctor.fetch", until=until, **values), subject)
    if certificate and certificate.until - visit.now < NEARLY_OVER:
        yield warning(
            say("doctor.fetch_soon", name=address.place, until=until), say("doctor.fetch_server_todo"), subject
        )


def _read(visit: Visit, one: FetchSettings, memory: Memory, subject: str) -> Iterator[Finding]:
    """Whether the source looks where the file lies."""
    pattern = pattern_of(visit.settings, one.name)
    if pattern is None:
        yield warning(say("doctor.fetch_unread"), say("doctor.fetch_unread_todo"), subject)
    elif memory.newest and not holds(pattern, visit.settings.root, visit.settings.path(one.into) / memory.newest.name):
        told = say("doctor.fetch_stranger", name=memory.newest.name, pattern=pattern)
        yield failure(told, _pattern_todo(one, memory.newest), subject)


def _pattern_todo(one: FetchSettings, newest: Arrived) -> str:
    lies = pattern_for(f"{one.into}/{newest.name}")
    return say("doctor.fetch_stranger_todo", key=setting_of(one.name), pattern=lies)


def todo_unread(visit: Visit, name: str) -> str:
    """Return what to do about a source whose pattern finds nothing: the pattern to write, where its file has come."""
    asked = next((one for one in visit.settings.fetch if one.name == name), None)
    if asked is None:
        return say("doctor.register_todo")
    newest = recall(visit.settings.path(asked.into)).get(name, Memory()).newest
    return _pattern_todo(asked, newest) if newest else say("doctor.register_todo_fetch")
