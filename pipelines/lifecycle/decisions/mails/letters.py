"""The sentences of a mail that came with a report, without signature and notices: which take all answers back."""

import re
from collections.abc import Iterator
from datetime import date

from pipelines.lifecycle.decisions.said.comment_clauses import (
    clauses_of,
    has,
    is_all,
    known_words,
    sentence_form,
    without,
    words_of,
)
from pipelines.lifecycle.decisions.said.denials import agrees_in_a_mail, is_denied_in_a_mail
from pipelines.lifecycle.decisions.said.shapes import is_filed
from schemas.table_words import stands_in, words_where
from schemas.words import clean, label_key

_SENTENCES = re.compile(r"(?<=[.!?;])(?<!\b[A-Z]\.)(?<!\bDr\.)(?<!\bPr\.)(?<!\bMr\.)(?<!\bMme\.)\s+")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d(?:[ .]?\d){5,}")  # of a telephone
_MOST_WORDS, _MOST_NAMES = 14, 4  # of a line of a signature; of a line that is only names
_OF_A_MAIL = frozenset(("letter",))
_OF_ANSWERS = frozenset(("taken",))
# Words that no signature and no aside has: they speak of the answers, deny, or take back.
_SPEAKING = ("of_answers", "cancels", "negation", "unsure", "alone_so")


def sentences_of(letter: str) -> list[str]:
    """Return the sentences of a mail, without the lines of its signature and the notices that programs add."""
    return list(_sentences(letter))


def _sentences(letter: str) -> Iterator[str]:
    signing = noticed = False
    for line in letter.split("\n"):
        if not clean(line):
            noticed = False
            continue
        if noticed or is_signature(line, signing=signing):
            continue
        signing = signing or _closes(line)
        for sentence in filter(clean, _SENTENCES.split(line)):
            if has(label_key(sentence), "notice"):
                noticed = True
                break
            yield sentence


def is_signature(line: str, *, signing: bool) -> bool:
    """Tell whether a line only says who writes: names alone, and after the closing also functions, places, numbers."""
    words, key = clean(line).split(), label_key(line)
    if any(has(key, kind) for kind in _SPEAKING):
        return False
    if not signing:
        return 1 < len(words) <= _MOST_NAMES and all(word[0].isupper() for word in words) and not _closes(line)
    known = words_of("said", _OF_A_MAIL)
    return len(words) <= _MOST_WORDS and all(
        not word[0].isalpha() or word[0].isupper() or "@" in word or known.issuperset(label_key(word).split())
        for word in words
    )


def _closes(line: str) -> bool:
    """« Bien cordialement, », « Merci »: what follows is who writes."""
    if label_key(line) in words_where("courtesies", kind="thanks"):
        return True
    return any(f" {label_key(line)}".endswith(f" {words}") for words in words_where("courtesies", kind="closing"))


def is_innocent(sentence: str, day: date) -> bool:
    """Tell whether a sentence beside answers leaves them as they are: wholly understood and no denial, or about
    something else than answers.
    """
    key = label_key(sentence)
    if has(key, "cancels") or has(key, "trial"):
        # « annule et remplace le précédent », not « première ébauche »
        return has(key, "earlier") and not has(key, "trial")
    if is_filed(key, _OF_A_MAIL):
        return True
    if has(key, "of_entry") and has(without(key, "tolerated", _OF_A_MAIL), "negation"):
        return False  # « le code e-FIT ne passe pas »
    if "?" in sentence and not _is_aside(sentence):
        return False
    return all(
        _is_aside(part) or is_filed(label_key(part), _OF_A_MAIL) or agrees_in_a_mail(part, day)
        for part in clauses_of(sentence)
    )


def takes_all_back(sentence: str, day: date) -> bool:
    """Tell whether a sentence beside answers, that names none of them, takes all of them back: it says so, denies or
    doubts what was done, or puts it off. Whatever else a mail tells leaves them as they are.
    """
    if is_innocent(sentence, day):
        return False
    key = label_key(sentence)
    if any(has(key, kind) for kind in ("cancels", "trial", "alone_so")) or has(key, "against", _OF_A_MAIL):
        return True
    held = has(without(key, "tolerated", _OF_A_MAIL), "holding")
    return held or not _has_a_topic(sentence) or any(_is_held_by(part, day) for part in clauses_of(sentence))


def takes_a_sheet_back(sentence: str, day: date) -> bool:
    """Tell whether a sentence that names a sheet by what is done there (« les désactivations ») refuses that, denies
    it, puts it off or doubts it.
    """
    key = without(label_key(sentence), "tolerated", _OF_A_MAIL)
    refused = stands_in(key, "mail_places", kind="refusing")
    denied = has(key, "negation") or is_denied_in_a_mail(sentence, day) or "?" in sentence
    return refused or denied or takes_all_back(sentence, day)


def _has_a_topic(sentence: str) -> bool:
    """It speaks of something that is none of the answers, nor whoever gives them: « le parking est fermé »; « laissez
    tomber », « on verra » can only be about the answers.
    """
    key = label_key(sentence)
    words = _WORD.findall(sentence)
    if has(key, "topic") or "@" in sentence or _NUMBER.search(sentence):
        return True
    if any(word[0].isupper() and label_key(word) not in known_words() for word in words[1:]):
        return True  # « Mme Durand remplace Mme Dupuis »
    if has(key, "of_me"):
        return False  # whoever tells of themselves may tell how they answered: « je me réserve le droit de … »
    return any(not has(found["noun"], "no_topic") for found in sentence_form("topic").finditer(key))


def _is_held_by(part: str, day: date) -> bool:
    """It speaks of answers and does not agree; or of what they are given in, and denies."""
    key = without(label_key(part), "tolerated", _OF_A_MAIL)
    if _is_aside(part):
        return False
    if has(key, "of_answers"):
        return not agrees_in_a_mail(part, day)
    about = has(key, "of_vehicle") or has(key, "of_rest")
    if about and has(key, "negation"):
        return True
    return (about or is_all(key, "alone", _OF_ANSWERS)) and is_denied_in_a_mail(part, day)


def _is_aside(part: str) -> bool:
    """« je suis absente du 1er au 15 », « je continue demain »: it is about whoever writes, and no answer."""
    key = label_key(part)
    return has(key, "aside_of_mail") and not any(has(key, kind) for kind in _SPEAKING)
