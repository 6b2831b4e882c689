"""What the updaters wrote, as the night and the dashboard show it."""

from collections.abc import Mapping
from datetime import date

from connectors.store import Store
from pipelines.reports.remark_lines import Heard, answer_texts, remark_counts, remark_lines, to_read
from schemas.changes.change import PostRef
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import say
from schemas.people.structure import Structure


def heard(
    store: Store, states: Mapping[str, ChangeState], day: date, structures: Mapping[str, Structure] | None = None
) -> Heard:
    """Return all of it, on the day of a report; `structures`: those that have a name."""
    remarks = store.remarks()
    last = store.last_night()
    count = to_read(remarks, last.finished_at if last else None)
    notices = (say("remark.notice", count=count),) if count else ()
    lines = remark_lines(remarks, states, day, structures, store.words())
    return Heard(answer_texts(store.last_answers(), states), lines, notices)


def counted(store: Store, day: date) -> dict[tuple[PostRef | None, str], int]:
    """Tell how much came back for which reason, for the dashboard."""
    return remark_counts(store.remarks(), day)
