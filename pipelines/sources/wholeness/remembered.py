"""What of tonight's sources is remembered, for the next nights to hold theirs against."""

from collections.abc import Iterable

from pipelines.sources.coverage import spoken_for
from pipelines.sources.wholeness.completeness import footprint_of
from schemas.reading.footprint import Footprint
from schemas.reading.source import SourceReport, WorkbookScope


def footprints_of(reports: Iterable[SourceReport]) -> dict[str, Footprint]:
    """Return source → how it was, of those that were used."""
    return {one.name: footprint_of(one) for one in reports if one.usable}


def mentions_of(scopes: Iterable[WorkbookScope]) -> dict[str, frozenset[str]]:
    """Return what a workbook is complete for → the structures that its rows are about, where it was heard to
    its end.
    """
    found: dict[str, frozenset[str]] = {}
    for scope in scopes:
        if scope.sure:
            found[spoken_for(scope)] = found.get(spoken_for(scope), frozenset()) | scope.mentioned
    return found
