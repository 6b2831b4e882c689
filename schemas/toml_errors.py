"""What is wrong with a text that is no TOML, in French: the library says it in English."""

import re
import tomllib

from schemas.nomenclatures import messages, say

_PLACE = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_NAMED = re.compile(r"^Cannot declare (.+) twice|inline table key (.+)$")


def toml_fault(error: tomllib.TOMLDecodeError) -> str:
    """Return « ligne 151, colonne 18 : clé donnée deux fois »; the kind of a fault is the first two words of its
    English.
    """
    text = str(error)
    place = _PLACE.search(text)
    fault = text[: place.start()] if place else text
    named = _NAMED.search(fault)
    name = ".".join(re.findall(r"'([^']*)'", fault)) if named else ""
    key = f"toml_fault.{'_'.join(re.findall('[a-z]+', fault.lower())[:2])}"
    what = say(key if key in messages() else "toml_fault.other", name=name)
    if place and place[1]:
        return say("toml_fault.at", line=place[1], column=place[2], what=what)
    return say("toml_fault.at_the_end", what=what)
