"""Checks of a workbook row that has been read: one predicate each, with its code.

What a code costs is a row of `schemas/tables/issue_codes.csv`: with « field » the value is set aside, with « warning »
it stays. What its keeper reads is the sentence `[issue]` of `messages.toml`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from schemas.nomenclatures import card_kinds, issue_effects
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine, WorkbookRow


@dataclass(frozen=True, slots=True)
class RowCheck:
    """Where `wrong` is true, the cell `field` of the row has the fault `code`; `expected` may fill its sentence."""

    code: str
    field: str
    wrong: Callable[[WorkbookRow, WorkbookLine], bool]
    expected: Callable[[WorkbookLine], str] = lambda _line: ""


NOTHING: dict[str, dict[str, Any]] = {  # what a line says of a field that is set aside
    "profession": {"profession": ""},
    "card_type": {"card_type": ""},
    "card_expires_on": {"card_expires_on": None},
    "email": {"emails": ()},
    "phone": {"phones": ()},
    "comment": {"comment": ""},
}


def set_aside(line: WorkbookLine, check: RowCheck) -> WorkbookLine:
    """Return the line without the value that the check found wrong; as it is where its code is but a warning."""
    return replace(line, **NOTHING[check.field]) if issue_effects()[check.code] == "field" else line


def profession_unknown(row: WorkbookRow, line: WorkbookLine) -> bool:
    """Tell whether no synonym of `tables/professions.csv` fits."""
    return bool(row.profession) and not line.profession


def card_of_another_kind(_row: WorkbookRow, line: WorkbookLine) -> bool:
    """Tell whether a CPS carries an RPPS or ADELI number, a CPE one of the establishment."""
    return bool(line.card_type) and line.number.usable and line.number.kind.value not in card_kinds(line.card_type)


def cards_of_its_kind(line: WorkbookLine) -> str:
    """Return the cards that carry the number of the line."""
    return "CPE ou CPA" if line.number.kind is NumberKind.ESTABLISHMENT else "CPS ou CPF"


CHECKS = (
    RowCheck("PROFESSION_UNKNOWN", "profession", profession_unknown),
    RowCheck("CPX_TYPE_MISMATCH", "card_type", card_of_another_kind, cards_of_its_kind),
)
