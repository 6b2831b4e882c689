"""What the administrator must know of a night beside the changes: sources, sets that wait, accounts that vanished."""

from collections import defaultdict
from collections.abc import Sequence

from pipelines.findings import Findings
from pipelines.miss import Unsaid
from pipelines.phrase import source_text
from pipelines.upgrade import RULES
from pipelines.wait import unheard
from schemas.absence import GONE_AFTER, Absence
from schemas.nomenclatures import say
from schemas.source import SourceReport

_MOST_IDS = 20  # of the accounts that vanished; all of them are in the store


def notices_of(findings: Findings, run_id: str) -> list[str]:
    """What the administrator must know of the run itself, each with what to do."""
    return [*_of_the_run(findings, run_id), *absence_notices(findings.missing.news), *unsaid_notices(findings.unsaid)]


def _of_the_run(findings: Findings, run_id: str) -> list[str]:
    snapshot = findings.snapshot
    notices = [
        say(f"run.{_state(report)}", source=report.name, path=report.path, found=report.message)
        for report in snapshot.sources.reports
        if report.message
    ]
    notices += snapshot.sources.notices
    if findings.waiting:
        names = ", ".join(map(source_text, unheard(snapshot)))
        notices.append(say("run.waiting_deactivations", count=len(findings.waiting), sources=names))
    for hold in findings.held:
        if not hold.post:
            continue  # said above, with its reason
        updater = say(f"post.{hold.post}", scope=hold.scope)
        key = "run.upgrade" if hold.what == RULES else f"run.held_{hold.what}"
        notices.append(say(key, updater=updater, count=hold.count, total=hold.total, run=run_id))
    return notices


def _state(report: SourceReport) -> str:
    """Not used at all, used for what stands in it, or used but for a column of it."""
    if report.usable:
        return "uncertain"
    return "presence" if report.lines_count else "source"


def absence_notices(news: Sequence[Absence]) -> list[str]:
    """Which accounts the annuaire has no more, by how long: said until that proves something."""
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
    """How much is not said because of them."""
    told = {"creations": unsaid.creations, "structures": unsaid.structures}
    return [say(f"run.unsaid_{name}", count=count) for name, count in told.items() if count]


def _some(ids: Sequence[str]) -> str:
    """The first of them, and how many more."""
    shown = ", ".join(ids[:_MOST_IDS])
    more = len(ids) - _MOST_IDS
    return say("run.and_more", ids=shown, count=more) if more > 0 else shown
