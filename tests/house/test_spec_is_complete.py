"""The tests are the manual: every reason, code, route and card case has a test that bears its name."""

import re
from functools import cache
from pathlib import Path

import pytest

from schemas.nomenclatures import issue_effects, reasons, rows

TESTS = Path(__file__).parents[1]
SPEC = TESTS / "spec"
AT_THE_DOORS = {
    "DUPLICATE_ROW",
    "COLUMN_MISSING",
    "ENCODING",
    "ROW_WIDTH",
    "FILE_UNREADABLE",
    "FILE_STALE",
    "FILE_EMPTY",
}


@cache
def sentences() -> tuple[str, ...]:
    """The names of the spec tests."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(SPEC.glob("test_*.py")))
    return tuple(name for text in texts for name in re.findall(r"^def test_(\w+)\(", text, re.MULTILINE))


def has_a_test(name: str) -> bool:
    """A spec test begins with this name."""
    return any(sentence == name or sentence.startswith(f"{name}_") for sentence in sentences())


def route_name(route: dict[str, str]) -> str:
    """« chv_st_titulaire_at_ets_is_updated_by_admin_efit » of a row of routing.csv."""
    who = [route["function"], route["rank"]]
    if set(who) == {"*"}:
        return f"anything_else_is_updated_by_{route['updater']}".lower()
    subject = "_".join(word for word in who if word != "*")
    return f"{subject}_at_{route['structure_type']}_is_updated_by_{route['updater']}".lower()


@pytest.mark.parametrize("reason", list(reasons()))
def test_every_reason_has_a_test_named_after_it(reason: str):
    assert has_a_test(reason)


@pytest.mark.parametrize("reason", list(reasons()))
def test_every_reason_has_its_line_in_the_page_of_rules(reason: str):
    page = (TESTS.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    assert re.search(rf"^\|[^|]*`{reason}`[^|]*\|", page, re.MULTILINE)


@pytest.mark.parametrize("code", [code for code in issue_effects() if code not in AT_THE_DOORS])
def test_every_code_that_arises_in_judging_has_a_test_named_after_it(code: str):
    assert has_a_test(code.lower())


@pytest.mark.parametrize("code", sorted(AT_THE_DOORS))
def test_every_code_that_arises_at_a_door_is_asserted_there(code: str):
    assert code in issue_effects()
    doors = (path.read_text(encoding="utf-8") for path in (TESTS / "connectors").glob("test_*.py"))
    nights = (path.read_text(encoding="utf-8") for path in (TESTS / "night").glob("test_*.py"))
    assert any(re.search(rf'"{code}"', text) for text in (*doors, *nights))


@pytest.mark.parametrize("route", rows("routing"), ids=route_name)
def test_every_row_of_the_routing_table_has_a_test_named_after_it(route: dict[str, str]):
    assert has_a_test(route_name(route))


@pytest.mark.parametrize("case", [row["case"] for row in rows("card_cases")])
def test_every_row_of_the_card_cases_has_a_test_named_after_it(case: str):
    assert has_a_test(case)


def test_no_two_spec_tests_have_one_name():
    assert len(sentences()) == len(set(sentences()))


def test_a_name_that_no_test_bears_is_found_out():
    assert not has_a_test("card_eaten_by_the_dog")
