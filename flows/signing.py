"""The key that signs the references of a report, so that a decision counts only on a file this system issued."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from connectors.private_file import write_private
from flows.settings import Settings
from schemas.change import PostRef
from schemas.decision import signed_text
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say

_DIGITS = 24


def signer(settings: Settings, *, write: bool) -> Callable[[str, PostRef], str]:
    """(text, updater) → signature. The key is EFIT_SIGNING_KEY, else a file beside the outputs made once.

    `write`: whether the file may be made; a dry run without one signs with a key that is forgotten.
    """
    key = _key(settings, write=write)

    def sign(text: str, updater: PostRef) -> str:
        message = "\n".join((updater.post, updater.scope, text)).encode()
        return hmac.new(key, message, hashlib.sha256).hexdigest()[:_DIGITS]

    return sign


def verifier(settings: Settings) -> Callable[[str, str, PostRef, str], bool]:
    """(lot, change id, updater, signature) → whether this installation signed that line for that updater."""
    sign = signer(settings, write=False)

    def verify(lot: str, change_id: str, updater: PostRef, signature: str) -> bool:
        # bytes: `compare_digest` refuses a text that is not ASCII, and anything may stand in a returned cell
        return hmac.compare_digest(sign(signed_text(lot, change_id), updater).encode(), signature.encode())

    return verify


def key_path(settings: Settings) -> Path:
    """Where the key lies when the environment does not give it."""
    return settings.state_folder / "signing.key"


def _key(settings: Settings, *, write: bool) -> bytes:
    if settings.signing_key:
        return settings.signing_key.encode()
    path = key_path(settings)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        key = secrets.token_hex(32).encode()
        if write:
            _keep(path, key)
        return key


def _keep(path: Path, key: bytes) -> None:
    try:
        write_private(path, key)
    except DeliveryError as error:
        raise ConfigurationError([say("config.no_store", path=path.parent)]) from error
