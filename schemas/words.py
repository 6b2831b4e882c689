"""How text is compared: one key per purpose, so that every room compares in the same way."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))
_SPACES = re.compile(r"\s+")
_NOT_ALNUM = re.compile(r"[^a-z0-9]+")


def clean(text: str) -> str:
    """Visible text with single spaces: NBSP are spaces, invisible marks are gone, Unicode in NFC."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_INVISIBLE)).strip()


def is_clean(line: str) -> bool:
    """Whether every cell of a line delimited by `|` is certainly as `clean` leaves it: much faster than cleaning it."""
    return (
        line.isprintable()  # no white space but spaces, nothing invisible
        and not ("  " in line or " |" in line or "| " in line or line.startswith(" ") or line.endswith(" "))
        and unicodedata.is_normalized("NFC", line)
    )


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents, with straight apostrophes and single spaces: for labels and headers."""
    return clean(anyascii(clean(text).replace("’", "'"))).lower()


@lru_cache(maxsize=262144)
def name_key(text: str) -> str:
    """Letters and digits alone: « De La Roche-Élie », « DELAROCHE ELIE » are one name (contract §5)."""
    return _NOT_ALNUM.sub("", fold(text))


def label_key(text: str) -> str:
    """Words of a label: punctuation and accents aside, one space between words (« C.H.V. / ST » → « chv st »)."""
    return " ".join(_NOT_ALNUM.sub(" ", fold(text)).split())


def header_key(text: str) -> str:
    """An official column name, compared after NFC, collapsed spaces and straight apostrophes (formats.md)."""
    return clean(text).replace("’", "'")
