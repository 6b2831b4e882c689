"""An invented country of any number of accounts: the annuaire, the workbooks and the national files that go with it.

    python -m benchmarks.invented.growing FOLDER --accounts 50000

Everything grows with the accounts: structures (one for four accounts), lines of the workbooks (no more than twenty
thousand a file), rows of the register and of the cards, and what differs between them. The same seed, the same bytes.
It is written row by row and its annuaire is a database: two million accounts fit no export. The nation as it is, with
what its keepers write and the shapes they write it in, is `country.py`.
"""

import argparse
import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.invented.national import CARDS, PERSONS, SEED, card_ends, in_order, write_cards, write_persons
from connectors.sources.annuaire import ACCOUNT_FIELDS, migrate_annuaire
from schemas.nomenclatures import ets, label_of, regions
from schemas.people.identifiers import with_luhn_key

PERSONS_PER_ACCOUNT, ROWS_PER_PERSON, CARDS_PER_PERSON = 1.1, 1.7, 1.25  # as national.py makes them
MOST_LINES = 20_000  # of one workbook
_HEADER = (
    "FINESS;Type de structure;Fonction;Rang;Civilité;Nom;Prénom;Profession;N° CPx;Type de carte;"
    "Date de fin de validité;Courriel;Téléphone;Statut"
).split(";")
_DOCTORS = ("Médecin", "Pharmacien")
_ASSISTANTS = 3  # beside a doctor, at each structure
_REGIONS = tuple(code for code in sorted(regions()) if len(code) == 2)
_ETS = tuple(sorted(ets()))


@dataclass(frozen=True, slots=True)
class Place:
    """A structure, and whose workbook tells of it: (« region » or « ets », its code)."""

    code: str
    type: str
    region: str
    parent: str
    workbook: tuple[str, str]


NOWHERE = Place("", "", "", "", ("", ""))


@dataclass(frozen=True, slots=True)
class User:
    """Somebody at a structure, as both the annuaire and the workbook have them, until something differs."""

    account_id: str
    number: str
    civility: str
    last_name: str
    first_name: str
    profession: str
    card_ends: str
    email: str
    phone: str
    place: Place = NOWHERE
    function: str = ""
    rank: str = ""
    active: bool = True
    status: str = ""


def write_country(folder: Path, accounts: int, seed: int = SEED) -> Path:
    """Everything a night reads, under `folder`; the path of the configuration."""
    persons = int(accounts * PERSONS_PER_ACCOUNT)
    write_persons(folder / PERSONS, int(persons * ROWS_PER_PERSON), seed)
    write_cards(folder / CARDS, int(persons * CARDS_PER_PERSON), seed)
    chance = Random(seed + 3)
    links: list[str] = []
    with closing(_Annuaire(folder / "efit.db")) as annuaire, _Workbooks(folder) as workbooks:
        for user in islice(_placed(_people(folder / PERSONS, seed)), accounts):
            theirs, said = _apart(user, chance.random(), links)
            if theirs:
                annuaire.add(theirs)
            if said:
                workbooks.add(said)
    text = "\r\n".join(["N° ADELI;N° RPPS", *links, ""])
    (folder / "correspondance.csv").write_text(text, encoding="utf-8", newline="")
    config = folder / "annuaire.toml"
    config.write_text(_CONFIGURATION + "".join(workbooks.tables), encoding="utf-8")
    return config


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


def _people(persons: Path, seed: int) -> Iterator[User]:
    """The persons of the register whose row is in order, with the card that counts on the day."""
    everybody = enumerate(in_order(seed), start=1)
    seen = ""
    with persons.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            cells = line.split("|")
            if len(cells) != 57 or '"' in line or cells[1] in (seen, "Identifiant PP"):
                continue
            seen = cells[1]
            serial = next(at for at, (number, _) in everybody if number == seen)
            zone, digits = 1 + serial // 10**6 % 5, f"{serial % 10**6:06d}"
            phone = f"0{zone} 99 {digits[:2]} {digits[2:4]} {digits[4:]}"  # one's own: who shares one is compared
            yield User(
                f"EF{serial:08d}", cells[2], cells[6], cells[7], cells[8], cells[10], card_ends(serial).isoformat(),
                f"p{serial}@example.org", phone,
            )  # fmt: skip


def _placed(people: Iterator[User]) -> Iterator[User]:
    """A doctor or pharmacist with three others at each structure; a second doctor where there are too many."""
    doctors: list[User] = []
    others: list[User] = []
    places = map(_place, count())
    for user in people:
        (doctors if user.profession in _DOCTORS else others).append(user)
        if doctors and len(others) >= _ASSISTANTS:
            place = next(places)
            function = "CRH-ST" if place.type == "REGION" else "CHV-ST"
            for rank in ("Titulaire", "Remplaçant")[: len(doctors)]:
                yield replace(doctors.pop(), place=place, function=function, rank=rank)
            for _ in range(_ASSISTANTS):
                yield replace(others.pop(), place=place, function="Assistant")


