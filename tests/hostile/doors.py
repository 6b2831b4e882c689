"""The door a user meets: the command or function that is given a hostile file, and what it answers."""

import json
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from connectors.excel.returned import read_returned
from flows.cli.app import run
from schemas.errors import SourceError
from tests.hostile.case import Case

REFUSALS = ("FILE_UNREADABLE", "COLUMN_MISSING", "FILE_EMPTY", "CONFIGURATION")
_COMPLAINT = re.compile(r"efit-annuaire\s: (.*)")  # the space is one that does not break
READ = "lu comme un autre fichier"


@dataclass(frozen=True, slots=True)
class Answer:
    """`exit_code` of the command; the codes; the rows read; the one sentence of docs/hostile.md; all that was said."""

    exit_code: int
    codes: frozenset[str]
    rows: int
    sentence: str
    said: str

    @property
    def refused(self) -> bool:
        """Nothing of the file is used."""
        return bool(self.codes & set(REFUSALS))


def knock(case: Case, path: Path) -> Answer:
    """Give the file to its door."""
    match case.door:
        case "returned":
            return _sent_back(path)
        case "configuration":
            return _configured(path)
        case _:
            return _validated(path, case.code)


def _command(*words: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with patch("sys.stdout", out), patch("sys.stderr", err):
        code = run(list(words))
    return code, out.getvalue(), err.getvalue()


def _validated(path: Path, code: str) -> Answer:
    exit_code, out, _ = _command("validate", str(path), "--json")
    (found,) = json.loads(out)
    issues = found["issues"]
    about = [one["message"] for one in issues if one["code"] == code]
    sentence = found["message"] or next(iter([*about, *found["notes"]]), READ)
    said = json.dumps([found["message"], found["notes"], issues], ensure_ascii=False)
    return Answer(exit_code, frozenset(one["code"] for one in issues), found["rows_read"], sentence, said)


def _configured(path: Path) -> Answer:
    """The night that would be played with it."""
    exit_code, _, err = _command("sync", "-c", str(path), "--dry-run")
    sentence = next(found[1] for line in err.split("\n") if (found := _COMPLAINT.match(line)))
    sentence = sentence.replace(str(path.resolve()), path.name).replace(str(path), path.name)
    return Answer(exit_code, frozenset({"CONFIGURATION"} if exit_code == 2 else ()), 0, sentence, err)


def _sent_back(path: Path) -> Answer:
    try:
        lines = read_returned(path, ["un", "autre"]).lines
    except SourceError as error:
        return Answer(3, frozenset({error.code}), 0, error.message, error.message)
    return Answer(0, frozenset(), len(lines), READ, "")
