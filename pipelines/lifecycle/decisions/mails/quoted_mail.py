"""What somebody wrote into the mail of ours that they quote: whatever in it none of our sentences says.

Our sentences are those of the catalogue, whatever was filled into them; what was filled in is no word that speaks
(« non », « elle », « fait »). Of a quoted mail that is not mostly ours nothing is told apart.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise, product

from schemas.nomenclatures import ets, messages, regions, rows, say
from schemas.table_words import words_where
from schemas.words import clean, fold, label_key

_MARKS = re.compile(r"^(?:\s*[>|])+\s?")
_HEADER = re.compile(
    r"^(?:de|a|cc|objet|date|envoye|repondre a|pieces? jointes?|from|to|sent|subject)\s*:", re.IGNORECASE
)
_BULLET = re.compile(r"^(?:[-•*·]|\d{1,2}[.)])\s")
_COUNT = re.compile(r"\s:\s\d")
_LINES_NAMED = re.compile(r"»\s+lignes?\s")
_QUOTED = re.compile(r"«[^»]*»")
_PLACE = re.compile(r"\{[^}]*\}")
_FORMS = re.compile(r"\{(?P<count>\w+):(?P<one>[^|}]*)\|(?P<many>[^}]*)\}")
_REFERENCE = re.compile(r"\b(?:CHG-[0-9A-F]{16}|mot-[0-9a-f]{12})\b")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|<[^>]*>")
_WRAPPED = 60  # characters of a line that may go on in the next
_LONGEST_COUNT = 80
_MOST_FOREIGN = 0.3  # of the lines of a mail of ours may be somebody's
_ALIEN, _WHOLLY_ALIEN = 0.5, 0.8  # of the words of a line: all of it is somebody's
_SEPARATOR = "·"  # between the answers of a list
_LONGEST_VALUE = 24  # words of what is filled in
_VERDICTS = ("accepted", "refused", "postponed")
_LEAST = 2  # words of a sentence that is known by itself
_AUTOMATIC = messages()["letter.automatic"].partition("(")[0]
# What people answer, and what is asked or told of it: said again in a reply it is theirs.
_THEIRS = ("decision.", "offer.", "cli.", "metavar.", "example.", "log.")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line, its words, and which of them our sentences have."""

    text: str
    words: tuple[str, ...]
    ours: tuple[bool, ...]

    @property
    def is_ours(self) -> bool:
        """Nothing in it is anybody else's."""
        return all(self.ours)

    @property
    def foreign(self) -> str:
        """All of a line that none of our sentences has; a list of answers is ours."""
        alien = not self.ours or self.ours.count(False) < _ALIEN * len(self.ours)
        return "" if alien or _SEPARATOR in self.text or _is_a_label(self.words) else self.text

    @property
    def foreign_to_a_receipt(self) -> str:
        """The same of a receipt, whose lines name answers and lines of a report: nearly every word is foreign."""
        told = self.ours.count(False) >= _WHOLLY_ALIEN * len(self.ours) and not _LINES_NAMED.search(self.text)
        return self.foreign if told else ""

    @property
    def behind(self) -> str:
        """What stands before or behind all of ours: « Comptes à désactiver : 1 non, elle reste »."""
        first, last = next((at for at, one in enumerate(self.ours) if one), 0), len(self.ours)
        while last and not self.ours[last - 1]:
            last -= 1
        between = self.ours[first:last]
        left = (*self.words[:first], *self.words[last:]) if between and all(between) else ()
        return "" if not left or _is_a_label(left) else " ".join(left)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the quoted mail, as it was written, with the place in the key at which each of its words begins."""

    text: str

    @property
    def words(self) -> list[tuple[str, tuple[str, ...]]]:
        """Its words, each with what it is compared by."""
        behind = _REFERENCE.split(self.text)[-1]  # before it stands of which line it is
        bare = _ADDRESS.sub(" ", _QUOTED.sub(" ", behind))
        return [(word, keys) for word in bare.split() if (keys := tuple(label_key(word).split()))]


def written_into(quoted: list[str]) -> list[str]:
    """Return what somebody wrote into a quoted mail: between its marked lines, and whatever in a mail of ours none of
    our sentences has. Behind each stands under what it was written.
    """
    between = _between(quoted)
    known = {label_key(one) for one, _ in between}
    added = [(one, before) for one, before in _added_to(quoted) if label_key(one) not in known]
    return [_with_its_place(one, before) for one, before in (*between, *added)]


def _between(quoted: list[str]) -> list[tuple[str, str]]:
    """What stands between the lines of a quoted mail, not marked as they are, nor what is left of a long line."""
    found, before, marked = list[tuple[str, str]](), "", ""
    for line in quoted:
        own = before.startswith(">") and len(before) < _WRAPPED and not line.startswith(">")
        found += [(clean(line), clean(_MARKS.sub("", marked)))] if own and line.strip() else []
        before = line if line.strip() else before
        marked = before if before.startswith(">") else marked
    return found


def _with_its_place(text: str, before: str) -> str:
    """« Non, elle reste (sous « Comptes à désactiver : 1 ») »: under which line of figures it was written."""
    line = _BULLET.sub("", before).rstrip(" .")
    is_a_count = _COUNT.search(line) and len(line) < _LONGEST_COUNT
    return say("mailbox.written_under", text=text, line=line) if is_a_count else text


def _added_to(quoted: list[str]) -> list[tuple[str, str]]:
    """What somebody wrote, line by line, each with the line of ours above it; nothing of a mail that is not known for
    ours, by its end and by most of its lines.
    """
    found = [_Reading(one.text, *_told_apart(one)) for one in _paragraphs(quoted)]
    receipt = any(label_key(say("receipt.automatic")) in label_key(one.text) for one in found)
    if not (receipt or any(one.is_ours and _AUTOMATIC in one.text for one in found)):
        return []
    theirs, before = list[tuple[str, str]](), ""
    for one in found:
        if said := one.foreign_to_a_receipt if receipt else one.foreign or one.behind:
            theirs.append((said, before if one.foreign else one.text.removesuffix(said).strip()))
        before = before if one.foreign else one.text
    return theirs if len(theirs) <= _MOST_FOREIGN * len(found) else []


def _paragraphs(quoted: list[str]) -> Iterator[_Line]:
    """The lines of the quoted mail, those that a program broke joined again; without what heads it."""
    whole, last = "", ""
    for raw in quoted:
        line = clean(_MARKS.sub("", raw))
        goes_on = len(last) >= _WRAPPED and not _BULLET.match(line) and bool(line)
        if whole and not goes_on:
            yield _Line(whole)
            whole = ""
        last = raw.rstrip()
        if line and not _HEADER.match(fold(line)) and not begins_a_quote(line):
            whole = f"{whole} {line}" if whole else _BULLET.sub("", line)
    if whole:
        yield _Line(whole)


def begins_a_quote(line: str) -> bool:
    """Tell whether a program puts that line above the mail that is answered."""
    return any(one.match(fold(line)) for one in _quote_marks())


@cache
def _quote_marks() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in rows("quote_marks"))


def _told_apart(line: _Line) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """The words of a line, and whether one of our sentences has each."""
    words = line.words
    keys = [key for _, several in words for key in several]
    heading = " ".join(key for key in keys if not key.isdigit()) in _headings() and not line.text.islower()
    ours = set(range(len(keys))) if heading else _places_of_ours(keys)
    told, place = list[bool](), 0
    for _, several in words:
        told.append(ours.issuperset(range(place, place + len(several))))
        place += len(several)
    return tuple(word for word, _ in words), tuple(told)


def _places_of_ours(keys: list[str]) -> set[int]:
    ours, at = set[int](), 0
    while at < len(keys):
        size = _longest_at(keys, at)
        ours |= set(range(at, at + size))
        at += size or 1
    ours |= {at for at, key in enumerate(keys) if key.isdigit() or key in _names()}
    if 2 * len(ours) >= len(keys):
        ours |= {at for at in range(len(keys)) if _is_as_usual(keys, at)}
    return ours


def _is_a_label(words: Collection[str]) -> bool:
    """« lignes »; « Fait » by itself, as a receipt counts what was taken."""
    keys = label_key(" ".join(words)).split()
    return " ".join(keys) in _labels() or set(keys) <= _places()


@cache
def _places() -> frozenset[str]:
    """The words with which a receipt says where something stands: « ligne », « Courriel »."""
    told = (messages()[f"receipt.{key}"] for key in ("place_one", "place_many", "lines_one", "lines_many", "no_place"))
    return frozenset(word for text in told for word in label_key(_PLACE.sub(" ", text)).split())


@cache
def _labels() -> frozenset[str]:
    return frozenset(label_key(text) for key, text in messages().items() if key.startswith("decision."))


def _is_as_usual(keys: list[str], at: int) -> bool:
    """The word stands in our sentences between the same two words."""
    around = keys[max(at - 1, 0) : at + 2]
    pairs = list(pairwise(around))
    known = all(pair in _pairs() or any(one.isdigit() for one in pair) for pair in pairs)
    return known and bool(pairs)


@cache
def _names() -> frozenset[str]:
    named = (*regions().values(), *ets().values(), *ets())
    return frozenset(word for one in named for word in label_key(one).split())


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    """The words that follow each other in our sentences."""
    pieces = (piece for told in _sentences().values() for sentence in told for piece in sentence)
    return frozenset(pair for piece in pieces for pair in pairwise(piece))


def _longest_at(keys: list[str], at: int) -> int:
    """How many words one of our sentences has from that place on."""
    told = (*_sentences().get(keys[at], ()), *_sentences()[""])
    return max((_size(one, keys, at) for one in told), default=0)


def _size(sentence: tuple[tuple[str, ...], ...], keys: list[str], begin: int) -> int:
    """How many words a sentence has there, with what is filled in between its pieces; 0 where it does not stand."""
    at = begin
    for number, piece in enumerate(sentence):
        most = _LONGEST_VALUE if number else 0
        found = next((one for one in range(at, min(at + most, len(keys)) + 1) if _stands(piece, keys, one)), None)
        if found is None or not _speaking().isdisjoint(keys[at:found]):
            return 0
        at = found + len(piece)
    return at - begin


def _stands(piece: tuple[str, ...], keys: list[str], at: int) -> bool:
    return tuple(keys[at : at + len(piece)]) == piece


@cache
def _sentences() -> dict[str, list[tuple[tuple[str, ...], ...]]]:
    """Our sentences, cut where something is filled in, by their first word; under "" those that begin with it."""
    by_word: dict[str, list[tuple[tuple[str, ...], ...]]] = {"": []}
    for text in _written_out():
        pieces = tuple(tuple(label_key(one).split()) for one in _PLACE.split(_ADDRESS.sub(" ", _QUOTED.sub(" ", text))))
        if sum(map(len, pieces)) < _LEAST:
            continue
        cut = tuple(one for number, one in enumerate(pieces) if one or not number)
        by_word.setdefault(cut[0][0] if cut[0] else "", []).append(cut)
    return by_word


def _written_out() -> Iterator[str]:
    """The sentences of the catalogue, of those that agree with a number both."""
    for key, text in messages().items():
        if key.startswith(_THEIRS):
            continue
        counted = sorted({found["count"] for found in _FORMS.finditer(text)})
        for forms in product(("one", "many"), repeat=len(counted)):
            chosen = dict(zip(counted, forms, strict=True))
            yield _FORMS.sub(partial(_form, chosen), text)


def _form(chosen: Mapping[str, str], found: re.Match[str]) -> str:
    return str(found[chosen[found["count"]]])


@cache
def _speaking() -> frozenset[str]:
    """Words that no value of ours has: they answer, deny, or speak of somebody."""
    denying = words_where("comment_words", kind="negation")
    of_them = words_where("comment_words", kind="of_them")
    answers = (word for row in rows("answer_words") if row["reads"] in _VERDICTS for word in row["words"].split("|"))
    return frozenset(one for one in (*denying, *of_them, *answers) if " " not in one and len(one) > 1)


@cache
def _headings() -> frozenset[str]:
    """The texts of ours that stand alone on a line, of any length."""
    return frozenset(label_key(text) for key, text in messages().items() if not key.startswith(_THEIRS) and text)
