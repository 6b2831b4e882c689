"""`purge`: personal data older than a day is forgotten, in the store and in our own files; the counts stay."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from connectors.bytescan.indexed.writing import forget_indexes
from flows.returns.decisions import DONE, REFUSED
from flows.returns.workbook_in import KEPT
from flows.run.days import day_or_today
from flows.run.log import log_folder
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.state.indexes import INDEXES
from flows.state.opened import open_to_write
from flows.state.run_state import now
from flows.terminal.console import print_json, stdout
from schemas.errors import ConfigurationError, StoreError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Up to which days the history and the files were forgotten, and how much of it."""

    before: date
    files_before: date
    counts: Mapping[str, int]
    files: int


def play_purge(config: Path, *, before: str | None, as_json: bool) -> int:
    """Forget, and say what. Raises as `forget` does."""
    settings = load_settings(config)
    given = day_or_today(before, "--before") if before else None
    if given and given > date.today():
        raise ConfigurationError([say("purge.future", found=before)])
    done = forget(settings, given)
    if as_json:
        days = {"before": done.before.isoformat(), "files_before": done.files_before.isoformat()}
        print_json({**days, **done.counts, "files": done.files})
    else:
        console = stdout()
        console.print(
            say("purge.done", before=f"{done.before:%d/%m/%Y}", files=done.files, **done.counts), markup=False
        )
        if done.files_before != done.before:
            console.print(say("purge.files_before", before=f"{done.files_before:%d/%m/%Y}"))
    return 0


def forget(settings: Settings, given: date | None) -> Forgotten:
    """Forget. Without a day the periods of `[retention]` decide: years for the history, months for files.

    Raises StoreError when the history does not verify afterwards, RunInProgressError while a night is at work.
    """
    today = date.today()
    trail = given or _earlier(today, 12 * settings.retention.trail_years)
    logs = given or _earlier(today, settings.retention.logs_months)
    with open_to_write(settings) as store:
        counts = store.purge(trail, now())
        broken = store.verify_chain()
    files = _forget_files(settings, logs)
    _forget_indexes(settings.state_folder / INDEXES)
    if broken is not None:
        raise StoreError(say("purge.broken", seq=broken))
    return Forgotten(trail, logs, counts, files)


def _earlier(day: date, months: int) -> date:
    """The same day so many months before; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _forget_files(settings: Settings, before: date) -> int:
    """Mails left in the outbox, returned reports put away, workbooks that another took the place of, logs.

    What somebody still has to read is none of them.
    """
    mail = settings.mail
    folders = [settings.path(mail.inbox) / name for name in (DONE, REFUSED)] if mail.inbox else []
    folders.append(settings.state_folder / KEPT)
    if mail.outbox:
        folders.append(settings.path(mail.outbox))
    folders.append(log_folder(settings.state_folder))
    limit = datetime.combine(before, time()).timestamp()
    old = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if _is_old(path, limit)]
    for path in old:
        try:
            path.unlink(missing_ok=True)
        except OSError as refusal:
            raise StoreError(say("purge.unremovable", path=path.name, found=refusal_text(refusal))) from refusal
    return len(old)


def _forget_indexes(folder: Path) -> None:
    """Of the national files, as a whole: the next night reads these and makes them anew."""
    try:
        forget_indexes(folder)
    except OSError as refusal:
        raise StoreError(say("purge.unremovable", path=INDEXES, found=refusal_text(refusal))) from refusal


def _is_old(path: Path, limit: float) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_mtime < limit
