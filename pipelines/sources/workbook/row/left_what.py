"""What a status says was left: the hospital, the function, or something else that says nothing of them.

« A quitté la réanimation pour la dialyse », « cessation de son activité libérale », « ex-remplaçante » of a titulaire:
where what was left is no word for a place or a function, nothing is concluded (contract §6a).
"""

import re

from pipelines.dates import date_in, months
from pipelines.sources.cells.presence import departure_in
from pipelines.sources.cells.role import rank_said, role_of
from pipelines.sources.workbook.row.departures import listed
from schemas.nomenclatures import code_of
from schemas.people.workbook_line import WorkbookRow
from schemas.words import clean, label_key

_YEAR = re.compile(r"\b(?:20\d{2}|19\d{2})\b")
_LEAST = 4  # letters of a word that tells a place
_TOKEN = re.compile(r"[^\W\d_]+")


def left_something_else(text: str) -> bool:
    """Tell whether a departure is told of what is neither a place nor a function: a ward, a committee, a practice."""
    words = label_key(_YEAR.sub(" ", date_in(clean(text))[1])).split()
    phrase, after = departure_in(words)
    if not phrase:
        return False
    if set(after[:1]) & listed("left_not"):
        return True
    lead = 0
    while lead < len(after) and after[lead] in listed("left_lead"):
        lead += 1
    rest = after[lead:]
    end = next((at for at, word in enumerate(rest) if word in listed("left_stop")), len(rest))
    told = rest[:end]
    if (
        not told
        or not listed("order").isdisjoint(told)
        or told[0] in months()
        or told[0][0].isdigit()
        or told[0] in listed("left_time")
    ):
        return False
    if after[:lead] == ["a"] or not (lead or phrase[-1] == "plus"):  # « à Lyon »; « départ effectif »
        return False
    if not listed("left_of").isdisjoint(told) or listed("left_work").issuperset(told):
        return False
    return not (_proper(text) & set(told))


def comes_here(row: WorkbookRow) -> bool:
    """Tell whether the row's own place is where they went: « a quitté la CRH pour la clinique » at a clinic."""
    words = label_key(date_in(clean(row.status))[1]).split()
    at = next((at for at, word in enumerate(words) if word in listed("left_for")), len(words))
    own = {word for word in label_key(row.structure_name).split() if len(word) >= _LEAST}
    return not own.isdisjoint(words[at + 1 :])


def _proper(text: str) -> set[str]:
    """The words that begin with a capital: « Dijon », no « DIM »."""
    return {label_key(word) for word in _TOKEN.findall(text) if word[0].isupper() and not word.isupper()}


def was_of_another_role(row: WorkbookRow, function: str) -> bool:
    """Tell whether the status ends another role than the row gives: « ex-remplaçante » of a titulaire."""
    words = label_key(date_in(clean(row.status))[1]).split()
    if not set(words[:1]) & listed("was") and "plus" not in words:
        return False
    until = next((at for at, word in enumerate(words) if word in listed("left_by")), len(words))
    rank = role_of(row.function, row.rank, row.structure_type)[1]
    for word in words[:until]:
        said, role = rank_said(word) if len(word) > 1 else "", code_of("functions", word)
        if (said and rank and said != rank) or (role and function and role != function and not said):
            return True
    return False
