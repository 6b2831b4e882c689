"""Which rules made a change: a digest of the verbs and the tables, so that « our rules changed » can be told."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable


def software() -> str:
    """The version installed."""
    return version("efit-annuaire-sync")


@cache
def rules_digest() -> str:
    """SHA-256 over `pipelines/**.py` and `schemas/tables/*`: what decides, not what reads or draws."""
    return _digest((files("pipelines"), (".py",)), (files("schemas"), (".csv",)))


@cache
def reading_digest() -> str:
    """SHA-256 over what reads a national file: kept rows of it are good for the same reader alone."""
    suffixes = (".py", ".toml")
    folders = (files("connectors") / "readers", files("connectors") / "text", files("schemas"))
    return _digest(*((folder, suffixes) for folder in folders))


def _digest(*parts: tuple[Traversable, tuple[str, ...]]) -> str:
    """Over the files of folders that end so."""
    digest = hashlib.sha256()
    for folder, suffixes in parts:
        for item in sorted(_walk(folder), key=str):
            if item.name.endswith(suffixes):
                digest.update(item.name.encode() + b"\0" + item.read_bytes() + b"\0")
    return digest.hexdigest()


def _walk(folder: Traversable) -> Iterable[Traversable]:
    for item in folder.iterdir():
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _walk(item)
        else:
            yield item
