"""What a receipt says of an answer that stands in the wrong cell, of a ticked box, and of many that are no answers."""

import openpyxl

from schemas.glyphs import typeset
from tests.night.played import HEADER_ROW, Installation, change_of, column, lines_of
from tests.night.test_receipts import DAY, REPORT, drop, receipts, text_of


def told(there: Installation) -> str:
    there.json("decisions", *DAY)
    [message] = receipts(there)
    return text_of(message)


def test_an_answer_one_cell_to_the_right_is_said_to_belong_into_its_own(there: Installation) -> None:
    drop(there, "", comment="Fait")
    said = " ".join(told(there).split())
    assert " ".join(typeset("« Fait » est écrit dans « Commentaire », et « Décision » est vide").split()) in said


def test_a_ticked_box_is_an_answer_and_never_called_in_english(there: Installation) -> None:
    (name, key), *_ = lines_of(there.reports / REPORT)
    book = openpyxl.load_workbook(there.reports / REPORT)
    sheet = book[name]
    row = next(r for r in range(HEADER_ROW + 1, sheet.max_row + 1) if change_of(sheet, r) == key)
    sheet.cell(row, column(sheet, "Décision")).value = True
    book.save(there.inbox / REPORT)
    said = told(there)
    assert "1 réponse prise" in said
    assert "VRAI" in said
    assert "True" not in said


def test_the_answers_to_choose_from_are_listed_once(there: Installation) -> None:
    drop(there, "bidule", "truc", "machin", "chose")
    said = " ".join(told(there).split())
    assert said.count(" ".join(typeset("Refusé : à ne pas saisir").split())) == 1
    assert all(word in said for word in ("bidule", "truc", "machin", "chose"))
