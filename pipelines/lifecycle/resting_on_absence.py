"""What rests on somebody not being there: the first thing to doubt where a source may not be all there."""

from pipelines.lifecycle.advance import Lives

ABSENT = "absent_from_workbook"
# What rests on a workbook's having no row of somebody, or of a structure.
ON_SILENCE = frozenset({ABSENT, "no_assignment_left", "structure_not_mentioned"})


def rests_on_absence(lives: Lives) -> bool:
    """Tell whether tonight somebody's end begins because no row names them, or something that was found before is
    withdrawn.
    """
    if any(event.after == "withdrawn" for event in lives.events):
        return True
    return any(change.id in lives.born and ABSENT in change.reasons for change in lives.open_changes)
