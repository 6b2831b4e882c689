"""Somebody changes region over several nights: each updater is told in time, and nobody is locked out on the way."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from connectors.store import open_store
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from schemas.changes.change import Change
from tests.night.small import Files, settings_of, write_files
from tests.spec.tables import ASSISTANT, CRH, ES, ES_52, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
MOVING = Person(80, "FICTIVE-MUTATION", "Ode")
STAFF = [
    (Person(81, "FICTIVE-B", "Noé"), "24", CRH),
    (Person(82, "FICTIVE-C", "Noé"), "52", CRH),
    (Person(83, "FICTIVE-D", "Noé"), "ETS-CPDL", TITULAIRE),
    (Person(84, "FICTIVE-E", "Noé"), ES, TITULAIRE),
    (Person(85, "FICTIVE-F", "Noé"), ES_52, TITULAIRE),
]
BOOK_OF = {"24": "regions/24.csv", ES: "regions/24.csv", "52": "regions/52.csv", ES_52: "regions/52.csv"}
BOOK_OF["ETS-CPDL"] = "ets/cpdl.csv"
PEOPLE = [MOVING, *(who for who, _, _ in STAFF)]
HERE, THERE, GONE = row(MOVING, ES), row(MOVING, ES_52), row(MOVING, ES, status="Parti")


class Country:
    """Nights one after another over files that change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.day = DAY

    def night(
        self,
        *moving: Line,
        mine: Sequence[Line] = (account(MOVING, ES),),
        unreadable: str = "",
    ) -> Night:
        """Tonight's rows and account of the one who moves; a workbook may be missing."""
        books: dict[str, list[Line] | None] = {name: [] for name in BOOK_OF.values()}
        for line in (*(row(who, at, role) for who, at, role in STAFF), *moving):
            found = books[BOOK_OF[line.cells["structure_code"]]]
            assert found is not None
            found.append(line)
        if unreadable:
            books[unreadable] = None
        annuaire = [*(account(who, at, role) for who, at, role in STAFF), *mine]
        write_files(self.root, Files(annuaire, books, [*map(registered, PEOPLE)], [*map(card, PEOPLE)]), self.day)
        night = run_night(settings_of(self.root), Request(self.day, self.root / "out"))
        self.day += timedelta(days=1)
        return night


@pytest.fixture
def country(tmp_path: Path) -> Country:
    return Country(tmp_path)


def about(night: Night) -> dict[str, Change]:
    """The open changes about the one who moves, by kind."""
    return {one.kind: one for one in night.changeset.changes if one.person.national_id == MOVING.rpps}


def test_a_transfer_in_one_night_tells_both_regions_and_deactivates_nothing(country: Country) -> None:
    assert about(country.night(HERE)) == {}
    found = about(country.night(THERE))
    assert {kind: one.updater.scope for kind, one in found.items()} == {"add_assignment": "52", "end_assignment": "24"}
    assert found["add_assignment"].linked_to == (found["end_assignment"].id,)
    assert found["end_assignment"].linked_to == (found["add_assignment"].id,)


def test_who_waits_for_the_other_region_reads_where_it_is_and_when_it_is_done(country: Country) -> None:
    country.night(HERE)
    country.night(THERE)
    assert "Lié à" in ending(country)
    assert "le rapport suivant le dit ici" in ending(country)
    both = [account(MOVING, ES), account(MOVING, ES_52)]
    country.night(THERE, mine=both)
    assert "dans l’annuaire depuis le 24/11/2026" in ending(country)
    assert "une fois ajoutée" not in ending(country)
    country.night(THERE, mine=both)
    assert "dans l’annuaire depuis le 24/11/2026" in ending(country)


def ending(country: Country) -> str:
    """What region 24 reads on the line of the function to be ended."""
    sheet = openpyxl.load_workbook(country.root / "out" / "reports" / "CRH_ST-24.xlsx")["À désactiver"]
    return "\n".join(str(cell.value) for line in sheet.iter_rows(min_row=4) for cell in line if cell.value)


def test_between_departure_and_arrival_the_arrival_takes_the_deactivation_back(country: Country) -> None:
    """Region 24 says « parti »; three nights later region 52 has them, and nobody has entered anything yet."""
    first = about(country.night(GONE))
    assert set(first) == {"end_assignment", "deactivate_account"}
    country.night(GONE)
    country.night(GONE)
    night = country.night(GONE, THERE)
    later = about(night)
    assert set(later) == {"end_assignment", "add_assignment"}
    assert later["end_assignment"].id == first["end_assignment"].id
    assert later["end_assignment"].linked_to == (later["add_assignment"].id,)
    moved = {key: state for key, state in states(country).items() if key == first["deactivate_account"].id}
    assert set(moved.values()) == {"withdrawn"}


def test_the_deactivation_is_taken_back_even_while_the_old_regions_workbook_cannot_be_read(country: Country) -> None:
    country.night(GONE)
    found = about(country.night(THERE, unreadable="regions/24.csv"))
    assert "add_assignment" in found
    assert "deactivate_account" not in found


def test_once_the_end_is_entered_the_arrival_still_takes_the_deactivation_back(country: Country) -> None:
    country.night(GONE)
    homeless = [account(MOVING, "")]
    assert set(about(country.night(mine=homeless))) == {"deactivate_account"}
    assert set(about(country.night(THERE, mine=homeless))) == {"add_assignment"}


def test_somebody_deactivated_before_arriving_is_to_be_reactivated_and_not_created_twice(country: Country) -> None:
    country.night(GONE)
    asleep = [account(MOVING, "", active="Non")]
    assert about(country.night(mine=asleep)) == {}
    change = about(country.night(THERE, mine=asleep))["create_account"]
    assert MOVING.account_id in change.guidance
    assert "réactiver" in change.guidance


def test_an_arrival_announced_before_the_departure_is_an_addition_then_an_end(country: Country) -> None:
    assert set(about(country.night(HERE, THERE))) == {"add_assignment"}
    both = [account(MOVING, ES), account(MOVING, ES_52, ASSISTANT)]
    assert about(country.night(HERE, THERE, mine=both)) == {}
    assert set(about(country.night(GONE, THERE, mine=both))) == {"end_assignment"}


def test_two_addresses_of_two_regions_bring_one_change_and_then_none(country: Country) -> None:
    both = [account(MOVING, ES), account(MOVING, ES_52)]
    told = (row(MOVING, ES, email="ici@example.org"), row(MOVING, ES_52, email="la-bas@example.org"))
    first = about(country.night(*told, mine=both))["update_account"]
    chosen = first.fields[0].after or ""
    assert about(country.night(*told, mine=both))["update_account"].id == first.id
    entered = [account(MOVING, at, email=chosen) for at in (ES, ES_52)]
    for missing in ("", "regions/24.csv", "regions/52.csv", ""):
        assert about(country.night(*told, mine=entered, unreadable=missing)) == {}


def states(country: Country) -> dict[str, str]:
    """Change id → status in the store."""

    with open_store(settings_of(country.root).store_url) as store:
        return {key: state.status for key, state in store.states().items()}
