"""What a night has of whoever typed it: how far it is, a log, and how it is told; loaded once all words are known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from flows.night.nightly import Night
from flows.run.log import Log, file_log
from flows.run.request import Request
from flows.run.run import Steps
from flows.settings.model import Settings
from flows.terminal.console import print_json, progress
from flows.terminal.folding import complain
from flows.terminal.night_screen import print_night


@contextmanager
def steps_of(settings: Settings, request: Request, indexed: Callable[[], None]) -> Iterator[Steps]:
    """Give the steps of a night, watched and logged; `indexed`: waits for whoever indexes the national files beside."""
    log = nullcontext() if request.dry_run else file_log(settings.state_folder)
    with progress() as tell, log as sink:
        yield Steps(tell=tell, log=Log((sink,) if sink else ()), indexed=indexed)
    complain(sink.remarks if sink else ())


def tell_night(night: Night, settings: Settings, request: Request, *, as_json: bool) -> None:
    """Tell how a night ended."""
    if as_json:
        print_json(night.summary)
    else:
        print_night(night, request.out, "" if request.dry_run else _mail_place(settings, request.out))


def _mail_place(settings: Settings, out: Path) -> str:
    """Where the messages lie, said from here where the reports are."""
    if settings.mail.smtp_url or not settings.mail.outbox:
        return ""
    place, here = settings.path(settings.mail.outbox), Path.cwd()
    return str(place if out.is_absolute() or not place.is_relative_to(here) else place.relative_to(here))
