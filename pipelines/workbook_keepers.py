"""Who keeps a workbook, and what they must know of it: that it could not be used whole, and what to do (§6a)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from schemas.changes.change import PostRef
from schemas.nomenclatures import ADMIN_EFIT, CHV_ST_ETS_POST, CRH_ST_POST, say
from schemas.reading.source import SourceReport, WorkbookScope

ADMIN = PostRef(post=ADMIN_EFIT)
_POSTS = {"region": CRH_ST_POST, "ets": CHV_ST_ETS_POST}
_MOST_NOTES = 5


def keeper_of(scope: WorkbookScope | None) -> PostRef:
    """Return the post of a workbook's scope; the administrator for the national bodies and for what is no workbook."""
    post = _POSTS.get(scope.kind if scope else "", "")
    return PostRef.model_validate({"post": post, "scope": scope.code}) if scope and post else ADMIN


def keeper_notices(
    reports: Iterable[SourceReport], scopes: Iterable[WorkbookScope], having: Collection[PostRef]
) -> Mapping[PostRef, list[str]]:
    """Return, for each keeper who gets a report tonight, a sentence a workbook of theirs that could not be used whole.

    The administrator reads of the sources elsewhere; a keeper without anything to do tonight, in their next mail.
    """
    read = {report.name: report for report in reports}
    found: defaultdict[PostRef, list[str]] = defaultdict(list)
    for scope in scopes:
        report, keeper = read.get(scope.source), keeper_of(scope)
        if report is None or keeper == ADMIN or keeper not in having or (report.usable and scope.sure):
            continue
        found[keeper].append(_sentence(report))
    return found


def _sentence(report: SourceReport) -> str:
    """Not used at all, used for what stands in it, or for all but what it could not be heard on; always with why."""
    if report.usable:
        why = " ; ".join(report.notes[:_MOST_NOTES])
        return say("keeper.partial", path=report.path, found=why)
    return say("keeper.presence" if report.lines_count else "keeper.failed", path=report.path, found=report.message)
