"""What is wrong or was repaired in one place of one source (contract §8): a value, never an exception."""

from dataclasses import dataclass

from schemas.nomenclatures import issue_effects, say
from schemas.words import unusual, visible

LONGEST_QUOTE = 200  # characters of a cell that a sentence repeats
_NUMBERS = ("CPX_FORMAT", "FINESS_FORMAT", "PHONE_FORMAT", "EMAIL_FORMAT", "CARD_DATE_INVALID")

READ_WELL = ("ENCODING",)  # a warning, of what was read all the same: nobody has to check it


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One reject or repair. `location` is « feuille!cellule » or « ligne 12 »; `message` is French."""

    source: str
    location: str
    field: str
    code: str
    message: str

    @property
    def effect(self) -> str:
        """file, row, field, duplicate, warning or repair."""
        return issue_effects()[self.code]


def issue(source: str, location: str, field: str, code: str, **values: object) -> Issue:
    """Return an issue with the sentence of the catalogue (`issue.<code>`), filled in with `values`, which may be
    anything.
    """
    strange = unusual(str(values.get("found", ""))) if code in _NUMBERS else ""
    told = {name: quoted(value) if isinstance(value, str) else value for name, value in values.items()}
    more = " " + say("row.unusual", found=strange) if strange else ""
    return Issue(source, location, field, code, say(f"issue.{code}", **told) + more)


def quoted(text: str) -> str:
    """Return what stands in a cell, for a sentence: what is invisible shows its number, what is endless ends in
    « … ».
    """
    shown = visible(text[: LONGEST_QUOTE * 2])
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + "…"
