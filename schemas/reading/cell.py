"""How a cell of a sheet is named: « Feuil1!F12 »; of a sheet turned round, whose people stand in columns, alike."""

from functools import lru_cache


def letters(column: int) -> str:
    """Return the spreadsheet letters of a column counted from 0: 0 → A, 26 → AA."""
    head, rest = divmod(column, 26)
    return (letters(head - 1) if head else "") + chr(ord("A") + rest)


def cell_at(line: str, number: str) -> str:
    """Return the cell where a field's column (« Feuil1!F ») meets a row; of a turned sheet the other way round.

    `number`: of the row or, in a turned sheet, of the column, from 1.
    """
    sheet, _, own = line.rpartition("!")
    return f"{sheet}!{letters(int(number) - 1)}{own}" if own.isdigit() else f"{line}{number}"


@lru_cache(maxsize=4096)  # whoever looks through a sheet asks it of each row
def place_of_row(location: str) -> str:
    """Return « Feuil1!12 » of a cell « Feuil1!F12 » or of its row; « Feuil1!F » of a turned sheet as it is."""
    sheet, _, cell = location.rpartition("!")
    number = cell.lstrip(_LETTERS)
    return f"{sheet}!{number}" if number else location


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
