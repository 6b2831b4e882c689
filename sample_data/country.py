"""The invented country on a quiet day: structures, the people in them, and one telling of each everywhere."""

from datetime import date, timedelta
from random import Random

from anyascii import anyascii

from sample_data.cast import CELLS, Account, Actor, Card, Cell, Person, Post, Row, Structure
from schemas.nomenclatures import label_of
from schemas.people.identifiers import with_luhn_key

SEED = 20261122

REGION_FILES = {
    "24": "regions/24-centre-val-de-loire.xlsx",
    "52": "regions/52-pays-de-la-loire.xlsx",
    "11": "regions/11-ile-de-france.ods",
}
REGION_NAMES = {"24": "Centre-Val de Loire", "52": "Pays de la Loire", "11": "Île-de-France"}
NATIONAL_FILE = "national.xlsx"
ETS_FILES = {"ETS-CPDL": "ets/cpdl.csv", "ETS-IDF": "ets/idf.xlsx"}
DEPARTEMENTS = {
    "24": ("18", "28", "36", "37", "41", "45"),
    "52": ("44", "49", "53", "72", "85"),
    "11": ("75", "77", "78", "91", "92", "93", "94", "95"),
}
SITES = (  # key, ETS, région, département, town
    ("CPDL-1", "ETS-CPDL", "24", "45", "Bellombre"),
    ("CPDL-2", "ETS-CPDL", "24", "37", "Grisolac"),
    ("CPDL-3", "ETS-CPDL", "52", "44", "Port-Fictif"),
    ("CPDL-4", "ETS-CPDL", "52", "49", "Mirelande"),
    ("IDF-1", "ETS-IDF", "11", "75", "Sept-Fontaines"),
    ("IDF-2", "ETS-IDF", "11", "94", "Valcreux"),
    ("IDF-3", "ETS-IDF", "11", "91", "Hauterive-Modèle"),
)
TAGS = ("FICTIF", "EXEMPLE", "MODÈLE", "D'ESSAI", "SPÉCIMEN", "FACTICE", "IMAGINÉ", "INVENTÉ")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOWNS = _words(
    """Aubemont Brisefer Clairvaux-Test Doucelande Erivaux Fontemare Guérolles Havrelieu Isombre Jourmont
    Kervalade Lorvigne Malombre Noirval Ormelune Pierrefort-Test Quintemer Rochevive Sombreval
    Tournefeuil-Test Umbreville Valmolle Wissanval
    Xaintrelles Yvremont Zélinde Arbremont Belcastre Corvigny Duremer"""
)
_SYLLABLES = _words("bra cor dun fel gil hov jas kel lum mor nev ost pri quol rus sav tem ulm vor wen xan yor zel")
_WOMEN = _words("Ada Bérénice Clélia Daphné Édith Flora Gisèle Honorine Inès Jeanne Katell Léone Maëlle Noémie")
_MEN = _words("Alban Barnabé Côme Damien Émile Florent Gaspard Hervé Ivan Joël Klaus Lazare Malo Noël")


