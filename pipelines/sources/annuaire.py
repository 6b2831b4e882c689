"""The annuaire as it stands: accounts with their assignments, and the structures they name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any, TypeVar

import pandas as pd

from pipelines import names
from pipelines.normalize import parse_date, yes_or_no
from pipelines.sources.judged import Judged, rows_of
from schemas.nomenclatures import code_of, ets_of, region_of, say, structure_levels
from schemas.people.assignment import Account, AnnuaireRow, Assignment
from schemas.people.identifiers import classify_cpx, classify_finess
from schemas.people.structure import Structure
from schemas.people.workbook_line import UnreadRow
from schemas.reading.issue import Issue, issue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Annuaire:
    """e-FIT tonight. `unread`: clues of the rows without an account id, any of which may be anybody's account."""

    accounts: dict[str, Account]
    structures: dict[str, Structure]
    unread: tuple[UnreadRow, ...] = ()


def annuaire_of(frame: pd.DataFrame, source: str, unstaffed: Iterable[Mapping[str, str]] = ()) -> Judged[Annuaire]:
    """Return rows « account × assignment » → accounts and structures, in the order of their codes.

    `unstaffed`: rows of structures where nobody is assigned, which only a database can tell of.

    Nothing is left out for a wrong value: the account stays, with an issue beside it (`FUNCTION_UNKNOWN`…), because
    an unreadable line is not a person gone. Only a row without an account id is quarantined. An account that one row
    calls active is, whatever another says: that one tells of a function that was.
    """
    found = _Found(source)
    for account_id, theirs in groupby(_sorted_records(frame), key=itemgetter("account_id")):
        if account_id:
            found.add(account_id, list(theirs))
        else:
            found.set_aside(theirs)
    for bare in unstaffed:
        found.structure_of(AnnuaireRow.model_validate({**bare, "account_id": ""}), "")
    annuaire = Annuaire(found.accounts, dict(sorted(found.structures.items())), tuple(found.unread))
    return Judged(annuaire, (*found.issues, *found.numbers), len(found.unread))


