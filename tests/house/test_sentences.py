"""Every sentence a user may read stands in `schemas/tables` or in a template, none in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_names import MODULES, ROOT

FRENCH = re.compile(
    r"[àâçéèêëîïôûùüÿœÀÂÇÉÈÊËÎÏÔÛÙŒ«»’]"
    r"|(?<![\w-])(?:le|la|les|des|du|une?|est|sont|pas|ne|pour|avec|dans|sur|par|qui|aucune?|ligne|fichier|courriel)(?![\w-])",
    re.IGNORECASE,
)
WORDS = re.compile(r"[^\W\d_]{2,}[ '’][^\W\d_]{2,}")
# Calls whose words are read by a user; an exception's, by whoever sees it in the terminal.
SINKS = {
    *("print", "write", "write_string", "write_rich_string", "merge_range", "add_column", "add_row", "set_content"),
    *("Text", "ok", "warning", "failure", "pair", "complain", "typeset"),
}
ALLOWED = {  # file → (what its strings are, which)
    "schemas/glyphs.py": ("the marks of French print themselves", {"« ", "«", "’"}),
    "schemas/words.py": ("letters and apostrophes that are compared", {"’", "æœÆŒßøØ"}),
    "connectors/sources/sheet/header.py": ("words of a header that mean nothing", {"du", "des", "la", "le", "les"}),
    "connectors/system/column_types.py": ("a mistake of ours, never shown", {"a moment without its time zone"}),
    "connectors/sources/finess/plus.py": (
        "caught at the door and said in French",
        {"the array does not end", "the document does not end"},
    ),
    "schemas/people/person.py": (
        "pydantic's; the row is told as « row.id_mismatch »",
        {"the national id is not the type*"},
    ),
}


def _docstrings(nodes: list[ast.AST]) -> set[int]:
    """Everything that stands alone as a statement: docstrings of modules, classes, functions and fields."""
    return {id(node.value) for node in nodes if isinstance(node, ast.Expr)}


def _strings(node: ast.AST, but: set[int]) -> Iterator[ast.Constant]:
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and id(found) not in but:
            yield found


def _names(nodes: list[ast.AST]) -> set[int]:
    """The arguments of `re.compile` and of `styles`: patterns and names of styles, no sentences."""
    names = re.compile(r"re\.\w+|(?:page\.|self\.)?styles")
    calls = (node for node in nodes if isinstance(node, ast.Call) and names.fullmatch(ast.unparse(node.func)))
    return {id(found) for call in calls for found in ast.walk(call)}


def sentences(path: Path, source: str) -> list[str]:
    """What of a module should have been in the catalogue: French anywhere, words given to somebody who shows them."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    aside = _docstrings(nodes) | _names(nodes)
    found = [one.value for one in _strings(tree, aside) if FRENCH.search(str(one.value))]
    for node in nodes:
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            shown = node.exc.args
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SINKS:
            shown = [*node.args, *(word.value for word in node.keywords if word.arg not in ("style", "file"))]
        else:
            continue
        found += [one.value for arg in shown for one in _strings(arg, aside) if WORDS.search(str(one.value))]
    _, allowed = ALLOWED.get(path.as_posix(), ("", set()))
    return [str(one) for one in found if not any(_fits(str(one), said) for said in allowed)]


def _fits(found: str, said: str) -> bool:
    return found.startswith(said[:-1]) if said.endswith("*") else found == said


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_has_no_sentence_of_its_own(path: Path) -> None:
    assert sentences(path.relative_to(ROOT), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'console.print("Rien à signaler")',
        'raise ConfigurationError(["unknown key"])',
        'sys.stderr.write(f"{count} lignes lues\\n")',
        'LABEL = "Aucun fichier"',
        'failure("disk is full", say("doctor.disk_todo"))',
    ],
)
def test_a_sentence_in_the_code_is_found(source: str) -> None:
    assert sentences(Path("flows/invented.py"), source) != []


def test_what_is_allowed_is_still_there() -> None:
    for name, (why, strings) in ALLOWED.items():
        source = (ROOT / name).read_text(encoding="utf-8")
        assert why
        assert all(said.rstrip("*") in source for said in strings), name
