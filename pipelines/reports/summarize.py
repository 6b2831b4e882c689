"""What the « Synthèse » counts: changes by kind and severity, accesses by the day they end, rejects."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import get_args

from pipelines.changes.foresee import HORIZON_DAYS, AccessEnd
from pipelines.phrase import loss_day, place_text, source_text
from schemas.changes.change import SEVERITIES, Change, ChangeKind
from schemas.nomenclatures import issue_label, reasons, say
from schemas.reading.issue import READ_WELL, Issue
from schemas.reading.source_names import ANNUAIRE
from schemas.reports.health import Health
from schemas.reports.report import SHEET_KEYS, Bar, Deadline, RejectLine, SummaryCount

KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
# How long a change has been known, in days, both ends included: `age.<key>` of the catalogue.
AGES = {"week": 7, "fortnight": 14, "month": 30, "older": 10**6}


def sheet_key(change: Change) -> str:
    """Return the sheet of the change's first reason of its own kind (`tables/reasons.csv`)."""
    table = reasons()
    first = next((reason for reason in change.reasons if table[reason]["kind"] == change.kind), change.reasons[0])
    return next(key for key in SHEET_KEYS if say(f"sheet.{key}") == table[first]["sheet"])


def count_changes(changes: Sequence[Change]) -> tuple[SummaryCount, ...]:
    """Count a line per kind of change that there is, with its sheet and its number by severity."""
    found = Counter((change.kind, change.severity) for change in changes)
    sheets = {change.kind: say(f"sheet.{sheet_key(change)}") for change in changes}
    return tuple(
        SummaryCount(kind, say(f"kind.{kind}"), sheets[kind], *(found[kind, severity] for severity in SEVERITIES))
        for kind in KINDS
        if kind in sheets
    )


def count_deadlines(changes: Sequence[Change], as_of: date) -> tuple[Deadline, ...]:
    """Count card alerts by the day the access ends; one without a date has no card to enter with today."""
    found: Counter[str] = Counter()
    for change in changes:
        if change.kind == "card_alert":
            found[_bucket(loss_day(change), as_of)] += 1
    return tuple(
        Deadline(say(f"deadline.{key}"), found[key], key == "now")
        for key in ("now", "week", "month", "later")
        if found[key]
    )


def count_weeks(ends: Iterable[AccessEnd], one: Health) -> tuple[Deadline, ...]:
    """Count accounts whose access ends, by the week it ends in; first those that have lost it already, last the
    unknown.
    """
    found = Counter(None if end.lost else end.week for end in ends)
    lost = (Deadline(say("week.lost"), found[None], now=True),) if found[None] else ()
    weeks = sorted(week for week in found if week is not None)
    dated = (Deadline(say("week.of", date=f"{week:%d/%m/%Y}"), found[week]) for week in weeks)
    unknown = (Deadline(say("week.unknown"), one.unknown, unknown=True),) if one.unknown else ()
    return (*lost, *dated, *unknown)


def week_bars(ends: Iterable[AccessEnd], as_of: date, one: Health) -> tuple[Bar, ...]:
    """Return accounts without access already, then every week of the horizon, empty ones too: a calendar has no holes.

    Those of whom nobody knows have a bar of their own; where they are too many, an empty week is not known either.
    """
    found = Counter(None if end.lost else end.week for end in ends)
    if not found and not one.unknown:
        return ()
    empty = None if one.figure("losing").basis == "unknown" else 0
    monday = as_of - timedelta(days=as_of.weekday())
    weeks = [monday + timedelta(weeks=at) for at in range(HORIZON_DAYS // 7 + 2)]
    weeks = [week for week in weeks if week <= as_of + timedelta(days=HORIZON_DAYS + 1)]
    bars = [Bar(say("week.already"), found[None] or empty)]
    bars += [Bar(f"{week:%d/%m}", found[week] or empty) for week in weeks]
    return (*bars, Bar(say("week.unknown"), one.unknown, unknown=True)) if one.unknown else tuple(bars)


def age_bars(changes: Iterable[Change], as_of: date) -> tuple[Bar, ...]:
    """Return changes by the time they have waited, newest first; those that threaten an access apart."""
    access: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for change in changes:
        (access if change.severity == "access" else others)[_age(change, as_of)] += 1
    if not access and not others:
        return ()
    return tuple(Bar(say(f"age.{key}"), access[key], others[key]) for key in ("new", *AGES))


def _age(change: Change, as_of: date) -> str:
    days = (as_of - change.first_seen).days
    return "new" if change.status == "new" else next(key for key, most in AGES.items() if days <= most)


def _bucket(lost_on: date | None, as_of: date) -> str:
    if lost_on is None or lost_on <= as_of:
        return "now"
    serves = (lost_on - as_of).days - 1  # days after this one on which the card still opens
    if serves <= 7:
        return "week"
    return "month" if serves <= 30 else "later"


def reject_place(found: Issue) -> tuple[str, list[tuple[int, int | str]]]:
    """Return source, then place in the order of the rows: « Feuil1!A2 » comes before « Feuil1!A10 »."""
    pieces = "".join(char if char.isdigit() else f" {char} " for char in found.location).split()
    return found.source, [(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in pieces]


def reject_line(found: Issue) -> RejectLine:
    """Return a reject or repair as the « Synthèse » shows it."""
    mended = found.effect == "repair" or found.code in READ_WELL
    return RejectLine(
        source=source_text(found.source),
        location=_where(found),
        effect=say(f"effect.{'repair' if mended else found.effect}"),
        label=issue_label(found.code),
        message=found.message,
        mended=mended,
    )


def _where(found: Issue) -> str:
    """Return the place as its reader finds it: of a text file the line, for it has no sheet; of the annuaire the
    account.
    """
    if found.source.lower().endswith(".csv"):
        return place_text(found.location).removeprefix(say("place_in.sheet", sheet=found.location.rpartition("!")[0]))
    if found.source == ANNUAIRE and "!" not in found.location and " " not in found.location:
        return say("report.account", account=found.location)
    return place_text(found.location)
