"""What is wrong or was repaired in one place of one source (contract §8): a value, never an exception."""

from dataclasses import dataclass

from schemas.nomenclatures import issue_effects, say


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
    """An issue with the sentence of the catalogue (`issue.<code>`), filled in with `values`."""
    return Issue(source, location, field, code, say(f"issue.{code}", **values))
