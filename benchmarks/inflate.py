"""Only decompress: the members of zips, read and thrown away."""

import sys
import zipfile


def main(*paths: str) -> None:
    """Read all of each."""
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    while member.read(1 << 20):
                        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