class Country:
    """Everybody on stage. `hire` puts a person into every telling alike; storylines change them."""

    def __init__(self) -> None:
        self.random = Random(SEED)
        self.structures = {structure.key: structure for structure in _structures()}
        self.actors: list[Actor] = []
        self._names: set[str] = set()
        self._serial = 0
        self._hired = 0

    def at(self, place: str, function: str, rank: str = "", nth: int = 0) -> Actor:
        """The nth account holder of this function at a structure, in the order of hiring."""
        post = Post(self.structures[place], function, rank)
        return [actor for actor in self.actors if actor.account and post in actor.account.posts][nth]

    def hire(
        self,
        place: str,
        function: str,
        rank: str = "",
        *,
        profession: str = "10",
        register: str = "RPPS",
        category: str = "C",
        **workbook: Cell,
    ) -> Actor:
        """A person who is the same everywhere: registers, annuaire, workbook."""
        structure = self.structures[place]
        person = self.person(structure, profession, register, category)
        actor = Actor(person, None, [])
        self.actors.append(actor)
        self._hired += 1
        email = f"{_ascii(person.first)}.{_ascii(person.last)}@{structure.domain}"
        ends = person.cards[-1].ends if person.cards else date(2028, 3, 31) + timedelta(days=self._hired)
        actor.account = Account(
            id=f"EF{self._hired:04d}",
            civility=label_of("civilities", person.civility),
            last=person.last,
            first=person.first,
            profession=label_of("professions", profession),
            cpx=person.number,
            card_type="CPE" if "/" in person.number else "CPF" if category == "E" else "CPS",
            expires=ends,
            email=email,
            phone=self.phone(structure),
            posts=[],
        )
        self.appoint(actor, place, function, rank, **workbook)
        return actor

    def appoint(self, actor: Actor, place: str, function: str, rank: str = "", **workbook: Cell) -> Row:
        """One more function, in the annuaire and in the workbook of the structure."""
        post = Post(self.structures[place], function, rank)
        actor.user.posts.append(post)
        return self.list_in_workbook(actor, post, **workbook)

    def list_in_workbook(self, actor: Actor, post: Post, **workbook: Cell) -> Row:
        """A row for the post, agreeing with the account."""
        account, person = actor.user, actor.person
        cells: dict[str, Cell] = {
            "code": post.structure.code,
            "place": post.structure.name,
            "type": label_of("structure_types", post.structure.type),
            "function": label_of("functions", post.function),
            "rank": label_of("ranks", post.rank) if post.rank else "",
            "civility": account.civility,
            "last": person.last,
            "first": person.first,
            "profession": account.profession,
            "number": person.number,
            "card": account.card_type,
            "ends": account.expires or "",
            "email": account.email,
            "phone": account.phone,
            **workbook,
        }
        row = Row(post.structure.file, {CELLS[name]: value for name, value in cells.items()})
        actor.rows.append(row)
        if post.structure not in person.sites:
            person.sites.append(post.structure)
        return row

    def person(self, structure: Structure, profession: str, register: str, category: str = "C") -> Person:
        """Somebody with a right number and, when the registers know them, an old card and a current one."""
        position = self._hired
        woman = position % 2 == 0
        last, first = self.name(position, _WOMEN if woman else _MEN)
        number = self.number(structure, register)
        person = Person(last, first, "MME" if woman else "M", profession, number, register, category)
        if register:
            ends = date(2027, 6, 1) + timedelta(days=(position * 37) % 800)
            card_type = "CPF" if category == "E" else "CPS"
            for years in (3, 0):
                end = ends - timedelta(days=365 * years)
                person.cards.append(self.card(number, end, card_type))
        return person

    def card(self, content: str, ends: date, card_type: str = "CPS") -> Card:
        """A card of three years that ends on the day."""
        self._serial += 1
        return Card(card_type, f"999{self._serial:07d}", content, ends - timedelta(days=1094), ends)

    def number(self, structure: Structure, register: str) -> str:
        """National identification: RPPS from 9970…, ADELI of 9995.., or a CPE of the establishment."""
        position = self._hired
        if register == "RPPS":
            return "8" + with_luhn_key(f"9970{position:06d}")
        if register == "ADELI":
            return "0" + with_luhn_key(f"{structure.departement}9995{position % 100:02d}")
        establishment = structure.code if structure.type in ("ES", "SITE") else _finess(structure.departement, 90)
        return f"3{establishment}/{position:04d}-FICTIF"

    def name(self, position: int, firsts: tuple[str, ...]) -> tuple[str, str]:
        """An obviously invented name that nobody else bears."""
        while True:
            syllables = self.random.sample(_SYLLABLES, 3)
            last = f"{TAGS[position % len(TAGS)]}-{''.join(syllables).upper()}"
            if last not in self._names:
                self._names.add(last)
                return last, firsts[(position * 5 // 2) % len(firsts)]

    def phone(self, structure: Structure) -> str:
        """Of the ranges that ARCEP keeps for fiction."""
        prefix = "01 99 00" if structure.region == "11" or not structure.region else "02 61 91"
        rest = f"{self._hired:04d}"
        return f"{prefix} {rest[:2]} {rest[2:]}"


def quiet_country() -> Country:
    """About 130 people on whom all sources agree."""
    country = Country()
    for place, ranks in (("ANSM", True), ("EFS", True), ("CTSA", False)):
        country.hire(place, "HEMOVIGILANT", "TITULAIRE")
        country.hire(place, "HEMOVIGILANT", "REMPLACANT", profession="21")
        if ranks:
            country.hire(place, "ASSISTANT", profession="60")
    for region in ("24", "11"):
        country.hire(region, "CRH_ST", "TITULAIRE")
    country.hire("11", "CRH_ST", "REMPLACANT")
    for region in REGION_FILES:
        country.hire(region, "ASSISTANT", profession="SEC", register="")
    for key, structure in list(country.structures.items()):
        if structure.type in ("ETS", "SITE", "ES") and key != "24-10":
            _staff(country, key)
    return country


def _staff(country: Country, key: str) -> None:
    """Titulaire, remplaçant and assistant; now and then a second assistant."""
    turn = len(country.actors)
    country.hire(key, "CHV_ST", "TITULAIRE")
    country.hire(key, "CHV_ST", "REMPLACANT", profession="21" if turn % 2 else "10")
    if turn % 3 == 0:
        country.hire(key, "ASSISTANT", profession="SEC", register="")
    else:
        country.hire(key, "ASSISTANT", profession="60")


def _structures() -> list[Structure]:
    """National bodies, régions, regional ETS, sites and 30 ES, each with its workbook."""
    found = [
        Structure("ANSM", "ANSM", "ANSM", "ANSM", "", "", "93", NATIONAL_FILE, "ansm-fictive.example.org"),
        Structure("EFS", "EFS", "EFS_NATIONAL", "EFS", "", "", "93", NATIONAL_FILE, "efs-fictif.example.org"),
        Structure("CTSA", "CTSA", "CTSA", "CTSA", "", "", "92", NATIONAL_FILE, "ctsa-fictif.example.org"),
    ]
    for region, file in REGION_FILES.items():
        name, departement = f"Région {REGION_NAMES[region]}", DEPARTEMENTS[region][0]
        domain = f"ars-{region}-fictive.example.org"
        found.append(Structure(region, region, "REGION", name, region, "", departement, file, domain))
    for code, region, name in (
        ("ETS-CPDL", "", "EFS Centre-Pays de la Loire"),
        ("ETS-IDF", "11", "EFS Île-de-France"),
    ):
        domain = f"{code.lower()}.example.org"
        found.append(Structure(code, code, "ETS", name, region, "", "45", ETS_FILES[code], domain))
    for number, (key, ets, region, departement, town) in enumerate(SITES, start=51):
        code, domain = _finess(departement, number), f"{ets.lower()}.example.org"
        name = f"Site EFS fictif de {town}"
        found.append(Structure(key, code, "SITE", name, region, ets, departement, ETS_FILES[ets], domain))
    return [*found, *_hospitals()]


def _hospitals() -> list[Structure]:
    found = []
    for turn, town in enumerate(TOWNS):
        region = ("24", "52", "11")[turn // 10]
        departement = DEPARTEMENTS[region][turn % len(DEPARTEMENTS[region])]
        key, file = f"{region}-{turn % 10 + 1:02d}", REGION_FILES[region]
        name, domain = f"CH fictif de {town}", f"ch-{_ascii(town)}.example.org"
        code = _finess(departement, turn + 1)
        found.append(Structure(key, code, "ES", name, region, "", departement, file, domain))
    return found


def _finess(departement: str, number: int) -> str:
    return with_luhn_key(f"{departement}9990{number:02d}")


def _ascii(text: str) -> str:
    return anyascii(text).lower().replace("'", "").replace(" ", "-")
