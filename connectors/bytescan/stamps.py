"""The stamp in the name of a national file: the moment it is of."""

import re
from datetime import datetime

# AAAAMMJJ, AAAAMMJJhhmm or AAAAMMJJ-hhmm, seconds or not, never within a longer number (formats.md).
_STAMP = re.compile(r"(?<!\d)((?:19|20)\d{6})(?:[-_T]?(\d{4})(?:\d{2})?)?(?!\d)")


def stamp_of(name: str) -> datetime | None:
    """Return the last stamp in a file name that is a date; None without one."""
    for day, hour in reversed(_STAMP.findall(name)):
        for digits, form in ((day + hour, "%Y%m%d%H%M"), (day, "%Y%m%d")):
            if len(digits) == (12 if "%H" in form else 8):
                try:
                    return datetime.strptime(digits, form)
                except ValueError:
                    continue
    return None
