"""`annuaire load`: an export becomes a database with the tables of contract §4."""

from pathlib import Path

from connectors.sources.annuaire import load_annuaire, migrate_annuaire
from connectors.sources.annuaire_export import read_annuaire_export
from flows.terminal.console import print_json, stdout
from schemas.errors import AnnuaireError
from schemas.nomenclatures import say
from schemas.reading.source_names import ANNUAIRE


def play_load(export: Path, url: str, *, as_json: bool) -> int:
    """Load an export into a database, its content replaced in one transaction. Raises AnnuaireError."""
    reading = read_annuaire_export(export, ANNUAIRE, shown=str(export))
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=export, found=reading.report.message))
    migrate_annuaire(url)
    counts = load_annuaire(reading.frame, url)
    if as_json:
        print_json(counts)
    else:
        stdout().print(say("cli.loaded", **counts), markup=False)
    return 0
