"""How far the work is, told to whoever watches: the terminal's bar, Prefect's artifact, nobody."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much; 0 of 0 where nobody knows."""


def nobody(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""
