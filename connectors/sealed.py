"""Encrypts a workbook that leaves by mail: AES (agile), as Excel and LibreOffice open it."""

from io import BytesIO

from msoffcrypto.exceptions import EncryptionError, FileFormatError
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
