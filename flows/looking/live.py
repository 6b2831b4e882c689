"""`explain --live`: what the national directory says this very minute, beside what the files said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.reading.directory import directory_address, read_directory
from flows.run.days import day_or_today
from flows.run.progress import Progress
from flows.settings.model import Settings
from flows.state.run_state import now
from pipelines.reports.explaining.views import View, card_view, person_view
from pipelines.sources.directory import judge_directory
from pipelines.sources.national.consolidate import Register
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


@dataclass(frozen=True, slots=True)
class Live:
    """What came of it: persons and cards, or why not; `asked_at` the moment, `answered` whether it said anything."""

    asked_at: datetime
    views: tuple[View, ...] = ()
    message: str = ""
    answered: bool = True


def check_live(settings: Settings) -> None:
    """Refuse where no directory is configured. Raises ConfigurationError."""
    if not settings.directory.url:
        raise ConfigurationError([say("directory.none")])


def ask_live(settings: Settings, numbers: Iterable[str], tell: Progress, *, patient: bool) -> Live:
    """Ask for these national identifications now; what goes wrong is the message.

    `patient`: it is waited for; not where it has just kept somebody waiting in vain.
    """
    day, moment = day_or_today(None), now()
    asked = sorted(one for one in numbers if one[:1] in ("0", "8"))
    reading = read_directory(settings, asked, day, tell, patient=patient)
    if not reading.report.readable:
        return Live(moment, message=reading.report.message, answered=False)
    said = judge_directory(reading, settings.thresholds).items
    register = Register(said.persons)
    views = [person_view(one, register) for _, one in sorted(said.persons.items())]
    views += [card_view(one, day) for one in sorted(said.cards, key=lambda one: (one.ends_on, one.serial))]
    silent = "" if views else say("directory.silent", place=directory_address(settings).place)
    return Live(moment, tuple(views), " ".join(filter(None, (reading.report.message, silent))))
