"""Zip archives that are not what they say: the building blocks of hostile .xlsx, .ods and .zip files."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

MEGABYTE = 1 << 20


def parts_of(path: Path) -> dict[str, bytes]:
    """Name → content of every entry."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these entries."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def changed(path: Path, target: Path, **parts: bytes) -> Path:
    """The same archive with other contents; `xl__workbook_xml` stands for no name: give `{name: content}`."""
    target.write_bytes(packed({**parts_of(path), **parts}))
    return target


def deflated(megabytes: int, before: bytes = b"", block: bytes = b" ", after: bytes = b"") -> bytes:
    """`before`, so many megabytes of `block`, `after`, as one deflate stream of a thousandth of that size.

    A fully flushed block can be repeated as it is: gigabytes are packed in a moment.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    filler = (block * (MEGABYTE // len(block) + 1))[: MEGABYTE // len(block) * len(block)]
    one = packer.compress(filler) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + one * megabytes + packer.compress(after) + packer.flush()


def with_raw_entry(parts: Mapping[str, bytes], name: str, stream: bytes, declared: int) -> bytes:
    """A zip whose entry `name` holds a ready deflate stream, and says of its size whatever one likes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, part in parts.items():
            if other != name:
                archive.writestr(other, part)
        start = content.tell()
        encoded = name.encode()
        header = struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, 0, zipfile.ZIP_DEFLATED, 0, 0, 0, len(stream), declared, len(encoded), 0
        )
        content.write(header + encoded + stream)
        info = zipfile.ZipInfo(name)
        info.compress_type, info.header_offset = zipfile.ZIP_DEFLATED, start
        info.compress_size, info.file_size, info.CRC = len(stream), declared, 0
        archive.filelist.append(info)
        archive.NameToInfo[name] = info
        archive.start_dir = content.tell()
        archive._didModify = True  # type: ignore[attr-defined]  # its directory must name the entry written by hand
    return content.getvalue()
