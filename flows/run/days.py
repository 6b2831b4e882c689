"""Days as they are typed on the command line, and the time that mails and names of runs are in."""

from datetime import date

from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

FIRST_YEAR, LAST_YEAR = 1900, 2199


def day_or_today(text: str | None, option: str = "--as-of") -> date:
    """Return the day of an option, today without one.

    Raises ConfigurationError for what is no ISO date, or one that cards, delays and calendars do not reach.
    """
    if text is None:
        return date.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError([say("cli.not_a_day", option=option, found=text)]) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ConfigurationError([say("cli.no_such_year", option=option, found=text, first=FIRST_YEAR, last=LAST_YEAR)])
    return day
