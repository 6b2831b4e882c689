"""A structure that a workbook mentioned once, and nowhere now: silence ends nobody, so it is asked (contract §6a)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.nomenclatures import say
from schemas.people.assignment import Account, Assignment
from schemas.people.structure import Structure
from schemas.reading.source_names import ANNUAIRE

NOT_MENTIONED = "structure_not_mentioned"
MOST = 20  # accounts shown, and how many more
# The function by which the procedure finds who keeps the structure: its head's.
_HEAD = {
    "REGION": ("CRH_ST", "TITULAIRE"),
    "ANSM": ("HEMOVIGILANT", ""),
    "EFS_NATIONAL": ("HEMOVIGILANT", ""),
    "CTSA": ("HEMOVIGILANT", ""),
}
_HEAD_OF_OTHERS = ("CHV_ST", "TITULAIRE")


def silent_structures(scene: Scene) -> Iterator[Draft]:
    """Yield one question for each structure with people in the annuaire; it stands until they are entered as gone, or
    named.

    « Fait » says that they left: their functions end from the next night on (`Snapshot.left_structures`).
    """
    snapshot = scene.snapshot
    staff = _staff(snapshot)
    for code, structure in sorted(snapshot.structures.items()):
        if code in staff and code not in scene.renumbered and _fell_silent(snapshot, structure, scene.unplaced):
            yield Draft(
                NOT_MENTIONED,
                code,
                assignment=Assignment(code, *_HEAD.get(structure.type, _HEAD_OF_OTHERS)),
                fields=tuple(_shown(staff[code])),
                target=[NOT_MENTIONED],
            )


def _fell_silent(snapshot: Snapshot, structure: Structure, unplaced: Collection[str]) -> bool:
    """`unplaced`: workbooks of which it is asked whether the column of establishments moved: what they do not mention
    may have been overwritten.
    """
    scopes = snapshot.scopes_of(structure)
    heard = bool(scopes) and all(scope.complete and scope.sure and scope.source not in unplaced for scope in scopes)
    return heard and not snapshot.mentions(structure) and snapshot.mentioned_once(structure)


def _staff(snapshot: Snapshot) -> Mapping[str, list[Account]]:
    """Structure → the active accounts that have a function there, each once."""
    found: dict[str, dict[str, Account]] = defaultdict(dict)
    for account in snapshot.active_accounts():
        for held in account.assignments:
            found[held.structure_code][account.account_id] = account
    return {code: list(there.values()) for code, there in found.items()}


def _shown(staff: Sequence[Account]) -> Iterator[FieldChange]:
    names = [f"{one.account_id} {one.last_name} {one.first_name}" for one in staff[:MOST]]
    names += [say("report.more_accounts", count=len(staff) - MOST)] if len(staff) > MOST else []
    return (FieldChange(field="account", before=name, after=None, source=ANNUAIRE) for name in names)


SILENCE: tuple[Rule, ...] = (silent_structures,)
