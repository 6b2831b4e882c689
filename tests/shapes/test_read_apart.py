"""Tables side by side, people in one cell, titles over equal rows, rows that name nobody: each is read for itself."""

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.shapes.test_not_whole import LABELS_AT, harmful, newcomer, without_koenig
from tests.shapes.test_strange_words import OF_A_CARD
from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, told
from tests.shapes.truth import rows

PLACE = ("FINESS", "Établissement", "Type de structure")
HERE = str(rows()[KOENIG]["structure_name"])


def without_columns(cells: Grid, *labels: str) -> Grid:
    kept = [at for at, text in enumerate(cells[0]) if text not in labels]
    return [[row[at] for at in kept] for row in cells]


def test_two_tables_side_by_side_are_two_though_one_has_fewer_columns() -> None:
    whole = grid()
    left = [row for row in whole if row[LABELS_AT["Fonction"]] != "Assistant"]
    right = without_columns([row for row in whole if row not in left or row is whole[0]], "Rang", "Statut")
    length = max(len(left), len(right))
    rest = [[[""] * len(one[0])] * (length - len(one)) for one in (left, right)]
    pairs = zip([*left, *rest[0]], [*right, *rest[1]], strict=True)
    found = told({"Liste": [[*one, "", *other] for one, other in pairs]})
    assert (found.changes, found.used) == ((), 1)


def titled() -> Grid:
    """Each establishment in a title, none in a column; the first person of one stands in the next one, too."""
    whole, found = grid(), [without_columns(grid(), *PLACE)[0]]
    for name in dict.fromkeys(row[1] for row in whole[1:]):
        found += [[name], *without_columns([whole[0], *(row for row in whole[1:] if row[1] == name)], *PLACE)[1:]]
    return found


def test_equal_rows_below_two_titles_are_no_duplicates() -> None:
    cells = titled()
    twice = next(row for row in cells if "KÖNIG" in row)
    found = told({"Liste": [*cells, [str(rows()[0]["structure_name"])], twice]})
    assert not any(one.code == "DUPLICATE_ROW" for one in found.judged.issues)
    assert sum(line.last_name == "KÖNIG" for line in found.judged.lines) == 2


@pytest.mark.parametrize("sign", [" / ", " ; ", "\n"])
def test_people_in_one_cell_with_as_many_numbers_are_a_row_each(sign: str) -> None:
    head, *people = grid()
    theirs = [row for row in people if row[1] == HERE and row[3] == "Assistant"]
    row = list(theirs[0])
    for name in ("N° CPx", "Courriel", "Téléphone"):
        row[LABELS_AT[name]] = sign.join(one[LABELS_AT[name]] for one in theirs)
    row[LABELS_AT["Nom"]] = sign.join(f"{one[LABELS_AT['Nom']]} {one[LABELS_AT['Prénom']]}" for one in theirs)
    for name in ("Prénom", "Profession", "Type de carte", "Date de fin de validité", "Civilité"):
        row[LABELS_AT[name]] = ""
    found = told({"Liste": [head, *(one for one in people if one not in theirs), row]})
    assert (found.harmful, found.used) == ((), 1)


@pytest.mark.parametrize("text", ["Page 1/2", "hors secteur ouest", "Tableau amputé"])
def test_a_list_that_may_not_be_whole_still_tells_of_those_who_stand_in_it(text: str) -> None:
    cells = without_koenig()
    cells[3][LABELS_AT["Courriel"]] = "z.nouvelle@example.org"
    found = told({"Liste": [[text], [], *cells]})
    assert sorted(one.reasons[0] for one in found.changes) == ["contact_changed", "line_not_understood"]


NOBODY = [("À", "DÉSIGNER"), ("Futur", "assistant"), ("POSTE", "VACANT")]
SERVICES = [("Secrétariat", "Hémovigilance"), ("UNITÉ DE SÉCURITÉ TRANSFUSIONNELLE", ""), ("Dépôt de sang", "")]


@pytest.mark.parametrize("name", NOBODY)
def test_a_vacancy_over_two_cells_is_nobody(name: tuple[str, str]) -> None:
    found = told({"Liste": [*grid(), newcomer(Nom=name[0], Prénom=name[1])]})
    assert found.changes == ()


