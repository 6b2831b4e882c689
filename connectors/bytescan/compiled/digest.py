"""SHA-256 of a file, taken while its lines are looked at: alone it is as long as all the rest of reading it.

What digests for itself waits for itself, instruction by instruction; beside other work it costs less
(`compiled/digest.c`). Where the processor has no such instructions hashlib does it, to the same digest.
"""

import ctypes
import hashlib

from connectors.bytescan.compiled import compiled

_BEGIN = (
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
)  # fmt: skip
_BLOCK = 64


class _Digest(ctypes.Structure):
    """As in digest.c."""

    _fields_ = [  # ctypes reads it from the class
        ("state", ctypes.c_uint32 * 8),
        ("at", ctypes.c_void_p),
        ("left", ctypes.c_int64),
        ("begun", ctypes.c_uint8 * _BLOCK),
        ("held", ctypes.c_int64),
    ]


class FileDigest:
    """The SHA-256 of bytes that are offered one after another. Each is digested beside a look at its lines
    (`beside`), the rest of it when the next one is offered.
    """

    def __init__(self) -> None:
        functions = compiled()
        self._functions = functions if functions and functions.efit_digests() else None
        self._told = _Digest((ctypes.c_uint32 * 8)(*_BEGIN), None, 0)
        self._other = hashlib.sha256()
        self._waiting = memoryview(b"")  # its memory is read while it waits
        self._length = 0

    @property
    def beside(self) -> int | None:
        """Return where C finds what is to be digested beside other work; None where hashlib digests."""
        return ctypes.addressof(self._told) if self._functions else None

    def offer(self, block: bytes) -> None:
        """Take the next bytes."""
        if self._functions:
            self._functions.efit_offer(ctypes.addressof(self._told), block, len(block))
        else:
            self._other.update(self._waiting)
        self._waiting = memoryview(block)
        self._length += len(block)

    def withdraw(self, count: int) -> bool:
        """Take so many of the bytes offered last out of it, of which nothing was digested yet; False where that cannot
        be.
        """
        if count > (self._told.left if self._functions else len(self._waiting)):
            return False
        self._told.left -= count if self._functions else 0
        self._waiting = self._waiting[: len(self._waiting) - count]
        self._length -= count
        return True

    def hexdigest(self) -> str:
        """Return the digest of all that was offered."""
        length = self._length
        self.offer(b"")
        if not self._functions:
            return self._other.hexdigest()
        end = _Digest.from_buffer_copy(self._told)
        padding = b"\x80" + bytes(-(length + 9) % _BLOCK) + (8 * length).to_bytes(8, "big")
        self._functions.efit_offer(ctypes.addressof(end), padding, len(padding))
        self._functions.efit_offer(ctypes.addressof(end), b"", 0)
        return b"".join(word.to_bytes(4, "big") for word in end.state).hex()
