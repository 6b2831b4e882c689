"""`doctor --last-success 26h`: one line for a supervision outside Prefect, and an exit code.

0 a night ended complete or partial within that time; 1 none did, or the store does not answer; 2 wrong configuration.
The line is what Nagios and Centreon read: a word, a sentence, the age in seconds after the bar.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors.store.checkup import find_last_success
from flows.settings.load import load_settings
from flows.state.run_state import now
from flows.terminal.console import print_json, stdout
from schemas.changes.stored import LastNight
from schemas.errors import ConfigurationError, StoreError
from schemas.nomenclatures import say
from schemas.typography import moment_text, span_text

_DURATION = re.compile(r"([1-9][0-9]{0,4})\s*([mhdj])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "j": "days"}  # d as in English, j as in « jours »


def duration(text: str) -> timedelta:
    """Return `26h`, `90m`, `2d` or `2j`. Raises ConfigurationError."""
    match = _DURATION.fullmatch(text.strip().lower())
    if not match:
        raise ConfigurationError([say("duration.wrong", found=text)])
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def play_last_success(config: Path, within: str, *, as_json: bool) -> int:
    """Print the line; 0 when a night ended well within that time, else 1. Raises ConfigurationError."""
    limit = duration(within)
    settings = load_settings(config)
    moment = now()
    try:
        night = find_last_success(settings.store_url)
    except StoreError as error:
        return _told(say("doctor.last_unknown", found=error), None, limit, None, as_json=as_json)
    if night is None:
        return _told(say("doctor.last_never"), None, limit, None, as_json=as_json)
    age = max(moment - night.finished_at, timedelta())
    return _told(_sentence(night, age, limit), night, limit, age, as_json=as_json)


def _sentence(night: LastNight, age: timedelta, limit: timedelta) -> str:
    values = {"day": f"{night.as_of:%d/%m/%Y}", "span": span_text(age)}
    if age > limit:
        return say("doctor.last_late", limit=span_text(limit), **values)
    ended = moment_text(night.finished_at.astimezone())
    return say("doctor.last_ok", status=say(f"doctor.status_{night.status}"), ended=ended, **values)


def _told(sentence: str, night: LastNight | None, limit: timedelta, age: timedelta | None, *, as_json: bool) -> int:
    seconds = None if age is None else int(age.total_seconds())
    late = seconds is None or seconds > limit.total_seconds()
    if as_json:
        document: dict[str, Any] = {
            "status": "late" if late else "ok",
            "message": sentence,
            "age_seconds": seconds,
            "limit_seconds": int(limit.total_seconds()),
            "run_id": night.run_id if night else None,
            "as_of": night.as_of.isoformat() if night else None,
        }
        print_json(document)
    else:
        measured = "" if seconds is None else f" | age={seconds}s;;{int(limit.total_seconds())};0"
        stdout().print(sentence.replace("|", "/").replace("\n", " ") + measured, markup=False, soft_wrap=True)
    return int(late)
