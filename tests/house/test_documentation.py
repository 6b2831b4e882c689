"""What the pages promise is there: links, anchors, pictures, commands, files and functions; each page has its place."""

import ast
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeGuard, get_args
from xml.etree import ElementTree

import pytest
from cyclopts import App
from pydantic import BaseModel

from flows.cli.commands import app
from flows.settings.model import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ROOMS = ("schemas", "pipelines", "connectors", "flows", "tests", "docs", "deploy", "benchmarks", "sample_data")
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "sample_data" / "README.md"])
HOW_TO = DOCS / "how-to"  # these name files that are yet to be written: tests/house/test_how_to.py follows them
SVG = "{http://www.w3.org/2000/svg}"

FENCE = re.compile(r"^( *)(`{3,}).*?^\1\2`*\s*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
NAMED = re.compile(rf"((?:{'|'.join(ROOMS)})/[\w./-]*\.\w+)(?:: (\w+(?:\.\w+)?))?")
OURS = re.compile(r"(?<![\w-])efit-annuaire ((?:annuaire )?[a-z]+)\b([^\n`#]*)")
MADE = re.compile(r"(?<![\w-])make ([a-z]+(?:-[a-z]+)*)\b")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)
each_page_of_the_site = pytest.mark.parametrize(
    "page", [page for page in PAGES if page.is_relative_to(DOCS)], ids=name_of
)
each_page_of_today = pytest.mark.parametrize(
    "page", [page for page in PAGES if not page.is_relative_to(HOW_TO) and page.name != "CHANGELOG.md"], ids=name_of
)


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def prose_of(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", text_of(page))


def commanded(page: Path) -> str:
    """Only what the page sets as code: a sentence may say « make the report »."""
    prose = prose_of(page)
    blocks = [found.group() for found in FENCE.finditer(text_of(page))]
    indented = [line for line in prose.splitlines() if line.startswith("    ")]
    return "\n".join([*blocks, *indented, *CODE.findall(prose)])


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of its headings, as GitHub and the site make them."""
    found = set()
    for heading in HEADING.findall(prose_of(page)):
        plain = CODE.sub(r"\1", LINK.sub(lambda link: link.group().partition("]")[0].lstrip("!["), heading))
        kept = "".join(sign for sign in plain.lower() if sign.isalnum() or sign in " -_")
        found.add(kept.replace(" ", "-"))
    return frozenset(found)


@each_page
def test_every_link_and_picture_of_a_page_leads_somewhere(page: Path) -> None:
    missing = []
    for target in LINK.findall(CODE.sub("", prose_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            missing.append(target)
    assert missing == []


@each_page_of_the_site
def test_a_link_of_the_site_stays_in_the_site(page: Path) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(CODE.sub("", prose_of(page)))]
    inside = [name for name in targets if name and not re.match(r"[a-z]+:", name)]
    assert [name for name in inside if not (page.parent / name).resolve().is_relative_to(DOCS)] == []


def nav_pages(entry: Any) -> list[str]:
    """The files of a navigation, however deep."""
    if isinstance(entry, str):
        return [entry]
    return [page for one in (entry.values() if isinstance(entry, dict) else entry) for page in nav_pages(one)]


def test_every_page_stands_once_in_the_navigation() -> None:
    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    there = sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
    assert sorted(nav_pages(project["nav"])) == there, "add the page to `nav` of zensical.toml"


@each_page_of_today
def test_every_file_and_function_that_a_page_names_exists(page: Path) -> None:
    lost = []
    for code in CODE.findall(prose_of(page)):
        for name, thing in NAMED.findall(code):
            there = ROOT / name
            if not there.exists() or (thing and thing not in names_in(there)):
                lost.append(code)
    assert lost == []


@cache
def names_in(path: Path) -> frozenset[str]:
    """Functions, classes, methods (« SmtpLine.send ») and values of a module."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name, body=body):
                found |= {name, *(f"{name}.{one.name}" for one in body if isinstance(one, ast.FunctionDef))}
            case ast.Assign(targets=targets):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def test_the_way_of_a_record_names_a_function_at_each_step() -> None:
    """docs/architecture.md: the test above says that it exists."""
    _, _, way = text_of(DOCS / "architecture.md").partition("## The way of one record")
    steps = [line.split("|")[2] for line in way.partition("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    assert len(steps) == 12
    assert [step for step in steps if not any(thing for _, thing in NAMED.findall(step))] == []


def test_the_way_of_a_record_goes_down_the_folders() -> None:
    """The chapters of the verbs, in the order in which the record meets them."""
    _, _, way = text_of(DOCS / "architecture.md").partition("## The way of one record")
    chapters = ["sources", "matching", "changes", "lifecycle", "reports"]
    met = [chapters.index(chapter) for chapter in re.findall(r"\| `pipelines/(\w+)/", way)]
    assert met == sorted(met)
    assert {*met} == {*range(len(chapters))}


@cache
def commands() -> dict[str, frozenset[str]]:
    """Each command of `efit-annuaire` → its options."""
    found: dict[str, frozenset[str]] = {}

    def walk(inside: App, path: str) -> None:
        names = [name for name in inside if not name.startswith("-")]
        for name in names:
            walk(inside[name], f"{path} {name}".strip())
        if not names:
            arguments = inside.assemble_argument_collection()
            found[path] = frozenset(option for one in arguments for option in one.names)

    walk(app, "")
    return found


@each_page
def test_every_command_and_option_a_page_names_exists(page: Path) -> None:
    wrong = []
    for command, rest in OURS.findall(commanded(page)):
        options = re.findall(r"(?<!\S)(--?[a-z][a-z-]*)", rest.partition("&&")[0])
        if command not in commands() or not set(options) <= commands()[command] | {"--help"}:
            wrong.append(f"{command} {rest}".strip())
    assert wrong == []


def keys(section: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the configuration, as it is written: ("policy", "remind_after_days")."""
    for name, field in section.model_fields.items():
        key = field.alias or name.rstrip("_")
        inner = next((one for one in (field.annotation, *get_args(field.annotation)) if is_section(one)), None)
        yield from keys(inner, (*path, key)) if inner else [(*path, key)]


def is_section(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@pytest.mark.parametrize("key", list(keys(Settings)), ids=".".join)
def test_every_key_of_the_configuration_is_explained(key: tuple[str, ...]) -> None:
    told = text_of(DOCS / "configuration.md") + text_of(DOCS / "reference" / "contract.md")
    environment = "EFIT_" + "__".join(key).upper()
    assert ".".join(key) in told or environment in told or re.search(rf"^#? *{key[-1]} += ", told, re.MULTILINE)


@each_page
def test_every_target_of_make_a_page_names_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(MADE.findall(commanded(page))) <= set(targets)


def test_the_readme_knows_every_command() -> None:
    """Contract §1: whoever looks for a command finds it there."""
    told = {command for command, _ in OURS.findall(commanded(ROOT / "README.md"))}
    assert told == set(commands())


def test_contributing_says_what_each_folder_of_tests_holds() -> None:
    folders = {f"`tests/{path.parent.name}`" for path in (ROOT / "tests").glob("*/*.py")}
    assert {name for name in folders if name not in text_of(ROOT / "CONTRIBUTING.md")} == set()


def test_the_help_of_make_knows_every_target() -> None:
    """All are jobs, not files: `.PHONY` is reckoned from the same lines."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):.*  ## ", makefile, re.MULTILINE))


@pytest.mark.parametrize("drawing", sorted(DOCS.rglob("*.dot")), ids=lambda path: path.stem)
def test_a_drawing_shows_what_its_text_says(drawing: Path) -> None:
    """`make drawings` was run after the last change of the .dot."""
    said = unicodedata.normalize("NFC", re.sub(r"//.*", "", drawing.read_text(encoding="utf-8")))
    root = ElementTree.parse(drawing.with_suffix(".svg")).getroot()
    shown = {text.text or "" for text in root.iter(f"{SVG}text")}
    labels = {line.strip() for label in re.findall(r'\blabel = "([^"]*)"', said) for line in label.split("\\n")}
    assert labels - {"far side"} <= {text.strip().replace("\u00a0", " ") for text in shown}
    drawn = {text for text in (one.text for one in root.iter(f"{SVG}title")) if text and "->" in text}
    chains = [re.findall(r"[a-z]+", chain) for chain in re.findall(r"^ *([a-z]+(?: -> [a-z]+)+)", said, re.MULTILINE)]
    assert drawn == {f"{a}->{b}" for chain in chains for a, b in pairwise(chain)}
