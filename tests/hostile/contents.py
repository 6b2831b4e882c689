"""Hostile contents: sheets without end, formulas, headers and cells that are there to deceive, or by accident."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from tests.hostile.archives import changed, parts_of
from tests.hostile.case import Case
from tests.hostile.containers import NAME, ROWS, SHEET, UNREADABLE, good
from tests.invented_workbooks import ANNE, CPX, HEADER, LUC, Row, fill, write_csv, write_ods, write_xls, write_xlsx

NUMBER = HEADER.index("N° CPx")
MAIL = HEADER.index("Courriel")


def with_cell(at: int, value: object, row: Row = ANNE) -> Row:
    """Anne's row with another value in one column."""
    return [*row[:at], value, *row[at + 1 :]]


def _book(folder: Path, rows: list[Row], edit: Callable[[Worksheet], None] | None = None) -> Path:
    book = openpyxl.Workbook()
    fill(book.worksheets[0], rows)
    if edit:
        edit(book.worksheets[0])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def _in_sheet(folder: Path, more: str) -> Path:
    path = good(folder)
    text = parts_of(path)[SHEET].replace(b"</sheetData>", more.encode() + b"</sheetData>")
    return changed(path, folder / "a.xlsx", **{SHEET: text})


def million_rows(folder: Path) -> Path:
    return _in_sheet(folder, "".join(f'<row r="{number}"/>' for number in range(5, 1_000_005)))


