"""The file of `secrets_file`: service, worker and an engineer's shell take their secrets from this one place."""

import os
import re
import shlex
import stat
from collections.abc import Mapping
from pathlib import Path

from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text

OTHERS = 0o077  # whatever anybody but the owner may do with it
ANYBODY = 0o007  # systemd lets its service in by an access list, which looks like the group's rights
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # where systemd puts what `LoadCredential=` names
LARGEST = 1_000_000  # bytes
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")


def secret_variables(path: Path, shown: str) -> dict[str, str]:
    """Return the EFIT_… variables of a file that only its owner may read: 0600 is asked for.

    Raises ConfigurationError as `file_variables` does, and for one that is open to others.
    """
    found = file_variables(path, shown, closed=True)
    return {name: text for name, text in found.items() if name.startswith("EFIT_")}


def file_variables(path: Path, shown: str, *, closed: bool = False) -> dict[str, str]:
    """Return the variables of a file of `NAME=value` lines, as systemd reads one: what is empty is not given.

    Raises ConfigurationError: not there, not ours to read, not `closed` to others, a line that is none.
    """
    try:
        # at once: into a pipe of that name nobody may ever write
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                found = say("unreadable.no_file")
                raise ConfigurationError([say("config.secrets_unreadable", path=shown, found=found)])
            content = file.read(LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        found = refusal_text(error) if isinstance(error, OSError) else say("config.no_text")
        raise ConfigurationError([say("config.secrets_unreadable", path=shown, found=found)]) from error
    if closed and mode & (ANYBODY if _is_credential(path) else OTHERS):
        raise ConfigurationError([say("config.secrets_open", path=shown, file=shlex.quote(str(path)))])
    found_lines = [(at, line.strip()) for at, line in enumerate(content.splitlines(), 1)]
    lines = [(at, line) for at, line in found_lines if line and not line.startswith(("#", ";"))]
    wrong = [
        say("config.secrets_line", path=shown, line=at)
        for at, line in lines
        if "\0" in line or not _LINE.fullmatch(line)
    ]
    if wrong:
        raise ConfigurationError(wrong)
    pairs = (match.groups() for _, line in lines if (match := _LINE.fullmatch(line)))
    return {name: text for name, value in pairs if (text := _unquoted(value.strip()))}


def line_of(path: Path, name: str) -> int:
    """Return the last line of the file that gives this variable; 0 where none does."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    matches = ((at, _LINE.fullmatch(line.strip())) for at, line in enumerate(lines, 1))
    return max((at for at, match in matches if match and match[1] == name), default=0)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def secrets_path(root: Path, name: str) -> Path:
    """Tell where the file lies: relative to the configuration, or among the credentials that systemd gives a service.

    Raises ConfigurationError where these are named and there are none.
    """
    if not name.startswith(f"${CREDENTIALS}/"):
        return root / Path(name).expanduser()
    folder = os.environ.get(CREDENTIALS)
    if not folder:
        raise ConfigurationError([say("config.no_credentials", path=name)])
    return Path(folder) / name.partition("/")[2]


def _is_credential(path: Path) -> bool:
    folder = os.environ.get(CREDENTIALS)
    return bool(folder) and path.parent == Path(str(folder))


def named_file(data: Mapping[str, object], environment: Mapping[str, str]) -> str:
    """Return the name that the environment, else the configuration, gives to the file; "" where there is none."""
    name = environment.get("EFIT_SECRETS_FILE") or data.get("secrets_file") or ""
    return name if isinstance(name, str) else ""
