"""A stranger finds the room by its name, and each room fits on a few screens."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "pipelines", "connectors", "flows")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST = 400  # lines; the aim is 60 to 200
SCREEN = 55  # lines of a function; the aim is 5 to 30
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|NotImplementedError)\b")

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_there(room: str) -> None:
    assert (ROOT / room / "__init__.py").is_file()


@each_module
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in SAYS_NOTHING


@each_module
def test_no_module_is_named_like_the_standard_librarys(path: Path) -> None:
    """Prefect puts a flow file's folder first on the path: a `calendar.py` would shadow the real one."""
    assert path.stem not in sys.stdlib_module_names


@each_module
def test_a_module_is_no_longer_than_a_chapter(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@each_module
def test_a_function_fits_a_screen(path: Path) -> None:
    functions = [one for one in ast.walk(ast.parse(path.read_bytes())) if isinstance(one, ast.FunctionDef)]
    assert [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= SCREEN] == []


@each_module
def test_nothing_is_left_for_later(path: Path) -> None:
    assert not UNFINISHED.findall(path.read_text(encoding="utf-8"))
