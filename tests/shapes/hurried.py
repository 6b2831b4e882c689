"""Shapes of people in a hurry: forms with hints, counted columns, establishments in titles, abbreviations, remarks."""

from collections.abc import Callable
from datetime import date

from tests.shapes.book import RAW, Book, Column
from tests.shapes.cells import Shape, each, in_turn
from tests.shapes.tables import groups

ENTITY = "450000104"  # a legal entity's FINESS, with its key


def _counted_labels(book: Book) -> None:
    for sheet in book.sheets:
        for at, column in enumerate(sheet.columns, 1):
            column.label = f"{at}. {column.label.removeprefix(f'{at}. ')}" if column.label else ""


def _below_the_header(cells: Callable[[str, int], str]) -> Shape:
    def shape(book: Book) -> None:
        for sheet in book.sheets:
            sheet.rows.insert(0, {RAW: [cells(one.field, at) for at, one in enumerate(sheet.columns, 1)]})

    return shape


_HINTS = {
    "structure_code": "9 chiffres",
    "last_name": "EN MAJUSCULES",
    "cpx_number": "12 chiffres",
    "card_expires_on": "JJ/MM/AAAA",
    "rank": "T/R",
    "status": "Actif/Parti",
}
_EXAMPLE = {
    "structure_code": "Exemple :",
    "structure_name": "CH de Nulle-Part",
    "structure_type": "ES",
    "function": "CHV-ST",
    "last_name": "NULLEPART",
    "first_name": "Jeanne",
    "cpx_number": "810001234567",
}


def _titles_for_places(book: Book) -> None:
    """The establishment stands in a title above its people, and in no column."""
    for sheet in book.sheets:
        rows: list[dict[str, object]] = []
        for people in groups(sheet):
            code = str(people[0]["structure_code"])
            rows += [{RAW: [f"{people[0]['structure_name']} – FINESS {code}"]}, *people]
        sheet.rows = rows
        sheet.drop("structure_code", "structure_name")


def _entity_and_site(text: str, _at: int) -> object:
    return f"EJ {ENTITY} / ET {text}" if len(text) == 9 else text


def _abbreviated(text: str, at: int) -> object:
    words = {
        "CHV-ST": ("Corresp. hémovigilance", "Corr. HV", "Correspondante hémovig."),
        "CRH-ST": ("Coordo régional HV",),
        "Assistant": ("Ass. HV", "Assist. d'hémovig.", "Assistante CHV"),
    }[text]
    return words[at % len(words)]


def _three_columns(book: Book) -> None:
    for sheet in book.sheets:
        if not sheet.has("card_expires_on"):
            continue
        at = sheet.columns.index(sheet.column("card_expires_on"))
        deep = max(len(one.captions) for one in sheet.columns) or 1
        for one in sheet.columns:
            one.captions = one.captions or ("",) * deep
        parts = [Column(f"_{name}", name) for name in ("Jour", "Mois", "Année")]
        for one in parts:
            one.captions = ("",) * deep
        parts[0].captions = (*("",) * (deep - 1), "Date de fin de validité")
        sheet.columns[at : at + 1] = parts
        if at + 3 < len(sheet.columns) and not sheet.columns[at + 3].captions[-1]:
            sheet.columns[at + 3].captions = (*("",) * (deep - 1), "Divers")
        for row in sheet.people():
            day = row["card_expires_on"]
            if not isinstance(day, date):
                continue
            row.update({"_Jour": day.day, "_Mois": day.month, "_Année": day.year})


HURRIED: dict[str, Shape] = {
    "noms avec deux titres": each("last_name", in_turn("Mme le Dr {}", "M. le Pr {}", "Docteur {}", "Monsieur {}")),
    "remarques derrière le nom": each(
        "last_name", in_turn("{} (nouveau)", "{} - en congé mat.", "{} (mi-temps)", "{} (DIM)", "{} ?")
    ),
    "fonctions abrégées": each("function", _abbreviated),
    "EJ et ET en une cellule": each("structure_code", _entity_and_site),
    "régions en mots": each("structure_code", lambda text, _: f"ARS {text}" if len(text) == 2 else text),
    "statuts de pointage": each("status", in_turn("80 %", "0,5 ETP", "habilité(e)", "référent(e)", "poste pourvu")),
    "établissements en titres": _titles_for_places,
    "fin de validité en trois colonnes": _three_columns,
    "en-têtes numérotés": _counted_labels,
    "colonnes comptées": _below_the_header(lambda _, at: f"({at})"),
    "consignes sous l'en-tête": _below_the_header(lambda name, _: _HINTS.get(name, "")),
    "ligne d'exemple": _below_the_header(lambda name, _: _EXAMPLE.get(name, "")),
}
