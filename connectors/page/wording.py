"""What the page says: numbers, days and states as French people read them."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from schemas.glossary import words_of
from schemas.nomenclatures import issue_effects, issue_label, messages, regions, say
from schemas.reading.issue import READ_WELL
from schemas.reports.dashboard import (
    AGES,
    NO_REGION,
    Dashboard,
    EndingWeek,
    NightPoint,
    SourceRow,
    WaitingRow,
)
from schemas.reports.health import Health, health_states
from schemas.typography import NBSP, share_text

NARROW = "\u202f"
_WATCHED = ("held", "failed", "partial", "none")
_MOST_SAID = 6
_MOST_PLACES = 3


def text(key: str, /, **values: object) -> str:
    """Return a sentence of the page, set as French is."""
    return say(f"dashboard.{key}", **values)


def counted(key: str, count: int, **values: object) -> str:
    """Return the sentence `<key>_one` or `<key>_many`; 0 is singular."""
    return text(f"{key}_{'one' if count < 2 else 'many'}", count=number(count), **values)


def big(key: str, count: int) -> Markup:
    """Return « 68 » in large, « comptes » beside it; a word for none where there is one."""
    if not count and f"dashboard.big_{key}_none" in messages():
        return Markup("<span>{}</span>").format(text(f"big_{key}_none"))
    return Markup("{} <span>{}</span>").format(number(count), text(f"big_{key}_{'one' if count < 2 else 'many'}"))


def number(value: int) -> str:
    """Return « 12 345 », with a narrow no-break space."""
    return f"{value:,}".replace(",", NARROW)


def percent(value: float | None) -> str:
    """Return « 97,2 % »; « – » where it is not known. Never rounded up to 100."""
    return "–" if value is None else share_text(value)


def day(value: date | None) -> str:
    """Return « 22/11/2026 »."""
    return f"{value:%d/%m/%Y}" if value else text("never")


def region_name(code: str) -> str:
    """Return its name; for what hangs on no region, that."""
    return regions().get(code, code) if code != NO_REGION else text("no_region")


def short_name(code: str) -> str:
    """Return the same, for a sentence."""
    return regions().get(code, code) if code != NO_REGION else text("no_region_short")


def state_label(state: str) -> str:
    """Return « Accès perdus »."""
    return health_states()[state]["label"]


def states_in(board: Dashboard) -> list[tuple[str, str, str]]:
    """Return (state, label, meaning) of the states that the page shows, worst first."""
    shown = {one.state for one in board.regions} | ({_elsewhere(board)} if board.region is None else set())
    found = health_states().items()
    return [(code, row["label"], row["meaning"]) for code, row in found if code in shown]


def _elsewhere(board: Dashboard) -> str:
    """The state of a region without anything to show."""
    return "unknown" if board.total.unlooked else "empty"


def watched(board: Dashboard) -> list[Health]:
    """Return the regions that somebody should look at, worst first."""
    return [one for one in board.regions if one.state not in ("good", "declared", "empty")]


def late_lines(rows: Sequence[WaitingRow]) -> list[str]:
    """Return « CRH-ST de la région … : 6 (la plus ancienne a 31 jours) » for the most late."""
    late = [row for row in rows if row.late]
    return [
        f"{text('late_at', label=row.label, count=number(row.late))} ({counted('oldest', row.oldest)})"
        for row in late[:3]
    ]


def ages() -> list[str]:
    """Return the headings of the columns of ages."""
    found, first = [], 0
    for last in AGES:
        found.append(text("age_over", last=first - 1) if last is None else text("age_to", first=first, last=last))
        first = (last or 0) + 1
    return found


def week_places(week: EndingWeek) -> str:
    """Return « Bretagne 2, Corse 1, 3 autres régions »: the most concerned first."""
    shown = week.regions if len(week.regions) <= _MOST_PLACES + 1 else week.regions[:_MOST_PLACES]
    said = [f"{short_name(code)}{NBSP}{number(count)}" for code, count in shown]
    others = len(week.regions) - len(shown)
    return ", ".join([*said, counted("week_more", others)] if others else said)


def warnings(board: Dashboard) -> list[str]:
    """Return what is wrong with the page itself: the last night, and how old the last good one is."""
    lines = []
    if board.last_status in ("partial", "held", "failed", "running"):
        lines.append(text(f"night_{board.last_status}"))
    lines += [text("held", held=one) for one in board.held]
    if board.last_success is None:
        lines.append(text("no_success"))
    elif board.as_of - board.last_success > timedelta(days=1):
        lines.append(counted("stale_success", (board.as_of - board.last_success).days))
    if board.unused:
        lines.append(text("unused", sources=", ".join(board.unused)))
    return lines


def status_label(status: str) -> str:
    """Return « terminée », « retenue », « sans passage »."""
    return text("status_none") if status == "none" else say(f"past.status_{status}")


def nights_said(nights: Sequence[NightPoint]) -> str:
    """Return « 84 terminées, 3 en partie. »"""
    counts: Counter[str] = Counter(one.status for one in nights)
    order = ("complete", "partial", "held", "failed", "running", "none")
    return ", ".join(counted(f"nights_{key}", counts[key]) for key in order if counts[key]) + "."


def nights_watched(nights: Sequence[NightPoint]) -> str:
    """Return the last nights that did not go well, by day; "" when all did."""
    found = [one for one in reversed(nights) if one.status in _WATCHED]
    said = [text("night_said", day=day(one.day), label=status_label(one.status)) for one in found[:_MOST_SAID]]
    if len(found) > _MOST_SAID:
        said.append(text("night_more", count=len(found) - _MOST_SAID))
    return text("nights_watch", nights=f"{NBSP}; ".join(said)) if said else ""


def legible(value: float | None) -> str:
    """Return « 97,2 % » of the rows; « toutes » is not a percentage that one could take for that of the accesses."""
    return text("legible_all") if value == 1 else percent(value)


def curve_said(points: Sequence[tuple[date, float | None]], percent: Callable[[float | None], str] = percent) -> str:
    """Return « 97,2 % au 22/11/2026 ; au plus bas 91 % le 03/11/2026 »."""
    known = [(value, when) for when, value in points if value is not None]
    if not known:
        return text("curve_none")
    low, low_day = min(known)
    last, last_day = known[-1]
    if len(known) == 1 or low == 1:
        return text("curve_first", last=percent(last), day=day(last_day))
    return text("curve_said", last=percent(last), day=day(last_day), low=percent(low), low_day=day(low_day))


def explained() -> list[tuple[str, str]]:
    """Return the words that this page uses, each with its meaning."""
    return words_of("page")


def source_label(row: SourceRow) -> str:
    """Return « lue », « trop ancienne », « inutilisable », « retenue »."""
    return say(f"console.source_{row.status}")


def code_label(code: str) -> str:
    """Return what a reject code means."""
    return issue_label(code)


def effect_label(code: str) -> str:
    """Return what became of the row or value."""
    return say(f"effect.{'repair' if code in READ_WELL else issue_effects()[code]}")
