"""Who can be on stage: people, cards, accounts, rows of a workbook; and what is expected of a night.

Each person is told three times: registers (`Person`), annuaire (`Account`) and workbooks (`Row`).
A quiet person is told the same three times; a storyline changes one telling and says what must come of it.
"""

from dataclasses import dataclass, field
from datetime import date

AS_OF = date(2026, 11, 22)
Cell = str | date


@dataclass(frozen=True)
class Structure:
    """A structure of e-FIT; `file`: the workbook complete for it; `domain`: of its mail."""

    key: str
    code: str
    type: str
    name: str
    region: str
    parent: str
    departement: str
    file: str
    domain: str


@dataclass(frozen=True)
class Post:
    """A function at a structure."""

    structure: Structure
    function: str
    rank: str = ""


@dataclass
class Card:
    """One card of the holders' file."""

    type: str
    serial: str
    content: str
    starts: date
    ends: date
    opposed: date | None = None


@dataclass
class Person:
    """What the registers say. `number`: national identification; `register`: RPPS, ADELI or "" (none)."""

    last: str
    first: str
    civility: str
    profession: str
    number: str
    register: str
    category: str = "C"
    cards: list[Card] = field(default_factory=list)
    sites: list[Structure] = field(default_factory=list)


@dataclass
class Account:
    """What the annuaire says, as written in the export."""

    id: str
    civility: str
    last: str
    first: str
    profession: str
    cpx: str
    card_type: str
    expires: date | None
    email: str
    phone: str
    posts: list[Post]
    active: bool = True


@dataclass
class Row:
    """What a workbook says: standard column label → cell. `hidden` for the messy one."""

    file: str
    cells: dict[str, Cell]
    hidden: bool = False


@dataclass
class Actor:
    """One person in all three tellings; no account or no person where the storyline wants none."""

    person: Person
    account: Account | None
    rows: list[Row]

    @property
    def row(self) -> Row:
        """The first row."""
        return self.rows[0]

    @property
    def user(self) -> Account:
        """The account, for those who have one."""
        if self.account is None:
            raise LookupError(f"{self.person.last} has no account")
        return self.account

    def write(self, **cells: Cell) -> None:
        """Set cells of every row of this person, by the short names of `CELLS`."""
        for row in self.rows:
            row.cells.update({CELLS[name]: value for name, value in cells.items()})


CELLS = {
    "code": "FINESS",
    "place": "Établissement",
    "type": "Type de structure",
    "function": "Fonction",
    "rank": "Rang",
    "civility": "Civilité",
    "last": "Nom",
    "first": "Prénom",
    "profession": "Profession",
    "number": "N° CPx",
    "card": "Type de carte",
    "ends": "Date de fin de validité",
    "issued": "Date d'émission",
    "email": "Courriel",
    "phone": "Téléphone",
    "bills": "Facturation",
    "convention": "Convention EFS",
    "status": "Statut",
    "ended": "Date de fin de fonction",
    "comment": "Commentaire",
}
"""Short name → column of the standard workbook (contract §3), in its order."""


@dataclass(frozen=True)
class Expected:
    """One line of expected_changes.csv: a change, or one field of it. `story` says what it shows."""

    kind: str
    reason: str
    account_id: str
    national_id: str
    last_name: str
    first_name: str
    structure_code: str
    function: str
    rank: str
    field: str
    before: str
    after: str
    severity: str
    updater_post: str
    updater_scope: str
    escalated_from: str
    uncovered: str
    story: str


@dataclass(frozen=True)
class ExpectedReject:
    """One line of expected_rejects.csv: how many times a code occurs in a file, and on what."""

    file: str
    code: str
    count: int
    story: str
