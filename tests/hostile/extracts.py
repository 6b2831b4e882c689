"""Hostile national files: one line without end, archives in archives, bytes that are no text."""

import gzip
from pathlib import Path

from tests.connectors.invented_extracts import CARDS, PERSONS_56, card, extract, person
from tests.hostile.archives import MEGABYTE, deflated, packed, with_raw_entry
from tests.hostile.case import Case

PEOPLE = extract(PERSONS_56, [person(1), person(2)])
INSIDE = "PS_LibreAcces_Personne_activite_202611220600.txt"


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def long_line(folder: Path) -> Path:
    """A hundred megabytes without a line end, in a gzip of a hundred kilobytes."""
    stream = deflated(100, PEOPLE, b"x", b"\n" + person(3).encode() + b"\n")
    return _written(folder / "a.zip", with_raw_entry({}, INSIDE, stream, _size(100, PEOPLE)))


def _size(megabytes: int, before: bytes) -> int:
    return len(before) + megabytes * MEGABYTE + len(person(3).encode()) + 2


def long_line_plain(folder: Path) -> Path:
    return _written(folder / "a.txt.gz", gzip.compress(PEOPLE + b"x" * (100 * MEGABYTE) + b"\n", 1)).rename(
        folder / "a.txt"
    )


def nested_zip(folder: Path) -> Path:
    return _written(folder / "a.zip", packed({"b.zip": packed({INSIDE: PEOPLE}), "c.zip": b""}))


def traversal(folder: Path) -> Path:
    return _written(folder / "a.zip", packed({"../../../../tmp/efit-evade.txt": PEOPLE}))


def nul_bytes(folder: Path) -> Path:
    return _written(folder / "a.txt", PEOPLE.replace(b"ESSAI1", b"ES\x00AI1"))


def only_nul(folder: Path) -> Path:
    return _written(folder / "a.txt", b"\x00" * 3 * MEGABYTE)


def mixed_encodings(folder: Path) -> Path:
    lines = extract(CARDS, [card(1, Nom_d_exercice="ÉTÉ"), card(2, Nom_d_exercice="HIVER")])
    return _written(folder / "a.txt", lines.replace(b"HIVER", "NOËL".encode("windows-1252")))


def truncated_zip(folder: Path) -> Path:
    content = packed({INSIDE: PEOPLE * 50})
    return _written(folder / "a.zip", content[: len(content) // 2])


def truncated_gzip(folder: Path) -> Path:
    content = gzip.compress(PEOPLE * 50)
    return _written(folder / "a.txt", content[: len(content) // 2])


UNREADABLE = "FILE_UNREADABLE"
CASES = {
    "register_long_line": Case(
        "ligne de 100 Mo dans un extrait (gzip)", long_line_plain, "ROW_WIDTH", "démesurée", "register"
    ),
    "register_nested_zip": Case("zip dans un zip (extrait)", nested_zip, UNREADABLE, "colonnes attendues", "register"),
    "register_traversal": Case("chemin « ../ » dans le zip d'un extrait", traversal, "", "", "register"),
    "register_nul_bytes": Case("octets nuls dans un extrait", nul_bytes, "", "", "register"),
    "register_only_nul": Case("extrait de 3 Mo d'octets nuls", only_nul, "FILE_EMPTY", "aucune ligne", "register"),
    "register_mixed": Case(
        "deux codages dans un extrait", mixed_encodings, "ENCODING", "à l’ancienne manière de Windows", "register"
    ),
    "register_truncated_zip": Case("extrait zip tronqué", truncated_zip, UNREADABLE, "abîmé", "register"),
    "register_truncated_gzip": Case(
        "extrait gzip tronqué", truncated_gzip, UNREADABLE, "ni un classeur ni un texte", "register"
    ),
}
