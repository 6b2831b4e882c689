"""National identifiers and their keys, and what people type for « le numéro de la première ligne ».

RPPS, ADELI and FINESS end in a Luhn key (formats.md « Identifiers »); the Luhn itself is python-stdnum's.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from sys import intern

from stdnum import luhn
from stdnum.fr import siren, siret

from schemas.words import clean, visible

_ADELI = re.compile(r"[0-9][0-9AB][0-9]{7}")
_FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}")
_ESTABLISHMENT = re.compile(
    r"(?:1[0-9][0-9AB][0-9]{9}|3(?P<finess>[0-9][0-9AB][0-9]{7})|4(?P<siren>[0-9]{9})|5(?P<siret>[0-9]{14})|6[0-9]{14})/.+"
)
_FLOAT = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?(?:[eE]\+?([0-9]{1,2}))?")
_TURNING = ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI")
_SEPARATORS = re.compile(r"[\s.\-_'’]+")


_DIGITS = re.compile(r"[0-9][0-9AB]?[0-9]*")
_DOUBLED = {str(digit): digit * 2 // 10 + digit * 2 % 10 for digit in range(10)}


@lru_cache(maxsize=32768)  # every source has the same numbers
def rpps_is_valid(text: str) -> bool:
    """Tell whether it is 11 digits ending in their Luhn key."""
    # Luhn's own sum: of a hundred thousand namesakes each number is judged, and a library takes five times as long.
    return (
        len(text) == 11
        and text.isascii()
        and text.isdigit()
        and (sum(map(int, text[::2])) + sum(map(_DOUBLED.__getitem__, text[1::2]))) % 10 == 0
    )


def adeli_is_valid(text: str) -> bool:
    """Tell whether it is 9 characters, département first; the key is not judged when there is a letter (Corsica)."""
    if not _ADELI.fullmatch(text):
        return False
    return not text.isdigit() or luhn.is_valid(text)


def adeli_is_well_formed(text: str) -> bool:
    """Tell whether it is 9 characters, of which the second may be A or B, whatever their key."""
    return bool(_ADELI.fullmatch(text))


def finess_is_well_formed(text: str) -> bool:
    """Tell whether it is 9 characters, of which the second may be A or B."""
    return _FINESS.fullmatch(text) is not None


def finess_key_is_right(text: str) -> bool:
    """Tell whether the Luhn key of a well-formed FINESS number is right, letters counted A→1, B→2."""
    return luhn.is_valid(text.replace("A", "1").replace("B", "2"))


def with_luhn_key(digits: str) -> str:
    """Return the digits followed by their key: to make invented numbers."""
    return digits + luhn.calc_check_digit(digits)


class NumberKind(StrEnum):
    """What a CPx number turns out to be."""

    RPPS = "RPPS"
    ADELI = "ADELI"
    ESTABLISHMENT = "ESTABLISHMENT"
    SERIAL = "SERIAL"
    NONE = "NONE"


_OF_A_PERSON = (NumberKind.RPPS, NumberKind.ADELI, NumberKind.ESTABLISHMENT)


@dataclass(frozen=True, slots=True)
class CpxReading:
    """One way, the only right one, to read what was typed.

    `number` is the national identification (`8…`, `0…`, `3…/…`) or, for kind SERIAL, the serial; empty when
    unreadable. `codes` are the reject or repair codes of contract §8 that this reading costs.
    """

    raw: str
    number: str = ""
    kind: NumberKind = NumberKind.NONE
    codes: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """It names a person: not a serial, not a failure."""
        return self.kind in _OF_A_PERSON


def kind_of(number: str) -> NumberKind:
    """Return kind of a canonical national identification; NONE when it is not one."""
    if "/" in number:
        return NumberKind.ESTABLISHMENT
    if len(number) == 12 and number.startswith("8"):
        return NumberKind.RPPS
    if len(number) == 10 and number.startswith("0"):
        return NumberKind.ADELI
    return NumberKind.NONE


@lru_cache(maxsize=32768)
def classify_cpx(typed: str, *, not_a_person: str = "") -> CpxReading:
    """Read a typed CPx number (formats.md « What people type »); repair only where one reading passes.

    `not_a_person`: the FINESS of the same row; nine characters equal to it are a FINESS in the wrong column.
    """
    raw = intern(clean(typed))  # a person's number is read from half a dozen files, and kept from each
    if not raw:
        return CpxReading(raw, codes=("CPX_MISSING",))
    plain = raw if raw.isascii() else plain_digits(raw)
    if plain != raw or visible(typed) != raw:
        return _classify_strange(typed, plain, not_a_person)
    if "/" in raw:
        return _classify_establishment(raw)
    text, reformatted = _undo_excel(raw)
    text = text.upper()
    # 12 digits: a national identification; 11: RPPS; 10: ADELI or serial; 9 and 8: an ADELI that lost its zeros.
    readable = text.isascii() and _DIGITS.fullmatch(text) and text != not_a_person
    read = _BY_LENGTH.get(len(text)) if readable else None
    reading = read(raw, text) if read else CpxReading(raw, codes=("CPX_FORMAT",))
    if reformatted and reading.number and "CPX_KEY" not in reading.codes:
        return CpxReading(raw, reading.number, reading.kind, ("NUMBER_REFORMATTED", *reading.codes))
    return reading


def plain_digits(text: str) -> str:
    """Return digits of other scripts and widths as ours (« １２ », « ١٢ » → « 12 »); look-alike letters stay what they
    are.
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def _classify_strange(typed: str, plain: str, not_a_person: str) -> CpxReading:
    """A number with foreign digits or invisible marks in it: the one way to read it, where its key bears it out.

    Marks that only show nothing are dropped; what turns the reading order round shows another number than it holds.
    """
    raw = clean(typed)
    reading = classify_cpx(plain, not_a_person=not_a_person)
    doubtful = plain != raw or any(unicodedata.bidirectional(sign) in _TURNING for sign in typed)
    if not reading.number or (doubtful and not _key_bears_out(reading)):
        return CpxReading(raw, codes=("CPX_FORMAT",) if doubtful else reading.codes[:1])
    codes = dict.fromkeys(("NUMBER_REFORMATTED", *reading.codes))
    return CpxReading(raw, reading.number, reading.kind, tuple(codes))


