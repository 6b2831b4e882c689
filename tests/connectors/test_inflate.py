"""A member of a zip is read, or refused, as Python's own reader of zips does it."""

import io
import struct
import zipfile
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.bytescan import inflate
from connectors.bytescan.inflate import quickened
from connectors.bytescan.lines import DAMAGED

CHANCE = Random(3)
TEXT = b"".join(b"8|%011d|ESSAI|\n" % CHANCE.randrange(10**7) for _ in range(20_000))


def archive(content: bytes = TEXT, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", kind) as made:
        made.writestr("x.txt", content)
    return memory.getvalue()


def read(content: bytes, *, quick: bool, size: int = 1 << 16) -> tuple[bytes, bool]:
    """(all that is read, whether it is whole)."""
    found = bytearray()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened, opened.open("x.txt") as member:
            reader = quickened(member) if quick else member
            while part := reader.read(size):
                found += part
    except DAMAGED:
        return bytes(found), False
    return bytes(found), True


@pytest.mark.skipif(inflate.decompressobj is None, reason="no wheel of isal for this processor")
def test_it_is_the_quick_one_that_reads():
    with zipfile.ZipFile(io.BytesIO(archive())) as opened, opened.open("x.txt") as member:
        assert isinstance(quickened(member)._decompressor, inflate._Quick)  # type: ignore[attr-defined]


@pytest.mark.parametrize("content", [TEXT, b"", b"x", bytes(3_000_000), CHANCE.randbytes(300_000)])
@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("size", [1000, 1 << 20])
def test_the_same_bytes_are_read(content: bytes, kind: int, size: int):
    assert read(archive(content, kind), quick=True, size=size) == (content, True)


@settings(max_examples=150, deadline=None)
@given(st.integers(40, len(archive()) - 100), st.integers(1, 255))
def test_a_spoilt_byte_is_found_as_python_finds_it(at: int, change: int):
    good = archive()
    spoilt = good[:at] + bytes([good[at] ^ change]) + good[at + 1 :]
    assert read(spoilt, quick=True)[1] == read(spoilt, quick=False)[1]


def test_a_size_that_lies_ends_the_reading_where_python_ends_it():
    good = archive()
    place = good.rindex(b"PK\x01\x02") + 24
    for size in (0, 10, len(TEXT) - 1, len(TEXT) + 1, 10**9):
        lying = good[:place] + struct.pack("<I", size) + good[place + 4 :]
        (found, whole), (_, as_python) = read(lying, quick=True), read(lying, quick=False)
        assert whole == as_python
        assert TEXT.startswith(found)
        assert not whole or found == TEXT


def test_without_the_library_python_reads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inflate, "decompressobj", None)
    assert read(archive(), quick=True) == (TEXT, True)
