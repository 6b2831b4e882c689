"""A small installation of today, with its configuration, as an operations engineer has it before him."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.cli.app import run
from flows.doctor.checkup import CHECKS, examined
from flows.doctor.examination import Visit
from flows.night.nightly import run_night
from flows.run.request import Request
from flows.settings.load import load_settings
from flows.state.run_state import now
from schemas.reports.checkup import CheckVerdict, Finding
from tests.night.small import CARDS, PERSONS, write_files
from tests.night.test_crash import first_files

TODAY = now().astimezone().date()
BOOK = "regions/24.csv"
SQLITE = "sqlite:///var/annuaire.db"


@dataclass(frozen=True)
class House:
    """An installation: its folder, and the address of its store as the configuration has it."""

    root: Path
    store: str = SQLITE

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.root / "annuaire.toml"

    @property
    def store_url(self) -> str:
        """The store from wherever one stands."""
        return f"sqlite:///{self.root / 'var' / 'annuaire.db'}" if self.store == SQLITE else self.store

    @property
    def extract(self) -> Path:
        """The persons' extract."""
        return next(self.root.glob("rpps/PS_*"))

    def configure(self, **mail: str) -> None:
        """Write the configuration; `mail` are keys of [mail] with their TOML."""
        keys = {"outbox": '"var/outbox"', "sender": '"e@annuaire-fictif.fr"', "admin": '"a@annuaire-fictif.fr"', **mail}
        self.config.touch(0o600)
        self.config.write_text(
            f'[register]\npersons = "{PERSONS.format("*")}"\ncards = "{CARDS.format("*")}"\n'
            f'[[workbook]]\npath = "{BOOK}"\nregion = "24"\n'
            f'[annuaire]\nexport = "efit/export.csv"\n[store]\nurl = "{self.store}"\n[mail]\n'
            + "".join(f"{key} = {value}\n" for key, value in keys.items()),
            encoding="utf-8",
        )

    def play(self, day: date = TODAY) -> None:
        """A night."""
        run_night(load_settings(self.config), Request(day, self.root / "out"))

    def findings(self, name: str, moment: datetime | None = None) -> list[Finding]:
        """What one check finds."""
        visit = Visit(self.config, load_settings(self.config), moment or now())
        return list(examined(next(check for check in CHECKS if check.name == name), visit))

    def one(self, name: str, verdict: CheckVerdict, moment: datetime | None = None) -> Finding:
        """The one finding of a check that has this verdict."""
        [found] = [finding for finding in self.findings(name, moment) if finding.verdict is verdict]
        return found

    def doctor(self, *words: str) -> tuple[int, str]:
        """(exit code, stdout) of the command."""
        out = StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
            code = run(["doctor", "-c", str(self.config), *words])
        return code, out.getvalue()

    def diagnosis(self) -> tuple[int, dict[str, list[dict[str, Any]]]]:
        """(exit code, check → its findings that are not ok)."""
        code, text = self.doctor("--json")
        document = json.loads(text)
        assert document["exit_code"] == code
        found: dict[str, list[dict[str, Any]]] = {}
        for one in document["checks"]:
            if one["verdict"] != "ok":
                found.setdefault(one["check"], []).append(one)
        return code, found


def unplayed(root: Path, store: str = SQLITE) -> House:
    """A small country of today with its configuration, closed to others, before its first night."""
    write_files(root, first_files(), TODAY)
    for path in root.rglob("*.csv"):
        path.chmod(0o600)
    found = House(root, store)
    found.configure()
    return found


def played(root: Path, store: str = SQLITE) -> House:
    """The same after its first night."""
    found = unplayed(root, store)
    found.play()
    return found
