"""A defect of this program that one file brings to light costs that file: never the others, and never silently."""

from pathlib import Path
from traceback import walk_tb

from schemas.errors import SourceError
from schemas.nomenclatures import say

# What a slip in a program raises; what a disk, a server or a database raises has its own sentences elsewhere.
DEFECTS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_OURS = Path(__file__).resolve().parents[2]


def defect_of(error: Exception) -> SourceError:
    """Return FILE_UNREADABLE with a mark by which the place is found; never the words of the error, which may be those
    of a person.
    """
    frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(path, line) for path, line in frames if path.is_relative_to(_OURS) and "site-packages" not in path.parts]
    path, line = (ours or frames)[-1]
    mark = f"{path.parent.name}-{path.stem}-{line}-{type(error).__name__}"
    return SourceError("FILE_UNREADABLE", say("source.defect", mark=mark))
