"""Every shape, alone and two by two; what a night says of each."""

import copy
import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from connectors.sources.guard import Opener
from tests.shapes.cells import CELLS, Shape
from tests.shapes.hurried import HURRIED
from tests.shapes.tables import TABLES
from tests.shapes.truth import Told, standard, tell

SHAPES: dict[str, Shape] = {**CELLS, **TABLES, **HURRIED}  # in the order in which two of them are laid over each other
ASKED = frozenset({"ligne barrée"})  # what a careful human would ask about, too
_ONE_SHEET = {"csv ;", "csv , Windows", "texte Unicode"}
_MORE_SHEETS = {"une feuille par établissement", "feuille des partis", "feuille d'une année passée", "feuille masquée"}
_WIDE = {"large", "large avec courriels"}


def pairs() -> Iterator[tuple[str, str]]:
    """Two shapes that can be laid over each other: a text file has one sheet, a wide table no column of a person."""
    for one, other in combinations(SHAPES, 2):
        if _can(one, other):
            yield one, other


_SAME_CELLS = (
    {"sans FINESS", "FINESS dans le nom", "nom dans le FINESS", "établissements abrégés, sans FINESS",
     "FINESS juridique", "FINESS juridique à côté", "FINESS en nombres", "FINESS sans zéro", "EJ et ET en une cellule",
     "établissements en titres", "régions en mots"},
    {*(name for name in SHAPES if name.startswith("dates ")), "fin de validité en trois colonnes"},
    {name for name in SHAPES if name.startswith("numéros ")},
    {name for name in SHAPES if name.startswith("téléphones ")},
    {name for name in SHAPES if name.startswith("adresses ")},
    {name for name in SHAPES if name.startswith("en-têtes ")},
    {"nom et prénom en une cellule", "prénom et nom en une cellule", "nom et prénom intervertis", "noms d'épouse"},
    {"fonction et rang en une cellule", "rangs abrégés", "suppléants", "profils d'e-FIT",
     "fonctions en toutes lettres", "fonctions abrégées"},
    {"noms avec titre", "noms avec deux titres", "noms d'épouse", "remarques derrière le nom"},
    {"feuille des partis", "établissements en titres"},  # where they were is in no cell
    {"établissement une fois", "idem", 'guillemets "', "titres de section", "établissements en titres",
     "une feuille par établissement"},
    {"csv ;", "csv , Windows", "texte Unicode", "ods"},
    _WIDE,
)  # fmt: skip


_NO_FINESS = {  # which says « Exemple : »
    "FINESS dans le nom", "sans FINESS", "établissements abrégés, sans FINESS", "établissements en titres",
}  # fmt: skip


def _can(one: str, other: str) -> bool:
    both = {one, other}
    if "ligne d'exemple" in both and both & _NO_FINESS:
        return False
    if any(both <= same for same in _SAME_CELLS):
        return False
    if both & _ONE_SHEET and both & (_MORE_SHEETS | {"feuille d'explications", "ligne barrée"}):
        return False
    return not both & _WIDE or not (both - _WIDE) & _NOT_WIDE


_NOT_WIDE = {*SHAPES} - {
    "numéros habillés", "numéros espacés", "numéros sans le 8", "numéros en nombres", "adresses d'Outlook",
    "lignes vides",
    "FINESS en nombres", "FINESS sans zéro", "sans FINESS", "établissements abrégés, sans FINESS", "colonnes en plus",
    "csv ;", "csv , Windows", "texte Unicode", "ods", "titres au-dessus", "feuille d'explications", "types en mots",
}  # fmt: skip


def told(shapes: Sequence[str], opener: Opener | None = None) -> Told:
    """A night over the truth in these shapes; `opener`: shared by many nights."""
    book = copy.deepcopy(standard())
    for name in sorted(shapes, key=list(SHAPES).index):
        SHAPES[name](book)
    with tempfile.TemporaryDirectory() as folder:
        return tell(book, Path(folder), opener)
