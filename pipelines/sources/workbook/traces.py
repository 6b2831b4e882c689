"""What of somebody stands in a row as it is written: a number, an address, both names (contract §6a).

It is asked for those alone who would otherwise be gone, so that its cost is that of the cells.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rapidfuzz.distance import OSA

from pipelines import names
from pipelines.normalize import phone_key
from pipelines.sources.cells.departure import departure_of
from pipelines.sources.cells.presence import LEFT, presence_of
from pipelines.sources.mentions import is_of_leavers, sounds_of_name, told_as_gone
from pipelines.sources.workbook.beside.last_names import (
    Around,
    is_announced,
    is_listed,
    listed_names,
    spelled_together,
    stands_bare,
    titles,
    words_of_places,
)
from schemas.people.assignment import Account
from schemas.people.workbook_line import BETWEEN_CELLS, NAME_FIELDS, WrittenRow
from schemas.reading.cell import letters
from schemas.words import fold, label_key, words_in

_RUN = re.compile(r"\d(?:[ .\-/\u00a0\u202f]?[0-9A-Za-z]*\d)*")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = 8  # of a number or a telephone, at least
_LOCAL = 9  # digits of a telephone without its zero or prefix
_TELEPHONE = re.compile(r"\d(?:[ .\-/]?\d){8,}")
_LETTERS = re.compile(r"[a-z]+")
ANYWHERE = "*"  # no structure's code
_NEAR = 2  # words, or written cells, between a last name and its first name
_MOST_SILENT = 65_536  # words held that name nobody


@dataclass(slots=True)
class Sought:
    """Those who are looked for: by the digits of a number, an address of their own, the first word of their last name;
    by that of their first name at their own structures, and where nobody knows the place (`ANYWHERE`).

    Of a telephone the last nine digits. `numbers`: account id → its digits; `bags`: its name. `others`: the e-mails of
    everybody else, whose name they spell. `silent`: words that came before and name nobody, as they stood there and as
    they are compared.
    """

    accounts: Mapping[str, Account]
    others: frozenset[str] = frozenset()
    digits: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    heads: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    firsts: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bags: dict[str, str] = field(default_factory=dict)
    places: dict[str, frozenset[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    def add(self, account: Account, numbers: Iterable[str], shared: Collection[str], places: Iterable[str]) -> None:
        """Add one more, with every number of theirs; what several people give (`shared`) is nobody's own.

        `places`: the names of their establishments.
        """
        key = account.account_id
        self.silent.clear()
        self.places[key] = words_of_places(places)
        for number in map(_compact, numbers):
            if len(number) >= _DIGITS:
                self.numbers[key].add(number)
                for form in {number, number.removeprefix("8")}:
                    self.digits[form].add(key)
        email, phone = account.email.strip().lower(), phone_key(account.phone)
        if email and email not in shared:
            self.addresses[email].add(key)
        if phone and phone not in shared and len(_compact(phone)) >= _LOCAL:
            self.addresses[_compact(phone)[-_LOCAL:]].add(key)
        self.bags[key] = names.bag((account.last_name, account.first_name))
        if last := sounds_of_name(account.last_name):
            for whole in {last[0], *spelled_together(account)}:
                self.heads[whole].add(key)
            self._add_first_name(account)

    def _add_first_name(self, account: Account) -> None:
        for first in sounds_of_name(account.first_name)[:1]:
            for place in (*account.places, ANYWHERE):
                self.firsts[first][place].add(account.account_id)
            if not titles().isdisjoint(label_key(account.last_name).split()):  # « M. DOCTEUR »: a title is no word
                self.heads[first].add(account.account_id)

    def may_stand_in(self, text: str, at: str) -> bool:
        """Tell whether a word, address or digits of a whole row may be somebody's, `at` a structure: nearly always not,
        and most of its words came before.
        """
        for written in {*text.split()} - self.silent:
            if not written.isdigit() and self._names_anybody(written, at):
                return True
        return any(_by_digits(text, self))

    def _names_anybody(self, written: str, at: str) -> bool:
        """Tell the same of what stands there without a space in it; what names nobody anywhere is known from now on."""
        if "@" in written and any(_by_address(written, self)):
            return True
        silent = True
        for word in words_in(fold.__wrapped__(written)):  # nearly all come but once: not to be remembered
            if word in self.silent:
                continue
            sounds = [*_sounds_in((names.in_full(word),))]
            if not self.firsts.keys().isdisjoint(sounds):
                if any(at in self.firsts.get(sound, ()) for sound in sounds):
                    return True
                silent = False
            elif not self.heads.keys().isdisjoint(sounds):
                return True
            else:
                self._is_silent(word)
        if silent:
            self._is_silent(written)
        return False

    def _is_silent(self, word: str) -> None:
        if len(self.silent) >= _MOST_SILENT:
            self.silent.clear()
        self.silent.add(word)

    def named_by(self, word: str, heard: "KnownRow") -> Iterator[str]:
        """Yield those whom a word, as it sounds, may name in a row of which so much is known."""
        yield from self.heads.get(word, ())
        if word in self.firsts:
            yield from self.firsts[word].get(heard.at, ())

    def names_any(self, words: Iterable[str], heard: "KnownRow") -> bool:
        """Tell whether any of these words does."""
        heads, firsts, at = self.heads, self.firsts, heard.at
        return any(word in heads or (word in firsts and at in firsts[word]) for word in words)


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """Of whom something stands where."""

    account_id: str
    source: str
    location: str
    line: str


@dataclass(frozen=True, slots=True)
class KnownRow:
    """What is known of a row already: `certain`, and its read columns are its own person's; `name`: the `bag` of a line
    that was compared, with its number and addresses; `weighed`: the accounts that it is or may be about; `place`: its
    structure, "" where nobody knows; `own`: how the words of its own people's names sound; `named`: those of its
    establishment's name.
    """

    certain: bool = False
    name: str = ""
    place: str = ""
    weighed: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    @property
    def at(self) -> str:
        """The structure at which a first name alone may mean somebody: any, where nobody knows the row."""
        return self.place if self.place or self.name else ANYWHERE


NOT_KNOWN = KnownRow()
_COMPARED = ("email", "phone", "cpx_number")


def traces(row: WrittenRow, sought: Sought, heard: KnownRow, day: date) -> Iterator[Trace]:
    """Yield those of whom something stands in a row, beside what is heard of it. At its structure a title or an initial
    does for a first name.
    """
    if not _may_concern(row.text, sought, heard):
        return
    text = _ADDRESS.sub(lambda one: "" if one.group().lower() in sought.others else one.group(), row.text)
    cells = list(enumerate(text.split(BETWEEN_CELLS))) if not row.note else [(0, text)]
    read = {} if row.note else row.read
    open_cells = [(at, text) for at, text in cells if text and not (heard.certain and at in read)]
    open_cells += [(at, text) for at, text in cells if heard.certain and _has_others(read.get(at, ""), text)]
    compared = {at for at, name in read.items() if heard.name and name in _COMPARED}
    compared -= {at for at, text in cells if _has_others(read.get(at, ""), text)}
    found: dict[str, int] = {}
    for at, _ in open_cells:
        for key in _by_name(open_cells, at, sought, heard, note=row.note):
            found.setdefault(key, at)
    for at, text in open_cells:
        for key in _by_digits_or_address(text, sought) if at not in compared else ():
            found.setdefault(key, at)
    for at, key in _by_last_name(cells, read, sought, heard):
        found.setdefault(key, at)
    texts = dict(cells)
    for key, at in sorted(found.items()):
        same_name = bool(heard.name) and sought.bags[key] == heard.name
        told = texts if heard == NOT_KNOWN else {at: texts[at]}  # of a row that is asked about a status says nothing
        if key not in heard.weighed and not same_name and not _has_left(row, sought.accounts[key], at, told, day):
            yield trace_of(row, key, at)


def trace_of(row: WrittenRow, account_id: str, column: int) -> Trace:
    """Return where something of an account stands, in a column of a row."""
    return Trace(account_id, row.source, row.location if row.note else _cell(row, column), row.line)


def _has_others(field: str, text: str) -> bool:
    """Addresses, or several telephones: one of them may be a colleague's."""
    return (field == "email" and "@" in text) or (field == "phone" and len(_TELEPHONE.findall(text)) > 1)


