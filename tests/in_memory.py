"""What tests write lies in memory where there is room for it: on a disk, a busy one, half of their time is waiting."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")
MOST = 6 << 30  # bytes that the tests of four processes may leave at once, twice
_PREFIX = "efit-tests-"
_MEMINFO, _LIMITS = Path("/proc/meminfo"), ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def write_to_memory() -> Path | None:
    """Let every temporary file of this process, and of those that it starts, lie in memory; return the folder.

    None where it stays on the disk: there is too little room, somebody chose a place, or the run's first process did.
    """
    if "TMPDIR" in os.environ or not _has_room():
        return None
    for one in MEMORY.glob(f"{_PREFIX}*"):
        if not Path("/proc", one.name.split("-")[2]).exists():  # of a run that was killed, or whose failures were seen
            shutil.rmtree(one, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=MEMORY))
    folder.chmod(0o755)  # another account plays some nights
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def _has_room() -> bool:
    try:
        told = dict(line.split(":") for line in _MEMINFO.read_text().splitlines())
        left = [shutil.disk_usage(MEMORY).free, int(told["MemAvailable"].split()[0]) << 9]  # half of what is free
    except (OSError, ValueError, KeyError):
        return False
    for limit in _LIMITS:
        with suppress(OSError, ValueError):
            left.append(int(Path(limit).read_text()) >> 1)
    return min(left) > MOST
