"""Lines over two logarithmic axes, as SVG: beside each its slope-one line, so that what is not linear shows.

Drawn by jinja2, which is there for mails and pages: a plotting library would bring fifty megabytes for one picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from jinja2 import Environment

WIDTH, HEIGHT = 380, 300  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 58, 30, 34, 44
# Dark and light are told apart in grey; the lines differ in their marks too.
LOOKS = (("#1F3A5F", "circle"), ("#C2571A", "square"))

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One line and its name."""

    name: str
    points: tuple[Point, ...]


class _Axis:
    """Decades, from the one below the smallest value to the one above the largest."""

    def __init__(self, values: Sequence[float], start: float, length: float) -> None:
        self.first = floor(log10(min(values)))
        self.last = max(ceil(log10(max(values))), self.first + 1)
        self._start, self._length = start, length

    def at(self, value: float) -> float:
        """Where a value stands."""
        return round(self._start + self._length * (log10(value) - self.first) / (self.last - self.first), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """(place, label) of each decade."""
        return [(self.at(10.0**power), _label(10**power)) for power in range(self.first, self.last + 1)]


def _label(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 1 else f"{value:g}"


def picture(panels: Mapping[str, Sequence[Series]], below: str) -> str:
    """The panels side by side; `below` names what grows along the horizontal axes."""
    drawn = [_panel(title, lines, turn * WIDTH) for turn, (title, lines) in enumerate(panels.items())]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_SVG).render(
        panels=drawn, below=below, width=WIDTH * len(drawn), height=HEIGHT, top=TOP, bottom=HEIGHT - BOTTOM
    )


def _panel(title: str, lines: Sequence[Series], left: float) -> dict[str, object]:
    points = [point for line in lines for point in line.points]
    across = _Axis([x for x, _ in points], left + LEFT, WIDTH - LEFT - RIGHT)
    up = _Axis([y for _, y in points], HEIGHT - BOTTOM, -(HEIGHT - BOTTOM - TOP))
    largest = max(points)
    smallest = min(x for x, _ in points)
    linear = [(x, largest[1] * x / largest[0]) for x in (smallest, largest[0])]
    visible = [(x, max(y, 10.0**up.first)) for x, y in linear]
    return {
        "title": title,
        "left": left + LEFT,
        "right": left + WIDTH - RIGHT,
        "across": across.ticks,
        "up": up.ticks,
        "linear": _path([(across.at(x), up.at(y)) for x, y in _clipped(linear, 10.0**up.first)] or visible),
        "lines": [
            {
                "name": line.name,
                "colour": colour,
                "mark": mark,
                "path": _path([(across.at(x), up.at(y)) for x, y in line.points]),
                "marks": [(across.at(x), up.at(y)) for x, y in line.points],
            }
            for line, (colour, mark) in zip(lines, LOOKS, strict=False)
        ],
    }


def _clipped(line: Sequence[Point], lowest: float) -> list[Point]:
    """A slope-one line from where it comes into sight."""
    (x, y), end = line
    return [(x, y) if y >= lowest else (x * lowest / y, lowest), end]


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" width="{{ width }}" height="{{ height }}"
 font-family="Arial, Helvetica, sans-serif" font-size="11" fill="#1B222B" role="img"
 aria-label="{% for one in panels %}{{ one.title }}{{ ", " if not loop.last }}{% endfor %} by number of {{ below }}">
<rect width="100%" height="100%" fill="#FFFFFF"/>
{% for panel in panels %}
<text x="{{ panel.left }}" y="18" font-weight="bold" font-size="12">{{ panel.title }}</text>
{% for place, label in panel.up %}
<line x1="{{ panel.left }}" x2="{{ panel.right }}" y1="{{ place }}" y2="{{ place }}" stroke="#C9D1DA"/>
<text x="{{ panel.left - 6 }}" y="{{ place + 4 }}" text-anchor="end">{{ label }}</text>
{% endfor %}
{% for place, label in panel.across %}
<line x1="{{ place }}" x2="{{ place }}" y1="{{ top }}" y2="{{ bottom }}" stroke="#C9D1DA"/>
<text x="{{ place }}" y="{{ bottom + 15 }}" text-anchor="middle">{{ label }}</text>
{% endfor %}
<text x="{{ panel.right }}" y="{{ bottom + 34 }}" text-anchor="end">{{ below }}</text>
<polyline points="{{ panel.linear }}" fill="none" stroke="#56616F" stroke-dasharray="5 4"/>
{% for line in panel.lines %}
<polyline points="{{ line.path }}" fill="none" stroke="{{ line.colour }}" stroke-width="2"/>
{% for x, y in line.marks %}
{% if line.mark == "circle" %}
<circle cx="{{ x }}" cy="{{ y }}" r="4" fill="{{ line.colour }}"/>
{% else %}
<rect x="{{ x - 4 }}" y="{{ y - 4 }}" width="8" height="8" fill="{{ line.colour }}"/>
{% endif %}
{% endfor %}
<text x="{{ panel.left + 10 }}" y="{{ top + 14 + 15 * loop.index0 }}" fill="{{ line.colour }}">\
{{ "●" if line.mark == "circle" else "■" }} {{ line.name }}</text>
{% endfor %}
<text x="{{ panel.left + 10 }}" y="{{ top + 14 + 15 * panel.lines|length }}" fill="#56616F">\
- - what would be linear</text>
{% endfor %}
</svg>
"""
