"""Two states of one list: whom the registers alone know has no account, and is asked about like any stranger."""

from pipelines.sources.cells.known_people import Known, KnownByWords, People, Record
from pipelines.sources.workbook.row.two_states import ONE_STATE, SIDE_ONLY, mark_two_states
from schemas.people.identifiers import with_luhn_key

NAMES = ["ALBA", "BRUNE", "CORTO", "DAHL", "EVREUX", "FOUR"]
PLACE = "010000024"


def number(at: int) -> str:
    return "8" + with_luhn_key(f"99700070{at:02d}")


def record(at: int, name: str, sheet: str) -> Record:
    return {"_sheet": sheet, "last_name": name, "first_name": "Ode", "cpx_number": number(at)}


def people() -> People:
    """Those of the list have accounts; « NEUF » is in a register, at a hospital that the annuaire has."""
    held = ((PLACE, "ASSISTANT", ""),)
    known = {number(at): Known(name, "Ode", places=frozenset({PLACE}), held=held) for at, name in enumerate(NAMES)}
    registered = {number(9): Known("NEUF", "Ode", places=frozenset({PLACE}))}
    return People({**known, **registered}, frozenset(), KnownByWords(), frozenset(registered))


def test_whom_the_registers_alone_know_on_one_of_two_states_is_asked_about() -> None:
    lists = [record(at, name, sheet) for sheet in ("printemps", "automne") for at, name in enumerate(NAMES)]
    alone = record(9, "NEUF", "printemps")
    mark_two_states([*lists, alone], people())
    assert (alone.get(ONE_STATE), sum(ONE_STATE in one for one in lists)) == ("printemps", 0)


def test_so_are_they_on_a_sheet_beside_the_list() -> None:
    alone = record(9, "NEUF", "Convocations")
    mark_two_states([*(record(at, name, "Liste") for at, name in enumerate(NAMES)), alone], people())
    assert alone.get(SIDE_ONLY) == "Convocations"
