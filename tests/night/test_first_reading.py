"""What somebody who reads the mail and the workbook for the first time has to find there."""

from email import message_from_bytes, policy

import openpyxl

from schemas.glyphs import typeset
from tests.night.played import Installation

CRH = "CRH_ST-24"


def mail(there: Installation, post: str) -> str:
    """The text of the mail to a post."""
    [path] = (there.folder / "var" / "outbox").glob(f"{post}-*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def summary(there: Installation, post: str) -> str:
    """« Synthèse » of a post, cell after cell."""
    book = openpyxl.load_workbook(there.reports / f"{post}.xlsx")
    cells = (cell for row in book["Synthèse"].iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def test_who_holds_a_post_reads_that_their_own_card_ends_though_somebody_else_follows_it(
    first_night: Installation,
) -> None:
    for said in (mail(first_night, CRH), summary(first_night, CRH)):
        assert typeset("Votre propre carte (CRH-ST titulaire) est valable jusqu'au 12/12/2026 inclus") in said
    assert "Votre propre carte" not in mail(first_night, "CRH_ST-11")


def test_a_report_says_by_when_and_which_list_is_to_be_corrected(first_night: Installation) -> None:
    assert typeset("les autres avant le 06/12/2026") in mail(first_night, CRH)
    said = summary(first_night, CRH)
    assert typeset("les autres avant le 06/12/2026") in said
    assert typeset("la liste tenue à jour dans 24-centre-val-de-loire.xlsx, pas ce fichier-ci") in said


def test_what_was_mended_in_reading_stands_apart_from_what_is_to_be_corrected(first_night: Installation) -> None:
    said = summary(first_night, CRH)
    asked, done = said.index("À corriger dans ces fichiers"), said.index(typeset("Déjà corrigé à la lecture :"))
    assert asked < said.index("Clé de contrôle") < done < said.index("Nom et prénom intervertis")


def test_the_administrator_counts_the_lines_of_a_vacant_post_on_their_own_sheets(first_night: Installation) -> None:
    book = openpyxl.load_workbook(first_night.reports / "ADMIN_EFIT.xlsx")
    meant = typeset("Destiné à : CRH-ST de la région Pays de la Loire (52)")
    texts = (str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    count = sum(meant in text for text in texts)
    assert f"{count} lignes de son ressort sont dans vos feuilles" in mail(first_night, "ADMIN_EFIT")


def test_an_attachment_bears_the_day_and_the_file_its_name(first_night: Installation) -> None:
    [path] = (first_night.folder / "var" / "outbox").glob(f"{CRH}-*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert [part.get_filename() for part in message.iter_attachments()] == [f"{CRH}_2026-11-22.xlsx"]
    assert (first_night.reports / f"{CRH}.xlsx").is_file()
