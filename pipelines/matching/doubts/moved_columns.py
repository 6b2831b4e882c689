"""Columns of a workbook that visibly moved: what they say of anybody is set aside, and asked about once (contract §6a).

Numbers that the register gives to somebody else are seen by `tangles.py`; this is about what no register confirms:
cards and numbers of those whom it does not know, names, addresses, functions, ranks and establishments.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines import names
from pipelines.matching.candidates import Match
from pipelines.matching.doubts.aside import as_held, in_doubt, number_kept, without
from pipelines.matching.doubts.pasted import PASTED, pasted
from pipelines.matching.doubts.renumbered import RENUMBERED, renumbered
from pipelines.matching.doubts.shifts import Cell, Kind, blocks
from pipelines.matching.doubts.tangles import place_of
from pipelines.normalize import civility_code, phone_key
from pipelines.sources.snapshot import Snapshot
from pipelines.typing_slips import one_sign_off
from schemas.nomenclatures import code_of
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE
from schemas.words import name_key

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


@dataclass(frozen=True, slots=True)
class _Row:
    """A line, its place among the matches, and the account that it is about, or must be: None where nobody knows."""

    at: int
    found: Match
    account: Account | None

    @property
    def line(self) -> WorkbookLine:
        return self.found.line


@dataclass(frozen=True, slots=True)
class _Column:
    """`cell`: what stands there beside what the annuaire has; `aside`: the lines as if nothing had been said in it."""

    name: str
    kind: Kind
    cell: Callable[[_Row, "_Known"], Cell]
    aside: Callable[[Match, Account], Sequence[Match]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What cells are judged by. `held`: addresses and telephones of the accounts; `named`: structures of the lines."""

    snapshot: Snapshot
    held: frozenset[str]
    named: Mapping[str, int]

    def somebody_left(self, code: str, source: str) -> bool:
        """Somebody stands at a structure, or may in another workbook that was not heard."""
        structure = self.snapshot.structures.get(code)
        others = (one for one in self.snapshot.scopes_of(structure) if one.source != source) if structure else ()
        return bool(self.named.get(code)) or not all(one.sure for one in others)


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
        for column in _COLUMNS:
            left = [row for row in rows if row.at not in other or column.name != "structure"]
            for pattern, theirs in _blocks(left, column, known):
                found.append(_told(column, pattern, theirs))
                for row in theirs:
                    if row.account and PASTED not in {one.reason for one in instead.get(row.at, ())}:
                        before = instead.get(row.at, [row.found])
                        instead[row.at] = [one for each in before for one in column.aside(each, row.account)]
    kept = (one for at, each in enumerate(matches) for one in instead.get(at, (each,)))
    return tuple(kept), tuple(found)


def _known(matches: Sequence[Match], snapshot: Snapshot) -> _Known:
    told = {address for one in matches for address in (*one.line.emails, *one.line.phones)}
    held = (each for one in snapshot.active_accounts() for each in (_email(one), phone_key(one.phone)) if each in told)
    named = Counter(one.line.assignment.structure_code for one in matches)
    return _Known(snapshot, frozenset(held), named)


def _sheets(matches: Sequence[Match], snapshot: Snapshot) -> Iterator[list[_Row]]:
    """The rows of each sheet, as a person reads them; who left is none of them."""
    sheets: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for at, one in enumerate(matches):
        if not one.line.left:
            sheets[place_of(one)[:2]].append(_Row(at, one, _about(one, snapshot)))
    for rows in sheets.values():
        yield sorted(rows, key=lambda row: place_of(row.found))


def _about(found: Match, snapshot: Snapshot) -> Account | None:
    """The account of a line; of one in doubt the only one with its number, or with its address."""
    if found.account_id:
        return snapshot.accounts[found.account_id]
    accounts = [snapshot.accounts[key] for key in found.protected]
    for mine in (
        [one for one in accounts if found.line.number.usable and one.number.number == found.line.number.number],
        [one for one in accounts if _email(one) in found.line.emails],
    ):
        if len(mine) == 1:
            return mine[0]
    return None


def _blocks(rows: Sequence[_Row], column: _Column, known: _Known) -> Iterator[tuple[str, list[_Row]]]:
    cells = [column.cell(row, known) for row in rows]
    found = list(blocks(cells, column.kind))
    told = {at for block in found for at in block.rows}
    changed = {at for at, one in enumerate(cells) if one.changed}
    # Of a column most of whose changes are cells that moved nothing else is believed either.
    rest = sorted(changed - told) if any(one.pattern == "shifted" for one in found) else []
    rest = rest if 2 * len(rest) <= len(changed) else []
    for block in found:
        places = (*block.rows, *rest) if block is found[-1] else block.rows
        yield block.pattern, [rows[at] for at in places if cells[at].changed or cells[at].new]
    told |= set(rest)
    slips = [at for at, one in enumerate(cells) if one.changed and at not in told and one_sign_off(one.old, one.new)]
    if column.name == "cpx_number" and slips:
        yield SLIP, [rows[at] for at in slips]


def _told(column: _Column, pattern: str, rows: Iterable[_Row]) -> MovedBlock:
    """With every account that the rows may be about."""
    rows = tuple(rows)
    accounts = [row.account.account_id for row in rows if row.account]
    accounts += [one.key for row in rows for one in row.found.candidates if one.source == ANNUAIRE]
    return MovedBlock(column.name, pattern, tuple(row.line for row in rows), tuple(dict.fromkeys(accounts)))


# ── what stands in a cell, and what the annuaire has ─────────────────────────────────────────────


def _cell(row: _Row, old: str, new: str, *, counts: bool) -> Cell:
    certain = bool(row.found.account_id)
    return Cell(old, new, certain and counts and bool(old and new) and old != new)


