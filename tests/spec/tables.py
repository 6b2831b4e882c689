"""The rows of the spec tests: invented people, their structures, and how each source writes them.

A builder gives the row of somebody about whom all sources agree; what a test is about is in its arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.nomenclatures import label_of
from schemas.people.identifiers import with_luhn_key
from schemas.people.structure import Structure
from schemas.reading.source import WorkbookScope

FAR = "2028-05-31"

Cells = dict[str, str]
Role = tuple[str, str]

ASSISTANT: Role = ("Assistant", "")
TITULAIRE: Role = ("CHV-ST", "Titulaire")
REMPLACANT: Role = ("CHV-ST", "Remplaçant")
CRH: Role = ("CRH-ST", "Titulaire")
HEMOVIGILANT: Role = ("Hémovigilant", "")


def finess(departement: str, number: int) -> str:
    """A FINESS number of nobody, with its key."""
    return with_luhn_key(f"{departement}9990{number:02d}")


ES, OTHER_ES = finess("45", 1), finess("45", 2)
ES_52, ES_11 = finess("44", 3), finess("75", 4)
SITE, SITE_52 = finess("45", 5), finess("44", 6)
STRUCTURES = {
    one.code: one
    for one in (
        Structure(ES, "ES", "CH d'Essai", "24"),
        Structure(OTHER_ES, "ES", "Clinique du Modèle", "24"),
        Structure(ES_52, "ES", "CH de la Fiction", "52"),
        Structure(ES_11, "ES", "CH de l'Exemple", "11"),
        Structure(SITE, "SITE", "Site d'Essai", "24", "ETS-CPDL"),
        Structure(SITE_52, "SITE", "Site de la Fiction", "52", "ETS-CPDL"),
        Structure("24", "REGION", "Centre-Val de Loire", "24"),
        Structure("52", "REGION", "Pays de la Loire", "52"),
        Structure("11", "REGION", "Île-de-France", "11"),
        Structure("ETS-CPDL", "ETS", "EFS Centre-Pays de la Loire", "52"),
        Structure("ETS-IDF", "ETS", "EFS Île-de-France", "11"),
        Structure("ANSM", "ANSM", "ANSM", ""),
        Structure("EFS", "EFS_NATIONAL", "EFS national", ""),
        Structure("CTSA", "CTSA", "CTSA", ""),
    )
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. `profession`: a code of professions.csv; `cpe`: a CPE number, no RPPS."""

    serial: int
    last_name: str
    first_name: str
    profession: str = "10"
    cpe: str = ""

    @property
    def rpps(self) -> str:
        """The national identification, from the range of invented numbers."""
        return "8" + with_luhn_key(f"9970{self.serial:06d}")

    @property
    def number(self) -> str:
        """What stands on the first line of their card."""
        return self.cpe or self.rpps

    @property
    def card_serial(self) -> str:
        """« Numéro carte »: ten digits that name nobody."""
        return f"999{self.serial:07d}"

    @property
    def account_id(self) -> str:
        """Their account in e-FIT."""
        return f"EF{self.serial:04d}"

    @property
    def email(self) -> str:
        """Their address."""
        return f"p{self.serial}@example.org"


ANNE = Person(1, "EXEMPLE", "Anne")
LUC = Person(2, "MODÈLE", "Luc", "21")
ZOE = Person(3, "FACTICE", "Zoé", "60")
PAUL = Person(4, "SONGE", "Paul", "SEC", f"3{ES}/HV-SONGE")


def adeli(number: int) -> str:
    """An ADELI identification of nobody (0 and nine digits)."""
    return "0" + with_luhn_key(f"4599{number:04d}")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, and whom it is about."""

    who: Person
    cells: Cells


def account(who: Person, at: str = ES, role: Role = ASSISTANT, **cells: str) -> Line:
    """A row of the annuaire: an account and one assignment; `at=""` for none."""
    one = STRUCTURES.get(at)
    return Line(
        who,
        {
            "account_id": who.account_id,
            "civility": "Mme",
            "last_name": who.last_name,
            "first_name": who.first_name,
            "profession": label_of("professions", who.profession),
            "cpx_number": who.number,
            "card_type": "CPE" if who.cpe else "CPS",
            "card_expires_on": FAR,
            "email": who.email,
            "phone": "01 99 00 12 34",
            "active": "Oui",
            "function": role[0] if at else "",
            "rank": role[1] if at else "",
            "structure_type": label_of("structure_types", one.type) if one else "",
            "structure_code": at,
            "structure_name": one.name if one else "",
            "region_code": one.region_code if one else "",
            "parent_code": one.parent_code if one else "",
            **cells,
        },
    )


def row(who: Person, at: str = ES, role: Role = ASSISTANT, **cells: str) -> Line:
    """A row of a workbook."""
    one = STRUCTURES.get(at)
    return Line(
        who,
        {
            "structure_code": at,
            "structure_type": label_of("structure_types", one.type) if one else "",
            "function": role[0],
            "rank": role[1],
            "last_name": who.last_name,
            "first_name": who.first_name,
            "profession": label_of("professions", who.profession),
            "cpx_number": who.number,
            "card_type": "CPE" if who.cpe else "CPS",
            "card_expires_on": "2028-05-31",
            "email": who.email,
            "phone": "01 99 00 12 34",
            **cells,
        },
    )


def registered(who: Person, **cells: str) -> Line:
    """A row of the register: one activity; `national_id` may be an ADELI identification."""
    national_id = cells.pop("national_id", who.rpps)
    return Line(
        who,
        {
            "id_type": national_id[0],
            "identifier": national_id[1:],
            "national_id": national_id,
            "civility": "MME",
            "last_name": who.last_name,
            "first_name": who.first_name,
            "profession": who.profession,
            "category": "C",
            "finess_site": ES,
            **cells,
        },
    )


def card(who: Person, ends_on: str = FAR, **cells: str) -> Line:
    """A row of the holders of cards."""
    holder = cells.pop("holder", who.rpps)
    return Line(
        who,
        {
            "id_type": holder[0],
            "identifier": holder[1:],
            "national_id": holder,
            "card_type": "CPS",
            "serial": who.card_serial,
            "content_id": holder,
            "starts_on": "2024-01-01",
            "ends_on": ends_on,
            **cells,
        },
    )


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its rows and what it is complete for. One was not read at all, another is not whole."""

    kind: str
    code: str
    rows: Sequence[Line]
    complete: bool = True
    usable: bool = True
    whole: bool = True

    @property
    def scope(self) -> WorkbookScope:
        """As the night knows it."""
        name = f"workbook:{self.code or self.kind}"
        return WorkbookScope(name, self.kind, self.code, self.complete, self.usable)

    def covers(self, code: str) -> bool:
        """It lists the people of this structure."""
        one = STRUCTURES[code]
        match self.kind:
            case "region":
                return one.type in ("REGION", "ES") and one.region_code == self.code
            case "ets":
                return self.code in (one.code, one.parent_code)
            case _:
                return one.type in ("ANSM", "EFS_NATIONAL", "CTSA")


def region(code: str, *rows: Line, complete: bool = True, usable: bool = True, whole: bool = True) -> Book:
    """The workbook of a région sanitaire and its ES."""
    return Book("region", code, rows, complete, usable, whole)


def ets(code: str, *rows: Line, complete: bool = True, usable: bool = True, whole: bool = True) -> Book:
    """The workbook of a regional ETS and its sites."""
    return Book("ets", code, rows, complete, usable, whole)


def national(*rows: Line) -> Book:
    """The workbook of ANSM, EFS national and CTSA."""
    return Book("national", "", rows)
