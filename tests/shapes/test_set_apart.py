"""Whom a column, a title, a remark or a cell without a value sets apart is asked about; nobody is ended by it."""

from pathlib import Path

import pytest

from tests.shapes.test_told_beside import FIELDS, KOENIG, Grid, asked, grid, only_koenig, told
from tests.shapes.truth import tell_file

PARTING = [
    ("Actif", "X", ""), ("Actif", "oui", ""), ("À maintenir", "OUI", "NON"), ("Toujours d'actualité ?", "oui", "non"),
    ("Opération", "M", "S"), ("C/M/S", "", "S"), ("Mouvement", "M", "S"), ("Inactif depuis", "", "10/2026"),
    ("Remplacée le", "", "01/10/2026"), ("Compte e-FIT", "oui", "non"), ("Encore là", "✓", ""),
    ("À conserver", "x", ""),
]  # fmt: skip
NOT_PARTING = [
    ("Actif", "X", "X"), ("C/M/S", "", "C"), ("C/M/S", "", "M"), ("Opération", "", "création"), ("Site", "A", "S"),
    ("Formé", "oui", "non"), ("Convention signée", "X", ""), ("Inactif depuis", "", ""), ("Badge", "oui", "non"),
    ("Accès parking", "oui", "non"), ("Bâtiment", "M", "S"),
]  # fmt: skip


def with_column(header: str, others: str, his: str, of: frozenset[int] = frozenset({KOENIG})) -> Grid:
    cells = grid(fields=FIELDS)
    for at, row in enumerate(cells):
        row.append(header if not at else his if at - 1 in of else others)
    return cells


@pytest.mark.parametrize(("header", "others", "his"), PARTING)
def test_whom_a_column_of_presence_or_movements_sets_apart_is_asked_about(header: str, others: str, his: str) -> None:
    assert asked(told({"Liste": with_column(header, others, his)})) == ["KÖNIG"]


@pytest.mark.parametrize(("header", "others", "his"), NOT_PARTING)
def test_a_column_of_other_things_or_of_arrivals_sets_nobody_apart(header: str, others: str, his: str) -> None:
    assert asked(told({"Liste": with_column(header, others, his)})) == []


def test_a_column_that_is_filled_for_half_the_people_sets_nobody_apart() -> None:
    assert asked(told({"Liste": with_column("Actif", "X", "", frozenset(range(0, 12, 2)))})) == []


TITLES = [
    "Ne travaillent plus", "Comptes à fermer", "Ne font plus partie du réseau", "À retirer de l'annuaire",
    "Accès à révoquer", "Retraits demandés", "Fermetures de comptes",
]  # fmt: skip


def parted(status: str) -> tuple[Grid, list[str]]:
    cells = grid(only_koenig(status=status))
    return [row for at, row in enumerate(cells) if at != KOENIG + 1], cells[KOENIG + 1]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("status", ["Actif", ""])
def test_who_stands_only_on_a_sheet_of_those_to_be_removed_is_asked_about(title: str, status: str) -> None:
    there, gone = parted(status)
    assert asked(told({"Liste": there, title: [there[0], gone]})) == ["KÖNIG"]


@pytest.mark.parametrize("title", [*TITLES, "Ne font plus partie du réseau :"])
def test_who_stands_below_such_a_title_is_asked_about(title: str) -> None:
    there, gone = parted("Actif")
    assert asked(told({"Liste": [*there, [], [title], gone]})) == ["KÖNIG"]


@pytest.mark.parametrize("title", TITLES)
def test_who_stands_in_both_places_is_asked_about(title: str) -> None:
    whole = grid()
    assert asked(told({"Liste": whole, title: [whole[0], whole[KOENIG + 1]]})) == ["KÖNIG"]
    assert asked(told({"Liste": whole, title: [["Agent", "Hôpital"], ["KÖNIG Jürgen", "Saint-Éloi"]]})) == ["KÖNIG"]


@pytest.mark.parametrize("title", TITLES)
def test_a_list_that_has_nothing_but_such_a_sheet_is_of_today(title: str) -> None:
    assert told({title: grid()}).harmful == ()


REMARKS = [
    "fermeture du compte à prévoir", "accès à révoquer", "supprimer son compte svp", "Compte à clôturer",
    "merci de désactiver l'accès", "retrait de ses droits e-FIT",
]  # fmt: skip
OTHER_REMARKS = [
    "ne pas fermer le compte", "fermer le compte de Mme ANCIEN", "création du compte demandée",
    "doublon de compte à supprimer", "accès par la cour, fermé le soir", "mot de passe du compte à changer",
    "rend compte au chef de pôle",
]  # fmt: skip


