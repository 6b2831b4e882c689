"""The correspondence that the persons' extract carries itself, for the ADELI numbers of tonight."""

from collections.abc import Collection

from connectors.sources.catalogue import find_newest
from connectors.sources.other_identifiers import has_other_identifiers, read_other_identifiers
from flows.run.run import Run
from pipelines.sources.judged_sources import Leads
from schemas.errors import SourceError


def inner_crosswalk(run: Run, crosswalk: Leads, numbers: Collection[str]) -> Leads:
    """Return what « Autres identifiants » says of the ADELI numbers that the official correspondence does not have."""
    unknown = [number for number in numbers if number.startswith("0") and number not in crosswalk]
    pattern = run.settings.register_.persons
    if not unknown or pattern is None:
        return {}
    try:
        path = find_newest(pattern, run.settings.root).path
    except SourceError:  # said where it is read
        return {}
    return read_other_identifiers(path, unknown) if has_other_identifiers(path) else {}
