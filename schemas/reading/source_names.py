"""The names that the sources of a night go by, and what hangs on each (`tables/sources.csv`)."""

from functools import cache

from schemas.nomenclatures import rows

ANNUAIRE = "annuaire"
PERSONS, CARDS = "register.persons", "register.cards"
ADELI = "register.adeli"  # frozen since 2024: it never goes stale, and what cannot be read in it will not be mended
CROSSWALK, STRUCTURES = "register.crosswalk", "register.structures"
DIRECTORY = "register.directory"  # asked, not read: it has no file
STORE = "store"  # our own state, where it stands among the sources because it is held
WORKBOOK = "workbook"  # any of the regions, an ETS or the national bodies: what they have in common
CARD_SOURCES = (CARDS, DIRECTORY)  # what tells of issued cards; another's card is declared
REGISTERS = (PERSONS, CARDS, ADELI, CROSSWALK, STRUCTURES)

_WORKBOOK, _REGISTER = f"{WORKBOOK}:", "register."


def workbook_name(path: str) -> str:
    """Return « workbook:regions/24.xlsx », of the path that the configuration gives."""
    return f"{_WORKBOOK}{path}"


def is_workbook(name: str) -> bool:
    """Tell whether it is a workbook of a region, an ETS or the national bodies."""
    return name.startswith(_WORKBOOK)


def workbook_path(name: str) -> str:
    """Return the path in the name of a workbook; any other name as it is."""
    return name.removeprefix(_WORKBOOK)


def register_name(key: str) -> str:
    """Return « register.cards », of its key in the configuration."""
    return f"{_REGISTER}{key}"


def register_key(name: str) -> str:
    """Return « cards », of its name."""
    return name.removeprefix(_REGISTER)


def setting_of(name: str) -> str:
    """Return where the configuration says where it lies: « [register] cards »."""
    return f"[{ANNUAIRE}] export" if name == ANNUAIRE else f"[register] {register_key(name)}"


def is_register(name: str) -> bool:
    """Tell whether it is one of the national files."""
    return name.startswith(_REGISTER)


def contract_of(name: str) -> str:
    """Return the name of the contract that a national file keeps (`schemas/sources`)."""
    return next(row["contract"] for row in rows("sources") if row["name"] == name)


def kind_of_source(name: str) -> str:
    """Tell whose columns it has: « annuaire », « workbook », « register_cards »."""
    return WORKBOOK if is_workbook(name) else contract_of(name) or name


def holds_the_night(name: str) -> bool:
    """Tell whether nothing at all goes out while this source is not whole: nothing could be concluded about anybody."""
    return name in _all_that("holds_the_night")


def goes_stale(name: str) -> bool:
    """Tell whether it comes out every night: one that is some days old is out of use."""
    return name in _all_that("goes_stale")


def of_persons() -> frozenset[str]:
    """Return the names of the files that say who somebody is."""
    return _all_that("of_persons")


def counts_rejects(name: str) -> bool:
    """Tell whether it is out of use where too much of it cannot be read."""
    return name in _all_that("counts_rejects")


@cache
def _all_that(column: str) -> frozenset[str]:
    return frozenset(row["name"] for row in rows("sources") if row[column] == "oui")
