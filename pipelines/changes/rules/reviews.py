"""Structures somebody must look at: without a titulaire, or with too many, and who of them stays one; closed ones."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pipelines.changes.contact_lines import contacts_at, people_at
from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Planned, Rule, Scene
from pipelines.matching.identify import Identity
from pipelines.phrase import day_text, post_text
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.changes.judgement import Judgement
from schemas.nomenclatures import say
from schemas.people.assignment import Assignment
from schemas.reading.source_names import ANNUAIRE

CHV_ST, TITULAIRE = "CHV_ST", "TITULAIRE"
NEED_A_TITULAIRE = ("ES", "SITE", "ETS")


def titulaires(scene: Scene) -> Iterator[Draft]:
    """Yield `no_titulaire` on the annuaire of tonight; `two_titulaires` on it with tonight's ends and additions
    entered.

    A structure of the annuaire without one cannot declare today, whoever is on the way; two are too many only if they
    stay. Nothing is said while the workbook that could end, name or excuse a titulaire could not be used.
    """
    snapshot = scene.snapshot
    present, coming = _titulaires_by_structure(snapshot, scene.planned)
    served = snapshot.served | closed_in_stock(snapshot)
    unseen = _unseen(snapshot)
    for code, structure in sorted(snapshot.structures.items()):
        if structure.type not in NEED_A_TITULAIRE or code in unseen:
            continue
        assignment = Assignment(code, CHV_ST, TITULAIRE)
        if len(coming[code]) > 1:
            target = ["two_titulaires", sorted(coming[code])]
            people = (*people_at(snapshot, code, coming[code]), *_newcomers(scene.planned, assignment))
            yield Draft("two_titulaires", code, assignment=assignment, target=target, fields=people)
        elif not present[code] and code in snapshot.annuaire_structures and code not in served:
            todo = ("no_titulaire_coming",) if coming[code] else ()
            people = (*contacts_at(snapshot, code), *_newcomers(scene.planned, assignment))
            yield Draft("no_titulaire", code, assignment=assignment, target=["no_titulaire"], todo=todo, fields=people)


def _newcomers(planned: Planned, assignment: Assignment) -> Iterator[FieldChange]:
    """Those who are on the way to the post, with the address that their workbook gives."""
    for draft in planned.drafts:
        if draft.kind == "create_account" and draft.assignment == assignment:
            given = {one.field: one.after or "" for one in draft.fields}
            contact = ", ".join(filter(None, (given.get("email"), given.get("phone"))))
            name = " ".join(draft.name).strip()
            text = say("reach.coming", name=name, contact=contact or say("reach.unknown"))
            yield FieldChange(field="contact", before=None, after=text, source="workbooks")


def warn_of_vacancies(snapshot: Snapshot, planned: Planned) -> None:
    """Say on the end of a structure's last titulaire that nobody will be left to declare."""
    _, coming = _titulaires_by_structure(snapshot, planned)
    for draft in planned.drafts:
        ends = draft.kind == "end_assignment" and draft.assignment is not None and is_titulaire(draft.assignment)
        if ends and draft.assignment and not coming[draft.assignment.structure_code]:
            draft.todo = (*(draft.todo or (draft.reason,)), "last_titulaire")


Holders = Mapping[str, set[str]]


def _titulaires_by_structure(snapshot: Snapshot, planned: Planned) -> tuple[Holders, Holders]:
    """Structure → its active titulaires in the annuaire tonight; and once tonight's changes are entered."""
    present: dict[str, set[str]] = defaultdict(set)
    coming: dict[str, set[str]] = defaultdict(set)
    for account in snapshot.active_accounts():
        for assignment in filter(is_titulaire, account.assignments):
            present[assignment.structure_code].add(account.account_id)
            if (account.account_id, assignment) not in planned.ended:
                coming[assignment.structure_code].add(account.account_id)
    for who, assignment in planned.added:
        if is_titulaire(assignment):
            coming[assignment.structure_code].add(who)
    return present, coming


def _unseen(snapshot: Snapshot) -> set[str]:
    """Structures whose workbook could not be used: it may end, name or excuse a titulaire, so they are not accused;
    nor those of a row of the annuaire that nobody could read.
    """
    found = {row.structure_code for row in snapshot.unread if row.source == ANNUAIRE}
    if not snapshot.unsure_workbooks:
        return found
    sure = (code for code, one in snapshot.structures.items() if all(scope.sure for scope in snapshot.scopes_of(one)))
    return found | (snapshot.structures.keys() - set(sure))


def is_titulaire(assignment: Assignment) -> bool:
    """Tell whether it is a CHV-ST titulaire."""
    return (assignment.function, assignment.rank) == (CHV_ST, TITULAIRE)


Yielding = Mapping[tuple[str, Assignment], Judgement]


def yielding_ranks(snapshot: Snapshot, planned: Planned) -> Yielding:
    """Return (account, function) → the answer that another stays titulaire there; while that one is, and does
    not go.
    """
    found: dict[tuple[str, Assignment], Judgement] = {}
    for code in snapshot.judgements.places:
        said, post = snapshot.judgements.titulaire_of(code), Assignment(code, CHV_ST, TITULAIRE)
        stays = snapshot.accounts.get(said.keys[0]) if said else None
        holds = stays is not None and stays.active and post in stays.assignments
        if said and holds and (said.keys[0], post) not in planned.ended:
            found |= {(key, post): said for key in said.keys[1:]}
    return found


def end_ranks(snapshot: Snapshot, identity: Identity, planned: Planned, yielding: Yielding) -> None:
    """End this one's rank, whatever the workbook shows: another stays titulaire, said an updater."""
    account = identity.account
    for held in account.assignments:
        said = yielding.get((account.account_id, held))
        if said is None:
            continue
        stays = snapshot.accounts[said.keys[0]]
        name = f"{stays.last_name} {stays.first_name} – {stays.account_id}"
        planned.ended.add((account.account_id, held))
        draft = Draft("left", account.account_id, account, held, identity.person, group=account.account_id)
        draft.todo, draft.values = ("yields",), {"whom": name}
        draft.fields = (FieldChange(field="stays", before=None, after=name, source="answer"), answered_by(said))
        planned.drafts.append(draft)


def answered_by(said: Judgement) -> FieldChange:
    """Tell who said so, and when: no cell of a workbook does."""
    day = day_text(said.day)
    text = say("answer.by", post=post_text(said.by), day=day) if said.by else day
    return FieldChange(field="answer", before=None, after=text, source="answer")


def closed_in_stock(snapshot: Snapshot) -> set[str]:
    """Return the establishments that the FINESS stock shows closed; none without a stock."""
    return {code for code, row in (snapshot.establishments or {}).items() if not row.is_open}


def closed_structures(scene: Scene) -> Iterator[Draft]:
    """Yield `structure_closed`: an assignment that stays, at an establishment that the FINESS stock shows closed."""
    active = {
        assignment.structure_code
        for account in scene.snapshot.active_accounts()
        for assignment in account.assignments
        if (account.account_id, assignment) not in scene.planned.ended
    }
    for code in sorted((closed_in_stock(scene.snapshot) & active) - scene.renumbered):
        yield Draft(
            "structure_closed",
            code,
            assignment=Assignment(code, CHV_ST, TITULAIRE),
            target=["structure_closed"],
            fields=people_at(scene.snapshot, code),
        )


REVIEWS: tuple[Rule, ...] = (titulaires, closed_structures)
