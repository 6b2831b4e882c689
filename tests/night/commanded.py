"""The small country of `small.py` as an installation with a configuration file, played from the command line."""

import copy
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

from connectors.store import Store, open_store
from flows.settings.load import load_settings
from tests.night.played import Installation
from tests.night.small import ADMIN, CARDS, PERSONS, Files, write_files
from tests.spec.tables import CRH, ES, ES_52, SITE, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
EXPORT, BOOK_24, BOOK_52 = "efit/export.csv", "regions/24.csv", "regions/52.csv"
Place = tuple[str, tuple[str, str]]
HEADS: Sequence[tuple[Person, str, tuple[str, str]]] = (
    (Person(81, "FICTIVE-B", "Noé"), "24", CRH),
    (Person(82, "FICTIVE-C", "Noé"), "52", CRH),
    (Person(83, "FICTIVE-D", "Noé"), "ETS-CPDL", TITULAIRE),
    (Person(84, "FICTIVE-E", "Noé"), ES, TITULAIRE),
    (Person(85, "FICTIVE-F", "Noé"), ES_52, TITULAIRE),
)
_BOOK_OF = {"24": BOOK_24, "52": BOOK_52, "ETS-CPDL": "ets/cpdl.csv", SITE: "ets/cpdl.csv"}


def book_of(line: Line) -> str:
    """The workbook in which a structure is kept."""
    code = line.cells["structure_code"]
    return _BOOK_OF.get(code) or (BOOK_24 if code.startswith("45") else BOOK_52)


class Service(Installation):
    """The service over these files, night after night; the heads of the posts are always there."""

    def __init__(self, root: Path, annuaire: str = f'export = "{EXPORT}"', **policy: float) -> None:
        super().__init__(root)
        self.day = DAY
        root.mkdir(parents=True, exist_ok=True)
        books = (f"[[workbook]]\npath = '{path}'\n{scope}\n" for path, scope in _SCOPES.items())
        self.config.write_text(
            f"[register]\npersons = '{PERSONS.format('*')}'\ncards = '{CARDS.format('*')}'\n"
            f"{''.join(books)}[annuaire]\n{annuaire}\n[store]\nurl = 'sqlite:///var/annuaire.db'\n[policy]\n"
            + "".join(f"{key} = {value}\n" for key, value in policy.items())
            + f"[mail]\noutbox = 'var/outbox'\nadmin = '{ADMIN}'\nattachments = 'none'\n",
            encoding="utf-8",
        )

    def write(self, annuaire: Sequence[Line], rows: Sequence[Line], people: Sequence[Person] = ()) -> None:
        """Tonight's files; everybody named is in the register, with a card."""
        lines = [*(row(*head) for head in HEADS), *rows]
        books: dict[str, list[Line]] = {path: [] for path in _SCOPES}
        for line in lines:
            books[book_of(line)].append(line)
        accounts = [*(account(*head) for head in HEADS), *annuaire]
        named = list(dict.fromkeys([*people, *(line.who for line in (*accounts, *lines))]))
        write_files(self.folder, Files(accounts, books, [*map(registered, named)], [*map(card, named)]), self.day)

    def moved(self, root: Path) -> Self:
        """The same service elsewhere, on the same day, to be changed at will."""
        shutil.copytree(self.folder, root, dirs_exist_ok=True)
        found = copy.copy(self)
        Installation.__init__(found, root)
        return found

    def night(self, *words: str) -> tuple[int, dict[str, Any]]:
        """(exit code, `run.json`) of tonight; tomorrow is another day."""
        code, found = self.json("sync", "--as-of", self.day.isoformat(), *words)
        self.day += timedelta(days=1)
        return code, found

    def file(self, name: str) -> Path:
        """One of the sources."""
        return self.folder / name

    def cut(self, name: str, share: float) -> None:
        """Leave so much of a file, wherever that is."""
        content = self.file(name).read_bytes()
        self.file(name).write_bytes(content[: int(len(content) * share)])

    def mails(self) -> Counter[str]:
        """Whom mails went to, all nights together."""
        return Counter(path.name.rsplit("-", 1)[0] for path in (self.folder / "var" / "outbox").glob("*.eml"))

    def letters(self, post: str) -> str:
        """The text of all mails to a post."""
        from email import message_from_bytes, policy

        paths = sorted((self.folder / "var" / "outbox").glob(f"{post}-*.eml"))
        messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        bodies = (one.get_body(("plain",)) for one in messages)
        return "\n".join(body.get_content() for body in bodies if body)

    def reasons(self) -> Counter[str]:
        """Reason → how many changes of the last night have it."""
        return Counter(reason for change in self.changeset()["changes"] for reason in change["reasons"])

    def sources(self) -> Mapping[str, str]:
        """Source → its status in the last night."""
        return {one["name"]: one["status"] for one in self.changeset()["sources"]}

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store as it stands."""
        with open_store(load_settings(self.config).store_url) as store:
            yield store

    def statuses(self) -> Counter[str]:
        """Where all changes stand in the store."""
        with self.store() as store:
            return Counter(state.status for state in store.states().values())


_SCOPES = {BOOK_24: "region = '24'", BOOK_52: "region = '52'", "ets/cpdl.csv": "ets = 'ETS-CPDL'"}
