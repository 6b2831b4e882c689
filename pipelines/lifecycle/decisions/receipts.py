"""The receipt of what came back, in plain words: how many answers are taken, which are to be made plain and how."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from pipelines.lifecycle.pending import asked_once
from pipelines.phrase import day_text, post_text
from schemas.changes.change import PostRef
from schemas.changes.decision import Verdict, lot_day
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import (
    UNUSED,
    AnswerPlace,
    Facts,
    GivenAnswer,
    KeptReturn,
    Receipt,
    ReceiptSection,
    Standing,
    Tone,
)
from schemas.nomenclatures import ADMIN_EFIT, CRH_ST_POST, say
from schemas.typography import say_count

_HOLE = re.compile(r"(?:^|[ \u00a0])…(?:$|[\s\u00a0\d,.;:!])")  # what stands for a name or a number
_QUOTE = re.compile(r"«[ \u00a0](.*?)[ \u00a0]»")
LONGEST_SUBJECT = 78
MOST_NAMED = 12  # lines of one row that are told by their establishment and reference
MOST_LETTERS = 3  # of one sender within a day that are answered, where there is no report in them
MOST_USELESS = 20  # … where a file was in them and nothing in it counted
_ONE_DAY = timedelta(days=1)
_BETWEEN_ANSWERS, _FULL_STOP, _COLON = " · ", ". ", say("receipt.colon")
MOST_ROWS = 60  # of a section: a mail is no workbook
_VERDICTS: tuple[Verdict, ...] = ("accepted", "refused", "postponed")
_UNCLEAR = ("asked", "uncounted")  # answers that did not count


def receipt_of(returns: Sequence[KeptReturn], post: PostRef, standing: Standing, *, theirs: bool) -> Receipt:
    """Return one receipt for all files of one return. `theirs`: whoever sent it has an address of the post."""
    places = [one for found in returns for one in found.returned.facts.places]
    headline = _headline(returns)
    wiped = [one for found in returns for one in found.returned.facts.standing]
    sections = (
        *_to_make_plain(places),
        *_taken(returns),
        *_standing(wiped),
        *_kept(places),
        *_since(returns, standing),
        *_left(returns, standing),
        *_finding(places),
    )
    return Receipt(
        post=post,
        subject=_subject(post, headline),
        headline=headline[:1].upper() + headline[1:],
        tone=_tone(returns, places),
        opening=tuple(_opening(returns, post, theirs=theirs)),
        sections=sections,
    )


def is_loop(returns: Sequence[KeptReturn], answered: Iterable[KeptReturn]) -> bool:
    """Tell whether a receipt would go on for ever: nothing counts in these, and as many mails of the same sender in
    which nothing counted were answered within a day. A machine that answers each receipt would be answered as well,
    and a sender is easily invented. What is written in them is kept and told as always.
    """
    last, sender = returns[-1], returns[0].returned.parcel.sender
    if not sender or any(one.returned.facts.taken for one in returns):
        return False
    theirs = {
        one.receipt
        for one in answered
        if one.returned.parcel.sender == sender
        if not one.returned.facts.taken and last.at - one.at < _ONE_DAY
    }
    wordless = all(one.returned.facts.outcome == "letter" for one in returns)
    return len(theirs) >= (MOST_LETTERS if wordless else MOST_USELESS)


def standing_of(post: PostRef, states: Mapping[str, ChangeState], answered: Iterable[tuple[str, date]]) -> Standing:
    """Tell how a post stands. `answered`: (who, day) of each of its lines that was answered since on another file."""
    mine = (post.post, post.scope)
    waiting = [
        one
        for one in states.values()
        if one.status == "notified" and (one.change.updater.post, one.change.updater.scope) == mine
    ]
    asked = asked_once(one.change for one in waiting)
    urgent = [one.id for one in asked if one.severity == "access"]
    others = tuple((who, day, count) for (who, day), count in sorted(Counter(answered).items()))
    return Standing(len(asked), len(urgent), others, frozenset(urgent))


def _headline(returns: Sequence[KeptReturn]) -> str:
    """« 6 réponses prises, 24 à préciser »; what was given before and what does not count is neither; of what holds no
    answer, what it was.
    """
    facts = [one.returned.facts for one in returns]
    again = sum(one.again for one in facts)
    taken = sum(one.taken for one in facts) - again
    unclear = Counter(place.kind for one in facts for place in one.to_make_plain)
    counts = [say_count("receipt.taken", taken)] if taken else []
    counts += [say("receipt.taken_none")] if unclear and not (taken or again) else []
    told = {"known": again, "unclear": unclear["asked"], "aside": unclear["uncounted"]}
    counts += [say_count(f"receipt.{key}", count) for key, count in told.items() if count]
    if counts and any(one.outcome == "recorded" for one in facts):
        return ", ".join(counts)
    outcomes = [one.outcome for one in facts]
    if set(outcomes) <= {"letter"} and _pieces(facts):
        return say("receipt.headline_piece")
    order = ("stranger", "anothers", "unreadable", "seen", "workbook", "letter", "empty")
    return say(f"receipt.headline_{next((one for one in order if one in outcomes), 'empty')}")


def _subject(post: PostRef, headline: str) -> str:
    scopes = {ADMIN_EFIT: say("mail.admin"), CRH_ST_POST: say("mail.region", code=post.scope)}
    line = say("mail.subject", reminder="", scope=scopes.get(post.post, post.scope), counts=headline)
    return line if len(line) <= LONGEST_SUBJECT else say("mail.subject_short", reminder="", counts=headline)


def _tone(returns: Sequence[KeptReturn], places: Sequence[AnswerPlace]) -> Tone:
    facts = [one.returned.facts for one in returns]
    if all(one.outcome in UNUSED for one in facts):
        return "access"
    if all(one.outcome == "letter" for one in facts):
        return "unknown"  # nothing is answered by it, whatever it says
    unclear = any(one.kind in _UNCLEAR for one in places) or any(one.outcome in UNUSED for one in facts)
    return "unknown" if unclear else "calm"


def _opening(returns: Sequence[KeptReturn], post: PostRef, *, theirs: bool) -> Iterator[str]:
    first = returns[0]
    files = ", ".join(dict.fromkeys(one.returned.file_name for one in returns if one.returned.file_name))
    told = {"file": files, "day": day_text(first.day), "sender": first.returned.parcel.sender}
    if any(one.returned.facts.outcome == "stranger" for one in returns):
        yield say("mailbox.stranger_told", sender=told["sender"] or say("mailbox.no_sender"), post=post_text(post))
        yield say("mailbox.stranger_todo")
    elif told["sender"]:
        yield say("receipt.came_from" if theirs else "receipt.came_from_other", **told)
    else:
        yield say("receipt.came", **told)
    for one in returns:
        facts = one.returned.facts
        if facts.outcome == "seen" and facts.first_seen:
            yield say("receipt.seen", file=one.returned.file_name, day=day_text(facts.first_seen))
        elif facts.outcome in ("unreadable", "workbook", "anothers") and facts.message:
            yield facts.message
        elif facts.outcome == "letter":
            yield from (say("receipt.pieces", files=files) for files in _pieces([facts]))
            yield say("receipt.letter")
            yield say("receipt.letter_todo")
        elif facts.outcome == "empty":
            uncounted = any(place.kind in _UNCLEAR for place in facts.places)
            yield say("receipt.empty_uncounted" if uncounted else "receipt.empty", file=one.returned.file_name)


def _pieces(facts: Sequence[Facts]) -> list[str]:
    """The names of the files that no answer can be read from."""
    return [one.text for found in facts for one in found.places if one.kind == "piece"]


def _to_make_plain(places: Sequence[AnswerPlace]) -> Iterator[ReceiptSection]:
    """Each with its line, what was read, what to write; lines of which the same is to be said stand together."""
    for kind in _UNCLEAR:
        rows = _lists_once(_by_reason([one for one in places if one.kind == kind]))
        if rows:
            yield ReceiptSection(say(f"receipt.{kind}"), *_shortened(rows, say(f"receipt.{kind}_note")))


def _lists_once(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows, a list of answers that stands in one of them already not written out again."""
    seen, found = set[str](), list[tuple[str, str]]()
    for where, text in rows:
        first = text.find(_BETWEEN_ANSWERS)
        begin = text.rfind(_COLON, 0, first) + len(_COLON) if first > 0 else 0
        end = text.find(_FULL_STOP, first) if _FULL_STOP in text[first:] else len(text) - 1
        answers = text[begin:end] if begin >= len(_COLON) else ""
        found.append((where, text[:begin] + say("receipt.same_list") + text[end:] if answers in seen else text))
        seen |= {answers} if answers else set()
    return found


