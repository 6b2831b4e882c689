"""What is true: who works where; and what the annuaire and the workbook each write of them."""

from dataclasses import dataclass, field
from random import Random

from benchmarks.consequences import naming
from schemas.people.assignment import Assignment
from schemas.people.identifiers import with_luhn_key
from schemas.people.structure import Structure
from schemas.words import fold
from tests.matching.invented_people import Somebody, telephone

PROFESSIONS = (("10", 40), ("21", 12), ("60", 28), ("50", 6), ("SEC", 14))
DOCTORS = ("10", "21")


@dataclass(frozen=True, slots=True)
class Mind:
    """What sort of country. `staff`: at a hospital; `known`: share of its people whom the register has there;
    `mailbox`, `phone`: own ones; `service`, `board`: the service's and the switchboard's; `strangers`: of the register,
    to a line; `copies`: of them, those of the very name of one of ours; `akin`: mix-ups of people with a name in
    common; `rarer`: the long tail of names.
    """

    staff: int = 40
    known: float = 0.85
    mailbox: float = 0.8
    service: float = 0.06
    phone: float = 0.5
    board: float = 0.35
    strangers: float = 5.2  # 30,000 beside 5,760 lines
    copies: float = 0.2
    akin: float = 0.34
    rarer: float = 1.0


MINDS = {
    "plain": Mind(),
    "poor": Mind(known=0.55, mailbox=0.45, service=0.15, phone=0.25, board=0.35),
    "crowded": Mind(staff=120, strangers=9, copies=0.4, akin=0.6, rarer=0.3),
}


@dataclass(slots=True)
class Cells:
    """A person as somebody wrote them down."""

    last: str
    first: str
    number: str
    email: str
    phone: str
    civility: str
    profession: str


@dataclass(slots=True)
class Row:
    """A line of a workbook. `left`: it says that the person went."""

    cells: Cells
    at: Assignment
    left: bool = False
    location: str = ""


@dataclass(slots=True, eq=False)
class Case:
    """One person, and all that is written of them. `kind`: the class of error; `carries`: another's number stands on
    the account or the line; `account_id`: "" for whom has none; `blind`: nobody could tell who a line of theirs means.
    """

    who: Somebody
    home: Assignment
    account: Cells | None
    rows: list[Row]
    kind: str = ""
    carries: bool = False
    account_id: str = ""
    held: list[Assignment] = field(default_factory=list)
    registered_as: tuple[str, str] = ("", "")
    registered: bool = True
    active_there: bool = True
    blind: bool = False

    @property
    def row(self) -> Row:
        """The first line."""
        return self.rows[0]

    @property
    def numbers(self) -> frozenset[str]:
        """All that name this person."""
        return frozenset((self.who.number, self.who.adeli))

    def stands(self, structure_code: str = "") -> bool:
        """A workbook says that they are there: at a structure, or anywhere."""
        return any(not row.left and structure_code in ("", row.at.structure_code) for row in self.rows)


