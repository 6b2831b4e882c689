"""Lines that name somebody beside their own person: who has no line of their own is asked about (contract §6a)."""

from collections.abc import Iterator

from pipelines import names
from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.matching.candidates import MOST
from schemas.nomenclatures import say


def others_named(scene: Scene) -> Iterator[Draft]:
    """Yield one review for a line that names others beside its own person, of whom no line of their own tells."""
    for found in scene.matches:
        if not found.beside or found.how == "doubt":
            continue
        line, alone = found.line, found.beside[0] if len(found.beside) == 1 else None
        account = scene.snapshot.accounts[alone.key] if alone else None
        whom = ", ".join(one.label for one in found.beside[:MOST])
        place = say(
            "number.line", place=line.location.rpartition("!")[2], name=f"{line.last_name} {line.first_name}".strip()
        )
        yield Draft(
            reason="ambiguous_match",
            who=f"{names.full_key(line.last_name, line.first_name)}+{'+'.join(one.key for one in found.beside)}",
            assignment=line.assignment,
            name=(account.last_name, account.first_name) if account else (line.last_name, line.first_name),
            number=account.number.number if account else "",
            candidates=found.beside[:MOST],
            target=["ambiguous_match", "beside", sorted(one.key for one in found.beside)],
            values={"account": alone.key if alone else "", "place": place, "whom": whom},
            todo=("named_beside",),
            more=len(found.beside[MOST:]),
        )


NAMED: tuple[Rule, ...] = (others_named,)
