"""A new name on a row whose cells slid by a column: who else stands in that row may be its person (contract §6a)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines import names
from pipelines.matching.blocking import name_key
from pipelines.matching.candidates import MOST, Match, account_candidate
from pipelines.matching.index import Index
from schemas.people.workbook_line import NAME_FIELDS, WrittenRow

_NEAR = 2  # columns between a last name and its first name
_LONGEST = 60  # signs of a cell that is a name
_NUMBER = re.compile(r"[\d ]{11,16}")


def with_slid_rows(matches: Sequence[Match], written: Sequence[WrittenRow], index: Index) -> Iterator[Match]:
    """Yield the matches; of a line about nobody known, in whose row an account stands in other columns than it should,
    a question about that account.
    """
    new = {(one.line.source, one.line.location) for one in matches if _is_new(one)}
    about = (row for row in written if not row.note and (row.source, row.location) in new) if new else ()
    rows = {(row.source, row.location): row for row in about}
    for one in matches:
        row = rows.get((one.line.source, one.line.location)) if _is_new(one) else None
        found = list(dict.fromkeys(_standing(row, one, index))) if row else []
        yield _asked(one, found, index) if found else one


def _is_new(found: Match) -> bool:
    return found.how == "new" and not found.line.left and not found.own


def _asked(found: Match, keys: Sequence[str], index: Index) -> Match:
    told = tuple(account_candidate(index.accounts[key]) for key in keys[:MOST])
    return replace(
        found, how="doubt", reason="ambiguous_match", candidates=told, protected=tuple(keys), more=len(keys[MOST:])
    )


def _standing(row: WrittenRow, found: Match, index: Index) -> Iterator[str]:
    cells = [(at, text.strip()) for at, text in enumerate(row.cells) if text.strip()]
    for at, text in cells:
        for key in _by_number_or_address(text, row.read.get(at, ""), index):
            if key not in index.there:
                yield key
    own = names.bag((found.line.last_name, found.line.first_name))
    for pair in _pairs(cells, row.read):
        for key in index.blocks.at([name_key(pair)]):
            if key not in index.there and names.bag(pair) != own:
                yield key


def _by_number_or_address(text: str, field_name: str, index: Index) -> Iterator[str]:
    if "@" in text and field_name != "email":
        yield from index.with_address(text.lower())
    if field_name != "cpx_number" and _NUMBER.fullmatch(text):
        digits = text.replace(" ", "")
        yield from index.holders(index.register.resolve(digits if len(digits) == 12 else f"8{digits}"))


def _pairs(cells: Sequence[tuple[int, str]], read: Mapping[int, str]) -> Iterator[names.Name]:
    """Two cells of words that are near, not both in the columns of names."""
    for place, (at, one) in enumerate(cells):
        for other, text in cells[place + 1 : place + 1 + _NEAR]:
            both = {read.get(at), read.get(other)} == set(NAME_FIELDS)
            words = not any(map(str.isdigit, one + text)) and max(len(one), len(text)) <= _LONGEST
            if other - at <= _NEAR and words and not both:
                yield one, text
