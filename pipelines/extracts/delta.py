"""What changed between two national extracts, person by person (contract §1 `delta`, docs/delta.md).

A person is a set of rows: neither their order nor a row that stands twice is a change, nor is a stray space.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from pipelines.policy import passes
from schemas.reading.delta import FieldDelta, Operation, PersonDelta
from schemas.words import clean, is_clean

ExtractRow = tuple[str, ...]
ALARM_SHARE, ALARM_NUMBER = 0.05, 50  # formats.md « Sanity valves »; a few rows by hand alarm nobody
MOST_PAIRINGS = 10_000  # rows before × rows after of one person that are weighed one against the other
DELIMITER = "|"


def person_delta(
    national_id: str, before: Collection[str], after: Collection[str], fields: Sequence[str], telling: Sequence[bool]
) -> PersonDelta | None:
    """Return one person's rows in both extracts, as lines of delimited cells; None where nothing changed.

    `fields`: what the cells are; `telling`: those that tell one row of a person from another.
    """
    if set(before) == set(after):
        return None
    old, new = _cleaned(before), _cleaned(after)
    if old == new:
        return None
    operation = Operation.MODIFY if old and new else Operation.CREATE if new else Operation.REMOVE
    pairs = pair_rows(_cells(old - new), _cells(new - old), telling)
    return PersonDelta(national_id, operation, _field_deltas(pairs, old, new, fields))


def _cleaned(lines: Collection[str]) -> set[str]:
    return {line if is_clean(line) else DELIMITER.join(map(clean, line.split(DELIMITER))) for line in lines}


def _cells(lines: Collection[str]) -> list[ExtractRow]:
    return sorted(tuple(line.split(DELIMITER)) for line in lines)


def pair_rows(
    gone: Sequence[ExtractRow], come: Sequence[ExtractRow], important: Sequence[bool]
) -> list[tuple[ExtractRow | None, ExtractRow | None]]:
    """Tell which row became which: those that agree most in the important cells, then in all; what is left has no
    partner.

    Every row is in exactly one pair. The same sets give the same pairs.
    """
    if len(gone) == len(come) == 1:
        return [(gone[0], come[0])]
    weighed = []
    if len(gone) * len(come) <= MOST_PAIRINGS:
        weighed = sorted(
            (*_unlikeness(one, other, important), at, to)
            for at, one in enumerate(gone)
            for to, other in enumerate(come)
        )
    left, right = dict(enumerate(gone)), dict(enumerate(come))
    pairs: list[tuple[ExtractRow | None, ExtractRow | None]] = [
        (left.pop(at), right.pop(to)) for *_, at, to in weighed if at in left and to in right
    ]
    rest = min(len(left), len(right))  # too many to weigh: in their order
    olds, news = list(left.values()), list(right.values())
    pairs += zip(olds[:rest], news[:rest], strict=True)
    return [*pairs, *((one, None) for one in olds[rest:]), *((None, one) for one in news[rest:])]


def _unlikeness(one: ExtractRow, other: ExtractRow, important: Sequence[bool]) -> tuple[int, int]:
    differ = [before != after for before, after in zip(one, other, strict=True)]
    return sum(map(bool.__and__, differ, important)), sum(differ)


def _field_deltas(
    pairs: Sequence[tuple[ExtractRow | None, ExtractRow | None]],
    old: Collection[str],
    new: Collection[str],
    fields: Sequence[str],
) -> tuple[FieldDelta, ...]:
    """Each difference once, however many rows show it: a new name stands on all rows of a person.

    Of a row that came or went beside others of the same person, only what tells these apart; all of it where that
    says nothing.
    """
    everything = [True] * len(fields)
    beside_others = old and new and any(one is None or other is None for one, other in pairs)
    telling = list(map(bool.__or__, _several(_cells(old)), _several(_cells(new)))) if beside_others else everything
    found = dict.fromkeys(_differences(pairs, fields, telling))
    return tuple(found or dict.fromkeys(_differences(pairs, fields, everything)))


def _several(rows: Collection[ExtractRow]) -> list[bool]:
    """Of each field, whether the rows have more than one value."""
    return [len(set(column)) > 1 for column in zip(*rows, strict=True)]


def _differences(
    pairs: Sequence[tuple[ExtractRow | None, ExtractRow | None]], fields: Sequence[str], telling: Sequence[bool]
) -> Iterator[FieldDelta]:
    empty = ("",) * len(fields)
    for one, other in pairs:
        shown = [True] * len(fields) if one and other else telling
        for name, before, after, tells in zip(fields, one or empty, other or empty, shown, strict=True):
            if before != after and tells:
                yield FieldDelta(name, before, after)


def alarms(counts: Counter[Operation], persons: int) -> tuple[tuple[Operation, int], ...]:
    """Return persons modified or removed above 5 % of the old ones: so many that somebody should look first."""
    return tuple(
        (operation, counts[operation])
        for operation in (Operation.MODIFY, Operation.REMOVE)
        if passes(counts[operation], persons, ALARM_SHARE, ALARM_NUMBER)
    )