@pytest.mark.parametrize("name", SERVICES)
def test_a_ward_with_an_address_is_nobody_and_asked_about(name: tuple[str, str]) -> None:
    row = newcomer(Nom=name[0], Prénom=name[1], Courriel="service@example.org")
    found = told({"Liste": [*grid(), row]})
    assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Merci d'ajouter Mme NOUVEL Inès, infirmière",
        "À créer : Dr NOUVEL Inès",
        f"Mme NOUVEL nous a rejoints : {OF_A_CARD}",
    ],
)
def test_an_arrival_told_in_a_sentence_is_asked_about(sentence: str) -> None:
    found = told({"Liste": [*grid(), [], [sentence]]})
    assert [one.kind for one in found.changes] in (["review"], ["review", "review"])
    assert any("NOUVEL" in str(one.fields[0].after) for one in found.changes)


def test_a_note_is_read_behind_the_initials_of_its_author() -> None:
    def note(book: openpyxl.Workbook) -> None:
        book.worksheets[0].cell(KOENIG + 2, LABELS_AT["Nom"] + 1).comment = Comment("ZB : parti en août, à retirer", "")

    assert asked(told({"Liste": grid()}, note)) == ["KÖNIG"]


@pytest.mark.parametrize("header", ["Départ.", "Départ"])
def test_a_column_of_departements_is_none_of_departures(header: str) -> None:
    cells = [[header if not at else row[0][:2], *row] for at, row in enumerate(grid())]
    found = told({"Liste": cells})
    assert (harmful(found), found.changes) == (set(), ())


CONTACTS = [
    "{new} (ancienne adresse : {old})", "{old} remplacé par {new}", "ancien : {old} ; nouveau : {new}", "{old} → {new}",
]  # fmt: skip


@pytest.mark.parametrize("form", CONTACTS)
def test_of_an_old_and_a_new_address_the_new_one_is_read(form: str) -> None:
    cells = grid()
    old = cells[KOENIG + 1][LABELS_AT["Courriel"]]
    cells[KOENIG + 1][LABELS_AT["Courriel"]] = form.format(old=old, new="j.konig@example.org")
    [one] = told({"Liste": cells}).changes
    assert [(field.before, field.after) for field in one.fields] == [(old, "j.konig@example.org")]


@pytest.mark.parametrize(("header", "text"), [("Nouveau portable", "0611223344"), ("À corriger", "prénom composé")])
def test_what_a_column_of_changes_says_of_somebody_is_asked_about(header: str, text: str) -> None:
    cells = [[*row, header if not at else text if at == KOENIG + 1 else ""] for at, row in enumerate(grid())]
    assert asked(told({"Liste": cells})) == ["KÖNIG"]


@pytest.mark.parametrize("header", ["Date de modification", "Modifié le"])
def test_a_column_of_the_days_of_changes_is_none(header: str) -> None:
    cells = [[*row, header if not at else "12/11/2026" if at == KOENIG + 1 else ""] for at, row in enumerate(grid())]
    assert told({"Liste": cells}).changes == ()


TOTALS = ["Total : 45", "Total Saint-Éloi : 9 personnes"]
DRAFTS = ["Document de travail, ne pas diffuser", "N'indiquer que les différences", "…", "Seuls les dépôts ont répondu"]


@pytest.mark.parametrize("text", [*TOTALS, *DRAFTS])
def test_a_list_that_counts_more_people_or_is_a_draft_ends_nobody(text: str) -> None:
    assert harmful(told({"Liste": [*without_koenig(), [text]]})) == set()


@pytest.mark.parametrize("text", ["Total : 21", "Total Saint-Éloi : 3 personnes"])
def test_a_total_that_agrees_protects_nobody(text: str) -> None:
    assert harmful(told({"Liste": [*without_koenig(), [text]]})) == {"KÖNIG"}


def test_a_tab_of_drafts_alone_ends_nobody() -> None:
    assert harmful(told({"Brouillon": without_koenig()})) == set()


REMARKS = [
    "Il est parti à la retraite.", "König est parti", "Jürgen a quitté l'hôpital en août",
    "Partie le 01/10/2026, la retirer", "Départ le 15/09/2026, poste non repris", "Supprimer (décès)",
]  # fmt: skip


@pytest.mark.parametrize("remark", REMARKS)
def test_a_departure_that_a_remark_tells_of_its_person_is_asked_about(remark: str) -> None:
    cells = [[*row, "Observation" if not at else remark if at == KOENIG + 1 else ""] for at, row in enumerate(grid())]
    assert asked(told({"Liste": cells})) == ["KÖNIG"]
