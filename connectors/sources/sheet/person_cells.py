"""A wide sheet whose cells hold whole people: « MARTIN Thomas, RPPS 899…, t.martin@… », one or several a cell."""

import re
from collections.abc import Iterator

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header

FIELDS = ("cpx_number", "email", "phone")
_LINES = re.compile(r"[\n;]+|(?<=[\d)\]])\s*(?:[,+&/]|\bet\b|\s[-–]\s)\s*(?=[A-ZÀ-Ý][A-Za-zÀ-ÿ'.\- ]{2,})")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_ESTABLISHMENT = re.compile(r"(?<!\d)[1-6][0-9AB]\d{7}(?:\d)?\s?/\s?[\w.\-]+")
_PHONE = re.compile(r"(?<!\d)0[1-9](?:[ .]?\d{2}){4}(?!\d)")
_NUMBER = re.compile(r"(?<![\d/])(?:8[ .]?)?\d(?:[ .]?\d){10}(?!\d)")
_LABEL = re.compile(
    r"\bn\s?°\s*[:.=]*|\b(?:no|num[ée]ro|rpps|adeli|cps|cpe|cpx|cpa|carte|mail|m[ée]l|courriel|e-?mail|t[ée]l(?:[ée]phone)?|port(?:able)?|poste)\b\s*[:.=]*",
    re.IGNORECASE,
)
_SLASH = "\x1e"
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SHARE = 0.5  # of the cells of names that hold a number


def holds_people(grid: Grid, header: Header) -> bool:
    """Tell whether the columns of names of a wide header without numbers have them in their cells."""
    columns = [
        at for (group, name), offered in header.columns.items() if group and name == "last_name" for at in offered
    ]
    if not columns or any(group and name == "cpx_number" for group, name in header.columns):
        return False
    cells = [grid.cell(row, at) for row in range(header.last_row + 1, len(grid.rows)) for at in columns]
    written = [text for text in cells if _LETTERS.search(text)]
    numbered = sum(bool(_NUMBER.search(text) or _ESTABLISHMENT.search(text)) for text in written)
    return bool(written) and numbered >= _SHARE * len(written)


def people_in(cell: str) -> list[dict[str, str]]:
    """Return the people of a cell: « last_name » (the whole name), number, address, telephone; what is no person's own
    line goes to the one above.
    """
    found: list[dict[str, str]] = []
    held = _ESTABLISHMENT.sub(lambda one: one[0].replace("/", _SLASH), cell)  # « 3…/SEC0412 » parts nobody
    for line in _LINES.split(held):
        said, rest = _taken(line.replace(_SLASH, "/"))
        name = rest if _LETTERS.search(rest) else ""
        if name or not found:
            found.append({"last_name": name})
        for field, text in said.items():
            found[-1][field] = " ; ".join(filter(None, (found[-1].get(field, ""), text)))
    return [one for one in found if any(one.values())]


def _taken(line: str) -> tuple[dict[str, str], str]:
    """(what a line says beside a name, the name)."""
    said: dict[str, str] = {}
    for field, pattern in (
        ("email", _EMAIL),
        ("cpx_number", _ESTABLISHMENT),
        ("phone", _PHONE),
        ("cpx_number", _NUMBER),
    ):
        texts = pattern.findall(line)
        if texts:
            said[field] = " ; ".join(filter(None, (said.get(field, ""), *map(str.strip, texts))))
            line = pattern.sub(" ", line)
    name = " ".join(_LABEL.sub(" ", line).split())
    return said, re.sub(r"\(\s*\)|\[\s*\]", " ", name).strip(" -–—:,;/|()[]•*·.\t")


def each(values: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the columns of a group for each person of its cell."""
    for person in people_in(values.get("last_name", "")):
        yield {**values, **person}


def stacked_people(values: dict[str, str]) -> list[dict[str, str]]:
    """Return the rows of a row whose people stand one below the other within its cells, or one beside the other: as
    many last names as numbers, first names or functions; the row itself otherwise. What there is one of is
    everybody's, but for what is a person's own.
    """
    parted = _BETWEEN if _stand_beside(values) else _BELOW
    lines = {name: [one.strip() for one in parted.split(text) if one.strip()] for name, text in values.items()}
    count = len(lines.get("last_name", ()))
    if count < _FEWEST_STACKED or not any(len(lines.get(name, ())) == count for name in _BESIDE):
        return [values]

    def of(name: str, at: int) -> str:
        found = lines[name]
        if len(found) == count:
            return found[at]
        if name == "rank":  # of assistants at the end none is written
            return found[at] if at < len(found) else ""
        return values[name] if len(found) == 1 and name not in _OWN else ""

    return [{name: of(name, at) for name in values} for at in range(count)]


def _stand_beside(values: dict[str, str]) -> bool:
    """« MARTIN Thomas / LEROY Claire » beside as many numbers, parted in the same way, each name whole."""
    names = [one for one in _BETWEEN.split(values.get("last_name", "")) if one.strip()]
    numbers = [one for one in _BETWEEN.split(values.get("cpx_number", "")) if one.strip()]
    firsts = [one for one in _BETWEEN.split(values.get("first_name", "")) if one.strip()]
    whole = len(firsts) == len(names) or (not firsts and all(len(one.split()) > 1 for one in names))
    return len(names) == len(numbers) >= _FEWEST_STACKED and whole and "\n" not in values.get("last_name", "")


_BELOW, _BETWEEN = re.compile(r"\n"), re.compile(r"\s+[/;|]\s+|;\s")
_FEWEST_STACKED = 2
_BESIDE = ("cpx_number", "first_name", "function")
_OWN = ("cpx_number", "email", "phone", "first_name", "card_expires_on", "card_issued_on", "ended_on", "gone")
