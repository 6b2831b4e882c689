"""The clauses of a comment as somebody reads them: denied, about what was before, of a time to come."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import clean, fold, label_key

_LOWER = re.compile(r"\b[^\W\d_A-ZÀ-Ý][^\W\d_]*")  # no names
_NAME_ALONE = re.compile(r"(?:(?:Dr|Mme|M)\.? )?[A-ZÀ-Ý][\w.’'-]*(?: [A-ZÀ-Ý][\w’'-]*){0,2}")
_BARE_NAME = re.compile(r"[A-ZÀ-Ý][\w’'-]*\.? [A-ZÀ-Ý][\w’'-]*\.?(?: [A-ZÀ-Ý][\w’'-]*)?")
_SHORT = 3  # words, « mais » among them
_INITIAL = 2  # letters of a title


@cache
def sentence_form(name: str) -> re.Pattern[str]:
    """Return a form of sentences and verbs (`comment_patterns.csv`): of a time to come, of what was otherwise."""
    return re.compile(next(row["pattern"] for row in rows("comment_patterns") if row["name"] == name))


def spelled_out(text: str) -> str:
    """Return a comment with its shortenings written out: « tjs ds le service » is « toujours dans le service »."""
    shouted = text.isupper()

    def full(found: re.Match[str]) -> str:
        word = found["word"]
        titled = word.istitle() and len(word) == _INITIAL and not shouted  # « Pr », a name's « Am »
        return found[0] if titled else _shorts()[fold(word)]

    return _short().sub(full, text)


def clauses_of(text: str) -> Iterator[str]:
    """Yield the parts of a comment, each of which may be an answer by itself."""
    parts = [part for one in sentence_form("clause").split(text) if (part := clean(one).strip(") "))]
    for at, part in enumerate(parts):
        short = sentence_form("contrast").match(part) and len(part.split()) <= _SHORT
        if short and at and has(label_key(parts[at - 1]), "negation"):
            continue  # « elle n'est pas CRH-ST mais CHV-ST » says one thing
        yield part


def without_signature(parts: list[str]) -> list[str]:
    """Return the clauses without a name that stands alone below a greeting: « Bien à vous, Gisèle »."""
    signed = len(parts) > 1 and _NAME_ALONE.fullmatch(parts[-1]) and says_nothing(parts[-2])
    return parts[:-1] if signed else parts


def is_signed(part: str, *, alone: bool) -> bool:
    """Tell whether a clause is only a name: « Julie Martin », « J. Martin »; « Julie » beside other clauses, for
    `alone` it may be who is meant.
    """
    if not alone and part.istitle() and label_key(part) in _given_names():
        return True
    return bool(_BARE_NAME.fullmatch(part)) and not part.isupper() and _knows_no_word_of(part)


@cache
def _given_names() -> frozenset[str]:
    found = (word for row in rows("name_shorts") for word in (row["name"], *row["shorts"].split("|")))
    return frozenset(word for word in found if len(word) > _SHORT) - known_words()


def _knows_no_word_of(part: str) -> bool:
    """Its words are none that the tables know: « Compte Bloqué » is nobody."""
    return not any(word in known_words() for word in label_key(part).split() if len(word) > 1)


@cache
def known_words() -> frozenset[str]:
    """Return every word of `comment_words.csv`: by itself none of them is anybody's name."""
    found = (word for row in rows("comment_words") for one in row["words"].split("|") for word in one.split())
    return frozenset(word.rstrip("*") for word in found)


def has(key: str, kind: str, roles: Collection[str] = ()) -> bool:
    """Tell whether words of that kind (`comment_words.csv`) stand in it, of an answer that has one of these `roles`."""
    return any(pattern.search(key) for answers, pattern in _words(kind) if not answers or not answers.isdisjoint(roles))


def said_plainly(key: str, kind: str, roles: Collection[str]) -> bool:
    """Tell whether such words stand in it and are not denied: « aucun message d'erreur » tells of none."""
    for answers, pattern in _words(kind):
        if answers.isdisjoint(roles):
            continue
        for found in pattern.finditer(key):
            around = f"{key[: found.start()]} {key[found.end() :]}"
            if has(found[0], "negation") or not has(around, "negation"):
                return True
    return False