@pytest.mark.parametrize("status", ["Actif", ""])
@pytest.mark.parametrize("header", ["Observation", "Divers"])
@pytest.mark.parametrize("remark", REMARKS)
def test_whose_account_a_remark_has_closed_is_asked_about(remark: str, header: str, status: str) -> None:
    cells = grid(only_koenig(status=status))
    for at, row in enumerate(cells):
        row.append(header if not at else remark if at == KOENIG + 1 else "")
    assert asked(told({"Liste": cells})) == ["KÖNIG"]


@pytest.mark.parametrize("remark", OTHER_REMARKS)
def test_another_remark_about_accounts_is_none(remark: str) -> None:
    cells = grid()
    for at, row in enumerate(cells):
        row.append("Observation" if not at else remark if at == KOENIG + 1 else "")
    assert asked(told({"Liste": cells})) == []


NOT_LOADED = ["Chargement…", "Chargement...", "#NOM?", "Loading..."]


@pytest.mark.parametrize("words", NOT_LOADED)
def test_names_that_were_not_loaded_are_nobody_and_end_nobody(words: str) -> None:
    cells = grid()
    for row in cells[KOENIG : KOENIG + 2]:
        row[6] = row[7] = row[9] = row[12] = words
    found = told({"Liste": cells})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]
    assert words.strip(".…")[:5] in str(found.changes[0].fields[0].after)


@pytest.mark.parametrize("words", ["#N/A", "#REF!", "Chargement…"])
def test_nor_are_they_in_a_file_of_text(tmp_path: Path, words: str) -> None:
    cells = grid()
    for row in cells[KOENIG : KOENIG + 2]:
        row[6] = row[7] = words
        row[9] = row[12] = ""
    (tmp_path / "liste.csv").write_text("\n".join(";".join(row) for row in cells), encoding="utf-8")
    found = tell_file(tmp_path / "liste.csv")
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]


@pytest.mark.parametrize("words", ["#N/A", "#REF!"])
def test_an_error_of_a_cell_ends_nobody_either(words: str) -> None:
    cells = grid()
    for row in cells[KOENIG : KOENIG + 2]:
        row[6] = row[7] = row[9] = row[12] = words
    assert told({"Liste": cells}).harmful == ()


@pytest.mark.parametrize("words", NOT_LOADED)
def test_nor_does_a_row_of_which_not_even_the_place_was_loaded(words: str) -> None:
    cells = grid()
    cells[KOENIG + 1] = [words] * 10 + [""] * 5
    assert told({"Liste": cells}).harmful == ()


@pytest.mark.parametrize("sheet", ["Trame", "Modèle", "Exemple de saisie", "Canevas"])
def test_a_template_invents_nobody(sheet: str) -> None:
    cells = grid()
    sample = ["010007771", "CENTRE HOSPITALIER", "ES", "CHV-ST", "Titulaire", "M.", "TEST", "Jean", *[""] * 7]
    assert told({"Liste": cells, sheet: [cells[0], sample]}).changes == ()


@pytest.mark.parametrize("sheet", ["Trame", "Modèle 2026"])
def test_a_sheet_named_as_a_template_that_holds_the_people_is_read(sheet: str) -> None:
    whole = grid()
    assert told({sheet: whole[:11], "Liste": [whole[0], *whole[11:]]}).harmful == ()


@pytest.mark.parametrize("remark", ["inchangé sauf l'assistant, parti le 30/09", "idem, M. König est parti"])
def test_a_departure_in_a_row_of_a_place_alone_is_a_question_and_ends_nobody(remark: str) -> None:
    cells = [[*row, ""] for row in grid() if row[1] != "HÔPITAL SAINT-ÉLOI"]
    cells[0][-1] = "Commentaire"
    place = next(row for row in grid() if row[1] == "HÔPITAL SAINT-ÉLOI")
    found = told({"Liste": [*cells, [*place[:3], *[""] * 12, remark]]})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]


def test_real_leavers_still_leave() -> None:
    for status in ("Parti", "Parti le 30/09/2026", "a quitté l'établissement"):
        found = told({"Liste": grid(only_koenig(status=status))})
        assert {(one.kind, one.person.last_name) for one in found.changes} == {
            ("end_assignment", "KÖNIG"),
            ("deactivate_account", "KÖNIG"),
        }
