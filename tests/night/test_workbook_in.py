"""A regional workbook sent in by its keeper takes the place of the one before, after the checks of a night."""

from pathlib import Path

import openpyxl
import pytest

from connectors.excel.sealed import seal
from tests.connectors.test_letter_in import letter
from tests.night.country import TODAY
from tests.night.played import Installation
from tests.night.test_receipts import holder, receipts, text_of

BOOK = "24-centre-val-de-loire.xlsx"
DAY = ("--as-of", TODAY.isoformat())


def place(there: Installation) -> Path:
    return there.folder / "regions" / BOOK


def arrives(there: Installation, content: bytes, sender: str = "", name: str = "classeur à jour.xlsx") -> None:
    """As a mail that was saved into the inbox: who sent it counts as in the mailbox."""
    message = letter((name, content))
    del message["From"]
    message["From"] = sender or holder(there)
    (there.inbox / "message.eml").write_bytes(message.as_bytes())


def with_rows(there: Installation, tmp_path: Path, keep: int | None = None) -> bytes:
    """The workbook with a telephone corrected, or cut down to so many rows."""
    book = openpyxl.load_workbook(place(there))
    sheet = book.worksheets[0]
    if keep is None:
        sheet.cell(sheet.max_row, sheet.max_column).value = "revu"
    else:
        sheet.delete_rows(keep, sheet.max_row)
    book.save(tmp_path / "sent.xlsx")
    return (tmp_path / "sent.xlsx").read_bytes()


def test_it_is_put_in_its_place_the_one_before_is_kept_and_the_keeper_is_told(
    there: Installation, tmp_path: Path
) -> None:
    before, content = place(there).read_bytes(), with_rows(there, tmp_path)
    arrives(there, content)
    code, found = there.json("decisions", *DAY)
    assert (code, found["files"][0]["outcome"]) == (0, "workbook")
    assert place(there).read_bytes() == content
    assert [path.read_bytes() for path in (there.folder / "var" / "classeurs").iterdir()] == [before]
    [message] = receipts(there)
    assert message["To"] == holder(there)
    assert "prend la place" in text_of(message)


@pytest.mark.parametrize("keep", [8, 1])
def test_one_that_lost_its_rows_or_is_none_stays_out(there: Installation, tmp_path: Path, keep: int) -> None:
    before = place(there).read_bytes()
    arrives(there, with_rows(there, tmp_path, keep=keep))
    code, found = there.json("decisions", *DAY)
    assert (code, found["files"][0]["outcome"]) == (3, "unreadable")
    assert place(there).read_bytes() == before
    assert len(receipts(there)) == 1


def refused(there: Installation) -> str:
    """What the keeper reads of a workbook that did not take the place of the one before."""
    before = {path: path.read_bytes() for path in (there.folder / "regions").iterdir()}
    code, found = there.json("decisions", *DAY)
    assert (code, found["files"][0]["outcome"]) == (3, "unreadable")
    assert {path: path.read_bytes() for path in before} == before
    [message] = receipts(there)
    assert "impossible à lire" not in str(message["Subject"])
    text = text_of(message)
    assert "Référence signée" not in text
    assert "laisser partir" not in text
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(("password", "name"), [("du-poste", "classeur.xlsx"), ("du-poste", BOOK), ("le-sien", BOOK)])
def test_a_workbook_under_a_password_is_asked_for_without_it(there: Installation, password: str, name: str) -> None:
    """A keeper has a password for the reports, and takes it for the workbook too."""
    secrets = there.folder / "passwords.toml"
    secrets.write_text('"CRH_ST-24" = "du-poste"\n', encoding="utf-8")
    secrets.chmod(0o600)
    arrives(there, seal(place(there).read_bytes(), password), name=name)
    text = refused(there)
    assert "L’enregistrer sans mot de passe" in text
    assert name in text


@pytest.mark.parametrize("name", ["11-ile-de-france.xlsx", "11-ile-de-france.ods", "classeur.xlsx"])
def test_the_workbook_of_another_region_is_told_to_be_one(there: Installation, name: str) -> None:
    changes = there.changeset()["changes"]
    sender = next(str(c["updater"]["recipients"][0]) for c in changes if c["updater"]["scope"] == "11")
    arrives(there, place(there).read_bytes(), sender, name)
    text = refused(there)
    assert "un autre fichier semble déposé à sa place" in text
    assert "Déposer le bon classeur." in text


def test_a_workbook_cut_short_says_what_its_keeper_can_do(there: Installation, tmp_path: Path) -> None:
    arrives(there, with_rows(there, tmp_path, keep=8))
    text = refused(there)
    assert "contre 38 la dernière fois. Vérifier que le classeur est entier." in text
    assert "l’écrire à l’administrateur e-FIT" in text


@pytest.mark.parametrize("sender", ["inconnu@ailleurs.example.org", "other"])
def test_nobody_replaces_a_workbook_that_is_not_theirs(there: Installation, tmp_path: Path, sender: str) -> None:
    """A stranger, and the CRH-ST of another region with this file under its own name."""
    if sender == "other":
        changes = there.changeset()["changes"]
        sender = next(str(c["updater"]["recipients"][0]) for c in changes if c["updater"]["scope"] == "11")
    before = {path: path.read_bytes() for path in (there.folder / "regions").iterdir()}
    arrives(there, with_rows(there, tmp_path), sender, BOOK)
    there.json("decisions", *DAY)
    changed = {path.name for path, content in before.items() if path.read_bytes() != content}
    assert changed == set()
