"""A terminal of any encoding prints: what it has no letter for is written with those it has, and never a traceback."""

import codecs
import io
import json
import sys
from typing import Any

_READABLE = "efit-readable"


def print_anywhere() -> None:
    """Let stdout and stderr take every text from now on: « l’été → » is « l'ete -> » in ASCII."""
    codecs.register_error(_READABLE, _readable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_READABLE)


def _readable(error: UnicodeError) -> tuple[str, int]:
    """The nearest in ASCII of what cannot be written; « ? » where there is nothing near, and for half a letter."""
    from anyascii import anyascii  # where it is needed at all

    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(anyascii(letter) if not "\ud800" <= letter <= "\udfff" else "?" for letter in lost) or "?", error.end


def json_text(document: Any) -> str:
    """Return the document as it may be written to stdout: in letters where they all fit, else in the escapes of
    JSON.
    """
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
    return json.dumps(document, ensure_ascii=plain not in ("utf8", "utf8sig"), indent=2) + "\n"
