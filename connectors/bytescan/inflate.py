"""Members of a zip decompressed by ISA-L where it is installed, in half the time; by zlib where it is not.

What is read, and what is damaged, is `zipfile`'s to say: only the decompressor within is another.
"""

import zlib
from typing import IO, Any, cast

decompressobj: Any = None
Damaged: type[Exception] = zlib.error
try:
    from isal.igzip_lib import IsalError
    from isal.isal_zlib import decompressobj as _decompressobj
except ImportError:  # there is no wheel of it for this processor
    pass
else:
    decompressobj, Damaged = _decompressobj, cast(type[Exception], IsalError)

_RAW = -15  # a deflate stream without a header, as a zip has it
_PLAIN = type(zlib.decompressobj())


def quickened(member: IO[bytes]) -> IO[bytes]:
    """Return the same member, not yet read.

    It is left as it is where it is not deflated, or Python keeps it otherwise.
    """
    if decompressobj is not None and isinstance(getattr(member, "_decompressor", None), _PLAIN):
        member._decompressor = _Quick()  # type: ignore[attr-defined]  # there is no other way to say it
    return member


class _Quick:
    """A decompressor as `zipfile` uses one."""

    def __init__(self) -> None:
        self._inner = decompressobj(_RAW)

    @property
    def eof(self) -> bool:
        """The stream has come to its end."""
        return bool(self._inner.eof)

    @property
    def unconsumed_tail(self) -> bytes:
        """What was given and is still to be decompressed."""
        return bytes(self._inner.unconsumed_tail)

    def decompress(self, data: bytes, most: int = 0) -> bytes:
        """Up to `most` bytes more. Raises zlib.error, as zlib does, where they are damaged."""
        try:
            return bytes(self._inner.decompress(data, most))
        except Damaged as error:
            raise zlib.error(str(error)) from error

    def flush(self) -> bytes:
        """What is left. Raises zlib.error."""
        try:
            return bytes(self._inner.flush())
        except Damaged as error:
            raise zlib.error(str(error)) from error
