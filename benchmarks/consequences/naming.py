"""Names of five origins by Zipf's law: a few that a hundred people bear, and a long tail that one bears."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from tests.matching.invented_people import last_name as rare_name

Weighted = tuple[tuple[str, ...], tuple[float, ...]]


def by_zipf(words: Sequence[str], flat: float) -> Weighted:
    """The words with cumulated frequencies 1 / (rank + flat)."""
    return tuple(words), tuple(accumulate(1 / (rank + flat) for rank in range(len(words))))


@dataclass(frozen=True, slots=True)
class Origin:
    """How people of one origin are called. `rare`: share of last names out of the long tail; `two`: of compounds."""

    name: str
    share: int
    last: Weighted
    women: Weighted
    men: Weighted
    rare: float = 0.0
    two: float = 0.0
    particles: tuple[str, ...] = ()
    married: float = 0.2  # of the women, those who go by another name than that of their birth
    middle: tuple[str, ...] = ()


_FRENCH_LAST = (
    "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFÈVRE LEROY ROUX DAVID "
    "BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MÜLLER LEFEBVRE FAURE ANDRÉ "
    "MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLÉMENT MORIN NICOLAS "
    "HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOËL MEYER DUFOUR MEUNIER BRUN "
    "BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GÉRARD ROCHE RENARD SCHMITT ROY "
    "LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE "
    "BENOÎT REY"
).split()
_FRENCH_WOMEN = (
    "Marie Nathalie Isabelle Sophie Catherine Anne Sandrine Valérie Christine Céline Julie Camille Aurélie Stéphanie "
    "Véronique Claire Émilie Sylvie Caroline Laurence Hélène Florence Élodie Pauline Françoise Delphine Virginie Lucie "
    "Frédérique Danielle Michèle Inès Agnès Léa Manon Anaïs Élisabeth Patricia Corinne Jeanne Alice Gaëlle Dominique"
).split()
_FRENCH_MEN = (
    "Philippe Nicolas Pierre Christophe Laurent Thomas Julien Olivier François Frédéric Alexandre Stéphane Sébastien "
    "Vincent Éric Pascal Jérôme Guillaume David Antoine Thierry Bruno Mathieu Luc Emmanuel Benoît Gilles Daniel Michel "
    "Jean Alain Bernard Xavier Denis Hugo Paul Simon Martin Gaël Rémi Cédric Dominique Claude Maxime Arnaud"
).split()
_ARAB_LAST = (
    "BENALI HADDAD SAÏDI BOUAZIZ CHERIF MANSOURI AMRANI BELKACEM KHELIFI TOUMI BRAHIMI ZEROUAL HAMDI MEZIANE BOUDIAF "
    "RAHMANI YAHIAOUI SLIMANI LAHLOU FASSI IDRISSI BENNANI HAMMOUDI KADDOUR OUALI TAZI MOKRANI GHARBI TRABELSI JEBALI"
).split()
_ARAB_WOMEN = (
    "Fatima Khadija Yasmine Leïla Samira Nadia Amina Salima Karima Malika Zohra Fatima-Zahra Naïma Imane".split()
)
_ARAB_MEN = (
    "Mohammed Ahmed Youssef Karim Rachid Ali Omar Hassan Abdelkader Samir Khalid Nabil Mehdi Abderrahmane Bilal Farid"
).split()
_VIET_LAST = "NGUYEN TRAN LE PHAM HUYNH HOANG PHAN VU VO DANG BUI DO HO NGO DUONG LY".split()
_VIET_WOMEN = "Anh Lan Huong Mai Linh Thuy Phuong Hoa Ngoc Trang Hanh Thao".split()
_VIET_MEN = "Minh Tuan Hung Duc Nam Long Quang Hai Dung Son Thanh Phuc".split()
_AFRICAN_LAST = (
    "DIALLO TRAORÉ N'DIAYE COULIBALY DIOP FALL KEÏTA CISSÉ KONÉ CAMARA SOW BA BARRY OUATTARA DIARRA TOURÉ SARR GUEYE "
    "KOUASSI M'BAYE SISSOKO BAMBA N'GUESSAN YAO KOUAMÉ MENDY DEMBÉLÉ SYLLA FOFANA BALDÉ NDONGO MBOUMBA"
).split()
_AFRICAN_WOMEN = (
    "Fatoumata Aminata Mariam Awa Aïssata Khady Ndèye Rokhaya Adjoua Grâce Bintou Oumou Mariame Coumba".split()
)
_AFRICAN_MEN = (
    "Mamadou Ibrahima Moussa Ousmane Amadou Abdoulaye Cheikh Seydou Boubacar Kouadio Alassane Modou Issa".split()
)
_PORTUGUESE_LAST = (
    "FERREIRA PEREIRA RODRIGUES GONÇALVES FERNANDES OLIVEIRA MARTINS LOPES GOMES RIBEIRO CARVALHO ALMEIDA PINTO "
    "MOREIRA TEIXEIRA CORREIA MENDES SILVA SANTOS COSTA SOUSA NUNES VIEIRA MONTEIRO CARDOSO ROCHA NEVES COELHO"
).split()
_PORTUGUESE_WOMEN = "Maria Ana Isabel Sofia Paula Cristina Teresa Carla Sandra Helena Fátima Filipa".split()
_PORTUGUESE_MEN = "José António João Manuel Carlos Paulo Luís Pedro Joaquim Rui Jorge Fernando".split()

_FLAT = 3.0
ORIGINS: tuple[Origin, ...] = (
    Origin(
        "french",
        66,
        by_zipf(_FRENCH_LAST, 25),
        by_zipf(_FRENCH_WOMEN, 8),
        by_zipf(_FRENCH_MEN, 8),
        rare=0.6,
        two=0.13,
        particles=("DE ", "D'", "DU ", "DE LA ", "LE "),
        married=0.4,
    ),
    Origin(
        "arab",
        13,
        by_zipf(_ARAB_LAST, _FLAT),
        by_zipf(_ARAB_WOMEN, _FLAT),
        by_zipf(_ARAB_MEN, 1),
        two=0.05,
        particles=("BEN ", "EL ", "AL-", "AÏT ", "OULD "),
    ),
    Origin(
        "vietnamese",
        5,
        by_zipf(_VIET_LAST, 0.6),
        by_zipf(_VIET_WOMEN, _FLAT),
        by_zipf(_VIET_MEN, _FLAT),
        middle=("Thi", "Van", "Ngoc", "Minh", "Thi Thu", "Duc"),
        married=0.1,
    ),
    Origin(
        "african",
        9,
        by_zipf(_AFRICAN_LAST, 2),
        by_zipf(_AFRICAN_WOMEN, _FLAT),
        by_zipf(_AFRICAN_MEN, _FLAT),
        two=0.12,
    ),
    Origin(
        "portuguese",
        7,
        by_zipf(_PORTUGUESE_LAST, _FLAT),
        by_zipf(_PORTUGUESE_WOMEN, 1),
        by_zipf(_PORTUGUESE_MEN, _FLAT),
        two=0.3,
        particles=("DA ", "DOS ", "DE "),
        married=0.3,
    ),
)

# What colleagues call each other, and one of them types.
NICKNAMES: dict[str, tuple[str, ...]] = {
    "Alexandre": ("Alex",),
    "Abdelkader": ("Kader",),
    "Abderrahmane": ("Abdou",),
    "Abdoulaye": ("Ablaye", "Abdou"),
    "Aminata": ("Ami", "Mina"),
    "Anne": ("Annie",),
    "António": ("Toni", "Antoine"),
    "Antoine": ("Tonio",),
    "Aurélie": ("Aure",),
    "Benoît": ("Ben",),
    "Boubacar": ("Bouba",),
    "Caroline": ("Caro",),
    "Catherine": ("Cathy", "Cath"),
    "Christine": ("Chris", "Cricri"),
    "Christophe": ("Chris",),
    "Corinne": ("Coco",),
    "Cristina": ("Cris", "Tina"),
    "Delphine": ("Delph",),
    "Dominique": ("Dom", "Domi"),
    "Élisabeth": ("Babeth", "Lisa", "Élise"),
    "Emmanuel": ("Manu",),
    "Fatima": ("Fati",),
    "Fatoumata": ("Fatou",),
    "Fernando": ("Nando",),
    "Françoise": ("Fanfan", "France"),
    "Frédéric": ("Fred", "Frédo"),
    "Frédérique": ("Fred",),
    "Guillaume": ("Guigui", "Will"),
    "Ibrahima": ("Ibou",),
    "Isabel": ("Bela",),
    "Isabelle": ("Isa", "Babelle"),
    "Joaquim": ("Quim",),
    "Jean": ("Jeannot",),
    "José": ("Zé", "Joseph"),
    "Jérôme": ("Jé",),
    "Julien": ("Ju",),
    "Khadija": ("Khadi",),
    "Laurence": ("Laure", "Lolo"),
    "Mamadou": ("Mam", "Doudou"),
    "Manuel": ("Manu",),
    "Maria": ("Mia", "Marie"),
    "Mathieu": ("Mat",),
    "Maxime": ("Max",),
    "Michel": ("Mimi", "Mitch"),
    "Michèle": ("Mimi",),
    "Mohammed": ("Momo", "Med"),
    "Nathalie": ("Nath", "Nathou"),
    "Nicolas": ("Nico",),
    "Olivier": ("Oliv",),
    "Patricia": ("Pat",),
    "Philippe": ("Phil", "Philou"),
    "Sandrine": ("Sand", "Sandy"),
    "Sébastien": ("Seb",),
    "Sophie": ("Soso",),
    "Stéphane": ("Steph",),
    "Stéphanie": ("Steph", "Fanny"),
    "Thomas": ("Tom",),
    "Valérie": ("Val", "Valou"),
    "Véronique": ("Véro",),
    "Virginie": ("Virg", "Ginie"),
    "Vincent": ("Vince",),
    "Youssef": ("Jo",),
}


def draw(chance: Random, weighted: Weighted) -> str:
    """A word, as often as it is met."""
    words, weights = weighted
    return chance.choices(words, cum_weights=weights)[0]


def origin(chance: Random) -> Origin:
    """One of the five, by its share."""
    return chance.choices(ORIGINS, [one.share for one in ORIGINS])[0]


def last_name(chance: Random, of: Origin, rarer: float = 1.0) -> str:
    """One word; with a particle; or two, with or without a hyphen. `rarer`: how much of the long tail there is."""
    if chance.random() < of.rare * rarer:
        return rare_name(chance)
    word = draw(chance, of.last)
    turn = chance.random()
    if of.particles and turn < 0.15:
        return chance.choice(of.particles) + word
    if turn > 1 - of.two / 2:
        other = draw(chance, of.last)
        return word if other == word else f"{word}{chance.choice('- ')}{other}"
    return word


def first_name(chance: Random, of: Origin, sex: str) -> str:
    """One of the first ones far oftener than the last; compound as its origin has it."""
    names = of.women if sex == "F" else of.men
    first = draw(chance, names)
    if of.middle and chance.random() < 0.6:
        return f"{chance.choice(of.middle)} {first}"
    if chance.random() < of.two:
        other = draw(chance, names)
        return first if other == first else f"{first}{chance.choice('-- ')}{other}"
    return first


def nickname(chance: Random, first: str) -> str:
    """What somebody of this name is called; the initials of a compound; "" where there is nothing of the kind."""
    parts = first.replace("-", " ").split()
    if len(parts) > 1 and chance.random() < 0.5:
        return "".join(part[0] for part in parts)
    return chance.choice(NICKNAMES[parts[0]]) if parts[0] in NICKNAMES else ""
