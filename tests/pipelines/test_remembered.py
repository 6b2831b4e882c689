"""What is packed, or let go of, to spare memory says the same afterwards."""

import pickle
from types import SimpleNamespace

from flows.run.without_gc import forget
from pipelines.sources.national.deferred import LastUsed
from pipelines.sources.workbook import written
from pipelines.sources.workbook.row.judged_by import UNJUDGED
from pipelines.sources.workbook.row.one_of_each import OneOfEach
from pipelines.sources.workbook.written import PackedRows, packed, put_away
from schemas.people.workbook_line import WrittenRow
from schemas.words import name_key
from tests.matching.labelled import FRESH, labelled_set

ROWS = [
    WrittenRow("book", f"Feuil1!{at}", f"DUPONT\x1f{at}", at == 7, {0: "last_name"}, {0: "Nom"}) for at in range(1234)
]


def test_rows_of_many_workbooks_are_packed_and_the_same(monkeypatch) -> None:
    assert packed([ROWS, ROWS[:5]]) == (*ROWS, *ROWS[:5])
    monkeypatch.setattr(written, "_MANY", 100)
    found = packed([ROWS, ROWS[:5]])
    assert isinstance(found, PackedRows)
    assert list(found) == [*ROWS, *ROWS[:5]]
    assert (found[0], found[777], found[-1], found[600:603], len(found)) == (
        ROWS[0], ROWS[777], ROWS[4], ROWS[600:603], len(ROWS) + 5,
    )  # fmt: skip


def test_rows_that_one_workbook_has_packed_stay_packed_among_those_of_all(monkeypatch) -> None:
    monkeypatch.setattr(written, "_LARGE", 100)
    monkeypatch.setattr(written, "_MANY", 100)
    large, small = put_away(ROWS), put_away(ROWS[:5])
    assert (isinstance(large, PackedRows), small) == (True, ROWS[:5])
    found = packed([small, large, small])
    assert list(found) == [*ROWS[:5], *ROWS, *ROWS[:5]]
    assert [found[at] for at in (4, 5, 504, 505, -6, -5)] == [ROWS[at] for at in (4, 0, 499, 500, -1, 0)]


def test_what_an_account_has_stands_for_what_a_line_of_another_process_gives() -> None:
    night = labelled_set(FRESH, 0.05).snapshot
    accounts = {one.number.raw: one for one in night.accounts.values() if one.number.usable}
    lines = [one for one in night.lines if one.number.raw in accounts]
    judged = SimpleNamespace(lines=pickle.loads(pickle.dumps(lines)), judged_by=UNJUDGED)
    assert not any(one.number is accounts[one.number.raw].number for one in judged.lines)
    OneOfEach(accounts.values()).settle(judged)
    assert judged.lines == lines
    assert all(one.number is accounts[one.number.raw].number for one in judged.lines)
    assert len({id(one.assignment) for one in judged.lines}) <= len({one.assignment for one in lines})


def test_what_is_forgotten_is_worked_out_again() -> None:
    assert name_key("Éloi") == "eloi"
    forget()
    assert name_key.cache_info().currsize == 0
    assert name_key("Éloi") == "eloi"


def test_the_last_values_are_kept_and_no_more(monkeypatch) -> None:
    monkeypatch.setattr("pipelines.sources.national.deferred._LAST", 3)
    kept: LastUsed[int, str] = LastUsed()
    for at in range(10):
        kept[at] = str(at)
        assert kept[at] == str(at)
        assert len(kept) <= 3
