"""Two national extracts of persons, a day apart: the same seed gives the same bytes, and what differs is known.

    python -m benchmarks.invented.extract_pairs FOLDER --rows 2200000

The new one has 1 % of the persons modified, 0.2 % removed and 0.2 % created, its rows in another order and some of
them twice; the odd rows of `benchmarks/invented/national.py` stand in both.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.invented.national import SEED, write_persons

OLD, NEW, KNOWN = "old.txt", "new.txt", "known.json"
MODIFIED, REMOVED, CREATED, TWICE = 0.01, 0.002, 0.002, 0.001  # of the persons; of the rows
_CELLS = 56
_SPARE = 1.02  # rows made more than needed: those created come from there
_LAST_NAME, _PROFESSION, _CATEGORY, _FINESS, _EMAIL, _ROLE = 7, 9, 11, 21, 43, 52


@dataclass(frozen=True, slots=True)
class Pair:
    """Two extracts, and the persons that differ: operation → how many."""

    old: Path
    new: Path
    known: dict[str, int]


def write_pair(folder: Path, rows: int, seed: int = SEED) -> Pair:
    """Write both, and beside them what is known of them; a pair that is there already is taken as it is."""
    pair = Pair(folder / OLD, folder / NEW, {})
    known = folder / KNOWN
    asked = {"rows": rows, "seed": seed}
    if known.is_file() and (found := json.loads(known.read_text())).pop("asked") == asked:
        return Pair(pair.old, pair.new, found)
    write_persons(pair.old, round(rows * _SPARE), seed)
    header, *lines = pair.old.read_bytes().splitlines(keepends=True)
    old, spare = lines[:rows], lines[rows:]
    new, counts = _a_day_later(old, spare, Random(seed + 3))
    _write(pair.old, header, old)
    _write(pair.new, header, new)
    known.write_text(json.dumps({"asked": asked, **counts}))
    return Pair(pair.old, pair.new, counts)


def _write(path: Path, header: bytes, lines: Sequence[bytes]) -> None:
    with path.open("wb") as file:
        file.write(header)
        file.writelines(lines)


def _a_day_later(old: Sequence[bytes], spare: Sequence[bytes], chance: Random) -> tuple[list[bytes], dict[str, int]]:
    """(the rows of the new extract, how many persons were created, modified and removed)."""
    whose, odd = _by_person(old)
    sound = [number for number in whose if number not in odd]
    chosen = chance.sample(sound, round(len(whose) * (MODIFIED + REMOVED)))
    removed = chosen[: round(len(whose) * REMOVED)]
    rows: list[bytes | None] = list(old)
    for number in removed:
        for at in whose[number]:
            rows[at] = None
    for turn, number in enumerate(chosen[len(removed) :]):
        _CHANGES[turn % len(_CHANGES)](rows, whose[number])
    fresh, odd_too = _by_person(spare)
    created = [one for one in fresh if one not in whose and one not in odd | odd_too][: round(len(whose) * CREATED)]
    new = [row for row in rows if row is not None]
    new += [spare[at] for number in created for at in fresh[number]]
    new += chance.choices([row for row in new if row.count(b"|") == _CELLS], k=round(len(new) * TWICE))
    chance.shuffle(new)
    return new, {"create": len(created), "modify": len(chosen) - len(removed), "remove": len(removed)}


def _by_person(lines: Sequence[bytes]) -> tuple[dict[bytes, list[int]], set[bytes]]:
    """(identification → places of its rows, those that an odd row may be about)."""
    found: dict[bytes, list[int]] = defaultdict(list)
    odd: set[bytes] = set()
    for at, line in enumerate(lines):
        kind, identifier, national, _ = line.split(b"|", 3)
        if line.count(b"|") == _CELLS and kind + identifier == national:
            found[national].append(at)
        else:
            odd.add(national.strip(b'"'))
    return found, odd


def _set(column: int, value: bytes) -> Callable[[list[bytes | None], list[int]], None]:
    """A change of this cell on all rows of a person; every value is one that `national.py` never writes."""

    def change(rows: list[bytes | None], places: list[int]) -> None:
        for at in places:
            cells = (rows[at] or b"").split(b"|")
            cells[column] = value
            rows[at] = b"|".join(cells)

    return change


def _one_row(column: int, value: bytes) -> Callable[[list[bytes | None], list[int]], None]:
    change = _set(column, value)
    return lambda rows, places: change(rows, places[:1])


def _activity_more(rows: list[bytes | None], places: list[int]) -> None:
    cells = (rows[places[0]] or b"").split(b"|")
    cells[_FINESS], cells[_ROLE] = b"999999999", b"FON-99"
    rows.append(b"|".join(cells))


_CHANGES = (
    _one_row(_FINESS, b"988888888"),
    _one_row(_EMAIL, b"nouveau@exemple.example.org"),
    _one_row(_ROLE, b"FON-98"),
    _activity_more,
    _set(_LAST_NAME, b"NOUVEAU-NOM"),
    _one_row(_CATEGORY, b"M"),
    _set(_PROFESSION, b"99"),
)


def main() -> None:
    """Write a pair into a folder."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--rows", type=int, default=2_200_000)
    given = words.parse_args()
    print(json.dumps(write_pair(given.folder, given.rows).known))


if __name__ == "__main__":
    main()
