"""The national files as they come: 56 columns without quoting, ISO-8859-1 cards, FINESS twice."""

import gzip
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sample_data.cast import Card, Person, Structure
from sample_data.country import Country
from sample_data.headers import CARD_COLUMNS, PERSON_COLUMNS, STOCK_FIELDS
from sample_data.strangers import strangers
from schemas.nomenclatures import label_of
from schemas.people.identifiers import with_luhn_key

STAMP = "20261121"
PERSONS = f"rpps/PS_LibreAcces_Personne_activite_{STAMP}0612.txt"
DECOY = "rpps/PS_LibreAcces_Personne_activite_202609180604.txt"
CARDS = f"rpps/Porteurs_CPS_CPF_{STAMP}0615.txt"
ADELI = f"adeli/extraction_adeli_{STAMP}0000.txt"
CROSSWALK = "adeli/correspondance.csv"
STOCK = "finess/etalab-cs1100502-stock-20260504-0339.csv"
FINESS_PLUS = f"finess/finess-plus-stock-{STAMP}-0200.json.gz"
STALE = "broken/rpps/PS_LibreAcces_Personne_activite_202610010612.txt"
_CARD_LABELS = {
    "CPS": "Carte de Professionnel de Santé (CPS)",
    "CPF": "Carte de Professionnel de Santé en Formation (CPF)",
}
_DOCTOR_SKILLS = (("SM54", "Médecine Générale"), ("SM02", "Anesthésie-réanimation"))


def write_national(root: Path, country: Country, links: dict[str, str], closed: set[str]) -> None:
    """Every national file under `root`. `links`: ADELI → RPPS; `closed`: FINESS shut in the FINESS+ stock."""
    people = {id(actor.person): actor.person for actor in country.actors}.values()
    crowd = strangers(country)
    everybody = [*people, *crowd]
    rpps = [person for person in everybody if person.register == "RPPS"]
    lines = [line for person in rpps for line in _activities(person)]
    country.random.shuffle(lines)
    _write(root, PERSONS, _with_accidents(_register(lines)))
    _write(root, DECOY, "".join(_register(lines[:8])).encode())
    _write(root, STALE, "".join(_register(lines[:40])).encode())
    adeli = [line for person in everybody if person.register == "ADELI" for line in _activities(person)]
    _write(root, ADELI, "".join(_register(adeli)).encode())
    cards = [_card(person, card) for person in everybody if person.register for card in person.cards]
    country.random.shuffle(cards)
    _write(root, CARDS, "".join(_lines(CARD_COLUMNS, cards)).encode("latin-1"))
    pairs = "".join(f"{old[1:]};{new[1:]}\r\n" for old, new in sorted(links.items()))
    _write(root, CROSSWALK, ("N° ADELI;N° RPPS\r\n" + pairs).encode("latin-1"))
    _structures(root, [structure for structure in country.structures.values() if _in_finess(structure)], closed)


