"""The installation's own words, as the administrator's report shows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from pipelines.phrase import place_text, source_text
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.vocabulary import meaning_text, new_words, origin_of, places_of
from pipelines.workbook_keepers import ADMIN
from schemas.changes.change import PostRef
from schemas.changes.decision import signed_text
from schemas.nomenclatures import say
from schemas.people.vocabulary import Word, WordLine
from schemas.people.workbook_line import UnreadRow
from schemas.reading.issue import quoted

_MOST_PLACES = 5


def word_lines(
    words: Iterable[Word],
    snapshot: Snapshot,
    day: date,
    lot: str,
    sign: Callable[[str, PostRef], str],
    answers: Mapping[str, str],
) -> tuple[WordLine, ...]:
    """Return what the administrator is asked or may take back: the words without an answer, then the accepted ones."""
    known = list(words)
    shown = [one for one in (*known, *new_words(snapshot, known, day)) if one.state != "refused"]
    listed = sorted(shown, key=lambda one: (one.state != "proposed", one.field, one.key))
    names = {one.code: one.name for one in snapshot.structures.values()}
    places = places_of(snapshot)
    return tuple(
        WordLine(
            token=f"{one.id}:{sign(signed_text(lot, one.id), ADMIN)}",
            field=say(f"word.{one.field}"),
            wording=one.wording,
            meaning=_meaning(one, places.get((one.field, one.key), ()), names, snapshot),
            places=_places([_place(row) for row in places.get((one.field, one.key), ())]),
            state="\n".join(filter(None, (_state(one, day), answers.get(one.id, "")))),
        )
        for one in listed
    )


def word_notices(words: Iterable[Word], snapshot: Snapshot, day: date) -> list[str]:
    """Return the sentence that tells the administrator of the new ones, on the night that shows them first."""
    known = list(words)
    fresh = [
        *new_words(snapshot, known, day),
        *(one for one in known if one.state == "proposed" and one.told_on == day),
    ]
    return [say("word.notice", count=len(fresh))] if fresh else []


def _meaning(word: Word, theirs: Sequence[UnreadRow], names: Mapping[str, str], snapshot: Snapshot) -> str:
    """What it means; of one that waits for an answer also where that comes from and what the answer does."""
    meaning = meaning_text(word, names)
    return meaning if word.state != "proposed" else f"{meaning}\n{origin_of(word, theirs, snapshot)}"


def _place(row: UnreadRow) -> str:
    """Where a wording stands; a single word of a remark, with the remark."""
    where = say("explain.place", source=source_text(row.source), location=place_text(row.location))
    return " : ".join((where, quoted(row.wording))) if row.strange else where


def _places(found: list[str]) -> str:
    distinct = list(dict.fromkeys(found))
    return ", ".join(distinct[:_MOST_PLACES]) + (", …" if len(distinct) > _MOST_PLACES else "")


def _state(word: Word, day: date) -> str:
    if word.state == "accepted" and word.decided_on:
        return say("word.accepted", day=f"{word.decided_on:%d/%m/%Y}")
    return say("word.new") if word.told_on in (None, day) else say("word.told", day=f"{word.told_on:%d/%m/%Y}")
