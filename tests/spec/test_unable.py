"""Procedure §4, who cannot act: a post is vacant, its holder has no address, cannot log in, or ends themselves."""

import pytest

from pipelines.changes.earlier import Earlier
from pipelines.reports.unable_updaters import unable_of, unable_text
from schemas.changes.change import Updater
from tests.spec.night import ADMIN, Night, play
from tests.spec.tables import (
    ANNE,
    CRH,
    ES,
    ES_52,
    LUC,
    SITE,
    TITULAIRE,
    ZOE,
    Line,
    Person,
    account,
    card,
    ets,
    region,
    row,
)

ENDED, SOON = "2026-10-31", "2026-12-10"
REMPLACANT_CRH = ("CRH-ST", "Remplaçant")
OTHER = Person(71, "SECONDE", "Ida")


def newcomer(*holders: Line, cards: tuple[Line, ...] = (), cards_read: bool = True) -> Night:
    """Region 52 with these holders in the annuaire, their rows and cards; and Anne, who is new at an ES there."""
    rows = [row(one.who, "52", (one.cells["function"], one.cells["rank"])) for one in holders]
    books = [region("52", row(ANNE, ES_52), *rows)]
    named = {card.who for card in cards}
    valid = [card(who) for who in (ANNE, *(one.who for one in holders)) if who not in named]
    return play(holders, books=books, cards=[*cards, *valid], cards_read=cards_read)


def updater(found: Night) -> Updater:
    return found.one("missing_account").updater


def meant(found: Night) -> tuple[str, str | None, str | None]:
    one = updater(found)
    assert one.recipients == ((ADMIN,) if one.post == "ADMIN_EFIT" else one.recipients)
    return one.post, one.escalated_from, one.escalated_because


def test_a_post_that_nobody_holds_is_vacant():
    found = newcomer()
    assert meant(found) == ("ADMIN_EFIT", "CRH_ST-52", "vacant")
    assert "dont le poste est vacant" in found.one("missing_account").guidance


def test_a_holder_without_an_address_is_not_a_vacancy():
    found = newcomer(account(LUC, "52", CRH, email=""))
    assert meant(found) == ("ADMIN_EFIT", "CRH_ST-52", "no_address")
    guidance = found.one("missing_account").guidance
    assert "n’a pas d’adresse électronique" in guidance
    assert "vacant" not in guidance


@pytest.mark.parametrize(
    "lost",
    [card(LUC, ENDED), card(LUC, opposed_on="2026-11-03")],
    ids=["ended", "opposed"],
)
def test_a_holder_who_cannot_log_in_is_not_a_vacancy(lost: Line):
    found = newcomer(account(LUC, "52", CRH, card_expires_on=ENDED), cards=(lost,))
    assert meant(found) == ("ADMIN_EFIT", "CRH_ST-52", "locked_out")
    guidance = found.one("missing_account").guidance
    assert "ne peut pas se connecter à e-FIT" in guidance
    assert "vacant" not in guidance


def test_a_holder_whose_card_ends_soon_still_acts():
    found = newcomer(account(LUC, "52", CRH, card_expires_on=SOON), cards=(card(LUC, SOON),))
    assert meant(found) == ("CRH_ST", None, None)


def test_beside_who_cannot_log_in_a_remplacant_who_can_acts():
    holders = account(LUC, "52", CRH, card_expires_on=ENDED), account(OTHER, "52", REMPLACANT_CRH)
    found = newcomer(*holders, cards=(card(LUC, ENDED),))
    assert updater(found).recipients == tuple(sorted((LUC.email, OTHER.email)))


def test_beside_who_has_no_address_a_remplacant_with_one_acts():
    found = newcomer(account(LUC, "52", CRH, email=""), account(OTHER, "52", REMPLACANT_CRH))
    assert updater(found).recipients == (OTHER.email,)


def test_a_remplacant_who_could_log_in_and_has_no_address_is_what_is_missing():
    holders = account(LUC, "52", CRH, card_expires_on=ENDED), account(OTHER, "52", REMPLACANT_CRH, email="")
    assert meant(newcomer(*holders, cards=(card(LUC, ENDED),))) == ("ADMIN_EFIT", "CRH_ST-52", "no_address")


def test_the_titulaire_of_an_ets_who_cannot_log_in_is_told_of_with_the_ets():
    holder = account(LUC, "ETS-CPDL", TITULAIRE, card_expires_on=ENDED)
    books = [ets("ETS-CPDL", row(ANNE, SITE), row(LUC, "ETS-CPDL", TITULAIRE))]
    found = play([holder], books=books, cards=[card(LUC, ENDED), card(ANNE)])
    assert meant(found) == ("ADMIN_EFIT", "CHV_ST_ETS-ETS-CPDL", "locked_out")


def test_a_site_without_an_ets_is_no_vacancy_either():
    orphan = account(ANNE, SITE, parent_code="", card_expires_on="2026-12-31")
    one = play([orphan]).one("card_renewed").updater
    assert (one.escalated_from, one.escalated_because) == ("CHV_ST_ETS", "no_scope")


# ── not known is not locked out, and what was known stays ────────────────────────────────────────


