"""Names as they lie on a disk: « é » is one sign or two (a Mac writes two), and a configuration has but one of them."""

import glob
import unicodedata
from fnmatch import fnmatchcase
from pathlib import Path

_RECURSIVE = "**"


def composed(text: str) -> str:
    """Return it with « é » as one sign."""
    return unicodedata.normalize("NFC", text)


def lying_there(path: Path) -> Path:
    """Return the path itself; one of the same name written otherwise where it is not there and that one is."""
    if str(path).isascii() or path.exists():
        return path
    found = Path(path.anchor)
    for part in path.parts[1 if path.anchor else 0 :]:
        found = found / part if (found / part).exists() else _twin(found, part)
    return found if found.exists() else path


def _twin(folder: Path, name: str) -> Path:
    if folder.is_dir():
        for one in sorted(folder.iterdir()):
            if composed(one.name) == composed(name):
                return one
    return folder / name


def matching(pattern: str, root: Path) -> list[str]:
    """Return what a glob finds under a folder, or absolute, however the accents of names are written."""
    if pattern.isascii():
        return glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207  # absolute ones too
    wanted = composed(pattern)
    loose = "".join(sign if sign.isascii() else "*" for sign in wanted)
    found = glob.glob(loose, root_dir=root, recursive=True)  # noqa: PTH207
    return [name for name in found if _matches(composed(name), wanted)]


def _matches(name: str, pattern: str) -> bool:
    """Part by part, where the pattern does not reach through folders."""
    if _RECURSIVE in pattern:
        return fnmatchcase(name, pattern)
    ours, theirs = Path(name).parts, Path(pattern).parts
    return len(ours) == len(theirs) and all(map(fnmatchcase, ours, theirs))
