"""What a file tells of who comes, who leaves and what changes beside its list is asked, or read where it is plain."""

import openpyxl
import pytest

from tests.shapes.test_not_whole import LABELS_AT, harmful, newcomer
from tests.shapes.test_strange_words import OF_A_CARD, with_remark
from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, only_koenig, told
from tests.shapes.test_written_once import of

MOVED = ["Date", "Établissement", "Sortant", "Entrant"]


def beside(header: str, text: str, others: str = "") -> Grid:
    """The list with one more column, which says something of KÖNIG."""
    cells = enumerate(grid(only_koenig(status="Actif")))
    return [[*row, header if not at else text if at == KOENIG + 1 else others] for at, row in cells]


def test_a_sheet_of_who_left_and_who_came_is_heard() -> None:
    moves = [MOVED, ["01/10/2026", "Saint-Éloi", "KÖNIG Jürgen", "NOUVEL Inès"]]
    assert sorted(asked(told({"Liste": grid(), "Mouvements": moves}))) == ["KÖNIG", "NOUVEL"]


def test_of_those_who_are_in_the_list_or_to_come_it_asks_nothing() -> None:
    moves = [MOVED, ["01/10/2026", "Saint-Éloi", "ANCIEN Paul", "KÖNIG Jürgen"], ["01/10/2027", "", "LOPEZ José", ""]]
    assert asked(told({"Liste": grid(), "Mouvements": moves})) == []


COMING = [
    ("+ Mme NOUVEL Inès, nouvelle assistante", "NOUVEL"), ("nouveau suppléant : Dr NOUVEL", "NOUVEL"),
    (f"RIVAUD Inès rejoint l'équipe (RPPS {OF_A_CARD})", ""),
]  # fmt: skip
NOT_COMING = [
    "succède à Mme NOUVEL", "remplacé par M. LOPEZ José pendant les congés", "nouvelle adresse, voir Mme LOPEZ",
    "en remplacement de Mme NOUVEL", "nouveau bureau", "Nouveau poste : 4512",
]  # fmt: skip


@pytest.mark.parametrize(("remark", "whom"), COMING)
def test_a_newcomer_in_a_colleague_s_remark_is_asked_about(remark: str, whom: str) -> None:
    assert asked(told({"Liste": with_remark(grid(), "KÖNIG", remark)})) == [whom]


@pytest.mark.parametrize("remark", NOT_COMING)
def test_whom_a_remark_only_mentions_is_no_newcomer(remark: str) -> None:
    found = told({"Liste": with_remark(grid(), "KÖNIG", remark)})
    assert harmful(found) == set()
    assert "hors du tableau" not in str([one.fields[0].after for one in found.changes])


def paired(field: str, new: str, blank: bool) -> Grid:
    """« Ancien … » and « Nouveau … » for one column; `new`: what KÖNIG has there."""
    at = LABELS_AT[field]
    cells = [[*row, f"Nouveau {field.lower()}" if not n else "" if blank else row[at]] for n, row in enumerate(grid())]
    cells[0][at] = f"Ancien {field.lower()}"
    cells[KOENIG + 1][-1] = new or cells[KOENIG + 1][-1]
    return cells


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("field", ["Courriel", "Téléphone", "Nom", "Fonction", "N° CPx"])
def test_of_two_columns_old_and_new_the_new_one_is_read_and_the_old_where_it_is_blank(field: str, blank: bool) -> None:
    assert told({"Liste": paired(field, "", blank)}).changes == ()


def test_what_is_new_there_is_a_change() -> None:
    [change] = told({"Liste": paired("Téléphone", "04 74 11 22 33", blank=True)}).harmful
    assert (change.person.last_name, change.fields[0].after) == ("KÖNIG", "04 74 11 22 33")


@pytest.mark.parametrize(
    ("header", "text", "others"),
    [
        ("Changements", "n'est plus assistant", "RAS"),
        ("À jour ?", "non, parti en septembre", "oui"),
        ("Présence", "absent", "présent"),
        ("Mouvements 2026", "1 départ", "aucun"),
    ],
)
def test_a_departure_in_a_column_that_is_not_read_is_asked(header: str, text: str, others: str) -> None:
    assert asked(told({"Liste": beside(header, text, others)})) == ["KÖNIG"]


