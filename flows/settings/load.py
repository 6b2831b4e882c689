"""Read the configuration once; every mistake at once, each in French with its key (exit code 2)."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from flows.settings.directory import DirectorySettings
from flows.settings.mail import DelegationSettings, MailSettings
from flows.settings.model import (
    SECRET_VARIABLES,
    OrchestrationSettings,
    PolicySettings,
    RetentionSettings,
    Settings,
    StoreSettings,
)
from flows.settings.routing_section import RoutingSettings
from flows.settings.secret_variables import line_of, named_file, secret_variables, secrets_path
from flows.settings.sources import AnnuaireSettings, FetchSettings, RegisterSettings, WorkbookSettings
from flows.settings.territory import EtsSettings, RegionSettings
from schemas.errors import ConfigurationError
from schemas.nomenclatures import messages, say
from schemas.os_errors import refusal_text
from schemas.toml_errors import toml_fault
from schemas.words import visible

PREFIX = "EFIT_"
LARGEST = 1_000_000  # bytes: thirty workbooks with columns of their own have thirty thousand
MOST_DOTS = 2_000  # of a line: a list of addresses has some hundred
# never repeated in a message
_SECRETS = (
    "password",
    "passwords",
    "smime_password",
    "signing_key",
    "signing_key_previous",
    "smtp_url",
    "mailbox",
    "mailbox_password",
    "api_key",
    "client_secret",
)
AT_THE_TOP = ("installation", "secrets_file", "signing_key_lost")  # the keys of no section
SECTIONS: dict[str, type[BaseModel]] = {
    "register": RegisterSettings,
    "workbook": WorkbookSettings,
    "annuaire": AnnuaireSettings,
    "store": StoreSettings,
    "routing": RoutingSettings,
    "region": RegionSettings,
    "ets": EtsSettings,
    "fetch": FetchSettings,
    "directory": DirectorySettings,
    "policy": PolicySettings,
    "mail": MailSettings,
    "delegation": DelegationSettings,
    "retention": RetentionSettings,
    "orchestration": OrchestrationSettings,
}


def load_settings(path: Path) -> Settings:
    """Load the settings of a TOML file, overridden by `EFIT_…` variables.

    Raises ConfigurationError with one line per mistake: file not found, not TOML, unknown key with its nearest
    neighbour, wrong value.
    """
    text = _text_of(path)
    try:
        data = tomllib.loads(text)
    # arrays within arrays, by the thousand; a number of thousands of digits
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        found = toml_fault(error) if isinstance(error, tomllib.TOMLDecodeError) else say("config.endless")
        raise ConfigurationError([say("config.not_toml", path=path, found=found)]) from error
    name = named_file(data, os.environ)
    given = secret_variables(secrets_path(path.resolve().parent, name), name) if name else {}
    environment = given | os.environ
    where = _Origins(path, secrets_path(path.resolve().parent, name) if name else None, name, given)
    strangers = list(_unknown_variables(environment, where))
    _let_the_environment_choose(data, environment)
    try:
        settings = Settings(**{**data, SECRET_VARIABLES: given})
    except SettingsError as error:  # its cause quotes the variable: perhaps a password
        section = str(error).partition('field "')[2].partition('"')[0]
        raise ConfigurationError([say("config.bad_variable", found=PREFIX + section.upper()), *strangers]) from None
    except ValidationError as error:
        raise ConfigurationError(
            [*(_line(where.of(item["loc"]), item) for item in error.errors()), *strangers]
        ) from error
    if strangers:
        raise ConfigurationError(strangers)
    ours = (name for name, value in environment.items() if name.startswith(PREFIX) and value)
    return settings.at(path.resolve().parent, ours)


def _text_of(path: Path) -> str:
    """The file, where it is one, and no larger than a configuration is."""
    try:
        if path.exists() and not path.is_file():  # a pipe, a device: they would be read without end
            raise ConfigurationError([say("config.no_file", path=path)])
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        found = say("config.no_text") if isinstance(error, UnicodeDecodeError) else refusal_text(error)
        raise ConfigurationError([say("config.unreadable", path=path, found=found)]) from error
    # tomllib remembers every part of a dotted key: twenty thousand dots cost it gigabytes
    if len(content) > LARGEST or any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        raise ConfigurationError([say("config.too_large", path=path)])
    return text


@dataclass(frozen=True, slots=True)
class _Origins:
    """Where a value comes from: the environment, the file of `secrets_file`, else the configuration."""

    config: Path
    secrets: Path | None
    shown: str
    given: Mapping[str, str]

    def of(self, place: Sequence[str | int]) -> str:
        """Tell where the value of a key was written; a variable may hold the whole table that the key is in."""
        parts = [str(part).upper().rstrip("_").removeprefix(PREFIX) for part in place]
        names = (PREFIX + "__".join(parts[:many]) for many in range(len(parts), 0, -1))
        return next((said for name in names if (said := self.variable(name))), str(self.config))

    def variable(self, name: str) -> str:
        """Tell where this variable was written; "" where it was not."""
        if found := _as_written(name, os.environ):
            return say("config.from_variable", name=found)
        found = _as_written(name, self.given)
        if self.secrets is None or not found:
            return ""
        return say("config.from_secrets", path=self.shown, line=line_of(self.secrets, found), name=found)


def _as_written(name: str, environment: Mapping[str, str]) -> str:
    """As it stands there: pydantic takes capitals and small letters alike."""
    return next((one for one, value in environment.items() if one.upper() == name and value), "")


def _unknown_variables(environment: Mapping[str, str], where: _Origins) -> Iterator[str]:
    """`EFIT_…` variables of no section of ours, with the nearest; keys inside a section are pydantic's to judge."""
    others = (*AT_THE_TOP, "signing_key", "signing_key_previous", "user", "config")
    known = [PREFIX + name.upper() for name in (*SECTIONS, *others)]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name.split("__")[0] not in known:
            near = difflib.get_close_matches(name.split("__")[0], known, n=1, cutoff=0.0)
            origin = where.variable(name) or say("config.from_variable", name=name)
            yield say("config.unknown_variable", origin=origin, near=near[0])


