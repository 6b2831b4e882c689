"""Two national extracts with exactly as many differences as asked for, 100,000 invented persons in a second."""

from pathlib import Path

from tests.connectors.invented_extracts import PERSONS_56, extract, person, rpps

_BEGINNING = "8|{0}|8{0}|"
_REST = person(0, Code_secteur_d_activité="SA01").removeprefix(_BEGINNING.format(rpps(0)))


def row(number: int) -> str:
    """One person of one row, after a pattern that is made once."""
    return _BEGINNING.format(rpps(number)) + _REST


def write_pair(
    folder: Path, persons: int, *, changed: int = 0, deleted: int = 0, created: int = 0
) -> tuple[Path, Path]:
    """(old, new): the first `changed` have another sector, the last `deleted` are gone, as many as `created` came."""
    old, new = folder / "old.txt", folder / "new.txt"
    rows = [row(number) for number in range(persons)]
    old.write_bytes(extract(PERSONS_56, rows))
    altered = [one.replace("|SA01|", "|SA02|") for one in rows[:changed]]
    came = [row(number) for number in range(persons, persons + created)]
    new.write_bytes(extract(PERSONS_56, [*came, *rows[changed : persons - deleted], *altered]))
    return old, new
