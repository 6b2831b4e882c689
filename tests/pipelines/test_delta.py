"""What changed of one person between two extracts, told for whoever reads it (docs/delta.md)."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extracts.delta import MOST_PAIRINGS, alarms, pair_rows, person_delta
from pipelines.extracts.rows import among, distinct, in_turn, one_sided, owners, theirs
from schemas.reading.delta import Operation, PersonDelta
from schemas.reading.source import contract

FIELDS = ("last_name", "profession", "finess_site", "street", "phone")
TELLING = [name in ("profession", "finess_site") for name in FIELDS]
HERE = ("ESSAI", "10", "750999013", "RUE DE LA FICTION", "0100000001")
THERE = ("ESSAI", "10", "690999019", "PLACE DU MODELE", "")
Row = tuple[str, ...]


def lines(rows: list[Row]) -> list[str]:
    return ["|".join(row) for row in rows]


def delta(before: list[Row], after: list[Row]) -> PersonDelta | None:
    return person_delta("899700000013", lines(before), lines(after), FIELDS, TELLING)


def told(before: list[Row], after: list[Row]) -> list[tuple[str, str, str]]:
    found = delta(before, after)
    return [(one.field, one.before, one.after) for one in found.fields] if found else []


def changed(row: Row, **cells: str) -> Row:
    return tuple(cells.get(name, cell) for name, cell in zip(FIELDS, row, strict=True))


def test_one_changed_cell_is_one_field():
    assert told([HERE, THERE], [THERE, changed(HERE, phone="0100000002")]) == [("phone", "0100000001", "0100000002")]


def test_order_and_repetition_are_no_change():
    assert delta([HERE, THERE], [THERE, HERE, THERE]) is None


def test_a_stray_space_is_no_change():
    assert delta([HERE], [changed(HERE, street="RUE\u00a0DE LA  FICTION ")]) is None


def test_a_row_repeated_with_a_stray_space_is_no_change():
    assert delta([HERE], [HERE, changed(HERE, street="RUE\u00a0DE LA FICTION")]) is None


def test_a_new_name_on_all_rows_is_told_once():
    after = [changed(HERE, last_name="MODELE"), changed(THERE, last_name="MODELE")]
    assert told([HERE, THERE], after) == [("last_name", "ESSAI", "MODELE")]


def test_a_created_person_is_told_whole_and_once():
    found = delta([], [HERE, THERE])
    assert found is not None
    assert found.operation is Operation.CREATE
    assert told([], [HERE, THERE]).count(("last_name", "", "ESSAI")) == 1
    assert {one.after for one in found.fields} == {*HERE, *THERE} - {""}
    assert {one.before for one in found.fields} == {""}


def test_a_removed_person_is_a_created_one_backwards():
    found = delta([HERE, THERE], [])
    assert found is not None
    assert found.operation is Operation.REMOVE
    assert [(name, after, before) for name, before, after in told([HERE, THERE], [])] == told([], [HERE, THERE])


def test_of_a_new_activity_only_what_tells_it_from_the_others_is_told():
    assert told([HERE], [HERE, THERE]) == [("finess_site", "", "690999019"), ("street", "", "PLACE DU MODELE")]


def test_an_activity_that_ended_is_told_beside_a_new_name():
    fields = told([HERE, THERE], [changed(HERE, last_name="MODELE")])
    assert fields == [
        ("last_name", "ESSAI", "MODELE"),
        ("finess_site", "690999019", ""),
        ("street", "PLACE DU MODELE", ""),
    ]


def test_an_activity_that_differs_by_an_empty_cell_alone_is_told_all_the_same():
    assert ("street", "", "RUE DE LA FICTION") in told([HERE], [HERE, changed(HERE, phone="")])


def test_rows_are_paired_by_what_tells_them_apart_before_what_looks_alike():
    moved = changed(HERE, street="PLACE DU MODELE", phone="", last_name="MODELE")  # looks like THERE, is HERE
    assert pair_rows([HERE, THERE], [moved], TELLING)[0] == (HERE, moved)


def test_too_many_rows_to_weigh_are_paired_in_their_order():
    count = int(MOST_PAIRINGS**0.5) + 1
    before = [(f"{number:03}", "a") for number in range(count)]
    after = [(f"{number:03}", "b") for number in range(count)]
    assert pair_rows(before, after, [True, False]) == list(zip(before, after, strict=True))


SMALL = st.lists(st.tuples(*[st.sampled_from("ab")] * 3), max_size=6, unique=True)


@given(SMALL, SMALL)
def test_every_row_is_in_one_pair_and_as_many_as_can_be_have_a_partner(before: list[Row], after: list[Row]):
    pairs = pair_rows(sorted(before), sorted(after), [True, False, False])
    assert sorted(one for one, _ in pairs if one) == sorted(before)
    assert sorted(other for _, other in pairs if other) == sorted(after)
    assert sum(1 for one, other in pairs if one and other) == min(len(before), len(after))


@given(SMALL, SMALL)
def test_a_person_is_told_exactly_where_the_sets_of_rows_differ(before: list[Row], after: list[Row]):
    found = person_delta("8", lines(before), lines(after), ("x", "y", "z"), (True, False, False))
    assert bool(found) == (set(before) != set(after))
    assert found is None or (found.fields and all(one.before != one.after for one in found.fields))
    assert found == person_delta(
        "8", lines(before[::-1] * 2), lines(after[::-1]), ("x", "y", "z"), (True, False, False)
    )


DIGESTS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5), max_size=12)


@given(DIGESTS, DIGESTS)
def test_the_arithmetic_on_digests_is_that_of_sets(before: list[int], after: list[int]):
    old, new = np.array(before, np.int64), np.array(after, np.int64)
    assert distinct(old).tolist() == sorted(set(before))
    assert one_sided(old, new).tolist() == sorted(set(before) ^ set(after))
    assert among(old, distinct(new)).tolist() == [one in after for one in before]
    assert owners([(old, old // 2), (new, new // 2)], one_sided(old, new)).tolist() == sorted(
        {one // 2 for one in set(before) ^ set(after)}
    )


@given(DIGESTS)
def test_rows_come_in_the_turn_of_their_persons(persons: list[int]):
    keys = distinct(np.array(persons[:4], np.int64))
    ranks = np.arange(len(keys))[::-1]
    places, counts = in_turn(theirs(np.array(persons, np.int64), keys), ranks)
    backwards = keys.tolist()[::-1]
    assert [persons[at] for at in places] == [one for key in backwards for one in persons if one == key]
    assert counts.tolist() == [persons.count(key) for key in backwards]


@pytest.mark.parametrize(
    ("modified", "removed", "persons", "expected"),
    [
        (20_000, 0, 100_000, ["modify"]),
        (0, 20_000, 100_000, ["remove"]),
        (5_001, 5_001, 100_000, ["modify", "remove"]),
        (5_000, 5_000, 100_000, []),
        (400, 400, 100_000, []),
        (49, 49, 100, []),
    ],
)
def test_more_than_one_person_in_twenty_is_an_alarm(modified: int, removed: int, persons: int, expected: list[str]):
    counts = Counter({Operation.MODIFY: modified, Operation.REMOVE: removed})
    assert [operation.value for operation, _ in alarms(counts, persons)] == expected


@pytest.mark.parametrize("name", ["register_persons", "register_cards"])
def test_what_tells_rows_apart_are_columns_of_the_file(name: str):
    rules = contract(name)
    assert rules.row_keys
    assert set(rules.row_keys) <= set(rules.columns)
