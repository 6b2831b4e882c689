"""What the administrator must know of a night beside the changes: sources, sets that wait, accounts that vanished.

In few words it stands in the subject of their mail, the cause first (contract §6a).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipelines.lifecycle.findings import Findings
from pipelines.lifecycle.new_rules import RULES, brought_by
from pipelines.lifecycle.vanished_accounts import Missing, Unsaid
from pipelines.lifecycle.waiting_ends import unheard
from pipelines.phrase import source_text
from pipelines.policy import limits_of
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.wholeness.filling import is_held
from schemas.nomenclatures import post_said, say
from schemas.people.assignment import Assignment
from schemas.reading.absence import GONE_AFTER, Absence
from schemas.reading.source import SourceReport, SourceStatus
from schemas.typography import say_count, share_text

_MOST_IDS = 20  # of the accounts that vanished; all of them are in the store


def notices_of(findings: Findings, run_id: str) -> list[str]:
    """Return what the administrator must know of the run itself, each with what to do."""
    return [*_of_the_run(findings, run_id), *absence_notices(findings.missing.news), *unsaid_notices(findings.unsaid)]


def _of_the_run(findings: Findings, run_id: str) -> list[str]:
    snapshot = findings.snapshot
    release, limits = say("run.let_out", run=run_id), limits_of(snapshot.policy)
    brought = brought_by(findings.lives.open_changes, findings.origins)
    notices = [_of_source(report, release) for report in snapshot.sources.reports if report.message]
    notices += snapshot.sources.notices
    if findings.waiting:
        names = ", ".join(map(source_text, unheard(snapshot)))
        notices.append(say("run.waiting_deactivations", count=len(findings.waiting), sources=names))
    for hold in findings.held:
        if not hold.post:
            continue  # said above, with its reason
        updater = post_said(hold.post, hold.scope)
        because = brought.get((hold.post, hold.scope), "mixed")
        key = f"run.brought_{because}" if hold.what == RULES else f"run.held_{hold.what}"
        limit = share_text(limits[hold.what][0]) if hold.what in limits else ""
        notices.append(say(key, updater=updater, count=hold.count, total=hold.total, limit=limit, release=release))
    return notices


def _of_source(report: SourceReport, release: str) -> str:
    """What is wrong with a source, by its name and its file; of what waits, whom to ask to let it go."""
    name, path = source_text(report.name), report.path.rpartition("/")[2]  # where on the server helps nobody
    named = name if path in name else say("run.of_file", source=name, path=path)
    notice = say(f"run.{_state(report)}", source=named, found=report.message)
    if report.status is not SourceStatus.HELD and not any(is_held(one, report) for one in report.emptied):
        return notice
    return say("run.release_source", notice=notice, release=release)


def _state(report: SourceReport) -> str:
    """Not used at all, used for what stands in it, or used but for a column of it."""
    if report.usable:
        return "uncertain"
    return "presence" if report.lines_count else "source"


def vanished_texts(missing: Missing, snapshot: Snapshot) -> Iterator[str]:
    """Yield who they were: account, name, functions; those that are told of tonight."""
    known = {**missing.former, **missing.accounts}
    for one in missing.news[:_MOST_IDS]:
        if account := known.get(one.account_id):
            held = (_held(assignment, snapshot, missing) for assignment in account.assignments)
            name = f"{account.last_name} {account.first_name}".strip()
            functions = ", ".join(held) or say("explain.no_function")
            yield say("run.gone_person", account=one.account_id, name=name, functions=functions)


def _held(assignment: Assignment, snapshot: Snapshot, missing: Missing) -> str:
    place = snapshot.structures.get(assignment.structure_code) or missing.structures.get(assignment.structure_code)
    return say("view.held", function=assignment.label(), structure=place.name if place else assignment.structure_code)


def absence_notices(news: Sequence[Absence]) -> list[str]:
    """Tell which accounts the annuaire has no more, by how long: said until that proves something."""
    by_length: defaultdict[int, list[Absence]] = defaultdict(list)
    for one in news:
        by_length[one.exports].append(one)
    return [
        say(
            "run.gone" if exports >= GONE_AFTER else "run.vanished",
            count=len(those),
            ids=_some([one.account_id for one in those]),
            since=f"{min(one.since for one in those):%d/%m/%Y}",
            exports=exports,
            limit=GONE_AFTER,
        )
        for exports, those in sorted(by_length.items())
    ]


def unsaid_notices(unsaid: Unsaid) -> list[str]:
    """Tell how much is not said because of them."""
    told = {"creations": unsaid.creations, "structures": unsaid.structures}
    return [say(f"run.unsaid_{name}", count=count) for name, count in told.items() if count]


def _some(ids: Sequence[str]) -> str:
    """The first of them, and how many more."""
    shown = ", ".join(ids[:_MOST_IDS])
    more = len(ids) - _MOST_IDS
    return say("run.and_more", ids=shown, count=more) if more > 0 else shown


def troubles_of(sources: Iterable[SourceReport], missing: Sequence[Absence]) -> tuple[str, ...]:
    """Return « sans registre RPPS », « classeur 24.csv à vérifier », « 1 compte disparu »; () on an ordinary night."""
    gone = sum(one.exports < GONE_AFTER for one in missing)
    return (*_in_sources(sources), *([say_count("trouble.vanished", gone)] if gone else []))


def _in_sources(sources: Iterable[SourceReport]) -> Iterator[str]:
    for one in sources:
        if not one.usable:
            yield say(f"trouble.{one.status.value}", source=_short(one.name))
        elif one.unknown or one.message:
            yield say(f"trouble.{SourceStatus.HELD.value}", source=_short(one.name))


def _short(name: str) -> str:
    """The source by its name, a workbook by its file's alone."""
    kind, _, path = name.partition(":")
    return source_text(f"{kind}:{path.rpartition('/')[2]}") if path else source_text(name)
