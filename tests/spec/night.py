"""A night of a few invented people, written as small tables: rows in, changes and issues out; no file.

Unless a test says otherwise everybody named is in the register, holds a CPS until 31 May 2028 and has told
the same to the annuaire and to the workbook. Every structure named has a titulaire, and the posts of region
24, region 11 and ETS-CPDL are held, so that nothing is found but what the test is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from connectors.sources.result import Reading, text_frame
from pipelines.changes.compare import Comparison, compare
from pipelines.changes.earlier import Earlier
from pipelines.policy import Policy
from pipelines.sources.baseline import Baseline
from pipelines.sources.cells.known_people import people_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.joining import snapshot_of, wanted_by
from pipelines.sources.judge import (
    judge_annuaire,
    judge_cards,
    judge_crosswalk,
    judge_persons,
    judge_structures,
    judge_workbook,
)
from pipelines.sources.judged_sources import Local, National, Source
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.changes.change import Change
from schemas.changes.judgement import Judgement
from schemas.changes.routing import Route
from schemas.people.assignment import AnnuaireRow
from schemas.people.structure import FinessRow
from schemas.people.workbook_line import WorkbookRow
from schemas.reading.footprint import Footprint
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport, Wanted, contract
from schemas.reading.source_names import ADELI, ANNUAIRE, CARDS, CROSSWALK, PERSONS
from schemas.reading.source_names import STRUCTURES as STOCK
from tests.spec.tables import (
    CRH,
    STRUCTURES,
    TITULAIRE,
    Book,
    Line,
    Person,
    Role,
    account,
    card,
    region,
    registered,
    row,
)

DAY = date(2026, 11, 22)
ADMIN = "admin.efit@example.org"
KEEPER = 900_000
MUCH = Footprint(100, 100)  # what a workbook once held that is not whole tonight


@dataclass(frozen=True, slots=True)
class Night:
    """What was found."""

    snapshot: Snapshot
    comparison: Comparison
    issues: tuple[Issue, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change, in reading order."""
        return self.comparison.changes

    def table(self) -> list[tuple[str, str, str]]:
        """(kind, reason, who or which structure) of every change, sorted."""
        return sorted(
            (
                c.kind,
                c.reasons[0],
                f"{c.person.last_name} {c.person.first_name}".strip() or c.assignment.structure_code,
            )
            for c in self.changes
        )

    def reasons(self) -> list[str]:
        """The reasons, sorted."""
        return sorted(reason for change in self.changes for reason in change.reasons)

    def all(self, reason: str) -> list[Change]:
        """The changes for this reason."""
        return [change for change in self.changes if reason in change.reasons]

    def one(self, reason: str) -> Change:
        """The only change for this reason."""
        found = self.all(reason)
        assert len(found) == 1, f"{reason}: {self.table()}"
        return found[0]

    def codes(self) -> list[str]:
        """Reject and repair codes, sorted."""
        return sorted(one.code for one in self.issues)


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of the national files. `crosswalk`: ADELI → RPPS; `unread`: numbers of rows that could not be read."""

    persons: Sequence[Line]
    cards: Sequence[Line]
    crosswalk: Mapping[str, str]
    unread: Sequence[str]


@dataclass(frozen=True, slots=True)
class Read:
    """Which national files could be read; `cards_certain`: with all the columns that say which card opens e-FIT."""

    persons: bool
    adeli: bool
    cards: bool
    cards_certain: bool


@dataclass(frozen=True, slots=True)
class Judging:
    """What the sources are judged by."""

    day: date
    policy: Policy
    before: Baseline


def fields_of(change: Change) -> dict[str, tuple[str | None, str | None]]:
    """Field → (before, after)."""
    return {one.field: (one.before, one.after) for one in change.fields}


def play(
    annuaire: Sequence[Line] = (),
    workbook: Sequence[Line] | None = None,
    books: Sequence[Book] = (),
    register: Sequence[Line] | None = None,
    cards: Sequence[Line] | None = None,
    *,
    crosswalk: Mapping[str, str] | None = None,
    closed: Sequence[str] | None = None,
    persons_read: bool = True,
    adeli_read: bool = True,
    cards_read: bool = True,
    cards_certain: bool = True,
    unread: Sequence[str] = (),
    mentioned_before: Mapping[str, frozenset[str]] | None = None,
    left: Sequence[str] = (),
    configured: bool = True,
    kept: bool = True,
    day: date = DAY,
    policy: Policy | None = None,
    routing: Sequence[Route] = (),
    earlier: Earlier | None = None,
    answers: Sequence[Judgement] = (),
) -> Night:
    """Judge the tables and compare. `workbook`: rows of the complete workbook of region 24.

    `crosswalk`: ADELI → RPPS, several of them joined by « | ».

    `register`, `cards`: by default everybody named has their line and a valid card. `closed`: FINESS that the
    stock shows closed (None: no stock). `mentioned_before`, `left`: as `Snapshot` has them. `kept=False`: no titulaires
    and posts but the test's own. `earlier`: what is known of the nights before; `answers`: what
    updaters decided of who is who.
    """
    policy = policy or Policy()
    all_books = [*books, region("24", *workbook)] if workbook is not None else list(books)
    named = _once([line.who for line in (*annuaire, *(r for b in all_books for r in b.rows)) if not line.who.cpe])
    keepers = _keepers(annuaire, all_books) if kept else []
    held = [*annuaire, *(account(who, at, role) for who, at, role in keepers)]
    all_books = [_with_keepers(book, keepers) for book in all_books]
    staff = [who for who, _, _ in keepers]
    lines = Lines(
        [*(register if register is not None else map(registered, named)), *map(registered, staff)],
        [*(cards if cards is not None else map(card, named)), *map(card, staff)],
        crosswalk or {},
        unread,
    )
    before = Baseline(
        footprints={one.scope.source: MUCH for one in all_books if not one.whole},
        mentioned=mentioned_before or {},
        left=frozenset(left),
        judgements=tuple(answers),
    )
    stock = None if closed is None else judge_structures(_stock(closed), policy, day)
    local = _local(held, all_books, stock, Judging(day, policy, before))
    national = National(wanted_by(local, {}))
    if configured:
        national = _national(lines, national.wanted, policy, Read(persons_read, adeli_read, cards_read, cards_certain))
    snapshot = snapshot_of(local, national, day, policy, before)
    found = compare(snapshot, routing, (ADMIN,), earlier=earlier or Earlier())
    return Night(snapshot, found, snapshot.sources.issues)


def _once(people: Sequence[Person]) -> list[Person]:
    return list(dict.fromkeys(people))


def _keepers(annuaire: Sequence[Line], books: Sequence[Book]) -> list[tuple[Person, str, Role]]:
    """A titulaire where the test names none, and the holders of the posts."""
    lines = [*annuaire, *(line for book in books for line in book.rows)]
    taken = {(line.cells["structure_code"], (line.cells["function"], line.cells["rank"])) for line in lines}
    used = {line.cells["structure_code"] for line in lines} & {
        code for code, one in STRUCTURES.items() if one.type in ("ES", "SITE", "ETS")
    }
    wanted: list[tuple[str, Role]] = [(code, TITULAIRE) for code in sorted(used | {"ETS-CPDL"} - {"ETS-IDF"})]
    wanted += [("24", CRH), ("11", CRH)]
    order = list(STRUCTURES)
    return [
        (Person(KEEPER + order.index(code), f"GARDIEN-{chr(65 + order.index(code)) * 3}", "Noé"), code, role)
        for code, role in wanted
        if (code, role) not in taken
    ]


def _with_keepers(book: Book, keepers: Sequence[tuple[Person, str, Role]]) -> Book:
    if not book.usable:
        return replace(book, rows=())
    return replace(book, rows=[*book.rows, *(row(who, at, role) for who, at, role in keepers if book.covers(at))])


def frame_of(lines: Sequence[Line], columns: Sequence[str]) -> pd.DataFrame:
    """The rows as a reader hands them on: text, and where each stands."""
    table = [[line.cells.get(name, "") for name in columns] + [f"Feuil1!{n}"] for n, line in enumerate(lines, 2)]
    return text_frame(table, [*columns, "_location"])


def extract_of(name: str, lines: Sequence[Line]) -> pd.DataFrame:
    return frame_of(lines, list(contract(name).columns))


def text_of(name: str, frame: pd.DataFrame, *, read: bool = True, unread: Sequence[str] = ()) -> Reading:
    """A source as its reader gives it, without a row where it could not be read."""
    report = SourceReport(name, name, rows_read=len(frame), rows_accepted=len(frame))
    if not read:
        return Reading(report.failed("illisible"), frame.iloc[0:0])
    return Reading(report, frame, facts={"unread": tuple(unread)})


def _stock(closed: Sequence[str]) -> Reading:
    columns = list(FinessRow.model_fields)
    here = {code: "oui" for code, one in STRUCTURES.items() if one.type in ("ES", "SITE")}
    known = here | dict.fromkeys(closed, "non")
    table = [[{"finess": code, "is_open": state}.get(name, "") for name in columns] for code, state in known.items()]
    return text_of(STOCK, pd.DataFrame(table, columns=columns, dtype=object))


def _local(
    held: Sequence[Line], books: Sequence[Book], stock: Source[Mapping[str, FinessRow]] | None, judging: Judging
) -> Local:
    annuaire = judge_annuaire(text_of(ANNUAIRE, frame_of(held, list(AnnuaireRow.model_fields))), judging.policy)
    known = Local(annuaire, stock)
    people = people_of(annuaire.items.accounts.values())
    around = Surroundings(annuaire.items.structures, known.establishments, people=people)
    return replace(known, workbooks=tuple(_judge(book, around, judging) for book in books))


def _judge(book: Book, around: Surroundings, judging: Judging) -> Source[JudgedWorkbook]:
    columns = [name for name in WorkbookRow.model_fields if name != "location"]
    frame = frame_of(book.rows, columns)
    frame["_place"] = "Feuil1"
    frame["_row"] = [str(number) for number in range(2, len(frame) + 2)]
    places = {"Feuil1": {name: f"Feuil1!{chr(65 + at)}" for at, name in enumerate(columns)}}
    against = RowNight(book.scope, around, judging.day, judging.policy.card_validity_years)
    judged = workbook_of(frame, places, against)
    return judge_workbook(text_of(book.scope.source, frame, read=book.usable), judged, judging.policy, judging.before)


def _national(lines: Lines, wanted: Wanted, policy: Policy, read: Read) -> National:
    """The national files; one that could not be read has no line."""
    told = [(old, new) for old, several in lines.crosswalk.items() for new in several.split("|")]
    pairs = [[old.removeprefix("0"), new.removeprefix("8"), "ligne 2"] for old, new in told]
    leads = text_of(CROSSWALK, pd.DataFrame(pairs, columns=["adeli", "rpps", "_location"], dtype=object))
    of_old = [line for line in lines.persons if line.cells["id_type"] == "0"]
    adeli = text_of(ADELI, extract_of("register_persons", of_old), read=read.adeli)
    of_now = [line for line in lines.persons if line not in of_old]
    persons = text_of(PERSONS, extract_of("register_persons", of_now), read=read.persons, unread=lines.unread)
    cards = text_of(CARDS, extract_of("register_cards", lines.cards), read=read.cards, unread=lines.unread)
    if not read.cards_certain:
        cards = replace(cards, report=replace(cards.report, message="une colonne manque", unknown=("opposed_on",)))
    return National(
        wanted,
        judge_crosswalk(leads, policy) if pairs else None,
        judge_cards(cards, policy),
        judge_persons(adeli, policy) if of_old or not read.adeli else None,
        judge_persons(persons, policy),
    )
