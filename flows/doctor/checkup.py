"""`doctor`: every check in turn, a line each, and what `sync` would end with.

Exit codes are those of contract §1, as the night would end: 2 wrong configuration, 1 it could not be played or its
reports would not leave, 3 a source is missing and the rest would be complete, 0 all well (warnings allowed).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from connectors.system.ownership import no_access
from flows.doctor.arrivals import check_fetch
from flows.doctor.choices import check_choices
from flows.doctor.directory import check_directory
from flows.doctor.examination import Visit
from flows.doctor.files import check_annuaire, check_registers, check_workbooks
from flows.doctor.installation import check_installation
from flows.doctor.machine import check_clock, check_disk, check_fonts, check_reading, check_rights
from flows.doctor.outside import check_cluster, check_delivery, check_outputs, check_prefect
from flows.doctor.own_state import check_key, check_night, check_store
from flows.doctor.screen import print_checkup
from flows.run.exits import EXIT_DONE, EXIT_HELD, EXIT_PARTIAL, EXIT_STOPPED, EXIT_USAGE
from flows.settings.load import load_settings
from flows.state.run_state import now
from flows.terminal.console import print_json
from schemas.errors import AnnuaireSyncError, ConfigurationError
from schemas.nomenclatures import say
from schemas.reports.checkup import CheckVerdict, Finding, failure

WORST_FIRST = (EXIT_USAGE, EXIT_STOPPED, EXIT_HELD, EXIT_PARTIAL)


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the installation, how to look at it, and the exit code of a failure there."""

    name: str
    look: Callable[[Visit], Iterator[Finding]]
    exit_code: int


CHECKS = (
    Check("configuration", check_choices, EXIT_USAGE),
    Check("installation", check_installation, EXIT_USAGE),
    Check("register", check_registers, EXIT_PARTIAL),
    Check("fetch", check_fetch, EXIT_PARTIAL),
    Check("directory", check_directory, EXIT_PARTIAL),
    Check("workbook", check_workbooks, EXIT_PARTIAL),
    Check("annuaire", check_annuaire, EXIT_STOPPED),
    Check("store", check_store, EXIT_STOPPED),
    Check("night", check_night, EXIT_STOPPED),
    Check("key", check_key, EXIT_STOPPED),
    Check("outputs", check_outputs, EXIT_STOPPED),
    Check("mail", check_delivery, EXIT_STOPPED),
    Check("prefect", check_prefect, EXIT_STOPPED),
    Check("cluster", check_cluster, EXIT_DONE),
    Check("disk", check_disk, EXIT_STOPPED),
    Check("clock", check_clock, EXIT_STOPPED),
    Check("rights", check_rights, EXIT_STOPPED),
    Check("fonts", check_fonts, EXIT_DONE),
    Check("reading", check_reading, EXIT_DONE),
)


def play_doctor(config: Path, *, as_json: bool) -> int:
    """Look at everything and print it; without a configuration that can be read, at nothing else."""
    found = _found(config)
    code = exit_code_of(found)
    if as_json:
        print_json(_document(config, found, code))
    else:
        print_checkup(config, found, code)
    return code


def _found(config: Path) -> list[tuple[str, Finding]]:
    try:
        visit = Visit(config, load_settings(config), now())
    except ConfigurationError as error:
        todo = say("doctor.configuration_todo")
        return [("configuration", failure(problem, todo)) for problem in error.problems]
    return [(check.name, finding) for check in CHECKS for finding in examined(check, visit)]


def examined(check: Check, visit: Visit) -> Iterator[Finding]:
    """Yield what a check finds; what it raises on purpose is a finding too, and keeps no other from being made."""
    try:
        yield from check.look(visit)
    except AnnuaireSyncError as error:
        yield failure(str(error))
    except PermissionError as error:
        what, *todo = no_access(error)
        yield failure(what, " ".join(todo))


def exit_code_of(found: Sequence[tuple[str, Finding]]) -> int:
    """Return the worst of the failures; warnings cost nothing."""
    codes = {check.name: check.exit_code for check in CHECKS}
    failures = [(name, finding) for name, finding in found if finding.verdict is CheckVerdict.FAILURE]
    failed = {EXIT_HELD if finding.holds else codes[name] for name, finding in failures}
    return next((code for code in WORST_FIRST if code in failed), EXIT_DONE)


def _document(config: Path, found: Sequence[tuple[str, Finding]], code: int) -> dict[str, Any]:
    counts = {verdict.value: sum(one.verdict is verdict for _, one in found) for verdict in CheckVerdict}
    checks = [{"check": name, **asdict(finding)} for name, finding in found]
    return {"config": str(config), "exit_code": code, "counts": counts, "checks": checks}
