"""A small country that lives: people come, go, marry, renew their cards; clerks make errors; updaters are late."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from tests.night.model_country import Account, Key, Place, Row, Site, View
from tests.night.small import BOOKS, Files, write_files
from tests.spec.tables import (
    ASSISTANT,
    CRH,
    ES,
    ES_52,
    OTHER_ES,
    REMPLACANT,
    SITE,
    SITE_52,
    STRUCTURES,
    TITULAIRE,
    Line,
    Person,
    account,
    card,
    registered,
    row,
)

SYLLABLES = (
    "ba",
    "cle",
    "dro",
    "fi",
    "gu",
    "jos",
    "kal",
    "mer",
    "nou",
    "pli",
    "que",
    "rin",
    "sto",
    "tau",
    "vex",
    "zol",
)
SITES = {
    code: Site(
        one.type, one.region_code, f"regions/{one.region_code}.csv" if one.type in ("ES", "REGION") else "ets/cpdl.csv"
    )
    for code, one in STRUCTURES.items()
    if code in (ES, OTHER_ES, ES_52, SITE, SITE_52, "24", "52", "ETS-CPDL")
}
# Who holds a post stays: what the posts' vacancy does is the spec tests' to show.
POSTS = [("24", *CRH), ("52", *CRH), ("ETS-CPDL", *TITULAIRE), (SITE, *TITULAIRE), (SITE_52, *TITULAIRE)]
WARDS = (ES, OTHER_ES, ES_52, SITE)
LEFT_OF_A_CUT = 3  # rows of a workbook that was cut short
PADDING = 400  # strangers in the register, so that a few lost rows are no landslide


@dataclass(slots=True)
class Clerk:
    """A row as its clerk keeps it: `fault` « place » or « email » while it cannot be read."""

    place: Place
    email: str
    left: bool = False
    fault: str = ""


@dataclass(slots=True)
class Life:
    """Somebody: who they are in the register, their cards, their rows in the workbooks."""

    who: Person
    name: str
    cards: list[date]
    rows: list[Clerk] = field(default_factory=list)

    @property
    def email(self) -> str:
        return self.who.email


@dataclass(slots=True)
class Weather:
    """What goes wrong tonight: workbooks that are not there, cut short, half copied or grown thin, extracts that did
    not come or shrank, an export of the annuaire that was not yet there whole, or lacks an account; a move into a
    workbook that broke.
    """

    missing: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    halved: frozenset[str] = frozenset()
    no_extracts: bool = False
    landslide: bool = False
    truncated: bool = False
    thin: frozenset[str] = frozenset()
    transfer: bool = False
    vanished: frozenset[str] = frozenset()

    @property
    def ordinary(self) -> bool:
        """Every file is there and as it should be."""
        files = self.missing | self.cut | self.halved | self.thin
        return not (files or self.no_extracts or self.landslide or self.truncated or self.transfer or self.vanished)

    @property
    def partly(self) -> frozenset[str]:
        """Workbooks of which what stands in them counts."""
        return self.cut | self.thin


class Country:
    """The truth, and the files that tell of it."""

    def __init__(self, seed: int, day: date) -> None:
        self.chance = random.Random(seed)
        self.lives: dict[str, Life] = {}
        self.accounts: dict[str, Account] = {}
        self.strangers = [Person(900_000 + at, f"{self._word()}-PASSANT".upper(), "Noé") for at in range(PADDING)]
        self.extracts_of, self.first = day, day
        self.droughts, self.shrunk = 0, False
        self.vanished, self.until_back = "", 0
        self.files: Files | None = None  # of the last ordinary night, without its extracts
        self.sizes: dict[str, tuple[int, int]] = {}  # rows and people of each workbook when it was last used
        # what the last extracts say, which may be some days old
        self.names: dict[str, str] = {}
        self.cards: dict[str, tuple[date, ...]] = {}
        places: list[Place] = [*POSTS, *((code, *TITULAIRE) for code in (ES, OTHER_ES, ES_52))]
        places += [(self.chance.choice(WARDS), *self.chance.choice([ASSISTANT, REMPLACANT])) for _ in range(32)]
        for place in places:
            self._arrive(place, day)
        for life in self.lives.values():
            self._open_account(life, life.rows[0].place)

    # ── one day ──────────────────────────────────────────────────────────────────────────────────

    def live(self, day: date) -> Weather:
        """What happens to people and files before the night of this day."""
        happens = self._happens
        for _ in range(self.chance.choice([0, 0, 1, 1, 2])):
            self._arrive((self.chance.choice(WARDS), *self.chance.choice([ASSISTANT, REMPLACANT, ASSISTANT])), day)
        if happens(0.35):
            self._leave()
        if happens(0.1):
            self._replace_titulaire(day)
        if happens(0.15):
            self._come_back()
        if happens(0.4):
            self._move()
        transfer = self._transfer() if happens(0.12) else ""
        if happens(0.15):
            life = self._anybody()
            life.name = f"{life.who.last_name}-{self._word().upper()}"
        if happens(0.5):
            self._renew(day)
        if happens(0.3):
            self._write(self._anybody())
        self._err()
        self._vanish()
        return self._weather(day, transfer)

    def _vanish(self) -> None:
        """An account is missing from some exports in a row: it was left out, or somebody erased it."""
        self.until_back -= 1
        if self.until_back > 0:
            return
        self.vanished = ""
        active = {key for key, one in self.accounts.items() if one.active}
        ours = active & {life.who.account_id for life in self._movable()}
        if ours and self._happens(0.15):
            self.vanished, self.until_back = self.chance.choice(sorted(ours)), self.chance.choice([1, 1, 2, 3, 4, 5])

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _word(self) -> str:
        return "".join(self.chance.sample(SYLLABLES, 4))

    def _anybody(self) -> Life:
        return self.chance.choice([life for life in self.lives.values() if life.rows])

    def _movable(self) -> list[Life]:
        held = set(POSTS) | {(code, *TITULAIRE) for code in WARDS}
        return [life for life in self.lives.values() if life.rows and not held & {row.place for row in life.rows}]

    def _arrive(self, place: Place, day: date) -> None:
        serial = 1000 + len(self.lives)
        who = Person(serial, self._word().upper(), self._word().capitalize())
        life = Life(who, who.last_name, [day + timedelta(days=self.chance.randint(50, 900))])
        life.rows = [Clerk(place, who.email)]
        self.lives[who.rpps] = life

    def _leave(self) -> None:
        life = self.chance.choice(self._movable())
        one = self.chance.choice(life.rows)
        if self._happens(0.5):
            one.left = True
        else:
            life.rows.remove(one)

    def _replace_titulaire(self, day: date) -> None:
        place = (self.chance.choice((ES, OTHER_ES, ES_52)), *TITULAIRE)
        for life in self.lives.values():
            life.rows = [row for row in life.rows if row.place != place]
        if self._happens(0.7):
            self._arrive(place, day)

    def _come_back(self) -> None:
        away = [life for life in self.lives.values() if all(row.left for row in life.rows)]
        if away:
            life = self.chance.choice(away)
            life.rows = [Clerk((self.chance.choice(WARDS), *ASSISTANT), life.email)]

    def _move(self) -> None:
        """A further function elsewhere, sometimes instead of the first."""
        life = self.chance.choice(self._movable())
        free = [code for code in WARDS if code not in {row.place[0] for row in life.rows}]
        if self._happens(0.5):
            life.rows = []
        if free:
            life.rows.append(Clerk((self.chance.choice(free), *ASSISTANT), life.email))

    def _transfer(self) -> str:
        """« Parti » in one workbook and a new row in another, which breaks on that very night: its name."""
        life = self.chance.choice(self._movable())
        here = {SITES[one.place[0]].book for one in life.rows}
        there = [code for code in WARDS if SITES[code].book not in here]
        if not there:
            return ""
        for one in life.rows:
            one.left, one.fault = True, ""
        place = (self.chance.choice(there), *ASSISTANT)
        life.rows.append(Clerk(place, life.email))
        return SITES[place[0]].book

    def _renew(self, day: date) -> None:
        soon = [life for life in self.lives.values() if max(life.cards) < day + timedelta(days=100)]
        if soon:
            life = self.chance.choice(soon)
            life.cards.append(max(day, max(life.cards)) + timedelta(days=self.chance.randint(60, 1000)))

    def _write(self, life: Life) -> None:
        address = f"{self._word()}@example.org"
        for one in life.rows:
            one.email = address

    def _err(self) -> None:
        """Errors are made, and corrected some nights later."""
        rows = [one for life in self.lives.values() for one in life.rows]
        for one in rows:
            if one.fault and self._happens(0.4):
                one.fault = ""
        for fault in ("place", "email"):
            if self._happens(0.35):
                self.chance.choice(rows).fault = fault

    def _weather(self, day: date, broken: str) -> Weather:
        books = list(BOOKS)
        missing = frozenset(name for name in books if self._happens(0.05) or name == broken)
        # On a first night nobody can tell a cut workbook from one that lists other functions only: that is asked.
        used = bool(self.accounts) and day > self.first
        cut_off = self._happens(0.05) and used and self._rows_of("regions/24.csv") > 16
        cut = frozenset({"regions/24.csv"} if cut_off else ())
        if not self.droughts and self._happens(0.06):
            self.droughts = self.chance.choice([1, 2, 6, 7])
        dry = self.droughts > 0 and bool(self.names)  # the first extracts always come
        self.droughts = max(0, self.droughts - 1)
        if not dry:
            self.extracts_of, self.shrunk = day, self._happens(0.04) and bool(self.names)
            self.names = {number: life.name for number, life in self.lives.items()}
            self.cards = {number: tuple(life.cards) for number, life in self.lives.items()}
        halved = frozenset({self.chance.choice(books)} if used and self._happens(0.12) else ()) - missing - cut
        truncated = used and self._happens(0.07)
        landslide = self.shrunk and self.fresh(day)
        thin = self._thin(missing | cut | halved, remember=not (truncated or landslide))
        gone = frozenset({self.vanished} if self.vanished else ())
        return Weather(missing, cut - missing, halved, dry, landslide, truncated, thin, bool(broken), gone)

    def _thin(self, unread: frozenset[str], *, remember: bool) -> frozenset[str]:
        """The workbooks that lost two people and a fifth of their rows since they were used, with no harm meant."""
        found = set()
        for book in set(BOOKS) - unread:
            here = [(number, one) for number, life in self.lives.items() for one in life.rows]
            here = [(number, one) for number, one in here if SITES[one.place[0]].book == book]
            size = len(here), len({number for number, one in here if not one.left and one.fault != "place"})
            rows, people = self.sizes.get(book, size)
            if people - size[1] >= 2 and size[0] < 0.8 * rows:
                found.add(book)
            elif remember:
                self.sizes[book] = size
        return frozenset(found)

    def _rows_of(self, book: str) -> int:
        return sum(SITES[one.place[0]].book == book for life in self.lives.values() for one in life.rows)

    # ── files, and what there is to see in them ──────────────────────────────────────────────────

    def write(self, root: Path, day: date, weather: Weather) -> None:
        """The files of the night."""
        books: dict[str, list[Line] | None] = {name: [] for name in BOOKS}
        for life in self.lives.values():
            for one in life.rows:
                lines = books[SITES[one.place[0]].book]
                assert lines is not None
                lines.append(_workbook_line(life, one))
        for name in weather.missing:
            books[name] = None
        for name in weather.cut:
            books[name] = (books[name] or [])[:LEFT_OF_A_CUT]
        people = [registered(life.who, last_name=life.name) for life in self.lives.values()]
        people += [registered(one) for one in self.strangers]
        cards = [
            card(life.who, end.isoformat(), starts_on="2020-01-01", serial=f"99{life.who.serial:06d}{at:02d}")
            for life in self.lives.values()
            for at, end in enumerate(life.cards)
        ]
        if weather.landslide:
            people = people[: len(people) // 2]
        self.chance.shuffle(people)
        no = weather.no_extracts
        export = self._export()
        self.files = Files(export, books) if weather.ordinary else None
        write_files(root, Files(export, books, None if no else people, None if no else cards), day)
        for name in weather.halved:
            _cut(root / name, 0.5)
        if weather.truncated:
            _cut(root / "efit/export.csv", 0.6)

    def _export(self) -> list[Line]:
        lines = []
        for key, one in self.accounts.items():
            if key == self.vanished:
                continue
            life = self.lives[one.number]
            told = {"last_name": one.name, "email": one.email, "card_expires_on": one.card_end.isoformat()}
            told |= {"account_id": key, "active": "Oui" if one.active else "Non", "phone": ""}
            places = sorted(one.places) or [("", "", "")]
            lines += [account(life.who, code, (function, rank), **told) for code, function, rank in places]
        self.chance.shuffle(lines)
        return lines

    def view(self, day: date, weather: Weather) -> View:
        """The same, for the model: what could be used is said, not found out."""
        rows = tuple(
            Row(number, one.place, "" if one.fault == "email" else one.email, one.left, one.fault != "place")
            for number, life in self.lives.items()
            for one in life.rows
        )
        for name in weather.cut:
            mine = [one for one in rows if SITES[one.place[0]].book == name]
            rows = tuple(one for one in rows if one not in mine[LEFT_OF_A_CUT:])
        fresh = self.fresh(day)
        unread = weather.missing | weather.partly | weather.halved
        return View(
            day=day,
            accounts=self.accounts,
            rows=rows,
            names=self.names,
            cards=self.cards,
            sites=SITES,
            books_read=frozenset(BOOKS) - unread,
            books_partly=weather.partly,
            register_read=fresh,
            troubles=bool(unread) or not fresh,
            missing=weather.vanished,
        )

    def fresh(self, day: date) -> bool:
        """The last extracts are not too old."""
        return (day - self.extracts_of).days <= 3

    # ── the updaters ─────────────────────────────────────────────────────────────────────────────

    def enter(self, key: Key) -> None:
        """An updater enters a change into the annuaire, as it was asked for."""
        life = self.lives.get(key.who)
        one = self.accounts.get(key.who)
        if self.vanished in (key.who, life.who.account_id if life else ""):
            return  # nobody enters anything into an account that is not there
        match key.kind:
            case "create_account":
                assert life is not None
                self._open_account(life, key.place)
            case "add_assignment" if one:
                one.places.add(key.place)
            case "end_assignment" if one:
                one.places.discard(key.place)
                one.active = bool(one.places)
            case "deactivate_account" if one:
                one.places, one.active = set(), False
            case "update_account" if one:
                told = dict(key.target)
                one.name, one.email = told.get("last_name", one.name), told.get("email", one.email)
                one.card_end = date.fromisoformat(told.get("card_expires_on", one.card_end.isoformat()))

    def _open_account(self, life: Life, place: Place) -> None:
        """A new account, or the old one again."""
        email = next((one.email for one in life.rows if one.place == place), "")
        made = Account(life.who.rpps, life.name, email, max(life.cards), places={place})
        self.accounts[life.who.account_id] = made


def _cut(path: Path, share: float) -> None:
    """A copy that stopped in the middle of a line."""
    content = path.read_bytes()
    at = content.index(b"\n", int(len(content) * share)) + 8
    path.write_bytes(content[: min(at, len(content) - 8)])


def _workbook_line(life: Life, one: Clerk) -> Line:
    code, function, rank = one.place
    line = row(life.who, code, (function, rank), email=one.email, card_type="", card_expires_on="", phone="")
    cells = {"structure_name": "", "status": "Parti" if one.left else ""}
    cells |= {"structure_code": "45 ???"} if one.fault == "place" else {}
    cells |= {"email": "pas d'adresse"} if one.fault == "email" else {}
    return replace(line, cells={**line.cells, **cells})
