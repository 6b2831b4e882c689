"""Who left by the words of a workbook, and who did not: sections of leavers, statuses of cards, remarks that go on."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.night.commanded import Service
from tests.night.sheets import Played
from tests.night.test_standing import Alter, harmed, play
from tests.spec.tables import CRH, Person, account, row

STATUS, LAST = 15, 11  # the column of the statuses; D'ORNANO and KÖNIG stand on the last two rows
OF_THE_LAST = [("deactivate_account", "D'ORNANO"), ("deactivate_account", "KÖNIG")]
ENDS = sorted([*OF_THE_LAST, ("end_assignment", "D'ORNANO"), ("end_assignment", "KÖNIG")])


def statuses(*texts: str | None, at: int = STATUS, head: str = "Statut") -> Alter:
    """The statuses of the last rows."""

    def alter(_: Workbook, sheet: Worksheet) -> None:
        sheet.cell(1, at, head)
        for row_number, text in zip(range(LAST + 1 - len(texts), LAST + 1), texts, strict=True):
            sheet.cell(row_number, at).value = text

    return alter


def section(title: str, *, merged: bool = False, place: int = 1, status: str | None = None) -> Alter:
    """The last two people below a title of their own."""

    def alter(book: Workbook, sheet: Worksheet) -> None:
        statuses(status, status)(book, sheet)
        sheet.insert_rows(LAST - 1)
        sheet.cell(LAST - 1, place, title)
        if merged:
            sheet.merge_cells(start_row=LAST - 1, end_row=LAST - 1, start_column=1, end_column=STATUS)

    return alter


def asked(found: Played) -> list[str]:
    """What is asked of lines that were not understood."""
    return [one["after"] for change in found.changes for one in change["fields"] if one["field"] == "detail"]


TITLES = """
Départs | PARTIS | Personnes ayant quitté leurs fonctions | Ne sont plus en poste | Anciens correspondants
DÉPARTS 2026 : | Ont quitté l'établissement | N'exercent plus | Retraités | Sorties
Agents partis en septembre 2026 | Mutations | Inactifs | Sortants | Ne travaillent plus dans le service
"""


@pytest.mark.parametrize("title", [one.strip() for one in TITLES.strip().replace("\n", "|").split("|")])
def test_those_below_a_title_of_leavers_left(tmp_path: Path, title: str) -> None:
    assert harmed(play(tmp_path, section(title), absent=False)) == ENDS


@pytest.mark.parametrize("title", ["Comptes à supprimer", "Comptes à désactiver", "À fermer"])
def test_those_below_what_is_to_be_done_are_asked_about(tmp_path: Path, title: str) -> None:
    found = play(tmp_path, section(title), absent=False)
    assert harmed(found) == []
    assert any(title in one for one in asked(found))


@pytest.mark.parametrize(
    "alter", [section("Départs", merged=True), section("Départs", place=7)], ids=["merged", "name"]
)
def test_a_title_of_leavers_may_be_merged_or_stand_in_any_column(tmp_path: Path, alter: Alter) -> None:
    assert harmed(play(tmp_path, alter, absent=False)) == ENDS


@pytest.mark.parametrize(
    "title", ["Départs prévus", "Assistants", "ANCIEN HÔPITAL DE VALVERT", "Nouveaux arrivants", "Loire", "Départs ?"]
)
def test_those_below_another_title_are_there(tmp_path: Path, title: str) -> None:
    assert harmed(play(tmp_path, section(title), absent=False)) == []


def test_an_active_status_below_a_title_of_leavers_is_a_question(tmp_path: Path) -> None:
    found = play(tmp_path, section("Départs", status="Actif"), absent=False)
    assert harmed(found) == []
    assert "sous un titre de départs" in asked(found)[0]


@pytest.mark.parametrize("ending", ["blank row", "title"])
def test_a_section_ends_with_a_blank_row_or_the_next_title(tmp_path: Path, ending: str) -> None:
    def alter(book: Workbook, sheet: Worksheet) -> None:
        section("Départs")(book, sheet)
        sheet.insert_rows(LAST + 1)
        if ending == "title":
            sheet.cell(LAST + 1, 1, "Assistants")

    kinds = harmed(play(tmp_path, alter, absent=False))
    assert kinds == [("deactivate_account", "D'ORNANO"), ("end_assignment", "D'ORNANO")]


DOUBTFUL: dict[str, Sequence[str]] = {
    "a letter": ["P", "P"],
    "of cards, one of them lost": ["Perdue", "Désactivée"],
    "of cards, one of them expired": ["Expirée", "Inactive"],
    "feminine beside a man": ["Désactivée", "Inactive"],
    "for a while": ["inactif temporairement", "Désactivé provisoirement"],
    "not there at night": ["Sorti du CHU (nuit)", "Sorti du bloc"],
    "no longer gone": ["ex-Parti", "Faux départ"],
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_status_that_does_not_say_left_ends_nobody(tmp_path: Path, case: str) -> None:
    found = play(tmp_path, statuses(*DOUBTFUL[case]), absent=False)
    assert harmed(found) == []
    assert asked(found)


@pytest.mark.parametrize(
    "said", ["Inactif", "Sorti", "Désactivé", "Inactif depuis le 01/09/2026", "Sorti des effectifs"]
)
def test_a_status_that_says_so_ends_as_before(tmp_path: Path, said: str) -> None:
    assert harmed(play(tmp_path, statuses(said, said), absent=False)) == ENDS


REMARKS = [
    "Ne travaille plus ici",
    "Mutée au CHU de Lyon depuis septembre",
    "remplacée par Mme DURAND depuis octobre",
    "A quitté le service en juin pour la clinique",
    "N'exerce plus à Saint-Éloi",
    "Retraité, voir avec le cadre",
]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_that_tells_of_a_departure_beside_no_status_is_asked_about(tmp_path: Path, remark: str) -> None:
    def alter(book: Workbook, sheet: Worksheet) -> None:
        statuses(None)(book, sheet)
        statuses(remark, at=16, head="Commentaire")(book, sheet)

    found = play(tmp_path, alter, absent=False)
    assert harmed(found) == []
    assert remark in asked(found)[0].replace("\u2019", "'")


@pytest.mark.parametrize("remark", ["Départ de Mme DURAND en juin", "Ancien chef de clinique", "À rappeler le lundi"])
def test_a_remark_about_something_else_asks_nothing(tmp_path: Path, remark: str) -> None:
    def alter(book: Workbook, sheet: Worksheet) -> None:
        statuses(None)(book, sheet)
        statuses(remark, at=16, head="Commentaire")(book, sheet)

    assert play(tmp_path, alter, absent=False).changes == []


def test_the_head_of_a_held_set_is_not_ended_by_the_administrator(tmp_path: Path) -> None:
    """The same workbook says that all left, the head among them: the administrator is not told to enter that one."""
    made = Service(tmp_path)
    staff = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(12)]
    made.write([account(who) for who in staff], [row(who, status="Actif") for who in staff])
    made.night()
    head = Person(81, "FICTIVE-B", "Noé")
    left = [row(head, "24", CRH, status="Parti"), *(row(who, status="Parti") for who in staff)]
    made.write([account(who) for who in staff], left)
    book = made.file("regions/24.csv")
    lines = book.read_text(encoding="utf-8").splitlines()
    book.write_text("\n".join(one for one in lines if head.last_name not in one or "Parti" in one) + "\n", "utf-8")
    code, run = made.night()
    assert (code, [one["what"] for one in run["held"]]) == (4, ["deactivations"])
    ends = [one for one in made.changeset()["changes"] if one["reasons"][0] in ("left", "no_assignment_left")]
    assert {one["status"] for one in ends} == {"new"}
    assert {one["updater"]["post"] for one in ends} == {"CRH_ST", "ADMIN_EFIT"}
    code, _ = made.night("--release", run["run_id"])
    ends = [one for one in made.changeset()["changes"] if one["reasons"][0] in ("left", "no_assignment_left")]
    assert (code, {one["status"] for one in ends}) == (0, {"notified"})
