"""From judged sources to the snapshot of a night, which every rule looks at; and whom to look for on the way."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import TypeVar

from pipelines.judgements import judgements_of
from pipelines.names import spellings
from pipelines.policy import Policy
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from pipelines.sources.judged_sources import Leads, Local, National, accounted
from pipelines.sources.national.believed import KEY, settle_number, unborne
from pipelines.sources.national.consolidate import Register, consolidate
from pipelines.sources.national.known_persons import together
from pipelines.sources.national.read_cards import holders_of
from pipelines.sources.national.register import correspondences
from pipelines.sources.snapshot import Snapshot, with_workbook_structures
from pipelines.sources.wholeness.counterparts import weighed
from pipelines.sources.workbook.registered import numbers_unread
from pipelines.sources.workbook.written import packed
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.people.card import Card
from schemas.people.directory_answer import Said
from schemas.people.identifiers import CpxReading, NumberKind, classify_cpx
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.issue import Issue, issue
from schemas.reading.source import Wanted
from schemas.reading.source_names import ANNUAIRE

Item = TypeVar("Item", WorkbookLine, Account)


def wanted_by(local: Local, leads: Leads) -> Wanted:
    """Tell whom to look for in the national files: by number and whatever it leads to, by serial, by name."""
    accounts = {**local.annuaire.items.accounts, **local.missed}
    people: list[Account | WorkbookLine] = [*accounts.values(), *local.lines]
    ids: set[str] = set()
    serials: set[str] = set()
    clues = (classify_cpx(number) for number in numbers_unread(book.items for book in local.workbooks))
    for reading in chain((one.number for one in people), clues):
        if reading.kind is NumberKind.SERIAL:
            serials.add(reading.number)
        if number := reading.number if reading.usable else unborne(reading):
            ids |= {number, *leads.get(number, ())}
    names = (key for one in people for key in spellings(one.last_name, one.first_name))
    return Wanted(frozenset(ids), frozenset(serials), frozenset(names))


def wanted_beside(leads: Leads, cards: Collection[Card]) -> Wanted:
    """Tell whom to look for among the persons for the sake of the cards: their holders, and whom these lead to."""
    links, _ = correspondences(leads, cards)
    return Wanted(frozenset(holders_of(cards)) | frozenset(links.values()))


def snapshot_of(
    local: Local,
    national: National,
    day: date,
    policy: Policy,
    baseline: Baseline = NOTHING_BEFORE,
    register: Register | None = None,
) -> Snapshot:
    """Return everything the sources say tonight, put together; of an annuaire that is not usable nothing but their
    account. `register`: of the national files, where it is made already.

    A serial number becomes its only holder's number, where the cards know one.
    """
    sources = accounted(local, national, baseline)
    if not local.annuaire.report.usable:
        nobody = Register(persons_read=False, cards_read=False)
        return Snapshot(day, policy, {}, {}, nobody, sources=sources)
    register = register or register_of(national)
    annuaire, books = local.annuaire.items, [one.items for one in local.workbooks]
    settled = [_settled(line, line.source, line.location, register) for line in local.lines]
    accounts = {key: _settled(one, ANNUAIRE, key, register) for key, one in annuaire.accounts.items()}
    lines = tuple(line for line, _ in settled)
    issues = (*(found for _, found in settled), *(found for _, found in accounts.values()))
    snapshot = Snapshot(
        day=day,
        policy=policy,
        accounts={key: one for key, (one, _) in accounts.items()},
        structures=with_workbook_structures(annuaire.structures, lines),
        register=register,
        lines=lines,
        unread=(*annuaire.unread, *(row for book in books for row in book.unread)),
        written=packed([book.written for book in books]),
        conventions=tuple(one for book in books for one in book.conventions),
        scopes=tuple(book.scope for book in books),
        establishments=local.establishments,
        annuaire_structures=frozenset(annuaire.structures),
        mentioned_before=baseline.mentioned,
        left_structures=baseline.left,
        judgements=judgements_of(baseline.judgements, day),
        words=baseline.words,
        sources=replace(sources, issues=without_believed(sources.issues, filter(None, issues))),
    )
    return weighed(snapshot)


def without_believed(issues: Iterable[Issue], settled: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return all of them; but that a key is wrong is not said of a number that an official file has so."""
    added = tuple(settled)
    wrong = {(one.source, one.message.partition(" : ")[0].partition("\u00a0:")[0]) for one in added if one.code == KEY}
    kept = (
        one
        for one in issues
        if one.code != KEY or not any(one.source == name and one.message.startswith(text) for name, text in wrong)
    )
    return (*kept, *added)


def register_of(national: National) -> Register:
    """Return the national files as one; what could not be read in them, or not at all, is gone for nobody."""
    crosswalk, cards, adeli, persons = national.crosswalk, national.cards, national.adeli, national.persons
    asked = national.directory if national.directory and national.directory.report.usable else None
    leads = crosswalk.items if crosswalk else {}
    held: Collection[Card] = cards.items if cards else ()
    links, forks = correspondences(national.leads, held)
    unread = {number for one in (cards, adeli, persons) if one for number in one.judged.unread}
    if adeli and not adeli.report.usable:
        unread |= {number for number in national.wanted.national_ids if number.startswith("0")}
    said = asked.items if asked else Said()
    unread = (unread - said.persons.keys()) | (national.directory.judged.unread if national.directory else frozenset())
    return consolidate(
        together([persons.items if persons else {}, adeli.items if adeli else {}, said.persons]),
        _with_said(held, said),
        links,
        persons_read=bool(persons and persons.report.usable) or asked is not None,
        cards_read=bool(cards and cards.report.usable) or asked is not None,
        cards_certain=not (cards and cards.report.usable and cards.report.unknown),
        configured=persons is not None or national.directory is not None,
        unread=unread,
        crosswalk=leads.keys() & links.keys(),
        forks=forks,
    )


def _with_said(held: Collection[Card], said: Said) -> Collection[Card]:
    """The cards of the files, then those that the directory tells of: the files go before it."""
    if not said.cards:
        return held
    carded = holders_of(held)
    return (*held, *(card for card in said.cards if card.holder not in carded))


def _settled(one: Item, source: str, place: str, register: Register) -> tuple[Item, Issue | None]:
    """(a line or account with the number that its serial stands for, what is said of that)."""
    reading: CpxReading
    code: str
    reading, code = settle_number(one.number, register)
    if not code:
        return (one if reading is one.number else replace(one, number=reading)), None
    reading = replace(reading, codes=(*reading.codes, code))
    problem = issue(source, place, "cpx_number", code, found=reading.raw, repaired=reading.number)
    if code == KEY:
        told = say("row.key_believed", found=reading.raw, repaired=reading.number)
        problem = Issue(source, place, "cpx_number", code, told)
    return replace(one, number=reading), problem
