"""The workbook of a rehearsal: it names nobody, and opens as a report would."""

from io import BytesIO

import xlsxwriter

from schemas.nomenclatures import say


def rehearsal_workbook(post: str) -> bytes:
    """Return one sheet that says which post it is for, and that it can be opened."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(say("rehearsal.sheet"))
    sheet.set_column(0, 0, 90)
    for at, line in enumerate((say("rehearsal.opened", post=post), say("rehearsal.nothing"))):
        sheet.write_string(at, 0, line, book.add_format({"text_wrap": True, "bold": not at}))
    book.close()
    return content.getvalue()
