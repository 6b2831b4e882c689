"""A stranger finds the room by its name, and each room fits on a few screens."""

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.commands import app
from tests.house.parsed import nodes_of, text_of

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "pipelines", "connectors", "flows")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST = 400  # lines; the aim is 60 to 200
SCREEN = 55  # lines of a function; the aim is 5 to 30
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|NotImplementedError)\b")

each_room = pytest.mark.parametrize("room", ROOMS)


def offenders(room: str, offends: Callable[[Path], object]) -> dict[str, object]:
    """Module → what is wrong with it, of those of a room with which something is."""
    modules = [path for path in MODULES if path.is_relative_to(ROOT / room)]
    assert modules
    return {path.relative_to(ROOT).as_posix(): found for path in modules if (found := offends(path))}


@each_room
def test_every_room_is_there(room: str) -> None:
    assert (ROOT / room / "__init__.py").is_file()


@each_room
def test_a_module_is_named_for_what_it_holds(room: str) -> None:
    assert offenders(room, lambda path: path.stem in SAYS_NOTHING) == {}


@each_room
def test_no_module_is_named_like_the_standard_librarys(room: str) -> None:
    """Prefect puts a flow file's folder first on the path: a `calendar.py` would shadow the real one."""
    assert offenders(room, lambda path: path.stem in sys.stdlib_module_names) == {}


@each_room
def test_a_module_is_no_longer_than_a_chapter(room: str) -> None:
    assert offenders(room, lambda path: len(text_of(path).splitlines()) > LONGEST) == {}


@each_room
def test_a_function_fits_a_screen(room: str) -> None:
    def too_long(path: Path) -> list[str]:
        functions = [one for one in nodes_of(path) if isinstance(one, ast.FunctionDef)]
        return [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= SCREEN]

    assert offenders(room, too_long) == {}


def test_a_command_is_in_the_module_of_its_name() -> None:
    commands = [name for name in app if not name.startswith("-") and name != "annuaire"]
    homes = [ROOT / "flows" / chapter for chapter in ("jobs", "installing", "returns", "cli", ".")]
    assert [
        one for one in commands if not any((home / f"{one}.py").is_file() or (home / one).is_dir() for home in homes)
    ] == []


@each_room
def test_nothing_is_left_for_later(room: str) -> None:
    assert offenders(room, lambda path: UNFINISHED.findall(text_of(path))) == {}


def test_a_module_that_is_started_by_its_name_is_there() -> None:
    """`[sys.executable, "-m", "benchmarks.parts.night"]`: no import would tell that it moved."""
    started = re.compile(r"\"-m\", \"((?:benchmarks|tests|flows|connectors|schemas|pipelines)\.[\w.]+)\"")
    written = [path for room in (*ROOMS, "benchmarks", "tests") for path in (ROOT / room).rglob("*.py")]
    named = {name for path in written for name in started.findall(text_of(path))}
    assert len(named) > 3
    assert [
        name
        for name in named
        if not ((at := ROOT.joinpath(*name.split("."))).is_dir() or at.with_suffix(".py").is_file())
    ] == []
