"""This installation as the present command sees it, and where it is remembered."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from connectors.system.ownership import own_name
from connectors.system.private_file import write_private
from flows.settings.model import Settings
from flows.settings.signing import keyring
from schemas.changes.installed import Installation
from schemas.errors import DeliveryError

WITNESS = "witness.json"
POINTER = ".installation.json"  # beside the configuration: where the witness lies, when it is not in `var`
SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"  # shipped, nobody's installation
OTHERS = ("EFIT_USER", "EFIT_CONFIG")  # say who asks for what, not what is asked


def present(settings: Settings) -> Installation:
    """Return what this command sees: its key, places, variables and a digest of every value of the configuration."""
    return Installation(
        id=settings.installation or "",
        key=keyring(settings).fingerprint(),
        store=store_place(settings),
        way_out=_way_out(settings),
        config=str(settings.root),
        user=own_name(),
        host=socket.gethostname(),
        variables=tuple(sorted(settings.given - set(OTHERS))),
        seen=dict(_digests(settings)),
    )


def installation_mark(settings: Settings) -> str:
    """Return what its mails bear: the name of the installation, else of the key that its answers must come back
    under.
    """
    return settings.installation or keyring(settings).fingerprint()


def store_place(settings: Settings) -> str:
    """Tell where the store lies, without who asks: a new password is no new store, nor is a folder moved as a whole."""
    if settings.store_file:
        return settings.shown(settings.store_file)
    found = make_url(settings.store.url)
    return f"{found.host}:{found.port}/{found.database}"


def _way_out(settings: Settings) -> str:
    if settings.mail.smtp_url:
        return settings.mail.smtp_url.rpartition("@")[2]
    return settings.shown(settings.path(settings.mail.outbox or ""))


def _digests(settings: Settings) -> Iterator[tuple[str, str]]:
    sign = keyring(settings).digest()
    for name, value in _leaves(settings.model_dump(mode="json", exclude={"installation", "secrets_file"})):
        text = json.dumps(value, sort_keys=True).encode()
        yield name, hmac.new(sign, text, hashlib.sha256).hexdigest()[:12]


def _leaves(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        key = above + name.rstrip("_")
        if isinstance(value, Mapping) and not above:
            yield from _leaves(value, f"{key}.")
        else:
            yield key, value


def witness_path(settings: Settings) -> Path | None:
    """Tell where the witness lies: `store.witness`, else beside the store; None where « » says that there is none."""
    named = settings.store.witness
    if named is None:
        return settings.state_folder / WITNESS
    return settings.path(named) if named else None


def witnesses(settings: Settings) -> list[Path]:
    """Tell where a witness of an installation of this configuration may lie: as it says, in the usual place, or as
    noted.
    """
    usual = settings.root / "var" / WITNESS
    nobodys = settings.root.resolve() == SAMPLE  # whoever tries the sample data with a store of his own is no other one
    found = [witness_path(settings), *(() if nobodys else (usual, _noted(settings)))]
    return list(dict.fromkeys(path.absolute() for path in found if path))


def _noted(settings: Settings) -> Path | None:
    try:
        named = json.loads((settings.root / POINTER).read_text(encoding="utf-8"))["witness"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return settings.path(named) if isinstance(named, str) else None


def note_witness(settings: Settings) -> None:
    """Note beside the configuration where its witness lies, if that is not where everybody looks.

    A folder that may not be written is left as it is: what cannot be noted is not known to another environment.
    """
    path = witness_path(settings)
    noted = _noted(settings)
    usual = path == settings.root / "var" / WITNESS
    if path is None or usual or settings.root == SAMPLE or (noted and noted.is_file()):
        return
    with suppress(DeliveryError):
        text = json.dumps({"witness": settings.shown(path)}) + "\n"
        write_private(settings.root / POINTER, text.encode())
