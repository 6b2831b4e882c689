"""What one source says of one person, as people read it: the same fields for every source, so that they compare."""

from dataclasses import dataclass
from datetime import date

from pipelines.phrase import value_text
from pipelines.sources.national.consolidate import Register
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import label_of, say
from schemas.people.assignment import Account, Assignment
from schemas.people.card import Card
from schemas.people.person import RegisterPerson
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ADELI, ANNUAIRE, PERSONS

# The fields of a view, from top to bottom; their labels are `field.<name>` of the catalogue.
FIELDS = (
    "last_name",
    "first_name",
    "civility",
    "profession",
    "cpx_number",
    "card_type",
    "card_expires_on",
    "card_opposed_on",
    "email",
    "phone",
    "function",
    "status",
)


@dataclass(frozen=True, slots=True)
class View:
    """`values`: field → what the source says; a field it says nothing of is not there. `place`: where in the source."""

    source: str
    place: str
    values: dict[str, str]


def _view(source: str, place: str, **values: str) -> View:
    shown = {name: value_text(name, text) for name, text in values.items() if text}
    return View(source, place, {name: shown[name] for name in FIELDS if name in shown})


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def account_view(account: Account, snapshot: Snapshot) -> View:
    """Return the annuaire; the number as it stands there."""
    return _view(
        ANNUAIRE,
        account.account_id,
        last_name=account.last_name,
        first_name=account.first_name,
        civility=account.civility,
        profession=account.profession,
        cpx_number=account.number.raw,
        card_type=account.card_type,
        card_expires_on=_day(account.card_expires_on),
        email=account.email,
        phone=account.phone,
        function="\n".join(_held(one, snapshot) for one in account.assignments),
        status=say("view.active" if account.active else "view.inactive"),
    )


def _held(assignment: Assignment, snapshot: Snapshot) -> str:
    structure = snapshot.structures.get(assignment.structure_code)
    kind = label_of("structure_types", structure.type) if structure else ""
    return say("view.held", function=assignment.label(), structure=f"{kind} {assignment.structure_code}".strip())


def person_view(person: RegisterPerson, register: Register) -> View:
    """Return the register: every profession it admits, the establishments of the activities."""
    numbers = [person.national_id, *sorted(old for old, new in register.links.items() if new == person.national_id)]
    return _view(
        person.source or (PERSONS if person.national_id.startswith("8") else ADELI),
        person.national_id,
        last_name=person.last_name,
        first_name=person.first_name,
        civility=", ".join(person.civilities),
        profession=", ".join(label_of("professions", code) for code in person.professions),
        cpx_number="\n".join((numbers[0], *(say("view.formerly", number=old) for old in numbers[1:]))),
        function="\n".join(sorted(person.finess)),
    )


def card_view(card: Card, day: date) -> View:
    """Return one card: the number it carries, and whether it opens e-FIT on the day."""
    state = "usable" if card.usable(day) else "opposed" if card.opposed(day) else "ended"
    return _view(
        card.source,
        card.serial,
        cpx_number=card.content_id or card.holder,
        card_type=card.card_type,
        card_expires_on=_day(card.ends_on),
        card_opposed_on=_day(card.opposed_on),
        status=say(f"view.{state if card.started(day) else 'to_come'}"),
    )


def line_view(line: WorkbookLine, snapshot: Snapshot) -> View:
    """Return one line of a workbook."""
    return _view(
        line.source,
        line.location,
        last_name=line.last_name,
        first_name=line.first_name,
        civility=line.civility,
        profession=line.profession or line.profession_text,
        cpx_number=line.number.raw or line.number.number,
        card_type=line.card_type,
        card_expires_on=_day(line.card_expires_on),
        email=", ".join(line.emails),
        phone="\n".join(line.phones),
        function=_held(line.assignment, snapshot),
        status=say("view.left" if line.left else "view.present"),
    )
