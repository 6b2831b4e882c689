"""What one slip of the finger makes of a number: a digit wrong, dropped, doubled, or two exchanged."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA

_DIGITS = "0123456789"
_LEAST_SIGNS = 4  # of what an establishment numbers its cards by: of two signs every other number is a slip
_LENGTH = 12  # of an RPPS number with its 8


def one_slip_off(typed: str) -> tuple[str, ...]:
    """Return the numbers of the RPPS that may have been meant by these digits, with their 8; none for no digits."""
    found = dict.fromkeys(_slips(typed)) if typed else {}
    return tuple(one if len(one) == _LENGTH else f"8{one}" for one in found if len(one) in (_LENGTH, _LENGTH - 1))


def one_sign_off(one: str, other: str) -> bool:
    """Tell whether two CPE or CPA numbers of one establishment differ by a slip of the finger."""
    (place, _, mine), (other_place, _, theirs) = one.partition("/"), other.partition("/")
    long_enough = max(len(mine), len(theirs)) >= _LEAST_SIGNS
    return place == other_place and long_enough and OSA.distance(mine, theirs, score_cutoff=1) == 1


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
