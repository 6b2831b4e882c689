"""`make pictures`: the walk-through of the guide is played, and what it leaves is drawn into `docs/pictures/`."""

import os
import sys
import tempfile
from pathlib import Path

from tests.browser import CHROMIUM
from tests.office import forget_office
from tests.pictures.gallery import TARGET, draw
from tests.pictures.sheets import OFFICE
from tests.walkthrough import PAGE, ROOT, Walk, steps_of


def main() -> int:
    """Draw them all; 2 where a program is missing."""
    if CHROMIUM is None or OFFICE is None:
        sys.stderr.write("make pictures needs chromium and LibreOffice (apt-get install chromium libreoffice-calc)\n")
        return 2
    # colours on the terminals, as on a real one
    os.environ |= {"FORCE_COLOR": "1", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        walk = Walk(folder / "depot")
        walk.follow(steps_of(PAGE.read_text(encoding="utf-8")))
        draw(walk, folder, CHROMIUM)
        forget_office()
    for path in sorted(TARGET.glob("*.png")):
        sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