def test_while_the_cards_are_unread_nobody_is_said_to_be_locked_out():
    found = newcomer(account(LUC, "52", CRH, card_expires_on=ENDED), cards=(card(LUC, ENDED),), cards_read=False)
    assert {one.updater.escalated_because for one in found.changes} <= {None}


def test_who_was_locked_out_stays_so_while_the_cards_are_unread():
    """Else the mails of a region would go to and fro with every register that is late."""
    lines = account(LUC, "52", CRH, card_expires_on=ENDED), account(ZOE, ES_52, TITULAIRE)
    books = [region("52", row(LUC, "52", CRH), row(ZOE, ES_52, TITULAIRE, email="ailleurs@example.org"))]
    before = Earlier(locked_out=frozenset({"CRH_ST-52"}))
    found = play(lines, books=books, cards_read=False, earlier=before)
    one = found.one("contact_changed").updater
    assert (one.escalated_from, one.escalated_because) == ("CRH_ST-52", "locked_out")


def test_who_has_a_new_card_acts_again():
    books = [region("52", row(LUC, "52", CRH), row(ANNE, ES_52))]
    before = Earlier(locked_out=frozenset({"CRH_ST-52"}))
    assert meant(play([account(LUC, "52", CRH)], books=books, earlier=before)) == ("CRH_ST", None, None)


# ── one's own end ────────────────────────────────────────────────────────────────────────────────


def leaving(*others: Line) -> Night:
    """The CRH-ST of region 24 is a titulaire of an ES there too, and leaves that."""
    lines = [account(LUC, "24", CRH), account(LUC, ES, TITULAIRE), *others]
    rows = [row(LUC, "24", CRH), row(LUC, ES, TITULAIRE, status="Parti")]
    return play(lines, [*rows, *(row(one.who, "24", (one.cells["function"], one.cells["rank"])) for one in others)])


def test_ones_own_end_goes_to_the_administrator_with_the_post():
    change = leaving().one("left")
    assert meant_of(change.updater) == ("ADMIN_EFIT", "CRH_ST-24", "own_end")
    assert "dont c’est la propre fin" in change.guidance


def test_a_second_titulaire_may_end_the_first():
    assert leaving(account(OTHER, "24", CRH)).one("left").updater.post == "CRH_ST"


def test_the_end_of_somebody_else_stays_the_updaters():
    found = play([account(LUC, "24", CRH), account(ANNE)], [row(LUC, "24", CRH), row(ANNE, status="Parti")])
    assert {one.updater.post for one in found.changes} == {"CRH_ST"}


def test_the_closing_of_ones_own_account_goes_to_the_administrator():
    """All functions end: the post is vacant tonight, and nothing of it goes to who leaves."""
    lines = [account(LUC, "24", CRH), account(LUC, ES, TITULAIRE)]
    found = play(lines, [row(LUC, "24", CRH, status="Parti"), row(LUC, ES, TITULAIRE, status="Parti")])
    assert {one.updater.post for one in found.changes if one.account_id == LUC.account_id} == {"ADMIN_EFIT"}


def meant_of(one: Updater) -> tuple[str, str | None, str | None]:
    return one.post, one.escalated_from, one.escalated_because


# ── all together, for the administrator ──────────────────────────────────────────────────────────


def test_the_administrator_reads_which_posts_cannot_act_and_why_and_how_much_it_brings():
    lines = [account(LUC, "52", CRH, card_expires_on=ENDED)]
    books = [region("52", row(LUC, "52", CRH), row(ANNE, ES_52), row(ZOE, ES_52))]
    found = play(lines, books=books, cards=[card(LUC, ENDED), card(ANNE), card(ZOE)])
    (one,) = unable_of(found.changes, found.comparison.routing)
    assert (one.updater.escalated_from, one.because, one.count) == ("CRH_ST-52", "locked_out", 2)
    text = unable_text(one)
    assert "CRH-ST de la région Pays de la Loire (52)" in text
    assert "depuis le 01/11/2026, sa carte a pris fin" in text
    assert "2 lignes de son ressort sont dans vos feuilles" in text


def test_each_cause_has_its_own_sentence():
    vacant = newcomer()
    silent = newcomer(account(LUC, "52", CRH, email=""))
    locked = newcomer(account(LUC, "52", CRH, card_expires_on=ENDED), cards=(card(LUC, ENDED),))
    texts = [unable_text(unable_of(one.changes, one.comparison.routing)[0]) for one in (vacant, silent, locked)]
    assert ["vacant" in one for one in texts] == [True, False, False]
    assert ["adresse électronique" in one for one in texts] == [False, True, False]
    assert ["se connecter" in one for one in texts] == [False, False, True]


def test_what_waits_for_nobody_is_not_counted():
    found = newcomer()
    quiet = [one.model_copy(update={"status": "refused"}) for one in found.changes]
    assert unable_of(quiet, found.comparison.routing) == []


def test_nobody_is_told_of_where_everybody_can_act():
    found = play([account(LUC, "24", CRH)], [row(LUC, "24", CRH), row(ANNE)])
    assert unable_of(found.changes, found.comparison.routing) == []
