"""Shapes of another hand than the generator's: what people do to a list that nobody told them not to do.

Each tells the truth of `truth.py`. A row that a human reads is used; where a human would ask, a question is right.
"""

from collections.abc import Callable
from datetime import date

from tests.shapes.book import RAW, Book, Column, Sheet
from tests.shapes.cells import Shape

Row = dict[str, object]


def _on_rows(change: Callable[[Row, int], None]) -> Shape:
    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for at, row in enumerate(sheet.people()):
                change(row, at)

    return shape


def _on_texts(change: Callable[[str], str]) -> Shape:
    """Every text of every cell and header."""

    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for column in sheet.columns:
                column.label = change(column.label)
            for row in sheet.people():
                for name, value in row.items():
                    if isinstance(value, str):
                        row[name] = change(value)

    return shape


def _two_tables_below(book: Book) -> None:
    """The last establishments in a second table below, its columns in another order and other words."""
    sheet = book.sheets[0]
    people = sheet.people()
    half = len(people) // 2
    order = list(reversed(sheet.columns))
    words = {"Nom": "NOM", "N° CPx": "N° RPPS", "FINESS": "N° FINESS", "Courriel": "Mail"}
    second: list[Row] = [{RAW: [words.get(one.label, one.label) for one in order]}]
    second += [{RAW: [row.get(one.field, "") for one in order]} for row in people[half:]]
    sheet.rows = [*people[:half], {RAW: [""]}, *second]


def _side_by_side(book: Book) -> None:
    """The second half of the people to the right of the first, under the same headers again."""
    sheet = book.sheets[0]
    people = sheet.people()
    half = len(people) // 2
    sheet.rows = [
        {
            RAW: [
                *(row.get(one.field, "") for one in sheet.columns),
                "",
                *(other.get(one.field, "") for one in sheet.columns),
            ]
        }
        for row, other in zip(people[:half], people[half:], strict=True)
    ]
    sheet.columns = [*sheet.columns, Column("", ""), *sheet.columns]


def _numbered(book: Book) -> None:
    for sheet in book.sheets:
        sheet.columns = [Column("_at", "N°"), *sheet.columns]
        for at, row in enumerate(sheet.people(), 1):
            row["_at"] = at


def _letters_for_digits(row: Row, at: int) -> None:
    number = str(row["cpx_number"])
    if "/" not in number and at % 3 == 0:
        row["cpx_number"] = number.replace("0", "O", 1)


