"""Contact cells as mail programs and secretaries write them: the address or the number, not what stands around it."""

import re

from schemas.words import fold

_AT = re.compile(r"\s*(?:\(|\[)\s*(?:at|a|arobase|@)\s*(?:\)|\])\s*|\s+@\s*|\s*@\s+", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9._+\-]*(?:@[A-Za-z0-9.\-]+)?")
_MAILTO = re.compile(r"\bmailto:\s*([^\s?;,<>]*)(?:\?subject=[^\s;,<>@]*)?", re.IGNORECASE)
_ANGLED = re.compile(r"(?:\"[^\"<>]*\"|'[^'<>]*'|[^<>;,\"]*)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_REMARK = re.compile(r"[(\[][^()\[\]@]*[)\]]")
# « a@example.orgTél 01… », « a@example.orgport 06… »
_GLUED = re.compile(r"(@[\w.\-]*\.[a-z]{2,6}?)(?=[A-ZÀ-Ý][a-zà-ÿ]|(?:t[ée]l|fax|port|mob)[.:]?\s*\d)")
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
    text = _GLUED.sub(r"\1 ", _AT.sub("@", cell))
    text = _MAILTO.sub(lambda found: found[1], text)
    if "<" in text and len(text) <= _LONGEST:
        text = _ANGLED.sub(lambda found: f" {found[1]} ", text)
    text = _REMARK.sub(" ", text) if "@" in text else text
    return " ".join(_QUOTES.sub("", part) for part in re.split(r"[;,/\s]+", text))


_OF_BEFORE = re.compile(
    r"\b(?:anc(?:ien(?:ne)?)?|old|avant|n.utilise plus|ne plus utiliser|au lieu de"
    r"|remplace(?! par)(?:\s+l[ea])?|ex(?=\s*:))\b\.?",
    re.IGNORECASE,
)
_OF_TODAY = re.compile(
    r"\b(?:nouv(?:eau|elle|el)?|new|mais|d[ée]sormais|maintenant|remplac[ée]e? par|devient|utiliser plut[ôo]t"
    r"|[ée]crire [àa])\b\.?"
    r"|[-=]+>|→",
    re.IGNORECASE,
)
_MAY_BE_NEW = re.compile(
    r"anc|old|avant|lieu|ex|utilise|nouv|new|mais|maintenant|remplac|devient|crire|>|plus|service"
)  # in small letters, at once


_TURNS = re.compile(r"[-=]*>|→|remplac|devient", re.IGNORECASE)  # what stands between the old and the new
_AROUND = " :;,/-()"


def of_today(cell: str) -> str:
    """Return what is said to be new, where a cell tells the old and the new: « ancien : a@… ; nouveau : b@… » → b@…;
    "" where it tells an old one alone; the cell itself otherwise.
    """
    if cell.isascii() and not _MAY_BE_NEW.search(cell.lower()):  # nearly all
        return cell
    if _is_dead(cell):
        return ""
    if said := _without_dead(cell):
        return said
    new, old = list(_OF_TODAY.finditer(cell)), list(_OF_BEFORE.finditer(cell))
    if len(new) + len(old) == 0 or len(new) > 1 or len(old) > 1:
        return cell
    if not new:  # « b@… (ancienne adresse : a@…) »
        told = cell[: old[0].start()].strip(_AROUND)
        return told if _is_contact(told) and _is_contact(cell[old[0].end() :]) else cell
    if not (old or _TURNS.match(new[0][0])):
        return cell
    end = next((one.start() for one in old if one.start() > new[0].end()), len(cell))
    told = cell[new[0].end() : end].strip(_AROUND)
    before = (cell[: new[0].start()] + cell[end:]).strip()
    return told if _is_contact(told) and _is_contact(before) else cell


_ONE = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+|(?:\+|\b00)?\d(?:[ .\-/()]{0,2}\d){8,13}")
_DEAD_BEFORE = re.compile(
    r"(?:\bne plus (?:utiliser|appeler|composer|joindre|[ée]crire)|\bex|\banc(?:ien(?:ne)?)?)\b[\s.:]*"
    r"(?:(?:num[ée]ro|adresse|t[ée]l\w*|mail|courriel|portable|ligne)\s*:?\s*)?(?:l[ea]s?|[àa]|au)?\s*$",
    re.IGNORECASE,
)
_DEAD_BEHIND = re.compile(
    r"\s*[(:,\-–]?\s*(?:ne (?:r[ée]pond|fonctionne|marche) plus|(?:n.est )?plus (?:valable|valide|attribu|utilis)"
    r"|(?:n.est )?plus en service|hors service)",
    re.IGNORECASE,
)
_LIVE_BEFORE = re.compile(r"^\s*remplac[ée]e? par\s*:?\s*(?:l[ea]\s+)?$", re.IGNORECASE)


def _without_dead(cell: str) -> str:
    """The one address or number of two that its words do not call dead: « ne plus appeler le 01…, faire le 02… », «
    01… (ne répond plus, utiliser 02…) »; or the only one, behind « remplacé par »; "" for anything else.
    """
    found = list(_ONE.finditer(cell))
    if len(found) == 1:
        return found[0][0] if _LIVE_BEFORE.match(cell[: found[0].start()]) else ""
    if len(found) != 2:
        return ""
    before = (cell[: found[0].start()], cell[found[0].end() : found[1].start()])
    behind = (before[1], cell[found[1].end() :])
    live = [
        one[0]
        for one, head, tail in zip(found, before, behind, strict=True)
        if not (_DEAD_BEFORE.search(head) or _DEAD_BEHIND.match(tail))
    ]
    return live[0] if len(live) == 1 else ""


def _is_dead(cell: str) -> bool:
    """One address or number alone that its words call dead: « ex 01… », « 01… hors service »."""
    found = list(_ONE.finditer(cell))
    dead = found and (_DEAD_BEFORE.search(cell[: found[0].start()]) or _DEAD_BEHIND.match(cell[found[0].end() :]))
    return len(found) == 1 and bool(dead)


def _is_contact(text: str) -> bool:
    return "@" in text or sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


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
