"""The witness beside the store: one small file, written whole or not at all."""

from pathlib import Path

from pydantic import ValidationError

from connectors.system.private_file import write_private
from schemas.changes.witness import Witness
from schemas.errors import StoreError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text


def read_witness(path: Path) -> Witness | None:
    """Read it; None where there is none. Raises StoreError for one that cannot be read."""
    try:
        return Witness.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as refusal:
        raise StoreError(say("witness.unreadable", path=path, found=refusal_text(refusal))) from refusal
    except ValidationError:  # `from None`: pydantic quotes what it found
        raise StoreError(say("witness.damaged", path=path)) from None


def write_witness(path: Path, witness: Witness) -> None:
    """Put it in the place of the last one. Raises DeliveryError when the disk or the rights refuse."""
    write_private(path, (witness.model_dump_json(indent=1) + "\n").encode())
