"""What our modules say, read and parsed once in a process: most tests of the house ask for all of them."""

import ast
from functools import cache
from pathlib import Path


@cache
def text_of(path: Path) -> str:
    """Return what stands in a file."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the tree of a module, which nobody may change."""
    return ast.parse(text_of(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module, as `ast.walk` comes to them."""
    return tuple(ast.walk(tree_of(path)))
