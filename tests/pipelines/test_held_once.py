"""What a large country need not hold: lists of one, those who share nothing, and lines that are compared."""

from dataclasses import replace

from pipelines.changes.access import standing
from pipelines.changes.compare import compare
from pipelines.digest import shared
from pipelines.matching.identify import without_lines
from pipelines.reports.mailing.sending import as_written
from schemas.one_or_several import put, under
from tests.invented_report import invented_report
from tests.matching.labelled import FRESH, labelled_set

SIZE = 0.05


def test_who_is_alone_under_a_key_is_held_without_a_list() -> None:
    held: dict[str, str | list[str]] = {}
    for key, one in (("a", "anne"), ("b", "benoit"), ("a", "claire"), ("a", "denis")):
        put(held, key, one)
    assert held == {"a": ["anne", "claire", "denis"], "b": "benoit"}
    assert [*under(held, "a")] == ["anne", "claire", "denis"]
    assert [*under(held, "b")] == ["benoit"]
    assert [*under(held, "c")] == []


def test_what_one_alone_has_is_shared_with_nobody() -> None:
    asked = []

    def numbers() -> list[tuple[str, str]]:
        asked.append(1)
        return [("8001", "z"), ("8002", "b"), ("8003", "c"), ("8002", "a"), ("8001", "y")]

    assert [*shared(numbers).items()] == [("8001", ["z", "y"]), ("8002", ["b", "a"])]
    assert len(asked) == 2
    assert shared(lambda: [("8001", "a"), ("8002", "b")]) == {}
    assert shared(lambda: []) == {}


def test_who_everybody_is_and_how_their_access_stands_outlives_the_lines() -> None:
    snapshot = labelled_set(FRESH, SIZE).snapshot
    before, found = compare(snapshot), compare(snapshot)
    assert any(one.present for one in found.identities.values())
    bare = replace(snapshot, lines=())
    after = without_lines(found.identities, bare)
    assert not any(one.present or one.told_by or one.gone for one in after.values())
    for key, one in before.identities.items():
        assert (after[key].card, after[key].cards_known, after[key].certain) == (one.card, one.cards_known, one.certain)
        assert standing(bare, after[key], ()) == standing(snapshot, one, ())


def test_a_mail_says_the_same_of_a_report_whose_workbook_is_written() -> None:
    report = invented_report()
    written = as_written(report)
    assert (written.statuses, written.fresh, written.said_done, written.total) == (
        report.statuses,
        report.fresh,
        report.said_done,
        report.total,
    )
    assert not any(line.person or line.details or line.guidance for sheet in written.sheets for line in sheet.lines)
