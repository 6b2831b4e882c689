"""What was not compared of an account, and why: « no difference » may only be said of what was looked at."""

from collections.abc import Container, Iterator, Sequence

from pipelines.matching.identify import Identity
from pipelines.phrase import source_text
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import say
from schemas.people.assignment import Assignment


def uncompared(snapshot: Snapshot, identity: Identity, ended: Container[Assignment]) -> Iterator[str]:
    """Yield a sentence each: registers that were not read, functions no workbook speaks of or that stand on no line and
    are not `ended` tonight, a question to decide.
    """
    if identity.blocked:
        yield say("uncompared.question")
    register = snapshot.register
    if register.configured and not register.persons_read:
        yield say("uncompared.persons")
    if register.configured and not register.cards_read:
        yield say("uncompared.cards")
    for held in identity.account.assignments:
        key, sources = _silence(snapshot, held)
        if not key and held not in ended and not any(line.assignment == held for line in identity.present):
            key = "unseen"
        if key:
            place = snapshot.structures.get(held.structure_code)
            name = place.name if place and place.name else held.structure_code
            told = ", ".join(map(source_text, sources))
            yield say(f"uncompared.{key}", function=held.label(), structure=name, sources=told)


def _silence(snapshot: Snapshot, held: Assignment) -> tuple[str, Sequence[str]]:
    """Why the workbooks say nothing of a function, and which; "" where they were heard."""
    structure = snapshot.structures.get(held.structure_code)
    scopes = snapshot.scopes_of(structure) if structure else []
    if structure is None or not scopes:
        return "no_workbook", ()
    if unsure := [scope.source for scope in scopes if not scope.sure]:
        return "not_whole", unsure
    if not all(scope.complete for scope in scopes):
        return "incomplete", [scope.source for scope in scopes]
    return ("" if snapshot.speaks_of(structure) else "silent"), [scope.source for scope in scopes]
