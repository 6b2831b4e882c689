"""What a person must look at before anything is entered: identities in doubt, and structures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipelines import names
from pipelines.draft import Draft
from pipelines.identify import Identity
from pipelines.match import Match
from pipelines.rules.assignments import Planned, covers
from pipelines.world import World
from schemas.assignment import Assignment
from schemas.change import FieldChange
from schemas.identifiers import NumberKind

CHV_ST, TITULAIRE = "CHV_ST", "TITULAIRE"
_NEED_A_TITULAIRE = ("ES", "SITE", "ETS")


def doubtful_accounts(identities: Mapping[str, Identity]) -> Iterator[Draft]:
    """One review per account and doubt; accounts that share a number or a person are linked."""
    for key, identity in identities.items():
        account = identity.account
        for doubt in identity.doubts:
            keys = sorted([key, *(c.key for c in doubt.candidates if c.source == "annuaire")])
            number = account.number.number or account.number.raw
            yield Draft(
                reason=doubt.reason,
                who=key,
                account=account,
                person=identity.person,
                number=number,
                fields=tuple(_number_in_doubt(identity, doubt.reason)),
                candidates=doubt.candidates,
                target=[doubt.reason, number, [c.key for c in doubt.candidates]],
                values={"number": number},
                todo=("adeli_vanished",) if _vanished(identity, doubt.reason) else (),
                group=f"{doubt.reason}:{'|'.join(keys)}" if len(keys) > 1 else "",
            )


def _number_in_doubt(identity: Identity, reason: str) -> Iterator[FieldChange]:
    if reason in ("not_in_register", "shared_number"):
        raw = identity.account.number.raw
        yield FieldChange(field="cpx_number", before=raw, after=None, source="annuaire")


def _vanished(identity: Identity, reason: str) -> bool:
    return reason == "not_in_register" and identity.account.number.kind is NumberKind.ADELI


def doubtful_lines(matches: Sequence[Match]) -> Iterator[Draft]:
    """One review per person and function of a workbook that no certain match explains, candidates listed."""
    for found in matches:
        if found.how != "doubt":
            continue
        line = found.line
        accounts = [c.key for c in found.candidates if c.source == "annuaire"]
        yield Draft(
            reason="ambiguous_match",
            who=names.full_key(line.last_name, line.first_name),
            assignment=line.assignment,
            name=(line.last_name, line.first_name),
            number=line.number.number if line.number.usable else "",
            candidates=tuple(sorted(found.candidates)),
            target=["ambiguous_match", line.number.number, [c.key for c in sorted(found.candidates)]],
            values={"account": accounts[0] if len(accounts) == 1 else ""},
        )


def titulaires(world: World, planned: Planned) -> Iterator[Draft]:
    """`two_titulaires` and `no_titulaire`, on the annuaire as it will stand once tonight's changes are entered."""
    holders: dict[str, set[str]] = defaultdict(set)
    for account in world.active_accounts():
        for assignment in account.assignments:
            if (account.account_id, assignment) not in planned.ended and _is_titulaire(assignment):
                holders[assignment.structure_code].add(account.account_id)
    for who, assignment in planned.added:
        if _is_titulaire(assignment):
            holders[assignment.structure_code].add(who)
    served = {convention.structure_code for convention in world.conventions} | _closed(world)
    unseen = _unseen(world)
    for code, structure in sorted(world.structures.items()):
        if structure.type not in _NEED_A_TITULAIRE or code in unseen:
            continue
        assignment = Assignment(code, CHV_ST, TITULAIRE)
        if len(holders[code]) > 1:
            target = ["two_titulaires", sorted(holders[code])]
            yield Draft("two_titulaires", code, assignment=assignment, target=target)
        elif not holders[code] and code in world.annuaire_structures and code not in served:
            yield Draft("no_titulaire", code, assignment=assignment, target=["no_titulaire"])


def _unseen(world: World) -> set[str]:
    """Structures whose workbook could not be used: it may end, name or excuse a titulaire, so they are not accused."""
    unusable = [scope for scope in world.scopes if not scope.usable]
    return {code for code, one in world.structures.items() if any(covers(scope, one) for scope in unusable)}


def _is_titulaire(assignment: Assignment) -> bool:
    return (assignment.function, assignment.rank) == (CHV_ST, TITULAIRE)


def _closed(world: World) -> set[str]:
    return {code for code, row in (world.establishments or {}).items() if not row.is_open}


def closed_structures(world: World, planned: Planned) -> Iterator[Draft]:
    """`structure_closed`: an assignment that stays, at an establishment that the FINESS stock shows closed."""
    active = {
        assignment.structure_code
        for account in world.active_accounts()
        for assignment in account.assignments
        if (account.account_id, assignment) not in planned.ended
    }
    for code in sorted(_closed(world) & active):
        yield Draft(
            "structure_closed",
            code,
            assignment=Assignment(code, CHV_ST, TITULAIRE),
            target=["structure_closed"],
        )
