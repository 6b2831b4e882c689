"""Reports come back: each file is read, judged, recorded once, and put where a person finds what became of it."""

import hashlib
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from secrets import token_hex
from time import monotonic

from connectors.system.private_file import forget_unpacked, make_private_folder, write_private
from flows.delivery.post_addresses import posts_of
from flows.returns.dated_mails import in_order_sent, sent_at
from flows.returns.intake import Intake, printable
from flows.returns.letterbox import collect_mails, mailbox_place
from flows.returns.parcels import take_parcel
from flows.returns.receipts import send_receipts
from flows.returns.same_mail import sendings
from flows.returns.taking import Admit, Desk, Sending, take, take_words
from flows.returns.workbook_in import take_workbook
from flows.run.days import day_or_today
from flows.run.progress import Progress
from flows.run.steps import Step, StepRunner, Trouble, plainly
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.settings.passwords import passwords
from flows.settings.signing import keyring
from flows.state.open_secrets import said_before
from flows.state.opened import open_to_read, open_to_write, store_exists
from flows.state.witness import check_not_vanished
from flows.terminal.console import print_json, progress, stdout
from flows.terminal.folding import complain
from schemas.changes.receipt import Parcel
from schemas.changes.remark import Remark
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text

DONE, REFUSED = "done", "refused"
_LONGEST_STEM = 150  # bytes of a file system's 255
_REPORT_NAME = re.compile(r"(ADMIN_EFIT|CRH_ST|CHV_ST_ETS)(-[A-Z0-9-]+)?(?=\W|_|$)")
# Half a file that somebody is still copying, and what programs leave beside an open one.
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of an inbox one run takes in; the rest waits for the next. A flood may not keep the night waiting."""

    files: int = 200
    size: int = 500_000_000  # bytes, over all files
    seconds: float = 900


def play_decisions(files: Sequence[Path], config: Path, *, as_of: str | None, as_json: bool) -> int:
    """Take files, or all that came back, in. 0 all counted, 3 something was refused (contract §1)."""
    settings = load_settings(config)
    day = day_or_today(as_of)
    complain(said_before(settings))
    with progress() as tell:
        found = _of(take_in(settings, files, day, tell)) if files else collect_all(settings, day, tell)
    if as_json:
        document = {"files": [one.summary() for one in found.taken], "waiting": found.waiting}
        print_json(document | ({"problem": found.problem} if found.problem else {}))
    else:
        _print(found, settings)
    return 3 if found.waiting or found.problem or any(one.refused for one in found.taken) else 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Files that were taken in, and what kept a receipt back, "" where nothing did."""

    files: list[Intake]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run took in; how much waits for the next; why the mailbox could not be read, or a receipt not leave."""

    taken: list[Intake]
    waiting: int = 0
    problem: str = ""


def _of(taken: Taken) -> Collected:
    return Collected(taken.files, problem=taken.problem)


def collect_all(settings: Settings, day: date, tell: Progress, do: StepRunner = plainly) -> Collected:
    """Return what lies in the mailbox, then in the inbox folder; a mailbox that does not answer does not keep the
    folder.

    Raises ConfigurationError when neither is configured, StoreBehindError when the store is gone; as `collect` does.
    """
    if settings.mail.mailbox is None and settings.mail.inbox is None:
        raise ConfigurationError([say("decisions.no_inbox")])
    check_not_vanished(settings)
    forget_unpacked(settings.state_folder)
    taken: list[Intake] = []
    waiting, problems = 0, list[str]()
    if settings.mail.mailbox is not None:
        mails = collect_mails(settings, day, tell, partial(_take_mail, settings, day, tell, do, problems))
        taken, waiting = [*mails.taken], mails.waiting
        problems.insert(0, mails.problem)
    if settings.mail.inbox is not None:
        inbox = inbox_of(settings)
        found = collect(settings, inbox, day, tell, do)
        taken += found.files
        problems.append(found.problem)
        waiting += len(arrived(inbox))
    problems.append(_send_leftovers(settings, day))
    return Collected(taken, waiting, " ".join(dict.fromkeys(filter(None, problems))))


def _send_leftovers(settings: Settings, day: date) -> str:
    """The receipts that a run before could not send; nobody is kept waiting where there is none."""
    if not store_exists(settings):
        return ""
    with open_to_read(settings) as store:
        if not (store.returns(outcome="due") or store.returns(outcome="sending")):
            return ""
    with open_to_write(settings) as store:
        return send_receipts(settings, store, day)


def collect(
    settings: Settings, inbox: Path, day: date, tell: Progress, do: StepRunner = plainly, portion: Portion | None = None
) -> Taken:
    """Take in a portion of what arrived in the inbox, oldest first, and put each file away; the rest stays there.

    Raises as `take_in` does, and DeliveryError when a file cannot be put away.
    """
    portion = portion or Portion()
    paths = _first(arrived(inbox), portion)
    taken = take_in(settings, paths, day, tell, do, portion.seconds) if paths else Taken([])
    return Taken([_put_away(one, inbox) for one in taken.files], taken.problem)


def _first(paths: Sequence[Path], portion: Portion) -> list[Path]:
    """The files of a portion; one that alone is larger than it is taken by itself, to be refused."""
    sizes = accumulate(path.stat().st_size for path in paths)
    fitting = sum(1 for size in sizes if size <= portion.size)
    return list(paths[: min(max(fitting, 1), portion.files)])


def take_in(
    settings: Settings,
    paths: Sequence[Path],
    day: date,
    tell: Progress,
    do: StepRunner = plainly,
    seconds: float = math.inf,
) -> Taken:
    """Judge and record each file in its turn, until the seconds are over; one that is refused does not keep the others.

    Then the receipts leave. Raises RunInProgressError while a night is at work, StoreError when the store cannot be
    used.
    """
    until = monotonic() + seconds
    with _desk(settings, day) as desk:
        taken: list[Intake] = []
        for path in in_order_sent(paths):
            if taken and monotonic() > until:
                break
            tell(say("decisions.read", path=printable(path.name)), 0, 0)
            work = partial(take_parcel, desk, path)
            taken.append(do(Step("decide", digest_name(path)), work, not_counted))
        return Taken(taken, send_receipts(settings, desk.store, day))


def _take_mail(
    settings: Settings,
    day: date,
    tell: Progress,
    do: StepRunner,
    problems: list[str],
    paths: Sequence[Path],
    parcel: Parcel,
    admit: Admit,
    said: Sequence[Remark],
    answers: str,
) -> list[Intake]:
    """The files of one mail, and what is written in it; its receipt leaves at once."""
    with _desk(settings, day) as desk:
        if not paths:
            taken = [take_words(desk, parcel, said, answers)]
        else:
            taken = []
            for path, sending in sendings(desk, paths, Sending(parcel, admit, said, answers)):
                tell(say("decisions.read", path=printable(path.name)), 0, 0)
                work = partial(take, desk, path, sending)
                taken.append(do(Step("decide", digest_name(path)), work, not_counted))
        problems.append(send_receipts(settings, desk.store, day))
        return taken


@contextmanager
def _desk(settings: Settings, day: date) -> Iterator[Desk]:
    verify, secrets = keyring(settings).verifier(), passwords(settings)
    with open_to_write(settings) as store:
        yield Desk(settings, store, secrets, verify, posts_of(settings, store, day), day, take_workbook)


def digest_name(path: Path) -> str:
    """Return a returned file's name as logs may carry it: the report's own, and nothing that a sender added to it."""
    found = _REPORT_NAME.match(path.name)
    return found[0] if found else hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12]


def not_counted(taken: Intake) -> Trouble | None:
    """Return a file that somebody has to look at again."""
    return Trouble(say("decisions.look", refused=len(taken.refusals))) if taken.refused else None


def inbox_of(settings: Settings) -> Path:
    """Return the folder reports come back to. Raises ConfigurationError when there is none."""
    if settings.mail.inbox is None:
        raise ConfigurationError([say("decisions.no_inbox")])
    folder = settings.path(settings.mail.inbox)
    if not folder.is_dir():
        raise ConfigurationError([say("decisions.inbox_missing", path=settings.mail.inbox)])
    return folder


def arrived(inbox: Path) -> list[Path]:
    """Return the files of the folder itself, in the order of their arrival; a later answer is the last word."""
    found = [(sent_at(path), path.name, path) for path in inbox.iterdir() if _whole(path)]
    return [path for *_, path in sorted(found)]


def _whole(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return path.is_file() and not path.is_symlink() and not hidden and path.suffix.lower() not in _UNFINISHED


def _put_away(taken: Intake, inbox: Path) -> Intake:
    """Into `done/` or `refused/`, with the reason beside it. Raises DeliveryError when the folder refuses."""
    folder = inbox / (REFUSED if taken.refused else DONE)
    target = _free(folder, taken.path)
    try:
        make_private_folder(folder)
        write_private(target.with_name(target.name + ".txt"), ("\n".join(taken.lines) + "\n").encode())
        taken.path.rename(target)
        if not target.is_symlink():  # in a folder of ours nobody can put a link in its place any more
            with suppress(PermissionError):  # of another user of the machine: the folder alone keeps it closed
                target.chmod(0o600)  # it names people, whoever put it there
    except OSError as refusal:
        with suppress(OSError):
            target.with_name(target.name + ".txt").unlink()
        found = refusal_text(refusal)
        raise DeliveryError(
            say("decisions.unmovable", path=printable(taken.path.name), folder=folder.name, found=found)
        ) from refusal
    return replace(taken, moved_to=target)


def _free(folder: Path, path: Path) -> Path:
    """A name that is not taken: « rapport.xlsx », « rapport-2.xlsx »…, short enough for « .txt » to be added."""
    shown = Path(printable(path.name).replace("/", "-"))
    stem = shown.stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    suffix = shown.suffix if len(shown.suffix) < 10 else ""
    numbered = (f"{stem}-{number}{suffix}" for number in range(2, 1000))
    names = chain((stem + suffix,), numbered, iter(lambda: f"{stem}-{token_hex(8)}{suffix}", ""))
    return next(folder / name for name in names if not (folder / name).exists())


def _print(found: Collected, settings: Settings) -> None:
    console = stdout()
    if not found.taken and not found.problem:
        place = settings.mail.inbox or mailbox_place(settings)
        console.print(say("decisions.inbox_empty", path=place), markup=False)
    for one in found.taken:
        name = printable(one.path.name)
        sender = printable(one.sender)
        console.print(say("decisions.from", name=name, sender=sender) if sender else name, style="bold", markup=False)
        for line in one.lines:
            console.print(f"  {line}", markup=False)
        if one.moved_to:
            console.print("  " + say("decisions.moved", path=one.moved_to), markup=False, soft_wrap=True)
    if found.waiting:
        console.print(say("decisions.waiting", count=found.waiting), markup=False)
    if found.problem:
        console.print(found.problem, markup=False)
