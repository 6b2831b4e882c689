"""The truth that every shape tells: an invented region whose annuaire, registers and workbook agree on everybody.

A night over it has no change, and every row of a workbook confirms one function of one account.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from connectors.sources.guard import Opener
from connectors.sources.workbook import read_workbook
from pipelines.changes.compare import compare
from pipelines.policy import Policy
from pipelines.sources.annuaire import Annuaire, annuaire_of
from pipelines.sources.cells.known_people import people_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.national.consolidate import Register, consolidate
from pipelines.sources.national.register import cards_of, persons_of
from pipelines.sources.snapshot import Snapshot, with_workbook_structures
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.changes.change import Change
from schemas.people.assignment import AnnuaireRow
from schemas.people.identifiers import with_luhn_key
from schemas.reading.source import WorkbookScope, contract
from tests.shapes.book import Book, Cells, standard_book, write

DAY = date(2026, 11, 22)
REGION = "24"
ADMIN = ("admin.efit@example.org",)
SCOPE = WorkbookScope("workbook:shapes", "region", REGION)
PLACES = (
    ("CENTRE HOSPITALIER DE VALVERT", "01"),
    ("CLINIQUE DU LAC BLEU", "18"),
    ("HÔPITAL SAINT-ÉLOI", "28"),
    ("CENTRE HOSPITALIER UNIVERSITAIRE D'ORMESSE", "37"),
    ("POLYCLINIQUE DES TROIS-RIVIÈRES", "41"),
)
NAMES = (
    ("MARTIN", "Thomas"), ("LE GOFF", "Yann"), ("BÉRANGER", "Zoé"), ("LEROY", "Claire"),
    ("DUPONT-MARTIN", "Éléonore"), ("NGUYEN", "Thi Lan"), ("THOMAS", "Alice"), ("PETIT", "Marie"),
    ("D'ORNANO", "François"), ("KÖNIG", "Jürgen"), ("EL MANSOURI", "Fatima"), ("DE LA ROCHE", "Anne-Sophie"),
    ("ROUX", "Luc"), ("DIALLO", "Mamadou"), ("FERREIRA", "Inès"), ("SAINT-CYR", "Benoît"),
    ("OBIOMA", "Chidi"), ("LOPEZ", "José"), ("VASSEUR", "Noémie"), ("GARCIA", "Élise"),
    ("BRUN", "Paul"), ("MOREL", "Camille"),
)  # fmt: skip
ROLES = (("CHV-ST", "Titulaire"), ("CHV-ST", "Remplaçant"), ("Assistant", ""), ("Assistant", ""))
WORK = ("Médecin", "Pharmacien", "Infirmier", "Secrétaire")
CODES = {"Médecin": "10", "Pharmacien": "21", "Infirmier": "60"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a night says of one shape. `used`: of the functions of the truth those that a row confirms."""

    changes: tuple[Change, ...]
    used: float
    judged: JudgedWorkbook
    message: str

    @property
    def harmful(self) -> tuple[Change, ...]:
        """Changes that somebody would enter, and that are not true."""
        return tuple(one for one in self.changes if one.kind != "review" and one.reasons[0] != "line_not_understood")


def finess(departement: str, number: int) -> str:
    """A FINESS number of nobody, with its key."""
    return with_luhn_key(f"{departement}9980{number:02d}")


@cache
def rows() -> tuple[Cells, ...]:
    """One row for each person and function, by the names of our columns."""
    found: list[Cells] = []
    for at, (last, first) in enumerate(NAMES):
        place = at // 4 if at < 20 else None
        role = ROLES[at % 4] if place is not None else (("CRH-ST", "Titulaire"), ("Assistant", ""))[at - 20]
        profession = WORK[at % 4] if place is not None else ("Médecin", "Secrétaire")[at - 20]
        code = finess(PLACES[place][1], place) if place is not None else REGION
        cpe = profession == "Secrétaire"
        number = f"3{finess('45', 0)}/{700 + at}" if cpe else "8" + with_luhn_key(f"99700080{at:02d}")
        found.append(
            {
                "structure_code": code,
                "structure_name": PLACES[place][0] if place is not None else "Centre-Val de Loire",
                "structure_type": "ES" if place is not None else "Région sanitaire",
                "function": role[0],
                "rank": role[1],
                "civility": "Mme" if at % 2 else "M.",
                "last_name": last,
                "first_name": first,
                "profession": profession,
                "cpx_number": number,
                "card_type": "CPE" if cpe else "CPS",
                "card_expires_on": (date(2027, 12, 31), date(2028, 5, 31), date(2028, 1, 31))[at % 3],
                "email": f"p{at}@example.org",
                "phone": f"02990012{at:02d}",
                "status": "Actif",
            }
        )
    return tuple(found)