def _taken(returns: Sequence[KeptReturn]) -> Iterator[ReceiptSection]:
    """Fait, Refusé, Reporté counted; every other answer in its own words, with what comes of it and its line."""
    facts = [one.returned.facts for one in returns]
    given = [one for found in facts for one in found.given]
    named = Counter(one.verdict for one in given if one.named)
    counts = {verdict: sum(one.counts.get(verdict, 0) for one in facts) - named[verdict] for verdict in _VERDICTS}
    plain = [one for one in given if not one.named]
    rows = [
        row
        for verdict, count in counts.items()
        if count > 0
        for row in _plainly(verdict, count, [one for one in plain if one.verdict == verdict])
    ]
    rows += _in_their_words(one for one in given if one.named)
    with_others = [one for found in facts for one in found.settled_lines]
    rows += [(_where_and_which(with_others), say("receipt.settled_with"))] if with_others else []
    again, settled = sum(one.again for one in facts), sum(one.settled for one in facts) - len(with_others)
    notes = [say_count("receipt.again", again)] if again else []
    notes += [say_count("receipt.settled", settled)] if settled > 0 else []
    notes += [say("receipt.after_refused")] if counts["refused"] > 0 else []
    notes += [say("receipt.take_back")] if named else []
    if rows:
        yield ReceiptSection(say("receipt.taken_heading"), *_shortened(rows, " ".join(notes)))
    if changed := [one for one in given if one.was and one.was_on]:
        told = [(_place_of([one]), _changed(one)) for one in changed]
        yield ReceiptSection(say("receipt.changed_heading"), *_shortened(told, ""))
    words: dict[str, dict[str, None]] = {}
    for one in (one for found in facts for one in found.read_as):
        verdict = say(f"decision.{one.verdict}")
        until = say("receipt.until", verdict=verdict, day=day_text(one.until)) if one.until else verdict
        words.setdefault(until, {})[say("receipt.word", word=one.said)] = None
    read = [(verdict, ", ".join(said)) for verdict, said in words.items()]
    if read:
        yield ReceiptSection(say("receipt.words_heading"), *_shortened(read, say("receipt.words_note")))


