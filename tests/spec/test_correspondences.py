"""An old ADELI number that leads to several RPPS numbers: nobody is chosen, and « aucune » is not said of two."""

from schemas.changes.change import Change
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, Line, Person, account, adeli, card, registered

OLD = adeli(1)
HOLDER = Person(60, "EPREUVE", "Ada")
ONE, OTHER = Person(61, "AUTRE", "Léa"), Person(62, "TIERCE", "Mia")


def of_a_fork(*register: Line) -> Night:
    """An account whose ADELI number the correspondence leads to two RPPS numbers."""
    leads = {OLD: f"{ONE.rpps}|{OTHER.rpps}"}
    return play([account(HOLDER, cpx_number=OLD)], register=register, cards=[], crosswalk=leads)


def candidates(change: Change) -> list[str]:
    """Whom they are beside the account itself, which stands first."""
    return [(one.after or "").split(" ")[0] for one in change.fields if one.field == "candidate"][1:]


def test_both_whom_an_adeli_number_leads_to_are_listed():
    change = of_a_fork(registered(ONE), registered(OTHER)).one("ambiguous_match")
    assert candidates(change) == [ONE.rpps, OTHER.rpps]
    assert f"mène à plusieurs numéros RPPS ({ONE.rpps}, {OTHER.rpps})" in change.guidance
    assert "aucune correspondance" not in change.guidance


def test_where_the_register_knows_neither_both_numbers_are_told():
    change = of_a_fork().one("not_in_register")
    assert f"({ONE.rpps}, {OTHER.rpps})" in change.guidance
    assert "aucune correspondance" not in change.guidance


def test_where_there_is_none_that_is_said():
    change = play([account(ANNE, cpx_number=OLD)], register=[], cards=[]).one("not_in_register")
    assert "aucune correspondance" in change.guidance


def test_a_card_and_the_correspondence_that_disagree_are_two():
    found = play(
        [account(HOLDER, cpx_number=OLD)],
        register=[registered(ONE), registered(OTHER)],
        cards=[card(ONE, content_id=OLD)],
        crosswalk={OLD: OTHER.rpps},
    )
    assert candidates(found.one("ambiguous_match")) == [ONE.rpps, OTHER.rpps]


def test_a_card_and_the_correspondence_that_agree_are_one():
    cards = [card(HOLDER, content_id=OLD)]
    found = play([account(HOLDER, cpx_number=OLD)], cards=cards, crosswalk={OLD: HOLDER.rpps})
    assert found.table() == []  # the card still carries the old number: it opens e-FIT
