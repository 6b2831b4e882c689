"""Values that a comment writes out: those of its line say nothing new, another one than was asked says otherwise."""

import re
from collections.abc import Iterable, Iterator

from pipelines.answer_choices import Offer
from pipelines.lifecycle.decisions.said.comment_clauses import is_was
from pipelines.sources.cells.bare_number import numbers_in
from schemas.changes.change import Change
from schemas.nomenclatures import code_of, say
from schemas.words import clean, fold, label_key

_DIGITS = re.compile(r"(?<![\w/])\d(?:[ .\-/]?\d){6,}(?![\w/])")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PHONE, _CARD = 10, 11  # digits
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_SHOUTED = re.compile(r"\b[A-ZÀ-Ý]{4,}(?:-[A-ZÀ-Ý]{2,})*\b")
_WAS_SHE = re.compile(say("offer.it_was_somebody"))
_SHORT = 2  # letters
_ALIKE = 0.6  # digits in one place


def is_another_value(text: str, change: Change, chosen: Offer | None = None) -> bool:
    """Tell whether a comment writes out a number or year that is not the one that its line asks for, where that is what
    the line is about: « 0379995372 » for 0379995327, the number of before alone.
    """
    if change.kind == "card_alert" or (chosen and not chosen.key and chosen.code != "accepted"):
        return False  # a new card may have another number: it is told to the administrator
    asked, before = _asked(change), _before(change)
    named = chosen.key if chosen and chosen.key.isdigit() else ""
    for found in _DIGITS.finditer(clean(text)):
        digits = re.sub(r"\D", "", found[0])
        sound = next(iter(numbers_in(found[0])), "")
        if named and not sound and digits not in before and len(digits) >= _PHONE:
            return True
        if named or digits in asked:  # of a sound one `by_number` says whose it is
            continue
        if digits in before or sound in before - asked:
            if not re.sub(r"[\W\d]", "", clean(text)):
                return True
            continue
        if sound in asked:
            continue
        if any(_is_alike(digits, one) for one in asked) or _is_of_the_kind(digits, change):
            return True
    if _is_another_word(text, change):
        return True
    years = {one for one in _YEAR.findall(clean(text)) if len(_DIGITS.findall(text)) == 0}
    return bool(years) and _is_another_year(years, text, change)


def is_value_of(text: str, change: Change) -> bool:
    """Tell whether a text is one of the values that a line asks for, and no other."""
    asked = {one.after for one in change.fields if one.after} | set(filter(None, _own_values(change)))
    wanted = {label_key(one.after or "") for one in change.fields}
    before = {label_key(one.before) for one in change.fields if one.before} - wanted
    return label_key(text) in {label_key(one) for one in (*asked, *_written_dates(asked))} - before


def _own_values(change: Change) -> Iterator[str]:
    person = change.person
    yield from (person.national_id, person.last_name, person.first_name)


def _written_dates(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value):
            yield "/".join(reversed(found.groups()))


def _is_another_word(text: str, change: Change) -> bool:
    """Another address, name or profession than the one that is asked for."""
    asked = {one.field: one.after for one in change.fields if one.after and not one.field.startswith("differs:")}
    before = {one.field: one.before for one in change.fields if one.before}
    written = {found.strip(".,;").lower() for found in _ADDRESS.findall(text)}
    known = {(one.get("email") or "").lower() for one in (asked, before)}
    if written - known and "email" in asked:
        return True
    if "profession" in asked and (told := code_of("professions", clean(text))):
        return told != code_of("professions", asked["profession"])
    names = f"{change.person.last_name} {change.person.first_name}"
    ours = {*_parts(names), *(part for one in (*asked.values(), *before.values()) for part in _parts(one))}
    shouted = {part for found in _SHOUTED.findall(text) for part in _parts(found)}
    of_a_name = bool({"last_name", "first_name"} & asked.keys()) or bool(_WAS_SHE.match(fold(text)))
    return bool(of_a_name and shouted - ours)


def _parts(text: str) -> set[str]:
    return {part for part in label_key(text).split() if len(part) > _SHORT}


def without_own_values(text: str, change: Change) -> str:
    """Return the comment without the values of its line: « valable jusqu'au 21/01/2029 » is what was asked."""
    for value in sorted(_written(change), key=len, reverse=True):
        text = re.sub(rf"(?<!\d){re.escape(value)}(?!\d)", " ", text)
    return text


def _written(change: Change) -> Iterator[str]:
    """Their dates as people write them."""
    for one in change.fields:
        for value in (one.after, one.before):
            if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value or ""):
                year, month, number = found.groups()
                yield from (f"{number}/{month}/{year}", f"{number}/{month}/{year[2:]}", f"{number}.{month}.{year}")


def _is_another_year(years: set[str], text: str, change: Change) -> bool:
    dates = [one for one in change.fields if one.field == "card_expires_on"]
    if not dates or change.kind != "update_account":
        return False
    after = {(one.after or "")[:4] for one in dates}
    before = {(one.before or "")[:4] for one in dates}
    return bool(years - after - before) or (bool(years & before - after) and not is_was(text))


def _is_of_the_kind(digits: str, change: Change) -> bool:
    """A telephone where one is asked for; a card's number where one is."""
    fields = {one.field for one in change.fields if one.after}
    if len(digits) == _PHONE and digits.startswith("0") and "phone" in fields:
        return True
    creating = change.kind in ("create_account", "add_assignment") and bool(change.person.national_id)
    return len(digits) >= _CARD and ("cpx_number" in fields or creating)


def _is_alike(digits: str, asked: str) -> bool:
    """Of one length and mostly the same digits in the same places: it is meant to be that one."""
    if abs(len(digits) - len(asked)) > 1 or len(asked) < len("75999025"):
        return False
    same = sum(one == other for one, other in zip(digits, asked, strict=False))
    return same >= _ALIKE * len(asked)


def _asked(change: Change) -> set[str]:
    told = [one.after for one in change.fields]
    own = [change.person.national_id, change.assignment.structure_code]
    return set(_written_as((*told, *own)))


def _before(change: Change) -> set[str]:
    """As it stands in the annuaire, digit by digit; what is also asked for was only written otherwise."""
    return set(_written_as(one.before for one in change.fields))


def _written_as(values: Iterable[str | None]) -> Iterator[str]:
    for one in filter(None, values):
        yield from filter(None, (re.sub(r"\D", "", one), *numbers_in(one)))
