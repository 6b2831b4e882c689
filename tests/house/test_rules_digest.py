"""Everything that decides what a change is stands in the digest of the rules: a byte of it altered is « rules »."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from flows.settings.model import Settings
from flows.state import version
from flows.state.version import LIBRARIES, ROOMS, code_digest, deciding_files, digest_of, libraries, policy_digest
from pipelines.lifecycle.new_rules import RULES, Before, Used, origins_of, unchanged_of
from schemas.nomenclatures import messages, rules_in_words
from schemas.reading.fingerprints import Fingerprints
from tests.house.parsed import nodes_of
from tests.house.test_names import ROOT
from tests.patience import patient
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, account, row

FILES = deciding_files({room: ROOT / room for room in ROOMS})
READ_AND_SHOWN = {
    "schemas/tables/messages.toml",  # sentences; those in ids are in the digest by themselves
    "schemas/changeset.schema.json",  # made of the models
}
# It gives the very bytes of the standard library, or says that it cannot (tests/connectors/test_inflate.py), and is not
# there on every machine.
NOTHING_ELSE = {"isal"}
# The doors through which what is compared comes in; the others write, send, show or orchestrate.
DOORS_IN = ("sources", "bytescan")


@pytest.fixture(scope="module", autouse=True)
def once() -> Iterator[None]:
    """The content of a file is digested once: each digest of the rules is of some 800 files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(version, "_of_content", cache(vars(version)["_of_content"]))
        yield


@cache
def night() -> Night:
    """An address that differs."""
    return play([account(ANNE, email="old@example.org")], [row(ANNE)])


def origin(digest: str) -> str:
    """Whose doing a new change is, on the files of yesterday, which the rules of this digest read then."""
    one, snapshot = night().one("contact_changed"), night().snapshot
    names = ("annuaire", "workbook:24")
    used = {name: Used("the same file", digest, date(2026, 11, 21)) for name in names}
    same = unchanged_of(dict.fromkeys(names, "the same file"), Fingerprints(), Before(used, {}, digest), BASE)
    return origins_of([one], {}, same, names, snapshot)[one.id]


VERSIONS, WORDS = libraries(), rules_in_words()
BASE = digest_of(FILES, VERSIONS, WORDS)


def test_the_digest_is_of_what_is_installed_wherever_it_lies(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / "else" / room, ignore=shutil.ignore_patterns("__pycache__"))
    elsewhere = deciding_files({room: tmp_path / "else" / room for room in reversed(ROOMS)})
    assert code_digest() == BASE == digest_of(elsewhere, libraries(), rules_in_words())


def test_under_the_same_rules_nothing_is_their_doing() -> None:
    assert origin(BASE) != RULES


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_byte_altered_in_a_file_that_decides_is_rules_and_not_data(name: str) -> None:
    data = FILES[name]
    for altered in (data + b" ", data[:-1], bytes([data[0] ^ 1]) + data[1:]) if data else (b" ",):
        assert origin(digest_of({**FILES, name: altered}, VERSIONS, WORDS)) == RULES


def test_a_file_more_or_less_or_elsewhere_is_rules() -> None:
    name = "schemas/words.py"
    others = {key: data for key, data in FILES.items() if key != name}
    for files in (
        others,
        {**FILES, "pipelines/changes/rules/more.py": b""},
        {**others, "schemas/word.py": FILES[name]},
    ):
        assert origin(digest_of(files, VERSIONS, WORDS)) == RULES


@pytest.mark.parametrize("name", [*LIBRARIES, "python", "unicode"])
def test_another_version_of_a_library_that_decides_is_rules(name: str) -> None:
    assert origin(digest_of(FILES, {**VERSIONS, name: "0"}, WORDS)) == RULES


def test_a_sentence_that_stands_in_an_id_is_rules_and_no_other_is() -> None:
    words = rules_in_words()
    assert {one.partition("=")[0] for one in words} == {key for key in messages() if key.startswith("role.")}
    for at in range(len(words)):
        assert origin(digest_of(FILES, VERSIONS, (*words[:at], words[at] + ".", *words[at + 1 :]))) == RULES


def test_no_other_sentence_stands_in_an_id() -> None:
    """A target is codes, numbers and values; the one that has a sentence has had it since the first version."""
    targets = [found for path in (ROOT / "pipelines").rglob("*.py") for found in _targets(path)]
    assert targets
    assert [found for found in targets if "say(" in found[1]] == []
    assert {path for path, text in targets if "detail" in text} == {"pipelines/changes/rules/roles.py"}


