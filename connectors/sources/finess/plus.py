"""FINESS+: establishments under their legal entities, read one entity at a time, however large the file.

formats.md « Establishments »; key names as published in github.com/ansforge/finess.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from schemas.nomenclatures import region_of_departement
from schemas.words import clean

_BLOCK = 1 << 20
_PMEJ = re.compile(r'"pmej"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_CUT = 100  # letters kept where the key may be cut in two
_LONGEST_ELEMENT = 1 << 28
_SITE_ADDRESS = "03"  # usageAdresse of the place itself
# Where the category stands; the first is the published name, in small letters.
_CATEGORY = ("categorieentitegeographiqueexercice", "categorieege", "codecategorieege", "categorie")


def elements(read: Callable[[int], bytes]) -> Iterator[object]:
    """Yield the members of the `pmej` array, one by one. Raises ValueError or RecursionError over broken JSON."""
    text = _Letters(read)
    while not (start := _PMEJ.search(text.buffer, text.at)):
        text.at = max(0, len(text.buffer) - _CUT)
        text.grow()
    text.at = start.end()
    decoder = json.JSONDecoder(parse_int=str)
    while text.skip(_GAP) != "]":
        try:
            element, text.at = decoder.raw_decode(text.buffer, text.at)
        except ValueError:  # not the whole of it yet, or not JSON at all
            if len(text.buffer) - text.at > _LONGEST_ELEMENT:
                raise
            text.grow()
        else:
            yield element
    text.finish()


class _Letters:
    """UTF-8 text as it comes, from `at` on."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.buffer, self.at = "", 0
        self._read = read
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()

    def grow(self) -> None:
        """More text, as much again as there is: what does not fit yet is tried a few times only."""
        block = self._read(max(_BLOCK, len(self.buffer) - self.at))
        if not block:
            raise ValueError("the array does not end")
        self.buffer, self.at = self.buffer[self.at :] + self._decoder.decode(block), 0

    def skip(self, gap: re.Pattern[str]) -> str:
        """Past the gap; the next letter, "" at the end of what has come."""
        found = gap.match(self.buffer, self.at)
        self.at = found.end() if found else self.at
        return self.buffer[self.at : self.at + 1]

    def finish(self) -> None:
        """Nothing but the end of the document may come last: a file cut short is not the stock."""
        rest = self.buffer[self.at :]
        while block := self._read(_BLOCK):
            rest = rest[-_CUT:] + self._decoder.decode(block)
        self._decoder.decode(b"", final=True)
        if not rest.rstrip().endswith("}"):
            raise ValueError("the document does not end")


def sites(entity: object) -> list[object]:
    """Return the establishments of a legal entity; what is no entity, or no list of them, stands for one bad row."""
    if not isinstance(entity, dict):
        return [None]
    found = {key.lower(): value for key, value in entity.items()}.get("ege")
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def finess_plus_row(entity: object, ege: object) -> list[str]:
    """Return the fields of `FinessRow` of an establishment of FINESS+, [] where there is none.

    Values may lie in the establishment or in its `informationsGeneralesEGE`, whatever the case of their keys.
    """
    if not isinstance(entity, dict) or not isinstance(ege, dict):
        return []
    legal = _merged(entity, "informationsgeneralespmej")
    site = _merged(ege, "informationsgeneralesege")
    name = _text(site.get("nomegelong")) or _text(site.get("nomegecourt"))
    category = next(filter(None, (_text(site.get(key)) for key in _CATEGORY)), "")
    departement = _departement(_address(site.get("adresse")))
    closed = _text(site.get("etatobjet")).upper() == "I"
    return [
        _text(site.get("numfinessege")),
        _text(legal.get("numfinesspm")) or _text(legal.get("numfiness")),
        name,
        category,
        departement,
        region_of_departement().get(departement, ""),
        "non" if closed else "oui",
        _text(site.get("datefermeture")),
    ]


def _merged(block: dict[str, Any], inner: str) -> dict[str, Any]:
    outer = {key.lower(): value for key, value in block.items()}
    details = outer.get(inner)
    if isinstance(details, dict):
        outer.update({key.lower(): value for key, value in details.items() if value not in (None, "", [])})
    return outer


def _text(value: object) -> str:
    return clean(value.encode("utf-8", "replace").decode()) if isinstance(value, str) else ""


def _address(value: object) -> dict[str, Any]:
    addresses = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    return next(
        (one for one in addresses if one.get("usageAdresse") == _SITE_ADDRESS),
        addresses[0] if addresses else {},
    )


def _departement(address: dict[str, Any]) -> str:
    """INSEE code: by commune, else by postcode, where Corsica's 20 is 2A (200, 201) or 2B."""
    commune, postcode = _text(address.get("cogCommune")), _text(address.get("codePostal"))
    if not commune and postcode.startswith("20"):
        return "2A" if postcode[:3] in ("200", "201") else "2B"
    code = commune or postcode
    return code[:3] if code.startswith(("97", "98")) else code[:2]
