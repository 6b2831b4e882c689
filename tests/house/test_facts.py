"""Each fact that a snapshot can carry is told apart by a spec test, and so are the conditions that were once not.

`tests/spec/facts.csv`: which test misses a fact that is forgotten; `tests/spec/mutants.csv`: which one misses a piece
of a function that is altered. Whoever adds a fact adds its row, and the test where there is none.
"""

import csv
import inspect
import textwrap
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources.joining import snapshot_of
from pipelines.sources.snapshot import Snapshot
from tests.spec import night
from tests.spec.forgetting import facts, forget

SPEC = Path(__file__).parents[1] / "spec"


def table(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACTS = {row["fact"]: row for row in table("facts.csv")}
MISSED = {fact: row["missed_by"] for fact, row in FACTS.items() if row["missed_by"]}


def spec_test(name: str) -> Callable[[], None]:
    """A function of the manual, « test_codes::test_… »."""
    module, _, function = name.partition("::")
    found: Callable[[], None] = getattr(import_module(f"tests.spec.{module}"), function)
    return found


def test_every_fact_has_its_row_and_no_row_is_of_none() -> None:
    assert list(FACTS) == list(facts())


def test_a_fact_without_a_spec_test_says_why() -> None:
    assert [fact for fact, row in FACTS.items() if bool(row["missed_by"]) == bool(row["why_no_spec_test"])] == []


@pytest.mark.parametrize("name", sorted({*MISSED.values(), *(row["missed_by"] for row in table("mutants.csv"))}))
def test_the_spec_tests_pass_where_nothing_is_forgotten(name: str) -> None:
    spec_test(name)()


@pytest.mark.parametrize("fact", MISSED)
def test_a_forgotten_fact_is_missed(fact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lose = forget(fact)

    def without(*given: Any, **more: Any) -> Snapshot:
        return lose(snapshot_of(*given, **more))

    monkeypatch.setattr(night, "snapshot_of", without)
    with pytest.raises((AssertionError, LookupError, StopIteration)):
        spec_test(MISSED[fact])()


def altered(function: Callable[..., Any], there: str, instead: str) -> Callable[..., Any]:
    """The same function but for a piece of its text."""
    text = textwrap.dedent(inspect.getsource(function))
    assert text.count(there) == 1, there
    names: dict[str, Any] = {}
    exec(compile(text.replace(there, instead), function.__module__, "exec"), function.__globals__ | {}, names)
    found: Callable[..., Any] = names[function.__name__]
    return found


@pytest.mark.parametrize("row", table("mutants.csv"), ids=lambda row: f"{row['function']} {row['stands_instead']}")
def test_an_altered_condition_is_missed(row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, name = row["function"].partition(":")
    function = getattr(import_module(module), name)
    mutant = altered(function, row["stands_there"], row["stands_instead"])
    monkeypatch.setattr(function, "__code__", mutant.__code__)
    with pytest.raises(AssertionError):
        spec_test(row["missed_by"])()