def _write(root: Path, name: str, content: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _lines(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> list[str]:
    """Header and rows, each with the trailing bar of the real files."""
    body = ["|".join(row.get(column, "") for column in columns) + "|\n" for row in rows]
    return ["|".join(columns) + "|\n", *body]


def _register(rows: list[dict[str, str]]) -> list[str]:
    return _lines(PERSON_COLUMNS, rows)


def _activities(person: Person) -> list[dict[str, str]]:
    """One row per establishment and savoir-faire; a row without structure for whoever has none."""
    doctor = person.profession in ("10", "21")
    practice = {"Code civilité d'exercice": "DR", "Libellé civilité d'exercice": "Docteur"} if doctor else {}
    common = {
        "Type d'identifiant PP": person.number[0],
        "Identifiant PP": person.number[1:],
        "Identification nationale PP": person.number,
        **practice,
        "Code civilité": person.civility,
        "Libellé civilité": {"M": "Monsieur", "MME": "Madame"}[person.civility],
        "Nom d'exercice": person.last,
        "Prénom d'exercice": person.first,
        "Code profession": person.profession,
        "Libellé profession": label_of("professions", person.profession),
        "Code catégorie professionnelle": person.category,
        "Libellé catégorie professionnelle": {"C": "Civil", "E": "Etudiant", "M": "Agent public"}[person.category],
    }
    skills = _DOCTOR_SKILLS if person.profession == "10" else (("", ""),)
    return [
        {**common, **_skill(*skill), **place}
        for skill in skills
        for place in ([_place(structure) for structure in person.sites] or [{}])
    ]


def _skill(code: str, label: str) -> dict[str, str]:
    if not code:
        return {}
    kind = {"Code type savoir-faire": "S", "Libellé type savoir-faire": "Spécialité ordinale"}
    return {**kind, "Code savoir-faire": code, "Libellé savoir-faire": label}


def _place(structure: Structure) -> dict[str, str]:
    found = {
        "Code mode exercice": "S",
        "Libellé mode exercice": "Salarié",
        "Raison sociale site": structure.name.upper(),
        "Code Département (structure)": structure.departement,
        "Code secteur d'activité": "SA01",
        "Libellé secteur d'activité": "Etablissement public de santé",
        "Code genre activité": "GENR01",
        "Libellé genre activité": "Activité de soin et de pharmacie",
    }
    if _in_finess(structure):
        found["Numéro FINESS site"] = structure.code
        found["Identifiant technique de la structure"] = f"F{structure.code}"
    return found


def _in_finess(structure: Structure) -> bool:
    return structure.type in ("ES", "SITE") and structure.key != "11-99"


def _with_accidents(lines: list[str]) -> bytes:
    """What really happens to the file: stray quotes, a short, a long and a Latin-1 row, full duplicates.

    All of it to strangers, so that no account loses its person.
    """
    at = [number for number, line in enumerate(lines) if "LIEU " in line]
    lines[at[10]] = lines[at[10]].replace("LIEU ", 'LIEU "', 1)
    lines[at[60]] = lines[at[60]].replace("LIEU ", 'LIEU "', 1)
    lines[at[100]] = "|".join(lines[at[100]].split("|")[:30]) + "\n"
    lines[at[120]] = lines[at[120]].rstrip("\n") + "en trop|\n"
    encoded = [line.encode() for line in lines]
    encoded[at[140]] = lines[at[140]].encode("latin-1")
    return b"".join([*encoded, *(encoded[number] for number in at[200:230])])


def _card(person: Person, card: Card) -> dict[str, str]:
    return {
        "Type d'identifiant PP": person.number[0],
        "Identifiant PP": person.number[1:],
        "Identification nationale PP": person.number,
        "Nom d'exercice": person.last,
        "Prénom d'exercice": person.first,
        "Code profession": person.profession,
        "Libellé profession": label_of("professions", person.profession),
        "Code catégorie professionnelle": person.category,
        "Code type de carte": card.type,
        "Libellé type de carte": _CARD_LABELS[card.type],
        "Numéro carte": card.serial,
        "Identifiant national contenu dans la carte": card.content,
        "Date début validité": card.starts.isoformat(),
        "Date fin validité": card.ends.isoformat(),
        "Date opposition": card.opposed.isoformat() if card.opposed else "",
        "Date de mise à jour": (card.opposed or card.starts).isoformat(),
    }


def _structures(root: Path, structures: list[Structure], closed: set[str]) -> None:
    """The legacy stock, frozen in May and silent on closures, and the FINESS+ one that knows them."""
    rows = [f"finess;etalab;98;{date(2026, 5, 4)}"]
    for structure in structures:
        values = {
            "section": "structureet",
            "nofinesset": structure.code,
            "nofinessej": _legal(structure),
            "rs": structure.name.upper(),
            "rslongue": structure.name,
            "departement": structure.departement,
            "categetab": _category(structure),
            "dateouv": "1990-01-01",
            "maj": "2026-01-01",
        }
        rows.append(";".join(values.get(field, "") for field in STOCK_FIELDS))
    _write(root, STOCK, ("\n".join(rows) + "\n").encode("latin-1"))
    content = json.dumps({"pmej": [_legal_entity(s, closed) for s in structures]}, ensure_ascii=False, indent=1)
    _write(root, FINESS_PLUS, gzip.compress(content.encode(), mtime=0))


def _category(structure: Structure) -> str:
    return "132" if structure.type == "SITE" else "355"


def _legal(structure: Structure) -> str:
    """The invented legal entity of an establishment: its own number, one range further."""
    return with_luhn_key(structure.code[:2] + "9991" + structure.code[6:8])


def _legal_entity(structure: Structure, closed: set[str]) -> dict[str, object]:
    establishment = {
        "numFinessEge": structure.code,
        "nomEgeCourt": structure.name.upper(),
        "nomEgeLong": structure.name,
        "categorieEge": _category(structure),
        "etatObjet": "I" if structure.code in closed else "A",
        "adresse": [{"codePostal": f"{structure.departement}000", "cogCommune": f"{structure.departement}001"}],
    }
    return {
        "informationsGeneralesPmej": {"numFinessPm": _legal(structure), "denomination": structure.name},
        "ege": [{"informationsGeneralesEGE": establishment}],
    }
