"""A whole invented country of national size: registers, annuaire, 18 regional and 13 ETS workbooks, configuration.

    python -m benchmarks.invented.country FOLDER --accounts 5000 --rows 2200000 --cards 1000000 [--zip]

The same seed gives the same country. Its people are taken from all over the cards file; most are told the same
everywhere, and about one in ten is not: that is what a night on it has to find. `annuaire.toml` plays it from the
.txt files, `annuaire-zip.toml` (with --zip) from the same ones compressed. How a night grows with the accounts is
measured on `growing.py`, which has few differences, no blemishes, and any size.
"""

import argparse
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from benchmarks.invented.national import AS_OF, CARDS, PERSONS, SEED, write_cards, write_persons
from sample_data.cast import CELLS, Cell
from sample_data.sheets import new_book, write_grid
from sample_data.writing.write_workbooks import EXPORT_COLUMNS
from schemas.nomenclatures import label_of, regions
from schemas.nomenclatures import rows as table_rows
from schemas.people.identifiers import with_luhn_key

NUMBERS = "numbers.csv"  # those of the accounts, for the peers' scripts
EXPORT, CROSSWALK = "efit/export.xlsx", "adeli/correspondance.csv"
_EVERY = {  # one account in so many …
    "adeli": 100,  # … still holds an ADELI number
    "renewed": 30,  # … has the end of the card before
    "contact": 40,  # … has another address in the workbook
    "left": 250,  # … has left
    "new": 100,  # … is not there yet: only the workbook tells of the person
    "nameless_number": 50,  # … has a line with a name and an establishment, and no number
    "identity": 100,  # … has the name of before a marriage
}
_OVERSEAS = "01", "02", "03", "04", "06"
_TURN = {name: at for at, name in enumerate(_EVERY, start=2)}


@dataclass(frozen=True, slots=True)
class Place:
    """A structure of the annuaire, and the workbook that is complete for it."""

    code: str
    type: str
    name: str
    region: str
    parent: str
    file: str


@dataclass(frozen=True, slots=True)
class Holder:
    """One account: what the registers say of the person, and the function held."""

    turn: int
    number: str
    last: str
    first: str
    civility: str
    profession: str
    ends: str
    place: Place
    function: str
    rank: str

    def shows(self, case: str) -> bool:
        """Whether this one is told differently in one place, and this is how."""
        return self.turn % _EVERY[case] == _TURN[case]

    @property
    def adeli(self) -> str:
        """The number of before."""
        return "0" + with_luhn_key(f"99{self.turn % 10**6:06d}")

    @property
    def email(self) -> str:
        """As the annuaire has it."""
        return f"personne{self.turn}@etablissement.example.org"


def write_country(folder: Path, *, accounts: int, rows: int, cards: int, seed: int = SEED, different: int = 0) -> Path:
    """Everything a night needs; the path of the configuration."""
    write_persons(folder / "rpps" / PERSONS, rows, seed, different=different)
    write_cards(folder / "rpps" / CARDS, cards, seed, different=different)
    holders = _holders(folder / "rpps", accounts)
    _write_export(folder / EXPORT, [one for one in holders if not one.shows("new")])
    _write_workbooks(folder, holders)
    _write_crosswalk(folder / CROSSWALK, [one for one in holders if one.shows("adeli")])
    (folder / NUMBERS).write_text("\n".join(["Identification nationale PP", *(one.number for one in holders), ""]))
    return write_configuration(folder / "annuaire.toml", ".txt")


def write_zips(folder: Path) -> Path:
    """The same national files compressed; the path of a configuration that reads them."""
    for name in (PERSONS, CARDS):
        path = folder / "rpps" / name
        with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, name)
    return write_configuration(folder / "annuaire-zip.toml", ".zip")


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def _holders(folder: Path, accounts: int) -> list[Holder]:
    """The accounts: the people of cards from all over the file, each where the register says, or somewhere."""
    ends = _sampled(folder / CARDS, accounts)
    people = _described(folder / PERSONS, ends)
    doctors = [person for person in people if person[3] in ("10", "21")]
    others = [person for person in people if person[3] not in ("10", "21")]
    posts, turns = _Posts(), count()
    made: list[Holder] = []
    for group, leads in ((doctors, True), (others, False)):
        for number, last, first, profession, civility, finess in group:
            place, function, rank = posts.next(finess, leads=leads)
            end = ends[number]
            made.append(Holder(next(turns), number, last, first, civility, profession, end, place, function, rank))
    return made


