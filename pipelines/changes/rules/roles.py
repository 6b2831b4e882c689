"""Function, rank, structure type, profession and card type that do not go together (contract §6, `roles.csv`)."""

from collections.abc import Iterator, Sequence
from functools import cache

from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.matching.candidates import Match
from pipelines.matching.golden import golden
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.nomenclatures import code_of, label_of, profession_group, rows, say, terms
from schemas.people.assignment import Assignment
from schemas.people.identifiers import NumberKind
from schemas.people.person import GoldenPerson
from schemas.people.workbook_line import WorkbookLine


@cache
def _table() -> dict[tuple[str, str], tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """(function, structure type) → (ranks, profession group, card types)."""
    return {
        (row["function"], row["structure_type"]): (
            tuple(row["rank"].split("|")),
            row["profession_group"],
            tuple(row["card_types"].split("|")),
        )
        for row in rows("roles")
    }


def conflict(
    assignment: Assignment,
    structure_type: str,
    professions: Sequence[str],
    profession_text: str,
    card_type: str,
) -> str:
    """Return the French sentence of what does not go together, "" when all does. An unknown value is no conflict."""
    function = label_of("functions", assignment.function)
    if assignment.function not in terms("functions") or structure_type not in terms("structure_types"):
        return ""
    found = _table().get((assignment.function, structure_type))
    if found is None:
        return say("role.place", function=function, structure_type=label_of("structure_types", structure_type))
    ranks, group, card_types = found
    if assignment.rank not in ranks:
        return say("role.rank", rank=label_of("ranks", assignment.rank), function=function)
    groups = {profession_group(code) for code in professions if code}
    if group and groups and group not in groups:
        return say("role.profession", function=function, profession=profession_text)
    if card_type and card_type not in card_types:
        return say("role.card_type", function=function, expected=", ".join(card_types), card_type=card_type)
    return ""


def line_conflict(snapshot: Snapshot, line: WorkbookLine, person: GoldenPerson) -> str:
    """Return the conflict of a workbook line, for which the function is then not proposed."""
    professions = person.professions or tuple(filter(None, (line.profession,)))
    text = label_of("professions", professions[0]) if professions else line.profession_text
    card_type = _card_type(person, line.card_type)
    return conflict(line.assignment, snapshot.type_of(line.assignment), professions, text, card_type)


def _card_type(person: GoldenPerson, otherwise: str) -> str:
    """Of the current card, "" where nobody knows which one that is; `otherwise` where no card is known."""
    if person.card is None:
        return otherwise
    return person.card.card_type if person.certain else ""


def _account_conflict(snapshot: Snapshot, identity: Identity, assignment: Assignment) -> str:
    account, person = identity.account, identity.person
    said = person.value("profession") or code_of("professions", account.profession)
    professions = person.professions or tuple(filter(None, (said,)))
    text = label_of("professions", professions[0]) if professions else account.profession
    card_type = _card_type(person, code_of("card_types", account.card_type))
    return conflict(assignment, snapshot.type_of(assignment), professions, text, card_type)


def incompatible_roles(scene: Scene) -> Iterator[Draft]:
    """Yield one review per account and assignment, or per workbook line that would add one."""
    snapshot, ended = scene.snapshot, scene.planned.ended
    for key, identity in scene.identities.items():
        for assignment in identity.account.assignments:
            detail = _account_conflict(snapshot, identity, assignment)
            if detail and (key, assignment) not in ended:
                yield _draft(detail, identity, assignment)
        for line in identity.present:
            detail = line_conflict(snapshot, line, identity.person)
            if detail and line.assignment not in identity.account.assignments:
                yield _draft(detail, identity, line.assignment)
    for found in scene.matches:
        if found.how in ("new", "register_name") and not found.account_id and not found.line.left and found.person_id:
            yield from _new_line(snapshot, found)


def _draft(detail: str, identity: Identity, assignment: Assignment) -> Draft:
    account = identity.account
    return Draft(
        reason="role_incompatible",
        who=account.account_id,
        account=account,
        assignment=assignment,
        person=identity.person,
        fields=(_detail(detail),),
        target=["role_incompatible", detail],
    )


def _detail(sentence: str) -> FieldChange:
    """What does not go together, as a field that reports show as the reason."""
    return FieldChange(field="detail", before=None, after=sentence, source="")


def _new_line(snapshot: Snapshot, found: Match) -> Iterator[Draft]:
    line = found.line
    person = golden(snapshot, found.person_id, [line])
    detail = line_conflict(snapshot, line, person)
    if detail and (person.registered or line.number.kind is NumberKind.ESTABLISHMENT):
        yield Draft(
            reason="role_incompatible",
            who=found.person_id,
            assignment=line.assignment,
            person=person,
            name=(line.last_name, line.first_name),
            number=found.person_id,
            target=["role_incompatible", detail],
            fields=(_detail(detail),),
        )


ROLES: tuple[Rule, ...] = (incompatible_roles,)