def _targets(path: Path) -> Iterator[tuple[str, str]]:
    for node in nodes_of(path):
        if isinstance(node, ast.keyword) and node.arg == "target":
            yield path.relative_to(ROOT).as_posix(), ast.unparse(node.value)


# ── nothing that decides is left out ─────────────────────────────────────────────────────────────

WATCH = """
import json, sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from flows.cli.app import run
run(["sync", "-c", sys.argv[1], "--as-of", "2026-11-22", "--dry-run", "--out", sys.argv[2]])
files = {getattr(one, "__file__", None) for one in list(sys.modules.values())}
sys.stderr.write("\\n" + json.dumps(sorted(filter(None, opened | files))))
"""


def test_every_file_of_ours_that_a_night_loads_or_reads_is_in_the_digest(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WATCH, str(ROOT / "sample_data" / "annuaire.toml"), str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EFIT_")}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=patient(300)
    )
    paths = [Path(one) for one in json.loads(done.stderr.splitlines()[-1])]
    ours = {path.relative_to(ROOT).as_posix() for path in paths if path.is_relative_to(ROOT)}
    read = {name for name in ours if name.partition("/")[0] in ROOMS and "__pycache__" not in name}
    assert "schemas/words.py" in read
    assert "schemas/sources/register_cards.toml" in read
    drawn = {name for name in read if name.endswith((".j2", ".css", ".js"))}
    assert read - drawn - FILES.keys() - READ_AND_SHOWN == set()


def test_every_library_that_a_deciding_module_imports_is_in_the_digest() -> None:
    names = packages_distributions()
    found = {one for path in _deciding_modules() for one in _imported(path)}
    used = {names[one][0] for one in found if one in names and one not in ROOMS}
    assert {_plain(one) for one in used} <= {_plain(one) for one in LIBRARIES} | NOTHING_ELSE


def _deciding_modules() -> Iterator[Path]:
    for room in ("schemas", "pipelines"):
        yield from (ROOT / room).rglob("*.py")
    for part in DOORS_IN:
        path = ROOT / "connectors" / part
        yield from path.rglob("*.py") if path.is_dir() else (path,)


def _imported(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


# ── the configuration ────────────────────────────────────────────────────────────────────────────


def settings(**more: Any) -> Settings:
    told: dict[str, Any] = {
        "annuaire": {"export": "efit/export.csv"},
        "workbook": [{"path": "regions/24.xlsx", "region": "24"}],
    }
    return Settings.model_validate(told | more)


BOOK = {"path": "regions/24.xlsx", "region": "24"}


@pytest.mark.parametrize(
    "more",
    [
        {"policy": {"expiry_warning_days": [120, 30]}},
        {"policy": {"card_validity_years": 6}},
        {"policy": {"max_update_share": 0.5}},
        {"routing": [{"structure_type": "ETS régional", "rank": "Remplaçant", "updater": "CHV_ST_ETS"}]},
        {"ets": [{"code": "ETS-NORD", "name": "EFS Nord", "regions": ["32"]}]},
        {"region": [{"code": "07", "name": "Région d'Essai"}]},
        {"workbook": [{**BOOK, "complete": False}]},
        {"workbook": [{**BOOK, "columns": {"Matricule carte": "cpx_number"}}]},
        {"register": {"max_age_days": 10}},
    ],
    ids=lambda more: "-".join(more),
)
def test_what_a_configuration_decides_is_rules(more: dict[str, Any]) -> None:
    assert policy_digest(settings(**more)) != policy_digest(settings())


@pytest.mark.parametrize(
    "more",
    [
        {"policy": {"remind_after_days": 7}},
        {"mail": {"admin": "autre@example.org"}},
        {"annuaire": {"export": "ailleurs/export.csv"}},
        {"workbook": [{**BOOK, "path": "/srv/regions/24.xlsx"}]},
        {"store": {"url": "sqlite:///elsewhere.db"}},
        {"register": {"persons": "rpps/*.txt"}},
    ],
    ids=lambda more: "-".join(more),
)
def test_where_files_lie_and_who_is_written_to_is_not(more: dict[str, Any]) -> None:
    assert policy_digest(settings(**more)) == policy_digest(settings())
