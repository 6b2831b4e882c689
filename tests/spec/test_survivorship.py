"""Which source each value of the golden record is taken from, and that it can say so (contract §6, issue 6 §3)."""

from pipelines.matching.identify import identify
from pipelines.matching.match import match
from pipelines.reports.explaining.survivorship import Kept, kept_of
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, ES, ES_11, PAUL, Person, account, card, region, registered, row

ACCOUNT_FIELDS = {
    "cpx_number", "card_type", "card_expires_on", "last_name", "first_name", "civility", "profession", "email", "phone",
}  # fmt: skip


def kept(night: Night, who: Person) -> dict[str, Kept]:
    """The golden record of an account, by field (the last function where there are several)."""
    identity = identify(night.snapshot, match(night.snapshot))[who.account_id]
    return {one.field: one for one in kept_of(identity)}


def test_each_value_comes_from_the_source_that_goes_first_and_names_it() -> None:
    """The register tells who, the card file the number and the card, the workbook how to reach and where."""
    lines = row(ANNE, last_name="EXEMPLE-ANCIEN", profession="Pharmacien", email="neuf@example.org")
    found = kept(play([account(ANNE, card_expires_on="2027-01-01")], [lines], cards=[card(ANNE, "2029-05-31")]), ANNE)
    assert set(found) >= ACCOUNT_FIELDS
    assert all(one.source for one in found.values())
    register = {found[name].source for name in ("last_name", "first_name", "civility", "profession")}
    cards = {found[name].source for name in ("cpx_number", "card_type", "card_expires_on")}
    workbook = {found[name].source for name in ("email", "phone", "function")}
    assert (register, cards, workbook) == ({"register.persons"}, {"register.cards"}, {"workbook:24"})
    assert (found["last_name"].value, found["card_expires_on"].value) == ("EXEMPLE", "2029-05-31")


def test_outside_the_register_every_value_is_the_workbooks() -> None:
    found = kept(play([account(PAUL)], [row(PAUL)], register=[], cards=[]), PAUL)
    assert {found[name].source for name in ("last_name", "first_name", "cpx_number", "email")} == {"workbook:24"}


def test_of_two_workbooks_the_value_that_lost_is_kept_beside_with_its_source() -> None:
    held = [account(ANNE, ES), account(ANNE, ES_11)]
    books = [
        region("11", row(ANNE, ES_11, email="la-bas@example.org")),
        region("24", row(ANNE, ES, email="ici@example.org")),
    ]
    email = kept(play(held, books=books), ANNE)["email"]
    assert (email.value, email.source) == ("ici@example.org", "workbook:24")
    assert [(one.value, one.source) for one in email.others] == [("la-bas@example.org", "workbook:11")]


def test_who_was_married_keeps_the_registers_name_whatever_the_workbooks_say() -> None:
    married = Person(ANNE.serial, "SONGE", "Anne")
    night = play([account(ANNE)], [row(ANNE)], register=[registered(married)])
    assert kept(night, ANNE)["last_name"].value == "SONGE"


def test_a_doubt_shows_its_candidates_with_what_speaks_for_and_against_them() -> None:
    change = play([account(ANNE)], [row(ANNE, last_name="EXMEPLE", cpx_number="", email="")]).one("ambiguous_match")
    assert ANNE.account_id in change.guidance
    for word in ("pour", "vraisemblance", "%"):
        assert word in change.guidance
