"""The end of a card as an entry of a calendar (RFC 5545), which mail programs offer to keep."""

from datetime import UTC, date, datetime, timedelta

_WIDTH = 75  # bytes of a line
DAYS_BEFORE = 30


def day_entry(day: date, summary: str, description: str, *, uid: str, stamp: datetime, reminds: bool) -> str:
    """Return a whole-day entry, where it `reminds` with a reminder thirty days before; CRLF at the line ends."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//efit-annuaire//FR",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(description)}",
        "TRANSP:TRANSPARENT",
    ]
    if reminds:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(summary)}"]
        lines += [f"TRIGGER:-P{DAYS_BEFORE}D", "END:VALARM"]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 bytes, and no character cut in two."""
    parts, used = [""], 0
    for sign in line:
        size = len(sign.encode())
        if used + size > _WIDTH:
            parts.append(" ")
            used = 1
        parts[-1] += sign
        used += size
    return "\r\n".join(parts)
