"""Makes sample_data/: `python -m sample_data.generate [FOLDER]`. The same seed, the same files.

The two expectation tables come from the storylines alone: nothing of the product's rules is imported here.
"""

import csv
import io
import sys
from pathlib import Path

from sample_data import alerts, blemishes, reviews, storylines
from sample_data.cast import Expected, ExpectedReject
from sample_data.country import Country, quiet_country
from sample_data.script import Script, table
from sample_data.writing.write_national import CARDS, CROSSWALK, PERSONS, STALE, write_national
from sample_data.writing.write_readme import write_readme
from sample_data.writing.write_workbooks import EXPORT, write_broken, write_workbooks

HERE = Path(__file__).parent
EXPECTED_CHANGES = "expected_changes.csv"
EXPECTED_REJECTS = "expected_rejects.csv"


def tell() -> tuple[Country, Script]:
    """The country with every storyline told, and what must come of it."""
    country = quiet_country()
    script = Script(country)
    for story in (
        reviews.structures,
        storylines.accounts_to_create,
        storylines.functions_to_add,
        storylines.departures,
        storylines.transfer,
        storylines.numbers,
        storylines.cards_renewed,
        storylines.identities,
        alerts.cards_expiring,
        alerts.cards_expired,
        alerts.cards_opposed,
        alerts.cards_missing,
        reviews.unknown_numbers,
        reviews.doubtful_names,
        reviews.twin_accounts,
        reviews.roles,
        blemishes.quiet_oddities,
        blemishes.wrong_fields,
        blemishes.rows_left_out,
        blemishes.noise,
        _files_that_fail,
    ):
        story(script)
    return country, script


def _files_that_fail(script: Script) -> None:
    """What the national files and the broken ones cost; the latter only with annuaire-pannes.toml."""
    script.reject("ligne trop courte, ligne trop longue", PERSONS, "ROW_WIDTH", 2)
    script.reject("une ligne en Latin-1", PERSONS, "ENCODING", 0)
    script.reject("fichier en ISO-8859-1", CARDS, "ENCODING", 0)
    script.reject("fichier en ISO-8859-1", CROSSWALK, "ENCODING", 0)
    script.reject("ancien stock FINESS en ISO-8859-1", "finess/*", "ENCODING", 0)
    script.reject("RPPS sans son 8 dans l'annuaire", EXPORT, "TYPE_DIGIT_ADDED")
    script.reject("numéro de série dans l'annuaire", EXPORT, "SERIAL_RESOLVED")
    script.reject("extrait du 1er octobre (annuaire-pannes.toml)", STALE, "FILE_STALE")
    script.reject("classeur sans ligne (annuaire-pannes.toml)", "broken/vide.xlsx", "FILE_EMPTY")
    script.reject("classeur sans numéro (annuaire-pannes.toml)", "broken/sans-numero.xlsx", "COLUMN_MISSING")
    script.reject("classeur illisible (annuaire-pannes.toml)", "broken/illisible.xlsx", "FILE_UNREADABLE")


def generate(root: Path) -> None:
    """Write everything but the two configurations under `root`."""
    country, script = tell()
    write_workbooks(root, country, script.loose_rows)
    write_broken(root)
    write_national(root, country, script.links, script.closed)
    _write_table(root / EXPECTED_CHANGES, script.expected)
    _write_table(root / EXPECTED_REJECTS, script.rejects)
    write_readme(root / "README.md", country, script)


def _write_table(path: Path, lines: list[Expected] | list[ExpectedReject]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(table(lines))
    path.write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
