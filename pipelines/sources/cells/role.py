"""The function and rank that cells say, in whatever of them and in whatever words."""

from collections.abc import Mapping
from functools import cache

from schemas.nomenclatures import code_of, rows
from schemas.table_words import words_where
from schemas.words import label_key

_MOST_WORDS = 12  # of a function and its rank; more is no function, and each costs a search


def role_of(function: str, rank: str, structure_type: str) -> tuple[str, str]:
    """Return (function, rank) codes of what two cells say; « CHV suppléant » says both, « Suppléant » a CHV-ST's rank.

    The function is "" when unknown. A rank in its own cell goes before one in the function's words. A profile of e-FIT
    (« cestit ») says both. With no function at all the other cell may say it: « Assistant » under « Tit/Rempl ».
    """
    if profile := profile_of(function):
        return profile["function"], profile["rank"]
    known, said_rank = _function_of(function), rank_said(rank)
    if known:
        return known, said_rank
    if not function:
        if not rank:
            return "", ""
        return (role_of_a_rank(structure_type), said_rank) if said_rank else role_of(rank, "", structure_type)
    words = label_key(function).split()
    if len(words) > _MOST_WORDS:
        return "", said_rank
    for at in range(len(words)):
        for part, rest in ((words[at:], words[:at]), (words[: at + 1], words[at + 1 :])):
            found = code_of("ranks", " ".join(part))
            if not found:
                continue
            rest = [word for word in rest if _full_words().get(word) != ""]
            role = _function_of(" ".join(rest)) if rest else role_of_a_rank(structure_type)
            if role:
                return role, said_rank or ("" if len(rest) > 1 and role not in _ranked() else found)
    return "", said_rank


def rank_said(text: str) -> str:
    """Return the code of a rank in a cell of ranks, words that say no more aside: « titulaire unique »."""
    found = code_of("ranks", text)
    words = [] if found else [word for word in label_key(text).split() if word not in _aside() and not word.isdigit()]
    return found or (code_of("ranks", words[0]) if len(words) == 1 and len(words[0]) > 2 else "")


@cache
def _aside() -> frozenset[str]:
    return frozenset(words_where("departure_words", kind="rank_aside"))


def _function_of(text: str) -> str:
    """The code of a function by its name, or by the words of it in full, in whatever order: « Corresp. hémovig. »."""
    return code_of("functions", text) or _by_words().get(_words_in_full(text, _full_words()), "")


def _words_in_full(text: str, full: Mapping[str, str]) -> frozenset[str]:
    words = label_key(text).split()[:_MOST_WORDS]
    return frozenset(filter(None, (full.get(word, word) for word in words)))


@cache
def _full_words() -> dict[str, str]:
    return {row["written"]: row["means"] for row in rows("function_words")}


@cache
def _by_words() -> dict[frozenset[str], str]:
    """The words of each name of a function, two and more → its code, where one function alone has them."""
    found: dict[frozenset[str], set[str]] = {}
    full = _full_words()
    for row in rows("functions"):
        for name in (row["label"], *row["synonyms"].split("|")):
            found.setdefault(_words_in_full(name, full), set()).add(row["code"])
    return {words: next(iter(codes)) for words, codes in found.items() if len(words) > 1 and len(codes) == 1}


def role_of_a_rank(structure_type: str) -> str:
    """Return whose rank it is where nothing else is said: one function with ranks goes with each type (roles.csv)."""
    found = {r["function"] for r in rows("roles") if r["structure_type"] == structure_type and r["rank"]}
    return found.pop() if len(found) == 1 else ""


@cache
def _ranked() -> frozenset[str]:
    """The functions that have ranks: « titulaire » in « assistante du CHV titulaire » is none of the assistant's."""
    return frozenset(row["function"] for row in rows("roles") if row["rank"])


@cache
def _profiles() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("profiles")}


def profile_of(text: str) -> dict[str, str]:
    """Return the function, rank and structure type of a profile of e-FIT (« crhtit »); {} for anything else."""
    return _profiles().get(label_key(text).replace(" ", ""), {})
