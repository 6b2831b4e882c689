"""Columns of a workbook that visibly moved: what they say of anybody is set aside, and asked about once (contract §6a).

Numbers that the register gives to somebody else are seen by `tangles.py`; this is about what no register confirms:
cards and numbers of those whom it does not know, names, addresses, functions, ranks and establishments.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.answer_choices import NUMBER
from pipelines.matching.candidates import Match
from pipelines.matching.doubts.aside import as_held, told_with_it
from pipelines.matching.doubts.column_cells import COLUMNS, NUMBERS, KnownCells, SheetColumn, SheetRow, email_of
from pipelines.matching.doubts.pasted import PASTED, pasted
from pipelines.matching.doubts.renumbered import RENUMBERED, renumbered
from pipelines.matching.doubts.shifts import SCATTERED, blocks
from pipelines.matching.doubts.tangles import place_of
from pipelines.normalize import phone_key
from pipelines.number_slips import one_sign_off
from pipelines.sources.snapshot import Snapshot
from schemas.people.assignment import Account
from schemas.people.workbook_line import NAME_FIELDS, WorkbookLine
from schemas.reading.source_names import ANNUAIRE

SLIP = "slip"  # no column moved: a number one sign off, and no register to tell which is right


@dataclass(frozen=True, slots=True)
class MovedBlock:
    """Rows of one column of a workbook, in their order, with what must have happened to them. `places`: of a hospital
    that has another FINESS there, that of the annuaire and that one; `why`: what speaks for it.
    """

    column: str
    pattern: str
    lines: tuple[WorkbookLine, ...]
    accounts: tuple[str, ...]
    places: tuple[str, ...] = ()
    why: str = ""


def without_moved(matches: Sequence[Match], snapshot: Snapshot) -> tuple[tuple[Match, ...], tuple[MovedBlock, ...]]:
    """Return (the matches without what visibly moved, the blocks of rows that did), each in the order of the lines.

    A line whose function or place moved stands for each function that its account has.
    """
    known = _known(matches, snapshot)
    instead: dict[int, Sequence[Match]] = {}
    found: list[MovedBlock] = []
    for block in pasted(matches, snapshot):
        instead |= {at: [block.instead(matches[at].line)] for at in block.at}
        found.append(MovedBlock(PASTED, PASTED, tuple(matches[at].line for at in block.at), block.accounts))
    other: set[int] = set()
    for each in renumbered(matches, snapshot, known.somebody_left):
        lines, other = tuple(matches[at].line for at in each.at), other | set(each.at)
        found.append(MovedBlock("structure", RENUMBERED, lines, each.accounts, each.places, each.why))
        instead |= {at: as_held(matches[at], snapshot.accounts[matches[at].account_id or ""]) for at in each.at}
    for rows in _sheets(matches, snapshot):
        for column, pattern, theirs in _of_sheet(rows, other, known):
            found.append(_told(column, pattern, theirs))
            apart = pattern == SCATTERED and column.name in (*NAME_FIELDS, NUMBERS.name)
            for row in theirs:
                before = instead.get(row.at, [row.found])
                if PASTED in {one.reason for one in before}:
                    continue
                if apart:
                    instead[row.at] = [told_with_it(each) for each in before]
                elif row.account:
                    instead[row.at] = [one for each in before for one in column.aside(each, row.account)]
    kept = (one for at, each in enumerate(matches) for one in instead.get(at, (each,)))
    return tuple(kept), tuple(found)


def _of_sheet(
    rows: Sequence[SheetRow], other: set[int], known: KnownCells
) -> Iterator[tuple[SheetColumn, str, list[SheetRow]]]:
    """The blocks of one sheet; `other`: rows of which the FINESS was told of already.

    Where names, addresses and places all stand beside other people's numbers, it is the numbers that moved; of last and
    first names that moved together one is told of.
    """
    left = [row for row in rows if row.at not in other]
    found = [
        (column, pattern, theirs)
        for column in COLUMNS
        for pattern, theirs in _blocks(left if column.name == "structure" else rows, column, known)
    ]
    scattered = {column.name: theirs for column, pattern, theirs in found if pattern == SCATTERED}
    if len(_OF_A_PERSON & scattered.keys()) >= _MOST_OF_A_PERSON or _have_others_numbers(rows):
        yield NUMBERS, SCATTERED, list(rows)
        return
    for column, pattern, theirs in found:
        if not (column.name == "first_name" and pattern == SCATTERED and "last_name" in scattered):
            yield column, pattern, theirs


def _have_others_numbers(rows: Sequence[SheetRow]) -> bool:
    """Most rows of a sheet are in doubt, each beside the number of another's account, and not of all does the register
    tell (`tangles.py`): it is the column that moved.
    """
    held = {row.account.number.number for row in rows if row.account and row.account.number.usable}
    astray = [
        row.found.reason
        for row in rows
        if row.account and row.found.how == "doubt"
        if row.line.number.number in held and row.line.number.number != row.account.number.number
    ]
    return len(astray) >= _LEAST_ASTRAY and 2 * len(astray) > len(rows) and not {NUMBER}.issuperset(astray)


_LEAST_ASTRAY = 5  # rows: fewer are told one beside the other
_OF_A_PERSON = {"last_name", "email", "phone", "structure"}
_MOST_OF_A_PERSON = 3  # of these that do not all move in their own columns


def _known(matches: Sequence[Match], snapshot: Snapshot) -> KnownCells:
    told = {address for one in matches for address in (*one.line.emails, *one.line.phones)}
    held = (
        each for one in snapshot.active_accounts() for each in (email_of(one), phone_key(one.phone)) if each in told
    )
    named = Counter(one.line.assignment.structure_code for one in matches)
    return KnownCells(snapshot, frozenset(held), named)


def _sheets(matches: Sequence[Match], snapshot: Snapshot) -> Iterator[list[SheetRow]]:
    """The rows of each sheet, as a person reads them; who left is none of them."""
    sheets: dict[tuple[str, str], list[SheetRow]] = defaultdict(list)
    for at, one in enumerate(matches):
        if not one.line.left:
            sheets[place_of(one)[:2]].append(SheetRow(at, one, _about(one, snapshot)))
    for rows in sheets.values():
        yield sorted(rows, key=lambda row: place_of(row.found))


def _about(found: Match, snapshot: Snapshot) -> Account | None:
    """The account of a line; of one in doubt the only one with its number, or with its address."""
    if found.account_id:
        return snapshot.accounts[found.account_id]
    accounts = [snapshot.accounts[key] for key in found.protected]
    for mine in (
        [one for one in accounts if found.line.number.usable and one.number.number == found.line.number.number],
        [one for one in accounts if email_of(one) in found.line.emails],
    ):
        if len(mine) == 1:
            return mine[0]
    return None


def _blocks(rows: Sequence[SheetRow], column: SheetColumn, known: KnownCells) -> Iterator[tuple[str, list[SheetRow]]]:
    cells = [column.cell(row, known) for row in rows]
    found = list(blocks(cells, column.kind))
    told = {at for block in found for at in block.rows}
    changed = {at for at, one in enumerate(cells) if one.changed}
    # Of a column most of whose changes are cells that moved nothing else is believed either.
    astray = {at for at, one in enumerate(rows) if column.name == "structure" and _is_elsewhere(one)}
    rest = sorted((changed | astray) - told) if any(one.pattern == "shifted" for one in found) else []
    rest = rest if 2 * len(told & changed) >= len(changed) else []
    for block in found:
        places = (*block.rows, *rest) if block is found[-1] else block.rows
        yield block.pattern, [rows[at] for at in places if cells[at].changed or cells[at].new]
    told |= set(rest)
    slips = [at for at, one in enumerate(cells) if one.changed and at not in told and one_sign_off(one.old, one.new)]
    if column.name == "cpx_number" and slips:
        yield SLIP, [rows[at] for at in slips]


def _is_elsewhere(row: SheetRow) -> bool:
    """A certain line of somebody of several functions, at a structure where they have none."""
    place = row.account.meant(row.line.assignment).structure_code if row.account and row.found.account_id else ""
    return row.account is not None and place not in ("", *row.account.places)


def _told(column: SheetColumn, pattern: str, rows: Iterable[SheetRow]) -> MovedBlock:
    """With every account that the rows may be about."""
    rows = tuple(rows)
    accounts = [row.account.account_id for row in rows if row.account]
    accounts += [one.key for row in rows for one in row.found.candidates if one.source == ANNUAIRE]
    return MovedBlock(column.name, pattern, tuple(row.line for row in rows), tuple(dict.fromkeys(accounts)))
