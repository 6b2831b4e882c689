"""The fence around the verbs' tests stands."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    "door",
    [
        lambda: open(__file__),  # noqa: PTH123, SIM115  # the very thing
        lambda: Path(__file__).read_text(encoding="utf-8"),
        lambda: socket.socket(),
    ],
    ids=["open", "pathlib", "socket"],
)
def test_a_verb_opens_neither_file_nor_socket(door: Callable[[], Any]) -> None:
    with pytest.raises(pytest.fail.Exception, match="opened something"):
        door()