def is_all(key: str, kind: str, roles: Collection[str]) -> bool:
    """Tell whether it is nothing but such words."""
    found = (pattern for answers, pattern in _words(kind) if not answers.isdisjoint(roles))
    return any(one.fullmatch(key) for one in found)


def says_nothing(text: str) -> bool:
    """Tell whether it is nothing but courtesies: « RAS », « sans problème », « merci »."""
    polite = words_where("courtesies")
    key = f" {without(label_key(text), 'tolerated')} "
    for words in sorted(polite, key=len, reverse=True):
        key = key.replace(f" {words} ", " ")
    return not key.strip()


def without(key: str, kind: str, roles: Collection[str] = ()) -> str:
    """Return it without such words."""
    for answers, pattern in _words(kind):
        key = key if answers and answers.isdisjoint(roles) else pattern.sub(" ", key)
    return " ".join(key.split())


def is_ahead_by_verb(clause: str, *, by_me: bool) -> bool:
    """Tell whether a verb of it is of a time to come: « je l'appellerai », « ce sera effectif »; `by_me`: only one of
    whoever writes.
    """
    return any(
        one.split()[-1] not in _except("no_future") for one in _verbs(clause, "ahead_by_me" if by_me else "ahead")
    )


def is_task(clause: str) -> bool:
    """Tell whether it is something to be done, by whoever writes or reads: « à prévenir », « vérifiez svp »."""
    key = label_key(clause)
    task = sentence_form("task").match(key)
    request = sentence_form("request").match(key)
    return bool(task and not has(key, "no_task")) or bool(request and request[0] not in _except("no_request"))


def is_would(clause: str) -> bool:
    """Tell whether a verb of it is only what would be: « ce devrait être fait »; not what one regrets."""
    if has(label_key(clause), "regret"):
        return False
    return any(one not in _except("no_past") for one in _verbs(clause, "would"))


def is_was(clause: str) -> bool:
    """Tell whether it tells how things were before: « l'ancienne ne marchait plus », « c'était par erreur »."""
    key = label_key(clause)
    return (has(key, "former") and has(key, "over")) or any(
        one not in _except("no_past") for one in _verbs(clause, "was")
    )


def _verbs(clause: str, form: str) -> Iterator[str]:
    begun = clause.lower() if clause.isupper() else clause[:1].lower() + clause[1:]
    small = " ".join(fold(word) for word in _LOWER.findall(sentence_form("elision").sub(" ", begun)))
    yield from (found[0] for found in sentence_form(form).finditer(small))


@cache
def _words(kind: str) -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    return tuple(
        (frozenset(row["answers"].split()), pattern_of(row["words"].split("|")))
        for row in rows("comment_words")
        if row["kind"] == kind
    )


@cache
def words_of(kind: str, roles: frozenset[str]) -> frozenset[str]:
    """Return the words of that kind, of all answers and of those of one of these roles."""
    found = (row for row in rows("comment_words") if row["kind"] == kind)
    told = (row for row in found if not row["answers"] or not roles.isdisjoint(row["answers"].split()))
    return frozenset(word for row in told for word in row["words"].split("|"))


def pattern_of(ways: Iterable[str]) -> re.Pattern[str]:
    """Return what finds such words, the longest first. `*` at the end of a word: whatever it goes on with; `#`: a
    number.
    """
    longest = sorted(ways, key=len, reverse=True)
    return re.compile(
        r"\b(?:" + "|".join(re.escape(one).replace(r"\*", r"\w*").replace(r"\#", r"\d+") for one in longest) + r")\b"
    )


@cache
def _except(kind: str) -> frozenset[str]:
    return frozenset(words_where("comment_words", kind=kind))


@cache
def _shorts() -> dict[str, str]:
    return {one: row["means"] for row in rows("comment_shorts") for one in row["words"].split("|")}


@cache
def _short() -> re.Pattern[str]:
    """A shortened word, with the point that may end it."""
    words = "|".join(sorted(_shorts(), key=len, reverse=True))
    return re.compile(rf"(?<![\w@.'’-])(?P<word>{words})\b(?![@'’-])\.?(?!\w)", re.IGNORECASE)
