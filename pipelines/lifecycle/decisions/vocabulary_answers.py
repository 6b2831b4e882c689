"""Which answers about new words count: the administrator's, on a line that we signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.lifecycle.decisions.decide import Verify
from pipelines.lifecycle.decisions.written_answers import read_answer, understand
from pipelines.sources.vocabulary import decided, meaning_of, meaning_text, meanings_of
from pipelines.workbook_keepers import ADMIN
from schemas.changes.decision import DecisionEntry, Refusal, ReturnedLine
from schemas.changes.receipt import GivenAnswer
from schemas.nomenclatures import say
from schemas.people.vocabulary import WORD, Word
from schemas.table_words import words_where
from schemas.words import clean, label_key


@dataclass(frozen=True, slots=True)
class AnsweredWords:
    """The words as they stand now, an entry per answer, and a French line per answer that does not count."""

    words: tuple[Word, ...] = ()
    decisions: tuple[DecisionEntry, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    given: tuple[GivenAnswer, ...] = ()


def part_words(lines: Sequence[ReturnedLine]) -> tuple[list[ReturnedLine], list[ReturnedLine]]:
    """Return (the lines about words, all others)."""
    about_words = [line for line in lines if line.token.startswith(WORD)]
    return about_words, [line for line in lines if not line.token.startswith(WORD)]


def read_word(line: ReturnedLine, day: date, known: Mapping[str, Word]) -> ReturnedLine:
    """Return a line about a word, read; « non » is plain there: the word does not mean that. A meaning that is written
    in the place of the answer is the one that is meant.
    """
    word = known.get(line.token.partition(":")[0])
    if word and line.decision in ("", "unknown") and (line.said or line.comment) and not line.postponed_said:
        meant = meaning_of(word.field, line.said or line.comment)
        if meant:
            comment = line.said or line.comment
            return replace(line, decision="accepted", said=line.said or comment, comment=comment, as_read="accepted")
    said = label_key(line.said)
    noes = set(words_where("answer_words", ask="no"))
    if said in words_where("comment_words", kind="agreed_word"):
        return replace(line, decision="accepted", as_read="accepted")
    if said in noes and "?" not in line.said:
        return replace(line, decision="refused", as_read="refused")
    return understand(line, day, offered=say("word.offered"))


def judge_words(
    lines: Sequence[ReturnedLine], known: Mapping[str, Word], verify: Verify, day: date, name: str, digest: str
) -> AnsweredWords:
    """Judge the answers of one file; `known`: id → word; name and SHA-256 of the file, for the record."""
    words, entries, refusals, given = {}, [], [], []
    for line in lines:
        if not line.decision:
            continue
        word_id, _, signature = line.token.partition(":")
        code, why = _problem(line, known.get(word_id), day, signed=verify(line.lot, word_id, ADMIN, signature))
        if why:
            place = say("decisions.place", sheet=line.sheet, row=line.row)
            told = say("decisions.refusal", place=place, why=why)
            refusals.append(Refusal(line.sheet, line.row, word_id, told, code, asked=code == "word", why=why))
        else:
            words[word_id] = decided(known[word_id], line.decision, line.comment, day, name)
            text = say(f"decision.{line.decision}")
            effect = effect_on(words[word_id])
            given.append(GivenAnswer(word_id, line.sheet, line.row, line.decision, text, named=True, effect=effect))
        entries.append(
            DecisionEntry(
                change_id=word_id,
                verdict=line.decision,
                postponed_to=None,
                comment=line.comment,
                updater=ADMIN,
                file_name=name,
                file_digest=digest,
                outcome="refused" if why else "accepted",
                reason=why,
                lot=line.lot,
            )
        )
    return AnsweredWords(tuple(words.values()), tuple(entries), tuple(refusals), tuple(given))


def effect_on(word: Word) -> str:
    """Return what comes of the answer about a word: the meaning that is kept, or that none is."""
    if word.state == "refused":
        return say("word.effect_refused", wording=word.wording)
    return say("word.effect_accepted", wording=word.wording, meaning=meaning_text(word, {}))


def _problem(line: ReturnedLine, word: Word | None, day: date, *, signed: bool) -> tuple[str, str]:
    """(a key of `remark_label`, why this answer cannot count, in French); "" and "" when it can."""
    if not signed:
        return "signature", say("decisions.signature")
    if word is None:
        return "unknown", say("word.unknown")
    if line.decision not in ("accepted", "refused"):
        return "word", line.asked or say("word.verdict", found=line.said)
    if line.decision == "accepted" and _says_something_else(line.comment, word, day):
        return "word", say(
            "word.other_meaning", found=clean(line.comment), meanings=" · ".join(meanings_of(word.field))
        )
    if line.decision == "accepted" and not (word.meaning or meaning_of(word.field, line.comment)):
        return "word", say("word.which", found=clean(line.said), meanings=" · ".join(meanings_of(word.field)))
    meant = meaning_of(word.field, line.comment) if line.decision == "refused" else ""
    if meant and meant != word.meaning:
        return "word", say("word.refused_meaning", found=clean(line.comment))
    return "", ""


def _says_something_else(comment: str, word: Word, day: date) -> bool:
    """« Fait », and beside it another meaning than any that there is: the proposed one is not what was meant."""
    said = clean(comment)
    return bool(said) and not meaning_of(word.field, said) and read_answer(said, day).verdict != "accepted"
