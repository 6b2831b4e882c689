"""The phrases of statuses (`status_phrases.csv`), the longest first, and what those of a text mean."""

from functools import cache

from schemas.nomenclatures import rows
from schemas.words import label_key

WEAK = "WEAK"  # of a departure where nothing else is said: « sorti », not « sorti du bloc »
_ANSWERS = ("oui", "non")
# words, and no meaning of their own
_SMALL = ("ASIDE", "NOUN", "OF", "VAGUE", "AWAY", "BARE", "SOMEBODY", "TIME", "SIGN", "ROLE", "OF_IT", "BY_WHOM")
_LISTS = (*_SMALL, "HERE", "WORKS_AS", "NOT_GONE", "PRONOUN")


@cache
def listed(means: str) -> frozenset[str]:
    """Return the words of a list. ASIDE: small words that say nothing; NOUN: departures that may be another's, with OF
    and SOMEBODY; VAGUE: what begins other remarks; AWAY: what may be a departure, in a remark too; BARE: what is one
    only by itself; TIME: what « depuis » goes with; SIGN: what is no word; ROLE: what somebody may be now; OF_IT: what
    stands before the role that was left; BY_WHOM: what stands before somebody else's; HERE: us; WORKS_AS: what somebody
    may work as besides, or after; NOT_GONE: what is no departure behind its word;
    PRONOUN: what may stand before it.
    """
    return frozenset(next(row["words"] for row in rows("status_phrases") if row["means"] == means).split("|"))


@cache
def phrases() -> list[tuple[list[str], str, str]]:
    """Return (words, what they mean, the word that must stand there with its accents or ""), the longest first."""
    found = [
        (label_key(phrase).split(), row["means"], "" if phrase.isascii() else phrase)
        for row in rows("status_phrases")
        for phrase in row["words"].split("|")
        if row["means"] not in _LISTS
    ]
    return sorted(found, key=lambda one: (-len(one[0]), not one[2], one[0]))


@cache
def phrases_with() -> dict[str, list[tuple[int, list[str], str, str]]]:
    """Return word → the phrases that begin with it, each after its place in `phrases`."""
    found: dict[str, list[tuple[int, list[str], str, str]]] = {}
    for place, (phrase, means, accented) in enumerate(phrases()):
        found.setdefault(phrase[0], []).append((place, phrase, means, accented))
    return found


def _means_alone(phrase: list[str], means: str) -> bool:
    """« P », « oui », « non » mean somebody's presence only where nothing else is said."""
    return len(phrase) == 1 and (len(phrase[0]) == 1 or (phrase[0] in _ANSWERS and means != "DOUBT"))


def meanings(words: list[str], written: set[str]) -> tuple[list[str], int]:
    """Return (the meanings in a text in its order, "" for what begins it and is not understood; how many words have
    none).
    """
    meant: dict[int, str] = {}
    taken: set[int] = set()
    met = (one for word in set(words) for one in phrases_with().get(word, ()))
    for _, phrase, means, accented in sorted(met):
        if (accented and accented not in written) or (_means_alone(phrase, means) and phrase != words):
            continue
        for at in range(len(words) - len(phrase) + 1):
            place = range(at, at + len(phrase))
            if words[at : at + len(phrase)] == phrase and taken.isdisjoint(place):
                meant[at] = means
                taken.update(place)
    unread = [at for at, word in enumerate(words) if at not in taken and word not in listed("ASIDE")]
    if unread and (not meant or min(unread) < min(meant)):
        meant[-1] = ""
    weak = "DOUBT" if unread else "LEFT"
    return [weak if meant[at] == WEAK else meant[at] for at in sorted(meant)], len(unread)
