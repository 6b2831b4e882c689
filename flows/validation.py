"""`validate FILE…`: one extract, workbook or export alone — what would be rejected or repaired, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from connectors.annuaire import read_annuaire_database
from connectors.readers.annuaire_export import read_annuaire_export
from connectors.readers.crosswalk import read_crosswalk
from connectors.readers.finess import read_finess
from connectors.readers.register import read_register
from connectors.readers.result import Reading
from flows.configuration import load_settings
from flows.console import print_json, print_validation, progress
from flows.gathered import Tell
from flows.outputs import source_summary
from flows.settings import Settings, WorkbookSettings
from flows.workbooks import Asked, open_workbook, scope_of
from pipelines.validate.annuaire import annuaire_of
from pipelines.validate.place import Surroundings
from pipelines.validate.register import cards_of, crosswalk_of, establishments_of, persons_of
from pipelines.validate.workbook import workbook_of
from schemas.errors import ConfigurationError
from schemas.issue import Issue
from schemas.nomenclatures import say
from schemas.source import EVERYONE, SourceReport

EXIT_DONE, EXIT_PARTIAL = 0, 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One file judged."""

    path: Path
    kind: str
    report: SourceReport
    issues: tuple[Issue, ...]


def play_validate(files: Sequence[Path], config: Path | None, *, as_json: bool) -> int:
    """Judge each file; 3 when one of them could not be used at all. No file at all is wrong usage (exit 2)."""
    if not files:
        raise ConfigurationError([say("cli.missing_argument", found="FILE")])
    settings = load_settings(config) if config else None
    with progress() as tell:
        verdicts = [validate_file(path, settings, tell) for path in files]
    if as_json:
        print_json([_document(verdict) for verdict in verdicts])
    else:
        for verdict in verdicts:
            rows = [(issue.location, issue.code, issue.message) for issue in verdict.issues]
            print_validation(verdict.path, verdict.kind, verdict.report, rows)
    return EXIT_DONE if all(verdict.report.usable for verdict in verdicts) else EXIT_PARTIAL


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(verdict.path),
        "kind": verdict.kind,
        **source_summary(verdict.report),
        "issues": [
            {"location": one.location, "field": one.field, "code": one.code, "message": one.message}
            for one in verdict.issues
        ],
    }


def validate_file(path: Path, settings: Settings | None, tell: Tell) -> Verdict:
    """Read a file as what its first line says it is: each reader is asked in turn, the best account wins."""
    if path.suffix.lower() in (".txt", ".zip"):
        return _best(path, (_persons, _cards), settings, tell)
    if path.suffix.lower() in (".json", ".gz"):
        return _structures(path, settings, tell)
    workbook = _configured(path, settings)
    if workbook:
        return _workbook(path, settings, tell)
    if path.suffix.lower() == ".csv":
        return _best(path, (_crosswalk, _structures, _export, _workbook), settings, tell)
    return _best(path, (_export, _workbook), settings, tell)


Judge = Callable[[Path, Settings | None, Tell], Verdict]


def _best(path: Path, judges: Sequence[Judge], settings: Settings | None, tell: Tell) -> Verdict:
    """The first reader that can use the file; else the last one's complaint."""
    for judge in judges:
        verdict = judge(path, settings, tell)
        if verdict.report.usable:
            return verdict
    return verdict


def _verdict(path: Path, kind: str, reading: Reading, issues: Sequence[Issue] = (), rejected: int = 0) -> Verdict:
    report = replace(
        reading.report,
        rows_accepted=reading.report.rows_accepted - rejected,
        rows_rejected=reading.report.rows_rejected + rejected,
    )
    return Verdict(path, say(f"source.{kind}", path=path.name), report, (*reading.issues, *issues))


def _register(path: Path, kind: str, tell: Tell) -> Reading:
    name = say(f"source.{kind}")
    return read_register(
        path,
        kind.replace("_", ".", 1),
        kind,
        EVERYONE,
        shown=str(path),
        progress=lambda done, total: tell(say("step.register", source=name), done, total),
    )


def _persons(path: Path, _settings: Settings | None, tell: Tell) -> Verdict:
    reading = _register(path, "register_persons", tell)
    judged = persons_of(reading.frame, reading.report.name)
    return _verdict(path, "register_persons", reading, judged.issues, judged.rejected)


def _cards(path: Path, _settings: Settings | None, tell: Tell) -> Verdict:
    reading = _register(path, "register_cards", tell)
    judged = cards_of(reading.frame, reading.report.name)
    return _verdict(path, "register_cards", reading, judged.issues, judged.rejected)


def _crosswalk(path: Path, _settings: Settings | None, _tell: Tell) -> Verdict:
    reading = read_crosswalk(path, "register.crosswalk", shown=str(path))
    judged = crosswalk_of(reading.frame, reading.report.name)
    return _verdict(path, "register_crosswalk", reading, judged.issues, judged.rejected)


def _structures(path: Path, _settings: Settings | None, _tell: Tell) -> Verdict:
    reading = read_finess([path], "register.structures", shown=str(path))
    return _verdict(path, "register_structures", reading)


def _export(path: Path, _settings: Settings | None, _tell: Tell) -> Verdict:
    reading = read_annuaire_export(path, "annuaire", shown=str(path))
    judged = annuaire_of(reading.frame, "annuaire")
    return _verdict(path, "annuaire", reading, judged.issues, judged.rejected)


def _configured(path: Path, settings: Settings | None) -> WorkbookSettings | None:
    if settings is None:
        return None
    here = path.resolve()
    return next((one for one in settings.workbook if settings.path(one.path).resolve() == here), None)


def _workbook(path: Path, settings: Settings | None, _tell: Tell) -> Verdict:
    """With a configuration: its sheet, columns and scope, and the FINESS numbers of its annuaire."""
    workbook = _configured(path, settings) or WorkbookSettings(path=str(path), national=True)
    reading = open_workbook(Asked(workbook, path, f"workbook:{path}", str(path)))
    years = settings.policy.card_validity_years if settings else 3
    judged = workbook_of(
        reading.frame,
        reading.places,
        scope_of(workbook, reading),
        _around(settings),
        day=date.today(),
        card_validity_years=years,
    )
    return _verdict(path, "workbook", reading, judged.issues, judged.rejected)


def _around(settings: Settings | None) -> Surroundings:
    """Without a configuration no structure is known, and so none is said to be unknown."""
    if settings is None:
        return Surroundings({}, all_known=True)
    if settings.annuaire.url:
        reading = read_annuaire_database(settings.database(settings.annuaire.url), "annuaire")
    else:
        export = settings.path(settings.annuaire.export or "")
        reading = read_annuaire_export(export, "annuaire", shown=settings.shown(export))
    annuaire = annuaire_of(reading.frame, "annuaire", reading.facts.get("structures", ()))
    pattern = settings.register_.structures
    if pattern is None:
        return Surroundings(annuaire.items.structures)
    stock = read_finess(sorted(settings.root.glob(pattern)), "register.structures", shown=pattern)
    return Surroundings(annuaire.items.structures, establishments_of(stock.frame))
