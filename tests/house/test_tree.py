"""The tree is the night: folders at a glance, one name for one thing, few things handed on at once."""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, get_type_hints

import pytest

from flows.cli.app import run
from flows.night import nightly, tonight
from tests.house.parsed import nodes_of, tree_of
from tests.house.test_names import MODULES, ROOMS, ROOT
from tests.night.country import TODAY, copy_country

A_GLANCE = 14  # modules of a folder
HANDED_ON = 6  # parameters of a function
DEEPEST = 18  # frames of our own at once in the night of the sample; no change may add one
WORDS = ROOT / "docs" / "words.md"

# (module, function) → why it takes more.
MANY = {
    ("pipelines/reports/report.py", "build_reports"): "the one maker of reports, for a night and for a reminder",
    ("pipelines/sources/national/consolidate.py", "consolidate"): "the national files, each of which may be missing",
    ("pipelines/sources/judge.py", "_national"): "what a file of text is judged by",
    ("pipelines/changes/compare.py", "compare"): "asked for alone by the manual and the benchmarks",
    ("flows/returns/decisions.py", "_take_mail"): "bound once, where the mailbox is opened",
    ("flows/doctor/rehearsal.py", "_message"): "a mail, all of whose parts are invented",
    ("flows/cli/commands.py", "sync"): "the words of the command line",
    ("connectors/mail/letter.py", "compose"): "a mail",
    ("connectors/mail/alert.py", "compose_alert"): "a mail",
    ("connectors/mail/short_mail.py", "compose_word"): "a mail",
    ("connectors/sources/workbook.py", "read_workbook"): "what `[[workbook]]` says of it",
    ("connectors/sources/register.py", "read_register"): "what the contract of the file and the night ask of it",
    ("connectors/sources/whole_extract.py", "read_whole"): "what the contract of the file asks of it",
    ("connectors/store/__init__.py", "record_night"): "one transaction",
    ("connectors/store/unwritten.py", "record_night"): "the same, which writes nothing",
    ("connectors/store/letters/holders.py", "record"): "one row",
}


def test_a_folder_is_seen_at_a_glance() -> None:
    beside = [path for room in ("benchmarks", "sample_data") for path in (ROOT / room).rglob("*.py")]
    found = Counter(path.parent for path in (*MODULES, *beside) if path.stem != "__init__")
    assert {str(folder.relative_to(ROOT)): n for folder, n in found.items() if n > A_GLANCE} == {}


def public_names() -> Iterator[tuple[str, Path]]:
    """(name, module) of every class and named type of the rooms that others may import."""
    for path in MODULES:
        for node in tree_of(path).body:
            names = [node.name] if isinstance(node, ast.ClassDef) else []
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names = [node.targets[0].id] if not node.targets[0].id.isupper() else []
            yield from ((name, path) for name in names if name[0].isupper())


def test_one_name_is_one_thing() -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, path in public_names():
        found[name].append(path.relative_to(ROOT).as_posix())
    # A type variable is a blank to be filled in, and no thing.
    blanks = {"T", "S", "J", "R", "Item", "Thing"}
    assert {name: places for name, places in found.items() if len(places) > 1 and name not in blanks} == {}


def test_few_things_are_handed_on_at_once() -> None:
    found = set()
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef):
                given = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                if len([one for one in given if one not in ("self", "cls")]) > HANDED_ON:
                    found.add((path.relative_to(ROOT).as_posix(), node.name))
    assert found == MANY.keys()


def told() -> dict[str, list[str]]:
    """Our word → its row of the page of words."""
    rows = [line.strip("| ").split(" | ") for line in WORDS.read_text(encoding="utf-8").splitlines() if "|" in line]
    return {cells[0].strip("` "): cells for cells in rows}


def test_every_noun_of_the_night_is_in_the_page_of_words() -> None:
    verbs = (nightly.run_night, *(getattr(tonight, name) for name in vars(tonight) if name.endswith("_tonight")))
    names = {name for verb in verbs for kind in get_type_hints(verb).values() for name in _named(kind)}
    ours = {name for name, _ in public_names()}
    assert {"Request", "Run", "Findings", "Night"} <= names & ours
    assert names & ours - told().keys() == set()


def _named(kind: Any) -> Iterator[str]:
    if isinstance(kind, type):
        yield kind.__name__
    for part in getattr(kind, "__args__", ()):
        yield from _named(part)


@pytest.mark.parametrize("room", ROOMS)
def test_a_word_of_that_page_stands_where_it_says(room: str) -> None:
    places = [(word, cells[-1].strip("` ")) for word, cells in told().items() if cells[-1].strip("` ").startswith(room)]
    found = defaultdict(set)
    for name, path in public_names():
        found[path.relative_to(ROOT).as_posix()].add(name)
    assert [(word, place) for word, place in places if word not in found[place] and not (ROOT / place).exists()] == []


def test_the_stack_of_a_night_grows_no_deeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EFIT_SIGNING_KEY", "une clé inventée, longue comme il faut pour signer")
    country = copy_country(tmp_path)
    before = sys.gettrace()
    deepest: list[str] = []
    depth = 0

    def watch_call(frame: FrameType, _: str, __: object) -> Any:
        nonlocal deepest, depth
        if not _ours(frame.f_code.co_filename, frame.f_code.co_name):
            return None
        frame.f_trace_lines = False
        depth += 1
        if depth > len(deepest):
            deepest = list(_stack(frame))
        return watch_return

    def watch_return(_: FrameType, event: str, __: object) -> Any:
        nonlocal depth
        if event == "return":  # by an error too
            depth -= 1
        return watch_return

    sys.settrace(watch_call)  # unlike a profile, it tells of no call of C: a few million
    try:
        alone = ["--jobs", "1"]  # all of it in this process, where it can be seen
        assert run(["sync", "-c", str(country / "annuaire.toml"), "--as-of", TODAY.isoformat(), *alone]) == 0
    finally:
        sys.settrace(before)
        assert depth == 0
    assert 12 <= len(deepest) <= DEEPEST, "\n".join(deepest)


@cache
def _ours(file: str, name: str) -> bool:
    return file.startswith(tuple(f"{ROOT / room}/" for room in ROOMS)) and not name.startswith("<")


def _stack(frame: FrameType | None) -> Iterator[str]:
    while frame:
        if _ours(frame.f_code.co_filename, frame.f_code.co_name):
            yield f"{Path(frame.f_code.co_filename).relative_to(ROOT)}: {frame.f_code.co_name}"
        frame = frame.f_back
