"""Whether each active account can log in tonight, or why nobody knows: unknown is a state of its own (contract §6a)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipelines.changes.rules.cards import readable
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import say
from schemas.reading.source import SourceReport
from schemas.reading.source_names import CARD_SOURCES, CARDS, DIRECTORY, PERSONS
from schemas.reports.health import Health

READY, LOST, UNREAD = "ready", "lost", "unread"
# What tells of the cards of registered persons, the more telling first.
_TELLING = (PERSONS, CARDS, DIRECTORY)


def standing(snapshot: Snapshot, identity: Identity, lost: Collection[str]) -> str:
    """Return « ready », « lost », or why it is unknown: a code of `tables/unknown_causes.csv`.

    `lost`: ids of the accounts that cannot log in already (`foresee`).
    """
    if identity.account.account_id in lost:
        return LOST
    if not identity.told:
        return "row" if identity.silent and not identity.doubts else "doubt"
    card = identity.card
    if card is None or not readable(snapshot, identity) or not identity.certain:
        return UNREAD
    if card.state == "not_started":
        return "to_come"
    if not card.opposition_known:
        return "opposition"
    return "undated" if card.source not in CARD_SOURCES and card.ends_on is None else READY


def counted(standings: Mapping[str, int], snapshot: Snapshot) -> dict[str, Any]:
    """Return, of so many accounts in each standing, what `Health` counts of them.

    Without a register every date is one that somebody declared: in the annuaire or in a workbook.
    """
    causes = Counter({name: count for name, count in standings.items() if name not in (READY, LOST)})
    told = standings.get(READY, 0) + standings.get(LOST, 0)
    return {
        "ready": standings.get(READY, 0),
        "lost": standings.get(LOST, 0),
        "unknown": causes.total(),
        "because": tuple(sorted(causes.items(), key=lambda one: (-one[1], one[0]))),
        "declared": 0 if snapshot.register.configured else told,
    }


def register_cause(sources: Sequence[SourceReport], one: Health) -> str:
    """Tell why the cards of registered persons could not be looked at, « registre périmé »; "" when they could."""
    if not dict(one.because).get(UNREAD):
        return ""
    found = _telling(sources)
    return say(f"cause.{found.name.replace('.', '_')}_{found.status.value}") if found else say("cause.unread")


def register_why(sources: Sequence[SourceReport], one: Health) -> str:
    """Return the same as a sentence for who cannot mend it: « Les registres reçus sont trop anciens (18/11/2026) »."""
    found = _telling(sources)
    if not dict(one.because).get(UNREAD) or found is None:
        return ""
    day = f"{found.stamp:%d/%m/%Y}" if found.stamp else say("known.no_day")
    return say(f"cause_said.{found.status.value}", day=day)


def _telling(sources: Sequence[SourceReport]) -> SourceReport | None:
    """The source that tells most of the cards and could not be used."""
    found = {report.name: report for report in sources if not report.usable}
    return next((found[name] for name in _TELLING if name in found), None)