def _contacts_together(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["email"] = f"{row['phone']} / {row['email']}"
        sheet.drop("phone")
        sheet.column("email").label = "Contact (tél. / mail)"


def _footnotes(book: Book) -> None:
    for sheet in book.sheets:
        for at, row in enumerate(sheet.people()):
            if at % 4 == 0:
                row["last_name"] = f"{row['last_name']}{'*' if at % 8 else ' (1)'}"
        sheet.rows += [{RAW: ["* à confirmer avec la direction"]}, {RAW: ["(1) absent lors de la dernière réunion"]}]


def _ticked_status(book: Book) -> None:
    for sheet in book.sheets:
        sheet.drop("status")
        sheet.columns += [Column("_there", "En poste"), Column("_gone", "Parti")]
        for row in sheet.people():
            row["_there"] = "X"


def _ticked_ranks(book: Book) -> None:
    for sheet in book.sheets:
        sheet.drop("rank")
        sheet.columns += [Column("_t", "Titulaire"), Column("_r", "Remplaçant")]
        for row in sheet.people():
            row["_t"] = "X" if row["rank"] == "Titulaire" else ""
            row["_r"] = "X" if row["rank"] == "Remplaçant" else ""


def _rank_as_answer(book: Book) -> None:
    for sheet in book.sheets:
        sheet.column("rank").label = "Titulaire ?"
        for row in sheet.people():
            row["rank"] = {"Titulaire": "Oui", "Remplaçant": "Non"}.get(str(row["rank"]), "")


def _date_in_three(book: Book) -> None:
    for sheet in book.sheets:
        at = sheet.columns.index(sheet.column("card_expires_on"))
        parts = [
            Column("_d", "Fin validité jour"),
            Column("_m", "Fin validité mois"),
            Column("_y", "Fin validité année"),
        ]
        sheet.columns[at : at + 1] = parts
        for row in sheet.people():
            day = row["card_expires_on"]
            assert isinstance(day, date)
            row.update({"_d": day.day, "_m": day.month, "_y": day.year})


def _rules_between(book: Book) -> None:
    for sheet in book.sheets:
        rows: list[Row] = []
        for at, row in enumerate(sheet.people()):
            if at and at % 4 == 0:
                rows.append({RAW: ["-----"] * len(sheet.columns)})
            rows.append(row)
        sheet.rows = rows


def _by_rank(book: Book) -> None:
    """A sheet for each function and rank, which no column tells any more."""
    [sheet] = book.sheets
    names = {
        ("CHV-ST", "Titulaire"): "CHV-ST titulaires",
        ("CHV-ST", "Remplaçant"): "CHV-ST remplaçants",
        ("Assistant", ""): "Assistants",
        ("CRH-ST", "Titulaire"): "CRH-ST",
    }
    columns = [one for one in sheet.columns if one.field not in ("function", "rank")]
    book.sheets = [
        Sheet(name, list(columns), [row for row in sheet.people() if (row["function"], row["rank"]) == role])
        for role, name in names.items()
    ]


def _by_place(book: Book) -> None:
    """A sheet for each establishment, which no column names any more."""
    [sheet] = book.sheets
    places = list(dict.fromkeys(str(row["structure_name"]) for row in sheet.people()))
    columns = [one for one in sheet.columns if not one.field.startswith("structure_")]
    book.sheets = [
        Sheet(place[:31], list(columns), [row for row in sheet.people() if row["structure_name"] == place])
        for place in places
    ]


def _long_preamble(book: Book) -> None:
    for sheet in book.sheets:
        sheet.above = [[f"Consigne {at} : vérifier chaque ligne avant l'envoi."] for at in range(1, 46)]


def _everybody_twice(book: Book) -> None:
    for sheet in book.sheets:
        sheet.rows = [row for one in sheet.rows for row in (one, dict(one))]


def _number_and_serial(row: Row, at: int) -> None:
    number = str(row["cpx_number"])
    if "/" not in number:
        row["cpx_number"] = f"RPPS {number[1:]} – carte n° 98{at:08d}" if at % 2 else f"{number} (vu le 12/11/2026)"


def _gaps(book: Book) -> None:
    """An empty column between any two, an empty row between any two, the table begins at C5."""
    for sheet in book.sheets:
        spaced: list[Column] = [Column("", ""), Column("", "")]
        for column in sheet.columns:
            spaced += [column, Column("", "")]
        sheet.columns = spaced
        blank: Row = {RAW: [""]}
        sheet.rows = [row for one in sheet.rows for row in (one, blank)]
        sheet.above = [[""], [""], [""], [""]]


def _person_in_a_cell(row: Row, _at: int) -> None:
    row["last_name"] = f"{row['civility']} {row['last_name']} {row['first_name']}, {str(row['profession']).lower()}"


def _one_cell_of_person(book: Book) -> None:
    _on_rows(_person_in_a_cell)(book)
    for sheet in book.sheets:
        sheet.drop("first_name", "civility", "profession")
        sheet.column("last_name").label = "Correspondant"


def _turned(book: Book) -> None:
    """Fields in rows, people in columns."""
    for sheet in book.sheets:
        people = sheet.people()
        labels = [(one.label, one.field) for one in sheet.columns]
        first, *others = labels
        sheet.columns = [
            Column("_0", first[0]),
            *(Column(f"_{at}", str(row[first[1]])) for at, row in enumerate(people, 1)),
        ]
        sheet.rows = [{RAW: [label, *(row.get(name, "") for row in people)]} for label, name in others]


def _headers_of_questions(book: Book) -> None:
    words = {
        "last_name": "Nom :",
        "first_name": "Prénom :",
        "cpx_number": "N°\nCPx\n(12 chiffres)",
        "function": "Fonction :",
        "card_expires_on": "Fin de\nvalidité",
        "structure_code": "N° FINESS :",
        "email": "Courriel\n(professionnel)",
    }
    for sheet in book.sheets:
        for column in sheet.columns:
            column.label = words.get(column.field, column.label)


def _mojibake(text: str) -> str:
    """UTF-8 that somebody opened as Windows-1252 and saved."""
    return text.encode("utf-8").decode("cp1252", "replace")


def _dotted_finess(row: Row, at: int) -> None:
    code = str(row["structure_code"])
    if len(code) == 9:
        row["structure_code"] = (f"{code[:2]} {code[2:5]} {code[5:8]} {code[8]}", f"'{code}", f"n°{code}.")[at % 3]


def _people_of_two_rows(book: Book) -> None:
    """Each person on two rows: who and where above, card and contact below."""
    below = {"cpx_number", "card_type", "card_expires_on", "email", "phone", "status"}
    for sheet in book.sheets:
        rows: list[Row] = []
        for row in sheet.people():
            rows += [{k: v for k, v in row.items() if k not in below}, {k: v for k, v in row.items() if k in below}]
        sheet.rows = rows


def _compact_dates(row: Row, _at: int) -> None:
    day = row["card_expires_on"]
    assert isinstance(day, date)
    row["card_expires_on"] = int(f"{day:%Y%m%d}")


ATTACKS: dict[str, Shape] = {
    "deux tableaux l'un sous l'autre": _two_tables_below,
    "deux tableaux côte à côte": _side_by_side,
    "lignes numérotées": _numbered,
    "un O pour un zéro": _on_rows(_letters_for_digits),
    "téléphone et adresse ensemble": _contacts_together,
    "appels de note": _footnotes,
    "cases En poste et Parti": _ticked_status,
    "cases Titulaire et Remplaçant": _ticked_ranks,
    "« Titulaire ? » oui ou non": _rank_as_answer,
    "date en trois colonnes": _date_in_three,
    "dates en nombres": _on_rows(_compact_dates),
    "traits entre les groupes": _rules_between,
    "une feuille par fonction": _by_rank,
    "une feuille par établissement sans colonne": _by_place,
    "quarante-cinq consignes au-dessus": _long_preamble,
    "chacun deux fois": _everybody_twice,
    "numéro et série": _on_rows(_number_and_serial),
    "colonnes et lignes vides partout": _gaps,
    "toute la personne en une cellule": _one_cell_of_person,
    "tableau tourné": _turned,
    "en-têtes avec deux-points et retours": _headers_of_questions,
    "UTF-8 lu comme Windows-1252": _on_texts(_mojibake),
    "FINESS à points et apostrophes": _on_rows(_dotted_finess),
    "personnes sur deux lignes": _people_of_two_rows,
    "espaces invisibles": _on_texts(lambda text: f"\u00a0{text}\u200b \ufeff"),
    "chiffres pleine chasse": _on_texts(lambda text: text.translate({48 + n: 0xFF10 + n for n in range(10)})),
}
