"""Persons of the workbooks who have no account: one to create, or what stands in the way."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines import names
from pipelines.changes.draft import Draft
from pipelines.changes.rules.roles import line_conflict
from pipelines.changes.rules.scene import Planned
from pipelines.matching.candidates import MOST, Match, person_candidate
from pipelines.matching.decided import JUDGED
from pipelines.matching.doubts.newcomers import newcomers
from pipelines.matching.golden import golden, line_order
from pipelines.matching.index import name_of
from pipelines.normalize import show_phone
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.nomenclatures import code_of, label_of
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.person import GoldenPerson
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE


def create(snapshot: Snapshot, matches: Sequence[Match], planned: Planned) -> None:
    """Add to `planned` the creations, with their further functions linked, and the persons without a number."""
    people = newcomers(matches)
    beside = _Accounts(_busy(snapshot, people), _left(snapshot, people))
    for key, found in sorted(people.items()):
        planned.drafts.extend(_creation(snapshot, key, found, planned, beside))


@dataclass(frozen=True, slots=True)
class _Accounts:
    """`busy`: number of a newcomer → the active account that has it all the same; `left`: name → the deactivated
    accounts of it.
    """

    busy: Mapping[str, str]
    left: Mapping[str, Sequence[Account]]


def _busy(snapshot: Snapshot, numbers: Collection[str]) -> dict[str, str]:
    """Those of the numbers that stand on an active account all the same → the first such account, by its id."""
    found: dict[str, str] = {}
    for account in snapshot.active_accounts() if numbers else ():
        number = snapshot.register.resolve(account.number.number) if account.number.usable else ""
        if number in numbers:
            found.setdefault(number, account.account_id)
    return found


def _left(snapshot: Snapshot, people: Mapping[str, Sequence[Match]]) -> dict[str, list[Account]]:
    """Name of a newcomer → the deactivated accounts of that very name."""
    wanted = {names.full_key(*name_of(one.line)) for lines in people.values() for one in lines}
    found: dict[str, list[Account]] = defaultdict(list)
    for account in snapshot.accounts.values() if wanted else ():
        if not account.active and (name := names.full_key(*name_of(account))) in wanted:
            found[name].append(account)
    return found


def _creation(
    snapshot: Snapshot, key: str, found: Sequence[Match], planned: Planned, beside: _Accounts
) -> Iterator[Draft]:
    lines = sorted((m.line for m in found), key=line_order)
    person_id = found[0].person_id
    person = golden(snapshot, person_id, lines)
    first = lines[0]
    draft = Draft(
        reason="missing_account",
        who=key,
        assignment=first.assignment,
        person=person,
        name=(person.value("last_name") or first.last_name, person.value("first_name") or first.first_name),
        number=person.value("cpx_number") or person_id,
        number_kind=first.number.kind.value,
    )
    unseen = snapshot.clues(ANNUAIRE).point_at(
        draft.name, {draft.number, person_id} - {""}, first.assignment.structure_code
    )
    obstacle = "unread" if unseen else _obstacle(snapshot, person, found)
    if obstacle == "card_missing":
        reached = tuple(one for one in _to_enter(draft) if one.field in ("email", "phone"))
        alert = replace(draft, reason=obstacle, card_steps=True, target=[obstacle], fields=reached)
        yield _without_card(snapshot, alert, lines)
    elif obstacle == "not_in_register":
        yield replace(draft, reason=obstacle, target=[obstacle, person_id], values={"number": person_id})
    elif obstacle == "":
        yield from _account_with_functions(snapshot, draft, lines, planned, beside)


def _without_card(snapshot: Snapshot, draft: Draft, lines: Sequence[WorkbookLine]) -> Draft:
    """Where no number tells who it is: whom the register knows by this name, and may be meant; asked once for all their
    functions.
    """
    told = draft.assignment
    draft = replace(draft, concerned=tuple(dict.fromkeys(a for line in lines if (a := line.assignment) != told)))
    if draft.person and draft.person.person_id:
        return draft
    said = {line.profession for line in lines} - {""}
    aside = snapshot.judgements.set_aside(draft.name, {line.assignment.structure_code for line in lines}, "")
    known = [
        snapshot.register.persons[key] for key in sorted(snapshot.register.namesakes(*draft.name)) if key not in aside
    ]
    known = [one for one in known if not said or not one.professions or not said.isdisjoint(one.professions)]
    if not known:
        return draft
    whom = ", ".join(f"{one.national_id} {one.last_name} {one.first_name}" for one in known[:MOST])
    return replace(
        draft,
        candidates=tuple(map(person_candidate, known[:MOST])),
        todo=("known_by_name", draft.reason),
        values={"whom": f"{whom}…" if len(known) > MOST else whom},
    )


def _obstacle(snapshot: Snapshot, person: GoldenPerson, found: Sequence[Match]) -> str:
    """card_missing, not_in_register, unread (nothing can be said tonight), or "" when an account may be created."""
    number = found[0].line.number
    if found[0].how in ("register_name", JUDGED):
        if not person.certain:
            return "unread"
        return "" if person.card and person.card.state == "valid" else "card_missing"
    if number.kind is NumberKind.SERIAL:
        return "unread"
    if not number.usable:
        return "card_missing"
    if person.registered or number.kind is NumberKind.ESTABLISHMENT or not snapshot.register.configured:
        return ""
    if snapshot.register.silent_about(number.number) or not snapshot.register.persons_read:
        return "unread"
    line = found[0].line
    said = snapshot.judgements.right_on(
        (line.last_name, line.first_name), line.assignment.structure_code, person.person_id
    )
    return "" if said else "not_in_register"


def _account_with_functions(
    snapshot: Snapshot, draft: Draft, lines: Sequence[WorkbookLine], planned: Planned, beside: _Accounts
) -> Iterator[Draft]:
    """create_account at the highest-level function that is allowed, a linked add_assignment for each other."""
    assert draft.person is not None
    allowed = [line for line in lines if not line_conflict(snapshot, line, draft.person)]
    functions = list(dict.fromkeys(line.assignment for line in allowed))
    if not functions:
        return
    busy = beside.busy.get(draft.who, "")
    dormant = _inactive(snapshot, draft) or _come_back(snapshot, draft, lines[0], beside)
    todo = (*(["number_busy"] if busy else []), _doing(snapshot, draft, dormant))
    yield replace(
        draft,
        assignment=functions[0],
        fields=(*_to_enter(draft), *_reactivating(dormant)),
        target={"cpx_number": draft.number},
        values={
            "number": draft.number,
            "account": dormant.account_id if dormant else "",
            "held": dormant.number.number if dormant else "",
            "busy": busy,
        },
        todo=todo,
        group=draft.who,
        at=tuple(functions),
    )
    for assignment in functions:
        planned.added.append((draft.who, assignment))
    for assignment in functions[1:]:
        yield replace(
            draft,
            reason="missing_assignment",
            assignment=assignment,
            todo=("linked_assignment",),
            group=draft.who,
        )


def _to_enter(draft: Draft) -> Iterator[FieldChange]:
    """Every value of the account to create, each with its source."""
    person = draft.person
    assert person is not None
    shown = {"civility": "civilities", "profession": "professions"}
    if draft.number and not person.value("cpx_number"):  # read on the card, said an updater: no register has it
        yield FieldChange(field="cpx_number", before=None, after=draft.number, source="answer")
    for name in ("cpx_number", "civility", "last_name", "first_name", "profession"):
        found = person.fields.get(name)
        if found and found.value:
            after = label_of(shown[name], found.value) if name in shown else found.value
            yield FieldChange(field=name, before=None, after=after, source=found.source)
    card = person.sure_card
    if card and card.card_type:
        yield FieldChange(field="card_type", before=None, after=card.card_type, source=card.source)
    if card and card.ends_on:
        yield FieldChange(field="card_expires_on", before=None, after=card.ends_on.isoformat(), source=card.source)
    for name, (first, *_) in person.contacts.items():
        after = show_phone(first.value) if name == "phone" else first.value
        yield FieldChange(field=name, before=None, after=after, source=first.source)


def _reactivating(dormant: Account | None) -> Iterator[FieldChange]:
    """The account to use again, where there is one: it is said before anything is typed in."""
    if dormant:
        yield FieldChange(field="account", before=None, after=dormant.account_id, source=ANNUAIRE)


def _inactive(snapshot: Snapshot, draft: Draft) -> Account | None:
    """A deactivated account of the same person, to reactivate instead of creating a second."""
    assert draft.person is not None
    found = snapshot.dormant.get(draft.person.person_id, ())
    return next((one for one in found if names.agree((one.last_name, one.first_name), draft.name)), None)


def _come_back(snapshot: Snapshot, draft: Draft, line: WorkbookLine, beside: _Accounts) -> Account | None:
    """The only deactivated account of this very name with the line's address; or at its place, where neither number nor
    profession tells that it was somebody else's: a CPE or CPA number changes with a slip or a new card.
    """
    named = beside.left.get(names.full_key(*name_of(line)), ())
    if len(named) != 1:
        return None
    one = named[0]
    if one.email.strip().lower() in line.emails:
        return one
    told = {code_of("professions", one.profession), line.profession} - {""}
    apart = _two_registered(snapshot, draft, one) or len(told) > 1
    return one if line.assignment.structure_code in one.places and not apart else None


def _two_registered(snapshot: Snapshot, draft: Draft, account: Account) -> bool:
    """The register has both numbers, and the account's under its own name: they are namesakes, as far as it tells."""
    persons, number = snapshot.register.persons, snapshot.register.resolve(account.number.number)
    theirs = persons.get(number)
    if theirs is None or draft.number not in persons or number == draft.number:
        return False
    return names.agree((theirs.last_name, theirs.first_name), name_of(account))


def _doing(snapshot: Snapshot, draft: Draft, dormant: Account | None) -> str:
    """What is to be done: where the account has another number, whether it is hers is to be looked at first."""
    if dormant is None:
        return "missing_account"
    held = snapshot.register.resolve(dormant.number.number)
    return "reactivate_other" if held and held != draft.number else "reactivate"
