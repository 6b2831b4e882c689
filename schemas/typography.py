"""How French is set: non-breaking spaces before : ; ? ! and within « », and the agreement of a count."""

import re
from datetime import timedelta

from schemas.nomenclatures import say

NBSP = "\u00a0"
_BEFORE = re.compile(r" ([:;?!»])(?=\s|$|[).,])")
_UNITS = re.compile(r"(?<=\d) (?=(?:€|%|h\b))")


def typeset(text: str) -> str:
    """The sentence with its non-breaking spaces; for our sentences, never for a value somebody must copy.

    The ordinary non-breaking space serves everywhere: the narrow one is a box in older fonts.
    """
    text = _BEFORE.sub(NBSP + r"\1", text.replace("« ", "«" + NBSP))
    return _UNITS.sub(NBSP, text)


def say_count(key: str, count: int, **values: object) -> str:
    """« 1 accès menacé », « 3 accès menacés »: the sentence `<key>_one` or `<key>_many`; 0 is singular."""
    return typeset(say(f"{key}_{'one' if count < 2 else 'many'}", count=count, **values))


def size_text(count: int) -> str:
    """Bytes as a person reads them: « 840 Mo », « 12,3 Go » (powers of ten, as disks are sold)."""
    number, unit = float(count), "o"
    for larger in ("ko", "Mo", "Go", "To"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    shown = f"{number:.1f}" if number < 100 and unit in ("Go", "To") else f"{number:.0f}"
    return f"{shown.removesuffix('.0').replace('.', ',')}{NBSP}{unit}"


def span_text(span: timedelta) -> str:
    """How long: « 25 min », « 3 h 05 », « 2 j 4 h »."""
    minutes = max(0, int(span.total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if hours >= 48:
        return f"{days}{NBSP}j {left}{NBSP}h" if left else f"{days}{NBSP}j"
    return f"{hours}{NBSP}h{NBSP}{minutes:02}" if hours else f"{minutes}{NBSP}min"
