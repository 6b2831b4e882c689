"""Hostile texts: one line without end, codings that lie, JSON and places that are no files."""

import json
import os
from pathlib import Path

from tests.connectors.test_finess import ege, finess_plus
from tests.hostile.archives import MEGABYTE
from tests.hostile.case import Case
from tests.hostile.containers import ROWS, UNREADABLE
from tests.hostile.extracts import PEOPLE
from tests.invented_workbooks import write_csv, write_xlsx

EMPTY = "FILE_EMPTY"


def _csv(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def _good(folder: Path) -> bytes:
    return write_csv(folder / "bon.csv", ROWS).read_bytes()


def endless_line(folder: Path) -> Path:
    return _csv(folder, _good(folder) + b"x" * 8 * MEGABYTE)


def unclosed_quote(folder: Path) -> Path:
    """A quote in the first cell that is never closed: the rest of the file is one cell."""
    return _csv(folder, _good(folder).replace(b"MARTINEAU", b'"MARTINEAU', 1) + b"x\n" * 60_000)


def unclosed_at_the_end(folder: Path) -> Path:
    """29 MB of whole rows, of which one of the last begins with a quote: cut up twice, as far as anybody may read."""
    row = _good(folder).splitlines(keepends=True)[1]
    return _csv(folder, _good(folder) + row * (29_000_000 // len(row)) + b'"' + row)


def only_quotes(folder: Path) -> Path:
    return _csv(folder, _good(folder) + b'"' * 2_000_001)


def bom_utf16(folder: Path) -> Path:
    return _csv(folder, _good(folder).decode().encode("utf-16"))


def bare_utf16(folder: Path) -> Path:
    return _csv(folder, _good(folder).decode().encode("utf-16-le"))


def half_utf16(folder: Path) -> Path:
    """UTF-16 cut within a letter."""
    return _csv(folder, _good(folder).decode().encode("utf-16")[:-1])


def utf32(folder: Path) -> Path:
    return _csv(folder, _good(folder).decode().encode("utf-32"))


def old_mac(folder: Path) -> Path:
    return _csv(folder, _good(folder).replace(b"\r\n", b"\n").replace(b"\n", b"\r"))


def separator_line(folder: Path) -> Path:
    return _csv(folder, b"sep=;\r\n" + _good(folder))


def picture(folder: Path) -> Path:
    return _csv(folder, b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 50, "a.xlsx")


def nothing(folder: Path) -> Path:
    return _csv(folder, b"\xef\xbb\xbf \r\n\r\n")


def control_name(folder: Path) -> Path:
    """A name of a file that would turn a terminal's text round, and begin another line."""
    return write_xlsx(folder / "bon.xlsx", ROWS).rename(folder / "\u202exslx.24\n\x1b[31mnoiger.xlsx")


def bytes_name(folder: Path) -> Path:
    """A name that is no text at all."""
    return write_xlsx(folder / "bon.xlsx", ROWS).rename(folder / os.fsdecode(b"r\xe9gion.xlsx"))


def folder_as_file(folder: Path) -> Path:
    (folder / "a.xlsx").mkdir()
    return folder / "a.xlsx"


def folder_as_extract(folder: Path) -> Path:
    (folder / "a.txt").mkdir()
    return folder / "a.txt"


def pipe_as_extract(folder: Path) -> Path:
    os.mkfifo(folder / "a.txt")
    return folder / "a.txt"


def pipe_as_stock(folder: Path) -> Path:
    os.mkfifo(folder / "a.json")
    return folder / "a.json"


def endless_device(folder: Path) -> Path:
    """A link to a device that never ends."""
    (folder / "a.xlsx").symlink_to("/dev/zero")
    return folder / "a.xlsx"


def endless_device_as_extract(folder: Path) -> Path:
    (folder / "a.txt").symlink_to("/dev/zero")
    return folder / "a.txt"


def broken_link(folder: Path) -> Path:
    (folder / "a.xlsx").symlink_to(folder / "nulle-part.xlsx")
    return folder / "a.xlsx"


def deep_json(folder: Path) -> Path:
    return _csv(folder, b'{"pmej":[' + b"[" * 1_000_000, "a.json")


def deep_member(folder: Path) -> Path:
    deep = b'{"ege":' * 100_000 + b"1" + b"}" * 100_000
    return _csv(folder, b'{"pmej":[' + deep + b"]}", "a.json")


def endless_member(folder: Path) -> Path:
    return _csv(folder, b'{"pmej":[{"nom":"' + b"x" * 60 * MEGABYTE, "a.json")


def huge_number(folder: Path) -> Path:
    stock = finess_plus(ege()).replace(b'"siren": "1"', b'"siren": ' + b"9" * 1_000_000)
    return _csv(folder, stock, "a.json")


def lone_surrogates(folder: Path) -> Path:
    content = json.loads(finess_plus(ege()))
    content["pmej"][0]["ege"][0]["informationsGeneralesEGE"]["nomEgeLong"] = "H\ud800P\x00ITAL\u202e"
    return _csv(folder, json.dumps(content).encode(), "a.json")


def no_list(folder: Path) -> Path:
    return _csv(folder, b'{"pmej":{"pmej":null}}', "a.json")


def many_fields(folder: Path) -> Path:
    """A row of a million fields in an extract."""
    return _csv(folder, PEOPLE + b"|" * 1_000_000 + b"\n", "a.txt")


def bare_returns(folder: Path) -> Path:
    """Line ends of an old Mac within the rows of an extract."""
    return _csv(folder, PEOPLE.replace(b"ESSAI1", b"ES\rAI1"), "a.txt")


CASES = {
    "endless_line": Case(".csv d'une ligne de 8 Mo", endless_line, "", ""),
    "unclosed_quote": Case("guillemet jamais refermé (.csv)", unclosed_quote, UNREADABLE, "lignes de personnes"),
    "unclosed_at_the_end": Case(
        "guillemet jamais refermé à la fin de 29 Mo (.csv)", unclosed_at_the_end, UNREADABLE, "lignes écrites"
    ),
    "only_quotes": Case("deux millions de guillemets (.csv)", only_quotes, "", ""),
    "bom_utf16": Case(".csv en UTF-16 avec marque", bom_utf16, "", ""),
    "bare_utf16": Case(".csv en UTF-16 sans marque", bare_utf16, UNREADABLE, "ni un classeur ni un texte"),
    "half_utf16": Case(
        ".csv en UTF-16 coupé au milieu d'une lettre", half_utf16, UNREADABLE, "ni un classeur ni un texte"
    ),
    "utf32": Case(".csv en UTF-32", utf32, UNREADABLE, "ni un classeur ni un texte"),
    "old_mac": Case(".csv aux fins de ligne d'un vieux Mac", old_mac, "", ""),
    "separator_line": Case(".csv qui commence par « sep=; »", separator_line, "", ""),
    "picture": Case("image nommée .xlsx", picture, UNREADABLE, "une image (photo"),
    "nothing": Case(".csv de blancs", nothing, EMPTY, "aucune ligne"),
    "control_name": Case("nom de fichier avec U+202E, saut de ligne et commande de terminal", control_name, "", ""),
    "bytes_name": Case("nom de fichier qui n'est pas de l'UTF-8", bytes_name, "", ""),
    "folder_as_file": Case("dossier à la place d'un classeur", folder_as_file, UNREADABLE, "pas un fichier"),
    "folder_as_extract": Case("dossier à la place d'un extrait", folder_as_extract, UNREADABLE, "", "register"),
    "pipe_as_extract": Case("tube nommé à la place d'un extrait", pipe_as_extract, UNREADABLE, "", "register"),
    "pipe_as_stock": Case("tube nommé à la place du stock FINESS", pipe_as_stock, UNREADABLE, "", "register"),
    "endless_device": Case(
        "lien vers /dev/zero à la place d'un classeur", endless_device, UNREADABLE, "pas un fichier"
    ),
    "endless_device_as_extract": Case(
        "lien vers /dev/zero à la place d'un extrait", endless_device_as_extract, UNREADABLE, "", "register"
    ),
    "broken_link": Case("lien qui ne mène nulle part", broken_link, UNREADABLE, ""),
    "deep_json": Case("FINESS+ : un million de crochets ouverts", deep_json, UNREADABLE, "", "register"),
    "deep_member": Case("FINESS+ : 100 000 objets emboîtés", deep_member, UNREADABLE, "", "register"),
    "endless_member": Case("FINESS+ : un texte de 60 Mo jamais fermé", endless_member, UNREADABLE, "", "register"),
    "huge_number": Case("FINESS+ : un nombre d'un million de chiffres", huge_number, "", "", "register"),
    "lone_surrogates": Case("FINESS+ : demi-lettres, NUL et U+202E dans un nom", lone_surrogates, "", "", "register"),
    "no_list": Case("FINESS+ : un objet à la place de la liste", no_list, UNREADABLE, "", "register"),
    "many_fields": Case("ligne d'un million de champs dans un extrait", many_fields, "ROW_WIDTH", "", "register"),
    "bare_returns": Case("retours chariot au milieu d'un extrait", bare_returns, "", "", "register"),
}
