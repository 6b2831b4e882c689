"""An installation that fetches from a real HTTPS server with an authority of its own, and a house whose night does."""

import json
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.cli.app import run
from flows.fetching.bring_in import bring_in
from flows.settings.load import load_settings
from schemas.reading.arrival import Brought
from tests.file_servers import Shelf
from tests.mail_servers import Authority
from tests.night.installed import TODAY, House
from tests.patience import patient

OF_THE_DAY = f"PS_LibreAcces_{TODAY:%Y%m%d}0824.zip"


@dataclass
class Post:
    """An installation that fetches from a server; it does not sleep, and says how long it would have."""

    root: Path
    shelf: Shelf
    authority: Authority
    keys: dict[str, str] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)
    told: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.root / "annuaire.toml"

    @property
    def folder(self) -> Path:
        return self.root / "rpps"

    @property
    def files(self) -> list[str]:
        """What lies in the folder, our own notes aside."""
        return sorted(one.name for one in self.folder.glob("*") if one.name not in (".fetch.json", ".fetch.lock"))

    @property
    def left(self) -> list[str]:
        return sorted(one.name for one in self.folder.glob(".*") if one.name not in (".fetch.json", ".fetch.lock"))

    def configure(self, **keys: str) -> None:
        self.keys |= keys
        lines = {
            "name": '"register.persons"',
            "url": f'"{self.shelf.url}"',
            "into": '"rpps"',
            "ca_file": f'"{self.authority.file}"',
            "timeout": f"{patient(5)}",
            **self.keys,
        }
        self.config.write_text(
            '[register]\npersons = "rpps/PS_LibreAcces*"\n[annuaire]\nexport = "efit/export.csv"\n[[fetch]]\n'
            + "".join(f"{key} = {value}\n" for key, value in lines.items() if value),
            encoding="utf-8",
        )

    def fetch(self, **keys: str) -> Brought:
        """Once, without waiting."""
        self.configure(**keys)
        settings = load_settings(self.config)
        [found] = bring_in(settings, settings.fetch, lambda *told: self.told.append(told), sleep=self.slept.append)
        return found

    def command(self, *words: str) -> tuple[int, str, str]:
        """(exit code, stdout, stderr)."""
        out, told = StringIO(), StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", told):
            code = run(["fetch", "-c", str(self.config), *words])
        return code, out.getvalue(), told.getvalue()


@dataclass
class Served:
    """A house whose persons' extract comes from a server."""

    house: House
    shelf: Shelf
    extract: bytes

    def play(self, *words: str) -> tuple[int, dict[str, Any]]:
        """(exit code, run.json) of a night."""
        out = StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
            code = run(["sync", "-c", str(self.house.config), "--json", *words])
        return code, json.loads(out.getvalue())
