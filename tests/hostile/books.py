"""Hostile insides of a spreadsheet: texts, tags and references without end, and parts that are not what they say."""

from pathlib import Path

import openpyxl

from tests.hostile.archives import MEGABYTE, changed, deflated, packed, parts_of, with_raw_entry
from tests.hostile.case import Case
from tests.hostile.containers import NAME, ROWS, SHEET, UNREADABLE, good
from tests.invented_workbooks import write_ods, write_xls

CONTENT = "content.xml"
STRINGS = "xl/sharedStrings.xml"
NO_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>'


def _edited(folder: Path, old: bytes, new: bytes, part: str = SHEET) -> Path:
    """A good .xlsx with one passage of one part replaced."""
    path = good(folder)
    text = parts_of(path)[part]
    assert old in text, part
    return changed(path, folder / "a.xlsx", **{part: text.replace(old, new, 1)})


def _edited_ods(folder: Path, old: bytes, new: bytes) -> Path:
    path = write_ods(folder / "bon.ods", ROWS)
    text = parts_of(path)[CONTENT]
    assert old in text
    return changed(path, folder / "a.ods", **{CONTENT: text.replace(old, new, 1)})


def huge_shared_strings(folder: Path) -> Path:
    """Two hundred megabytes of texts that no cell uses, in a few hundred kilobytes."""
    stream = deflated(200, NO_STRINGS[:-6], b"<si><t>x</t></si>", b"</sst>")
    parts = parts_of(good(folder))
    return _written(folder, with_raw_entry(parts, STRINGS, stream, 200 * MEGABYTE))


def million_strings(folder: Path) -> Path:
    """What passes the guard: a million shared texts of forty letters, each another."""
    more = "".join(f"<si><t>{number:040d}</t></si>" for number in range(1_000_000)).encode()
    return changed(good(folder), folder / "a.xlsx", **{STRINGS: NO_STRINGS[:-6] + more + b"</sst>"})


def repeated_string(folder: Path) -> Path:
    """One text of 30,000 letters, in 10,000 cells by its number: three hundred megabytes of rows."""
    path = good(folder)
    rows = "".join(f'<row r="{at}"><c r="E{at}" t="s"><v>0</v></c></row>' for at in range(5, 10_005)).encode()
    strings = NO_STRINGS[:-6] + f"<si><t>{'A' * 30_000}</t></si></sst>".encode()
    sheet = parts_of(path)[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")
    return changed(path, folder / "a.xlsx", **{STRINGS: strings, SHEET: sheet})


def deep_tags(folder: Path) -> Path:
    return _edited(folder, b"<sheetData>", b"<x>" * 200_000 + b"</x>" * 200_000 + b"<sheetData>")


def deep_tags_ods(folder: Path) -> Path:
    deep = b"<text:span>" * 30_000 + b"</text:span>" * 30_000
    return _edited_ods(folder, NAME.encode(), NAME.encode() + deep)


def many_attributes(folder: Path) -> Path:
    more = " ".join(f'a{number}="x"' for number in range(200_000)).encode()
    return _edited(folder, b"<sheetData>", b"<sheetData " + more + b">")


def wrong_content_type(folder: Path) -> Path:
    return _edited(folder, b"spreadsheetml.worksheet+xml", b"wordprocessingml.document.main+xml", "[Content_Types].xml")


def no_content_types(folder: Path) -> Path:
    parts = parts_of(good(folder))
    del parts["[Content_Types].xml"]
    return _written(folder, packed(parts))


def climbing_sheet(folder: Path) -> Path:
    """The workbook says that its sheet lies outside of the archive."""
    return _edited(folder, b"worksheets/sheet1.xml", b"../../../../../etc/passwd", "xl/_rels/workbook.xml.rels")


def sheet_elsewhere(folder: Path) -> Path:
    """The workbook says that its sheet lies on a server: nothing is fetched."""
    there = b'Target="http://127.0.0.1:9/sheet1.xml" TargetMode="External"'
    rels = "xl/_rels/workbook.xml.rels"
    at = b'Target="/xl/worksheets/sheet1.xml"'
    return _edited(folder, at, there, rels)


def twin_parts(folder: Path) -> Path:
    """One name twice in the archive: a harmless sheet for the scanner, another for the reader."""
    import io
    import warnings
    import zipfile

    parts = parts_of(good(folder))
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, parts[SHEET].replace(b"</sheetData>", b"<row/></sheetData>"))
        for name, part in parts.items():
            archive.writestr(name, part)
    return _written(folder, content.getvalue())


def lying_dimension(folder: Path) -> Path:
    """« This sheet goes to XFD1048576 », and it has four rows."""
    text = parts_of(good(folder))[SHEET]
    start = text.index(b"<dimension")
    return _edited(folder, text[start : text.index(b"/>", start) + 2], b'<dimension ref="A1:XFD1048576"/>')


def impossible_rows(folder: Path) -> Path:
    cells = "".join(
        f'<row r="{at}"><c r="{place}{at}"><v>1</v></c></row>'
        for at, place in ((0, "A"), (4294967296, "A"), (18446744073709551616, "ZZZZZZZ"), (-1, "A"))
    )
    return _edited(folder, b"</sheetData>", cells.encode() + b"</sheetData>")


