"""Reports come back: each file is read, judged, recorded once, and put where a person finds what became of it."""

import hashlib
import math
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from secrets import token_hex
from time import monotonic

from connectors.ledger import Ledger
from connectors.private_file import make_private_folder, write_private
from connectors.returned import digest_of, read_returned
from flows.configuration import load_settings
from flows.days import day_or_today
from flows.intake import Intake, printable
from flows.letterbox import Admit, anybody, collect_mails, mailbox_place
from flows.passwords import passwords
from flows.settings import Settings
from flows.signing import verifier
from flows.state import now
from flows.steps import Do, Step, Trouble, plainly
from flows.store import open_to_write
from flows.telling import Tell
from flows.terminal.console import print_json, progress, stdout
from pipelines.decide import ReturnedFile, Terms, Verify, judge_decisions
from schemas.decision import Refusal
from schemas.errors import ConfigurationError, DeliveryError, SourceError
from schemas.nomenclatures import say
from schemas.refusal import refusal_text

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
    with progress() as tell:
        found = Collected(take_in(settings, files, day, tell)) if files else collect_all(settings, day, tell)
    if as_json:
        document = {"files": [one.summary() for one in found.taken], "waiting": found.waiting}
        print_json(document | ({"problem": found.problem} if found.problem else {}))
    else:
        _print(found, settings)
    return 3 if found.waiting or found.problem or any(one.refused for one in found.taken) else 0


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run took in; how much waits for the next; why the mailbox could not be read."""

    taken: list[Intake]
    waiting: int = 0
    problem: str = ""


def collect_all(settings: Settings, day: date, tell: Tell, do: Do = plainly) -> Collected:
    """What lies in the mailbox, then in the inbox folder; a mailbox that does not answer does not keep the folder.

    Raises ConfigurationError when neither is configured; as `collect` does.
    """
    if settings.mail.mailbox is None and settings.mail.inbox is None:
        raise ConfigurationError([say("decisions.no_inbox")])
    taken: list[Intake] = []
    waiting, problem = 0, ""
    if settings.mail.mailbox is not None:

        def take(paths: Sequence[Path], admit: Admit) -> list[Intake]:
            return take_in(settings, paths, day, tell, do, admit=admit)

        mails = collect_mails(settings, day, tell, take)
        taken, waiting, problem = [*mails.taken], mails.waiting, mails.problem
    if settings.mail.inbox is not None:
        inbox = inbox_of(settings)
        taken += collect(settings, inbox, day, tell, do)
        waiting += len(arrived(inbox))
    return Collected(taken, waiting, problem)


def collect(
    settings: Settings, inbox: Path, day: date, tell: Tell, do: Do = plainly, portion: Portion | None = None
) -> list[Intake]:
    """Take in a portion of what arrived in the inbox, oldest first, and put each file away; the rest stays there.

    Raises as `take_in` does, and DeliveryError when a file cannot be put away.
    """
    portion = portion or Portion()
    paths = _first(arrived(inbox), portion)
    taken = take_in(settings, paths, day, tell, do, portion.seconds) if paths else []
    return [_put_away(one, inbox) for one in taken]


def _first(paths: Sequence[Path], portion: Portion) -> list[Path]:
    """The files of a portion; one that alone is larger than it is taken by itself, to be refused."""
    sizes = accumulate(path.stat().st_size for path in paths)
    fitting = sum(1 for size in sizes if size <= portion.size)
    return list(paths[: min(max(fitting, 1), portion.files)])


def take_in(
    settings: Settings,
    paths: Sequence[Path],
    day: date,
    tell: Tell,
    do: Do = plainly,
    seconds: float = math.inf,
    admit: Admit = anybody,
) -> list[Intake]:
    """Judge and record each file in its turn, until the seconds are over; one that is refused does not keep the others.

    `admit` says why whoever sent a report may not answer it, "" where they may.

    Raises RunInProgressError while a night is at work, StoreError when the store cannot be used.
    """
    verify = verifier(settings)
    secrets = passwords(settings)
    until = monotonic() + seconds
    with open_to_write(settings) as ledger:
        taken: list[Intake] = []
        for path in paths:
            if taken and monotonic() > until:
                break
            tell(say("decisions.read", path=printable(path.name)), 0, 0)
            work = partial(_take, settings, ledger, path, secrets, verify, day, admit)
            taken.append(do(Step("decide", digest_name(path)), work, not_counted))
        return taken


def digest_name(path: Path) -> str:
    """A returned file's name as logs may carry it: the report's own, and nothing that a sender added to it."""
    found = _REPORT_NAME.match(path.name)
    return found[0] if found else hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12]


def not_counted(taken: Intake) -> Trouble | None:
    """A file that somebody has to look at again."""
    return Trouble(say("decisions.look", refused=len(taken.refusals))) if taken.refused else None


def _take(
    settings: Settings,
    ledger: Ledger,
    path: Path,
    secrets: Mapping[str, str],
    verify: Verify,
    day: date,
    admit: Admit,
) -> Intake:
    try:
        digest = digest_of(path)
        if ledger.file_seen(digest):
            return Intake(path, "seen", refusals=_refused_then(ledger, digest), message=say("decisions.seen"))
        returned = read_returned(path, _in_order(secrets, path.name))
    except SourceError as error:
        return Intake(path, "unreadable", message=error.message)
    file, states = ReturnedFile(printable(path.name), returned.digest), ledger.states()
    if why := admit(returned.lines, states):
        return Intake(path, "stranger", message=why)
    terms = Terms(ledger.issued(), settings.policy.max_postpone_days)
    judged = judge_decisions(returned.lines, states, verify, day, file, terms)
    if not judged.decisions:
        return Intake(path, "empty", message=say("decisions.nothing"))
    ledger.record_decisions((*judged.decisions, *judged.implied), judged.events, now())
    counts = Counter(entry.verdict for entry in judged.decisions if entry.outcome == "accepted")
    return Intake(path, "recorded", counts, judged.refusals, settled=judged.settled)


def _refused_then(ledger: Ledger, digest: str) -> tuple[Refusal, ...]:
    """What was refused the first time: whoever sends the file again, or finds it after a crash, is told the same."""
    entries = [one.entry for one in ledger.decisions() if one.entry.file_digest == digest]
    return tuple(Refusal("", 0, one.change_id, one.reason) for one in entries if one.outcome == "refused")


def _in_order(secrets: Mapping[str, str], name: str) -> list[str]:
    """The password of the report the file is named after is tried first."""
    return [secrets[key] for key in sorted(secrets, key=lambda key: (key not in name, key))]


def inbox_of(settings: Settings) -> Path:
    """The folder reports come back to. Raises ConfigurationError when there is none."""
    if settings.mail.inbox is None:
        raise ConfigurationError([say("decisions.no_inbox")])
    folder = settings.path(settings.mail.inbox)
    if not folder.is_dir():
        raise ConfigurationError([say("decisions.inbox_missing", path=settings.mail.inbox)])
    return folder


def arrived(inbox: Path) -> list[Path]:
    """The files of the folder itself, in the order of their arrival; a later answer is the last word."""
    found = [(path.stat().st_mtime, path.name, path) for path in inbox.iterdir() if _whole(path)]
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
