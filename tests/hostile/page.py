"""docs/hostile.md: every hostile file, what its reader reads, and what it cost. Written by `make bench-hostile`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.case import Case

PAGE = Path(__file__).parents[2] / "docs" / "hostile.md"
_LONGEST = 160
_HEAD = """\
# Fichiers hostiles ou abîmés

Chaque fichier de cette page est fabriqué par un test (`tests/hostile/`) et donné à la porte que rencontre un
utilisateur : `efit-annuaire validate` pour un classeur ou un fichier national, la reprise d'un rapport renvoyé,
`sync --dry-run` pour une configuration. La page est écrite par `make bench-hostile` ; un test échoue quand un cas ou
une phrase n'y est plus comme le programme la dit. Personne ne perd un accès à cause d'un fichier qui n'a pas pu être
lu : sa source reste de côté cette nuit-là, les autres continuent.

Les limites : un classeur est ouvert dans un processus à part ({child_mb} Mo d'adresses, {seconds} s) ; {plain_mb} Mo au
plus sur le disque, {unpacked_mb} Mo une fois décompressé, {text_mb} Mo pour un `.csv` ; les fichiers nationaux sont lus
par blocs de 1 Mo, et une ligne de plus de 1 Mo est laissée de côté sans être gardée.

**{count} fichiers joués, {passed} passés.** Le plus lent : « {slowest} », {worst_seconds} s de processeur
({worst_wall} s à la montre). Le plus gourmand : « {hungriest} », {worst_mb} Mo. Un fichier sain de trois lignes coûte
{floor_seconds} s et {floor_mb} Mo de la même façon : presque toute cette mémoire est le programme. Mesuré sur 2 cœurs
partagés avec d'autres travaux, démarrage du programme non compté ; « s » est du temps de processeur, « Mo » la mémoire
du plus gros des processus.

| fichier | ce qu'on lit | s | Mo |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and wall-clock seconds of the whole command, megabytes of its largest process."""

    processor: float
    wall: float
    megabytes: float


def line_start(case: Case, sentence: str) -> str:
    """A line of the table without its costs."""
    return f"| {_cell(case.what)} | {_cell(sentence)} |"


def _cell(text: str) -> str:
    flat = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"


def page(
    cases: Mapping[str, Case],
    sentences: Mapping[str, str],
    costs: Mapping[str, Cost],
    passed: int,
    limits: Mapping[str, int],
) -> str:
    """The whole page. `costs`: also of "", a good file."""
    floor = costs[""]
    slowest = max(cases, key=lambda name: costs[name].processor)
    hungriest = max(cases, key=lambda name: costs[name].megabytes)
    head = _HEAD.format(
        count=len(cases),
        passed=passed,
        slowest=cases[slowest].what,
        worst_seconds=_number(costs[slowest].processor),
        worst_wall=_number(costs[slowest].wall),
        hungriest=cases[hungriest].what,
        worst_mb=f"{costs[hungriest].megabytes:.0f}",
        floor_seconds=_number(floor.processor),
        floor_mb=f"{floor.megabytes:.0f}",
        **limits,
    )
    return head + "\n".join(_lines(cases, sentences, costs)) + "\n"


def _lines(cases: Mapping[str, Case], sentences: Mapping[str, str], costs: Mapping[str, Cost]) -> Iterable[str]:
    for name, case in cases.items():
        cost = costs[name]
        yield f"{line_start(case, sentences[name])} {_number(cost.processor)} | {cost.megabytes:.0f} |"


def _number(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")