@dataclass(slots=True)
class _Found:
    """What the rows read so far tell. `numbers`: issues of the accounts' numbers, said after the others."""

    source: str
    accounts: dict[str, Account] = field(default_factory=dict)
    structures: dict[str, Structure] = field(default_factory=dict)
    unread: list[UnreadRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    numbers: list[Issue] = field(default_factory=list)
    alike: dict[Any, Any] = field(default_factory=dict)

    def add(self, account_id: str, records: Sequence[dict[str, str]]) -> None:
        """The rows of one account."""
        assignments: list[Assignment] = []
        account: Account | None = None
        some_active = any(map(_is_active, records))
        for record in records:
            place = record["_location"]
            row, row_issues = _row(record, self.source, place)
            structure = self.structure_of(row, place)
            assignment = _assignment(row, structure, self.source, place, row_issues)
            self.issues.extend(row_issues)
            if some_active and not row.active:
                self.issues.append(_contradicting(row, self.source, place, "active"))
                continue
            if assignment:
                assignments.append(assignment)
            if account is None:
                account = _account(row)
                self.numbers.extend(_number_issues(account, self.source, place))
            elif not names.agree((row.last_name, row.first_name), (account.last_name, account.first_name)):
                self.issues.append(_contradicting(row, self.source, place, "last_name", account))
        if account:
            held = tuple(sorted(self.one_of(one) for one in {*assignments}))
            self.accounts[account_id] = replace(account, assignments=self.one_of(held))

    def one_of(self, value: T) -> T:
        """One function, and one list of functions, for all accounts that have the same."""
        found: T = self.alike.setdefault(value, value)
        return found

    def structure_of(self, row: AnnuaireRow, place: str) -> Structure | None:
        """The structure that a row names, known from now on."""
        structure, issues = _structure(row, self.source, place)
        self.issues.extend(issues)
        return self.structures.setdefault(structure.code, structure) if structure else None

    def set_aside(self, records: Iterable[dict[str, str]]) -> None:
        """Rows without an account id."""
        for record in records:
            self.issues.append(issue(self.source, record["_location"], "account_id", "NAME_MISSING"))
            self.unread.append(_clue(record, self.source, record["_location"]))


def _clue(record: Mapping[str, str], source: str, place: str) -> UnreadRow:
    """Whose account a row may be that has no id: nobody is created, and no structure accused, because of it."""
    number = classify_cpx(record["cpx_number"])
    numbers = (number.number,) if number.usable else ()
    kind = code_of("structure_types", record["structure_type"])
    code = structure_code(record["structure_code"], kind)
    return UnreadRow(source, place, code, (record["last_name"], record["first_name"]), numbers, number.raw)


def _sorted_records(frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    """In the order of their content, not of the file: a shuffled export gives the same night. An account's together."""
    columns = list(frame.columns)
    said = [at for at, name in enumerate(columns) if not name.startswith("_")]
    said.sort(key=lambda at: columns[at] != "account_id")
    rows = sorted(rows_of(frame), key=lambda row: [row[at] for at in said])
    return (dict(zip(columns, row, strict=True)) for row in rows)


def _is_active(record: Mapping[str, str]) -> bool:
    return yes_or_no(record["active"]) is not False


def _contradicting(row: AnnuaireRow, source: str, place: str, name: str, first: Account | None = None) -> Issue:
    """A row that says of an account what another row of it does not."""
    mine, theirs = (f"{one.last_name} {one.first_name}".strip() if one else "" for one in (row, first))
    message = say(f"row.{name}_twice", account=row.account_id, found=mine, first=theirs)
    return Issue(source, place, name, "DUPLICATE_ROW", message)


def _number_issues(account: Account, source: str, place: str) -> Iterator[Issue]:
    number = account.number
    for code in number.codes:
        if code == "CPX_MISSING":
            message = say("row.account_number", account=account.account_id)
            yield Issue(source, place, "cpx_number", code, message)
        else:
            yield issue(source, place, "cpx_number", code, found=number.raw, repaired=number.number)


def _row(record: dict[str, str], source: str, place: str) -> tuple[AnnuaireRow, list[Issue]]:
    issues: list[Issue] = []
    expires, codes = parse_date(record["card_expires_on"])
    if "CARD_DATE_INVALID" in codes:
        issues.append(issue(source, place, "card_expires_on", codes[0], found=record["card_expires_on"]))
    row = AnnuaireRow.model_validate({**record, "card_expires_on": expires, "active": _is_active(record)})
    return row, issues


def _structure(row: AnnuaireRow, source: str, place: str) -> tuple[Structure | None, list[Issue]]:
    if not row.structure_code and not row.structure_type:
        return None, []
    issues: list[Issue] = []
    kind = code_of("structure_types", row.structure_type)
    if not kind:
        issues.append(issue(source, place, "structure_type", "STRUCTURE_TYPE_UNKNOWN", found=row.structure_type))
    code = structure_code(row.structure_code, kind)
    if structure_levels().get(kind, ("", ""))[1] == "finess":
        finess, codes = classify_finess(row.structure_code)
        code = finess or code
        issues.extend(
            issue(source, place, "structure_code", c, found=row.structure_code, repaired=finess) for c in codes
        )
    region = region_of(row.region_code) if row.region_code else (code if kind == "REGION" else "")
    if row.region_code and not region:
        issues.append(issue(source, place, "region_code", "REGION_UNKNOWN", found=row.region_code))
    parent = ets_of(row.parent_code) or row.parent_code
    return Structure(code, kind, row.structure_name, region, parent), issues


def structure_code(text: str, kind: str) -> str:
    """Return the code of a structure in one spelling: `24`, `ETS-CPDL`; a FINESS or an unknown one stays as it is."""
    code_kind = structure_levels().get(kind, ("", ""))[1]
    if code_kind == "region":
        return region_of(text) or text
    if code_kind == "ets":
        return ets_of(text) or text
    return text.upper()


def _assignment(
    row: AnnuaireRow, structure: Structure | None, source: str, place: str, issues: list[Issue]
) -> Assignment | None:
    if structure is None or not row.function:
        return None
    function = code_of("functions", row.function)
    if not function:
        issues.append(issue(source, place, "function", "FUNCTION_UNKNOWN", found=row.function))
    return Assignment(structure.code, function or row.function, code_of("ranks", row.rank) or row.rank)


def _account(first: AnnuaireRow) -> Account:
    """The account of its first row, without a function yet."""
    return Account(
        account_id=first.account_id,
        civility=first.civility,
        last_name=intern(first.last_name),  # one text with those of the register and the workbooks
        first_name=intern(first.first_name),
        profession=first.profession,
        number=classify_cpx(first.cpx_number),
        card_type=first.card_type,
        card_expires_on=first.card_expires_on,
        email=intern(first.email),
        phone=first.phone,
        active=first.active,
        assignments=(),
    )
