"""Files that come back as a report, and are none, or more than one."""

from pathlib import Path

from connectors.excel.template import write_template
from tests.fuzz.seeds import SEEDS
from tests.hostile import containers
from tests.hostile.archives import changed, parts_of
from tests.hostile.case import Case
from tests.invented_workbooks import write_csv

UNREADABLE = "FILE_UNREADABLE"


def template(folder: Path) -> Path:
    write_template(folder / "a.xlsx", region="24")
    return folder / "a.xlsx"


def _swollen(folder: Path, rows: int) -> Path:
    """A report as it was issued, with rows added below without end."""
    (folder / "bon.xlsx").write_bytes(SEEDS["returned"]()[0])
    parts = parts_of(folder / "bon.xlsx")
    name = "xl/worksheets/sheet2.xml"
    more = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>x</t></is></c></row>' for at in range(5_000, 5_000 + rows)
    )
    text = parts[name].replace(b"</sheetData>", more.encode() + b"</sheetData>")
    return changed(folder / "bon.xlsx", folder / "a.xlsx", **{name: text})


def million_rows(folder: Path) -> Path:
    return _swollen(folder, 1_000_000)


def _sealed_nonsense(folder: Path) -> Path:
    """Found by fuzzing: an encrypted workbook whose description is no XML ended in a traceback of the child."""
    path = containers.protected(folder)
    content = path.read_bytes()
    at = content.index(b"<encryption")
    path.write_bytes(content[:at] + b"<<" + content[at + 2 :])
    return path


CASES = {
    "returned_template": Case("classeur modèle renvoyé comme décision", template, UNREADABLE, "rapport", "returned"),
    "returned_workbook": Case(
        "classeur régional renvoyé comme décision", containers.good, UNREADABLE, "rapport", "returned"
    ),
    "returned_bomb": Case("bombe zip renvoyée", containers.zip_bomb, UNREADABLE, "démesuré", "returned"),
    "returned_lying_bomb": Case("bombe zip qui ment, renvoyée", containers.lying_bomb, UNREADABLE, "", "returned"),
    "returned_laughs": Case("bombe d'entités renvoyée", containers.laughs_xlsx, UNREADABLE, "entités", "returned"),
    "returned_late_entities": Case(
        "entités cachées, renvoyées", containers.late_entities, UNREADABLE, "lu", "returned"
    ),
    "returned_last_cell": Case(
        "cellule en XFD1048576, renvoyée", containers.last_cell, UNREADABLE, "rapport", "returned"
    ),
    "returned_locked": Case("mot de passe inconnu", containers.protected, UNREADABLE, "mot de passe", "returned"),
    "returned_sealed_nonsense": Case("chiffrement abîmé", _sealed_nonsense, UNREADABLE, "mot de passe", "returned"),
    "returned_million_rows": Case(
        "rapport renvoyé avec un million de lignes de plus", million_rows, UNREADABLE, "trop volumineux", "returned"
    ),
    "returned_text": Case(
        "texte nommé .xlsx renvoyé",
        lambda folder: write_csv(folder / "a.xlsx", containers.ROWS),
        UNREADABLE,
        "n’est pas un rapport",
        "returned",
    ),
    "returned_pipe": Case("tube nommé renvoyé", containers.pipe, UNREADABLE, "pas un fichier", "returned"),
}
