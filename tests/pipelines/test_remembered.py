"""What is packed, or let go of, to spare memory says the same afterwards."""

from flows.run.without_gc import forget
from pipelines.sources.national.deferred import LastUsed
from pipelines.sources.workbook import written
from pipelines.sources.workbook.written import PackedRows, packed
from schemas.people.workbook_line import WrittenRow
from schemas.words import name_key

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
