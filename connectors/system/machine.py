"""The machine itself: room on its disks, its fonts, who may read a file, whether a folder can be written; and whether
another one listens.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OTHERS = 0o007  # what anybody else of the machine may do with a file
FONT_SECONDS = 10
LISTEN_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Disk:
    """One file system: the folders of ours on it, and how many bytes are free for us."""

    folders: tuple[Path, ...]
    free: int


def cores() -> int:
    """Tell how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def existing(path: Path) -> Path:
    """Return the path itself, or the nearest folder above it that is there."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def disks(folders: Iterable[Path]) -> list[Disk]:
    """Return the file systems under these folders, which need not be there yet; in the order first met."""
    found: dict[int, list[Path]] = {}
    for folder in folders:
        found.setdefault(existing(folder).stat().st_dev, []).append(folder)
    return [Disk(tuple(ours), shutil.disk_usage(existing(ours[0])).free) for ours in found.values()]


def is_writable(folder: Path) -> bool:
    """Tell whether files can be made in the folder, or the folder itself where it has to be made."""
    place = existing(folder)
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def is_listening(host: str, port: int) -> bool:
    """Tell whether somebody takes a connection there; nothing is said."""
    try:
        with socket.create_connection((host, port), timeout=LISTEN_SECONDS):
            return True
    except OSError:
        return False


def open_to_others(path: Path) -> bool:
    """Tell whether anybody with an account on this machine may read or write the file; False when it is not there."""
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False


def folder_size(folder: Path) -> int:
    """Return bytes of the files in a folder and below it; 0 when it is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def font_for(name: str) -> str | None:
    """Return the font that stands in for `name` here, as fontconfig chooses; None where it cannot be asked."""
    try:
        done = subprocess.run(
            ["fc-match", "--format", "%{family[0]}", name],
            capture_output=True,
            text=True,
            timeout=FONT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