def _place(at: int) -> Place:
    """Structures in turn: the régions and the ETS first, then a site for nine hospitals."""
    region, parent = _REGIONS[at % len(_REGIONS)], _ETS[at % len(_ETS)]
    if at < len(_REGIONS):
        return Place(region, "REGION", region, "", ("region", region))
    if at < len(_REGIONS) + len(_ETS):
        return Place(parent, "ETS", region, "", ("ets", parent))
    finess = with_luhn_key(f"{1 + at % 95:02d}{at // 95:06d}")
    if at % 10 == 0:
        return Place(finess, "SITE", region, parent, ("ets", parent))
    return Place(finess, "ES", region, "", ("region", region))


# ── what differs ─────────────────────────────────────────────────────────────────────────────────

Apart = tuple[User | None, User | None]


def _apart(user: User, turn: float, links: list[str]) -> Apart:
    """(as the annuaire has them, as the workbook has them): one in fifteen differs, each in one way."""
    for share, differ in _WAYS:
        if turn < share:
            return differ(user, links)
        turn -= share
    return user, user


def _still_adeli(user: User, links: list[str]) -> Apart:
    adeli = with_luhn_key(f"99{len(links):06d}")
    links.append(f"{adeli};{user.number[1:]}")
    return replace(user, number=f"0{adeli}"), user


_WAYS: tuple[tuple[float, Callable[[User, list[str]], Apart]], ...] = (
    (0.010, lambda user, _: (None, user)),  # an account to create
    (0.010, lambda user, _: (user, None)),  # absent from the workbook
    (0.005, lambda user, _: (user, replace(user, status="Parti"))),
    (0.010, _still_adeli),
    (0.010, lambda user, _: (replace(user, card_ends=f"2026{user.card_ends[4:]}"), user)),  # renewed since
    (0.010, lambda user, _: (user, replace(user, email=f"nouveau.{user.email}"))),
    (0.002, lambda user, _: (user, replace(user, phone="01 99 00 00 00"))),
    (0.005, lambda user, _: (replace(user, last_name=f"{user.last_name}-MARIE"), user)),
    (0.005, lambda user, _: (user, replace(user, number=""))),
    (0.002, lambda user, _: (user, replace(user, number="", last_name=f"{user.last_name[:-1]}X"))),
    (0.002, lambda user, _: (user, replace(user, number=user.number[1:]))),  # a repair
    (0.002, lambda user, _: (user, replace(user, function="Jardinier"))),  # a row left out
    (0.002, lambda user, _: (replace(user, active=False), user)),
)


# ── where it is written ──────────────────────────────────────────────────────────────────────────


class _Annuaire:
    """`efit.db`, the annuaire as a database."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        migrate_annuaire(f"sqlite:///{path}")
        self._base = sqlite3.connect(path)
        self._places: set[str] = set()

    def add(self, user: User) -> None:
        """An account with its function, and its structure the first time."""
        place = user.place
        if place.code not in self._places:
            self._places.add(place.code)
            kind = label_of("structure_types", place.type)
            self._insert("efit_structure", place.code, kind, f"{kind} {place.code}", place.region, place.parent)
        values = {**{name: getattr(user, name, "") for name in ACCOUNT_FIELDS}, "cpx_number": user.number}
        values |= {"card_type": "CPS", "card_expires_on": user.card_ends}
        self._insert("efit_account", *values.values())
        self._insert("efit_assignment", user.account_id, place.code, user.function, user.rank)

    def _insert(self, table: str, *values: Any) -> None:
        self._base.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)

    def close(self) -> None:
        """Keep it all."""
        self._base.commit()
        self._base.close()


class _Workbooks(ExitStack):
    """`books/region-24-1.csv`… and the `[[workbook]]` tables that tell of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.tables: list[str] = []
        self._folder = folder / "books"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._open: dict[tuple[str, str], tuple[int, Any]] = {}

    def add(self, user: User) -> None:
        """A line; in a new file once the last one of that scope is full."""
        place = user.place
        lines, writer = self._open.get(place.workbook, (MOST_LINES, None))
        if lines == MOST_LINES:
            lines, writer = 0, self._another(*place.workbook)
        self._open[place.workbook] = lines + 1, writer
        kind = label_of("structure_types", place.type)
        writer.writerow(
            [place.code, kind, user.function, user.rank, user.civility, user.last_name, user.first_name,
             user.profession, user.number, "CPS", user.card_ends, user.email, user.phone, user.status]
        )  # fmt: skip

    def _another(self, kind: str, code: str) -> Any:
        name = f"books/{kind}-{code}-{len(self.tables)}.csv"
        self.tables.append(f'\n[[workbook]]\npath = "{name}"\n{kind} = "{code}"\n')
        path = self._folder.parent / name
        writer = csv.writer(self.enter_context(path.open("w", encoding="utf-8", newline="")), delimiter=";")
        writer.writerow(_HEADER)
        return writer


_CONFIGURATION = """\
[register]
persons = "PS_LibreAcces_Personne_activite_*.txt"
cards = "Porteurs_CPS_CPF_*.txt"
crosswalk = "correspondance.csv"

[annuaire]
url = "sqlite:///efit.db"

[mail]
sender = "annuaire@example.org"
admin = "admin@example.org"
attachments = "none"
"""


def main() -> None:
    """Write a country into a folder."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--accounts", type=int, default=50_000)
    given = words.parse_args()
    print(write_country(given.folder, given.accounts))


if __name__ == "__main__":
    main()
