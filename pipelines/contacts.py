"""Contact cells as mail programs and secretaries write them: the address or the number, not what stands around it."""

import re

from schemas.words import fold

_AT = re.compile(r"\s*(?:\(|\[)\s*(?:at|a|arobase|@)\s*(?:\)|\])\s*|\s+@\s*|\s*@\s+", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9._+\-]*(?:@[A-Za-z0-9.\-]+)?")
_MAILTO = re.compile(r"\bmailto:\s*([^\s?;,<>]*)(?:\?subject=[^\s;,<>@]*)?", re.IGNORECASE)
_ANGLED = re.compile(r"(?:\"[^\"<>]*\"|'[^'<>]*'|[^<>;,\"]*)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_REMARK = re.compile(r"[(\[][^()\[\]@]*[)\]]")
_LONGEST = 1000  # characters of a cell with addresses in angle brackets
_FEWEST_DIGITS = 9  # of a telephone
_QUOTES = re.compile(r"^[\"'`\u2018-\u201f\u00ab\u00bb]+|[\"'`\u2018-\u201f\u00ab\u00bb]+$")
_FRENCH = re.compile(
    r"(?:\+\s?33|0033)\s?(?:\(\s?0\s?\))?\s?[1-9](?:[ .\-]?\d{2}){4}|(?<!\d)0\s?[1-9](?:[ .\-]?\d{2}){4}(?!\d)"
)
_EXTENSION = re.compile(
    r"\b(?:poste|postes|p|ext|extension|dect|int|interne|bip|numero court|abrege)\s?[.:]?\s?\d{2,6}\b"
)


def bare_addresses(cell: str) -> str:
    """Return « "LEROY, Claire" <c@example.org>; (pro) » → « c@example.org ; »: what shows whose address it is is not in
    it.
    """
    if _PLAIN.fullmatch(cell):  # nearly all
        return cell
    text = _AT.sub("@", cell)
    text = _MAILTO.sub(lambda found: found[1], text)
    if "<" in text and len(text) <= _LONGEST:
        text = _ANGLED.sub(lambda found: f" {found[1]} ", text)
    text = _REMARK.sub(" ", text) if "@" in text else text
    return " ".join(_QUOTES.sub("", part) for part in re.split(r"[;,/\s]+", text))


_OF_BEFORE = re.compile(
    r"\b(?:anc(?:ien(?:ne)?)?|old|avant|n.utilise plus|ne plus (?:utiliser|appeler|composer|[ée]crire [àa])(?:\s+le)?"
    r"|ne r[ée]pond plus|au lieu de|remplace(?! par)(?:\s+l[ea])?|ex(?=\s*:|\s+\+?\d))\b\.?",
    re.IGNORECASE,
)
_OF_TODAY = re.compile(
    r"\b(?:nouv(?:eau|elle|el)?|new|mais|d[ée]sormais|maintenant|remplac[ée]e? par|devient|utiliser plut[ôo]t"
    r"|(?<!plus )(?:utiliser|appeler|composer|faire|[ée]crire [àa]))\b(?:\s+le\b)?\.?"
    r"|[-=]+>|→",
    re.IGNORECASE,
)
_MAY_BE_NEW = re.compile(
    r"anc|old|avant|lieu|ex|utilise|nouv|new|mais|maintenant|remplac|devient|crire|appel|compos|faire|pond|>"
)  # in small letters, at once


_TURNS = re.compile(r"[-=]*>|→|remplac|devient", re.IGNORECASE)  # what stands between the old and the new
_AROUND = " :;,/-()"


def of_today(cell: str) -> str:
    """Return what is said to be new, where a cell tells the old and the new: « ancien : a@… ; nouveau : b@… » → b@…;
    the cell itself otherwise.
    """
    if cell.isascii() and not _MAY_BE_NEW.search(cell.lower()):  # nearly all
        return cell
    new, old = list(_OF_TODAY.finditer(cell)), list(_OF_BEFORE.finditer(cell))
    if len(new) + len(old) == 0 or len(new) > 1 or len(old) > 1:
        return cell
    if not new:  # « b@… (ancienne adresse : a@…) »
        told = cell[: old[0].start()].strip(_AROUND)
        if not told and old[0][0].lower().startswith("ex") and _is_contact(cell):  # of before, and none of today
            return ""
        return told if _is_contact(told) and _is_contact(cell[old[0].end() :]) else cell
    if not (old or _TURNS.match(new[0][0])):
        return cell
    end = next((one.start() for one in old if one.start() > new[0].end()), len(cell))
    told = cell[new[0].end() : end].strip(_AROUND)
    before = (cell[: new[0].start()] + cell[end:]).strip()
    alone = not before and new[0][0].lower().startswith("rempl")  # « remplacé par 01 44… »
    return told if _is_contact(told) and (alone or _is_contact(before)) else cell


def _is_contact(text: str) -> bool:
    return "@" in text or sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


_GLUED = re.compile(
    r"(@[\w.\-]*\.[a-z]{2,4}?)(?=(?:T[ée]l|Fax|Port|Mob|GSM)[\w]*\b|(?:tel|t[ée]l|fax|port|mob)[.:]?\s*\d)"
)
_FAX = re.compile(r"\b(?:fax|t[ée]l[ée]copie)\b\W{0,3}(?:0\d(?:[ .\-]?\d{2}){4})", re.IGNORECASE)


def unglued(cell: str) -> str:
    """Return « a@example.orgTel 01 44… » with what is glued behind the address apart from it."""
    return _GLUED.sub(r"\1 ", cell) if "@" in cell else cell


def without_fax(cell: str) -> str:
    """Return a cell of telephones without the number of a fax, which is none."""
    return _FAX.sub(" ", cell)


def is_remark(part: str) -> bool:
    """Tell whether it is a word beside an address that is no failed address: « secrétariat », « pro : »."""
    return "@" not in part and not re.search(r"\w\.\w", part)


def numbers_among(text: str) -> tuple[list[str], str]:
    """Return (the French numbers in a text, what is left without extensions): « Tél. 01 44… poste 12 (matin) »."""
    found = [one[0] for one in _FRENCH.finditer(text)]
    return found, _EXTENSION.sub(" ", fold(_FRENCH.sub(" ", text)))


def is_aside(part: str) -> bool:
    """Tell whether it stands beside a number and is none: an extension, a remark."""
    return not re.search(r"\d", _EXTENSION.sub(" ", fold(part)))
