"""How French is set: sentences that agree with a count, sizes and spans of time."""

from datetime import datetime, timedelta

from schemas.glyphs import NBSP, typeset
from schemas.nomenclatures import say

__all__ = ["NBSP", "moment_text", "say_count", "share_text", "size_text", "span_text", "typeset"]


def say_count(key: str, count: int, **values: object) -> str:
    """Return « 1 accès menacé », « 3 accès menacés »: the sentence `<key>_one` or `<key>_many`; 0 is singular."""
    return say(f"{key}_{'one' if count < 2 else 'many'}", count=count, **values)


def moment_text(moment: datetime) -> str:
    """Return « 22/11/2026 à 04:15 », in the moment's own time zone."""
    return say("report.moment", day=f"{moment:%d/%m/%Y}", hour=f"{moment:%H:%M}")


def share_text(value: float) -> str:
    """Return « 97,2 % »; never rounded up to the whole."""
    shown = min(round(value * 100, 1), 99.9) if value < 1 else 100.0
    return f"{shown:.1f}".removesuffix(".0").replace(".", ",") + NBSP + "%"


def size_text(count: int) -> str:
    """Return bytes as a person reads them: « 840 Mo », « 12,3 Go » (powers of ten, as disks are sold)."""
    number, unit = float(count), "o"
    for larger in ("ko", "Mo", "Go", "To"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    shown = f"{number:.1f}" if number < 100 and unit in ("Go", "To") else f"{number:.0f}"
    return f"{shown.removesuffix('.0').replace('.', ',')}{NBSP}{unit}"


def span_text(span: timedelta) -> str:
    """Tell how long: « 25 min », « 3 h 05 », « 2 j 4 h »."""
    minutes = max(0, int(span.total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if hours >= 48:
        return f"{days}{NBSP}j {left}{NBSP}h" if left else f"{days}{NBSP}j"
    return f"{hours}{NBSP}h{NBSP}{minutes:02}" if hours else f"{minutes}{NBSP}min"