def _plainly(verdict: Verdict, count: int, given: Sequence[GivenAnswer]) -> Iterator[tuple[str, str]]:
    """Fait, Refusé with their lines; Reporté with the day that was read, for each day."""
    by_text: dict[str, list[GivenAnswer]] = {}
    for one in given:
        by_text.setdefault(one.text, []).append(one)
    if verdict != "postponed" or len(given) != count or not by_text:
        yield say(f"decision.{verdict}"), _counted(count, given)
        return
    yield from ((text, _counted(len(those), those)) for text, those in by_text.items())


def _counted(count: int, given: Sequence[GivenAnswer]) -> str:
    """« 3 lignes », and which; of a return of an older version the number alone is known."""
    lines = say_count("receipt.lines", count)
    places = [AnswerPlace(one.sheet, one.row, "beside", "") for one in given if one.row]
    return f"{lines}\n{_where(places)}" if places else lines


def _in_their_words(given: Iterable[GivenAnswer]) -> Iterator[tuple[str, str]]:
    """(where, « Partie » with its effect); the same answers stand together."""
    by_answer: dict[tuple[str, str], list[GivenAnswer]] = {}
    for one in given:
        by_answer.setdefault((one.text, one.effect), []).append(one)
    for (text, effect), those in by_answer.items():
        yield _place_of(those), say("receipt.answer", text=text, effect=effect)


def _place_of(given: Sequence[GivenAnswer]) -> str:
    """The lines, and the reference where it is one: after a sort the line is another."""
    places = _where([AnswerPlace(one.sheet, one.row, "beside", "") for one in given])
    return f"{places}\n{given[0].change_id}" if len(given) == 1 else places


def _changed(one: GivenAnswer) -> str:
    key = "receipt.cancelled" if one.cancelled else "receipt.changed"
    return say(key, text=one.text, was=one.was, day=day_text(one.was_on or date.min))


def _kept(places: Sequence[AnswerPlace]) -> Iterator[ReceiptSection]:
    """What was written besides: the lines, not the words, which may name somebody."""
    by_reason: dict[str, list[AnswerPlace]] = {}
    for one in places:
        if one.kind not in ("asked", "uncounted", "refusal", "beside"):
            by_reason.setdefault(one.why, []).append(one)
    rows = [(_where_and_what(those), why) for why, those in by_reason.items()]
    quoted = [one for one in places if one.kind in ("refusal", "beside") and one.text]
    rows += [(_where_and_which([one]), say("receipt.quoted", answer=one.why, text=one.text)) for one in quoted]
    comments = sum(one.kind in ("refusal", "beside") for one in places)
    note = say_count("receipt.comments", comments) if comments else ""
    if rows or note:
        yield ReceiptSection(say("receipt.kept"), *_shortened(rows, note))


