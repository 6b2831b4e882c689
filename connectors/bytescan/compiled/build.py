"""Compiles `glance.c` beside itself, where there is a C compiler; nothing happens where there is none.

Standard library alone: the build hook of the package (`hatch_build.py`) loads this file before anything is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "glance.c"
COMPILERS = "cc", "gcc", "clang"
# The best that the compiler can: loops for newer processors beside those for any; where it knows none of that, without.
OPTIONS = (("-DCLONES",), ())
SECONDS = 60


def library() -> Path:
    """Tell where the compiled form of this very source lies, if it was compiled: for this system and no other."""
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    return HERE / f"glance-{digest}-{sysconfig.get_platform()}.so"


def left_over() -> list[Path]:
    """Return what was compiled here of another source than this one: after an update, until it is built again."""
    return [path for path in HERE.glob("glance-*.so") if path != library()]


def build() -> Path | None:
    """Compile it, unless that was done; None where it cannot be. Older ones are taken away."""
    made = library()
    if not made.exists() and not any(_compiled(made, options) for options in OPTIONS):
        return None
    for other in left_over():
        other.unlink(missing_ok=True)
    return made


def _compiled(made: Path, options: tuple[str, ...]) -> bool:
    compiler = os.environ.get("CC") or next(filter(None, map(shutil.which, COMPILERS)), None)
    if os.name != "posix" or not compiler:
        return False
    try:
        with tempfile.TemporaryDirectory(dir=HERE) as folder:  # whole or not at all, whoever else is at it
            built = Path(folder) / "glance.so"
            command = [*compiler.split(), "-O3", "-shared", "-fPIC", *options, "-o", str(built), str(SOURCE)]
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
            if done.returncode:
                return False
            built.rename(made)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


if __name__ == "__main__":
    build()
