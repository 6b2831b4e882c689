"""Whom a quarantined row may be about: unreadable is not gone (decision 12)."""

from collections.abc import Collection

from pipelines import names
from schemas.workbook import UnreadRow


def points_at(row: UnreadRow, name: tuple[str, str], numbers: Collection[str], structure_code: str) -> bool:
    """The row may be about the person of this name and these numbers, at this structure.

    By a number; by the same name anywhere, a near one at the same structure; and with neither a name nor a readable
    number, about everybody at its structure (everybody at all when that cannot be read either).
    """
    here = row.structure_code in ("", structure_code)
    if not row.name[0] and not row.numbers:
        return here
    if set(numbers) & {*row.numbers, row.raw_number} - {""}:
        return True
    if not row.name[0]:
        return False
    return names.full_key(*row.name) == names.full_key(*name) or (here and names.near(row.name, name))
