"""What stands in each column of a row, beside what the annuaire has of the same person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines import names
from pipelines.matching.candidates import Match
from pipelines.matching.doubts.aside import as_held, in_doubt, number_kept, without
from pipelines.matching.doubts.shifts import Cell, Kind
from pipelines.normalize import civility_code, phone_key
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import code_of
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine
from schemas.words import name_key


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line, its place among the matches, and the account that it is about, or must be: None where nobody knows."""

    at: int
    found: Match
    account: Account | None

    @property
    def line(self) -> WorkbookLine:
        """The line itself."""
        return self.found.line


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """`cell`: what stands there beside what the annuaire has; `aside`: the lines as if nothing had been said in it."""

    name: str
    kind: Kind
    cell: Callable[[SheetRow, "KnownCells"], Cell]
    aside: Callable[[Match, Account], Sequence[Match]]


@dataclass(frozen=True, slots=True)
class KnownCells:
    """What cells are judged by. `held`: addresses and telephones of the accounts; `named`: structures of the lines."""

    snapshot: Snapshot
    held: frozenset[str]
    named: Mapping[str, int]

    def somebody_left(self, code: str, source: str) -> bool:
        """Tell whether somebody stands at a structure, or may in another workbook that was not heard."""
        structure = self.snapshot.structures.get(code)
        others = (one for one in self.snapshot.scopes_of(structure) if one.source != source) if structure else ()
        return bool(self.named.get(code)) or not all(one.sure for one in others)


def _cell(row: SheetRow, old: str, new: str, *, counts: bool) -> Cell:
    certain = bool(row.found.account_id)
    return Cell(old, new, certain and counts and bool(old and new) and old != new)


def _outside(row: SheetRow, known: KnownCells) -> bool:
    """Nobody but the workbook tells of them: the register does not know the number of the account, nor the line's."""
    persons = known.snapshot.register.persons
    return row.account is not None and not {row.account.number.number, row.found.person_id} & persons.keys()


def _card_end(row: SheetRow, known: KnownCells) -> Cell:
    old, new = row.account.card_expires_on if row.account else None, row.line.card_expires_on
    return _cell(row, old.isoformat() if old else "", new.isoformat() if new else "", counts=_outside(row, known))


def _profession(row: SheetRow, known: KnownCells) -> Cell:
    """One that the table lacks is known by its words."""
    told = row.account.profession if row.account else ""
    old = code_of("professions", told) or name_key(told)
    new = row.line.profession or name_key(row.line.profession_text)
    return _cell(row, old, new, counts=_outside(row, known))


def _civility(row: SheetRow, known: KnownCells) -> Cell:
    """« Dr » is no civility that anybody could have instead of another."""
    held = civility_code(row.account.civility) if row.account else ""
    old, new = (one if one in ("M", "MME") else "" for one in (held, row.line.civility))
    return _cell(row, old, new, counts=_outside(row, known))


def _number(row: SheetRow, known: KnownCells) -> Cell:
    old, new = row.account.number if row.account else None, row.line.number
    establishment = old is not None and old.kind is new.kind is NumberKind.ESTABLISHMENT
    return _cell(row, old.number if old else "", new.number, counts=establishment and _outside(row, known))


def _address(row: SheetRow, old: str, given: Sequence[str], known: KnownCells) -> Cell:
    """Of one address in its cell, that nobody has in the annuaire: what a colleague has is believed of nobody else."""
    new = given[0] if len(given) == 1 else ""
    return _cell(row, old, new, counts=new not in known.held)


def _email_cell(row: SheetRow, known: KnownCells) -> Cell:
    return _address(row, email_of(row.account) if row.account else "", row.line.emails, known)


def _phone_cell(row: SheetRow, known: KnownCells) -> Cell:
    return _address(row, phone_key(row.account.phone) if row.account else "", row.line.phones, known)


def email_of(account: Account) -> str:
    """Return the address as it is compared."""
    return account.email.strip().lower()


