"""The function and the rank that a title, or the name of a sheet, says of those below: « CHV-ST titulaires »."""

from dataclasses import dataclass
from functools import cache

from schemas.nomenclatures import code_of, label_of, terms
from schemas.reading.sheet_meaning import may_mean_leavers
from schemas.words import label_key

ROLE_TITLE = "_role_title"  # the title of a role above a row of a frame

_MOST_WORDS = 8
_TABLES = ("functions", "ranks")
_SHORTEST = 3  # letters of a word that says a rank: « T » is a sheet's name like another


def role_said(*texts: str) -> tuple[str, str]:
    """Return (function, rank) as labels, of the first text that names one; "" for what none names, or one names twice.

    « CHV-ST titulaires et remplaçants » says no rank, « CHV-ST et assistants » nothing at all.
    """
    for text in texts:
        words = [word.removesuffix("s") for word in label_key(text).split()]
        if not 0 < len(words) <= _MOST_WORDS:
            continue
        functions, ranks = _said("functions", words), _said("ranks", words)
        if len(functions) > 1:
            return "", ""
        if functions or ranks:
            return "".join(functions), "".join(ranks) if len(ranks) == 1 else ""
    return "", ""


def _said(table: str, words: list[str]) -> list[str]:
    """The labels that words name, the longest first; what is taken by one belongs to no other."""
    found: list[str] = []
    taken: set[int] = set()
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            text = " ".join(words[at : at + size])
            place = range(at, at + size)
            if len(text) >= _SHORTEST and taken.isdisjoint(place) and (code := code_of(table, text)):
                found.append(label_of(table, code))
                taken.update(place)
    return list(dict.fromkeys(found))


def says_only_a_role(text: str) -> bool:
    """Tell whether a title is a role and nothing else: « CHV-ST titulaires », not « Assistants de Valvert »."""
    words = [word.removesuffix("s") for word in label_key(text).split()]
    return any(role_said(text)) and all(len(word) < _SHORTEST or word in _of_roles() for word in words)


@cache
def _of_roles() -> frozenset[str]:
    told = [text for table in _TABLES for one in terms(table).values() for text in (one.label, *one.synonyms)]
    return frozenset(word.removesuffix("s") for text in told for word in label_key(text).split())


@dataclass(slots=True)
class TitlesAbove:
    """The titles that a row stands below: `title`, and `role`, one that says a role alone, where it stands within.

    A title of a role holds for the establishment that it stands in; for several, where the first of them follows it.
    """

    title: str = ""
    role: str = ""
    _rows: int = 0  # since the last title of either kind
    _within: bool = False  # titles of roles stand within this title
    _outer: bool = False  # titles of establishments stand within this one of a role

    def take(self, text: str) -> None:
        """Note a title."""
        if says_only_a_role(text):
            self._within = self._within or not self._rows
            if not self._within or may_mean_leavers(self.title):
                self.title = text
            self.role, self._outer = text, False
        else:
            self.take_place()
            self.title = text
        self._rows = 0

    def take_place(self) -> None:
        """Note the title of an establishment that the rows below continue by themselves."""
        self._outer = self._outer or not self._rows
        self.role = self.role if self._outer else ""
        self._within, self._rows = self._outer, 0

    def pass_row(self) -> None:
        """Note that a row of somebody stands below them."""
        self._rows += 1
