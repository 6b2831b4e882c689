"""The keys that sign the references of a report, so that a decision counts only on a file this system issued.

New reports are signed with the present key; what comes back counts under it or one that it replaced
(EFIT_SIGNING_KEY_PREVIOUS, the file `signing.key.previous`), so that a key can be changed while reports are out.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from connectors.system.ownership import no_access
from connectors.system.private_file import write_private
from flows.settings.model import Settings
from schemas.changes.change import PostRef
from schemas.changes.decision import signed_text
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text

_DIGITS = 24
_MARK = 16  # digits of a fingerprint: enough to tell keys apart, nothing to guess one by
_KEY = "signing.key"


def keyring(settings: Settings) -> "Keyring":
    """Return the keys of a deployment: of its environment, and of the files beside its state."""
    replaced = tuple((settings.signing_key_previous or "").split())
    return Keyring(settings.state_folder / _KEY, settings.signing_key or "", replaced)


@dataclass(frozen=True, slots=True)
class Keyring:
    """`path`: where the key lies when the environment does not give one; `given`: that of the environment, and
    `replaced` the ones that it names before it.
    """

    path: Path
    given: str
    replaced: tuple[str, ...]

    def signer(self, *, write: bool) -> Callable[[str, PostRef], str]:
        """Return (text, updater) → signature. The key is EFIT_SIGNING_KEY, else a file beside the outputs made once.

        `write`: whether the file may be made; a dry run without one signs with a key that is forgotten.
        """
        key = self._kept_or_new()
        if write and not self._present():
            _keep(self.path, key)
        return partial(_signature, key)

    def verifier(self) -> Callable[[str, str, PostRef, str], bool]:
        """Return (lot, change id, updater, signature) → whether this installation signed that line for that updater."""
        keys = [self._kept_or_new(), *self._before()]

        def verify(lot: str, change_id: str, updater: PostRef, signature: str) -> bool:
            text = signed_text(lot, change_id)
            # bytes: `compare_digest` refuses a text that is not ASCII, and anything may stand in a returned cell
            said = signature.encode("utf-8", "replace")
            return any(hmac.compare_digest(_signature(key, text, updater).encode(), said) for key in keys)

        return verify

    def fingerprint(self) -> str:
        """Return what names the present key and tells nothing of it; "" while there is none."""
        key = self._present()
        return _mark(key) if key else ""

    def replaced_fingerprints(self) -> set[str]:
        """Return those of the keys that were replaced on purpose: named by EFIT_SIGNING_KEY_PREVIOUS or moved to
        `signing.key.previous`. A key that merely lies in its file beside one of the environment is none: a variable
        strayed into a shell replaces nothing.
        """
        return {_mark(key) for key in self._before()}

    def digest(self) -> bytes:
        """Return a key made of the present one, for digests that nobody can compare with a guess."""
        return hmac.new(self._present(), b"seen", hashlib.sha256).digest()

    def _present(self) -> bytes:
        return self.given.encode() if self.given else _kept(self.path)

    def _kept_or_new(self) -> bytes:
        return self._present() or secrets.token_hex(32).encode()

    def _before(self) -> list[bytes]:
        """The keys before the present one, each as somebody named it."""
        beside = _kept(self.path.with_name(self.path.name + ".previous"))
        return [*(key.encode() for key in self.replaced), *filter(None, [beside])]


def _signature(key: bytes, text: str, updater: PostRef) -> str:
    message = "\n".join((updater.post, updater.scope, text)).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:_DIGITS]


def _mark(key: bytes) -> str:
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:_MARK]


def _kept(path: Path) -> bytes:
    """The key in a file, b"" without one: an empty file is no key, it would be everybody's."""
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        return b""
    except PermissionError as error:
        raise ConfigurationError([" ".join(no_access(error))]) from error
    except OSError as error:
        raise ConfigurationError([say("config.key_unreadable", path=path, found=refusal_text(error))]) from error


def _keep(path: Path, key: bytes) -> None:
    try:
        write_private(path, key)
    except DeliveryError as error:
        raise ConfigurationError([say("config.no_store", path=path.parent)]) from error
