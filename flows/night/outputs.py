"""What a night leaves under `--out` (contract §5): readable by its owner alone, written whole or not at all."""

import json
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from connectors.excel.report import write_report
from connectors.system.machine import disks
from connectors.system.private_file import make_private_folder, stream_private, sweep, write_private
from flows.night.source_lines import REJECT_HEADING, UNKNOWN_HEADING, csv_line, reject_csv_line
from flows.run.run import Run, Steps
from flows.run.steps import Step
from pipelines.reports.mailing.sending import as_written
from schemas.changes.change import NOT_WRITTEN, ChangeSet
from schemas.errors import DeliveryError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text
from schemas.reports.report import Report
from schemas.typography import size_text


def sweep_leftovers(run: Run) -> None:
    """Clear the half-written files of a run that was killed; the lock says that no other is writing."""
    if run.request.dry_run:
        return
    folders = [
        run.out,
        run.out / "reports",
        run.out / "dashboard",
        run.settings.state_folder,
        run.settings.path(run.settings.mail.outbox or ""),
    ]
    for folder in folders:
        sweep(folder)
    give_back(run.out)


MOST_LINES = 20_000  # of all reports: whoever helps with more copies nearly all that the night holds, page by page
FIRST = ".first"  # the results as they are before a mail has left, in the folder of the results
PAGES = 2_000_000  # bytes: the dashboard, which comes last


def write_outputs(changeset: ChangeSet, summary: dict[str, Any], out: Path) -> None:
    """Change set, rejects and account of the run. Raises DeliveryError when the disk or the rights refuse."""
    write_changeset(changeset, out)
    write_rejects(changeset, out)
    write_run(summary, out)


def reserve_outputs(changeset: ChangeSet, summary: dict[str, Any], out: Path) -> None:
    """Take the room that the results will need, by writing them aside: a full disk is found before a mail has left.

    Raises DeliveryError where there is not enough.
    """
    write_outputs(changeset, summary, out / FIRST)
    [disk] = disks([out])
    if disk.free < PAGES:
        give_back(out)
        raise DeliveryError(say("report.no_room", free=size_text(disk.free), needed=size_text(PAGES)))


def give_back(out: Path) -> None:
    """Give back the room that was taken, for the results themselves."""
    shutil.rmtree(out / FIRST, ignore_errors=True)


def write_changeset(changeset: ChangeSet, out: Path) -> None:
    """Write `changeset.json`: same inputs, same bytes, but for `run_id`. Entry by entry: a first night may have a
    million.
    """
    with stream_private(out / "changeset.json") as file:
        for at, (name, value) in enumerate(changeset):
            file.write(f"{',' if at else '{'}\n  {json.dumps(name)}: ".encode())
            if isinstance(value, tuple):
                file.writelines(_entries(value))
            else:
                file.write(json.dumps(str(value), ensure_ascii=False).encode())
        file.write(b"\n}\n")


def _entries(entries: Sequence[BaseModel]) -> Iterator[bytes]:
    """A list as `json.dumps(…, indent=2)` writes it one level down."""
    for at, entry in enumerate(entries):
        text = entry.model_dump_json(indent=2, exclude=NOT_WRITTEN).replace("\n", "\n    ")
        yield f"{',' if at else '['}\n    {text}".encode()
    yield b"\n  ]" if entries else b"[]"


def write_rejects(changeset: ChangeSet, out: Path) -> None:
    """Write `rejects.csv`: all of them, line by line, for they may be many."""
    with stream_private(out / "rejects.csv") as file:
        file.write(REJECT_HEADING)
        file.writelines(map(reject_csv_line, changeset.rejects))


def write_unknown(accounts: Iterable[tuple[str, str, str, str]], out: Path) -> None:
    """Write `unknown.csv`: each account whose access nobody could judge, with its region, its updater and the cause.

    None where the annuaire is not whole: of nobody is it known, nor who they all are.
    """
    with stream_private(out / "unknown.csv") as file:
        file.write(UNKNOWN_HEADING)
        file.writelines(map(csv_line, accounts))


def write_run(summary: dict[str, Any], out: Path) -> None:
    """Write `run.json`: sources with their row-exact account, counts, timings by stage."""
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    write_private(out / "run.json", (text + "\n").encode())


def _written_ahead(reports: Sequence[Report], folder: Path, steps: Steps) -> dict[str, DeliveryError | None]:
    """Which reports were written by whoever helps, by their names, and what kept one from being."""
    spread = steps.spread(Step("report"), sent=False)
    if spread is None or not spread.here:  # elsewhere they would lie elsewhere
        return {}
    largest_first = sorted(range(len(reports)), key=lambda at: -_lines_of(reports[at]))
    outcomes = spread(_write_one, (reports, folder), largest_first)
    return {reports[at].name: outcome for at, outcome in zip(largest_first, outcomes, strict=True)}


def _lines_of(report: Report) -> int:
    return sum(len(sheet.lines) for sheet in report.sheets)


def _begun(reports: Iterator[Report]) -> tuple[deque[Report], int]:
    """Take reports as long as their lines are few; with how many these are."""
    taken: deque[Report] = deque()
    lines = 0
    while lines <= MOST_LINES and (one := next(reports, None)):
        taken.append(one)
        lines += _lines_of(one)
    return taken, lines


def _each(taken: deque[Report], rest: Iterator[Report]) -> Iterator[Report]:
    """Yield those, held no longer, and the rest."""
    while taken:
        yield taken.popleft()
    yield from rest


def _write_one(shared: tuple[Sequence[Report], Path], at: int) -> DeliveryError | None:
    reports, folder = shared
    try:
        _write(reports[at], folder)
    except DeliveryError as error:
        return error
    return None


def _write(report: Report, folder: Path) -> None:
    write_report(report, folder / report.file_name)


def _said(error: DeliveryError | None) -> None:
    if error:
        raise error


def write_reports(reports: Iterable[Report], out: Path, steps: Steps) -> tuple[list[Path], tuple[Report, ...]]:
    """Write one workbook per updater in `reports/`; those of an earlier run in the same folder are removed.

    Return where they lie, and of each report what a mail needs: of many lines no two are held as they are written.
    Raises DeliveryError when the disk or the rights refuse.
    """
    folder = out / "reports"
    try:
        make_private_folder(folder)
    except OSError as refusal:
        raise DeliveryError(say("report.unwritable", path=folder, found=refusal_text(refusal))) from refusal
    rest = iter(reports)
    taken, lines = _begun(rest)
    paths, kept = [], []
    ahead = _written_ahead(taken, folder, steps) if lines <= MOST_LINES else {}
    for report in _each(taken, rest):
        write = partial(_said, ahead[report.name]) if report.name in ahead else partial(_write, report, folder)
        steps(Step("report", report.name), write)
        paths.append(folder / report.file_name)
        kept.append(as_written(report))
    for old in sorted(folder.glob("*.xlsx")):
        if old not in paths:
            old.unlink()
    return paths, tuple(kept)
