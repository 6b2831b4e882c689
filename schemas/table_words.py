"""The words of a table: its cells `words` have several, a bar between two."""

from functools import cache

from schemas.nomenclatures import rows


def words_where(table: str, **asked: str) -> tuple[str, ...]:
    """Return the words of the rows of a table that have these values, in their order."""
    found = (row for row in rows(table) if all(row[name] == value for name, value in asked.items()))
    return tuple(word for row in found for word in row["words"].split("|"))


def stands_in(key: str, table: str, **asked: str) -> bool:
    """Tell whether one of these words, or rows of words, stands in a text of plain words (`label_key`)."""
    return any(f" {one} " in f" {key} " for one in words_where(table, **asked))


@cache
def arrival_words(kind: str) -> frozenset[str]:
    """Return the words of one kind by which a workbook tells of whoever comes, or was there once."""
    return frozenset(words_where("arrival_words", kind=kind))
