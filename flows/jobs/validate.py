"""`validate FILE…`: one extract, workbook or export alone — what would be rejected or repaired, and why.

A national extract is judged to its last row, whoever it is about, and never held (docs/performance.md).
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from connectors.sources.content import CARDS, PERSONS, content_of
from connectors.system.private_file import stream_private
from flows.looking.validate_extract import FileVerdict, Listener, judge_extract
from flows.night.source_lines import REJECT_HEADING, reject_csv_line, source_summary
from flows.run.exits import EXIT_DONE, EXIT_PARTIAL
from flows.run.progress import Progress
from flows.terminal.console import print_json, progress
from flows.terminal.validate_screen import print_verdict
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

if TYPE_CHECKING:
    from flows.settings.model import Settings


def play_validate(files: Sequence[Path], config: Path | None, out: Path | None = None, *, as_json: bool) -> int:
    """Judge each file, all issues into `out`; 3 when one of the files could not be used at all.

    Raises ConfigurationError (exit 2) without any file, or where `out` is one of them.
    """
    if not files:
        raise ConfigurationError([say("cli.missing_argument", found="FILE")])
    if out and out.exists() and any(path.exists() and out.samefile(path) for path in files):
        raise ConfigurationError([say("validation.overwrites", path=out)])
    settings = _settings(config) if config else None
    with progress() as tell, ExitStack() as stack:
        file = stack.enter_context(stream_private(out)) if out else None
        if file:
            file.write(REJECT_HEADING)
        verdicts = [validate_file(path, settings, _listener(tell, file, path)) for path in files]
    if as_json:
        print_json([_document(verdict) for verdict in verdicts])
    else:
        for verdict in verdicts:
            print_verdict(verdict, out)
    return EXIT_DONE if all(verdict.report.usable for verdict in verdicts) else EXIT_PARTIAL


def _settings(config: Path) -> "Settings":
    # Here, as below, and not above: settings and the database are a third of the time it takes to start.
    from flows.settings.load import load_settings

    return load_settings(config)


def validate_file(path: Path, settings: "Settings | None", listener: Listener) -> FileVerdict:
    """Read a file as what its content says it is, whatever its name; as a workbook where the configuration says so."""
    kind = content_of(path)
    if kind in (PERSONS, CARDS):
        verdict = judge_extract(path, kind, listener, *([settings.policy.card_validity_years] if settings else []))
    else:
        from flows.looking.validate_others import judge_other

        verdict = judge_other(path, kind, settings)
    if listener.told and not verdict.told:
        for one in verdict.issues:
            listener.told(one)
    return verdict


def _listener(tell: Progress, file: IO[bytes] | None, path: Path) -> Listener:
    """In the file of rejects the source of a line is the file that was named."""
    if file is None:
        return Listener(tell)
    return Listener(tell, lambda one: file.write(reject_csv_line(replace(one, source=str(path)))))


def _document(verdict: FileVerdict) -> dict[str, object]:
    return {
        "file": str(verdict.path),
        "kind": verdict.kind,
        **source_summary(verdict.report),
        "issue_counts": dict(sorted(verdict.counts.items())),
        "issues": [
            {"location": one.location, "field": one.field, "code": one.code, "message": one.message}
            for one in verdict.issues
        ],
    }