def many_sheets(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for number in range(400):
        book.create_sheet(f"Feuille {number}").append(["rien"])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def hostile_sheet_name(folder: Path) -> Path:
    return _edited(folder, b'name="Feuil1"', 'name="\u202exslx.&lt;b&gt;Feuil&#10;1"'.encode(), "xl/workbook.xml")


def long_cell(folder: Path) -> Path:
    """A cell of five megabytes; Excel knows 32,767 letters."""
    return _edited(folder, NAME.encode(), NAME.encode() + b"A" * 5_000_000)


def rows_repeated(times: int) -> bytes:
    """A row of one cell, so many times over."""
    cell = b'<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return b'<table:table-row table:number-rows-repeated="%d">%s</table:table-row></table:table>' % (times, cell)


def rows_2_31(folder: Path) -> Path:
    return _edited_ods(folder, b"</table:table>", rows_repeated(2**31))


def rows_2_64(folder: Path) -> Path:
    return _edited_ods(folder, b"</table:table>", rows_repeated(2**64 + 1))


def columns_2_31(folder: Path) -> Path:
    cell = b'<table:table-cell table:number-columns-repeated="2147483648" office:value-type="string"><text:p>x</text:p>'
    row = b"<table:table-row>" + cell + b"</table:table-cell></table:table-row></table:table>"
    return _edited_ods(folder, b"</table:table>", row)


def hidden_without_end(folder: Path) -> Path:
    """Rows that hide others by the thousand, in the part that only says what is hidden."""
    row = b'<table:table-row table:visibility="collapse" table:number-rows-repeated="5000"/>'
    return _edited_ods(folder, b"</table:table>", row * 3_000 + b"</table:table>")


def looping_xls(folder: Path) -> Path:
    """The chain of sectors of an OLE file bites its own tail."""
    content = bytearray(write_xls(folder / "bon.xls", ROWS).read_bytes())
    table = (int.from_bytes(content[76:80], "little") + 1) * 512
    for sector in range(4, 40, 4):
        content[table + sector : table + sector + 4] = (sector // 4 - 1).to_bytes(4, "little")
    (folder / "a.xls").write_bytes(content)
    return folder / "a.xls"


def xls_without_end(folder: Path) -> Path:
    """Found by fuzzing: a spoilt record sends calamine looking for memory until there is no more."""
    content = bytearray(write_xls(folder / "bon.xls", ROWS).read_bytes())
    at = content.index(b"\x85\x00", 512)
    content[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    (folder / "a.xls").write_bytes(content)
    return folder / "a.xls"


def _written(folder: Path, content: bytes) -> Path:
    (folder / "a.xlsx").write_bytes(content)
    return folder / "a.xlsx"


CASES = {
    "huge_shared_strings": Case(
        "200 Mo de textes partagés que rien n'emploie", huge_shared_strings, UNREADABLE, "démesuré"
    ),
    "million_strings": Case("un million de textes partagés", million_strings, "", ""),
    "repeated_string": Case("un texte de 30 000 lettres dans 10 000 cellules", repeated_string, UNREADABLE, "démesuré"),
    "deep_tags": Case("200 000 balises emboîtées (.xlsx)", deep_tags, "", ""),
    "deep_tags_ods": Case("30 000 balises emboîtées (.ods)", deep_tags_ods, "", ""),
    "many_attributes": Case("200 000 attributs sur une balise", many_attributes, "", ""),
    "wrong_content_type": Case("type de contenu faux (.xlsx dit document Word)", wrong_content_type, "", ""),
    "no_content_types": Case(".xlsx sans [Content_Types].xml", no_content_types, "", ""),
    "climbing_sheet": Case("feuille dite hors de l'archive (../../etc/passwd)", climbing_sheet, UNREADABLE, "abîmé"),
    "sheet_elsewhere": Case("feuille dite sur un serveur", sheet_elsewhere, UNREADABLE, "abîmé"),
    "twin_parts": Case("deux parties du même nom dans le zip", twin_parts, "", ""),
    "lying_dimension": Case("feuille qui se dit de 17 milliards de cellules", lying_dimension, "", ""),
    "impossible_rows": Case("lignes 0, -1 et 2^64", impossible_rows, UNREADABLE, "abîmé"),
    "many_sheets": Case("400 feuilles", many_sheets, UNREADABLE, "démesuré"),
    "hostile_sheet_name": Case("nom de feuille avec U+202E, balises et saut de ligne", hostile_sheet_name, "", ""),
    "long_cell": Case("cellule de 5 Mo", long_cell, "", ""),
    "rows_2_31": Case("ligne répétée 2^31 fois (.ods)", rows_2_31, UNREADABLE, "démesuré"),
    "rows_2_64": Case("ligne répétée 2^64 + 1 fois (.ods)", rows_2_64, UNREADABLE, ""),
    "columns_2_31": Case("colonne répétée 2^31 fois (.ods)", columns_2_31, UNREADABLE, "démesuré"),
    "hidden_without_end": Case("15 millions de lignes masquées par répétition (.ods)", hidden_without_end, "", ""),
    "looping_xls": Case("chaîne de secteurs qui tourne en rond (.xls)", looping_xls, UNREADABLE, ""),
    "xls_without_end": Case("feuille au-delà de la fin du fichier (.xls)", xls_without_end, UNREADABLE, ""),
}
