"""Encrypts a workbook that leaves by mail: AES (agile), as Excel and LibreOffice open it; and opens what comes back."""

import struct
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError

from msoffcrypto.exceptions import DecryptionError, EncryptionError, FileFormatError, InvalidKeyError, ParseError
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.format.xls97 import Xls97File

from schemas.errors import DeliveryError
from schemas.nomenclatures import say

# What a damaged or hostile file makes the library stumble over.
_STUMBLES = (
    DecryptionError,
    FileFormatError,
    ParseError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    struct.error,
    ExpatError,
)


def seal(workbook: bytes, password: str) -> bytes:
    """Return the workbook, opened only with the password.

    Raises DeliveryError when the password is empty or the bytes are no workbook: nothing may leave unsealed.
    """
    sealed = BytesIO()
    try:
        if not password:
            raise EncryptionError(say("mail.empty_password"))
        OOXMLFile(BytesIO(workbook)).encrypt(password, sealed)
    except (EncryptionError, FileFormatError) as refusal:
        raise DeliveryError(say("mail.seal_failed", found=refusal)) from refusal
    return sealed.getvalue()


def unseal(content: bytes, passwords: Iterable[str]) -> bytes | None:
    """Return the workbook inside an encrypted one, with the first password that opens it; None when none does."""
    return _unsealed(OOXMLFile, content, passwords)


def unseal_old(content: bytes, passwords: Iterable[str]) -> bytes | None:
    """Return the same of an encrypted .xls."""
    return _unsealed(Xls97File, content, passwords)


def _unsealed(kind: type[Any], content: bytes, passwords: Iterable[str]) -> bytes | None:
    for password in dict.fromkeys(filter(None, passwords)):
        workbook = BytesIO()
        try:
            sealed = kind(BytesIO(content))
            sealed.load_key(password=password, **({"verify_password": True} if kind is OOXMLFile else {}))
            sealed.decrypt(workbook)
        except InvalidKeyError:
            continue
        except _STUMBLES:
            return None
        return workbook.getvalue()
    return None