def _by_last_name(
    cells: list[tuple[int, str]], read: Mapping[int, str], sought: Sought, heard: KnownRow
) -> Iterator[tuple[int, str]]:
    """(cell, account) of each last name that stands alone in a row of its own place, or in one that is nobody's."""
    texts = [text for _, text in cells]
    nobodys = not (heard.place or heard.name)
    for at, text in cells:
        for key in {key for word in _sounds_in(names.words_of(text)) for key in sought.named_by(word, heard)}:
            account = sought.accounts[key]
            here = nobodys or heard.place in account.places
            if not here and not (heard.own and at in read):  # of another place, and nothing tells of them: nearly all
                continue
            around = Around(heard.own, heard.named | sought.places[key], listed_names(texts, at))
            told = at in read and (is_announced(account, text) or is_listed(account, text, note=False))
            last = (here or (told and heard.own)) and stands_bare(account, text, around)
            first = here and heard.own and read.get(at) not in NAME_FIELDS
            if last or (first and stands_bare(_turned(account), text, around)):
                yield at, key


def _turned(account: Account) -> Account:
    """With the first name for the last: « en binôme avec Aminata » in a row of her hospital."""
    return replace(account, last_name=account.first_name, first_name=account.last_name)


def _may_concern(text: str, sought: Sought, heard: KnownRow) -> bool:
    """Some word, address or digits of a whole row are somebody's: nearly always not, and no cell is looked at."""
    words = names.words_of.__wrapped__(text)  # a row as a whole comes but once: not to be remembered
    return sought.names_any(_sounds_in(words), heard) or any(_by_digits_or_address(text, sought))