def _let_the_environment_choose(data: dict[str, Any], environment: Mapping[str, str]) -> None:
    """A variable that names the one place of the annuaire takes the other out of the file."""
    section = data.get("annuaire")
    if isinstance(section, dict):
        for chosen, other in (("URL", "export"), ("EXPORT", "url")):
            if environment.get(f"{PREFIX}ANNUAIRE__{chosen}"):
                section.pop(other, None)


def _line(path: str, item: Any) -> str:
    place = [str(part) for part in item["loc"]]
    key = ".".join(place)
    match item["type"]:
        case "extra_forbidden":
            known = _known_keys(place)
            near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.0)
            return say("config.unknown_key", path=path, key=key, near=near[0] if near else "")
        case "missing":
            return say("config.missing_key", path=path, key=key)
        case "value_error" if "reason" in item["ctx"]:  # EmailStr says why in English
            return _wrong_type(path, key, item, say("config_type.email"))
        case "value_error":
            return say("config.wrong_value", path=path, key=key, found=str(item["ctx"]["error"]))
        case _:
            return _wrong_type(path, key, item, _expected(item))


def _wrong_type(path: str, key: str, item: Any, expected: str) -> str:
    secret = any(part in _SECRETS for part in item["loc"])
    found = "***" if secret else _short(item.get("input"))
    return say("config.wrong_type", path=path, key=key, found=found, expected=expected)


def _expected(item: Any) -> str:
    """What pydantic expected, in French: by the kind of its error, with its bounds or its choices."""
    kind = item["type"].split("_")[0]
    found = messages().get(f"config_type.{item['type']}") or messages().get(f"config_type.{kind}")
    return (found or item["msg"]).format(**item.get("ctx", {}))


def _known_keys(place: list[str]) -> Iterable[str]:
    if len(place) == 1:
        return [*SECTIONS, *AT_THE_TOP]
    section = SECTIONS.get(place[0])
    return list(section.model_fields) if section else list(SECTIONS)


def _short(value: object) -> str:
    text = visible(str(value).lower() if isinstance(value, bool) else str(value))
    return text if len(text) <= 60 else text[:57] + "…"
