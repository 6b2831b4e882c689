"""The annuaire as it stands: accounts with their assignments, and the structures they name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from sys import intern

import pandas as pd

from pipelines.normalize import parse_date, yes_or_no
from pipelines.sources.judged import Judged, rows_of
from schemas.nomenclatures import code_of, ets_of, region_of, say, structure_levels
from schemas.people.assignment import Account, AnnuaireRow, Assignment
from schemas.people.identifiers import classify_cpx, classify_finess
from schemas.people.structure import Structure
from schemas.people.workbook import UnreadRow
from schemas.reading.issue import Issue, issue


@dataclass(frozen=True, slots=True)
class Annuaire:
    """e-FIT tonight. `unread`: clues of the rows without an account id, any of which may be anybody's account."""

    accounts: dict[str, Account]
    structures: dict[str, Structure]
    unread: tuple[UnreadRow, ...] = ()


def annuaire_of(frame: pd.DataFrame, source: str, unstaffed: Iterable[Mapping[str, str]] = ()) -> Judged[Annuaire]:
    """Rows « account × assignment » → accounts and structures, in the order of their codes.

    `unstaffed`: rows of structures where nobody is assigned, which only a database can tell of.

    Nothing is left out for a wrong value: the account stays, with an issue beside it (`FUNCTION_UNKNOWN`…), because
    an unreadable line is not a person gone. Only a row without an account id is quarantined.
    """
    issues: list[Issue] = []
    numbers: list[Issue] = []
    structures: dict[str, Structure] = {}
    accounts: dict[str, Account] = {}
    unread: list[UnreadRow] = []
    for account_id, theirs in groupby(_sorted_records(frame), key=itemgetter("account_id")):
        assignments: list[Assignment] = []
        for record in theirs:
            place = record["_location"]
            if not account_id:
                issues.append(issue(source, place, "account_id", "NAME_MISSING"))
                unread.append(_clue(record, source, place))
                continue
            row, row_issues = _row(record, source, place)
            structure, structure_issues = _structure(row, source, place)
            if structure:
                structure = structures.setdefault(structure.code, structure)
            assignment = _assignment(row, structure, source, place, row_issues)
            if assignment:
                assignments.append(assignment)
            issues.extend(row_issues + structure_issues)
            if account_id not in accounts:
                accounts[account_id] = account = _account(row)
                numbers.extend(_number_issues(account, source, place))
        if assignments:
            accounts[account_id] = replace(accounts[account_id], assignments=tuple(sorted({*assignments})))
    for bare in unstaffed:
        structure, structure_issues = _structure(AnnuaireRow.model_validate({**bare, "account_id": ""}), source, "")
        if structure:
            structures.setdefault(structure.code, structure)
        issues.extend(structure_issues)
    issues.extend(numbers)
    annuaire = Annuaire(accounts, dict(sorted(structures.items())), tuple(unread))
    return Judged(annuaire, tuple(issues), len(unread))


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
    row = AnnuaireRow.model_validate(
        {**record, "card_expires_on": expires, "active": yes_or_no(record["active"]) is not False}
    )
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
