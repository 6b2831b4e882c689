"""What tonight proves of a change that is no longer found: done in the annuaire, gone, or not to be judged."""

from collections.abc import Collection, Mapping

from pipelines.changes.fields import number_stands
from pipelines.changes.routing import Routing
from pipelines.normalize import civility_code, phone_key
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import AssignmentRef, Change, FieldChange
from schemas.nomenclatures import code_of, reasons
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import classify_cpx
from schemas.reading.filled import rests_on
from schemas.reading.source_names import PERSONS, WORKBOOK, register_name
from schemas.words import name_key


def assignment_of(ref: AssignmentRef) -> Assignment:
    """Return the assignment that a change names in the contract's words."""
    function = code_of("functions", ref.function) or ref.function
    return Assignment(ref.structure_code, function, code_of("ranks", ref.rank) or ref.rank)


def shown(change: Change, snapshot: Snapshot) -> bool:
    """Tell whether the annuaire shows the change entered: the account is there, and as it was asked for.

    An account that is there no more shows nothing (contract §6a). Alerts and reviews prove nothing either: they are
    withdrawn when untrue.
    """
    if change.kind in ("card_alert", "review"):
        return False
    if change.kind == "create_account":
        return _holder(change, snapshot) is not None
    account = snapshot.accounts.get(change.account_id) if change.account_id else _holder(change, snapshot)
    if account is None:
        return False
    match change.kind:
        case "add_assignment":
            return account.active and assignment_of(change.assignment) in account.assignments
        case "end_assignment":
            return not account.active or assignment_of(change.assignment) not in account.assignments
        case "deactivate_account":
            return not account.active
    return all(_entered(account, field) for field in change.fields)


def _holder(change: Change, snapshot: Snapshot) -> Account | None:
    """The active account of a person who had none when the change was made."""
    number = snapshot.register.resolve(classify_cpx(change.person.national_id).number)
    for account in snapshot.active_accounts():
        if number and account.number.usable and snapshot.register.resolve(account.number.number) == number:
            return account
    return None


def _entered(account: Account, field: FieldChange) -> bool:
    after = field.after or ""
    match field.field:
        case "cpx_number":
            return number_stands(account, after)
        case "last_name" | "first_name":
            return name_key(getattr(account, field.field)) == name_key(after)
        case "civility":
            return civility_code(account.civility) == civility_code(after)
        case "profession" | "card_type":
            table = f"{field.field}s"
            return code_of(table, getattr(account, field.field)) == code_of(table, after)
        case "card_expires_on":
            return account.card_expires_on is not None and account.card_expires_on.isoformat() == after
        case "email":
            return account.email.strip().lower() == after
        case "phone":
            return phone_key(account.phone) == phone_key(after)
    return False


def judged(
    change: Change, snapshot: Snapshot, routing: Routing, unusable: Collection[str], at_work: Collection[str] = ()
) -> bool:
    """Tell whether every source that could still say it was read whole: unreadable is not gone (decision 12).

    `unusable`: names of the sources that sat out tonight (`register.persons`, `workbook:…`), and of the columns of
    which nothing is known (`register.cards.opposed_on`). `at_work`: accounts that a workbook shows in a function
    tonight: that alone refutes a deactivation, whatever else could not be read.
    """
    if change.kind == "deactivate_account" and change.account_id in at_work:
        return True
    if change.kind == "deactivate_account" and (snapshot.unsure_workbooks or _pointed_at(change, snapshot)):
        return False  # it waits, as if it had never been looked for
    needs = {need for reason in change.reasons for need in reasons()[reason]["needs"].split("|") if need}
    if any(register_name(need) in unusable for need in needs):
        return False
    if any(not rests_on(reason).isdisjoint(unusable) for reason in change.reasons) or _nothing_said(change, snapshot):
        return False
    if snapshot.register.silent_about(change.person.national_id):
        return False
    if WORKBOOK not in needs:
        return True
    if any(field.source in unusable or _points_at(snapshot, field.source, change) for field in change.fields):
        return False
    places = _places(change, snapshot, routing)
    return not any(
        scope.source in unusable or _points_at(snapshot, scope.source, change)
        for code in places
        if code in snapshot.structures
        for scope in snapshot.scopes_of(snapshot.structures[code])
    )


def _nothing_said(change: Change, snapshot: Snapshot) -> bool:
    """The register still has the person, and nothing where it had what this change would enter."""
    person = snapshot.register.persons.get(snapshot.register.resolve(change.person.national_id))
    if person is None:
        return False
    given: Mapping[str, object] = {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "civility": person.civilities,
        "profession": person.professions,
    }
    return any(one.source == PERSONS and one.field in given and not given[one.field] for one in change.fields)


def _pointed_at(change: Change, snapshot: Snapshot) -> bool:
    """A row of any workbook that could not be read may give the account another function."""
    account = snapshot.accounts.get(change.account_id or "")
    if account is None:
        return False
    numbers = {account.number.number, account.number.raw, snapshot.register.resolve(account.number.number)} - {""}
    return snapshot.pointed_at((account.last_name, account.first_name), numbers, account.places)


def _places(change: Change, snapshot: Snapshot, routing: Routing) -> set[str]:
    account = snapshot.accounts.get(change.account_id or "")
    held = account.places if account else frozenset()
    return {code for code in (*held, change.assignment.structure_code) if code in routing.structures}


def _points_at(snapshot: Snapshot, source: str, change: Change) -> bool:
    """A row of the workbook that could not be read may be about this person."""
    person = change.person
    name = (person.last_name, person.first_name)
    place = change.assignment.structure_code
    return snapshot.clues(source).point_at(name, {person.national_id}, place)
