"""The national directory as a source: beside the files, instead of them, and asked now; from a real FHIR server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from connectors.directory import DirectoryLine
from flows.cli import run
from schemas.arrival import Address
from schemas.errors import FetchError
from tests.fhir_server import KEY, National, activity, fhir_server, most_in_a_second, of_files, practitioner
from tests.mail_servers import Authority, new_authority
from tests.night.country import copy_country

DAY = "2026-11-22"
PERSONS, CARDS = "rpps/PS_LibreAcces_Personne_activite_202611210612.txt", "rpps/Porteurs_CPS_CPF_*.txt"
REGISTER_OF_FILES = ("persons = ", "cards = ", "adeli = ")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _our_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EFIT_DIRECTORY__API_KEY", KEY)


@dataclass
class Country:
    """The invented country, its directory, and the nights on it."""

    root: Path
    national: National
    authority: Authority
    slept: list[float] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.root / "annuaire.toml"

    def configure(self, *, files: bool) -> None:
        """With the directory; `files`: beside the national files, else instead of them."""
        text = self.config.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if files or not line.startswith(REGISTER_OF_FILES)]
        lines += ["[directory]", f'url = "{self.national.base}/fhir/v2"', f'ca_file = "{self.authority.file}"']
        self.config.write_text("\n".join(lines), encoding="utf-8")

    def command(self, *words: str) -> tuple[int, str, str]:
        out, err = StringIO(), StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", err), patch("time.sleep", self._sleep):
            code = run([*words, "-c", str(self.config)])
        return code, out.getvalue(), err.getvalue()

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def night(self, *words: str) -> tuple[int, dict[str, Any]]:
        """(exit code, `changeset.json`)."""
        code, _, told = self.command("sync", "--as-of", DAY, "--dry-run", *words)
        assert "Traceback" not in told
        return code, json.loads((self.root / "out" / "changeset.json").read_text(encoding="utf-8"))


@pytest.fixture
def country(tmp_path: Path, authority: Authority) -> Iterator[Country]:
    root = copy_country(tmp_path)
    resources = of_files(root / PERSONS, max(root.glob(CARDS)))
    with fhir_server(National(resources), authority) as national:
        yield Country(root, national, authority)


def by_reason(changes: list[dict[str, Any]], *codes: str) -> set[tuple[str, str]]:
    return {
        (code, str(one["account_id"] or one["person"]["last_name"]))
        for one in changes
        for code in one["reasons"]
        if code in codes
    }


def source(changeset: dict[str, Any], name: str = "register.directory") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in changeset["sources"] if one["name"] == name)
    return found


ALIKE = ("card_expired", "card_expiring", "card_renewed", "identity_changed", "profession_changed", "adeli_to_rpps")


def test_a_night_on_the_directory_alone_finds_what_the_files_find_but_for_oppositions(country: Country) -> None:
    _, with_files = country.night()
    country.configure(files=False)
    code, alone = country.night()
    assert code in (0, 3)
    assert source(alone)["status"] == "ok"
    assert {one["name"] for one in alone["sources"]}.isdisjoint({"register.persons", "register.cards"})
    theirs, ours = by_reason(with_files["changes"], *ALIKE), by_reason(alone["changes"], *ALIKE)
    print("only files", sorted(theirs - ours))
    print("only directory", sorted(ours - theirs))
    assert by_reason(alone["changes"], "card_opposed") == set()
    assert ours
