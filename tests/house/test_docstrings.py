"""What a public function does is said before it is read: a verb, then what comes back, then what it raises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.parsed import tree_of
from tests.house.test_names import MODULES, ROOT

# The verbs that a docstring begins with, in the imperative; whoever needs another one adds it.
VERBS = frozenset((Path(__file__).parent / "verbs.txt").read_text(encoding="utf-8").split())
SAYS = re.compile(r"[Rr]aises|\w+Error")
# What raises for itself alone, and catches it.
CAUGHT: set[str] = {
    "flows/delivery/deliver.py: deliver_notice",
    "flows/orchestration/alerts.py: alert",
}


def public_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """(module: name, function) of every function and method that others may call."""
    for path in MODULES:
        module = path.relative_to(ROOT).as_posix()
        for node in tree_of(path).body:
            body = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
            for one in body:
                if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
                    yield f"{module}: {one.name}", one


def is_a_value(function: ast.FunctionDef) -> bool:
    """A property is a thing, and is said as one; an overload says nothing of its own."""
    return any(word in ast.unparse(one) for one in function.decorator_list for word in ("property", "overload"))


def told() -> dict[str, str]:
    """Function → its docstring."""
    return {name: ast.get_docstring(one) or "" for name, one in public_functions() if not is_a_value(one)}


def test_a_public_function_says_what_it_does() -> None:
    assert [name for name, text in told().items() if not text] == []


def test_a_docstring_begins_with_a_verb() -> None:
    first = {name: text.split()[0].strip(",.:;") for name, text in told().items() if text}
    assert {name: word for name, word in first.items() if word not in VERBS} == {}


def raised(function: ast.FunctionDef) -> set[str]:
    """The errors that a function raises itself, by name; what it hands on is seen by nobody here."""
    found: set[str] = set()
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            found.add(ast.unparse(node.exc))
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found


def test_what_a_function_raises_is_said() -> None:
    """Which errors, and for what: `Raises SourceError …`."""
    silent = {
        name
        for name, one in public_functions()
        if not is_a_value(one) and raised(one) and not SAYS.search(ast.get_docstring(one) or "")
    }
    assert silent == CAUGHT