def _standing(places: Sequence[AnswerPlace]) -> Iterator[ReceiptSection]:
    """The answers that were given before and are wiped in this file."""
    rows = _by_reason(places)
    if rows:
        yield ReceiptSection(say("receipt.stands_heading"), *_shortened(rows, ""))


def _by_reason(places: Sequence[AnswerPlace]) -> list[tuple[str, str]]:
    """(where, what is to be said); lines of which the same is to be said stand together."""
    by_reason: dict[str, list[AnswerPlace]] = {}
    for one in places:
        by_reason.setdefault(one.why, []).append(one)
    return [(_where_and_which(those), why) for why, those in by_reason.items()]


def _since(returns: Sequence[KeptReturn], standing: Standing) -> Iterator[ReceiptSection]:
    rows = tuple(
        (who or say("receipt.folder"), say_count("receipt.answered", count, day=day_text(day)))
        for who, day, count in standing.others
    )
    if rows:
        day = next((day for one in returns if (day := lot_day(one.returned.facts.lot))), returns[0].day)
        yield ReceiptSection(say("receipt.since", day=day_text(day)), rows)


def _left(returns: Sequence[KeptReturn], standing: Standing) -> Iterator[ReceiptSection]:
    """How many lines wait, and where those stand in the file that threaten an access."""
    access = say_count("receipt.left_access", standing.access) if standing.access else ""
    left = say_count("receipt.left", standing.waiting) if standing.waiting else say("receipt.nothing_left")
    places = [one for found in returns for one in found.returned.facts.urgent if one.line in standing.urgent]
    first = say("receipt.left_first", places=_where(places).replace("\n", say("receipt.and"))) if places else ""
    yield ReceiptSection(say("receipt.left_heading"), (), " ".join(filter(None, (left, access, first))))


def _finding(places: Sequence[AnswerPlace]) -> Iterator[ReceiptSection]:
    """How a line is found again that is told by its reference, and why a quotation has holes."""
    notes = [say("receipt.reference")] if any(one.line for one in places) else []
    notes += [say("receipt.hidden")] if any(_HOLE.search(f"{one.text} {_quotation(one)}") for one in places) else []
    if notes:
        yield ReceiptSection(say("receipt.finding"), (), " ".join(notes))


def _quotation(one: AnswerPlace) -> str:
    """What was written, as the sentence begins with it; further on « C'est : … » is a choice of ours."""
    found = _QUOTE.match(one.why)
    return found[1] if found else ""


def _where(places: Sequence[AnswerPlace]) -> str:
    """« À modifier » lignes 4, 7, 9 ; « Cartes » ligne 5."""
    by_sheet: dict[str, list[int]] = {}
    for one in places:
        if one.row:
            by_sheet.setdefault(one.sheet, []).append(one.row)
    told = [
        say_count("receipt.place", len(rows), sheet=sheet, rows=_runs(sorted(set(rows))))
        for sheet, rows in by_sheet.items()
    ]
    return "\n".join(told) or say("receipt.no_place")


def _where_and_which(places: Sequence[AnswerPlace]) -> str:
    """And the establishment and reference of each, where they are few."""
    lines = list(dict.fromkeys(one.line for one in places if one.line))
    if not lines or len(lines) > MOST_NAMED:
        return _where(places)
    by_line = [[one for one in places if one.line == line] for line in dict.fromkeys(one.line for one in places)]
    return "\n".join("\n".join(filter(None, (_where(those), those[0].line))) for those in by_line)


def _where_and_what(places: Sequence[AnswerPlace]) -> str:
    """And what stands there, each for itself, where they are few."""
    if not any(one.text for one in places) or len(places) > MOST_NAMED:
        return _where_and_which(places)
    each = ((_where_and_which([one]), one.text if one.kind != "piece" else "") for one in places)
    return "\n".join(say("receipt.written", place=place, text=text) if text else place for place, text in each)


def _runs(rows: Sequence[int]) -> str:
    """4 à 15, 18: lines that follow one another, from three on."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    told = (
        [say("receipt.run", first=run[0], last=run[-1])] if len(run) > 2 else [str(row) for row in run] for run in runs
    )
    return ", ".join(one for run in told for one in run)


def _shortened(rows: Sequence[tuple[str, str]], note: str) -> tuple[tuple[tuple[str, str], ...], str]:
    more = len(rows) - MOST_ROWS
    told = " ".join(filter(None, (say_count("receipt.more", more), note))) if more > 0 else note
    return tuple(rows[:MOST_ROWS]), told
