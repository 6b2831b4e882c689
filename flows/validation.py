"""`validate FILE…`: one extract, workbook or export alone — what would be rejected or repaired, and why.

A national extract is judged to its last row, whoever it is about, and never held (docs/performance.md).
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO

from connectors.private_file import stream_private
from flows.configuration import load_settings
from flows.console import print_json, progress
from flows.gathered import Tell
from flows.outputs import REJECT_HEADING, reject_line, source_summary
from flows.validation_screen import print_verdict
from flows.verdict import Listener, Verdict, validate_file
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

EXIT_DONE, EXIT_PARTIAL = 0, 3


def play_validate(files: Sequence[Path], config: Path | None, out: Path | None = None, *, as_json: bool) -> int:
    """Judge each file, all issues into `out`; 3 when one of the files could not be used at all.

    Raises ConfigurationError (exit 2) without any file, or where `out` is one of them.
    """
    if not files:
        raise ConfigurationError([say("cli.missing_argument", found="FILE")])
    if out and out.exists() and any(path.exists() and out.samefile(path) for path in files):
        raise ConfigurationError([say("validation.overwrites", path=out)])
    settings = load_settings(config) if config else None
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


def _listener(tell: Tell, file: IO[bytes] | None, path: Path) -> Listener:
    """In the file of rejects the source of a line is the file that was named."""
    if file is None:
        return Listener(tell)
    return Listener(tell, lambda one: file.write(reject_line(replace(one, source=str(path)))))


def _document(verdict: Verdict) -> dict[str, object]:
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
