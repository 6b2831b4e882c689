"""How French is set: non-breaking spaces before : ; ? ! and within « », and the agreement of a count."""

import re

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