@dataclass(slots=True)
class Births:
    """People, one after the other."""

    chance: Random
    mind: Mind = field(default_factory=Mind)
    boards: dict[str, str] = field(default_factory=dict)
    mailboxes: set[str] = field(default_factory=set)
    born: int = 0

    def person(self, place: str, *, last: str = "", first: str = "", sex: str = "", job: str = "") -> Somebody:
        """Somebody at an establishment."""
        chance = self.chance
        self.born += 1
        origin = naming.origin(chance)
        sex = sex or chance.choice("FFFMM")
        birth = last or naming.last_name(chance, origin, self.mind.rarer)
        usual = birth
        if not last and sex == "F" and chance.random() < origin.married:
            usual = self._married(birth)
        first = first or naming.first_name(chance, origin, sex)
        job = job or chance.choices([one for one, _ in PROFESSIONS], [share for _, share in PROFESSIONS])[0]
        rpps = "8" + with_luhn_key(f"9970{self.born:06d}")
        return Somebody(
            serial=self.born,
            last=usual,
            birth=birth,
            first=first,
            second=naming.first_name(chance, origin, sex),
            sex=sex,
            profession=job,
            place=place,
            email=self._mailbox(first, usual, place),
            phone=telephone(chance),
            number=f"3{place}/P{self.born}" if job == "SEC" else rpps,
            adeli="0" + with_luhn_key(f"{10 + self.born % 80}9{self.born // 80:05d}"),
        )

    def _married(self, birth: str) -> str:
        other = naming.last_name(self.chance, naming.origin(self.chance))
        return self.chance.choice((other, other, f"{birth}-{other}", f"{other}-{birth}", f"{birth} {other}"))

    def _mailbox(self, first: str, last: str, place: str) -> str:
        """prenom.nom at the hospital; p.nom in some; a figure for who comes second; a name of their own in a few."""
        turn = self.chance.random()
        house = f"@es{place[:8].lower()}.example.org"
        local = _letters(f"{first}.{last}") if turn < 0.75 else _letters(f"{first[:1]}.{last}")
        if turn > 0.93:
            local, house = f"cabinet{self.born}", "@cabinets.example.org"
        found = f"{local}{house}"
        while found in self.mailboxes:
            local = f"{local.rstrip('0123456789')}{self.chance.randrange(2, 999)}"
            found = f"{local}{house}"
        self.mailboxes.add(found)
        return found

    def case(self, who: Somebody, home: Assignment) -> Case:
        """Told the same everywhere, contacts apart; the register knows nearly all by their present name."""
        chance = self.chance
        account, row = self.cells(who), self.cells(who)
        if chance.random() < 0.75:
            row.email, row.phone = account.email, account.phone
        last = who.birth if chance.random() < 0.12 else who.last
        return Case(
            who,
            home,
            account,
            [Row(row, home)],
            held=[home],
            registered_as=(last, who.first),
            registered=who.registered,
            active_there=chance.random() < self.mind.known,
        )

    def cells(self, who: Somebody) -> Cells:
        """All as it is; their own mailbox, the service's or none; their own telephone, the switchboard's or none."""
        email, phone, mind = self.chance.random(), self.chance.random(), self.mind
        service = f"hemovigilance@es{who.place[:8].lower()}.example.org"
        return Cells(
            who.last,
            who.first,
            who.number,
            who.email if email < mind.mailbox else service if email < mind.mailbox + mind.service else "",
            who.phone if phone < mind.phone else self.boards[who.place] if phone < mind.phone + mind.board else "",
            "Mme" if who.sex == "F" else "M.",
            who.profession,
        )


def _letters(text: str) -> str:
    """For a mailbox."""
    return "".join(sign for sign in fold(text) if sign.isalnum() or sign in ".-")


def structures(hospitals: int) -> list[Structure]:
    """Hospitals of eight regions, one in twelve a site of one of four ETS; every number has its key."""
    regions, parents = ("11", "24", "32", "44", "52", "75", "84", "93"), ("ETS-IDF", "ETS-HFNO", "ETS-CPDL", "ETS-AURA")
    found = []
    for at in range(hospitals):
        code = with_luhn_key(f"{10 + at % 80}9{at // 80:05d}")
        site = at % 12 == 11
        kind, parent = ("SITE", parents[at // 12 % 4]) if site else ("ES", "")
        found.append(Structure(code, kind, f"Établissement {at}", regions[at % len(regions)], parent))
    return found


def posts(structure: Structure, staff: int) -> list[Assignment]:
    """A titulaire, a remplaçant, and assistants."""
    chv = [Assignment(structure.code, "CHV_ST", rank) for rank in ("TITULAIRE", "REMPLACANT")]
    return [*chv, *[Assignment(structure.code, "ASSISTANT", "")] * (staff - len(chv))]
