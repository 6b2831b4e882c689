"""The installation's own words: which are new, and what each probably means.

What agrees with the annuaire on the rows where a word stands proposes its meaning; else what it is nearest to. Of a
function or a status that nothing brings near to a known one the meaning is asked, and none is proposed. A single word
of a remark, all that asks there, is proposed as an ordinary one; not where it looks like one that says something.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz, process

from pipelines.sources.cells.known_people import thresholds
from pipelines.sources.cells.own_words import (
    FUNCTION,
    MEANINGS,
    PLACE,
    PLAIN_WORDS,
    PROFESSION,
    STATUS,
    TABLES,
    TYPE,
    word_key,
)
from pipelines.sources.cells.phrases.near_words import may_tell
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import code_of, label_of, rows, say, terms
from schemas.people.assignment import Account
from schemas.people.vocabulary import Word
from schemas.people.workbook_line import UnreadRow, WorkbookLine
from schemas.words import clean, label_key

_ORDINARY = dict.fromkeys(PLAIN_WORDS, "ORDINARY")
_ASKED = (FUNCTION, STATUS)  # whose words are shown also where nothing tells what they mean
_MOST_STRANGE = 3  # words of one remark: more is a sentence that wants to be read
_NEAR = 75  # of 100, by rapidfuzz: a known word that may be meant
_LONGEST = 60  # characters of a word; more is a sentence, which nobody writes twice
_MOST = 100  # words of one night


# ── meanings ─────────────────────────────────────────────────────────────────────────────────────


def meaning_text(word: Word, names: Mapping[str, str]) -> str:
    """Return the meaning in French, that there is none included; `names`: code → name of the structures."""
    if not word.meaning:
        return say("word.no_meaning")
    if word.field == PLACE:
        return " ".join(filter(None, (names.get(word.meaning, ""), f"({word.meaning})")))
    return label_of(MEANINGS[word.field], word.meaning)


def meaning_of(field: str, text: str) -> str:
    """Return the code of what somebody writes as the meaning of a word; "" for anything else."""
    return code_of(MEANINGS[field], text) if field in MEANINGS and text else ""


def meanings_of(field: str) -> tuple[str, ...]:
    """Return the meanings that a word of a field may have, as they are written; none where they are as many as
    places.
    """
    return tuple(term.label for term in terms(MEANINGS[field]).values()) if field in MEANINGS else ()


# ── proposing ────────────────────────────────────────────────────────────────────────────────────


def new_words(snapshot: Snapshot, known: Iterable[Word], day: date) -> dict[Word, tuple[str, ...]]:
    """Return the words of tonight that were never shown, each with the places where it stands."""
    shown = {(one.field, one.key) for one in known}
    found: dict[Word, tuple[str, ...]] = {}
    for (field, key), theirs in sorted(places_of(snapshot).items()):
        if (field, key) in shown or len(found) >= _MOST:
            continue
        meaning = _by_people(field, theirs, snapshot) or _nearest(field, key, snapshot) or _ORDINARY.get(field, "")
        if meaning or field in _ASKED:
            word = Word(field, key, _written(field, key, theirs[0]), meaning, told_on=day)
            found[word] = tuple(dict.fromkeys(one.location for one in theirs))
    return found


def origin_of(word: Word, theirs: Sequence[UnreadRow], snapshot: Snapshot) -> str:
    """Tell in French where the meaning that is proposed comes from, and how many lines it is about."""
    lines = say("word.lines", count=len(theirs))
    if not word.meaning:
        return say("word.from_nothing", lines=lines)
    if word.field in PLAIN_WORDS:
        return say("word.from_ordinary", lines=lines)
    if word.meaning == _by_people(word.field, theirs, snapshot):
        source = "register" if word.field == PROFESSION else "annuaire"
        return say(f"word.from_{source}", lines=lines)
    near = _near(word.field, word.key, snapshot)
    if near and word.meaning == _choices(word.field, snapshot)[near]:
        return say("word.from_near", near=near, lines=lines)
    return lines


def places_of(snapshot: Snapshot) -> dict[tuple[str, str], list[UnreadRow]]:
    """Return (field, key) → the rows of tonight where a word stands that nobody understood."""
    found: dict[tuple[str, str], list[UnreadRow]] = defaultdict(list)
    for row in (*snapshot.unread, *_professions(snapshot)):
        key = word_key(row.not_understood, row.wording)
        if row.not_understood in (*TABLES, PLACE) and _is_a_word(row.wording, key):
            found[row.not_understood, key].append(row)
        for one, word in row.strange if _asks_by_words(row) else ():
            found[one, word_key(one, word)].append(row)
    return found


def _asks_by_words(row: UnreadRow) -> bool:
    """Few words are all that is not understood, and none of them looks like one that says something; of a status the
    whole wording is proposed.
    """
    if row.not_understood in TABLES:
        return False
    words = [word for _, word in row.strange]
    return len(words) <= _MOST_STRANGE and all(_is_a_word(one, label_key(one)) and not may_tell(one) for one in words)


def _written(field: str, key: str, row: UnreadRow) -> str:
    """A word as it stands in a row."""
    spelled = (word for one, word in row.strange if (one, word_key(one, word)) == (field, key))
    return clean(next(spelled, row.wording))


def _professions(snapshot: Snapshot) -> Iterator[UnreadRow]:
    """Lines whose profession nobody knows: they are used all the same."""
    for line in snapshot.lines:
        if is_to_be_learnt(line):
            code, numbers = line.assignment.structure_code, (line.number.number,)
            name = (line.last_name, line.first_name)
            yield UnreadRow(line.source, line.location, code, name, numbers, "", PROFESSION, line.profession_text)


def is_to_be_learnt(line: WorkbookLine) -> bool:
    """Tell whether nobody knows the profession that a line gives."""
    return bool(line.profession_text) and not line.profession


def _is_a_word(wording: str, key: str) -> bool:
    """Letters, not a number with a slip; and nothing that somebody doubts themselves."""
    letters = sum(sign.isalpha() for sign in key)
    return letters > 1 and letters > sum(map(str.isdigit, key)) and "?" not in wording and len(wording) <= _LONGEST


def _by_people(field: str, theirs: Sequence[UnreadRow], snapshot: Snapshot) -> str:
    """What the annuaire, and for professions the register too, has of the people of these rows."""
    if field in PLAIN_WORDS:
        return ""
    by_number = {one.number.number: one for one in snapshot.active_accounts() if one.number.usable}
    told: Counter[str] = Counter()
    asked = 0
    for row in theirs:
        account = next((by_number[number] for number in row.numbers if number in by_number), None)
        readings = set(_readings(field, row, account, snapshot))
        asked += bool(readings)
        told.update(readings)
    best = told.most_common(2)
    limit = thresholds()
    sure = asked >= 1 and best and best[0][1] >= limit["share"] * asked
    return best[0][0] if sure and (len(best) == 1 or best[1][1] < best[0][1]) else ""


def _readings(field: str, row: UnreadRow, account: Account | None, snapshot: Snapshot) -> Iterator[str]:
    if field == PROFESSION:
        person = next((snapshot.register.persons[one] for one in row.numbers if one in snapshot.register.persons), None)
        yield from person.professions if person else ()
        return
    for held in account.assignments if account else ():
        structure = snapshot.structures.get(held.structure_code)
        if field == FUNCTION and held.structure_code == row.structure_code:
            yield held.function
        elif field == PLACE and len(held.structure_code) == 9:
            yield held.structure_code
        elif field == TYPE and structure and structure.type:
            yield structure.type


def _nearest(field: str, key: str, snapshot: Snapshot) -> str:
    near = _near(field, key, snapshot)
    return _choices(field, snapshot)[near] if near else ""


def _near(field: str, key: str, snapshot: Snapshot) -> str:
    """The known word that may be meant; "" for none."""
    if field in PLAIN_WORDS:
        return ""
    found = process.extractOne(key, list(_choices(field, snapshot)), scorer=fuzz.token_set_ratio, score_cutoff=_NEAR)
    return found[0] if found else ""


def _choices(field: str, snapshot: Snapshot) -> dict[str, str]:
    if field == PLACE:
        return {
            label_key(one.name): one.code for one in snapshot.structures.values() if len(one.code) == 9 and one.name
        }
    known = {
        label_key(text): term.code
        for term in terms(TABLES[field]).values()
        for text in (term.label, *term.synonyms)
        if len(text) > 2
    }
    if field != STATUS:
        return known
    phrases = {row["means"]: row["words"].split("|") for row in rows("status_phrases")}
    return known | {text: code for code in ("ACTIVE", "LEFT") for text in phrases[code] if len(text) > 3}


def decided(word: Word, verdict: str, comment: str, day: date, by: str) -> Word:
    """Return the word once it was answered; a comment that names another meaning of the field is that meaning."""
    meaning = meaning_of(word.field, comment) or word.meaning
    if verdict == "accepted":
        return replace(word, state="accepted", meaning=meaning, decided_on=day, by=by)
    return replace(word, state="refused", decided_on=day, by=by) if verdict == "refused" else word
