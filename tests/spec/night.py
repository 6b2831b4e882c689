"""A night of a few invented people, written as small tables: rows in, changes and issues out; no file.

Unless a test says otherwise everybody named is in the register, holds a CPS until 31 May 2028 and has told
the same to the annuaire and to the workbook. Every structure named has a titulaire, and the posts of region
24, region 11 and ETS-CPDL are held, so that nothing is found but what the test is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import pandas as pd

from pipelines.believed import settle_number
from pipelines.compare import Comparison, compare
from pipelines.consolidate import Register, consolidate
from pipelines.earlier import Earlier
from pipelines.validate.annuaire import annuaire_of
from pipelines.validate.known import people_of
from pipelines.validate.place import Surroundings
from pipelines.validate.register import cards_of, correspondences, crosswalk_of, establishments_of, persons_of
from pipelines.validate.workbook import JudgedWorkbook, workbook_of
from pipelines.world import Policy, World, with_workbook_structures
from schemas.assignment import Account, AnnuaireRow
from schemas.change import Change
from schemas.identifiers import CpxReading
from schemas.issue import Issue, issue
from schemas.routing import Route
from schemas.source import contract
from schemas.structure import FinessRow
from schemas.workbook import WorkbookLine, WorkbookRow
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

Item = TypeVar("Item", WorkbookLine, Account)


@dataclass(frozen=True, slots=True)
class Night:
    """What was found."""

    world: World
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
) -> Night:
    """Judge the tables and compare. `workbook`: rows of the complete workbook of region 24.

    `crosswalk`: ADELI → RPPS, several of them joined by « | ».

    `register`, `cards`: by default everybody named has their line and a valid card. `closed`: FINESS that the
    stock shows closed (None: no stock). `mentioned_before`, `left`: as `World` has them. `kept=False`: no titulaires
    and posts but the test's own. `earlier`: what is known of the nights before.
    """
    policy = policy or Policy()
    all_books = [*books, region("24", *workbook)] if workbook is not None else list(books)
    named = _once([line.who for line in (*annuaire, *(r for b in all_books for r in b.rows)) if not line.who.cpe])
    keepers = _keepers(annuaire, all_books) if kept else []
    held = [*annuaire, *(account(who, at, role) for who, at, role in keepers)]
    all_books = [_with_keepers(book, keepers) for book in all_books]
    staff = [who for who, _, _ in keepers]
    people = [*(register if register is not None else map(registered, named)), *map(registered, staff)]
    holders = [*(cards if cards is not None else map(card, named)), *map(card, staff)]
    judged = annuaire_of(frame_of(held, list(AnnuaireRow.model_fields)), "annuaire")
    stock = None if closed is None else establishments_of(_stock(closed), DAY)
    around = Surroundings(judged.items.structures, stock, people=people_of(judged.items.accounts.values()))
    read = [_judge(book, around, day, policy) for book in all_books]
    nation, issues = _register(
        people, holders, crosswalk or {}, persons_read, cards_read, unread, policy.card_validity_years, configured
    )
    nation = replace(nation, cards_certain=cards_certain)
    issues = [*judged.issues, *(one for book in read for one in book.issues), *issues]
    lines = tuple(_settled(line, line.location, nation, issues) for book in read for line in book.lines)
    accounts = {key: _settled(one, key, nation, issues) for key, one in judged.items.accounts.items()}
    world = World(
        day=day,
        policy=policy,
        accounts=accounts,
        structures=with_workbook_structures(judged.items.structures, lines),
        register=nation,
        lines=lines,
        unread=(*judged.items.unread, *(one for book in read for one in book.unread)),
        conventions=tuple(one for book in read for one in book.conventions),
        scopes=tuple(book.scope for book in read),
        establishments=stock,
        annuaire_structures=frozenset(judged.items.structures),
        mentioned_before=mentioned_before or {},
        left_structures=frozenset(left),
    )
    return Night(world, compare(world, routing, (ADMIN,), earlier=earlier or Earlier()), tuple(issues))


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
    return pd.DataFrame(table, columns=[*columns, "_location"], dtype=object)


def _extract(name: str, lines: Sequence[Line]) -> pd.DataFrame:
    return frame_of(lines, list(contract(name).columns))


def _stock(closed: Sequence[str]) -> pd.DataFrame:
    columns = list(FinessRow.model_fields)
    here = {code: "oui" for code, one in STRUCTURES.items() if one.type in ("ES", "SITE")}
    known = here | dict.fromkeys(closed, "non")
    table = [[{"finess": code, "is_open": state}.get(name, "") for name in columns] for code, state in known.items()]
    return pd.DataFrame(table, columns=columns, dtype=object)


def _judge(book: Book, around: Surroundings, day: date, policy: Policy) -> JudgedWorkbook:
    columns = [name for name in WorkbookRow.model_fields if name != "location"]
    frame = frame_of(book.rows, columns)
    frame["_place"] = "Feuil1"
    frame["_row"] = [str(number) for number in range(2, len(frame) + 2)]
    places = {"Feuil1": {name: f"Feuil1!{chr(65 + at)}" for at, name in enumerate(columns)}}
    years = policy.card_validity_years
    judged = workbook_of(frame, places, book.scope, around, day=day, card_validity_years=years)
    return judged if book.whole else judged.for_presence()


def _register(
    people: Sequence[Line],
    holders: Sequence[Line],
    crosswalk: Mapping[str, str],
    persons_read: bool,
    cards_read: bool,
    unread: Sequence[str],
    years: int,
    configured: bool,
) -> tuple[Register, list[Issue]]:
    """As the night puts the national files together; one that could not be read, or is not configured, has no line."""
    persons_read, cards_read = persons_read and configured, cards_read and configured
    persons = persons_of(_extract("register_persons", people if persons_read else []), "register.persons")
    cards = cards_of(_extract("register_cards", holders if cards_read else []), "register.cards", years)
    told = [(old, new) for old, several in crosswalk.items() for new in several.split("|")]
    pairs = [[old.removeprefix("0"), new.removeprefix("8"), "ligne 2"] for old, new in told]
    pairs_frame = pd.DataFrame(pairs, columns=["adeli", "rpps", "_location"], dtype=object)
    leads = crosswalk_of(pairs_frame, "register.crosswalk")
    links, forks = correspondences(leads.items, cards.items)
    nation = consolidate(
        persons.items,
        cards.items,
        links,
        persons_read=persons_read,
        cards_read=cards_read,
        configured=configured,
        unread=[*unread, *persons.unread, *cards.unread],
        forks=forks,
    )
    return nation, [*persons.issues, *cards.issues, *leads.issues]


def _settled(one: Item, place: str, nation: Register, issues: list[Issue]) -> Item:
    """A serial becomes its only holder's number, as in the night."""
    reading: CpxReading
    code: str
    reading, code = settle_number(one.number, nation)
    if code:
        reading = replace(reading, codes=(*reading.codes, code))
        found = issue("", place, "cpx_number", code, found=reading.raw, repaired=reading.number)
        issues.append(found)
    return replace(one, number=reading)
