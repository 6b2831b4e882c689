"""National extracts with invented people, made line by line: numbers from the 9970… range with right keys."""

from functools import cache
from pathlib import Path

from schemas.people.identifiers import with_luhn_key

HEADERS = Path(__file__).parent / "headers"
PERSONS_56 = "PS_LibreAcces_Personne_activite.v56.2026"
PERSONS_52 = "PS_LibreAcces_Personne_activite.v52.2020"
PERSONS_48 = "PS_LibreAcces_Personne_activite.v48.2018"
PRO_SANTE_CONNECT = "Extraction_ProSanteConnect.v49.2021"
CARDS = "Porteurs_CPS_CPF.reconstructed"
SKILLS = "PS_LibreAcces_SavoirFaire"


@cache
def labels(header: str) -> tuple[str, ...]:
    text = (HEADERS / f"{header}.txt").read_text(encoding="utf-8")
    return tuple(text.strip().strip("|").split("|"))


def rpps(number: int) -> str:
    return with_luhn_key(f"9970{number:06d}")


def line(header: str, **cells: str) -> str:
    """A row; a cell is named by the first label that begins with the argument, `_` for spaces."""
    row = dict.fromkeys(labels(header), "")
    for name, value in cells.items():
        label = next(known for known in labels(header) if known.replace("'", "_").replace(" ", "_") == name)
        row[label] = value
    return "|".join(row.values()) + "|"


def person(number: int, header: str = PERSONS_56, **cells: str) -> str:
    given = {
        "Type_d_identifiant_PP": "8",
        "Identifiant_PP": rpps(number),
        "Identification_nationale_PP": "8" + rpps(number),
        "Nom_d_exercice": f"ESSAI{number}",
        "Prénom_d_exercice": "Zoé",
        "Code_profession": "10",
        "Numéro_FINESS_site": "0102030405",
    }
    return line(header, **{**given, **cells})


def card(number: int, **cells: str) -> str:
    given = {
        "Type_d_identifiant_PP": "8",
        "Identifiant_PP": rpps(number),
        "Identification_nationale_PP": "8" + rpps(number),
        "Nom_d_exercice": f"ESSAI{number}",
        "Prénom_d_exercice": "Zoé",
        "Code_type_de_carte": "CPS",
        "Numéro_carte": f"99900{number:05d}",
        "Identifiant_national_contenu_dans_la_carte": "8" + rpps(number),
        "Date_début_validité": "2025-01-15",
        "Date_fin_validité": "2028-01-14",
    }
    return line(CARDS, **{**given, **cells})


def extract(header: str, lines: list[str], *, end: str = "\n", encoding: str = "utf-8") -> bytes:
    return "".join(text + end for text in ["|".join(labels(header)) + "|", *lines]).encode(encoding)
