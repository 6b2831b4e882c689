"""How a workbook writes somebody whom no register knows: another writing of the same name is no new name."""

import pytest

from tests.spec.night import play
from tests.spec.tables import ASSISTANT, ES, Person, account, row

PAUL = Person(91, "SONGE", "Paul", "SEC", f"3{ES}/HV-91")


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (("SONGE", "Amadou"), ("SONGE", "A.")),
        (("SONGE", "Jean-Paul"), ("SONGE", "JP")),
        (("SONGE", "Alexandre"), ("SONGE", "Alex")),
        (("SONGE", "Jean Paul"), ("SONGE", "Jean")),
        (("SONGE", "Paul"), ("Paul", "SONGE")),
        (("SONGE", "Paul"), ("SONGE Paul", "")),
        (("SONGE", "Paul"), ("Dr SONGE", "Paul")),
        (("SONGE", "Paul"), ("SONGE Pr", "Paul")),
        (("SONGE", "Anne"), ("SONGE née LUNE", "Anne")),
        (("SONGE", "Anne"), ("LUNE épouse SONGE", "Anne")),
        (("SONGE-LUNE", "Anne"), ("SONGE-LUNE née LUNE", "Anne")),
        (("DE SONGE", "Paul"), ("SONGE", "Paul")),
    ],
)
def test_a_name_written_with_less_care_changes_nothing(known: tuple[str, str], told: tuple[str, str]) -> None:
    assert changes(known, told) == []


@pytest.mark.parametrize(
    ("known", "told", "after"),
    [
        (("SONGE", "A."), ("SONGE", "Amadou"), {"first_name": "Amadou"}),
        (("SONGE", "Alex"), ("SONGE", "Alexandre"), {"first_name": "Alexandre"}),
        (("Dr SONGE", "Paul"), ("SONGE", "Paul"), {"last_name": "SONGE"}),
        (("SONGE Paul", ""), ("SONGE", "Paul"), {"last_name": "SONGE", "first_name": "Paul"}),
        (("SONGE", "Paul"), ("DE SONGE", "Paul"), {"last_name": "DE SONGE"}),
        (("SONGE", "Anne"), ("SONGE-LUNE", "Anne"), {"last_name": "SONGE-LUNE"}),
        (("SONGE-LUNE", "Anne"), ("LUNE", "Anne"), {"last_name": "LUNE"}),
    ],
)
def test_a_name_written_better_or_another_one_is_a_change(
    known: tuple[str, str], told: tuple[str, str], after: dict[str, str]
) -> None:
    assert changes(known, told) == [after]


@pytest.mark.parametrize(
    ("known", "told", "email", "expected"),
    [
        (("FICTIVEL", "Paul"), ("FICTVIEL", "Paul"), "paul.fictivel@example.org", []),
        (("FICTVIEL", "Paul"), ("FICTIVEL", "Paul"), "paul.fictivel@example.org", [{"last_name": "FICTIVEL"}]),
        (("FICTIVEL", "Alain"), ("FICTIVEL", "Amain"), "fictivel.alain@example.org", []),
        (("FICTIVEL", "Paul"), ("FICTVIEL", "Paul"), "standard@example.org", [{"last_name": "FICTVIEL"}]),
    ],
)
def test_an_address_that_spells_the_name_tells_on_which_side_the_slip_is(
    known: tuple[str, str], told: tuple[str, str], email: str, expected: list[dict[str, str]]
) -> None:
    assert changes(known, told, email) == expected


def changes(known: tuple[str, str], told: tuple[str, str], email: str = "standard@example.org") -> list[dict[str, str]]:
    """What is to be entered of the name of a secretary with a CPE card; nothing else may be asked of her."""
    ours = account(PAUL, ES, ASSISTANT, last_name=known[0], first_name=known[1], email=email)
    theirs = row(PAUL, ES, ASSISTANT, last_name=told[0], first_name=told[1], email=email)
    found = play([ours], [theirs]).changes
    assert {(one.kind, one.reasons) for one in found} <= {("update_account", ("identity_changed",))}, told
    return [{field.field: field.after or "" for field in one.fields} for one in found]