def _sounds_in(words: Iterable[str]) -> Iterator[str]:
    """How words sound; of « beranger2 », with the mark of a footnote, the letters too."""
    for word in words:
        if word.isdigit():
            continue
        yield names.sound(word)
        if not word.isalpha():
            yield from map(names.sound, _LETTERS.findall(word))


def _by_digits_or_address(text: str, sought: Sought) -> Iterator[str]:
    if "@" in text:
        yield from _by_address(text, sought)
    yield from _by_digits(text, sought)


def _by_address(text: str, sought: Sought) -> Iterator[str]:
    for word in text.lower().split():
        for address in _ADDRESS.findall(word) if "@" in word else ():
            yield from sought.addresses.get(address, ())


def _by_digits(text: str, sought: Sought) -> Iterator[str]:
    for run in _RUN.findall(text):
        for one in _wholes_in(run) if len(run) >= _DIGITS else ():
            if len(one) >= _DIGITS and len(digits := _compact(one)) >= _DIGITS:
                yield from sought.digits.get(digits, ())
                yield from sought.addresses.get(digits[-_LOCAL:], ())


def _wholes_in(run: str) -> Sequence[str]:
    """A number may be written in groups, and several beside each other."""
    groups = run.split()
    return (run, *groups) if len(groups) > 1 else groups


def _by_name(cells: list[tuple[int, str]], at: int, sought: Sought, heard: KnownRow, *, note: bool) -> Iterator[str]:
    """Both names in one cell or in two that are near; or the last one, and a number one slip off in the row.

    Where the last name is that of the row's own person a title or an initial beside it is theirs too.
    """
    text = next(one for place_of_it, one in cells if place_of_it == at)
    words = _sounds_of(text)
    for start, word in enumerate(words):
        for key in sought.heads.get(word, ()):
            account = sought.accounts[key]
            last = sounds_of_name(account.last_name)
            end = start + len(last)
            if words[start:end] != last:
                continue
            beside = [*words[max(0, start - _NEAR) : start], *words[end : end + _NEAR]]
            if set(last) <= heard.own:
                named = _is_another_first(account, beside, heard)
            else:
                named = _is_first(account, beside, text, heard.place) or is_listed(account, text, note=note)
            named = named or _first_beside(account, cells, at, words == last)
            if named or any(_slipped(one, sought.numbers[key]) for _, one in cells):
                yield key


def _is_another_first(account: Account, beside: list[str], heard: KnownRow) -> bool:
    """The first name in full; of a row whose person is certain, it is not theirs."""
    first = sounds_of_name(account.first_name)
    written = bool(first) and (first[0] in beside or "".join(first) in beside)
    return written and not (heard.certain and set(first) <= heard.own)


def _is_first(account: Account, beside: list[str], text: str, place: str) -> bool:
    first = sounds_of_name(account.first_name)
    if first and (first[0] in beside or "".join(first) in beside):
        return True
    if is_announced(account, text):
        return True
    if not place or place not in account.places:
        return False
    titled = not titles().isdisjoint(label_key(text).split())
    return titled or any(len(word) == 1 and first and first[0].startswith(word) for word in beside)


def _first_beside(account: Account, cells: list[tuple[int, str]], at: int, alone: bool) -> bool:
    """The last name alone in its cell, or with a title; the first name alone in one that is near."""
    if not alone:
        return False
    place = next(place for place, (other, _) in enumerate(cells) if other == at)
    near = (text for _, text in (*cells[max(0, place - _NEAR) : place], *cells[place + 1 : place + 1 + _NEAR]))
    return any(
        names.first_names(account.first_name, text) in ("same", "several", "sound") for text in near if len(text) < 60
    )


def _slipped(text: str, numbers: Collection[str]) -> bool:
    runs = (_compact(run) for run in _RUN.findall(text))
    forms = [form for number in numbers for form in (number, number.removeprefix("8"))]
    return any(
        OSA.distance(run, form, score_cutoff=1) <= 1 for run in runs if len(run) >= _DIGITS + 2 for form in forms
    )


def _has_left(row: WrittenRow, account: Account, at: int, cells: Mapping[int, str], day: date) -> bool:
    """The row says that they left, or were replaced: in the cell that names them, the header above it, or beside."""
    if is_of_leavers(row.heads.get(at, "")):
        return True
    if told_as_gone(cells.get(at, row.text), (account.last_name, account.first_name)):
        return True
    beside = [text for other, text in cells.items() if other != at and text]
    return any(
        presence_of(text, day) == LEFT == departure_of(text, day) for text in beside
    )  # « Non » may answer anything


def _cell(row: WrittenRow, at: int) -> str:
    sheet, _, own = row.location.rpartition("!")
    return f"{sheet}!{letters(at)}{own}" if own.isdigit() else f"{row.location}{at + 1}"


def _compact(text: str) -> str:
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def _sounds_of(text: str) -> list[str]:
    """The words of a cell as they sound, titles and particles aside."""
    return sounds_of_name(text) if _WORD.search(text) else []
