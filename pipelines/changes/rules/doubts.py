"""Identities in doubt: accounts and lines of which somebody must say who they are before anything is entered."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from pipelines import names
from pipelines.answer_choices import LINE, NUMBER
from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.changes.rules.told_numbers import AskedNumber, name_text, place_text, told_numbers
from pipelines.matching.candidates import Match, account_candidate
from pipelines.matching.doubts.aside import MOVED
from pipelines.matching.doubts.pasted import PASTED
from pipelines.matching.doubts.tangles import Tangle, tangles
from pipelines.matching.identify import Doubt, Identity
from pipelines.matching.scoring import strong_name
from pipelines.phrase import source_text
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.nomenclatures import say
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE, PERSONS

_TOLD_TOGETHER = (NUMBER, MOVED, PASTED)  # one question for all lines of one tangle, column or block


def doubtful_accounts(scene: Scene) -> Iterator[Draft]:
    """Yield one review per account and doubt; accounts that are one person are linked. Whether an account is the
    registered person of a line in doubt is asked with the line, which says more.
    """
    asked = {(key, found.own) for found in scene.matches if found.how == "doubt" for key in found.protected}
    busy = {draft.values["busy"]: draft.who for draft in scene.planned.drafts if draft.values.get("busy")}
    for key, identity in scene.identities.items():
        for doubt in identity.doubts:
            whom = {one.key for one in doubt.candidates}
            if doubt.reasons != ("ambiguous_match",) or len(whom) != 1 or (key, *whom) not in asked:
                yield _about_account(scene, key, identity, doubt, busy)


def _about_account(scene: Scene, key: str, identity: Identity, doubt: Doubt, busy: Mapping[str, str]) -> Draft:
    account = identity.account
    keys = sorted([key, *(c.key for c in doubt.candidates if c.source == ANNUAIRE)])
    number = account.number.number or account.number.raw
    others = [scene.snapshot.accounts[other] for other in keys if other != key]
    return Draft(
        reason=doubt.reason,
        also=doubt.also,
        who=key,
        account=account,
        person=identity.person,
        number=number,
        fields=tuple(_numbers_in_doubt(scene, identity, doubt)),
        candidates=(account_candidate(account), *doubt.candidates),
        target=[doubt.reason, number, [c.key for c in doubt.candidates if c.key not in doubt.offered]],
        values={
            "number": number,
            "numbers": ", ".join(scene.snapshot.register.forks.get(number, ())),
            **_held_by(scene.snapshot, key, doubt),
        },
        todo=_todo(scene, identity, doubt),
        group=_linked(keys, doubt, busy),
        concerned=tuple(held for other in others for held in other.assignments),
    )


def _linked(keys: Sequence[str], doubt: Doubt, busy: Mapping[str, str]) -> str:
    """What the review hangs together with: the other account of one person; or who is to be created with the number."""
    if len(keys) > 1 and doubt.reason == "duplicate_account":
        return f"{doubt.reason}:{'|'.join(keys)}"
    return next((busy[key] for key in keys if key in busy), "")


def _numbers_in_doubt(scene: Scene, identity: Identity, doubt: Doubt) -> Iterator[FieldChange]:
    """The numbers in question, whose they are, and beside each the right one where the register tells it."""
    if doubt.corrections:
        accounts = [scene.identities[one.account_id] for one in doubt.corrections]
        whose = [say("number.account", account=a.account.account_id, name=name_text(a.account)) for a in accounts]
        numbers = [(a.claim.number, one.before, one.after) for a, one in zip(accounts, doubt.corrections, strict=True)]
        pattern = say("number.accounts", lines=", ".join(a.account.account_id for a in accounts))
        first = accounts[0]
        asked = AskedNumber("account", name_text(first.account), {"account": first.account.account_id}, ANNUAIRE)
        yield from told_numbers(scene.snapshot, pattern, whose, numbers, asked)
    elif doubt.reason in ("not_in_register", "shared_number"):
        yield FieldChange(field="cpx_number", before=identity.account.number.raw, after=None, source=ANNUAIRE)


def _held_by(snapshot: Snapshot, key: str, doubt: Doubt) -> dict[str, str]:
    """The account that has the number of a candidate of the register already: who is meant may well be its holder."""
    listed = {one.key for one in doubt.candidates}
    persons = [one.key for one in doubt.candidates if one.source == PERSONS]
    for number, account in ((person, one) for person in persons for one in snapshot.holders(person)):
        if account.account_id not in {key, *listed}:
            places = ", ".join(place_text(snapshot, code) for code in sorted(account.places))
            where = say("number.where", places=places) if places else ""
            return {"held_number": number, "holder_account": account.account_id, "holder_places": where}
    return {}


def _todo(scene: Scene, identity: Identity, doubt: Doubt) -> tuple[str, ...]:
    snapshot = scene.snapshot
    if doubt.reason == "ambiguous_match":
        ending = any(key == identity.account.account_id for key, _ in scene.planned.ended)
        asked = _forked(snapshot, identity) or (("ambiguous_match_ending",) if ending else ("ambiguous_match",))
        held = _held_by(snapshot, identity.account.account_id, doubt)
        return (*asked, "held_by_account") if held else asked
    if doubt.reason == "not_in_register" and _forked(snapshot, identity):
        return ("adeli_forked",)
    if doubt.reason == "not_in_register" and identity.account.number.kind is NumberKind.ADELI:
        return ("adeli_vanished",)
    if doubt.reasons == ("shared_number",) and _onename_text(snapshot, identity, doubt):
        return ("shared_number_same",)
    if NUMBER in doubt.reasons:
        known = any(one.after for one in doubt.corrections)
        several = len(doubt.corrections) > 1
        case = "several" if several else "known" if known else "named" if doubt.offered else "unknown"
        if doubt.reason == "shared_number" and known and not several:
            return (f"{NUMBER}_{case}",)
        return (*doubt.reasons[:-1], f"{NUMBER}_{case}")
    return ()


def _forked(snapshot: Snapshot, identity: Identity) -> tuple[str, ...]:
    """What to do of an ADELI number that leads to several people; () for any other."""
    return ("adeli_forked", "ambiguous_match") if identity.account.number.number in snapshot.register.forks else ()


def _onename_text(snapshot: Snapshot, identity: Identity, doubt: Doubt) -> bool:
    """The accounts of one number are all of one name: one person, as far as anybody can tell."""
    accounts = [
        identity.account,
        *(snapshot.accounts[one.key] for one in doubt.candidates if one.key in snapshot.accounts),
    ]
    return len({names.bag((one.last_name, one.first_name)) for one in accounts}) == 1


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def doubtful_lines(scene: Scene) -> Iterator[Draft]:
    """Yield one review per person and function of a workbook that no certain match explains, candidates listed.

    Numbers that stand on each other's lines are one review (`doubts/tangles.py`); what stands on the line as it does
    in the annuaire is the account's.
    """
    asked = _asked_of_accounts(scene)
    for found in scene.matches:
        if found.how == "doubt" and found.reason not in _TOLD_TOGETHER and not _copied(found, asked, scene):
            line = found.line
            accounts = [c.key for c in found.candidates if c.key in scene.identities]
            yield Draft(
                reason=found.reason,
                who=names.full_key(line.last_name, line.first_name),
                assignment=line.assignment,
                name=(line.last_name, line.first_name),
                number=line.number.number if line.number.usable else "",
                fields=(_stands_at(line),),
                candidates=found.candidates,
                target=[found.reason, line.number.number, sorted(c.key for c in found.candidates)],
                values={"account": accounts[0] if len(accounts) == 1 else ""},
                more=found.more,
            )
    groups = {at: _group(m.line, scene.snapshot) for at, m in enumerate(scene.matches)}
    for tangle in tangles(scene.matches, groups, scene.snapshot.register.resolve):
        if not all(_copied(found, asked, scene) for found in tangle.lines):
            yield _about_numbers(tangle, scene.snapshot)


Questions = Mapping[tuple[str, str, str], frozenset[str]]


def _asked_of_accounts(scene: Scene) -> Questions:
    """(reason, account id, its number) of the reviews about accounts → whom each names."""
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    for key, identity in scene.identities.items():
        for doubt in identity.doubts:
            about = frozenset((key, *(one.key for one in doubt.candidates)))
            keys = (key, *(one.account_id for one in doubt.corrections))
            for reason, other in product(doubt.reasons, keys):
                found[reason, other, scene.identities[other].claim.number] = about
            for one in doubt.corrections:  # a line of theirs with the right number asks nothing more
                if one.account_id == key:
                    found["ambiguous_match", key, one.after] = about
    return found


def _copied(found: Match, asked: Questions, scene: Scene) -> bool:
    """The line has the name, the place and the number of an account of which the same is asked, and may be about nobody
    whom that review does not name.
    """
    number, place = scene.snapshot.register.resolve(found.line.number.number), found.line.assignment.structure_code
    return bool(number) and any(
        set(found.protected) <= asked.get((found.reason, key, number), frozenset())
        and place in scene.snapshot.accounts[key].places
        and _strongly_named(found, key)
        for key in found.protected
    )


def _stands_at(line: WorkbookLine) -> FieldChange:
    """Where the line in doubt is to be found; an answer that names somebody is about it."""
    return FieldChange(field=LINE, before=None, after=line.location, source=line.source)


def _group(line: WorkbookLine, snapshot: Snapshot) -> tuple[str, ...]:
    """What lines of one updater have in common: the workbook, and the level that the procedure routes by."""
    structure = snapshot.structures.get(line.assignment.structure_code)
    if structure is None or structure.type not in ("ES", "SITE"):
        return line.source, line.assignment.structure_code, line.assignment.function, line.assignment.rank
    return line.source, structure.type, structure.region_code, structure.parent_code


def _about_numbers(tangle: Tangle, snapshot: Snapshot) -> Draft:
    lines = [found.line for found in tangle.lines]
    first = lines[0]
    candidates = tuple(dict.fromkeys(one for found in tangle.lines for one in found.candidates))
    alone = tangle.pattern == "alone"
    accounts = [key for key in tangle.lines[0].protected if _strongly_named(tangle.lines[0], key)]
    return Draft(
        reason=NUMBER,
        who="+".join(names.full_key(line.last_name, line.first_name) for line in lines),
        assignment=first.assignment,
        name=(first.last_name, first.first_name),
        number=first.number.number,
        fields=(*_told(tangle, snapshot), *map(_stands_at, lines)),
        candidates=candidates,
        target=[NUMBER, [line.number.number for line in lines], sorted(c.key for c in candidates)],
        values={"account": accounts[0] if alone and len(tangle.lines[0].protected) == len(accounts) == 1 else ""},
        todo=(f"{NUMBER}_{_asking(tangle, snapshot)}",),
        more=sum(found.more for found in tangle.lines),
        told=not alone,
        concerned=tuple(line.assignment for line in lines[1:]),
    )


def _asking(tangle: Tangle, snapshot: Snapshot) -> str:
    """What is to be done, by who tells the right numbers: the register, the annuaire, or nobody."""
    proposed = [found.proposed for found in tangle.lines if found.proposed]
    if tangle.pattern == "alone":
        return "line_known" if proposed else "line_unknown"
    return "lines" if not proposed or set(proposed) & snapshot.register.persons.keys() else "lines_of_accounts"


def _strongly_named(found: Match, account_id: str) -> bool:
    """The account has the line's very name: the number proposed for the line's person is for it, and for no other."""
    likeness = next((one.likeness for one in found.candidates if one.key == account_id), None)
    return likeness is not None and strong_name(likeness.evidence)


def _told(tangle: Tangle, snapshot: Snapshot) -> Iterator[FieldChange]:
    """What happened in one sentence; then each line's number, and the one that would be right."""
    places = [found.line.location.rpartition("!")[2] for found in tangle.lines]
    values = {"count": len(places), "lines": ", ".join(places), "first": places[0], "last": places[-1]}
    first = tangle.lines[0].line
    source = source_text(first.source)
    pattern = say("number.in", source=source, what=say(f"number.{tangle.pattern}", **values)) if len(places) > 1 else ""
    whose = [say("number.line", place=p, name=name_text(m.line)) for p, m in zip(places, tangle.lines, strict=True)]
    resolve = snapshot.register.resolve
    numbers = [(resolve(m.line.number.number), m.line.number.raw, m.proposed) for m in tangle.lines]
    where = say("number.line_of", source=source, line=places[0])
    return told_numbers(
        snapshot, pattern, whose, numbers, AskedNumber("line", name_text(first), {"place": where}, first.source)
    )


DOUBTS: tuple[Rule, ...] = (doubtful_accounts, doubtful_lines)
