"""Whether the directory still knows whom it knew: an answer that lacks many says nothing of anybody (contract §6a).

Whom it is asked for differs from night to night, so that counts say little: remembered is who was found when last
asked for, as digests that name nobody. On a first night the other sources are the measure (`counterparts`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.policy import Policy, fewer
from pipelines.sources.baseline import Baseline
from pipelines.sources.lost_columns import digest_of
from schemas.nomenclatures import say
from schemas.reading.filled import Filled
from schemas.reading.footprint import Footprint
from schemas.reading.source import SourceReport, SourceStatus
from schemas.reading.source_names import DIRECTORY

FOUND = "persons"  # the first of its figures; with cards and places each has its sentence
_NONE = Filled(0, 0)


def whole_answer(
    report: SourceReport,
    asked: Sequence[str],
    found: Mapping[str, Iterable[str]],
    baseline: Baseline,
    policy: Policy,
) -> SourceReport:
    """Return the directory's report with whom it knew by now, out of use where too many of them are not there.

    `found`: figure (« persons ») → the numbers that have it tonight.
    """
    standing, why, kept = set(map(digest_of, asked)), [], {}
    for name, numbers in found.items():
        then, now = _known(baseline, name), set(map(digest_of, numbers))
        before = then.who & standing
        if fewer(len(before & now), len(before), policy.min_register_share):
            why.append(say(f"whole.lost_{name}", gone=len(before - now), before=len(before)))
        who = frozenset((then.who - standing) | now)
        kept[name] = Filled(max(then.rows, len(standing)), len(who), who, each=True)
    report = replace(report, filled=kept)
    released = baseline.released.get(report.name)
    if not why or (released is not None and report.rows_read >= released):
        return report
    return report.failed(" ".join((*why, say("whole.unanswered"))), SourceStatus.HELD)


def known_before(asked: Iterable[str], baseline: Baseline) -> frozenset[str]:
    """Return those whom the directory knew when it was last asked for them: where it is silent they are not gone."""
    who = _known(baseline, FOUND).who
    return frozenset(one for one in asked if digest_of(one) in who) if who else frozenset()


def asked_before(baseline: Baseline) -> int:
    """Tell for how many people at once it was asked, of the nights that used its answer."""
    return _known(baseline, FOUND).rows


def _known(baseline: Baseline, name: str) -> Filled:
    return baseline.footprints.get(DIRECTORY, Footprint(0)).filled.get(name, _NONE)
