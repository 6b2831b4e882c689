"""The national files, each told by the ones before it whom to look for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from connectors.catalogue import Found, age_in_days, find_newest
from connectors.readers.crosswalk import read_crosswalk
from connectors.readers.register import read_again, read_register
from connectors.readers.result import Reading, refused
from connectors.readers.steady import read_steadily
from flows.directory import Files, with_directory
from flows.gathered import Gathered
from flows.settings import Settings, policy_of
from flows.steps import Do, Step, plainly, unread
from flows.telling import Tell
from flows.whole import whole_register
from pipelines.consolidate import Register, consolidate
from pipelines.fingerprint import rows_of
from pipelines.names import spellings
from pipelines.validate.judged import Judged
from pipelines.validate.register import cards_of, correspondences, crosswalk_of, persons_of
from schemas.assignment import Account
from schemas.errors import SourceError
from schemas.extraction import Extraction
from schemas.identifiers import CpxReading, NumberKind
from schemas.nomenclatures import say
from schemas.source import SourceReport, SourceStatus, Wanted
from schemas.spread import Spread
from schemas.workbook import WorkbookLine


def read_registers(
    settings: Settings,
    day: date,
    accounts: Mapping[str, Account],
    lines: list[WorkbookLine],
    gathered: Gathered,
    tell: Tell,
    do: Do = plainly,
) -> Register:
    """The national files in the order in which each tells whom to look for in the next."""
    crosswalk = _crosswalk(settings, gathered, do)
    wanted = wanted_of([one.number for one in accounts.values()] + [line.number for line in lines], crosswalk)
    names = [(one.last_name, one.first_name) for one in accounts.values()]
    names += [(line.last_name, line.first_name) for line in lines]
    wanted |= Wanted(names=frozenset(key for name in names for key in spellings(*name)))
    files = settings.register_
    cards, card_reading = _extract(
        settings, files.cards, "register.cards", "register_cards", wanted, day, gathered, tell, do
    )
    years = settings.policy.card_validity_years
    judged_cards = cards_of(cards.frame, "register.cards", years) if cards else Judged(())
    links, forks = correspondences(crosswalk, judged_cards.items)
    wanted |= Wanted(frozenset(card.holder for card in judged_cards.items) | frozenset(links.values()))
    if cards:
        gathered.keep(cards, judged_cards.issues, judged_cards.rejected)
        gathered.rows["register.cards"] = rows_of(cards.frame, "national_id")
    people = {}
    unread: set[str] = set(judged_cards.unread) | set(cards.facts.get("unread", ()) if cards else ())
    persons_read = False
    for pattern, source in ((files.adeli, "register.adeli"), (files.persons, "register.persons")):
        reading, read = _extract(settings, pattern, source, "register_persons", wanted, day, gathered, tell, do)
        if reading:
            judged = persons_of(reading.frame, source)
            gathered.keep(reading, judged.issues, judged.rejected)
            gathered.rows[source] = rows_of(reading.frame, "national_id")
            people.update(judged.items)
            unread |= judged.unread | set(reading.facts.get("unread", ()))
        if pattern is not None and not read and source == "register.adeli":
            unread |= {number for number in wanted.national_ids if number.startswith("0")}
        persons_read = read  # the persons file is the last of the two
        stamp = reading.report.stamp if reading else None
    files_say = Files(people, judged_cards.items, frozenset(unread), persons_read, card_reading, stamp)
    known = with_directory(settings, day, wanted.national_ids, files_say, gathered, tell, do)
    return consolidate(
        known.persons,
        known.cards,
        links,
        persons_read=known.persons_read,
        cards_read=known.cards_read,
        cards_certain=cards is None or not cards.report.message,
        configured=files.persons is not None or settings.directory.url is not None,
        unread=known.unread,
        crosswalk=crosswalk.keys() & links.keys(),
        forks=forks,
    )


def wanted_of(numbers: Iterable[CpxReading], links: Mapping[str, Iterable[str]]) -> Wanted:
    """Whom to look for: every number as it is and whatever it leads to, every serial."""
    ids: set[str] = set()
    serials: set[str] = set()
    for reading in numbers:
        if reading.kind is NumberKind.SERIAL:
            serials.add(reading.number)
        elif reading.usable:
            ids |= {reading.number, *links.get(reading.number, ())}
    return Wanted(frozenset(ids), frozenset(serials))


def _crosswalk(settings: Settings, gathered: Gathered, do: Do) -> dict[str, tuple[str, ...]]:
    pattern = settings.register_.crosswalk
    if pattern is None:
        return {}
    source = "register.crosswalk"

    def work() -> Reading:
        return whole_register(_read_crosswalk(settings, pattern, source), gathered.past, policy_of(settings))

    reading = do(Step("read", source), work, unread)
    if not reading.report.usable:
        gathered.keep(reading)
        return {}
    judged = crosswalk_of(reading.frame, source)
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged.items


def _read_crosswalk(settings: Settings, pattern: str, source: str) -> Reading:
    try:
        found = find_newest(pattern, settings.root)
    except SourceError as error:
        return refused(SourceReport(source, pattern), error, ())
    return read_steadily([found.path], lambda: read_crosswalk(found.path, source, shown=found.shown))


def _extract(
    settings: Settings,
    pattern: str | None,
    source: str,
    contract_name: str,
    wanted: Wanted,
    day: date,
    gathered: Gathered,
    tell: Tell,
    do: Do,
) -> tuple[Reading | None, bool]:
    """(the reading, whether it may be concluded from); a stale or unusable file is reported and not used."""
    if pattern is None:
        return None, False

    known = gathered.memory.recall(source)

    def work() -> Reading:
        spread = do.spread(step)
        floor = settings.register_.min_rows if source == "register.persons" else 0
        reading = _read_extract(settings, pattern, source, contract_name, wanted, known, day, tell, spread)
        return whole_register(reading, gathered.past, policy_of(settings), floor)

    step = Step("read", source)
    reading = do(step, work, unread)
    if found := reading.facts.get("extraction"):
        gathered.memory.keep(found)
    if not reading.report.usable:
        gathered.keep(reading)
        return None, False
    return reading, True


def _read_extract(
    settings: Settings,
    pattern: str,
    source: str,
    contract_name: str,
    wanted: Wanted,
    known: Extraction | None,
    day: date,
    tell: Tell,
    spread: Spread | None,
) -> Reading:
    """The newest extract of a pattern, unless it is too old. ADELI is frozen since 2024: its extract never is.

    What is `known` of the very same file for the same people is not read again.
    """
    try:
        found = find_newest(pattern, settings.root)
        if source != "register.adeli":
            _refuse_stale(found, day, settings.register_.max_age_days)
    except SourceError as error:
        return _refused(source, pattern, error)
    again = read_again(found.path, known, contract_name, wanted, shown=found.shown) if known else None
    if again:
        return replace(again, report=replace(again.report, stamp=found.day))
    name = say(f"source.{source.replace('.', '_')}")
    read = partial(
        read_register,
        found.path,
        source,
        contract_name,
        wanted,
        shown=found.shown,
        progress=lambda done, total: tell(say("step.register", source=name), done, total),
        spread=spread,
        piece=settings.orchestration.part_bytes,
    )
    reading = read_steadily([found.path], read)
    return replace(reading, report=replace(reading.report, stamp=found.day))


def _refuse_stale(found: Found, day: date, max_age_days: int) -> None:
    if age_in_days(found, day) > max_age_days:
        message = say("issue.FILE_STALE", found=f"{found.day:%d/%m/%Y}", expected=max_age_days)
        raise SourceError("FILE_STALE", message, found.shown)


def _refused(source: str, pattern: str, error: SourceError) -> Reading:
    reading = refused(SourceReport(source, error.location or pattern), error, ())
    if error.code != "FILE_STALE":
        return reading
    return replace(reading, report=replace(reading.report, status=SourceStatus.STALE))