def test_a_box_about_somebody_of_old_is_nobody_s_departure() -> None:
    assert asked(told({"Liste": beside("", "ancien CHV de Valvert : Dr DUVAL 01 02 03 04 05")})) == []


def test_whoever_has_an_account_below_historique_is_asked_about() -> None:
    cells = grid()
    moved = cells.pop(KOENIG + 1)
    assert asked(told({"Liste": [*cells, [], ["Historique"], moved]})) == ["KÖNIG"]


@pytest.mark.parametrize("heading", ["Arrivées 2026", "Compléments reçus par mail", "OUBLIÉS dans la liste ci-dessus"])
def test_below_what_says_that_they_came_or_were_forgotten_somebody_comes(heading: str) -> None:
    assert harmful(told({"Liste": [*grid(), [], [heading], newcomer()]})) == {"NOUVEL"}


@pytest.mark.parametrize("heading", ["Arrivées prévues", "Arrivées 2027", "Compléments à vérifier", "Ajouts refusés"])
def test_below_what_says_more_nobody_does(heading: str) -> None:
    assert harmful(told({"Liste": [*grid(), [], [heading], newcomer()]})) == set()


def test_a_list_sorted_by_function_says_it_once_for_all_establishments() -> None:
    roles = [LABELS_AT["Fonction"], LABELS_AT["Rang"]]
    head, *people = grid()
    people.sort(key=lambda row: [row[at] for at in roles])
    cells: Grid = [head]
    for before, row in zip([head, *people], people, strict=False):
        same = all(row[at] == before[at] for at in roles)
        cells.append(["" if same and at in roles else text for at, text in enumerate(row)])
    found = told({"Liste": cells})
    assert (found.changes, found.used) == ((), 1)


def test_address_and_telephone_below_the_names_are_those_of_the_row_above() -> None:
    kept = [at for name, at in LABELS_AT.items() if name not in ("Courriel", "Téléphone")]
    cells = [[row[at] for at in kept] for row in grid()]
    last, first = cells[0].index("Nom"), cells[0].index("Prénom")
    rows: Grid = [[{"Nom": "Nom / Mail", "Prénom": "Prénom / Tél"}.get(text, text) for text in cells[0]]]
    for row, whole in zip(cells[1:], grid()[1:], strict=True):
        below = [""] * len(row)
        below[last], below[first] = of(whole, "Courriel"), of(whole, "Téléphone")
        rows += [row, below]
    rows[2 * KOENIG + 2][first] = "04 74 11 22 33"
    found = told({"Liste": rows})
    assert [one.fields[0].after for one in found.changes] == ["04 74 11 22 33"]


@pytest.mark.parametrize(
    "function",
    ["CHV n°2", "2ème CHV", "Adjoint au CHV", "Adjoint du Dr MARTIN", "CHV remplaçant du Dr MARTIN", "CHV + dépôt"],
)
def test_a_function_in_words_of_the_field_is_the_one_that_the_annuaire_has(function: str) -> None:
    deputy = next(at for at, row in enumerate(grid()) if of(row, "Nom") == "LE GOFF")
    cells = grid()
    cells[deputy][LABELS_AT["Fonction"]], cells[deputy][LABELS_AT["Rang"]] = function, ""
    assert told({"Liste": cells}).changes == ()


@pytest.mark.parametrize("function", ["CHV avant le Dr MARTIN", "Ancien adjoint du Dr MARTIN", "CHV back-up"])
def test_in_any_other_words_it_is_asked(function: str) -> None:
    deputy = next(at for at, row in enumerate(grid()) if of(row, "Nom") == "LE GOFF")
    cells = grid()
    cells[deputy][LABELS_AT["Fonction"]], cells[deputy][LABELS_AT["Rang"]] = function, ""
    assert asked(told({"Liste": cells})) == ["LE GOFF"]


