"""A small invented country as files that are quick to write and read: an export, workbooks and extracts as text.

Rows are those of `tests.spec.tables`: cells by our column names.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flows.settings.model import Settings
from schemas.nomenclatures import rows as table_rows
from schemas.reading.source import contract
from tests.spec.tables import Line

ADMIN = "admin.efit@example.org"
BOOKS = {"regions/24.csv": {"region": "24"}, "regions/52.csv": {"region": "52"}, "ets/cpdl.csv": {"ets": "ETS-CPDL"}}
PERSONS, CARDS = "rpps/PS_LibreAcces_Personne_activite_{}0600.txt", "rpps/Porteurs_CPS_CPF_{}0600.txt"


@dataclass(slots=True)
class Files:
    """What lies in the folder one night. A source without rows (None) is not there."""

    annuaire: Sequence[Line]
    books: Mapping[str, Sequence[Line] | None] = field(default_factory=dict)
    persons: Sequence[Line] | None = None
    cards: Sequence[Line] | None = None


def settings_of(root: Path, store: str = "sqlite:///var/annuaire.db", **policy: Any) -> Settings:
    """A configuration over these files, as one would write it in TOML; the environment has no say in it."""
    return Settings.model_validate(
        {
            "register": {"persons": PERSONS.format("*"), "cards": CARDS.format("*"), "max_age_days": 3},
            "workbook": [{"path": path, **scope} for path, scope in BOOKS.items()],
            "annuaire": {"export": "efit/export.csv"},
            "store": {"url": store},
            "policy": policy,
            "mail": {"outbox": "var/outbox", "admin": ADMIN, "attachments": "none"},
        }
    ).at(root)


def write_files(root: Path, files: Files, day: date) -> None:
    """Write every file anew; `day` stamps the extracts, of which older ones stay."""
    _write(root / "efit/export.csv", ";", _labels("annuaire_columns"), files.annuaire)
    for name, lines in files.books.items():
        if lines is None:
            (root / name).unlink(missing_ok=True)
        else:
            _write(root / name, ";", _labels("workbook_columns"), lines)
    for pattern, kind, extract in ((PERSONS, "persons", files.persons), (CARDS, "cards", files.cards)):
        labels = {name: column.labels[0] for name, column in contract(f"register_{kind}").columns.items()}
        if extract is not None:
            _write(root / pattern.format(f"{day:%Y%m%d}"), "|", labels, extract)


def _labels(table: str) -> dict[str, str]:
    return {line["field"]: line["label"] for line in table_rows(table)}


def _write(path: Path, delimiter: str, labels: Mapping[str, str], lines: Sequence[Line]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(labels.values())
        writer.writerows([line.cells.get(name, "") for name in labels] for line in lines)
