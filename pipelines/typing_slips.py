"""What one slip of the finger makes of a number: a digit wrong, dropped, doubled, or two exchanged."""

from collections.abc import Iterator

_DIGITS = "0123456789"
_LENGTH = 12  # of an RPPS number with its 8


def one_slip_off(typed: str) -> tuple[str, ...]:
    """Return the numbers of the RPPS that may have been meant by these digits, with their 8; none for no digits."""
    found = dict.fromkeys(_slips(typed)) if typed else {}
    return tuple(one if len(one) == _LENGTH else f"8{one}" for one in found if len(one) in (_LENGTH, _LENGTH - 1))


def _slips(typed: str) -> Iterator[str]:
    yield typed
    for at in range(len(typed) + 1):
        head, tail = typed[:at], typed[at:]
        yield from (head + digit + tail for digit in _DIGITS)
        if tail:
            yield head + tail[1:]
            yield from (head + digit + tail[1:] for digit in _DIGITS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
