"""Reports come back: each file is read, judged, recorded once, and put where a person finds what became of it."""

import hashlib
import math
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any, Literal

from connectors.ledger import Ledger
from connectors.private_file import make_private_folder, write_private
from connectors.returned import digest_of, read_returned
from flows.configuration import load_settings
from flows.days import day_or_today
from flows.passwords import passwords
from flows.settings import Settings
from flows.signing import verifier
from flows.state import now
from flows.steps import Do, Step, Trouble, plainly
from flows.store import open_to_write
from flows.telling import Tell
from flows.terminal.console import print_json, progress, stdout
from pipelines.decide import ReturnedFile, Terms, Verify, judge_decisions
from schemas.decision import Refusal, Verdict
from schemas.errors import ConfigurationError, DeliveryError, SourceError
from schemas.nomenclatures import say
from schemas.words import visible

Outcome = Literal["recorded", "seen", "empty", "unreadable"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "refused", "postponed")
DONE, REFUSED = "done", "refused"
_LONGEST_NAME, _LONGEST_STEM = 120, 150  # characters shown; bytes of a file system's 255
_REPORT_NAME = re.compile(r"(ADMIN_EFIT|CRH_ST|CHV_ST_ETS)(-[A-Z0-9-]+)?(?=\W|_|$)")
# Half a file that somebody is still copying, and what programs leave beside an open one.
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of an inbox one run takes in; the rest waits for the next. A flood may not keep the night waiting."""

    files: int = 200
    size: int = 500_000_000  # bytes, over all files
    seconds: float = 900


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file: the decisions that count by verdict, the refusals, why it could not be read.

    `settled`: the changes that were decided with them, being the other half.
    """

    path: Path
    outcome: Outcome
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    message: str = ""
    moved_to: Path | None = None
    settled: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Somebody has to look at it again."""
        return self.outcome == "unreadable" or bool(self.refusals)

    @property
    def lines(self) -> tuple[str, ...]:
        """What to tell, in French."""
        if self.outcome != "recorded":
            return (self.message, *(one.message for one in self.refusals))
        counts = {verdict: self.counts.get(verdict, 0) for verdict in VERDICTS}
        total = say("decisions.recorded", accepted=sum(counts.values()), refused=len(self.refusals))
        halves = (
            [say("decisions.settled", count=len(self.settled), ids=", ".join(self.settled))] if self.settled else []
        )
        return (f"{total} {say('decisions.counts', **counts)}", *halves, *(one.message for one in self.refusals))

    def summary(self) -> dict[str, Any]:
        """As `--json` has it."""
        return {
            "file": printable(str(self.path)),
            "outcome": self.outcome,
            "recorded": {verdict: self.counts.get(verdict, 0) for verdict in VERDICTS},
            "settled": list(self.settled),
            "refused": [
                {"sheet": one.sheet, "row": one.row, "change": one.change_id, "message": one.message}
                for one in self.refusals
            ],
            "message": self.message,
            "moved_to": str(self.moved_to) if self.moved_to else None,
        }


def play_decisions(files: Sequence[Path], config: Path, *, as_of: str | None, as_json: bool) -> int:
    """Take files, or the whole inbox, back in. 0 all counted, 3 something was refused (contract §1)."""
    settings = load_settings(config)
    day = day_or_today(as_of)
    inbox = None if files else inbox_of(settings)
    with progress() as tell:
        taken = collect(settings, inbox, day, tell) if inbox else take_in(settings, files, day, tell)
    waiting = len(arrived(inbox)) if inbox else 0
    if as_json:
        print_json({"files": [one.summary() for one in taken], "waiting": waiting})
    else:
        _print(taken, inbox, waiting)
    return 3 if waiting or any(one.refused for one in taken) else 0


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
) -> list[Intake]:
    """Judge and record each file in its turn, until the seconds are over; one that is refused does not keep the others.

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
            work = partial(_take, settings, ledger, path, secrets, verify, day)
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
    settings: Settings, ledger: Ledger, path: Path, secrets: Mapping[str, str], verify: Verify, day: date
) -> Intake:
    try:
        digest = digest_of(path)
        if ledger.file_seen(digest):
            return Intake(path, "seen", refusals=_refused_then(ledger, digest), message=say("decisions.seen"))
        returned = read_returned(path, _in_order(secrets, path.name))
    except SourceError as error:
        return Intake(path, "unreadable", message=error.message)
    file = ReturnedFile(printable(path.name), returned.digest)
    terms = Terms(ledger.issued(), settings.policy.max_postpone_days)
    judged = judge_decisions(returned.lines, ledger.states(), verify, day, file, terms)
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


def printable(name: str) -> str:
    """A file's name as a terminal, a log or the ledger may hold it: senders choose names, and bytes that are none."""
    return visible(os.fsencode(name).decode("utf-8", "replace"))[-_LONGEST_NAME:]


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
        found = refusal.strerror
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


def _print(taken: Sequence[Intake], inbox: Path | None, waiting: int) -> None:
    console = stdout()
    if not taken:
        console.print(say("decisions.inbox_empty", path=inbox), markup=False)
    for one in taken:
        console.print(printable(one.path.name), style="bold", markup=False)
        for line in one.lines:
            console.print(f"  {line}", markup=False)
        if one.moved_to:
            console.print("  " + say("decisions.moved", path=one.moved_to), markup=False, soft_wrap=True)
    if waiting:
        console.print(say("decisions.waiting", count=waiting), markup=False)
