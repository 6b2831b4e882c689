"""Lines that name somebody and whose status, function or establishment nobody could read (contract §6a).

One question for each workbook and kind of wording, to who keeps it, with what was read and whom it may be about.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipelines import names
from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.matching.candidates import Candidate, account_candidate
from pipelines.natural_order import natural
from pipelines.phrase import place_text
from pipelines.sources.cells.own_words import STATUS, word_key
from pipelines.sources.mentions import names_beside, tells_of_others
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.workbook.traces import Trace
from pipelines.workbook_keepers import ADMIN, keeper_of
from schemas.changes.change import FieldChange
from schemas.nomenclatures import say
from schemas.people.assignment import Assignment
from schemas.people.workbook_line import UnreadRow
from schemas.reading.issue import quoted
from schemas.words import label_key

_MOST = 10  # lines and candidates that one question names


def not_understood(scene: Scene) -> Iterator[Draft]:
    """Yield the questions, with the accounts that the lines may be about by number or by name; nothing else is
    concluded.
    """
    kinds = _kinds(scene.snapshot.unread)
    accounts = _accounts(scene.snapshot, [row for theirs in kinds.values() for row in theirs])
    for one in scene.planned.kept:
        accounts[one.line].append(account_candidate(scene.snapshot.accounts[one.account_id]))
    scopes = {scope.source: scope for scope in scene.snapshot.scopes}
    for (source, field, key), theirs in sorted(kinds.items()):
        scope = scopes.get(source)
        keeper = keeper_of(scope)
        detail = _detail(field, theirs)
        alone = theirs[0] if len(theirs) == 1 else None
        yield Draft(
            reason="line_not_understood",
            who=f"{source}|{field}|{key}",
            assignment=Assignment(scope.code if scope else "", "", ""),
            name=alone.name if alone else ("", ""),
            number=alone.numbers[0] if alone and alone.numbers else "",
            fields=(FieldChange(field="detail", before=None, after=detail, source=source),),
            candidates=tuple(sorted({one for row in theirs for one in accounts.get(row.location, ())}))[:_MOST],
            target=["line_not_understood", source, field, key],
            keeper=("", "") if keeper == ADMIN else (keeper.post, keeper.scope),
        )


def questions_in(unread: Iterable[UnreadRow]) -> list[str]:
    """Return what is asked of the lines that were not understood, as the night asks it: to whom a file is shown
    alone.
    """
    return [_detail(field, theirs) for (_, field, _), theirs in sorted(_kinds(unread).items())]


def _kinds(unread: Iterable[UnreadRow]) -> dict[tuple[str, str, str], list[UnreadRow]]:
    """(source, what was not understood, its wording) → the lines: one question each."""
    kinds: dict[tuple[str, str, str], list[UnreadRow]] = defaultdict(list)
    for row in unread:
        if row.not_understood:
            kinds[row.source, row.not_understood, _key_of(row)].append(row)
    return kinds


def _key_of(row: UnreadRow) -> str:
    """The wording, of what says a departure without its day: « Parti ? 01/09 », « Parti ? 15/10 » are one question."""
    if row.not_understood in ("status", "left_more", "not_yet", "remark", "comment"):
        return word_key(STATUS, row.wording) or label_key(row.wording)
    return label_key(row.wording)


def _detail(field: str, theirs: Sequence[UnreadRow]) -> str:
    lines = list(
        dict.fromkeys(f"{place_text(row.location)} {' '.join(filter(None, row.name))}".strip() for row in theirs)
    )
    more = "; ".join([*lines[:_MOST], *(["…"] if len(lines) > _MOST else [])])
    return say(f"wording.{field}", found=quoted(theirs[0].wording), count=len(lines), lines=more)


def _accounts(snapshot: Snapshot, unread: Sequence[UnreadRow]) -> dict[str, list[Candidate]]:
    """Line → the active accounts that have its number or its name."""
    lines: dict[str, list[str]] = defaultdict(list)
    for row in unread:
        for number in dict.fromkeys((*row.numbers, *row.further.numbers)):
            lines[number].append(row.location)
        if row.name[0]:
            lines[names.full_key(*row.name)].append(row.location)
    telling: dict[str, list[UnreadRow]] = defaultdict(list)
    nameless: dict[str, list[str]] = defaultdict(list)
    for row in unread:
        if not row.name[0] and not row.numbers and row.structure_code:
            nameless[row.structure_code].append(row.location)
        if tells_of_others(row.name, row.further, ()):
            telling[row.structure_code].append(row)
    found: dict[str, list[Candidate]] = defaultdict(list)
    for account in snapshot.active_accounts() if lines or telling or nameless else ():
        name = account.last_name, account.first_name
        places = [location for key in (account.number.number, names.full_key(*name)) for location in lines.get(key, ())]
        beside = (row for code in (*account.places, "") for row in telling.get(code, ()))
        places += [row.location for row in beside if names_beside(row.name, row.further, (), name)]
        places += [location for code in account.places for location in nameless.get(code, ())]
        for location in dict.fromkeys(places):
            found[location].append(account_candidate(account))
    return found


def named_aside(scene: Scene) -> Iterator[Draft]:
    """Yield one question for each workbook: those whom no line has, and who stand in it elsewhere, each with
    the cell. Who is named in the question about such a row is not asked about twice; a question about somebody else's
    row tells nothing of them.
    """
    found: dict[str, list[Trace]] = defaultdict(list)
    told = _told(scene)
    for one in sorted(scene.planned.kept, key=lambda one: (one.source, natural(one.location))):
        if (one.source, one.account_id) not in told:
            told.add((one.source, one.account_id))
            found[one.source].append(one)
    scopes = {scope.source: scope for scope in scene.snapshot.scopes}
    for source, theirs in sorted(found.items()):
        scope, keeper = scopes.get(source), keeper_of(scopes.get(source))
        people = [account_candidate(scene.snapshot.accounts[one.account_id]) for one in theirs]
        shown = "; ".join(
            f"{place_text(one.location)} {who.label}" for one, who in list(zip(theirs, people, strict=True))[:_MOST]
        )
        lines = f"{shown}; …" if len(theirs) > _MOST else shown
        detail = say("wording.aside", count=len(theirs), lines=lines)
        yield Draft(
            reason="line_not_understood",
            who=f"{source}|aside|",
            assignment=Assignment(scope.code if scope else "", "", ""),
            fields=(FieldChange(field="detail", before=None, after=detail, source=source),),
            candidates=tuple(people[:_MOST]),
            target=["line_not_understood", source, "aside", ""],
            keeper=("", "") if keeper == ADMIN else (keeper.post, keeper.scope),
            todo=("named_aside",),
        )


def _told(scene: Scene) -> set[tuple[str, str]]:
    """(source, account) of those kept whom the question about a row of that workbook names: one that was not understood
    names all who stand in it, one about who a line is those who may be meant.
    """
    asked = {(row.source, row.location) for row in scene.snapshot.unread if row.not_understood}
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in scene.matches:
        if one.how == "doubt":
            named[one.line.source, one.line.location] |= {*one.protected, *(each.key for each in one.candidates)}
    return {
        (one.source, one.account_id)
        for one in scene.planned.kept
        if (one.source, one.line) in asked or one.account_id in named.get((one.source, one.line), ())
    }


WORDINGS: tuple[Rule, ...] = (not_understood, named_aside)
