"""Sheets of people whom the annuaire does not have: where a cell has several readings, the registers decide."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from flows.night.nightly import Night, run_night
from flows.run.request import Request
from tests.night.small import Files, settings_of, write_files
from tests.spec.tables import CRH, ES, OTHER_ES, TITULAIRE, Person, account, card, finess, registered, row

DAY = date(2026, 11, 22)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
LOCAL = Person(203, "TROISIEME-FICTIF", "Lia")
OTHER = Person(207, "SEPTIEME-FICTIF", "Guy")
NEW = [Person(300 + at, name, first) for at, (name, first) in enumerate([("DURAND", "Paule"), ("LEROY", "Marc")])]
NEW += [Person(310, "FONTAINE", "Rose"), Person(311, "BRUNET", "Théo")]
BOOK = "regions/24.csv"
ENTITY = finess("45", 77)


def night(
    root: Path, header: Sequence[str], rows: Sequence[Sequence[str]], ends_on: Mapping[str, str] | None = None
) -> Night:
    """Three accounts in order, and a workbook of these columns; the new ones are in the registers alone."""
    people = [(HOLDER, "24", CRH), (LOCAL, ES, TITULAIRE), (OTHER, OTHER_ES, TITULAIRE)]
    known = [registered(who) for who, _, _ in people] + [registered(who, finess_legal=ENTITY) for who in NEW]
    held = [card(who) for who, _, _ in people] + [card(who, (ends_on or {}).get(who.rpps, "2028-05-31")) for who in NEW]
    write_files(root, Files([account(*one) for one in people], {BOOK: [row(*people[0])]}, known, held), DAY)
    with (root / BOOK).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    settings = settings_of(root)
    book = settings.workbook[0].model_copy(update={"complete": False})
    settings = settings.model_copy(update={"workbook": (book,)}).at(root)
    return run_night(settings, Request(DAY, root / "out"))


def created(found: Night) -> list[tuple[str, str, str]]:
    return sorted(
        (one.person.last_name, one.person.first_name, one.assignment.structure_code)
        for one in found.changeset.changes
        if "missing_account" in one.reasons
    )


def doubts(found: Night) -> list[str]:
    kinds = ("review",)
    return sorted(reason for one in found.changeset.changes if one.kind in kinds for reason in one.reasons)


def notes(found: Night) -> str:
    return str(found.summary["sources"]).replace("\\xa0", " ").replace("\xa0", " ")


EXPECTED = sorted((who.last_name, who.first_name, ES) for who in NEW)
ROLE = ("CHV-ST", "Remplaçant")


def test_of_two_columns_of_names_the_one_that_the_register_bears_out_is_read(tmp_path: Path) -> None:
    header = ["FINESS", "Nom", "Nom", "Prénom", "Fonction", "Rang", "N° CPx"]
    found = night(
        tmp_path,
        header,
        [[ES, f"SERVICE {at}", who.last_name, who.first_name, *ROLE, who.number] for at, who in enumerate(NEW)],
    )
    assert (created(found), doubts(found)) == (EXPECTED, [])
    assert "seule à s" in notes(found)


def test_names_in_each_others_column_are_put_back(tmp_path: Path) -> None:
    header = ["FINESS", "Nom", "Prénom", "Fonction", "Rang", "N° CPx"]
    found = night(tmp_path, header, [[ES, who.first_name, who.last_name, *ROLE, who.number] for who in NEW])
    assert (created(found), doubts(found)) == (EXPECTED, [])
    assert sum(one.code == "NAMES_SWAPPED" for one in found.changeset.rejects) == 1


def test_a_legal_entitys_number_means_the_site_where_the_register_has_its_people(tmp_path: Path) -> None:
    header = ["FINESS", "Nom", "Prénom", "Fonction", "Rang", "N° CPx"]
    found = night(tmp_path, header, [[ENTITY, who.last_name, who.first_name, *ROLE, who.number] for who in NEW])
    assert (created(found), doubts(found)) == (EXPECTED, [])
    assert sum(one.code == "FINESS_LEGAL_ENTITY" for one in found.changeset.rejects) == 1


def test_a_blank_establishment_does_not_continue_the_one_above_where_the_register_has_them_elsewhere(
    tmp_path: Path,
) -> None:
    header = ["FINESS", "Nom", "Prénom", "Fonction", "Rang", "N° CPx"]
    first = [OTHER_ES, OTHER.last_name, OTHER.first_name, "CHV-ST", "Titulaire", OTHER.number]
    found = night(tmp_path, header, [first, *(["", who.last_name, who.first_name, *ROLE, who.number] for who in NEW)])
    assert created(found) == []
    first = [ES, LOCAL.last_name, LOCAL.first_name, "CHV-ST", "Titulaire", LOCAL.number]
    again = night(
        tmp_path / "b", header, [first, *(["", who.last_name, who.first_name, *ROLE, who.number] for who in NEW)]
    )
    assert created(again) == EXPECTED


def test_days_that_may_be_months_are_read_as_the_cards_have_them(tmp_path: Path) -> None:
    header = ["FINESS", "Nom", "Prénom", "Fonction", "Rang", "N° CPx", "Date de fin de validité"]
    ends = {who.rpps: f"2028-0{at + 1}-05" for at, who in enumerate(NEW)}
    lines = [[ES, who.last_name, who.first_name, *ROLE, who.number, f"0{at + 1}/05/2028"] for at, who in enumerate(NEW)]
    found = night(tmp_path, header, lines, ends)
    assert created(found) == EXPECTED
    assert "seule lecture qui s" in notes(found)


@pytest.mark.parametrize("asked", [1])
def test_a_single_person_decides_nothing(tmp_path: Path, asked: int) -> None:
    header = ["FINESS", "Nom", "Nom", "Prénom", "Fonction", "Rang", "N° CPx"]
    lines = [
        [ES, f"SERVICE {at}", who.last_name, who.first_name, *ROLE, who.number] for at, who in enumerate(NEW[:asked])
    ]
    assert "seule à s" not in notes(night(tmp_path, header, lines))
