"""Days as they are typed on the command line, and the time that mails and names of runs are in."""

from datetime import date
from zoneinfo import ZoneInfo

from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

PARIS = ZoneInfo("Europe/Paris")


def day_or_today(text: str | None, option: str = "--as-of") -> date:
    """Return the day of an option, today without one. Raises ConfigurationError for what is no ISO date."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError([say("cli.not_a_day", option=option, found=text)]) from None
