"""Where the indexes of the national files lie: beside our own state, for they tell numbers and how names begin."""

from connectors.bytescan.indexed.writing import IndexPlace
from flows.settings.model import Settings
from flows.state.version import reading_digest

INDEXES = "index"


def index_place(settings: Settings, source: str, *, writes: bool = True) -> IndexPlace:
    """Of one national file; whoever writes nothing asks it and leaves none."""
    return IndexPlace(settings.state_folder / INDEXES / f"{source}.idx", reading_digest(), writes)
