"""Who leaves is asked for no card; who stays by the updater's word is told of it the night after."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from connectors.store import open_store
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from tests.night.small import Files, settings_of, write_files
from tests.night.test_sixty_nights import decide
from tests.night.updater_reports import lines_in
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
NURSE = Person(204, "QUATRIEME-FICTIF", "Max")


def play(root: Path, day: date) -> Night:
    """The nurse is in no workbook any more, and her card ends in three weeks."""
    soon = "2026-12-13"
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (NURSE, ES, ASSISTANT)]
    accounts = [account(*place) for place in people[:2]] + [account(*people[2], card_expires_on=soon)]
    rows: Sequence[Line] = [row(*place) for place in people[:2]]
    cards = [card(HOLDER), card(CHV), card(NURSE, soon)]
    files = Files(accounts, {"regions/24.csv": rows}, [registered(who) for who, _, _ in people], cards)
    write_files(root, files, day)
    settings = settings_of(root)
    settings = settings.model_copy(update={"workbook": settings.workbook[:1]}).at(root)
    return run_night(settings, Request(day, root / "out"))


def test_a_refused_end_brings_the_card_back(tmp_path: Path) -> None:
    night = play(tmp_path, DAY)
    assert lines_in(tmp_path, "CRH_ST-24", "Cartes") == 0
    assert lines_in(tmp_path, "CRH_ST-24", "À désactiver") == 2
    end = next(one for one in night.changeset.changes if one.kind == "end_assignment")
    with open_store(f"sqlite:///{tmp_path / 'var' / 'annuaire.db'}") as store:
        decide(store, end, "refused", DAY, None)
    play(tmp_path, DAY + timedelta(days=1))
    assert lines_in(tmp_path, "CRH_ST-24", "Cartes") == 1