def million_rows_ods(folder: Path) -> Path:
    path = write_ods(folder / "bon.ods", ROWS)
    more = (
        b'<table:table-row table:number-rows-repeated="1048500">'
        b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    text = parts_of(path)["content.xml"].replace(b"</table:table>", more)
    return changed(path, folder / "a.ods", **{"content.xml": text})


def filled_by_repetition(folder: Path) -> Path:
    """Seventeen thousand million cells in two kilobytes."""
    path = write_ods(folder / "bon.ods", ROWS)
    more = (
        b'<table:table-row table:number-rows-repeated="1048500"><table:table-cell office:value-type="string" '
        b'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    )
    text = parts_of(path)["content.xml"].replace(b"</table:table>", more)
    return changed(path, folder / "a.ods", **{"content.xml": text})


def million_lines_csv(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_bytes(path.read_bytes() + b";;;;;;;;\n" * 1_000_000)
    return path


def huge_csv(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_bytes(path.read_bytes() + b"x;" * 20_000_000)
    return path


def all_columns(folder: Path) -> Path:
    header = [*HEADER, *(f"colonne {number}" for number in range(16384 - len(HEADER)))]
    return write_xlsx(folder / "a.xlsx", [header, *ROWS[1:]])


def titles_everywhere(folder: Path) -> Path:
    """Found by fuzzing: rows of headers over every column kept the search busy for minutes."""
    title = ";".join(f"Titulaire {number}" for number in range(16384))
    path = write_csv(folder / "a.csv", ROWS)
    path.write_text(f"{title}\n" * 28 + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def million_columns(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_bytes(b"x;" * 1_000_000 + b"\n" + path.read_bytes())
    return path


def many_merges(folder: Path) -> Path:
    path = good(folder)
    ranges = "".join(f'<mergeCell ref="J{number}:N{number}"/>' for number in range(5, 60_005))
    text = parts_of(path)[SHEET].replace(b"</sheetData>", f"</sheetData><mergeCells>{ranges}</mergeCells>".encode())
    return changed(path, folder / "a.xlsx", **{SHEET: text})


def endless_function(folder: Path) -> Path:
    """Found by fuzzing: a « function » of thousands of words was looked up word by word, for minutes."""
    return _book(
        folder, [HEADER, *(with_cell(2, "de la " * 5000, [*ANNE[:4], f"NOM{n}", *ANNE[5:]]) for n in range(20))]
    )


def endless_addresses(folder: Path) -> Path:
    return _book(folder, [HEADER, with_cell(MAIL, "a," * 16_000)])


def too_many_people(folder: Path) -> Path:
    rows = (f"{ANNE[0]};CH;CHV-ST;;NOM{number};P;;;" for number in range(50_001))
    (folder / "a.csv").write_text(";".join(map(str, HEADER)) + "\n" + "\n".join(rows), encoding="utf-8")
    return folder / "a.csv"


def macros(folder: Path) -> Path:
    return changed(good(folder), folder / "a.xlsm", **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def outside_links(folder: Path) -> Path:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return changed(good(folder), folder / "a.xlsx", **{"xl/externalLinks/externalLink1.xml": link})


def not_computed(folder: Path) -> Path:
    return _book(folder, [HEADER, with_cell(NUMBER, '="8"&"99700000013"'), LUC])


def not_computed_ods(folder: Path) -> Path:
    path = write_ods(folder / "bon.ods", ROWS)
    cell = b'<table:table-cell table:formula="of:=1+1"/>'
    text = parts_of(path)["content.xml"].replace(b"</table:table-row>", cell + b"</table:table-row>", 1)
    return changed(path, folder / "a.ods", **{"content.xml": text})


def computed(folder: Path) -> Path:
    """A formula that a program has computed: its value is read."""
    path = good(folder)
    value = f'<c r="E2" t="str"><f>UPPER("x")</f><v>{NAME}</v></c>'.encode()
    text = parts_of(path)[SHEET]
    start = text.index(b'<c r="E2"')
    text = text[:start] + value + text[text.index(b"</c>", start) + 4 :]
    return changed(path, folder / "a.xlsx", **{SHEET: text})


def _dates(value: object) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        def edit(sheet: Worksheet) -> None:
            cell = sheet.cell(2, 10)
            cell.value = value  # type: ignore[assignment]
            cell.number_format = "General" if isinstance(value, str) else "dd/mm/yyyy"

        return _book(folder, [[*HEADER, "Date de fin de validité"], [*ANNE, ""]], edit)

    return build


def twin_columns(folder: Path) -> Path:
    return _book(folder, [[*HEADER, "N° CPx"], [*ANNE, "", CPX[5]]])


def twin_names(folder: Path) -> Path:
    return _book(folder, [[*HEADER, "Nom", "Prénom"], [*ANNE, "", "ROUXEL", "Luc"]])


def merged_header(folder: Path) -> Path:
    header = [*HEADER[:5], "", *HEADER[6:]]
    return _book(folder, [header, ANNE], lambda sheet: sheet.merge_cells("E1:F1"))


def header_over_data(folder: Path) -> Path:
    return _book(folder, [HEADER, ANNE, LUC], lambda sheet: sheet.merge_cells("E1:E2"))


def command(folder: Path) -> Path:
    def edit(sheet: Worksheet) -> None:
        sheet["E2"].data_type = "s"

    return _book(folder, [HEADER, with_cell(4, "=cmd|' /C calc'!A0")], edit)


def markup_in_names(folder: Path) -> Path:
    return _book(folder, [HEADER, with_cell(4, "<img src=x onerror=alert(1)>")])


def more_recipients(folder: Path) -> Path:
    return _book(folder, [HEADER, with_cell(MAIL, "a@example.org\nBcc: tiers@example.com")])


def look_alike_address(folder: Path) -> Path:
    return _book(folder, [HEADER, with_cell(MAIL, "a@ехample.org")])  # е and х are Cyrillic


def mixed_encodings(folder: Path) -> Path:
    content = write_csv(folder / "a.csv", ROWS).read_bytes()
    (folder / "a.csv").write_bytes(content.replace(b"ROUXEL", "ROUXÉL".encode("windows-1252")))
    return folder / "a.csv"


def hidden_rows_xls(folder: Path) -> Path:
    path = write_xls(folder / "a.xls", ROWS)
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuil1")
    for at, row in enumerate(ROWS):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    sheet.row(2).hidden = True
    sheet.col(7).hidden = True
    book.save(str(path))
    return path


def full_width(digits: str, zero: int = 0xFF10) -> str:
    """The digits in another script or width."""
    return "".join(chr(zero + int(digit)) for digit in digits)


def _number(value: str) -> Callable[[Path], Path]:
    return lambda folder: _book(folder, [HEADER, with_cell(NUMBER, value)])


CASES = {
    "million_rows": Case("un million de lignes vides (.xlsx)", million_rows, "", ""),
    "million_rows_ods": Case("un million de lignes vides (.ods)", million_rows_ods, "", ""),
    "million_lines_csv": Case("un million de lignes vides (.csv)", million_lines_csv, "", ""),
    "filled_by_repetition": Case(
        "17 milliards de cellules par répétition (.ods)", filled_by_repetition, UNREADABLE, ""
    ),
    "huge_csv": Case(".csv de 40 Mo", huge_csv, UNREADABLE, "démesuré"),
    "all_columns": Case("16 384 colonnes", all_columns, "", "500e colonne"),
    "titles_everywhere": Case("28 lignes de titres sur 16 384 colonnes", titles_everywhere, "", "500e colonne"),
    "million_columns": Case("un million de colonnes (.csv)", million_columns, "", "500e colonne"),
    "many_merges": Case("60 000 fusions de cellules", many_merges, UNREADABLE, "démesuré"),
    "endless_function": Case("fonction de 5 000 mots, vingt fois", endless_function, "FUNCTION_UNKNOWN", "inconnue"),
    "endless_addresses": Case("16 000 adresses dans une cellule", endless_addresses, "EMAIL_FORMAT", "adresse"),
    "too_many_people": Case("plus de 50 000 personnes", too_many_people, UNREADABLE, "lignes de personnes"),
    "macros": Case("macros (.xlsm)", macros, "", "macros"),
    "outside_links": Case("liens vers d'autres classeurs", outside_links, "", "autres fichiers"),
    "not_computed": Case("formule sans valeur enregistrée (.xlsx)", not_computed, "CPX_MISSING", "jamais calculée"),
    "not_computed_ods": Case("formule sans valeur enregistrée (.ods)", not_computed_ods, "", "jamais calculée"),
    "computed": Case("formule au lieu d'une valeur", computed, "", ""),
    "date_1900": Case("date de 1900", _dates(datetime(1900, 1, 1)), "CARD_DATE_INVALID", "vraisemblable"),
    "date_29_february_1900": Case(
        "29 février 1900 (jour 60 d'Excel)", _dates(60), "CARD_DATE_INVALID", "vraisemblable"
    ),
    "date_9999": Case("date de 9999", _dates(datetime(9999, 12, 31)), "CARD_DATE_INVALID", "vraisemblable"),
    "date_beyond": Case("jour 1e20 d'Excel", _dates(1e20), "CARD_DATE_INVALID", "vraisemblable"),
    "twin_columns": Case("deux colonnes de même en-tête", twin_columns, "", "colonnes G, J"),
    "twin_names": Case("deux colonnes de noms sur une ligne", twin_names, "", "colonnes E, J"),
    "merged_header": Case("en-tête fusionné sur deux colonnes remplies", merged_header, "", "fusionné"),
    "header_over_data": Case("en-tête fusionné sur une donnée", header_over_data, "NAME_MISSING", "nom manque"),
    "command": Case("cellule « =cmd|… »", command, "", ""),
    "markup_in_names": Case("HTML dans un nom", markup_in_names, "", ""),
    "more_recipients": Case("adresse qui ajoute un destinataire", more_recipients, "EMAIL_FORMAT", "Bcc"),
    "look_alike_address": Case("adresse en lettres cyrilliques", look_alike_address, "EMAIL_FORMAT", "U+0435"),
    "mixed_encodings": Case(
        "deux codages dans un .csv", mixed_encodings, "ENCODING", "à l’ancienne manière de Windows"
    ),
    "hidden_rows_xls": Case("ligne et colonne masquées (.xls)", hidden_rows_xls, "", "masquée"),
    "full_width": Case("chiffres pleine chasse", _number(full_width(CPX[1])), "NUMBER_REFORMATTED", CPX[1]),
    "arabic_digits": Case(
        "chiffres arabes orientaux", _number(full_width(CPX[1], 0x660)), "NUMBER_REFORMATTED", CPX[1]
    ),
    "rtl_mark": Case(
        "marque de droite à gauche dans un numéro", _number("\u200f" + CPX[1]), "NUMBER_REFORMATTED", "U+200F"
    ),
    "turned_round": Case(
        "numéro écrit à l'envers par U+202E", _number("\u202e" + CPX[1][::-1]), "CPX_FORMAT", "U+202E"
    ),
    "cyrillic": Case("lettres cyrilliques dans un numéro", _number(CPX[1].replace("0", "О")), "CPX_FORMAT", "U+041E"),
    "full_width_wrong": Case(
        "chiffres pleine chasse, clé fausse", _number(full_width(CPX[1][:-1] + "0")), "CPX_FORMAT", "U+FF18"
    ),
    "full_width_serial": Case(
        "numéro de série pleine chasse (sans clé)", _number(full_width("1234567890")), "CPX_FORMAT", "U+FF11"
    ),
}
