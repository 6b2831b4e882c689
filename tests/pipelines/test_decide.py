"""A decision counts from the updater the change is routed to, on a line that this service signed."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.lifecycle.decisions.decide import JudgedFile, ReturnedFile, judge_decisions
from pipelines.lifecycle.decisions.objections import Terms
from schemas.changes.change import Change, ChangeStatus, PostRef
from schemas.changes.decision import Issued, ReturnedLine, Verdict, lot_day, signed_text
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.glyphs import typeset
from tests.invented_changes import ADMIN, CRH, DAY, ETS, LOT, Builder, number

FILE = ReturnedFile("CRH_ST-24.xlsx", hashlib.sha256(b"returned").hexdigest())


def sign(text: str, updater: PostRef) -> str:
    return hashlib.sha256(f"key/{updater.post}/{updater.scope}/{text}".encode()).hexdigest()[:24]


def verify(lot: str, change_id: str, updater: PostRef, signature: str) -> bool:
    return sign(signed_text(lot, change_id), updater) == signature


def change(name: str = "FICTIVE Ode", to: PostRef = CRH) -> Change:
    who = number(sum(map(ord, name)))
    return Builder().add("card_alert", "card_missing", "access", name, to=to, national_id=who)


def state(of: Change, status: ChangeStatus = "notified", announced: int = 9) -> ChangeState:
    """Announced so many days ago."""
    day = DAY - timedelta(days=announced)
    born = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return ChangeState(of, slot_of(of), status, day, day, announced_on=day, born_at=born)


def line(
    of: Change,
    decision: Verdict = "accepted",
    *,
    row: int = 4,
    signer: PostRef = CRH,
    lot: str = LOT,
    signed_lot: str = "",
    until: date | None = None,
    said: str = "",
    comment: str = "",
    addressee: str = "CRH_ST-24",
) -> ReturnedLine:
    token = f"{of.id}:{sign(signed_text(signed_lot or lot, of.id), signer)}"
    return ReturnedLine(lot, "Cartes", row, token, decision, said, until, said, comment, addressee)


def judged(lines: list[ReturnedLine], *states: ChangeState, issued: Issued | None = None) -> JudgedFile:
    terms = Terms(issued or Issued(), max_postpone_days=366)
    return judge_decisions(lines, {one.change.id: one for one in states}, verify, DAY, FILE, terms)


def refusal(found: JudgedFile) -> str:
    """The only refusal, and that nothing was counted."""
    assert found.events == ()
    assert [entry.outcome for entry in found.decisions] == ["refused"]
    (one,) = found.refusals
    assert one.message.startswith(typeset("« Cartes » ligne 4 : "))
    assert found.decisions[0].reason == one.message
    return one.message


@pytest.mark.parametrize("verdict", ["accepted", "refused"])
def test_a_decision_of_the_updater_moves_the_change(verdict: Verdict) -> None:
    mine = change()
    found = judged([line(mine, verdict, comment="vu avec elle")], state(mine))
    assert [(e.change_id, e.day, e.before, e.after, e.by) for e in found.events] == [
        (mine.id, DAY, "notified", verdict, "decision")
    ]
    assert found.events[0].note == FILE.digest[:16]
    (entry,) = found.decisions
    assert (entry.outcome, entry.comment, entry.updater) == ("accepted", "vu avec elle", CRH)
    assert (entry.file_name, entry.file_digest) == (FILE.name, FILE.digest)
    assert found.refusals == ()


def test_a_postponed_change_keeps_its_date() -> None:
    mine, until = change(), DAY + timedelta(days=20)
    found = judged([line(mine, "postponed", until=until)], state(mine))
    assert [(event.after, event.note) for event in found.events] == [("postponed", until.isoformat())]
    assert found.decisions[0].postponed_to == until


def test_an_undecided_line_is_nothing() -> None:
    mine = change()
    assert judged([line(mine, "", comment="à voir")], state(mine)) == JudgedFile()


def test_lines_of_one_change_that_agree_are_one_decision() -> None:
    mine = change()
    found = judged([line(mine, row=4, comment="a"), line(mine, row=5, comment="b"), line(mine, "", row=6)], state(mine))
    assert len(found.events) == len(found.decisions) == 1
    assert found.decisions[0].comment == "a\nb"


def test_one_date_serves_every_line_of_a_postponed_change() -> None:
    mine, until = change(), DAY + timedelta(days=3)
    found = judged([line(mine, "postponed"), line(mine, "postponed", row=5, until=until)], state(mine))
    assert [event.note for event in found.events] == [until.isoformat()]


def test_two_rows_that_disagree_are_both_refused() -> None:
    mine = change()
    found = judged([line(mine, "accepted"), line(mine, "refused", row=5)], state(mine))
    assert found.events == ()
    assert [one.row for one in found.refusals] == [4, 5]
    assert all("se contredisent" in one.message for one in found.refusals)


def test_two_dates_for_one_change_disagree() -> None:
    mine = change()
    dates = [DAY + timedelta(days=days) for days in (3, 4)]
    found = judged([line(mine, "postponed", row=row, until=day) for row, day in enumerate(dates, 4)], state(mine))
    assert found.events == ()
    assert len(found.refusals) == 2


def test_a_change_is_not_decided_by_the_half_of_it_that_can_be_read() -> None:
    mine = change()
    found = judged([line(mine, "accepted"), line(mine, "unknown", row=5, said="Fété")], state(mine))
    assert found.events == ()
    assert sorted(one.row for one in found.refusals) == [4, 5]


def test_an_altered_signature_is_refused() -> None:
    mine = change()
    forged = replace(line(mine), token=f"{mine.id}:{'0' * 24}")
    assert "n’a pas été émise par ce service" in refusal(judged([forged], state(mine)))


@pytest.mark.parametrize("token", ["n'importe quoi", ":", "CHG-0000000000000000", "é:ü"])
def test_a_reference_that_is_none_is_refused(token: str) -> None:
    mine = change()
    assert "n’a pas été émise" in refusal(judged([replace(line(mine), token=token)], state(mine)))


def test_a_line_moved_to_another_lot_is_refused() -> None:
    mine = change()
    assert "n’a pas été émise" in refusal(judged([line(mine, lot="20261101-00000000", signed_lot=LOT)], state(mine)))


def test_a_signature_does_not_serve_another_change() -> None:
    mine, other = change(), change("IRRÉELLE Zoé")
    stolen = replace(line(mine), token=f"{other.id}:{line(mine).token.partition(':')[2]}")
    assert "n’a pas été émise" in refusal(judged([stolen], state(mine), state(other)))


def test_a_line_of_another_updaters_report_does_not_count_in_this_one() -> None:
    theirs = change(to=ETS)
    found = judged([line(theirs, signer=ETS)], state(theirs), state(change("IRRÉELLE Zoé")))
    assert typeset("vient du rapport de : CHV-ST titulaire de l'ETS-CPDL") in refusal(found)


def test_a_line_pasted_in_is_seen_even_when_the_file_lost_its_name() -> None:
    mine, theirs = [change(f"FICTIVE Ode{n}") for n in range(2)], change("IRRÉELLE Zoé", to=ETS)
    lines = [line(one, row=row, addressee="") for row, one in enumerate(mine, 4)]
    found = judged([*lines, line(theirs, row=9, signer=ETS, addressee="")], *map(state, [*mine, theirs]))
    assert {event.change_id for event in found.events} == {one.id for one in mine}
    assert [one.row for one in found.refusals] == [9]


def test_a_change_that_went_to_another_updater_since_is_refused() -> None:
    before = change()
    now = before.model_copy(update={"updater": change(to=ADMIN).updater})
    others = state(change("IRRÉELLE Zoé"))
    assert typeset("maintenant adressée à : Administrateur e-FIT") in refusal(
        judged([line(before)], state(now), others)
    )


def test_an_unknown_change_is_refused() -> None:
    assert "inconnu de ce service" in refusal(judged([line(change())], state(change("IRRÉELLE Zoé"))))


@pytest.mark.parametrize("status", ["done", "superseded", "withdrawn"])
def test_a_change_that_is_no_longer_open_is_refused(status: ChangeStatus) -> None:
    mine = change()
    assert "cette ligne est close" in refusal(judged([line(mine)], state(mine, status)))


def test_a_change_that_nobody_was_told_of_is_refused() -> None:
    mine = change()
    assert "pas encore été annoncé" in refusal(judged([line(mine)], state(mine, "new")))


def test_an_unknown_word_is_refused_and_quoted() -> None:
    mine = change()
    assert typeset("« peut-être » n’est pas une décision") in refusal(
        judged([line(mine, "unknown", said="peut-être")], state(mine))
    )


def test_a_postponement_needs_a_readable_date() -> None:
    mine = change()
    assert "sans date" in refusal(judged([line(mine, "postponed")], state(mine)))
    assert typeset("« mi-mars »") in refusal(judged([line(mine, "postponed", said="mi-mars")], state(mine)))


def test_a_postponement_to_a_day_that_is_past_is_refused() -> None:
    mine = change()
    assert "est passée" in refusal(judged([line(mine, "postponed", until=DAY - timedelta(days=1))], state(mine)))
    assert judged([line(mine, "postponed", until=DAY)], state(mine)).events


@pytest.mark.parametrize("before", ["accepted", "refused", "postponed"])
def test_an_updater_may_change_their_mind(before: ChangeStatus) -> None:
    mine = change()
    assert [event.before for event in judged([line(mine, "refused")], state(mine, before)).events] == [before]


def test_one_refused_row_does_not_keep_the_others_of_the_file() -> None:
    mine, other = change(), change("IRRÉELLE Zoé")
    found = judged([line(mine), line(other, "unknown", row=5, said="?")], state(mine), state(other))
    assert [event.change_id for event in found.events] == [mine.id]
    assert [one.row for one in found.refusals] == [5]


# ── decisions are fresh ──────────────────────────────────────────────────────────────────────────


def lot(days: int, mark: str = "AAAAAAAA") -> str:
    """The lot of a report of so many days ago."""
    return f"{DAY - timedelta(days=days):%Y%m%d}-{mark}"


def test_a_lot_tells_its_day_and_no_other_text_does() -> None:
    assert lot_day(lot(3)) == DAY - timedelta(days=3)
    assert [lot_day(text) for text in ("", "A7", "20261301-AAAAAAAA", "2026-11-22-A7", "20261122")] == [None] * 5


@pytest.mark.parametrize(("report", "counts"), [(9, True), (8, True), (0, True), (10, False), (30, False)])
def test_a_decision_counts_on_a_report_sent_since_the_change_was_announced(report: int, counts: bool) -> None:
    mine = change()
    found = judged([line(mine, lot=lot(report))], state(mine, announced=9))
    assert bool(found.events) is counts
    if not counts:
        assert "puis annoncée de nouveau le 13/11/2026" in refusal(found)


def test_of_two_reports_of_one_day_the_one_mailed_before_the_present_life_is_refused() -> None:
    mine, now = change(), state(change(), announced=0)
    early, late = (datetime(2026, 11, 22, hour, tzinfo=UTC) for hour in (2, 4))
    assert now.announced_on == DAY
    for mailed, counts in ((early, False), (late, True)):
        found = judged([line(mine, lot=lot(0))], now, issued=Issued({lot(0): mailed}))
        assert bool(found.events) is counts
    assert judged([line(mine, lot=lot(0))], now).events  # not mailed, but picked up where the mail says it lies


def test_an_answer_on_a_newer_report_is_not_overwritten_by_one_on_an_older() -> None:
    mine = change()
    issued = Issued(answered={mine.id: lot(2)})
    older = judged([line(mine, "refused", lot=lot(5))], state(mine, "accepted"), issued=issued)
    assert typeset("sur celui du 20/11/2026, plus récent") in refusal(older)
    for report in (2, 1):
        newer = judged([line(mine, "refused", lot=lot(report))], state(mine, "accepted"), issued=issued)
        assert [event.after for event in newer.events] == ["refused"]
    moments = {lot(2): datetime(2026, 11, 20, 9, tzinfo=UTC), lot(2, "B"): datetime(2026, 11, 20, 4, tzinfo=UTC)}
    same_day = Issued(moments, {mine.id: lot(2)})
    assert not judged([line(mine, "refused", lot=lot(2, "B"))], state(mine, "accepted"), issued=same_day).events


def test_a_postponement_beyond_the_limit_is_refused_and_the_limit_said() -> None:
    mine = change()
    for days, counts in ((366, True), (367, False)):
        found = judged([line(mine, "postponed", until=DAY + timedelta(days=days))], state(mine))
        assert bool(found.events) is counts
    assert typeset("à plus de 366 jours. Indiquer un jour au plus tard le 23/11/2027") in refusal(found)
