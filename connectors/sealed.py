"""Encrypts a workbook that leaves by mail: AES (agile), as Excel and LibreOffice open it; and opens what comes back."""

import struct
from collections.abc import Iterable
from io import BytesIO
from xml.parsers.expat import ExpatError

from msoffcrypto.exceptions import DecryptionError, EncryptionError, FileFormatError, InvalidKeyError, ParseError
from msoffcrypto.format.ooxml import OOXMLFile

from schemas.errors import DeliveryError
from schemas.nomenclatures import say


def seal(workbook: bytes, password: str) -> bytes:
    """The workbook, opened only with the password.

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
    """The workbook inside an encrypted one, with the first password that opens it; None when none does."""
    for password in dict.fromkeys(filter(None, passwords)):
        workbook = BytesIO()
        try:
            sealed = OOXMLFile(BytesIO(content))
            sealed.load_key(password=password, verify_password=True)
            sealed.decrypt(workbook)
        except InvalidKeyError:
            continue
        # what a damaged or hostile file makes it stumble over
        except (
            DecryptionError,
            FileFormatError,
            ParseError,
            OSError,
            LookupError,
            ValueError,
            TypeError,
            struct.error,
            ExpatError,
        ):
            return None
        return workbook.getvalue()
    return None
