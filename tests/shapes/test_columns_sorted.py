"""A column that was sorted alone, or pushed by several rows: one question about it, and nobody is changed."""

import pytest

from tests.shapes.test_told_beside import Grid, grid, told

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}
PLACE = ("FINESS", "Établissement", "Type de structure")


def moved(columns: tuple[str, ...], by: int) -> Grid:
    """The columns pushed down by some rows, or sorted where `by` is 0; the others as they were."""
    head, *people = grid()
    at = [LABELS_AT[name] for name in columns]
    values = [[row[one] for one in at] for row in people]
    values = [*values[-by:], *values[:-by]] if by else sorted(values)
    for row, told_there in zip(people, values, strict=True):
        for one, text in zip(at, told_there, strict=True):
            row[one] = text
    return [head, *people]


COLUMNS = [
    (PLACE, 4, "établissements"),
    (PLACE, 7, "établissements"),
    (("Courriel",), 3, "courriels"),
    (("Courriel",), 0, "courriels"),
    (("Téléphone",), 5, "téléphones"),
    (("Nom",), 0, "noms"),
    (("Prénom",), 0, "prénoms"),
    (("Nom", "Prénom"), 0, "noms"),
    (("N° CPx",), 2, "numéros"),
    (("Profession",), 2, "professions"),
]


@pytest.mark.parametrize(("columns", "by", "named"), COLUMNS)
def test_one_question_tells_which_column_moved(columns: tuple[str, ...], by: int, named: str) -> None:
    found = told({"Liste": moved(columns, by)})
    [only] = found.changes
    assert only.kind == "review"
    assert named in str(only.fields[0].after)