def _outside(row: _Row, known: _Known) -> bool:
    """Nobody but the workbook tells of them: the register does not know the number of the account, nor the line's."""
    persons = known.snapshot.register.persons
    return row.account is not None and not {row.account.number.number, row.found.person_id} & persons.keys()


def _card_end(row: _Row, known: _Known) -> Cell:
    old, new = row.account.card_expires_on if row.account else None, row.line.card_expires_on
    return _cell(row, old.isoformat() if old else "", new.isoformat() if new else "", counts=_outside(row, known))


def _profession(row: _Row, known: _Known) -> Cell:
    """One that the table lacks is known by its words."""
    told = row.account.profession if row.account else ""
    old = code_of("professions", told) or name_key(told)
    new = row.line.profession or name_key(row.line.profession_text)
    return _cell(row, old, new, counts=_outside(row, known))


def _civility(row: _Row, known: _Known) -> Cell:
    """« Dr » is no civility that anybody could have instead of another."""
    held = civility_code(row.account.civility) if row.account else ""
    old, new = (one if one in ("M", "MME") else "" for one in (held, row.line.civility))
    return _cell(row, old, new, counts=_outside(row, known))


def _number(row: _Row, known: _Known) -> Cell:
    old, new = row.account.number if row.account else None, row.line.number
    establishment = old is not None and old.kind is new.kind is NumberKind.ESTABLISHMENT
    return _cell(row, old.number if old else "", new.number, counts=establishment and _outside(row, known))


def _address(row: _Row, old: str, given: Sequence[str], known: _Known) -> Cell:
    """Of one address in its cell, that nobody has in the annuaire: what a colleague has is believed of nobody else."""
    new = given[0] if len(given) == 1 else ""
    return _cell(row, old, new, counts=new not in known.held)


def _email_cell(row: _Row, known: _Known) -> Cell:
    return _address(row, _email(row.account) if row.account else "", row.line.emails, known)


def _phone_cell(row: _Row, known: _Known) -> Cell:
    return _address(row, phone_key(row.account.phone) if row.account else "", row.line.phones, known)


def _email(account: Account) -> str:
    return account.email.strip().lower()


_OTHER_NAME = {"first_name": ("last_name", names.last_names), "last_name": ("first_name", names.first_names)}


def _name_cell(field: str) -> Callable[[_Row, _Known], Cell]:
    """Of lines in doubt for their name alone: another part of it is known by the number or the address."""

    def cell(row: _Row, _: _Known) -> Cell:
        old, new = (name_key(getattr(one, field)) if one else "" for one in (row.account, row.line))
        other, compare = _OTHER_NAME[field]
        told = (getattr(one, other) for one in (row.account, row.line))
        whole = row.account is not None and compare(*told) not in ("other", "missing")
        asked = row.found.how == "doubt" and row.found.reason == "ambiguous_match"
        return Cell(old, new, asked and whole and bool(old and new) and old != new)

    return cell


def _role(row: _Row, _: _Known) -> Cell:
    """Function and rank at the structure where the account has one."""
    if row.account is None:
        return Cell("", _role_of(row.line.assignment), changed=False)
    said = row.account.meant(row.line.assignment)
    old = _meant_by(row.account, said)
    changed = old is not None and said != old and said.structure_code == old.structure_code
    return Cell(_role_of(old), _role_of(said), bool(row.found.account_id) and changed)


def _role_raised(row: _Row, known: _Known) -> Cell:
    """To more than an assistant: two of one hospital may well become assistants together."""
    cell = _role(row, known)
    return replace(cell, changed=cell.changed and row.line.assignment.function != "ASSISTANT")


def _role_of(one: Assignment | None) -> str:
    return f"{one.function}|{one.rank}" if one else ""


def _structure(row: _Row, _: _Known) -> Cell:
    """The structure, of whoever keeps the function; who takes another one elsewhere has moved."""
    said = row.account.meant(row.line.assignment) if row.account else row.line.assignment
    old = _meant_by(row.account, said) if row.account else None
    same = _role_of(old) == _role_of(said)
    return _cell(row, old.structure_code if old else "", said.structure_code, counts=same)


def _structure_filled(row: _Row, known: _Known) -> Cell:
    cell = _structure(row, known)
    return replace(cell, changed=cell.changed and not known.somebody_left(cell.old, row.line.source))


def _meant_by(account: Account, said: Assignment) -> Assignment | None:
    """The function of an account that a row must be about: the one that it names, or the only one."""
    if said in account.assignments:
        return said
    here = [one for one in account.assignments if one.structure_code == said.structure_code]
    for held in (here, account.assignments):
        if len(held) == 1:
            return held[0]
    return None


_COLUMNS = (
    _Column("card_expires_on", Kind(series=True, drawn=True), _card_end, without(card_expires_on=None)),
    _Column("profession", Kind(common=True), _profession, without(profession="")),
    _Column("civility", Kind(common=True, of_one=True), _civility, without(civility="")),
    _Column("cpx_number", Kind(series=True), _number, number_kept),
    _Column("email", Kind(), _email_cell, without(emails=())),
    _Column("phone", Kind(series=True), _phone_cell, without(phones=())),
    _Column("last_name", Kind(), _name_cell("last_name"), in_doubt),
    _Column("first_name", Kind(), _name_cell("first_name"), in_doubt),
    _Column("function", Kind(common=True, filled=3), _role, as_held),
    _Column("function", Kind(common=True), _role_raised, as_held),
    _Column("structure", Kind(common=True, filled=0, borders=True), _structure, as_held),
    _Column("structure", Kind(of_one=True), _structure_filled, as_held),
)
