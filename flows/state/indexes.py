"""Where the indexes of the national files lie: beside our own state, for they tell numbers and how names begin."""

from collections.abc import Iterator
from pathlib import Path

from connectors.bytescan.indexed.held import ExtractIndex, open_index
from connectors.bytescan.indexed.writing import IndexPlace, told_by
from connectors.bytescan.lines import mark_of, sha256_of
from flows.state.version import reading_digest
from schemas.errors import SourceError
from schemas.reading.extraction import Extraction
from schemas.reading.source_names import ADELI, CARDS, PERSONS, contract_of

INDEXES = "index"


def index_place(state_folder: Path, source: str, *, writes: bool = True) -> IndexPlace:
    """Return the place of one national file's; whoever writes nothing asks it and leaves none."""
    return IndexPlace(state_folder / INDEXES / f"{source}.idx", reading_digest(), writes)


def index_of(state_folder: Path, path: Path, contract_name: str) -> ExtractIndex | None:
    """Return the index of this very file, of the nights' newest ones and those before; None where there is none.

    The file is known by its mark, else by its SHA-256.
    """
    mark, digest = mark_of(path), ""
    try:
        size = path.stat().st_size
        for source, place, whole in _told(state_folder, contract_name):
            if whole.report.size != size:
                continue
            if not mark or mark != whole.mark:
                digest = digest or sha256_of(path)[0]
                if digest != whole.report.sha256:
                    continue
            if index := open_index(place, source, contract_name):
                return index
    except (OSError, SourceError):  # whoever reads it says so
        return None
    return None


def _told(state_folder: Path, contract_name: str) -> Iterator[tuple[str, IndexPlace, Extraction]]:
    """(source, place, what it says of its extract) of each that our readers made."""
    for source in (PERSONS, CARDS, ADELI):
        newest = index_place(state_folder, source, writes=False)
        for place in (newest, newest.before) if contract_of(source) == contract_name else ():
            told = told_by(place.path)
            if told and told.edition == place.edition:
                yield source, place, told.whole