def test_an_assistant_of_the_titulaire_is_no_titulaire() -> None:
    cells = grid(lambda _at, row: row.update(function="Assistante du CHV titulaire", rank="") if not row["rank"] else 0)
    assert not [one for one in told({"Liste": cells}).changes if one.reasons[0] == "role_incompatible"]


def under_card(book: openpyxl.Workbook) -> None:
    page = book.worksheets[0]
    at = LABELS_AT["Date de fin de validité"] + 1
    page.merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + 1)


def test_begin_and_end_below_the_card_are_the_card_s() -> None:
    at = LABELS_AT["Date de fin de validité"]
    cells = [[*row[:at], "01/01/2025", *row[at:]] for row in grid(only_koenig(card_expires_on="31/12/2025"))]
    cells[0][at], cells[0][at + 1] = "Début", "Fin"
    above = [*[""] * at, "Carte CPS"]
    assert told({"Liste": [above, *cells]}, under_card).changes == ()


@pytest.mark.parametrize(("said", "whom"), [("Activité", []), ("Congé parental", []), ("Détachement", ["KÖNIG"])])
def test_a_column_position_of_statuses_is_none_of_ranks(said: str, whom: list[str]) -> None:
    cells = [[*row, "Activité" if at else "Position"] for at, row in enumerate(grid(only_koenig(status="")))]
    kept = [at for name, at in LABELS_AT.items() if name not in ("Rang", "Statut")] + [len(LABELS_AT)]
    cells[KOENIG + 1][-1] = said
    for row in cells[1:]:
        row[LABELS_AT["Fonction"]] = " ".join(filter(None, (of(row, "Fonction"), of(row, "Rang"))))
    found = told({"Liste": [[row[at] for at in kept] for row in cells]})
    assert (asked(found), found.used == 1) == (whom, not whom)


@pytest.mark.parametrize("remark", ["nouveau n° de tél 04 74 11 22 33", "nouveau mail : k@autre.fr"])
def test_a_new_address_or_telephone_in_a_remark_is_asked_and_changes_nothing(remark: str) -> None:
    assert asked(told({"Liste": with_remark(grid(), "KÖNIG", remark)})) == ["KÖNIG"]


def test_who_is_called_an_example_and_who_wrote_the_list_are_nobody() -> None:
    example = newcomer(Nom="DUPOND (exemple)", **{"N° CPx": OF_A_CARD})
    author = ["Rédacteur" if name == "Établissement" else "" for name in LABELS_AT]
    author[LABELS_AT["Nom"]], author[LABELS_AT["Prénom"]] = "CARPENTIER", "Louis"
    cells = grid()
    assert told({"Liste": [cells[0], example, *cells[1:], [], author]}).changes == ()


def test_an_establishment_that_is_said_to_be_closed_and_has_no_row_is_asked_about() -> None:
    here = of(grid()[KOENIG + 1], "Établissement")
    code = of(grid()[KOENIG + 1], "FINESS")
    others = [row for row in grid() if of(row, "Établissement") != here]
    assert asked(told({"Liste": [*others, [code, f"{here} : FERMÉ au 30/06/2026"]]})) == [""]
    found = told({"Liste": [*grid(), [], [f"{here} : fermé le samedi"]]})
    assert "un nom est attendu" not in str([one.fields[0].after for one in found.changes])


@pytest.mark.parametrize(
    "title", ["Ajouts depuis juin 2026", "Nouveaux arrivants", "Compléments reçus par mail", "Oubliés"]
)
def test_a_list_of_newcomers_alone_ends_nobody_who_stands_in_no_row(title: str) -> None:
    cells = [row for row in grid() if of(row, "Nom") != "KÖNIG"]
    for found in (told({"Liste": [[title], [], *cells]}), told({title: cells})):
        assert asked(found) != []


def test_a_title_of_newcomers_without_anybody_below_asks_nothing() -> None:
    assert asked(told({"Liste": [*grid(), [], ["Ajouts"]]})) == []