def _sampled(path: Path, accounts: int) -> dict[str, str]:
    """National identification → end of the card, of the holders of cards at even distances in the file."""
    found: dict[str, str] = {}
    size, step = path.stat().st_size, max(1, path.stat().st_size // (accounts + 1))
    with path.open("rb") as file:
        for place in range(step, size, step):
            file.seek(place)
            file.readline()
            for _ in range(2):  # the card before it comes first
                cells = file.readline().decode("latin-1").split("|")
                if len(cells) == 18 and cells[14] >= f"{AS_OF}":
                    break
            if len(cells) == 18 and cells[2] == "8" + cells[1] and cells[14] >= f"{AS_OF}":
                found[cells[2]] = cells[14]
    return found


def _described(path: Path, numbers: Mapping[str, str]) -> list[tuple[str, str, str, str, str, str]]:
    """(number, last name, first name, profession, civility, FINESS) of these people, in the order of the file."""
    wanted = {number.encode() for number in numbers}
    found: dict[str, tuple[str, str, str, str, str, str]] = {}
    with path.open("rb") as file:
        for line in file:
            if line[14:26] in wanted:
                cells = line.decode("utf-8", "replace").split("|")
                known = found.get(cells[2])
                if len(cells) == 57 and (known is None or not known[5]):
                    found[cells[2]] = (cells[2], cells[7], cells[8], cells[9], cells[5], cells[21])
    return list(found.values())


class _Posts:
    """Who holds which function where: doctors first, so that the first one at an establishment is its titulaire."""

    def __init__(self) -> None:
        self._region_of = {departement: region for region, all_ in _regions().items() for departement in all_}
        self._open = iter(list(_leading_posts()))
        self._places = {place.code: place for place in _overseas()}
        self._led: set[str] = set()
        self._turn = count()

    def next(self, finess: str, *, leads: bool) -> tuple[Place, str, str]:
        """(place, function, rank) of the next person; somebody whom the register shows nowhere goes anywhere."""
        if leads and (first := next(self._open, None)):
            return first
        region = self._region_of.get(finess[:2])
        if leads and region:
            self._places.setdefault(finess, _establishment(finess, region))
        place = self._places.get(finess) or list(self._places.values())[next(self._turn) % len(self._places)]
        if not leads:
            return place, "ASSISTANT", ""
        rank = "REMPLACANT" if place.code in self._led else "TITULAIRE"
        self._led.add(place.code)
        return place, "CHV_ST", rank


def _leading_posts() -> Iterator[tuple[Place, str, str]]:
    """The posts that lead: national bodies, regions, regional ETS, and their sites."""
    for code in ("ANSM", "EFS_NATIONAL", "CTSA"):
        label = label_of("structure_types", code)
        yield Place(label, code, label, "", "", "national.xlsx"), "HEMOVIGILANT", "TITULAIRE"
    for region in _regions():
        place = Place(region, "REGION", regions()[region], region, "", f"regions/{region}.xlsx")
        yield place, "CRH_ST", "TITULAIRE"
    serial = count()
    for row in table_rows("ets"):
        ets, served = row["code"], row["regions"].split()
        yield Place(ets, "ETS", row["name"], served[0], "", f"ets/{ets}.xlsx"), "CHV_ST", "TITULAIRE"
        for turn in range(5):
            region = served[turn % len(served)]
            code = with_luhn_key(f"{_departement(region)}998{next(serial):03d}")
            place = Place(code, "SITE", f"Site {turn + 1} de {ets}", region, ets, f"ets/{ets}.xlsx")
            yield place, "CHV_ST", "TITULAIRE"


def _departement(region: str) -> str:
    return "97" if region in _OVERSEAS else _regions()[region][0]


def _overseas() -> list[Place]:
    """Establishments where the invented register has none: for whoever works nowhere according to it."""
    codes = [
        (region, with_luhn_key(f"97997{at}{turn:02d}")) for at, region in enumerate(_OVERSEAS) for turn in range(10)
    ]
    return [_establishment(code, region) for region, code in codes]


def _establishment(code: str, region: str) -> Place:
    return Place(code, "ES", f"Centre hospitalier fictif {code}", region, "", f"regions/{region}.xlsx")


def _regions() -> dict[str, list[str]]:
    """The 18 régions sanitaires of metropolitan France and overseas départements, each with its départements."""
    found = {row["code"]: row["departements"].split() for row in table_rows("regions") if len(row["code"]) == 2}
    found["94"] = ["20"]  # Corsica, as the invented register numbers it
    return found


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def _write_export(path: Path, holders: Iterable[Holder]) -> None:
    grid: list[list[Cell]] = [list[Cell](EXPORT_COLUMNS)]
    for one in holders:
        end = date.fromisoformat(one.ends)
        last = f"{one.last}-ANCIEN" if one.shows("identity") else one.last
        number = "" if one.shows("nameless_number") else one.adeli if one.shows("adeli") else one.number
        kind, place = label_of("structure_types", one.place.type), one.place
        person = [f"EF{one.turn:07d}", label_of("civilities", one.civility), last, one.first]
        card: list[Cell] = [label_of("professions", one.profession), number, "CPS"]
        card.append(end - timedelta(days=3 * 365) if one.shows("renewed") else end)
        post = [label_of("functions", one.function), label_of("ranks", one.rank) if one.rank else ""]
        where = [kind, place.code, place.name, place.region, place.parent]
        grid.append([*person, *card, one.email, _phone(one), "Oui", *post, *where])
    _write_book(path, "Annuaire", grid)


def _write_workbooks(folder: Path, holders: Iterable[Holder]) -> None:
    columns = list(CELLS.values())
    books: dict[str, list[list[Cell]]] = defaultdict(lambda: [list[Cell](columns)])
    for one in holders:
        cells = _line(one)
        books[one.place.file].append([cells.get(column, "") for column in columns])
    for name, grid in sorted(books.items()):
        _write_book(folder / name, "Recensement", grid)


def _line(one: Holder) -> dict[str, Cell]:
    """The row of a standard workbook."""
    left = one.shows("left")
    return {
        "FINESS": one.place.code,
        "Établissement": one.place.name,
        "Type de structure": label_of("structure_types", one.place.type),
        "Fonction": label_of("functions", one.function),
        "Rang": label_of("ranks", one.rank) if one.rank else "",
        "Civilité": label_of("civilities", one.civility),
        "Nom": one.last,
        "Prénom": one.first,
        "Profession": label_of("professions", one.profession),
        "N° CPx": "" if one.shows("nameless_number") else one.number,
        "Type de carte": "CPS",
        "Date de fin de validité": date.fromisoformat(one.ends),
        "Courriel": one.email.replace("personne", "nouvelle.adresse") if one.shows("contact") else one.email,
        "Téléphone": _phone(one),
        "Statut": "Parti" if left else "Actif",
        "Date de fin de fonction": date(2026, 11, 1) if left else "",
    }


def _phone(one: Holder) -> str:
    return f"01 99 {one.turn // 10000 % 100:02d} {one.turn // 100 % 100:02d} {one.turn % 100:02d}"


def _write_book(path: Path, title: str, grid: list[list[Cell]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_book(path) as book:
        write_grid(book, title, grid)


def _write_crosswalk(path: Path, holders: Iterable[Holder]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["N° ADELI;N° RPPS", *(f"{one.adeli[1:]};{one.number[1:]}" for one in holders)]
    path.write_bytes("".join(line + "\r\n" for line in lines).encode())


def write_configuration(path: Path, suffix: str) -> Path:
    """For the workbooks that lie beside it, and the national files with this suffix."""
    books = sorted(one.relative_to(path.parent) for one in path.parent.rglob("*.xlsx") if one.parent.name != "efit")
    books = [one for one in books if one.parts[0] in ("regions", "ets", "national.xlsx")]
    scope = {"regions": 'region = "{}"', "ets": 'ets = "{}"', ".": "national = true"}
    blocks = [f'[[workbook]]\npath = "{one}"\n{scope[str(one.parent)].format(one.stem)}\n' for one in books]
    path.write_text(_CONFIGURATION.format(suffix=suffix, name=path.stem, workbooks="\n".join(blocks)), encoding="utf-8")
    return path


_CONFIGURATION = """\
[register]
persons = "rpps/PS_LibreAcces_Personne_activite_*{suffix}"
cards = "rpps/Porteurs_CPS_CPF_*{suffix}"
crosswalk = "adeli/correspondance.csv"
min_rows = 0

{workbooks}
[annuaire]
export = "efit/export.xlsx"

[store]
url = "sqlite:///var/{name}.db"

[policy]                          # nothing is held: the whole night is played
max_deactivation_share = 1.0
max_update_share = 1.0

[mail]
outbox = "var/outbox-{name}"
sender = "annuaire@example.org"
admin = "admin.efit@example.org"
attachments = "plain"
"""


def main() -> None:
    """Write the country into a folder."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--accounts", type=int, default=5_000)
    words.add_argument("--rows", type=int, default=2_200_000)
    words.add_argument("--cards", type=int, default=1_000_000)
    words.add_argument("--names", type=int, default=0, help="so many different ones; 0: many; -1: as in France")
    words.add_argument("--zip", action="store_true", help="the national files compressed as well")
    given = words.parse_args()
    write_country(given.folder, accounts=given.accounts, rows=given.rows, cards=given.cards, different=given.names)
    if given.zip:
        write_zips(given.folder)


if __name__ == "__main__":
    main()
