"""The passwords that seal reports: one per updater, from a file, a variable with all of them, or a variable each."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from connectors.system.ownership import no_access
from flows.settings.model import Settings
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

DEFAULT_FILE = "passwords.toml"  # beside the configuration, where `passwords` puts them and no other file is named


def passwords(settings: Settings) -> Mapping[str, str]:
    """Report name (`CRH_ST-11`) → password; the environment goes before the file.

    Raises ConfigurationError when the file cannot be read, or when the variable is neither JSON nor TOML.
    """
    usual = DEFAULT_FILE if (settings.root / DEFAULT_FILE).is_file() else None
    name = settings.mail.passwords_file or usual
    found: dict[str, object] = _of_file(settings.path(name), name) if name else {}
    given = settings.mail.passwords
    try:
        chosen: Mapping[str, object] = tomllib.loads(given) if isinstance(given, str) else given
    except tomllib.TOMLDecodeError:  # `from None`: its message would quote a password
        raise ConfigurationError([say("config.passwords_inline")]) from None
    slugs = {_slug(key) for key in chosen}
    found = {key: value for key, value in found.items() if _slug(key) not in slugs}
    return {key: value for key, value in (found | dict(chosen)).items() if isinstance(value, str) and value}


def password_of(secrets: Mapping[str, str], name: str) -> str:
    """Return the password of a report; "" when there is none. A variable's name can hold no hyphen: CRH_ST_11 serves
    too.
    """
    return next((value for key, value in secrets.items() if _slug(key) == _slug(name)), "")


def without_password(settings: Settings, names: Iterable[str]) -> list[str]:
    """Return of these reports those that nobody could open, and which therefore leave as a place on this
    machine alone.
    """
    if settings.mail.attachments != "encrypted":
        return []
    known = passwords(settings)
    return [name for name in names if not password_of(known, name)]


def _of_file(path: Path, name: str) -> dict[str, object]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        if other := [key for key, value in found.items() if not isinstance(value, str | dict)]:
            raise ConfigurationError([say("config.passwords_text", path=name, names=", ".join(other))])
        return found
    except PermissionError as error:
        raise ConfigurationError([" ".join(no_access(error))]) from None
    except tomllib.TOMLDecodeError as error:  # `from None`: its message would quote a password
        line = re.search(r"line (\d+)", str(error))
        told = say("config.passwords_line", path=name, line=line[1]) if line else say("config.passwords", path=name)
        raise ConfigurationError([told]) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError([say("config.passwords", path=name)]) from None


def _slug(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())
