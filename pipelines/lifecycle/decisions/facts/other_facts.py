"""Facts of a line's own kind that a comment names: another account, day, card type, rank, title or candidate than the
line asks for puts the answer beside it in question. Nothing is guessed of which of the two was meant.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.answer_choices import Offer, named_in
from pipelines.lifecycle.decisions.facts.other_values import is_value_of
from pipelines.lifecycle.decisions.said.comment_clauses import is_was
from pipelines.lifecycle.decisions.written_dates import take_dates
from pipelines.sources.cells.bare_number import numbers_in
from schemas.changes.change import ENDING, Change
from schemas.nomenclatures import code_of, rows
from schemas.table_words import stands_in, words_where
from schemas.words import clean, label_key

_ACCOUNT = re.compile(r"(?<![\w-])[A-Za-z]{2,4}\d{3,}(?!\w)")
_JUST_DONE = timedelta(days=60)  # a day as near as that may be the one on which it was entered
_LEAST = 4  # letters of a name that tells somebody
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def names_another_fact(text: str, change: Change, chosen: Offer | None, decision: str, day: date) -> bool:
    """Tell whether a comment names a fact of the line's own kind that is not the one it asks for."""
    if is_was(text):
        return False
    code = chosen.code if chosen else decision
    if code == "refused":
        return _is_put_off(text, change, day) or (change.kind == "update_account" and is_value_of(text, change))
    if code == "received":
        return _is_the_old_card(text, change, day)
    if code in ("right", "number"):
        return _is_of_another_card(text, change, chosen)
    if code == "left":
        return _is_elsewhere(text)
    if code == "elsewhere":
        return _says(text, "done")
    if decision != "accepted" or code != "accepted":
        return False
    return (
        _is_another_account(text, change)
        or _is_another_day(text, change, day)
        or _is_another_type(text, change)
        or _is_another_rank(text, change)
        or _is_another_title(text, change)
    )


def _is_another_account(text: str, change: Change) -> bool:
    """« sur le compte EF0052 » beside EF0047; who has no account yet has whatever number is given."""
    told = {found.upper() for found in _ACCOUNT.findall(text)}
    values = " ".join(filter(None, (change.account_id, *(one.after for one in change.fields), change.guidance)))
    known = {found.upper() for found in _ACCOUNT.findall(values)}
    return bool(known and told) and not told & known


def _days_of(text: str, day: date) -> tuple[date, ...]:
    return tuple(one.day for one in take_dates(clean(text), day).days)


def _is_another_day(text: str, change: Change, day: date) -> bool:
    """« mis 22/07/2025 » where 22/07/2028 is to be entered; the day on which it was entered is near."""
    asked = {one.after for one in change.fields if one.field.endswith("expires_on") and one.after}
    far = [one for one in _days_of(text, day) if abs(one - day) > _JUST_DONE]
    return bool(asked and far) and not {one.isoformat() for one in far} & asked


def _is_another_type(text: str, change: Change) -> bool:
    asked = {one.after for one in change.fields if one.field == "card_type" and one.after}
    types = {row["code"] for row in rows("card_types")}
    told = types & set(re.findall(r"\w+", text.upper()))
    return bool(asked and told) and not told & asked


def _is_another_rank(text: str, change: Change) -> bool:
    """« CHV-ST remplaçante » where a titulaire is to be entered: nothing but function, rank and what joins them."""
    asked = change.assignment.rank
    if not asked or change.kind not in ("create_account", "add_assignment"):
        return False
    words = [one for one in label_key(text).split() if one not in words_where("comment_facts", kind="joining")]
    told = {code for one in words if (code := code_of("ranks", one))}
    rest = [one for one in words if not code_of("ranks", one) and one not in _functions()]
    return bool(told) and not rest and asked not in told


def _functions() -> set[str]:
    return {part for row in rows("functions") for part in label_key(f"{row['code']} {row['label']}").split()}


def _is_another_title(text: str, change: Change) -> bool:
    asked = next((one.after for one in change.fields if one.field == "civility" and one.after), "")
    told = code_of("civilities", clean(text))
    return bool(asked and told) and told != (code_of("civilities", asked) or asked)


def _is_put_off(text: str, change: Change, day: date) -> bool:
    """« elle part le 31/12 » beside the refusal of an end: it is not refused, it is to come."""
    leaves = change.kind in ENDING and _says(text, "leaving") and not _says(text, "coming")
    return leaves and any(one > day for one in _days_of(text, day))


def _is_the_old_card(text: str, change: Change, day: date) -> bool:
    """« fin 12/12/2026 », which is the end of the card there was; « CPF fin 2025 », which is over."""
    before = {value for one in change.fields if one.field.endswith("expires_on") for value in (one.before, one.after)}
    told = _days_of(text, day)
    if any(one.isoformat() in before for one in told):
        return True
    years = [int(one) for one in _YEAR.findall(text)]
    return _says(text, "end") and (
        any(one <= day for one in told) or (not told and any(one < day.year for one in years))
    )


def _is_of_another_card(text: str, change: Change, chosen: Offer | None) -> bool:
    """« carte de Daphné », of another candidate; « lu 899… sur la carte », another number than the one chosen."""
    own = {*_names(f"{change.person.last_name} {change.person.first_name}")}
    others = {part for one in named_in(change) if not chosen or one.key != chosen.key for part in _names(one.label)}
    if set(_names(text)) & (others - own):
        return True
    named = chosen.key if chosen and chosen.key.isdigit() else ""
    told = set(numbers_in(text))
    return bool(named and told) and named not in told and not _says(text, "instead")


def _says(text: str, kind: str) -> bool:
    return stands_in(label_key(text), "comment_facts", kind=kind)


def _is_elsewhere(text: str) -> bool:
    """« au CH de Clairvaux » beside « Partie »: from one of her places to another, perhaps of the same people."""
    return any(label_key(text).startswith(f"{one} ") for one in words_where("comment_facts", kind="elsewhere"))


def _names(text: str) -> Iterator[str]:
    return (part for part in label_key(text).split() if len(part) >= _LEAST and part.isalpha())
