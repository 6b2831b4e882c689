"""Functions to add and to end on existing accounts, and accounts to deactivate."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from pipelines.changes.draft import Draft
from pipelines.changes.rules.reviews import Yielding, answered_by, end_ranks, yielding_ranks
from pipelines.changes.rules.roles import line_conflict
from pipelines.changes.rules.scene import Planned
from pipelines.changes.rules.silent_functions import post_of, unheard_functions
from pipelines.changes.rules.stands_elsewhere import StandsElsewhere, standing_of
from pipelines.matching.candidates import Match
from pipelines.matching.golden import line_order
from pipelines.matching.identify import Identity
from pipelines.names import bag
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.changes.judgement import Judgement
from schemas.nomenclatures import label_of
from schemas.people.assignment import Account, Assignment
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source import WorkbookScope

_ABSENCE = ("absent_from_workbook", "no_assignment_left")


def plan(snapshot: Snapshot, identities: Mapping[str, Identity], matches: Sequence[Match] = ()) -> Planned:
    """Return the drafts about the assignments of existing accounts, with the additions and endings they mean.

    Nobody is gone by absence of whom something stands anywhere in a workbook; who said of them that they left apart.
    """
    shield = _Shield(snapshot)
    planned = _planned(snapshot, identities, shield, {})
    yielding = yielding_ranks(snapshot, planned)
    absent = {draft.who for draft in planned.drafts if draft.reason in _ABSENCE} | set(planned.waiting)
    absent = {key for key in absent if not identities[key].gone and key not in snapshot.judgements.gone}
    standing = standing_of(snapshot, matches, identities, absent) if absent else StandsElsewhere()
    shield.standing = standing
    return _planned(snapshot, identities, shield, yielding) if standing.of or yielding else planned


def _planned(snapshot: Snapshot, identities: Mapping[str, Identity], shield: "_Shield", yielding: Yielding) -> Planned:
    planned = Planned()
    for identity in map(partial(_without_the_closed, snapshot), identities.values()):
        before, added = len(planned.drafts), len(planned.added)
        _additions(snapshot, identity, planned, yielding)
        end_ranks(snapshot, identity, planned, yielding)
        gone = snapshot.judgements.gone_of(identity.account)
        _endings(identity, shield, planned, _refused(snapshot, identity, yielding), gone)
        _deactivation(shield, identity, planned, before, coming=len(planned.added) > added)
        _wait_for_additions(planned.drafts[before:])
    return planned


def _without_the_closed(snapshot: Snapshot, identity: Identity) -> Identity:
    """Its lines at a structure that is closed, says an updater, show nobody there any more."""
    open_ones = tuple(line for line in identity.present if not snapshot.closed(line.assignment.structure_code))
    return identity if len(open_ones) == len(identity.present) else replace(identity, present=open_ones)


def _additions(snapshot: Snapshot, identity: Identity, planned: Planned, yielding: Yielding) -> None:
    account = identity.account
    held = {*account.assignments, *(at for key, at in yielding if key == account.account_id)}
    for line in sorted(identity.present, key=line_order):
        if line.assignment in held or line_conflict(snapshot, line, identity.person):
            continue
        held.add(line.assignment)
        planned.added.append((account.account_id, line.assignment))
        planned.drafts.append(
            Draft(
                "missing_assignment",
                account.account_id,
                account,
                line.assignment,
                identity.person,
                group=account.account_id,
            )
        )


def _refused(snapshot: Snapshot, identity: Identity, yielding: Yielding) -> list[Assignment]:
    """What lines give them and cannot be theirs: a slip of function or of place, perhaps for what they have; or a rank
    that another keeps.
    """
    held, mine = identity.account.assignments, identity.account.account_id
    lines = (line for line in identity.present if line.assignment not in held)
    refused = [line.assignment for line in lines if line_conflict(snapshot, line, identity.person)]
    return refused + [line.assignment for line in identity.present if (mine, line.assignment) in yielding]


def _may_mean(refused: Sequence[Assignment], held: Assignment) -> bool:
    return any(held.structure_code == one.structure_code or held.function == one.function for one in refused)


def _endings(
    identity: Identity,
    shield: "_Shield",
    planned: Planned,
    refused: Sequence[Assignment],
    gone: Judgement | None,
) -> None:
    """`gone`: the answer of an updater that the person left."""
    account = identity.account
    present = {line.assignment for line in identity.present}
    leaving = [line.assignment for line in identity.gone]
    for held in account.assignments:
        if held in present or (account.account_id, held) in planned.ended:
            continue
        doubtful = held.structure_code in identity.maybe_at
        closed = shield.closed(held)
        if _left(held, leaving, account, present) or ((gone or closed) and not doubtful):
            reason = "left"
        elif (
            not doubtful
            and not _may_mean(refused, held)
            and not identity.silent
            and shield.absent(account, held, identity)
            and not shield.stands(held, identity, planned)
        ):
            reason = "absent_from_workbook"
        else:
            continue
        planned.ended.add((account.account_id, held))
        answered = gone if gone and reason == "left" else None
        draft = Draft(reason, account.account_id, account, held, identity.person, group=account.account_id)
        elsewhere = shield.elsewhere(account, held) if reason == "absent_from_workbook" else ""
        if reason == "absent_from_workbook" and (now := _other_rank(identity, held)):
            _say_the_rank(draft, held, now)
        elif elsewhere:
            draft.todo, draft.values = ("absent_elsewhere",), {"elsewhere": elsewhere}
        if answered:
            draft.todo, draft.fields = ("left_answered",), (answered_by(answered),)
        elif closed and reason == "left":
            draft.todo, draft.fields = ("left_closed",), (_closed(held), answered_by(closed))
        elif identity.doubts or identity.elsewhere:  # whoever said that they left has settled what was asked of them
            draft.todo = (*(draft.todo or (reason,)), "question_first")
        planned.drafts.append(draft)


def _other_rank(identity: Identity, held: Assignment) -> WorkbookLine | None:
    """The line that gives the same function at the same place with another rank: nobody leaves."""
    same = (held.structure_code, held.function)
    found = (one for one in identity.present if (one.assignment.structure_code, one.assignment.function) == same)
    return next((one for one in found if one.assignment not in identity.account.assignments), None)


def _say_the_rank(draft: Draft, held: Assignment, now: WorkbookLine) -> None:
    before, after = _role(held), _role(now.assignment)
    draft.todo, draft.values = ("other_rank",), {"before": before, "after": after}
    draft.fields = (FieldChange(field="function", before=before, after=after, source=now.source),)


def _role(held: Assignment) -> str:
    """« CHV-ST titulaire »."""
    return f"{label_of('functions', held.function)} {label_of('ranks', held.rank).lower()}".strip()


def _closed(held: Assignment) -> FieldChange:
    return FieldChange(field="closed", before=None, after=held.structure_code, source="answer")


def _left(held: Assignment, gone: Sequence[Assignment], account: Account, present: set[Assignment]) -> bool:
    """A leaving row names the function; its rank may be missing or outdated where only one is held there."""
    if held in gone:
        return True
    same = [a for a in account.assignments if (a.structure_code, a.function) == (held.structure_code, held.function)]
    return (
        len(same) == 1
        and not present & set(same)
        and any((g.structure_code, g.function) == (held.structure_code, held.function) for g in gone)
    )


def _deactivation(shield: "_Shield", identity: Identity, planned: Planned, before: int, *, coming: bool) -> None:
    """The account goes with its last function, once every workbook was heard and no row of one is left that may have
    another for it.
    """
    account = identity.account
    left = [a for a in account.assignments if (account.account_id, a) not in planned.ended]
    yields = any("yields" in draft.todo for draft in planned.drafts[before:])  # of a rank, not of the place
    if left or yields or coming or identity.blocked or identity.present or shield.stands(None, identity, planned):
        return
    if shield.unheard(account, identity):
        planned.waiting.append(account.account_id)
        for draft in planned.drafts[before:]:
            draft.todo = (*(draft.todo or (draft.reason,)), "deactivation_waits")
        return
    planned.drafts.append(
        Draft(
            "no_assignment_left",
            account.account_id,
            account,
            None,
            identity.person,
            todo=("last_ending",) if account.assignments else (),
            group=account.account_id,
            at=account.assignments,
        )
    )


def _wait_for_additions(mine: Sequence[Draft]) -> None:
    """Who moves is never without a function: the ends of a move say that the addition comes first."""
    if any(draft.kind == "add_assignment" for draft in mine):
        for draft in mine:
            if draft.kind == "end_assignment" and "other_rank" not in draft.todo:  # which says so itself
                draft.todo = (*(draft.todo or (draft.reason,)), "after_addition")


class _Shield:
    """Who may not be ended for being absent: unread rows point at them, or the workbook is not whole; or they stand in
    it, beside the lines that were read, as far as that is known (`standing`).
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.standing = StandsElsewhere()

    def stands(self, held: Assignment | None, identity: Identity, planned: Planned) -> bool:
        """Something of them stands where no line of theirs was read; it is asked about."""
        account_id = identity.account.account_id
        found = self.standing.of.get(account_id, ())
        if not found or (held and not self.standing.keeps(account_id, held, elsewhere=bool(identity.present))):
            return False
        planned.kept |= dict.fromkeys(found)
        return True

    def closed(self, held: Assignment) -> Judgement | None:
        """The answer of an updater that its structure is closed."""
        return self._snapshot.closed(held.structure_code)

    def absent(self, account: Account, held: Assignment, identity: Identity) -> bool:
        """The assignment is in the scope of a whole workbook that does not have it."""
        structure = self._snapshot.structures.get(held.structure_code)
        scopes = self._snapshot.scopes_of(structure) if structure else []
        if not structure or not scopes or not all(scope.complete and scope.sure for scope in scopes):
            return False
        if not self._snapshot.speaks_of(structure) or self._is_unheard(scopes, held):
            return False
        name, numbers = (account.last_name, account.first_name), self._numbers(account, identity)
        sources = {scope.source for scope in scopes}
        return not any(self._snapshot.clues(one).point_at(name, numbers, held.structure_code) for one in sources)

    def _is_unheard(self, scopes: Sequence[WorkbookScope], held: Assignment) -> bool:
        """No row of the workbook is of this function, which several have: it is a list of others."""
        if held.structure_code in self._snapshot.left_structures:
            return False
        posts = (held.function, post_of(held))
        return any((scope.source, post) in self._unheard_functions for scope in scopes for post in posts)

    @cached_property
    def _unheard_functions(self) -> Mapping[tuple[str, str], Sequence[Account]]:
        return unheard_functions(self._snapshot)

    def unheard(self, account: Account, identity: Identity) -> bool:
        """Somewhere it may stand unseen: in a workbook that could not be used whole, or in a row left out of any."""
        name, numbers = (account.last_name, account.first_name), self._numbers(account, identity)
        return bool(self._snapshot.unsure_workbooks) or self._snapshot.pointed_at(name, numbers, account.places)

    def elsewhere(self, account: Account, held: Assignment) -> str:
        """Where else the workbooks of this function's structure show somebody of this name or number; "" nowhere."""
        structure = self._snapshot.structures.get(held.structure_code)
        sources = {scope.source for scope in self._snapshot.scopes_of(structure)} if structure else set()
        number = self._snapshot.register.resolve(account.number.number) if account.number.usable else ""
        found = [*self._lines[number], *self._lines[bag((account.last_name, account.first_name))]]
        places = {
            line.assignment.structure_code: line.structure_name
            for line in found
            if line.source in sources and line.assignment.structure_code != held.structure_code
        }
        named = (self._named(code, name) for code, name in sorted(places.items()))
        return ", ".join(named)

    def _named(self, code: str, name: str) -> str:
        known = self._snapshot.structures.get(code)
        return (known.name if known else "") or name or code

    @cached_property
    def _lines(self) -> defaultdict[str, list[WorkbookLine]]:
        """Lines of people in post by the number they have now, and by their name."""
        found: defaultdict[str, list[WorkbookLine]] = defaultdict(list)
        for line in self._snapshot.lines:
            if line.left:
                continue
            found[bag((line.last_name, line.first_name))].append(line)
            if line.number.usable:
                found[self._snapshot.register.resolve(line.number.number)].append(line)
        found.pop("", None)
        return found

    def _numbers(self, account: Account, identity: Identity) -> set[str]:
        """Every number that may stand for them; none is "", which would be everybody's."""
        number = account.number
        known = {number.number, number.raw, identity.person_id, self._snapshot.register.resolve(number.number)}
        return known - {""}
