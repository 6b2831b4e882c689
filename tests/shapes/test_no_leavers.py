"""Titles, sheets, statuses and dates that sound of leaving, of people who stay: nobody is ended."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, only_koenig, told
from tests.shapes.truth import Told, rows, tell_file

PLACES = [
    ("Départ 01", "Départ 69"), ("Départ. 18", "Départ. 28", "Départ. 37"), ("Ex-Auvergne", "Ex Rhône-Alpes"),
    ("Ancienne région Centre", "Liste"), ("Anciens CHRU", "Autres"), ("Ancien périmètre", "Nouveau périmètre"),
    ("Ex-hôpital militaire", "Suite"), ("DÉPARTS 42-43", "Autres"),
]  # fmt: skip
TITLES = [
    "Merci de barrer les personnes parties", "Mouvements (arrivées et départs) au 20/11/2026", "Départ", "Départs",
    "Mise à jour suite aux départs de 2026", "Ex Bourgogne",
]  # fmt: skip


def parted(names: tuple[str, ...]) -> dict[str, Grid]:
    whole = grid()
    size = -(-len(whole[1:]) // len(names))
    return {name: [whole[0], *whole[1:][at * size : (at + 1) * size]] for at, name in enumerate(names)}


def stays(found: Told) -> bool:
    return (asked(found), found.used) == ([], 1)


@pytest.mark.parametrize("names", PLACES)
def test_a_sheet_named_after_a_place_is_of_today(names: tuple[str, ...]) -> None:
    assert stays(told(parted(names)))


@pytest.mark.parametrize("title", TITLES)
def test_a_title_above_the_whole_table_ends_nobody_whom_it_calls_active(title: str) -> None:
    assert stays(told({"Feuil1": [[title], *grid()]}))
    assert stays(told({"Feuil1": [[title], [], *grid()]}))


@pytest.mark.parametrize("section", ["Départ. 01", "DÉPARTS 42-43", "Ex-Auvergne", "Ancien secteur nord"])
def test_a_section_named_after_a_place_is_no_section_of_leavers(section: str) -> None:
    cells = grid()
    assert stays(told({"Feuil1": [*cells[:9], [section], *cells[9:]]}))


def test_a_sheet_of_leavers_that_holds_most_people_and_no_word_of_it_is_one_question() -> None:
    def silent(_at: int, row: dict[str, object]) -> None:
        row["status"] = ""

    whole = grid(silent)
    sheets: Mapping[str, Grid] = {"Liste": whole[:9], "Anciens": [whole[0], *whole[9:]]}
    found = told(sheets)
    assert [one.reasons[0] for one in found.harmful] == []
    assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]


def test_few_on_a_sheet_of_leavers_left() -> None:
    whole = grid()
    found = told(
        {"Liste": [row for at, row in enumerate(whole) if at != KOENIG + 1], "Partis": [whole[0], whole[KOENIG + 1]]}
    )
    assert {one.person.last_name for one in found.changes} == {"KÖNIG"}
    assert {one.kind for one in found.changes} == {"end_assignment", "deactivate_account"}


@pytest.mark.parametrize("header", ["Date de fin", "Date de départ (validité)", "Fin"])
@pytest.mark.parametrize("end", ["31/12/2025", "15/01/2025"])
def test_ends_that_have_come_for_nearly_everybody_active_are_no_ends(header: str, end: str) -> None:
    fields = ["structure_code", "structure_name", "structure_type", "function", "rank", "last_name",
                                "first_name", "profession", "cpx_number", "card_type", "card_expires_on", "email",
"status"]  # fmt: skip
    cells = grid(fields=fields)
    at = fields.index("card_expires_on")
    for number, row in enumerate(cells):
        row[at] = header if not number else end
    assert [one.kind for one in told({"Liste": cells}).harmful if one.kind != "update_account"] == []


UNSPOKEN = [
    "sans changement", "Inchangé", "idem 2025", "pas de réponse", "en attente de réponse", "RAS", "à compléter", "?",
    "voir liste précédente", "cf. mail du 12/11", "Pas de modification", "relance faite le 12/11",
    "liste non transmise",
    "Fusionné avec le CH de Valvert au 01/01/2026", "Établissement fermé", "Convention EFS", "idem année dernière",
    "toujours les mêmes", "le même qu'en 2025", "à confirmer", "réponse attendue", "",
]  # fmt: skip
ELOI = "HÔPITAL SAINT-ÉLOI"


def instead(words: str, *, rows_kept: bool, column: int = 6) -> Grid:
    """The rows of one hospital without its people, the words in the place of a name."""
    cells, found = grid(), []
    for row in cells:
        if row[1] != ELOI:
            found.append(row)
        elif rows_kept or ELOI not in {one[1] for one in found}:
            kept = [*row[:5], *([""] * (len(row) - 5))] if rows_kept else [*row[:3], *([""] * (len(row) - 3))]
            kept[column] = words
            found.append(kept)
    return found


@pytest.mark.parametrize("words", UNSPOKEN)
@pytest.mark.parametrize("rows_kept", [False, True])
def test_what_says_nothing_of_a_hospitals_people_ends_none_of_them(words: str, rows_kept: bool) -> None:
    found = told({"Liste": instead(words, rows_kept=rows_kept)})
    assert found.changes == ()
    assert rows_kept or not words or any(words in note for note in found.judged.notes)


@pytest.mark.parametrize("column", [13, 14])
def test_nor_does_it_beside_an_empty_name(column: int) -> None:
    assert told({"Liste": instead("pas de retour", rows_kept=False, column=column)}).changes == ()


NOBODYS_NAME = [
    "NSP", "xxx", "J.K.", "F. D'O.", "JK", "on verra", "Tout est bon", "Ne sait pas", "Chargement…", "parti",
    "les mêmes personnes que sur la liste de mars", "en cours de désignation", "recherche en cours", "à nommer",
    "retraite",
    "sans changement sauf M. König, parti", "inchangé hormis l'assistant (parti)", "Stationnaire", "équipe au complet",
]  # fmt: skip


@pytest.mark.parametrize("words", NOBODYS_NAME)
@pytest.mark.parametrize("rows_kept", [False, True])
def test_words_that_name_nobody_end_nobody_and_are_asked_once(words: str, rows_kept: bool) -> None:
    found = told({"Liste": instead(words, rows_kept=rows_kept)})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]
    assert words in str(found.changes[0].fields[0].after)


@pytest.mark.parametrize("remark", ["inchangé sauf assistant parti le 30/09", "idem, départ de Mme El Mansouri"])
def test_a_remark_beside_a_place_alone_that_tells_a_departure_is_asked_about(remark: str) -> None:
    cells = [[*row, "Commentaire" if not at else ""] for at, row in enumerate(instead("", rows_kept=False))]
    for row in cells:
        if row[1] == ELOI:
            row[-1] = remark
    assert [(one.kind, one.reasons[0]) for one in told({"Liste": cells}).changes] == [("review", "line_not_understood")]


def test_a_new_card_of_another_establishment_is_asked_about() -> None:
    found = of_hers({"cpx_number": f"3{rows()[8]['structure_code']}/12345"})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]


def test_a_cell_not_loaded_beside_a_function_is_nobodys() -> None:
    cells = [
        row if row[1] != ELOI else [*row[:5], *(["Chargement…"] * 5), "", "", "Chargement…", "", ""] for row in grid()
    ]
    assert [one.reasons[0] for one in told({"Liste": cells}).changes] == ["line_not_understood"]


@pytest.mark.parametrize("name", ["DURAND Paul", "Dr DURAND", "Paul DURAND", "MME LE MEUR Odile"])
def test_somebody_new_in_the_place_of_another_is_somebody(name: str) -> None:
    found = told({"Liste": instead(name, rows_kept=True)})
    ended = {one.person.last_name for one in found.changes if one.kind == "end_assignment"}
    assert ended == {"D'ORNANO", "KÖNIG", "EL MANSOURI", "DE LA ROCHE"}


@pytest.mark.parametrize(
    "words",
    [
        "VACANT",
        "plus personne",
        "personne à ce jour",
        "départ non remplacé",
        "Poste à pourvoir",
        "-",
        "vacant depuis le départ de M. KÖNIG",
    ],
)
def test_a_vacancy_says_that_nobody_is_there(words: str) -> None:
    found = told({"Liste": instead(words, rows_kept=True)})
    ended = {one.person.last_name for one in found.changes if one.kind == "end_assignment"}
    assert ended == {"D'ORNANO", "KÖNIG", "EL MANSOURI", "DE LA ROCHE"}
    assert {one.person.last_name for one in found.changes} == ended


OF_CHV_ALONE = [row for row in grid() if row[3] != "Assistant"]


@pytest.mark.parametrize("names", [("T1", "T4"), ("1er trimestre", "4e trimestre"), ("S1", "S2")])
def test_the_sheet_of_an_earlier_quarter_brings_nobody_back(names: tuple[str, str]) -> None:
    whole = grid()
    earlier = [[*row] for row in whole]
    earlier[KOENIG + 1][6:10] = ["ANCIEN", "Paul", "Pharmacien", ""]
    found = told({names[0]: earlier, names[1]: whole})
    assert stays(found)


@pytest.mark.parametrize("names", [("S1", "S2"), ("T1", "T2")])
def test_sheets_of_sites_with_a_number_are_all_of_today(names: tuple[str, ...]) -> None:
    assert stays(told(parted(names)))


def test_a_list_without_a_single_remplacant_ends_none_and_asks_once() -> None:
    found = told({"Liste": [row for row in grid() if row[4] != "Remplaçant"]})
    assert [(one.reasons[0], one.kind) for one in found.changes] == [("line_not_understood", "review")]
    assert "Remplaçant" in str(found.changes[0].fields[0].after)


def test_one_remplacant_who_is_gone_beside_others_is_gone() -> None:
    found = told({"Liste": [row for row in grid() if row[6] != "KÖNIG"]})
    assert {one.person.last_name for one in found.harmful} == {"KÖNIG"}


@pytest.mark.parametrize(
    "sheets",
    [
        {"CHV titulaires et suppléants": OF_CHV_ALONE},
        {"Liste": [["Liste des CHV (hors assistants)"], *OF_CHV_ALONE]},
    ],
)
def test_a_list_without_a_single_assistant_ends_no_assistant_and_asks_once(sheets: dict[str, Grid]) -> None:
    found = told(sheets)
    assert [(one.reasons[0], one.kind) for one in found.changes] == [("line_not_understood", "review")]


@pytest.mark.parametrize(
    "words",
    ["Assistants inchangés : Béranger, Leroy", "Équipe : Béranger - Leroy", "Assistante idem : Leroy et Béranger"],
)
def test_who_is_listed_by_last_name_below_the_table_is_not_gone(words: str) -> None:
    cells = [row for row in grid() if row[6] not in ("BÉRANGER", "LEROY")]
    found = told({"Liste": [*cells, [], [words]]})
    assert [one.kind for one in found.changes] == ["review"]


@pytest.mark.parametrize("words", ["secrétaire : Béranger", "Béranger l'assiste", "avec Béranger"])
def test_who_is_named_in_a_note_on_a_cell_is_not_gone(words: str) -> None:
    cells = [row for row in grid() if row[6] != "BÉRANGER"]

    def paint(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["H2"].comment = Comment(words, "quelqu'un")

    assert [one.kind for one in told({"Liste": cells}, paint).changes] == ["review"]


NAMED = ["Valvert : Mme Béranger", "Z. BERANGER (Valvert)", "assistante : Béranger", "BÉRANGER Z."]


@pytest.mark.parametrize("words", NAMED)
def test_who_is_named_with_a_title_an_initial_or_a_role_on_another_sheet_is_not_gone(words: str) -> None:
    cells = [row for row in grid() if row[6] != "BÉRANGER"]
    found = told({"Liste": cells, "Divers": [[words]]})
    assert [one.kind for one in found.changes] == ["review"]


def test_who_is_of_another_first_name_there_is_somebody_else() -> None:
    cells = [row for row in grid() if row[6] != "BÉRANGER"]
    found = told({"Liste": cells, "Divers": [["J. BÉRANGER (Lyon)"]]})
    assert {one.person.last_name for one in found.harmful} == {"BÉRANGER"}


@pytest.mark.parametrize("times", [1, 2])
def test_whose_address_stands_in_the_rows_of_colleagues_is_not_gone(times: int) -> None:
    cells = [row for row in grid() if row[6] != "BÉRANGER"]
    for row in cells[1 : 1 + times]:
        row[12] = f"{row[12]} ; p2@example.org"
    assert [one.kind for one in told({"Liste": cells}).harmful if one.kind != "update_account"] == []


@pytest.mark.parametrize(
    ("last", "first"), [("DORNANO", "F."), ("DORNANO Fr.", ""), ("ORNANO", "Fr."), ("DORNANO", "")]
)
def test_a_name_without_its_apostrophe_and_with_a_short_first_name_is_a_question(last: str, first: str) -> None:
    cells = grid()
    for row in cells:
        if row[6] == "D'ORNANO":
            row[6], row[7], row[9], row[12], row[13] = last, first, "", "", ""
    assert [one.kind for one in told({"Liste": cells}).changes] == ["review"]


WIDE = ("Titulaire", "Suppléant", "Assistant 1", "Assistant 2")


def wide(over: list[str]) -> Grid:
    """A row a hospital; of one of them these cells instead of its people."""
    header = [
        "FINESS",
        "Établissement",
        *(f"{group} {name}" for group in WIDE for name in ("Nom", "Prénom", "N° RPPS")),
    ]
    found = [header]
    for code in dict.fromkeys(row[0] for row in grid()[1:] if len(row[0]) == 9):
        people = [row for row in grid() if row[0] == code]
        cells = [text for row in people for text in (row[6], row[7], row[9])]
        found.append([code, people[0][1], *(over if people[0][1] == ELOI else cells)])
    return found


@pytest.mark.parametrize(
    "over",
    [
        [""] * 12,
        ["sans changement", *[""] * 11],
        ["NON RÉPONDU", *[""] * 11],
        ["inchangé", *[""] * 5, "inchangé", *[""] * 5],
        ["", "", "", "", "", "", "idem Lac Bleu", *[""] * 5],
    ],
)
def test_nor_is_anybody_ended_of_a_row_of_a_wide_sheet_that_says_nothing(over: list[str]) -> None:
    assert told({"Liste": wide(over)}).harmful == ()


def test_a_departure_written_on_a_second_row_of_the_sheet_is_a_question() -> None:
    cells = grid()
    gone = [*cells[KOENIG + 1]]
    gone[14] = "Parti le 30/09/2026"
    assert asked(told({"Liste": [*cells, gone]})) == ["KÖNIG"]


@pytest.mark.parametrize("name", ["ex-auvergne.csv", "departs-et-arrivees.csv", "84-partis.csv"])
def test_the_name_of_a_file_makes_nobody_a_leaver(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\n".join(";".join(row) for row in grid()), encoding="utf-8")
    found = tell_file(tmp_path / name)
    assert (found.changes, found.used) == ((), 1)


def test_a_sheet_of_few_arrivals_without_a_function_costs_the_list_nothing() -> None:
    arrivals = [["Nom", "Prénom", "Établissement", "N° RPPS"], ["NOUVELLE", "Inès", ELOI, "899700003017"]]
    assert stays(told({"Liste": grid(), "Nouvelles": arrivals}))


@pytest.mark.parametrize("status", ["ancien titulaire", "ex-titulaire", "ex-assistant", "n'est plus assistant"])
def test_a_role_that_the_row_does_not_give_is_what_was_left(status: str) -> None:
    assert asked(told({"Liste": grid(only_koenig(status=status))})) == ["KÖNIG"]


@pytest.mark.parametrize("status", ["ex-CHV", "ex-remplaçant", "n'est plus suppléant"])
def test_who_left_the_role_of_the_row_left(status: str) -> None:
    assert {one.person.last_name for one in told({"Liste": grid(only_koenig(status=status))}).harmful} == {"KÖNIG"}


@pytest.mark.parametrize(
    "values",
    [
        {"structure_name": "HÔPITAL SAINT-ÉLOI - départ 30/09/2026"},
        {"profession": "Infirmier retraité"},
    ],
)
def test_a_departure_behind_another_value_is_asked_about(values: dict[str, str]) -> None:
    assert asked(told({"Liste": grid(only_koenig(status="", **values))})) == ["KÖNIG"]


@pytest.mark.parametrize("end", ["31/12/2025", "15/03/2026", "21/11/2026"])
def test_the_end_of_the_card_before_is_no_news(end: str) -> None:
    found = told({"Liste": grid(lambda at, row: row.update(card_expires_on=end) if at % 4 == SECRETARY else None)})
    assert stays(found)


def test_somebody_who_came_to_the_place_of_the_row_is_asked_about() -> None:
    status = "a quitté la CRH pour l'hôpital Saint-Éloi"
    assert asked(told({"Liste": grid(only_koenig(status=status))})) == ["KÖNIG"]


SECRETARY = 3  # a CPE: no register has her name
NAMES_OF_HERS = [
    {"last_name": "LEROY ou PETIT"}, {"first_name": "Claire LEROY"}, {"first_name": "Claire - secrétariat"},
    {"first_name": "Claire, secrétaire de direction"}, {"first_name": "Claire secr."}, {"last_name": "LEROY ép. BLANC"},
    {"first_name": "Claire secrétaire du pôle"}, {"last_name": "LEROY secrétariat"},
    {"last_name": "LEROY CPE"}, {"last_name": "LEROY Claire"},
]  # fmt: skip
TWO_OF_HERS = [
    "LEROY s'appelle désormais BLANC", "DURAND (anciennement LEROY)", "BLANC (LEROY avant mariage)",
    "LEROY (nouveau nom : DURAND)", "LEROY devenue BLANC",
]  # fmt: skip


def of_hers(values: dict[str, str]) -> Told:
    return told({"Liste": grid(lambda at, row: row.update(values) if at == SECRETARY else None)})


@pytest.mark.parametrize("names", NAMES_OF_HERS)
def test_more_in_the_cell_of_a_name_than_the_name_renames_nobody(names: dict[str, str]) -> None:
    assert stays(of_hers(names))


@pytest.mark.parametrize("name", TWO_OF_HERS)
def test_which_of_two_names_is_todays_is_asked(name: str) -> None:
    found = of_hers({"last_name": name})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]
    assert name in str(found.changes[0].fields[0].after)


@pytest.mark.parametrize(
    ("cells", "after"),
    [
        ({"email": "ancien : p3@example.org ; nouveau : b@example.org"}, "b@example.org"),
        ({"email": "n'utilise plus p3@example.org mais b@example.org"}, "b@example.org"),
        ({"phone": "ancien 0299001203 nouveau 0478999999"}, "04 78 99 99 99"),
    ],
)
def test_of_an_old_and_a_new_contact_the_new_one_is_taken(cells: dict[str, str], after: str) -> None:
    found = of_hers(cells)
    assert [[field.after for field in one.fields] for one in found.changes] == [[after]]


@pytest.mark.parametrize("cells", [{"email": "b@example.org à compter du 1er mars 2027"}])
def test_a_contact_from_a_day_to_come_changes_nothing_and_is_said(cells: dict[str, str]) -> None:
    found = of_hers(cells)
    assert stays(found)
    assert any("jour à venir" in one.message for one in found.judged.issues)
