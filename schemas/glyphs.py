"""The marks of French print: non-breaking spaces, the apostrophe, and the agreement of a word with its number."""

import re

NBSP = "\u00a0"
_BEFORE = re.compile(r" ([:;?!»])(?=\s|$|[).,])")
_UNITS = re.compile(r"(?<=\d) (?=(?:€|%|h\b))")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W_]|[{«])")


def typeset(text: str) -> str:
    """Return the sentence with its non-breaking spaces and its apostrophes; never for a value that somebody must find
    again.

    The ordinary non-breaking space serves everywhere: the narrow one is a box in older fonts.
    """
    text = _BEFORE.sub(NBSP + r"\1", text.replace("« ", "«" + NBSP))
    return _APOSTROPHE.sub("’", _UNITS.sub(NBSP, text))


class Count(int):
    """A number that the words of a sentence agree with: « {n} {n:ligne|lignes} »; « {n:n} » is « 2 922 »."""

    def __format__(self, form: str) -> str:
        if "|" in form:
            one, many = form.split("|")
            return one if abs(self) < 2 else many
        return f"{int(self):,}".replace(",", NBSP) if form == "n" else format(int(self), form)


def pair(what: str, text: str) -> str:
    """Return « Numéro CPx : 899… »."""
    return f"{what}{NBSP}: {text}"
