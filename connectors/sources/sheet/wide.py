"""The wide layout: a row per establishment, columns by titulaire, remplaçant, assistant (contract §3).

Two forms of header: group titles over the columns of each group, or one line with the group in each header
(« Nom titulaire », « N° CPS du suppléant », « Mail assistante 2 »). The words are those of the ranks and
functions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, HeaderKey, field_of, key_of
from schemas.nomenclatures import code_of_words, label_of
from schemas.words import clean

STRUCTURE_FIELDS = ("structure_code", "structure_name", "legal_entity", "structure_type", "region", "efs_convention")
_AROUND = {
    "chv",
    "st",
    "chvst",
    "hv",
    "hemovigilance",
    "correspondant",
    "correspondante",
    "e",
    "s",
    "medecin",
    "et",
}
OF_A_ROW = ("comment", "status", "ended_on", "gone")
_NO_GROUPS = (*OF_A_ROW, "email", "phone")  # may stand once behind all groups, for the row as a whole
_NUMBERED = "CHV"
_ASSISTANT, _SHORT = "assistant", re.compile(r"as(?:s|st|sist|sis)")  # « Assist. HV »
_COUNTED_CHV = re.compile(r"\bchv(?: st)?(?: n)? ?([1-9])\b")
_CHV = {"chv", "chvst", "correspondant", "correspondante"}


def function_and_rank(group: str) -> tuple[str, str]:
    """Return French labels for a group key such as « REMPLACANT 2 »."""
    kind, _, number = group.partition(" ")
    if kind == _NUMBERED:  # « CHV 2 »: its rank is not said, and is read as the annuaire has its people
        return f"CHV n°{number}", ""
    if kind == "ASSISTANT":
        return label_of("functions", "ASSISTANT"), ""
    return label_of("functions", "CHV_ST"), label_of("ranks", kind)


def _kind(word: str) -> str:
    """TITULAIRE, REMPLACANT or ASSISTANT for one word in either gender and number; "" otherwise."""
    if len(word) < 3:
        return ""
    for text in (word, word.removesuffix("s"), word.removesuffix("es")):
        if rank := code_of_words("ranks", text):
            return rank
        if code_of_words("functions", text) == "ASSISTANT":
            return "ASSISTANT"
    return ""


@lru_cache(maxsize=16384)
def split_group(text: str) -> tuple[str, str]:
    """Return (group, what is left of the header): « N° CPS du suppléant 2 » → (« REMPLACANT 2 », « n cps »)."""
    words = [_ASSISTANT if _SHORT.fullmatch(word) else word for word in key_of(text).split()]
    kinds = [kind for word in words if (kind := _kind(word))]
    counted = _COUNTED_CHV.search(" ".join(words)) if not kinds else None
    if counted:
        rest = _COUNTED_CHV.sub(" ", " ".join(words)).split()
        return f"{_NUMBERED} {counted[1]}", " ".join(rest)
    if len(set(kinds)) != 1:  # none, or « Titulaire/Suppléant », which is a column of ranks
        return "", text
    numbers = [word for word in words if word.isdigit()]
    rest = [word for word in words if not _kind(word) and not word.isdigit()]
    return " ".join([kinds[0], *numbers[:1]]), " ".join(rest)


def title_group(text: str) -> str:
    """Return the group a title over columns names: nothing but its word and what goes around it; "" otherwise."""
    group, rest = split_group(text)
    words = set(rest.split())
    if group:
        return group if words <= _AROUND else ""
    words = set(key_of(text).split())
    return "CHV" if words & _CHV and words <= _AROUND else ""  # « CHV-ST » beside « Suppléant » is the titulaire


def suffixed_header(plain: Header, table: str, chosen: Mapping[str, str]) -> Header:
    """Return the same row, its unknown headers read as « field + group »; a group alone heads a column of names."""
    columns: dict[HeaderKey, list[int]] = {key: list(at) for key, at in plain.columns.items()}
    for at, text in enumerate(plain.texts):
        if not text or field_of(text, table, chosen):
            continue
        group, rest = split_group(text)
        if not group:
            continue
        name = field_of(rest, table, chosen) or ("last_name" if set(rest.split()) <= _AROUND else "")
        if not name:
            name = field_of(" ".join(word for word in rest.split() if word not in _AROUND), table, chosen)
        if not name and "last_name" in _fields_listed(rest, table):  # « Titulaire (Nom Prénom / RPPS / mail) »
            name = "last_name"
        if name:
            columns.setdefault((group, name), []).append(at)
    return replace(plain, columns=columns)


def _fields_listed(text: str, table: str) -> set[str]:
    """The fields whose headers a text is made of, several of them; none where a word is none."""
    words = [word for word in key_of(text).split() if word not in _AROUND and word not in ("n", "et")]
    found = [field_of(word, table, {}) for word in words]
    return set(found) if len(set(found)) > 1 and all(found) else set()


def titled_header(grid: Grid, row: int, table: str, chosen: Mapping[str, str]) -> Header | None:
    """Return the row read as group titles over the header in the next row; None when it names no group."""
    if row + 1 >= len(grid.rows):
        return None
    width = max(len(grid.rows[row]), len(grid.rows[row + 1]))
    groups = _groups_by_column(grid, row, width)
    if not any(groups):
        return None
    columns: dict[HeaderKey, list[int]] = {}
    texts = tuple(grid.cell(row + 1, at) or grid.cell(row, at) for at in range(width))
    split = [split_group(text) for text in texts]
    found = [
        field_of(text, table, chosen) or (field_of(rest, table, chosen) if own else "")
        for text, (own, rest) in zip(texts, split, strict=True)
    ]
    behind = _behind_all(found, groups)
    for at, (name, (own, _)) in enumerate(zip(found, split, strict=True)):
        if name:
            if name in STRUCTURE_FIELDS and groups[at] and len(set(groups)) == 1:
                return None  # « Assistants » over the establishments too is the title of a table
            group = "" if name in STRUCTURE_FIELDS else (own or ("" if at >= behind else groups[at]))
            columns.setdefault((group, name), []).append(at)
    return Header(row, row + 1, columns, (), texts)


def _behind_all(found: Sequence[str], groups: Sequence[str]) -> int:
    """The column from which on those of the row as a whole stand, though the last title reaches over them: no other
    group has such a one, or the last has it before.
    """
    last = groups[-1]
    start = next((at for at in range(len(groups)) if set(groups[at:]) == {last}), len(groups))
    others = {name for name, group in zip(found, groups, strict=True) if group not in ("", last)}
    behind = len(groups)
    for at in range(len(groups) - 1, start, -1) if last and others else ():
        if found[at] and not (found[at] in _NO_GROUPS and (found[at] not in others or found[at] in found[start:at])):
            break
        behind = at if found[at] else behind
    return behind


def _groups_by_column(grid: Grid, row: int, width: int) -> list[str]:
    """Each column's group: a merged title says how far it reaches, another one reaches to the next title."""
    reach = {first_column: last for first, first_column, _, last in grid.merged if first == row}
    groups, group, until = [], "", width
    for at in range(width):
        if clean(grid.cell(row, at)):
            group, until = title_group(grid.cell(row, at)), reach.get(at, width if not reach else at)
        groups.append(group if at <= until else "")
    named = {name.split()[0] for name in groups if name}
    return [
        name if name != _NUMBERED else "TITULAIRE" if "TITULAIRE" not in named and len(named) > 1 else ""
        for name in groups
    ]


def is_wide(header: Header) -> bool:
    """Tell whether it has two groups with a name, or one with a name and a number; the structure outside, no name
    there.
    """
    named = {group for group, name in header.columns if group and name == "last_name"}
    whole = {group for group in named if (group, "cpx_number") in header.columns}
    outside = {name for group, name in header.columns if not group}
    has_structure = "structure_code" in outside or "structure_name" in outside
    return (len(named) > 1 or bool(whole)) and has_structure and "last_name" not in outside
