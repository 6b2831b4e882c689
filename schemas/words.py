"""How text is compared: one key per purpose, so that every room compares in the same way."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from anyascii import anyascii

# Marks that show nothing, some of which turn the reading order round, and control characters that are no space:
# in a terminal, a header or a name they are there to deceive, or by accident.
_MARKS = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
_INVISIBLE = dict.fromkeys([*map(ord, _MARKS), *_CONTROLS])
_SHOWN = {code: f"[U+{code:04X}]" for code in _INVISIBLE}
_SPACES = re.compile(r"\s+")
_NOT_ALNUM = re.compile(r"[^a-z0-9]+")


_USUAL = (*range(0x250), *range(0x2000, 0x2070))  # Latin letters, spaces, quotation marks, dashes


class _Signs(dict[int, str]):
    """What each sign becomes, asked for once: a table with gaps costs `translate` an error for each of them."""

    def __init__(self, becomes: Callable[[str], str]) -> None:
        super().__init__((code, becomes(chr(code))) for code in _USUAL)
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        made = self[code] = self._becomes(chr(code))
        return made


_SEEN = _Signs(lambda sign: "" if ord(sign) in _INVISIBLE else sign)
_PLAIN = _Signs(lambda sign: " " if sign.isspace() else "'" if sign == "’" else _SEEN[ord(sign)] and anyascii(sign))
_SPACED = _Signs(lambda sign: " " if _NOT_ALNUM.fullmatch(sign) else sign)  # of what is folded


@lru_cache(maxsize=8192)  # a cell is looked at for one purpose after another
def clean(text: str) -> str:
    """Return visible text with single spaces: NBSP are spaces, invisible marks are gone, Unicode in NFC."""
    if text.isascii() and text.isprintable():  # nothing but spaces to tidy: nearly every cell
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_SEEN).split())


def visible(text: str) -> str:
    """Return the same, but what cannot be seen is shown by its number: « 8997[U+202E]00 »."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_SHOWN)).strip()


def unusual(text: str) -> str:
    """Return letters and digits that look like ours and are others: « О (U+041E), １ (U+FF11) »; "" without any."""
    found = dict.fromkeys(sign for sign in clean(text) if sign.isalnum() and not _is_ours(sign))
    return ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in list(found)[:5])


def _is_ours(sign: str) -> bool:
    return sign.isascii() or unicodedata.normalize("NFD", sign)[0].isascii() or sign in "æœÆŒßøØ"


def is_clean(line: str) -> bool:
    """Tell whether every cell of a line delimited by `|` is certainly as `clean` leaves it: much faster than cleaning
    it.
    """
    return (
        line.isprintable()  # no white space but spaces, nothing invisible
        and not ("  " in line or " |" in line or "| " in line or line.startswith(" ") or line.endswith(" "))
        and unicodedata.is_normalized("NFC", line)
    )


@lru_cache(maxsize=8192)  # as `clean`: what is asked of a cell is asked while its row is looked at
def fold(text: str) -> str:
    """Return lower case without accents, with straight apostrophes and single spaces: for labels and headers."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN).split()).lower()


@lru_cache(maxsize=32768)
def name_key(text: str) -> str:
    """Return letters and digits alone: « De La Roche-Élie », « DELAROCHE ELIE » are one name (contract §5)."""
    return _NOT_ALNUM.sub("", fold(text))


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """Return words of a label: punctuation and accents aside, one space between words (« C.H.V.

    / ST » → « chv st »).
    """
    return " ".join(words_in(fold(text)))


def holds(key: str, phrases: Iterable[str]) -> bool:
    """Tell whether one of these phrases stands in a text, word for word; all in the form of `label_key`."""
    words = f" {key} "
    return any(f" {phrase} " in words for phrase in phrases)


def words_in(folded: str) -> list[str]:
    """Return the words of a text that is folded already: its letters and digits, at every other sign apart."""
    return folded.translate(_SPACED).split()


def header_key(text: str) -> str:
    """Return an official column name, compared after NFC, collapsed spaces, straight apostrophes, in any case
    (formats.md).
    """
    return clean(text).replace("’", "'").casefold()


_SMALL = re.compile(r"de|du|des|d|la|le|les|l")
_NUMBER = re.compile(r"n|no|num|nr|numeros?")


@lru_cache(maxsize=1024)
def loose_header_key(text: str) -> str:
    """Return the words of a column name that count: « N° de carte », « numero_carte », « Numéro Carte » are one
    name.
    """
    words = (word for word in label_key(text.replace("°", " ")).split() if not _SMALL.fullmatch(word))
    return " ".join("numero" if _NUMBER.fullmatch(word) else word for word in words)
