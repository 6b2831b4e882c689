"""Signs a mail (S/MIME, detached: multipart/signed), so that a reader knows it comes from us and was not altered."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import DeliveryError
from schemas.nomenclatures import say

if TYPE_CHECKING:  # few installations sign, and nobody else waits for the library
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

# What is signed has to leave as it was signed: headers are written as they were read, never folded again.
_VERBATIM = SMTP.clone(refold_source="none")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the certificate first, then those above it, and the key of the first."""

    certificates: "tuple[Certificate, ...]"
    key: "RSAPrivateKey | EllipticCurvePrivateKey"

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "Signature(…)"


def read_signature(certificate: Path, key: Path, password: str = "") -> Signature:
    """Read the certificate (PEM, with those above it if any) and its key (PEM).

    Raises DeliveryError when they cannot be read or do not belong together.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        certificates = x509.load_pem_x509_certificates(certificate.read_bytes())
    except (OSError, ValueError) as error:
        raise DeliveryError(say("smime.certificate", path=certificate)) from error
    try:
        found = load_pem_private_key(key.read_bytes(), password.encode() or None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):  # `from None`: nothing of the key in a traceback
        raise DeliveryError(say("smime.key", path=key)) from None
    if not isinstance(found, RSAPrivateKey | EllipticCurvePrivateKey):
        raise DeliveryError(say("smime.key", path=key))
    if found.public_key() != certificates[0].public_key():
        raise DeliveryError(say("smime.pair", certificate=certificate, key=key))
    return Signature(tuple(certificates), found)


def sign(message: EmailMessage, signature: Signature) -> EmailMessage:
    """Return the mail, its content and attachment signed; its headers, Message-ID included, are those of the mail.

    The hour of signing is in it: the same mail signed twice is not the same bytes.

    Raises DeliveryError where what was signed would leave altered.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

    content = _content(message)
    signed = content.as_bytes(policy=_VERBATIM)
    builder = PKCS7SignatureBuilder().set_data(signed)
    builder = builder.add_signer(signature.certificates[0], signature.key, SHA256())
    for above in signature.certificates[1:]:
        builder = builder.add_certificate(above)
    pkcs7 = builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
    outer = EmailMessage(policy=_VERBATIM)
    for name, value in message.items():
        if not _is_content(name):
            outer[name] = value
    outer["MIME-Version"] = "1.0"
    outer["Content-Type"] = 'multipart/signed; protocol="application/pkcs7-signature"; micalg="sha-256"'
    outer.set_boundary(f"{message.get_boundary() or '=_content'}_signed")
    outer.attach(content)
    outer.attach(_attached(pkcs7))
    if signed not in outer.as_bytes():
        raise DeliveryError(say("smime.altered"))
    return outer


def _is_content(name: str) -> bool:
    """A header that tells of the content, and goes inside with it; the language stays outside too."""
    return name.lower() in ("mime-version", "content-type", "content-transfer-encoding", "content-disposition")


def _content(message: EmailMessage) -> EmailMessage:
    """The mail without the headers of its journey, read back so that it is written as it stands."""
    inner = BytesParser(EmailMessage, policy=_VERBATIM).parsebytes(message.as_bytes())
    for name in set(inner.keys()):
        if not _is_content(name) or name.lower() == "mime-version":
            del inner[name]
    return inner


def _attached(pkcs7: bytes) -> EmailMessage:
    part = EmailMessage(policy=_VERBATIM)
    part.set_content(pkcs7, "application", "pkcs7-signature", filename="smime.p7s", disposition="attachment")
    del part["MIME-Version"]
    return part
