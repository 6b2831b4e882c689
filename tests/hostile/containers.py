"""Hostile containers: archives that unpack without end, XML that defines things, files that are something else."""

import io
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl

from tests.hostile.archives import MEGABYTE, changed, deflated, packed, parts_of, with_raw_entry
from tests.hostile.case import Case
from tests.invented_workbooks import ANNE, HEADER, LUC, ZOE, Row, fill, write_csv, write_ods, write_xls, write_xlsx

ROWS: list[Row] = [HEADER, ANNE, LUC, ZOE]
SHEET = "xl/worksheets/sheet1.xml"
NAME = "MARTINEAU"  # in a cell of ROWS
UNREADABLE = "FILE_UNREADABLE"


def good(folder: Path) -> Path:
    """A workbook there is nothing to say of."""
    return write_xlsx(folder / "bon.xlsx", ROWS)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zip_bomb(folder: Path) -> Path:
    stream = deflated(2000)
    return _written(folder / "a.xlsx", with_raw_entry(parts_of(good(folder)), SHEET, stream, 2000 * MEGABYTE))


def lying_bomb(folder: Path) -> Path:
    """Says that it unpacks to nine megabytes, and unpacks to three gigabytes of one cell."""
    parts = parts_of(good(folder))
    before, after = parts[SHEET].split(b"MARTINEAU")
    stream = deflated(3000, before, b"A", after)
    return _written(folder / "a.xlsx", with_raw_entry(parts, SHEET, stream, 9_000_000))


def many_entries(folder: Path) -> Path:
    return changed(good(folder), folder / "a.xlsx", **{f"xl/{number}.xml": b"" for number in range(5001)})


def nested_zip(folder: Path) -> Path:
    return _written(folder / "a.xlsx", packed({"b.zip": packed({"c.zip": packed(parts_of(good(folder)))})}))


def traversal(folder: Path) -> Path:
    climbing = {"../../../../tmp/efit-evade.txt": b"x", "/tmp/efit-evade.txt": b"x", "..\\..\\efit-evade.txt": b"x"}
    return changed(good(folder), folder / "a.xlsx", **climbing)


def _with_doctype(text: bytes, subset: str) -> bytes:
    body = text.split(b"?>", 1)[-1] if text.startswith(b"<?xml") else text
    return f'<?xml version="1.0"?><!DOCTYPE x [{subset}]>'.encode() + body.replace(NAME.encode(), b"&j;", 1)


LAUGHS = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9)
)
OUTSIDE = '<!ENTITY j SYSTEM "file:///etc/passwd">'


def laughs_xlsx(folder: Path) -> Path:
    path = good(folder)
    return changed(path, folder / "a.xlsx", **{SHEET: _with_doctype(parts_of(path)[SHEET], LAUGHS)})


def outside_xlsx(folder: Path) -> Path:
    path = good(folder)
    return changed(path, folder / "a.xlsx", **{SHEET: _with_doctype(parts_of(path)[SHEET], OUTSIDE)})


def laughs_ods(folder: Path) -> Path:
    path = write_ods(folder / "bon.ods", ROWS)
    text = _with_doctype(parts_of(path)["content.xml"], LAUGHS)
    return changed(path, folder / "a.ods", **{"content.xml": text})


def outside_ods(folder: Path) -> Path:
    path = write_ods(folder / "bon.ods", ROWS)
    text = _with_doctype(parts_of(path)["content.xml"], OUTSIDE)
    return changed(path, folder / "a.ods", **{"content.xml": text})


def late_entities(folder: Path) -> Path:
    """Behind five kilobytes of comment, where the guard does not look any more: the reader then knows no entity."""
    path = good(folder)
    return changed(
        path, folder / "a.xlsx", **{SHEET: _with_doctype(parts_of(path)[SHEET], f"<!--{' ' * 5000}-->{LAUGHS}")}
    )


def unclosed_ods(folder: Path) -> Path:
    """Found by fuzzing: over content that ends in the middle, calamine waits for ever."""
    path = write_ods(folder / "bon.ods", ROWS)
    text = parts_of(path)["content.xml"].replace(b"</table:table-row>", b"", 1)
    return changed(path, folder / "a.ods", **{"content.xml": text})


def protected(folder: Path) -> Path:
    plain, locked = io.BytesIO(good(folder).read_bytes()), io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    return _written(folder / "a.xlsx", locked.getvalue())


def protected_ods(folder: Path) -> Path:
    manifest = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
    path = write_ods(folder / "bon.ods", ROWS)
    return changed(path, folder / "a.ods", **{"META-INF/manifest.xml": manifest})


