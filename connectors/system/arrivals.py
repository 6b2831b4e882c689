"""The folder that files are brought into: what came, its place in it; what we brought in ourselves.

Only what `.fetch.json` beside the files says was brought in, and is byte by byte as it came, is ever removed.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter, ValidationError

from connectors.bytescan.lines import BLOCK, DAMAGED, ENCRYPTED, TextStream, open_text
from connectors.system.private_file import write_private
from schemas.errors import DeliveryError, FetchError, SourceError
from schemas.nomenclatures import say
from schemas.reading.arrival import Arrived, Extent, FileKind, Memory
from schemas.typography import size_text

MEMORY = ".fetch.json"
LARGEST = 50_000_000_000  # bytes of all texts of a file, inflated: the national ones have one
ANY_RATIO = 100_000_000  # bytes, inflated, up to which nobody asks how small they were packed
_MEMORIES = TypeAdapter(dict[str, Memory])


def put_in_place(part: IO[bytes], target: Path) -> None:
    """Put the part, whole on the disk, under its name. Raises OSError."""
    part.flush()
    os.fsync(part.fileno())
    Path(part.name).replace(target)


def sha256(file: BufferedRandom) -> tuple[str, int]:
    """Return (SHA-256, size) of what was written."""
    file.flush()
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def beginning(file: IO[bytes]) -> bytes:
    """Return the first bytes."""
    file.seek(0)
    return file.read(4096)


def extents_of(path: Path, name: str, kind: FileKind, max_ratio: float) -> dict[str, Extent]:
    """Return every text in a file, read to its end: a zip is tested by it.

    Raises FetchError when it is damaged, or unpacks to more than `max_ratio` times its size: three megabytes of zip
    hold three gigabytes, and every night would read them.
    """
    size = path.stat().st_size
    most = min(max(int(max_ratio * size), ANY_RATIO), LARGEST)
    endless = say("fetch.too_large", size=size_text(size), most=size_text(most), ratio=f"{max_ratio:g}")
    try:
        if kind == "zip":
            with zipfile.ZipFile(path) as archive:
                texts = [one for one in archive.infolist() if not one.is_dir()]
                members = [one for one in texts if not one.flag_bits & ENCRYPTED]
                if texts and not members:
                    raise FetchError(say("fetch.locked"))
                found: dict[str, Extent] = {}
                for one in members:
                    left = most - sum(each.size for each in found.values())
                    found[one.filename] = _extent(archive.open(one), left, endless)
                return found
        with open_text(path, lambda _: 1) as stream:
            return {name: _extent(stream, LARGEST if kind == "text" else most, endless)}
    except (*DAMAGED, SourceError) as error:
        raise FetchError(say("fetch.damaged"), may_pass=True) from error


def _extent(text: IO[bytes] | TextStream, most: int, endless: str) -> Extent:
    """How much a text holds. Raises FetchError, saying `endless`, where that is more than `most` bytes."""
    rows = size = 0
    last = b""
    while block := text.read(BLOCK):
        rows += block.count(b"\n")
        size += len(block)
        last = block
        if size > most:
            raise FetchError(endless)
    ended = last.endswith(b"\n") or not size
    return Extent(rows=rows + (not ended), size=size, ended=ended)


def same_content(path: Path, arrived: Arrived) -> bool:
    """Tell whether the file is there and byte by byte the one that came."""
    try:
        if path.is_symlink() or path.stat().st_size != arrived.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == arrived.sha256
    except OSError:
        return False


def remove(path: Path, arrived: Arrived) -> bool:
    """Remove a file that came and that nobody has touched since; whether it is gone."""
    if not same_content(path, arrived):
        return False
    with suppress(OSError):
        path.unlink()
    return not path.exists()


def recall(folder: Path) -> dict[str, Memory]:
    """Return source → what is known of its fetching; nothing where that cannot be read: then nothing is ours to
    remove.
    """
    try:
        return _MEMORIES.validate_json((folder / MEMORY).read_bytes())
    except (OSError, ValidationError):
        return {}


def remember(folder: Path, memories: Mapping[str, Memory]) -> None:
    """Write it down, whole or not at all. Raises FetchError."""
    document = {name: one.model_dump(mode="json") for name, one in sorted(memories.items())}
    try:
        write_private(folder / MEMORY, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
    except DeliveryError as error:
        raise FetchError(str(error)) from error
