"""The rooms stand where the plan says, and the plan bites where it is broken."""

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "pipelines", "connectors", "flows")
INDEX_ADDRESS = re.compile(
    r"(https?|file)://\S+/(simple|packages)\b|(index[-_]url|find[-_]links|registry)\W+\w+://", re.IGNORECASE
)
# In the order in which they are played.
VERBS = ("sources", "matching", "changes", "lifecycle", "reports", "extracts")
WIRES = (
    *("settings", "state", "run", "reading", "fetching", "delivery", "night"),
    *("looking", "terminal", "returns", "installing", "jobs", "doctor", "orchestration", "cli"),
)
CHAPTERS = [*(f"pipelines/{one}" for one in VERBS), *(f"flows/{one}" for one in WIRES)]
Linter = Callable[[Path], tuple[int, str]]
MACHINE_MADE = {"out", "var", "build", "dist", "site"}


# The same program, imported once: each house is judged by a fork of it.
LINTER = """
import os, sys
from importlinter.cli import lint_imports_command
for line in sys.stdin:
    house = line.rstrip("\\n")
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.dup2(os.open(house + "/verdict", os.O_WRONLY | os.O_CREAT), 1)
    os.chdir(house)
    sys.path.insert(0, house)
    lint_imports_command()
"""


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def linter() -> Iterator[Linter]:
    """A house → (exit code, verdict)."""
    command = [sys.executable, "-P", "-c", LINTER, "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    with subprocess.Popen(
        command, env={**os.environ, "COLUMNS": "200"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as warm:

        def judge(house: Path) -> tuple[int, str]:
            assert warm.stdin
            assert warm.stdout
            print(house, file=warm.stdin, flush=True)
            code = int(warm.stdout.readline())
            return code, (house / "verdict").read_text(encoding="utf-8")

        yield judge


def test_every_import_goes_the_right_way() -> None:
    verdict = lint_imports(ROOT)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.fixture
def doll_house(tmp_path: Path) -> Path:
    """The four rooms with hardly anything in them: the contracts hold."""
    for room in [
        *ROOMS,
        *CHAPTERS,
        "connectors/sources",
        "connectors/bytescan",
        "connectors/store",
        "connectors/system",
    ]:
        (tmp_path / room).mkdir()
        for name in ["__init__", "one", "two"]:
            (tmp_path / room / f"{name}.py").touch()
    for module, line in {
        "flows/one": "import prefect, pydantic_settings, cyclopts, connectors.one, pipelines.one",
        "pipelines/one": "import pandas, schemas.one",
        "connectors/one": "import os, sqlalchemy, schemas.one, connectors.sources.one",
        "connectors/sources/one": "import connectors.sources.guard, connectors.sources.result",
        "connectors/sources/guard": "import zipfile",
        "connectors/sources/result": "import connectors.sources.guard",
    }.items():
        (tmp_path / f"{module}.py").write_text(f"{line}\n", encoding="utf-8")
    return tmp_path


def test_the_contracts_hold_where_nothing_is_broken(doll_house: Path) -> None:
    verdict = lint_imports(doll_house)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("schemas.one", "import pipelines.two", "flows → (connectors | pipelines) → schemas"),
        ("pipelines.one", "import connectors.two", "flows → (connectors | pipelines) → schemas"),
        ("connectors.one", "import pipelines.two", "flows → (connectors | pipelines) → schemas"),
        ("connectors.one", "import flows.two", "flows → (connectors | pipelines) → schemas"),
        ("pipelines.one", "from pathlib import Path", "verbs know no file, network, clock, chance or log"),
        ("pipelines.one", "import sqlalchemy.orm", "verbs know no file, network, clock, chance or log"),
        ("schemas.one", "import pandas", "nouns carry no frames and open no doors"),
        ("connectors.one", "import prefect.tasks", "only wires know Prefect, Dask, settings and the command line"),
        ("connectors.one", "import distributed", "only wires know Prefect, Dask, settings and the command line"),
        ("pipelines.one", "import dask.delayed", "verbs know no file, network, clock, chance or log"),
        ("schemas.one", "import pydantic_settings", "only wires know Prefect, Dask, settings and the command line"),
        *(
            (
                f"pipelines.{one}.one",
                f"import pipelines.{later}.two",
                "a chapter of the verbs knows only those before it",
            )
            for one, later in pairwise(VERBS)
        ),
        ("flows.settings.one", "import flows.state.two", "a chapter of the wires knows only those before it"),
        ("flows.night.one", "import flows.jobs.two", "a chapter of the wires knows only those before it"),
        ("flows.reading.one", "import flows.fetching.two", "a chapter of the wires knows only those before it"),
        (
            "connectors.bytescan.one",
            "import connectors.sources.two",
            "the scanner of bytes knows nothing of ours but what a source and an issue are",
        ),
        ("connectors.sources.one", "import connectors.sources.two", "readers do not know one another"),
        ("schemas.one", "import schemas.two", "no room goes in circles"),
    ],
)
def test_a_contract_bites(linter: Linter, doll_house: Path, module: str, line: str, contract: str) -> None:
    (doll_house / "schemas/two.py").write_text("import schemas.one\n", encoding="utf-8")
    with (doll_house / f"{module.replace('.', '/')}.py").open("a", encoding="utf-8") as broken:
        broken.write(f"{line}\n")
    code, verdict = linter(doll_house)
    assert code == 1
    assert f"{contract} BROKEN" in verdict


@cache
def distributions() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_claims_a_room(room: str) -> None:
    """All four names exist on the package index, and `pip check` does not notice."""
    claims = distributions().get(room, [])
    assert set(claims) <= {"efit-annuaire-sync"}
    spec = importlib.util.find_spec(room)
    assert spec is not None
    assert spec.origin == str(ROOT / room / "__init__.py")


def our_texts() -> Iterator[Path]:
    """The files a commit could hold: no machine-made folder, nothing hidden but the scripts of CI."""
    for top in ROOT.iterdir():
        if top.name in MACHINE_MADE or (top.name.startswith(".") and top.name != ".ci"):
            continue
        for path in [top, *top.rglob("*")]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def test_no_package_index_address_stands_in_the_repository() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in our_texts()
        for match in INDEX_ADDRESS.finditer(path.read_bytes().decode("utf-8", errors="replace"))
    ]
    assert not found