def truncated(folder: Path) -> Path:
    content = good(folder).read_bytes()
    return _written(folder / "a.xlsx", content[: len(content) * 2 // 3])


def truncated_xls(folder: Path) -> Path:
    return _written(folder / "a.xls", write_xls(folder / "bon.xls", ROWS).read_bytes()[:3000])


def wrong_extension(folder: Path) -> Path:
    return good(folder).rename(folder / "a.xls")


def html_xls(folder: Path) -> Path:
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return _written(folder / "a.xls", f"<html><body><table>{table}</table></body></html>".encode())


def _page(folder: Path, more: str) -> Path:
    path = html_xls(folder)
    return _written(path, path.read_bytes().replace(b"</table>", f"{more}</table>".encode()))


def wide_page_xls(folder: Path) -> Path:
    return _page(folder, '<tr><td colspan="999999999" rowspan="999999999">x</td></tr>' * 2_000)


def deep_page_xls(folder: Path) -> Path:
    return _page(folder, "<tr><td>" + "<table><tr><td>" * 100_000)


def long_page_xls(folder: Path) -> Path:
    return _page(folder, "<tr>" + "<td>x" * 20 + "</tr>" + ("<tr>" + "<td>y" * 20) * 250_000)


def page_of_nothing(folder: Path) -> Path:
    return _written(folder / "a.xls", b"<!DOCTYPE html><html><body><p>Session expir\xe9e</body></html>")


def laughing_page(folder: Path) -> Path:
    return _written(folder / "a.xls", (f"<!DOCTYPE html [{LAUGHS}]>").encode() + html_xls(folder).read_bytes())


def far_row_xml(folder: Path) -> Path:
    """The XML of Excel 2003, a row a thousand million rows down."""
    row = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in HEADER)
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    book = f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="A"><Table>'
    rows = f'<Row>{row}</Row><Row ss:Index="9999999"><Cell ss:Index="9999999"><Data>x</Data></Cell></Row>'
    return _written(folder / "a.xls", f"{book}{rows}</Table></Worksheet></Workbook>".encode())


def saved_page_xls(folder: Path) -> Path:
    return _written(folder / "a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html></html>\n")


def nul_bytes(folder: Path) -> Path:
    content = write_csv(folder / "bon.csv", ROWS).read_bytes()
    return _written(folder / "a.csv", content.replace(b"Luc", b"L\x00c"))


def pipe(folder: Path) -> Path:
    import os

    os.mkfifo(folder / "a.xlsx")
    return folder / "a.xlsx"


def last_cell(folder: Path) -> Path:
    """Found by an engineer before us (tafia/calamine #693): 4.8 kB that abort the interpreter."""
    book = openpyxl.Workbook()
    fill(book.worksheets[0], ROWS)
    book.worksheets[0]["XFD1048576"] = 1
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


CASES = {
    "zip_bomb": Case("bombe zip (2 Go dans 2 Mo)", zip_bomb, UNREADABLE, "démesuré"),
    "lying_bomb": Case("bombe zip qui ment sur sa taille (3 Go annoncés pour 9 Mo)", lying_bomb, UNREADABLE, "abîmé"),
    "many_entries": Case("zip de plus de 5 000 entrées", many_entries, UNREADABLE, "démesuré"),
    "nested_zip": Case("zip dans un zip", nested_zip, UNREADABLE, "archive"),
    "traversal": Case("chemins « ../ » et absolus dans le zip", traversal, "", ""),
    "laughs_xlsx": Case("bombe d'entités XML (.xlsx)", laughs_xlsx, UNREADABLE, "entités XML"),
    "outside_xlsx": Case("entité externe (.xlsx)", outside_xlsx, UNREADABLE, "entités XML"),
    "laughs_ods": Case("bombe d'entités XML (.ods)", laughs_ods, UNREADABLE, "entités XML"),
    "outside_ods": Case("entité externe (.ods)", outside_ods, UNREADABLE, "entités XML"),
    "late_entities": Case("entités XML cachées derrière 5 ko de commentaire", late_entities, UNREADABLE, "abîmé"),
    "unclosed_ods": Case(".ods dont le contenu s'arrête au milieu", unclosed_ods, UNREADABLE, "abîmé"),
    "protected": Case("classeur protégé par un mot de passe (.xlsx)", protected, UNREADABLE, "mot de passe"),
    "protected_ods": Case("classeur protégé par un mot de passe (.ods)", protected_ods, UNREADABLE, "mot de passe"),
    "truncated": Case("fichier tronqué (.xlsx)", truncated, UNREADABLE, "abîmé"),
    "truncated_xls": Case("fichier tronqué (.xls)", truncated_xls, UNREADABLE, "abîmé"),
    "wrong_extension": Case("mauvaise extension (.xlsx nommé .xls)", wrong_extension, "", ""),
    "html_xls": Case(".xls qui est une page HTML", html_xls, "", "page Web"),
    "page_of_nothing": Case(".xls qui est une page HTML sans tableau", page_of_nothing, UNREADABLE, "page Web"),
    "wide_page_xls": Case("page HTML de cellules étendues sur un milliard d'autres", wide_page_xls, "", ""),
    "deep_page_xls": Case("page HTML de 100 000 tableaux emboîtés", deep_page_xls, "", ""),
    "long_page_xls": Case("page HTML de 5 millions de cellules", long_page_xls, UNREADABLE, "démesuré"),
    "laughing_page": Case("bombe d'entités dans une page HTML", laughing_page, UNREADABLE, "entités XML"),
    "far_row_xml": Case("ligne dix millions (XML d'Excel 2003)", far_row_xml, UNREADABLE, "démesuré"),
    "saved_page_xls": Case(".xls qui est une page Web enregistrée (MIME)", saved_page_xls, UNREADABLE, "MIME"),
    "nul_bytes": Case("octets nuls dans un .csv", nul_bytes, UNREADABLE, "ni un classeur ni un texte"),
    "pipe": Case("tube nommé à la place du fichier", pipe, UNREADABLE, "pas un fichier"),
    "last_cell": Case("cellule en XFD1048576", last_cell, UNREADABLE, "démesuré"),
}
