"""Each source as a reader gives it, judged: what is in it, held against the nights before (contract §6a)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from pipelines.digest import digested_rows, row_digests
from pipelines.policy import Policy
from pipelines.sources.annuaire import Annuaire, annuaire_of
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from pipelines.sources.judged import Judged
from pipelines.sources.judged_sources import Leads, Persons, Source, Stock, Text
from pipelines.sources.lost_columns import filled_of
from pipelines.sources.national.known_persons import PERSON_COLUMNS
from pipelines.sources.national.read_cards import CARD_COLUMNS
from pipelines.sources.national.register import cards_of, crosswalk_of, establishments_of, persons_of
from pipelines.sources.wholeness.filling import with_columns, without_columns
from pipelines.sources.wholeness.source_holds import legible, whole_annuaire, whole_register, whole_workbook
from pipelines.sources.workbook.rows import JudgedWorkbook
from schemas.nomenclatures import say
from schemas.people.card import Card
from schemas.reading.filled import value_columns
from schemas.reading.source import SourceStatus
from schemas.reading.source_names import ANNUAIRE, contract_of
from schemas.text_rows import ReadRows

T = TypeVar("T")


def judge_annuaire(text: Text, policy: Policy, baseline: Baseline = NOTHING_BEFORE) -> Source[Annuaire]:
    """Judge the annuaire; of one that is held the accounts are judged too: they tell how many there are."""
    judged = annuaire_of(text.frame, text.report.name, text.facts.get("structures", ()))
    report = with_columns(text.report, ANNUAIRE, filled_of(text.frame, ANNUAIRE), baseline)
    report = whole_annuaire(report, judged, baseline, policy)
    return Source(report, judged, text.issues, digested_rows(text.frame, "account_id"))


def unreadable_annuaire(text: Text) -> Source[Annuaire]:
    """Return an annuaire that does not open, or lacks a column: held like one that is not whole, for it may be on its
    way.
    """
    why = say("run.annuaire", path=text.report.path, found=text.report.message)
    report = text.report.failed(why, SourceStatus.HELD)
    return Source(report, Judged(Annuaire({}, {})), text.issues)


def judge_structures(text: Text, policy: Policy, day: date, baseline: Baseline = NOTHING_BEFORE) -> Source[Stock]:
    """Judge the stock of establishments, open or closed on a day."""

    def stock(frame: pd.DataFrame, _name: str) -> Judged[Stock]:
        return Judged(establishments_of(frame, day))

    return _national(text, policy, baseline, stock, {})


def judge_workbook(
    text: Text, judged: JudgedWorkbook, policy: Policy, baseline: Baseline = NOTHING_BEFORE
) -> Source[JudgedWorkbook]:
    """Judge a workbook of which the rows are judged already: whoever had a hand free did it."""
    report, kept = whole_workbook(text.report, judged, baseline, policy)
    return Source(report, Judged(kept, tuple(kept.issues), kept.rejected), text.issues, notes=tuple(kept.notes))


def judge_crosswalk(text: Text, policy: Policy, baseline: Baseline = NOTHING_BEFORE) -> Source[Leads]:
    """Judge which RPPS numbers an ADELI number leads to."""
    return _national(text, policy, baseline, crosswalk_of, {})


def judge_cards(text: Text, policy: Policy, baseline: Baseline = NOTHING_BEFORE) -> Source[Sequence[Card]]:
    """Judge the cards of those whom we looked for."""

    def cards(table: pd.DataFrame | ReadRows, name: str) -> Judged[Sequence[Card]]:
        return cards_of(table, name, policy.card_validity_years)

    _take_out(text, CARD_COLUMNS)
    return _national(text, policy, baseline, cards, (), key="national_id")


def judge_persons(text: Text, policy: Policy, baseline: Baseline = NOTHING_BEFORE, floor: int = 0) -> Source[Persons]:
    """Judge the persons of a register, the present one or ADELI; `floor`: the rows that it must have."""
    _take_out(text, PERSON_COLUMNS)
    return _national(text, policy, baseline, persons_of, {}, key="national_id", floor=floor)


def _take_out(text: Text, columns: Sequence[str]) -> None:
    """All columns that will be asked for, in one pass over the lines of a national file."""
    if text.rows is not None and text.report.usable:
        text.rows.read([*columns, *(one.field for one in value_columns(contract_of(text.report.name)))])


def _national(
    text: Text,
    policy: Policy,
    baseline: Baseline,
    judge: Callable[[Any, str], Judged[Any]],
    nothing: T,
    *,
    key: str = "",
    floor: int = 0,
) -> Source[T]:
    """A national file; of one that is not usable no row counts, nor what could not be read of it."""
    report = whole_register(text.report, baseline, policy, floor)
    kind = contract_of(report.name)
    table = text.frame if text.rows is None else text.rows
    if report.usable and value_columns(kind):
        report = with_columns(report, kind, filled_of(table, kind), baseline)
        report = without_columns(report, kind, baseline)
    if not report.usable:
        return Source(report, Judged(nothing), text.issues)
    judged = judge(table, report.name)
    report = legible(report, judged.rejected, len(table), policy)
    if not report.usable:
        return Source(report, Judged(nothing, judged.issues, judged.rejected), text.issues)
    unread = judged.unread | frozenset(text.facts.get("unread", ()))
    judged = Judged(judged.items, judged.issues, judged.rejected, unread)
    return Source(report, judged, text.issues, row_digests(table, key) if key else None)
