"""What is told of numbers in doubt: whose each is, in words, and each beside the right one where somebody tells it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines import names
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.people.person import RegisterPerson
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE, PERSONS


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """What a question about one number is about: a `line` of a workbook or an `account`, and where it stands."""

    what: str
    name: str
    place: Mapping[str, str]
    source: str


def told_numbers(
    snapshot: Snapshot, pattern: str, whose: Sequence[str], numbers: Sequence[tuple[str, str, str]], asked: AskedNumber
) -> Iterator[FieldChange]:
    """Yield them in words, then each as a field. `numbers`: as resolved, as written, and the right one or ""."""
    if len(numbers) == 1:
        (resolved, before, after), *_ = numbers
        known = "" if resolved in snapshot.register.persons else "_no_register"
        holder = whose_number(snapshot, resolved, asked.name)
        text = say(f"number.of_{asked.what}{known}", number=before, name=asked.name, holder=holder, **asked.place)
        text += f" {say('number.right', after=after)}" if after else ""
    else:
        each = [
            say(f"number.{_told_as(snapshot, number, after)}", who=who, before=before, after=after)
            for who, (number, before, after) in zip(whose, numbers, strict=True)
        ]
        text = " ".join([pattern, *each])
    yield FieldChange(field="detail", before=None, after=text, source=asked.source)
    for _, before, after in numbers:
        source = PERSONS if after in snapshot.register.persons else ANNUAIRE if after else asked.source
        yield FieldChange(field="cpx_number", before=before, after=after or None, source=source)


def _told_as(snapshot: Snapshot, number: str, right: str) -> str:
    """What is said of one of several numbers: which is right, that it is another's, or that it may be."""
    if right:
        return "correction"
    known = number in snapshot.register.persons or snapshot.holders(number) or number in snapshot.dormant
    return "unknown" if known else "perhaps"


def whose_number(snapshot: Snapshot, number: str, name: str) -> str:
    """Tell whose a number is at the register: a namesake is said to be one, and where they work. Where it has nobody:
    whose in the annuaire, else on which other lines it stands.
    """
    person = snapshot.register.persons.get(number)
    if person is None:
        return _whose_without_register(snapshot, number, name)
    holder = name_text(person)
    places = ", ".join(place_text(snapshot, code) for code in sorted(person.finess))
    where = say("number.where", places=places) if places else ""
    same = names.bag((person.last_name, person.first_name)) == names.bag((name, ""))
    return say("number.namesake" if same else "number.whose", holder=holder, where=where)


def _whose_without_register(snapshot: Snapshot, number: str, name: str) -> str:
    accounts = [*snapshot.holders(number), *snapshot.dormant.get(number, ())]
    if accounts:
        return ", ".join(say("number.whose_account", account=one.account_id, holder=name_text(one)) for one in accounts)
    lines = (line for line in snapshot.lines if line.number.number == number and name_text(line) != name)
    return ", ".join(dict.fromkeys(say("number.whose", holder=name_text(line), where="") for line in lines))


def place_text(snapshot: Snapshot, code: str) -> str:
    """Return « CH de Lorbeuil (région 24) »; the number of one that nobody names."""
    found = snapshot.structures.get(code)
    if found is None or not found.name:
        return code
    return say("number.place", name=found.name, region=found.region_code) if found.region_code else found.name


def name_text(one: Account | RegisterPerson | WorkbookLine) -> str:
    """Return the names as a sentence has them: « DUPONT Anne »."""
    return f"{one.last_name} {one.first_name}".strip()
