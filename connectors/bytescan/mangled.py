"""Text that was UTF-8, was opened as Windows-1252 and saved: « PrÃ©nom », « NÂ° CPx »."""

import re

_MARKS = re.compile("Ã|Â|â€|Å“|Å’")
_BITS = re.compile(r"[ÃÂÅâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u00a0-\u00bf]{1,2}")
_HIGH = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_BYTES = {text: code for code, text in _HIGH.items() if text != "\ufffd"}


def is_mangled(text: str) -> bool:
    """Tell whether it may be; a look that costs nothing."""
    return not text.isascii() and _MARKS.search(text) is not None


def mended(text: str) -> str:
    """Return the text as it was, where every suspicious piece of it can only be that; else as it stands."""
    return _BITS.sub(lambda found: _piece(found[0]), text) if is_mangled(text) else text


def _piece(text: str) -> str:
    for size in range(len(text), 1, -1):
        try:
            return bytes(_BYTES.get(sign, ord(sign)) for sign in text[:size]).decode("utf-8") + text[size:]
        except (UnicodeDecodeError, ValueError):
            continue
    return text