def _key_bears_out(reading: CpxReading) -> bool:
    """The key was judged, and is right: not a serial, no letters, no internal number without one."""
    return reading.kind is NumberKind.RPPS or (reading.kind is NumberKind.ADELI and reading.number.isdigit())


def _undo_excel(raw: str) -> tuple[str, bool]:
    """Digits of « 899700000013.0 », « 8 997… », « 8,99700000013E+11 »; never invents the digits Excel cut off."""
    found = _FLOAT.fullmatch(raw.replace(" ", ""))
    if found and (found[2] or found[3]):
        whole, decimals, power = found[1], found[2] or "", int(found[3] or 0)
        if found[3] and len(whole) == 1 and 0 <= power - len(decimals) <= 1:
            return whole + decimals.ljust(power, "0"), True
        if not found[3] and not decimals.strip("0") and len(decimals) <= 2:
            return whole, True
    text = _SEPARATORS.sub("", raw)
    return text, text != raw


def _classify_establishment(raw: str) -> CpxReading:
    text = re.sub(r"\s+", "", raw).upper()
    codes = ("NUMBER_REFORMATTED",) if text != raw else ()
    if text[0] in "29" and re.match(r"[29][0-9AB]+/", text):
        return CpxReading(raw, codes=("CPX_OBSOLETE_TYPE",))
    found = _ESTABLISHMENT.fullmatch(text)
    if not found:
        return CpxReading(raw, codes=("CPX_FORMAT",))
    keys_fit = (
        (not found["finess"] or not found["finess"].isdigit() or luhn.is_valid(found["finess"]))
        and (not found["siren"] or siren.is_valid(found["siren"]))
        and (not found["siret"] or siret.is_valid(found["siret"]))
    )
    if not keys_fit:
        return CpxReading(raw, codes=("CPX_KEY",))
    return CpxReading(raw, text, NumberKind.ESTABLISHMENT, codes)


def _twelve(raw: str, text: str) -> CpxReading:
    if text[0] in "29":
        return CpxReading(raw, codes=("CPX_OBSOLETE_TYPE",))
    if not (text.startswith("8") and text.isdigit()):
        return CpxReading(raw, codes=("CPX_FORMAT",))
    text = raw if text == raw else text  # one text for both, of millions
    return CpxReading(raw, text, NumberKind.RPPS) if rpps_is_valid(text[1:]) else CpxReading(raw, codes=("CPX_KEY",))


def _eleven(raw: str, text: str) -> CpxReading:
    if not text.isdigit():
        return CpxReading(raw, codes=("CPX_FORMAT",))
    if rpps_is_valid(text):
        return CpxReading(raw, "8" + text, NumberKind.RPPS, ("TYPE_DIGIT_ADDED",))
    return CpxReading(raw, codes=("CPX_KEY",))


def _ten(raw: str, text: str) -> CpxReading:
    if text.startswith("0") and adeli_is_valid(text[1:]):
        return CpxReading(raw, text, NumberKind.ADELI)
    return CpxReading(raw, text, NumberKind.SERIAL) if text.isdigit() else CpxReading(raw, codes=("CPX_FORMAT",))


def _adeli_without_zeros(raw: str, text: str) -> CpxReading:
    adeli = text.zfill(9)
    if adeli_is_valid(adeli):
        return CpxReading(raw, "0" + adeli, NumberKind.ADELI, ("LEADING_ZERO_RESTORED",))
    return CpxReading(raw, codes=("CPX_KEY" if len(text) == 9 and _ADELI.fullmatch(text) else "CPX_FORMAT",))


_BY_LENGTH = {12: _twelve, 11: _eleven, 10: _ten, 9: _adeli_without_zeros, 8: _adeli_without_zeros}


@lru_cache(maxsize=16384)
def classify_finess(typed: str) -> tuple[str, tuple[str, ...]]:
    """Return (FINESS, codes): nine characters; a leading zero lost by Excel is restored where the key then passes.

    Codes: FINESS_FORMAT and FINESS_KEY leave no number; LEADING_ZERO_RESTORED and NUMBER_REFORMATTED are repairs.
    With a letter (2A, 2B) the key is not judged.
    """
    raw = clean(typed)
    text, reformatted = _undo_excel(plain_digits(raw))
    text = text.upper()
    if plain_digits(raw) != raw:
        right = finess_is_well_formed(text) and text.isdigit() and finess_key_is_right(text)
        return (text, ("NUMBER_REFORMATTED",)) if right else ("", ("FINESS_FORMAT",))
    codes: tuple[str, ...] = ("NUMBER_REFORMATTED",) if reformatted else ()
    if len(text) == 8 and text.isascii() and text.isdigit() and finess_key_is_right("0" + text):
        return "0" + text, ("LEADING_ZERO_RESTORED", *codes)
    if not finess_is_well_formed(text):
        return "", ("FINESS_FORMAT",)
    if text.isdigit() and not finess_key_is_right(text):
        return "", ("FINESS_KEY",)
    return text, codes