@cache
def nation() -> tuple[Annuaire, Register]:
    """The annuaire and the registers."""
    people = rows()
    annuaire = [_annuaire(f"EF{at:04d}", one) for at, one in enumerate(people)]
    held = annuaire_of(_frame(list(AnnuaireRow.model_fields), annuaire), "annuaire").items
    registered = [one for one in people if one["card_type"] == "CPS"]
    persons = _frame(list(contract("register_persons").columns), [_person(one) for one in registered])
    cards = [_card(at, one) for at, one in enumerate(registered)]
    holders = _frame(list(contract("register_cards").columns), cards)
    found = persons_of(persons, "register.persons").items
    carried = cards_of(holders, "register.cards").items
    return held, consolidate(found, carried, {}, persons_read=True, cards_read=True)


def _annuaire(key: str, one: Cells) -> dict[str, str]:
    text = {name: value if isinstance(value, str) else f"{value:%d/%m/%Y}" for name, value in one.items()}
    return {**text, "account_id": key, "active": "Oui", "region_code": REGION, "parent_code": ""}


def _person(one: Cells) -> dict[str, str]:
    number = str(one["cpx_number"])
    return {
        "id_type": number[0],
        "identifier": number[1:],
        "national_id": number,
        "civility": "MME" if one["civility"] == "Mme" else "M",
        "last_name": str(one["last_name"]),
        "first_name": str(one["first_name"]),
        "profession": CODES[str(one["profession"])],
        "category": "C",
        "finess_site": str(one["structure_code"]) if len(str(one["structure_code"])) == 9 else "",
    }


def _card(at: int, one: Cells) -> dict[str, str]:
    number = str(one["cpx_number"])
    return {
        "id_type": number[0],
        "identifier": number[1:],
        "national_id": number,
        "card_type": "CPS",
        "serial": f"98{at:08d}",
        "content_id": number,
        "starts_on": "2025-01-01",
        "ends_on": f"{one['card_expires_on']:%Y-%m-%d}",
    }


def _frame(columns: Sequence[str], lines: Sequence[dict[str, str]]) -> pd.DataFrame:
    table = [[line.get(name, "") for name in columns] + [f"ligne {at}"] for at, line in enumerate(lines, 2)]
    return pd.DataFrame(table, columns=[*columns, "_location"], dtype=object)


def standard() -> Book:
    """The truth as `template` would have it."""
    return standard_book(rows())


def tell(book: Book, folder: Path, opener: Opener | None = None) -> Told:
    """Write a workbook, read it, and play a night over it."""
    return tell_file(write(book, folder), opener)


def tell_file(path: Path, opener: Opener | None = None, newcomer: str = "") -> Told:
    """The same of a workbook that is written already. `newcomer`: an account that the annuaire does not have."""
    reading = read_workbook(path, SCOPE.source, shown=path.name, opener=opener)
    annuaire, register = nation()
    accounts = {key: one for key, one in annuaire.accounts.items() if key != newcomer}
    annuaire = replace(annuaire, accounts=accounts)
    around = Surroundings(annuaire.structures, people=people_of(annuaire.accounts.values()))
    scope = WorkbookScope(SCOPE.source, "region", REGION, not reading.facts.get("partial"), reading.report.usable)
    judged = workbook_of(reading.frame, reading.places, RowNight(scope, around, DAY, 3), reading.written)
    snapshot = Snapshot(
        day=DAY,
        policy=Policy(),
        accounts=annuaire.accounts,
        structures=with_workbook_structures(annuaire.structures, tuple(judged.lines)),
        register=register,
        lines=tuple(judged.lines),
        unread=tuple(judged.unread),
        written=judged.written,
        conventions=tuple(judged.conventions),
        scopes=(judged.scope,),
        annuaire_structures=frozenset(annuaire.structures),
    )
    found = compare(snapshot, (), ADMIN)
    held = [(key, one) for key, account in annuaire.accounts.items() for one in account.assignments]
    seen = sum(one in {line.assignment for line in found.identities[key].present} for key, one in held)
    return Told(found.changes, seen / len(held), judged, reading.report.message)
