"""One truth in many shapes: whatever shape a workbook has, the night finds no change and every row is used."""

import random

import pytest

from tests.shapes.every import ASKED, SHAPES, pairs, told

SAMPLE = 60  # of the pairs; `make bench-shapes` plays all of them


def asked(*shapes: str) -> int:
    """How many questions these shapes mean: a row struck through is one."""
    return sum(name in ASKED for name in shapes)


def judge(*shapes: str) -> None:
    found = told(shapes)
    assert [(one.reasons[0], one.person.last_name) for one in found.harmful] == []
    assert (len(found.changes), found.used) == (asked(*shapes), 1.0), [one.fields for one in found.changes]


def test_the_standard_form_is_the_truth():
    judge()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_changes_nothing(shape: str):
    judge(shape)


@pytest.mark.parametrize("pair", random.Random(20261122).sample(list(pairs()), SAMPLE), ids=" + ".join)
def test_two_shapes_change_nothing(pair: tuple[str, str]):
    judge(*pair)
