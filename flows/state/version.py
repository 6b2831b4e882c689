"""Which rules made a change: a digest of all that may decide, so that « our rules changed » can be told from the data.

It is of the content alone: wherever the product is installed, the same code, tables, libraries and configuration have
the same digest.
"""

import hashlib
import json
import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from schemas.nomenclatures import rules_in_words

if TYPE_CHECKING:
    from flows.settings.model import Settings

ROOMS = ("connectors", "flows", "pipelines", "schemas")
# Every module of ours, for a verb may ask any of them, in C too; every table, and how each national file is laid out.
# Of the sentences, those that stand in the id of a change (`schemas.nomenclatures.rules_in_words`): another wording of
# the others makes no change another.
DECIDING = (".py", ".csv", ".c")
LAYOUTS = ".toml"
# Whose new version may read a cell, a name or a number otherwise. A test compares this with what is imported.
LIBRARIES = (
    "anyascii",
    "defusedxml",
    "email-validator",
    "numpy",
    "lxml",
    "olefile",
    "openpyxl",
    "pandas",
    "phonenumbers",
    "pydantic",
    "pydantic-settings",
    "python-calamine",
    "python-stdnum",
    "rapidfuzz",
    "sqlalchemy",
)
# What a configuration says that decides; aside, when to write to whom, and where a file lies.
_SECTIONS = ("policy", "routing", "region", "ets", "workbook")
_ASIDE = {"policy": {"remind_after_days"}, "workbook": {"path"}}
_REGISTER = ("max_age_days", "min_rows")
_HALF = 32  # digits of each digest


def software() -> str:
    """Return the version installed."""
    return version("efit-annuaire-sync")


def rules_digest(settings: "Settings") -> str:
    """Return the digest of the code and the libraries, and of what the configuration decides: which of the two is
    another can be told.
    """
    return f"{code_digest()[:_HALF]}.{policy_digest(settings)[:_HALF]}"


@cache
def code_digest() -> str:
    """Return SHA-256 over what is installed: our deciding files, the sentences in ids, the libraries, Python's own
    tables.
    """
    return digest_of(deciding_files({room: files(room) for room in ROOMS}), libraries(), rules_in_words())


def policy_digest(settings: "Settings") -> str:
    """Return SHA-256 over thresholds, routes, own regions and ETS, how each workbook is read, how old a file may be."""
    told = settings.model_dump(mode="json", include={*_SECTIONS, "register_"})
    decides = {name: told[name] for name in _SECTIONS}
    for name, aside in _ASIDE.items():
        decides[name] = _without(told[name], aside)
    decides["register"] = {name: told["register_"][name] for name in _REGISTER}
    return hashlib.sha256(json.dumps(decides, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _without(section: Any, aside: Collection[str]) -> Any:
    if isinstance(section, list):
        return [_without(one, aside) for one in section]
    return {key: value for key, value in section.items() if key not in aside}


@cache
def reading_digest() -> str:
    """Return SHA-256 over what reads a national file: kept rows of it are good for the same reader alone."""
    found = deciding_files({room: files(room) for room in ("connectors", "schemas")})
    readers = ("connectors/sources/", "connectors/bytescan/", "schemas/")
    return digest_of({name: content for name, content in found.items() if name.startswith(readers)}, libraries())


def libraries() -> dict[str, str]:
    """Return library → version; and Python's, with that of its table of characters."""
    found = {name: version(name) for name in LIBRARIES}
    return found | {"python": sys.version.split()[0], "unicode": unicodedata.unidata_version}


def deciding_files(rooms: Mapping[str, Traversable]) -> dict[str, bytes]:
    """Return `room/path` → content, of all that may decide; where a room lies makes no difference."""
    return {
        name: item.read_bytes()
        for room, folder in sorted(rooms.items())
        for name, item in _walk(folder, room)
        if name.endswith(DECIDING) or (name.startswith("schemas/sources/") and name.endswith(LAYOUTS))
    }


def digest_of(content: Mapping[str, bytes], versions: Mapping[str, str], words: Sequence[str] = ()) -> str:
    """Return the digest over files, versions and sentences, each by its name: one byte more or elsewhere is another
    digest.
    """
    digest = hashlib.sha256()
    for name, data in sorted(content.items()):
        digest.update(name.encode() + b"\0" + _of_content(data))
    digest.update(json.dumps([dict(sorted(versions.items())), list(words)], ensure_ascii=False).encode())
    return digest.hexdigest()


def _of_content(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _walk(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        path = f"{name}/{item.name}"
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _walk(item, path)
        else:
            yield path, item
