"""Where the lines and bars of the page stand, in the units of their drawings: 100 wide, 100 high, 90 nights."""

from collections.abc import Sequence
from datetime import date

from schemas.reports.dashboard import NightPoint

NIGHTS = 90
# Never colour alone: the worse the night, the taller its bar; a night that was not played leaves a dot.
_HEIGHTS = {"complete": 34, "running": 34, "partial": 60, "held": 100, "failed": 100, "none": 8}
_FLOOR_STEP = 0.05

Points = Sequence[tuple[date, float | None]]


def width(count: int, most: int) -> float:
    """Return that of a bar among others, in hundredths; what is there is never drawn as nothing."""
    return max(round(100 * count / most, 1), 1.5) if most and count else 0


def strip(nights: Sequence[NightPoint], as_of: date) -> list[tuple[float, int, str]]:
    """Return (x, height, status) of each night; the day of the page stands at the right."""
    return [(_place(one.day, as_of), _HEIGHTS[one.status], one.status) for one in nights]


def unknown_spans(nights: Sequence[NightPoint], as_of: date) -> list[tuple[float, int]]:
    """Return (x, width) of the nights in a row of which nobody knows how many had access."""
    spans: list[tuple[float, int]] = []
    for one in nights:
        x = _place(one.day, as_of)
        if one.basis == "unknown" and spans and sum(spans[-1]) == x:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        elif one.basis == "unknown":
            spans.append((x, 1))
    return spans


def share_points(nights: Sequence[NightPoint]) -> list[tuple[date, float | None]]:
    """Return the share of accesses by night."""
    return [(one.day, one.share) for one in nights]


def legible_points(nights: Sequence[NightPoint]) -> list[tuple[date, float | None]]:
    """Return the share of legible rows by night."""
    return [(one.day, one.legible) for one in nights]


def floor(points: Points) -> float:
    """Return the bottom of the drawing: a round step under the lowest point, so that a small fall shows."""
    known = [value for _, value in points if value is not None]
    lowest = min(known, default=1.0)
    steps = int(lowest / _FLOOR_STEP + 1e-9) - 1
    return max(0.0, round(steps * _FLOOR_STEP, 2))


def curve(points: Points, as_of: date) -> list[str]:
    """Return the pieces of the line as SVG points; a night without a figure parts it, a night alone is a short dash."""
    bottom = floor(points)
    pieces: list[list[tuple[float, float]]] = [[]]
    for day, value in points:
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((_place(day, as_of) + 0.5, 100 * (1 - value) / (1 - bottom)))
    return [" ".join(f"{x:.1f},{y:.1f}" for x, y in _at_least_a_dash(piece)) for piece in pieces if piece]


def _at_least_a_dash(piece: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(piece) > 1:
        return piece
    ((x, y),) = piece
    return [(x - 0.4, y), (x + 0.4, y)]


def _place(day: date, as_of: date) -> float:
    return NIGHTS - 1 - (as_of - day).days
