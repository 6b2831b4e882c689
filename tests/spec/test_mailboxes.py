"""Whose mailbox it is: several accounts that have one make it nobody's own, unless it bears the name of one (§6a)."""

import pytest

from tests.spec.night import fields_of, play
from tests.spec.tables import Person, account, row

HELENE = Person(940, "CANGREPAU", "Hélène", "SEC", "")
CLAUDE = Person(941, "JOUCULE", "Claude", "SEC", "")
PIERRE = Person(942, "COUCHENON", "Pierre", "SEC", "")
HERS = "helene.cangrepau@example.org"


@pytest.mark.parametrize(
    ("shared", "after"),
    [(HERS, ""), ("h.cangrepau@example.org", ""), ("hemovigilance@example.org", "hemovigilance@example.org")],
)
def test_a_mailbox_that_two_accounts_have_is_given_unless_it_bears_the_name_of_somebody(
    shared: str, after: str
) -> None:
    found = play(
        [account(HELENE, email=shared), account(PIERRE, email=shared), account(CLAUDE, email="cl@example.org")],
        [row(HELENE, email=shared), row(PIERRE, email="pierre.couchenon@example.org"), row(CLAUDE, email=shared)],
    )
    told = [fields_of(one) for one in found.changes if one.account_id == CLAUDE.account_id]
    assert [one["email"][1] for one in told] == ([after] if after else [])
