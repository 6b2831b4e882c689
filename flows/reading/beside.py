"""The national files, indexed beside all that is done before anybody is looked for in them.

Which rows there are and where they lie hangs on nobody: a process forked from this one, once the configuration is
known, reads, digests and judges them while the libraries are loaded and the workbooks understood. Whoever is wanted is
then looked up (`connectors/sources/lookup.py`), with the same reading; without an index the file is read as ever.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.bytescan.ahead import hands, with_hands
from connectors.bytescan.indexed.held import mark_told
from connectors.bytescan.indexed.writing import IndexPlace
from connectors.bytescan.lines import GZIP_MAGIC, ZIP_MAGIC, mark_of
from connectors.sources.catalogue import find_newest
from connectors.sources.register import read_register
from connectors.system.forked import Aside
from flows.run.without_gc import uncollected
from flows.settings.model import Settings
from flows.state.indexes import index_place
from schemas.errors import SourceError
from schemas.reading.source import Wanted
from schemas.reading.source_names import ADELI, CARDS, PERSONS, contract_of, register_key

LEAST = 64 << 20  # bytes; a smaller file is read in less time than it takes to ask for all of its keys
MOST = 4 << 30  # bytes; of a larger one more lines look like somebody wanted than a look-up fetches (`lookup.py`)


@dataclass(frozen=True, slots=True)
class _Unindexed:
    """A file of which there is no index yet, and where that will lie."""

    source: str
    path: Path
    place: IndexPlace


@contextmanager
def indexed_beside(settings: Settings, *, writes: bool) -> Iterator[Callable[[], None]]:
    """Let large plain texts be indexed while the block lasts, where a second core is there; gives what waits for that.

    Not where others bring the files first (`[[fetch]]`), nor what `writes` nothing.
    """
    idle = hands() > 1 and writes and not settings.fetch and hasattr(os, "fork")
    files = [*_unindexed(settings)] if idle else []
    aside = Aside(lambda: _index(files)) if files else None
    try:
        yield aside.wait if aside else _nothing
    finally:
        if aside:
            aside.dismiss()


def _nothing() -> None:
    """Nobody is waited for."""


def _unindexed(settings: Settings) -> Iterator[_Unindexed]:
    """In the order in which a night asks for them."""
    for source in (CARDS, ADELI, PERSONS):
        pattern = getattr(settings.register_, register_key(source))
        try:
            path = find_newest(pattern, settings.root).path if pattern else None
        except SourceError:  # whoever reads it says so
            path = None
        if path is None or not _is_large_text(path):
            continue
        mark, place = mark_of(path), index_place(settings.state_folder, source)
        if mark and mark != mark_told(place):
            yield _Unindexed(source, path, place)


def _is_large_text(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            packed = file.read(len(ZIP_MAGIC)).startswith((ZIP_MAGIC, GZIP_MAGIC))
            return not packed and LEAST <= file.seek(0, os.SEEK_END) <= MOST
    except OSError:
        return False


def _index(files: list[_Unindexed]) -> None:
    """Leave the index of each; what is wrong with one is said by whoever reads it, when there is none."""
    with uncollected(), with_hands(1):
        for one in files:
            read_register(one.path, one.source, contract_of(one.source), Wanted(), shown="", index=one.place)
