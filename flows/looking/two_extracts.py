"""Two extracts side by side: the persons who have to be looked at, by identification, each with the rows of both."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

import numpy as np

from connectors.sources.extract import Extract
from flows.run.progress import Progress
from pipelines.extracts.delta import person_delta
from pipelines.extracts.rows import Numbers, Theirs, among, first_places, in_turn, one_sided, owners, theirs
from schemas.nomenclatures import say
from schemas.reading.delta import PersonDelta
from schemas.reading.source import contract
from schemas.words import clean

_TELL_EVERY = 5000  # persons


def people(before: Extract, after: Extract, tell: Progress) -> tuple[int, Iterator[PersonDelta]]:
    """Return (how many are left out, those who differ by national identification).

    Left out: who stands in a row that one side alone had to reject; unreadable is not gone. Rows are fetched as their
    person's turn comes: nothing is held but the identifications, even where everything changed.
    """
    was, now = before.survey.accepted, after.survey.accepted
    # Under other columns the same bytes say something else: then everybody is looked at.
    differing = one_sided(was.digests, now.digests) if list(before.columns) == list(after.columns) else None
    keys = owners([(was.digests, was.persons), (now.digests, now.persons)], differing)
    old, new = theirs(was.persons, keys), theirs(now.persons, keys)
    ids = _national_ids([(before, old), (after, new)], keys)
    unread = _unread(before, after, frozenset(ids))
    order = sorted(range(len(ids)), key=ids.__getitem__)
    ranks = np.empty(len(ids), np.int64)
    ranks[order] = np.arange(len(ids))
    fields = [name for name in before.columns if name in after.columns]
    telling = [name in contract(before.kind).row_keys for name in fields]
    found = _differing(
        [ids[at] for at in order],
        _turns(before, old, ranks, fields),
        _turns(after, new, ranks, fields),
        lambda person, rows, others: person_delta(person, rows, others, fields, telling),
        tell,
    )
    return len(unread), (one for one in found if one.national_id not in unread)


Turns = Iterator[list[str]]
"""The lines of each person in turn."""


def _differing(
    ids: Sequence[str], old: Turns, new: Turns, judge: Callable[..., PersonDelta | None], tell: Progress
) -> Iterator[PersonDelta]:
    for at, (national_id, before, after) in enumerate(zip(ids, old, new, strict=True)):
        if at % _TELL_EVERY == 0:
            tell(say("delta.comparing"), at, len(ids))
        found = judge(national_id, before, after)
        if found:
            yield found


def _turns(extract: Extract, rows: Theirs, ranks: Numbers, fields: Sequence[str]) -> Turns:
    places, counts = in_turn(rows, ranks)
    lines = map(extract.chosen(fields), extract.lines(extract.survey.accepted.take(places)))
    for count in counts.tolist():
        yield list(islice(lines, count))


def _national_ids(sides: Sequence[tuple[Extract, Theirs]], keys: Numbers) -> list[str]:
    """The identification of each person: the key itself, or else what stands in one of their rows."""
    found = list(map(str, keys.tolist()))
    missing = keys < 0
    for extract, rows in sides:
        places = first_places(rows, len(keys))
        whose = np.flatnonzero(missing & (places >= 0))
        whose = whose[np.argsort(places[whose])]  # in the order of the file
        column = list(extract.columns).index("national_id")
        lines = extract.lines(extract.survey.accepted.take(places[whose]))
        for person, line in zip(whose.tolist(), lines, strict=True):
            found[person] = clean(line.split(extract.delimiter, column + 1)[column])
        missing[whose] = False
    return found


def _unread(before: Extract, after: Extract, ids: frozenset[str]) -> frozenset[str]:
    """Who stands in a rejected row that the other extract has not."""
    sides = [(extract, extract.survey.rejected) for extract in (before, after)]
    alone = one_sided(*(rows.digests for _, rows in sides))
    scraps = (extract.scraps(rows.take(among(rows.digests, alone))) for extract, rows in sides)
    return ids.intersection(chain.from_iterable(scraps))
