"""Where the indexes of the national files lie: beside our own state, for they tell numbers and how names begin."""

from pathlib import Path

from connectors.bytescan.indexed.writing import IndexPlace
from flows.state.version import reading_digest

INDEXES = "index"


def index_place(state_folder: Path, source: str, *, writes: bool = True) -> IndexPlace:
    """Return the place of one national file's; whoever writes nothing asks it and leaves none."""
    return IndexPlace(state_folder / INDEXES / f"{source}.idx", reading_digest(), writes)
