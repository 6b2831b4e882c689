"""Verbs are pure: in this folder, opening a file or a socket fails."""

import builtins
import io
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).parents[2]
# The nearest known caller answers for it. Nouns may read the tables they ship; hypothesis keeps a cache.
MAY_OPEN = (f"{ROOT / 'schemas'}/", f"{Path(hypothesis.__file__).parent}/")
MAY_NOT = (f"{ROOT / 'pipelines'}/", f"{ROOT / 'tests'}/")


def is_ours() -> bool:
    """Whether a verb, or a test of one, is the nearest known caller."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith(MAY_OPEN):
            return False
        if frame.f_code.co_filename.startswith(MAY_NOT):
            return True
        frame = frame.f_back
    return False


def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        if is_ours():
            pytest.fail(f"a verb opened something: {real.__name__}{args}")
        return real(*args, **kwargs)

    return refuse


@pytest.fixture(autouse=True)
def _closed_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in [(builtins, "open"), (io, "open"), (socket, "socket")]:
        monkeypatch.setattr(module, name, refusing(getattr(module, name)))
