"""Nights of a small country played by the command itself, as an operator types it."""

import email
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from email.message import Message
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.store import Store, open_store
from flows.cli.app import run
from schemas.glyphs import typeset
from schemas.nomenclatures import say
from tests.night.played import fill, lines_of, rows_of
from tests.night.small import ADMIN, BOOKS, CARDS, PERSONS, Files, write_files

Answer = tuple[str, date | None]
OUTBOX = 'outbox = "var/outbox"'


class Service:
    """An installation in a folder. `mail`: its lines of [mail] that say how mails leave; `more`: other sections."""

    def __init__(self, root: Path, mail: str = OUTBOX, more: str = "", attachments: str = "none") -> None:
        self.root = root
        self.config = root / "annuaire.toml"
        books = "\n".join(
            f'[[workbook]]\npath = "{path}"\n' + "\n".join(f'{key} = "{value}"' for key, value in scope.items())
            for path, scope in BOOKS.items()
        )
        root.mkdir(exist_ok=True)
        self.config.write_text(
            f'[register]\npersons = "{PERSONS.format("*")}"\ncards = "{CARDS.format("*")}"\n{books}\n'
            f'[annuaire]\nexport = "efit/export.csv"\n{more}\n'
            f'[mail]\n{mail}\nadmin = "{ADMIN}"\nattachments = "{attachments}"\n',
            encoding="utf-8",
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        """(exit code, stdout, stderr) of a command."""
        out, err = StringIO(), StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", err):
            code = run([*words, "-c", str(self.config)])
        return code, out.getvalue(), err.getvalue()

    def night(self, files: Files | None, day: date, *words: str) -> tuple[int, str]:
        """(exit code, all that was said) of a night over these files, or over those that lie there."""
        if files is not None:
            write_files(self.root, files, day)
        code, out, err = self.run("sync", "--as-of", day.isoformat(), *words)
        return code, out + err

    def changes(self) -> dict[str, dict[str, Any]]:
        """The last change set, by id."""
        found = json.loads((self.root / "out" / "changeset.json").read_text(encoding="utf-8"))
        return {one["id"]: one for one in found["changes"]}

    def summary(self) -> dict[str, Any]:
        """The last `run.json`."""
        found: dict[str, Any] = json.loads((self.root / "out" / "run.json").read_text(encoding="utf-8"))
        return found

    def mails(self) -> list[Message]:
        """The outbox, oldest first."""
        paths = sorted((self.root / "var" / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_bytes(path.read_bytes()) for path in paths]

    def posts(self) -> list[str]:
        """Whom the mails of the outbox were for, oldest first."""
        return [str(one["Message-ID"]).strip("<").partition(".")[0] for one in self.mails()]

    def report(self, name: str) -> Path:
        """An updater's report of the last night."""
        return self.root / "out" / "reports" / f"{name}.xlsx"

    def answer(self, report: Path, day: date, answers: Mapping[str, Answer]) -> dict[str, Any]:
        """Send a report back with (decision, until) by change id; what `decisions` says of the file."""
        sheets = {change_id: sheet for sheet, change_id in lines_of(report)}
        returned = self.root / f"retour-{report.stem}-{day}-{len(list(self.root.glob('retour-*')))}.xlsx"
        rows = ((sheets[key], key, decision, until, "") for key, (decision, until) in answers.items())
        fill(report, returned, *rows)
        _, out, _ = self.run("decisions", str(returned), "--as-of", day.isoformat(), "--json")
        [found] = json.loads(out)["files"]
        assert isinstance(found, dict)
        return found

    @property
    def store_url(self) -> str:
        """Where the store lies."""
        return f"sqlite:///{self.root / 'var' / 'annuaire.db'}"

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store as it stands."""
        with open_store(self.store_url) as store:
            yield store

    def announcements(self) -> dict[str, int]:
        """Change id → how often a mail announced it as new."""
        with self.store() as store:
            lives = {key: store.history(key) for key in store.states()}
        return {key: sum(one.event.by == "mail" for one in life) for key, life in lives.items()}


def called_new(mails: Sequence[Message]) -> Counter[str]:
    """Change id → in how many reports, attached to these mails, its updater reads « Nouveau »."""
    found: Counter[str] = Counter()
    for mail in mails:
        for part in mail.walk():
            if part.get_filename():
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                lines = rows_of(BytesIO(payload))
                found.update({change for _, change, values in lines if say("report.new") in values})
    return found


def flat(text: str) -> str:
    """The text as it is set, on one line, with plain spaces."""
    return " ".join(typeset(text).split())


def text_of(mail: Message) -> str:
    """What a mail says, as plain text on one line."""
    part = next(one for one in mail.walk() if one.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return flat(payload.decode())


def only(changes: dict[str, dict[str, Any]], kind: str, accounts: Sequence[str]) -> list[dict[str, Any]]:
    """The changes of a kind that are about these accounts."""
    return [one for one in changes.values() if one["kind"] == kind and one["account_id"] in accounts]
