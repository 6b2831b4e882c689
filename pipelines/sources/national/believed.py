"""Numbers whose key fails and that an official file has all the same: believed, and noted (formats.md « Identifiers »).

A wrong key is a slip of whoever typed it, unless the register or the official correspondence itself writes it so.
"""

import re
from dataclasses import replace

from pipelines.sources.national.consolidate import Register, settle_serial
from schemas.people.identifiers import CpxReading, kind_of, plain_digits

KEY = "CPX_KEY"
_SEPARATORS = re.compile(r"[\s.\-_]")
_FORMS = (  # what was typed → the national identification it would be
    (re.compile(r"8\d{11}"), ""),
    (re.compile(r"\d{11}"), "8"),
    (re.compile(r"0\d[\dAB]\d{7}"), ""),
    (re.compile(r"\d[\dAB]\d{7}"), "0"),
    (re.compile(r"\d{8}"), "00"),
)


def unborne(reading: CpxReading) -> str:
    """Return the national identification that an unusable number would be if its key did not count; "" where it is
    none.
    """
    if reading.usable:
        return ""
    text = _SEPARATORS.sub("", plain_digits(reading.raw)).upper()
    return next((before + text for form, before in _FORMS if form.fullmatch(text)), "")


def settle_number(reading: CpxReading, register: Register) -> tuple[CpxReading, str]:
    """Return (reading, code): as `settle_serial`; CPX_KEY for a number that an official file has in spite of
    its key.
    """
    settled, code = settle_serial(reading, register)
    number = "" if settled.usable else unborne(reading)
    if number and (number in register.persons or number in register.links or number in register.forks):
        return replace(reading, number=number, kind=kind_of(number), codes=()), KEY
    return settled, code