_OTHER_NAME = {"first_name": ("last_name", names.last_names), "last_name": ("first_name", names.first_names)}


def _name_cell(field: str) -> Callable[[SheetRow, KnownCells], Cell]:
    """Of lines in doubt for their name alone: another part of it is known by the number or the address."""

    def cell(row: SheetRow, _: KnownCells) -> Cell:
        old, new = (name_key(getattr(one, field)) if one else "" for one in (row.account, row.line))
        other, compare = _OTHER_NAME[field]
        told = (getattr(one, other) for one in (row.account, row.line))
        whole = row.account is not None and compare(*told) not in ("other", "missing")
        asked = row.found.how == "doubt" and row.found.reason == "ambiguous_match"
        return Cell(old, new, asked and whole and bool(old and new) and old != new)

    return cell


def _role(row: SheetRow, _: KnownCells) -> Cell:
    """Function and rank at the structure where the account has one."""
    if row.account is None:
        return Cell("", _role_of(row.line.assignment), changed=False)
    said = row.account.meant(row.line.assignment)
    old = _meant_by(row.account, said)
    changed = old is not None and said != old and said.structure_code == old.structure_code
    return Cell(_role_of(old), _role_of(said), bool(row.found.account_id) and changed)


def _role_raised(row: SheetRow, known: KnownCells) -> Cell:
    """To more than an assistant: two of one hospital may well become assistants together."""
    cell = _role(row, known)
    counts = row.line.assignment.function != "ASSISTANT"
    return cell if counts or not cell.changed else replace(cell, changed=False)


def _role_of(one: Assignment | None) -> str:
    return f"{one.function}|{one.rank}" if one else ""


def _structure(row: SheetRow, _: KnownCells) -> Cell:
    """The structure, of whoever keeps the function; who takes another one elsewhere has moved."""
    said = row.account.meant(row.line.assignment) if row.account else row.line.assignment
    old = _meant_by(row.account, said) if row.account else None
    same = _role_of(old) == _role_of(said)
    return _cell(row, old.structure_code if old else "", said.structure_code, counts=same)


def _structure_filled(row: SheetRow, known: KnownCells) -> Cell:
    cell = _structure(row, known)
    counts = not cell.changed or not known.somebody_left(cell.old, row.line.source)
    return cell if counts else replace(cell, changed=False)


def _meant_by(account: Account, said: Assignment) -> Assignment | None:
    """The function of an account that a row must be about: the one that it names, or the only one."""
    if said in account.assignments:
        return said
    here = [one for one in account.assignments if one.structure_code == said.structure_code]
    for held in (here, account.assignments):
        if len(held) == 1:
            return held[0]
    return None


COLUMNS = (
    SheetColumn("card_expires_on", Kind(series=True, drawn=True), _card_end, without(card_expires_on=None)),
    SheetColumn("profession", Kind(common=True), _profession, without(profession="")),
    SheetColumn("civility", Kind(common=True, of_one=True), _civility, without(civility="")),
    SheetColumn("cpx_number", Kind(series=True, sorted=False), _number, number_kept),
    SheetColumn("email", Kind(), _email_cell, without(emails=())),
    SheetColumn("phone", Kind(series=True), _phone_cell, without(phones=())),
    SheetColumn("last_name", Kind(), _name_cell("last_name"), in_doubt),
    SheetColumn("first_name", Kind(), _name_cell("first_name"), in_doubt),
    SheetColumn("function", Kind(common=True, filled=3), _role, as_held),
    SheetColumn("function", Kind(common=True), _role_raised, as_held),
    SheetColumn("structure", Kind(common=True, filled=0, borders=True), _structure, as_held),
    SheetColumn("structure", Kind(of_one=True), _structure_filled, as_held),
)
NUMBERS = SheetColumn("cpx_number", Kind(), _number, in_doubt)  # whoever's they are, they moved as a whole
